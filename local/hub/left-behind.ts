// The ledger of the hub that runs now, or that the last run left in its folder.
import { existsSync, readFileSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import hubConfig from '../../hub.config.ts'
import { systemClock } from '../../shared/clock.ts'
import { Ledger } from '../../shared/ledger/ledger.ts'
import { clientConfig } from '../aws/account.ts'
import { startDynamoDb } from '../aws/dynamodb.ts'
import { LEDGER_TABLE, STAGE, TABLES_FOLDER } from './names.ts'

const note = z.object({
  pid: z.number(),
  dynamoDb: z.string(),
  sqs: z.string(),
  /** URL by connector. */
  queues: z.record(z.string(), z.string()),
  s3: z.string().optional(),
  secretsManager: z.string().optional(),
  /** Where signed events are posted. */
  webhook: z.string().optional(),
  /** Addresses of the simulated vendors, and the key that NetSuite's knows: both end with the hub. */
  vendors: z.object({ stripe: z.string(), netsuite: z.string(), avalara: z.string() }),
  netsuitePrivateKey: z.string(),
})
export type Running = z.output<typeof note>
const noteFile = (folder: string) => join(folder, 'running.json')

/** So that `hub trace` and `hub close` in another terminal find the running hub. */
export async function noteRunning(
  folder: string,
  running: Omit<Running, 'pid'>,
): Promise<() => Promise<void>> {
  await writeFile(noteFile(folder), JSON.stringify({ pid: process.pid, ...running }), { mode: 0o600 })
  return () => rm(noteFile(folder), { force: true })
}

/** @throws Error with what to run first, when there is neither. */
export async function openLedger(folder: string): Promise<{ ledger: Ledger; close(): Promise<void> }> {
  const running = readRunning(folder)
  if (!running && !existsSync(join(folder, TABLES_FOLDER))) {
    throw new Error(`There is no ledger in ${folder}/ yet. Run npm run demo first.`)
  }
  const own = running ? undefined : await startDynamoDb({ path: join(folder, TABLES_FOLDER) })
  const { ledger, close } = connectLedger(running?.dynamoDb ?? own?.endpoint ?? '')
  return {
    ledger,
    close: async () => {
      close()
      await own?.close()
    },
  }
}

/** The ledger of a hub that is up. */
export function connectLedger(endpoint: string): { ledger: Ledger; close(): void } {
  const client = new DynamoDBClient(clientConfig(endpoint))
  const { stripe, livemode } = hubConfig(STAGE)
  const ledger = new Ledger({
    db: DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } }),
    table: LEDGER_TABLE,
    clock: systemClock,
    scope: { account: stripe.account, livemode },
  })
  return { ledger, close: () => client.destroy() }
}

/** What the running hub said of itself; undefined when none is up. */
export function readRunning(folder: string): Running | undefined {
  if (!existsSync(noteFile(folder))) return undefined
  const running = note.parse(JSON.parse(readFileSync(noteFile(folder), 'utf8')))
  try {
    process.kill(running.pid, 0)
    return running
  } catch {
    // It was killed and could not take its note along.
    return undefined
  }
}
