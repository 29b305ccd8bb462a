// `hub replay <id>` and `hub replay --parked`: tried again at the newest state, never from an old payload. Many at once only
// when they are asked for as what they are: parked, perhaps of one system or with one code; --dry-run shows which.
import process from 'node:process'
import { SQSClient } from '@aws-sdk/client-sqs'
import Table from 'cli-table3'
import { connectorNames } from '../functions/connectors/hub.ts'
import { manifestsOf } from '../functions/connectors/registry.ts'
import { replay as replayAll } from '../functions/replay/replay.ts'
import hubConfig from '../hub.config.ts'
import { clientConfig } from '../local/aws/account.ts'
import { connectLedger, readRunning } from '../local/hub/left-behind.ts'
import { STAGE } from '../local/hub/names.ts'
import { createQueues } from '../shared/queue/queues.ts'
import { findObject, NOTHING_KNOWN } from '../shared/trace/find-object.ts'
import { lanesOf, type Parked, parkedObjects } from '../shared/trace/parked.ts'
import { invoiceInLake } from './invoice-in-lake.ts'

export interface ReplayOptions {
  /** One object; absent: `parked` says which. */
  id?: string
  parked: boolean
  connector?: string
  code?: string
  dryRun: boolean
  json: boolean
  folder: string
}

type Chosen = Pick<Parked, 'connector' | 'object'> & Partial<Parked>

/** @returns the exit code: 0 told to try again, 1 nothing was. */
export async function replay(options: ReplayOptions): Promise<number> {
  const { folder, json, dryRun } = options
  const refused = refusalOf(options)
  if (refused !== undefined) return complain(refused)
  const running = readRunning(folder)
  if (!running) {
    return complain(
      `Nothing was replayed: no local hub is up in ${folder}/. Start it with npm start. [REPLAY-NO-HUB]`,
    )
  }
  const manifests = manifestsOf(connectorNames(hubConfig(STAGE)))
  const { ledger, close } = connectLedger(running.dynamoDb)
  const sqs = new SQSClient(clientConfig(running.sqs))
  try {
    let chosen: Chosen[]
    if (options.id === undefined) chosen = await parkedObjects({ ledger, manifests }, options)
    else {
      const object = await findObject(options.id, { ledger, invoiceOfNumber: invoiceInLake(folder) })
      if (!object) return complain(NOTHING_KNOWN(options.id))
      chosen = lanesOf(object, manifests).map((connector) => ({ connector, object }))
    }
    if (!dryRun) await replayAll({ queues: createQueues(sqs, running.queues) }, chosen)
    process.stdout.write(json ? toJson(chosen, dryRun) : toText(chosen, options))
    return chosen.length > 0 ? 0 : 1
  } finally {
    sqs.destroy()
    close()
  }
}

function refusalOf({ id, parked, connector, code }: ReplayOptions): string | undefined {
  if (id === undefined && !parked)
    return 'Nothing was replayed: say what, hub replay <id> for one object, or hub replay --parked. [REPLAY-WHAT]'
  if (id !== undefined && (parked || connector !== undefined || code !== undefined))
    return 'Nothing was replayed: an id means that one object in every system; --parked, --connector and --code choose among many. [REPLAY-WHAT]'
  const names = connectorNames(hubConfig(STAGE))
  if (connector !== undefined && !names.includes(connector) && connector !== 'tax-hold')
    return `Nothing was replayed: there is no connector ${connector}. Switched on are ${names.join(', ')}. [REPLAY-CONNECTOR]`
  return undefined
}

function complain(sentence: string): number {
  process.stderr.write(`${sentence}\n`)
  return 1
}

const toJson = (chosen: readonly Chosen[], dryRun: boolean): string =>
  `${JSON.stringify(
    {
      dryRun,
      objects: chosen.map(({ connector, object, code, reason, hint, sinceMs }) => ({
        connector,
        object,
        code: code ?? null,
        reason: reason ?? null,
        hint: hint ?? null,
        since: sinceMs === undefined ? null : new Date(sinceMs).toISOString(),
      })),
    },
    undefined,
    2,
  )}\n`

function toText(chosen: readonly Chosen[], { id, dryRun }: ReplayOptions): string {
  if (chosen.length === 0)
    return id === undefined ? 'Nothing of that kind is parked.\n' : `No system has objects like ${id}.\n`
  const table = new Table({
    head: ['system', 'object', 'code', 'since', 'what it waits for'],
    style: { head: [], border: [] },
    colWidths: [12, 34, 14, 18, 60],
    wordWrap: true,
  })
  for (const { connector, object, code, hint, sinceMs } of chosen) {
    const since = sinceMs === undefined ? '' : new Date(sinceMs).toISOString().slice(0, 16).replace('T', ' ')
    table.push([connector, object.id, code ?? '', since, hint ?? ''])
  }
  const [first] = chosen
  const count = `${chosen.length} ${chosen.length === 1 ? 'delivery' : 'deliveries'}`
  return [
    table.toString(),
    dryRun
      ? `${count} would be tried again, each at its newest state. Nothing was told to.`
      : `${count} told to be tried again, each at its newest state. hub trace ${first?.object.id} says what became of it.`,
    '',
  ].join('\n')
}
