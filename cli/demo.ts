// `hub demo`, and with `--close` whether its month can be signed.
import process from 'node:process'
import { recognitionDocument } from '../functions/recognition/document.ts'
import { exitCodeOf as recognitionCodeOf } from '../functions/recognition/recognize.ts'
import { closePlayedMonth, playDemo } from '../local/demo/demo.ts'
import { toJson, toText } from '../local/demo/report.ts'
import type { LocalHub } from '../local/hub/hub.ts'
import { exitCodeOf } from '../shared/close/close.ts'
import { closeDocument } from '../shared/close/document.ts'
import { closeText } from './close.ts'
import { recognitionText } from './recognize.ts'

/** @returns the exit code: 0 in step (and with `close`: its month ties), otherwise 1 or 2. */
export async function demo(options: {
  json: boolean
  close: boolean
  revenue?: 'journals'
  seed: number
  customers: number
  folder: string
}): Promise<number> {
  const { json, close, ...rest } = options
  const onReady = (hub: LocalHub, seconds: number) => {
    if (!json) process.stdout.write(`${greeting(hub, options.seed, seconds)}\nA billing month\n`)
  }
  const played = await playDemo({ ...rest, onReady })
  const { hub, outcome, recognized, tally, seconds } = played
  const report = close ? await closePlayedMonth(played, options.folder) : undefined
  await hub.close()
  const inStep =
    outcome.breaks.length === 0 && outcome.parked.length === 0 && outcome.deliveries.rejected === 0
  const isJournaled = recognized === undefined || recognitionCodeOf(recognized) === 0
  const code = inStep && isJournaled ? (report ? exitCodeOf(report) : 0) : 1
  if (json) {
    const document = {
      ...toJson(outcome),
      ...(recognized && { revenue: recognitionDocument(recognized) }),
      ...(report && { close: closeDocument(report) }),
    }
    process.stdout.write(`${JSON.stringify(document, undefined, 2)}\n`)
    return code
  }
  const [example] = [...outcome.stripe.invoices.values()].flatMap(({ number }) => number ?? [])
  process.stdout.write(
    `${toText(outcome, tally, process.stdout.isTTY === true)}  (${seconds.toFixed(0)} s)\n`,
  )
  if (recognized) process.stdout.write(`\n${recognitionText(recognized)}\n`)
  if (report) process.stdout.write(`\n${closeText(report)}\n`)
  process.stdout.write(
    [
      '',
      `The lake is in ${hub.lakeFolder}. Try:`,
      `  npx hub sql "select currency, status, count(*), sum(total) from invoices group by 1, 2 order by 1, 2"`,
      `  npx hub trace ${example ?? 'in_…'}`,
      '  npm start   keeps the hub up',
      '',
    ].join('\n'),
  )
  return code
}

export function greeting(hub: LocalHub, seed: number, seconds: number): string {
  return [
    'Switchyard local hub        no account, no Docker, no keys',
    `  Stripe, Salesforce, NetSuite, Avalara: simulated (seed ${seed})`,
    `  Webhooks  ${hub.frontDoor.url}/stripe/webhook        ready in ${seconds.toFixed(1)} s`,
    '',
  ].join('\n')
}
