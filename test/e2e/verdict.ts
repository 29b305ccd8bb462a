// What stands when all is quiet, asked of everybody: each simulated vendor through its own API beside Stripe (the demo's
// comparison, to the cent), the lake's files in S3, and the table, where each event of Stripe has its row and each delivery
// its end. Nothing of it is taken from what the functions logged.
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { GetObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3'
import type { HubConfig } from '../../functions/connectors/hub.ts'
import { compare } from '../../local/demo/compare.ts'
import { readParked, readSystems } from '../../local/demo/outcome.ts'
import type { Vendors } from '../../local/hub/vendors.ts'
import { queryLake } from '../../local/sql.ts'
import type { Manifest } from '../../shared/connector/contract.ts'
import type { Ledger } from '../../shared/ledger/ledger.ts'
import type { Deployment } from './deployment.ts'
import type { EmulatedAccount } from './emulated-account.ts'

export interface VerdictOptions {
  account: EmulatedAccount
  deployment: Deployment
  vendors: Vendors
  config: HubConfig
  manifests: readonly Manifest[]
  ledger: Ledger
  runFolder: string
}

export interface Verdict {
  customers: number
  events: number
  files: number
  /** Records that stand, by system. */
  records: Record<string, number>
  /** Each a sentence; [] when everything is in step. */
  faults: string[]
}

export async function judge(options: VerdictOptions): Promise<Verdict> {
  const { vendors, config, manifests, ledger, runFolder } = options
  const lakeFolder = join(runFolder, 'lake')
  const files = await downloadLake(options, lakeFolder)
  const { stripe, readings } = await readSystems({ vendors, config, lakeFolder })
  const breaks = compare(stripe, Object.values(readings))
  const parked = await readParked({ manifests: [...manifests], ledger })
  const ids = vendors.stripe.events.map(({ id }) => id)
  return {
    customers: stripe.customers.size,
    events: ids.length,
    files,
    records: Object.fromEntries(Object.entries(readings).map(([name, { records }]) => [name, records])),
    faults: [
      ...breaks.map(
        ({ system, object, field, expected, actual }) =>
          `${system}: ${object}, ${field}: expected ${expected}, found ${actual}`,
      ),
      ...parked.map(({ system, object, reason }) => `${system}: ${object} is not in step: ${reason}`),
      ...(await faultsOfTable(ids, options)),
      ...(await faultsOfLake(ids, lakeFolder)),
    ],
  }
}

/** The lake as whoever asks it with SQL finds it. @returns how many files it has. */
async function downloadLake(
  { account, deployment: { bucket: Bucket } }: VerdictOptions,
  folder: string,
): Promise<number> {
  await rm(folder, { recursive: true, force: true })
  const client = new S3Client(account.clients)
  let files = 0
  for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket, Prefix: 'events/' })) {
    for (const { Key = '' } of Contents) {
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }))
      const file = join(folder, Key)
      await mkdir(dirname(file), { recursive: true })
      await writeFile(file, (await Body?.transformToByteArray()) ?? '')
      files += 1
    }
  }
  client.destroy()
  return files
}

async function faultsOfTable(
  ids: readonly string[],
  { ledger, manifests }: VerdictOptions,
): Promise<string[]> {
  const projecting = new Set(manifests.flatMap(({ name, style }) => (style === 'projection' ? [name] : [])))
  const rows = await ledger.knownEvents(ids)
  const pairs = [...rows.values()].flatMap(({ id, connectors }) =>
    connectors.filter((name) => projecting.has(name)).map((connector) => ({ eventId: id, connector })),
  )
  const ended = await ledger.endedDeliveries(pairs)
  return [
    ...ids.filter((id) => !rows.has(id)).map((id) => `ledger: ${id} happened in Stripe and has no row`),
    ...pairs
      .filter(({ eventId, connector }) => !ended.has(`${eventId} ${connector}`))
      .map(({ eventId, connector }) => `ledger: the delivery of ${eventId} to ${connector} has no end`),
  ]
}

async function faultsOfLake(ids: readonly string[], folder: string): Promise<string[]> {
  const { rows } = await queryLake(folder, 'SELECT DISTINCT event_id FROM events')
  const stored = new Set(rows.map(({ event_id: id }) => String(id)))
  return ids.filter((id) => !stored.has(id)).map((id) => `lake: ${id} happened in Stripe and is in no file`)
}
