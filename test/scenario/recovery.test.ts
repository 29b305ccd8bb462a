// docs/recovery.md, as a test: the ledger is lost, or comes back as an older copy. The steps of that page bring every system
// in step again, with nothing twice.
import process from 'node:process'
import { DeleteTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { parked } from '../../cli/parked.ts'
import { rebuild } from '../../cli/rebuild.ts'
import { noteRunning } from '../../local/hub/left-behind.ts'
import { LEDGER_TABLE } from '../../local/hub/names.ts'
import { ledgerTable } from '../../shared/ledger/table.ts'
import { traceObject } from '../../shared/trace/timeline.ts'
import { BERLIN, Stage } from './stage.ts'

let stage: Stage
let client: DynamoDBClient
let db: DynamoDBDocumentClient
let printed: string
const forget: (() => Promise<void>)[] = []

beforeAll(async () => {
  stage = await Stage.open()
  const { aws, queueUrls, vendors, webhookUrl } = stage.hub
  client = new DynamoDBClient(aws.clients.dynamoDb)
  db = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } })
  forget.push(
    await noteRunning(stage.folder, {
      dynamoDb: aws.dynamoDb.endpoint,
      sqs: aws.sqs.endpoint,
      queues: queueUrls,
      s3: aws.s3.endpoint,
      secretsManager: aws.secrets.endpoint,
      webhook: webhookUrl,
      vendors: vendors.urls,
      netsuitePrivateKey: vendors.netsuitePrivateKey,
    }),
  )
})
afterAll(async () => {
  for (const each of forget) await each()
  client.destroy()
  await stage.close()
})
beforeEach(() => {
  printed = ''
  vi.spyOn(process.stdout, 'write').mockImplementation(((text: string | Uint8Array) => {
    printed += String(text)
    return true
  }) as typeof process.stdout.write)
})
afterEach(() => vi.restoreAllMocks())

const own = () => ({ stage: 'local', folder: stage.folder, clock: stage.clock })

async function everything(): Promise<Record<string, unknown>[]> {
  const { Items: items = [], LastEvaluatedKey: more } = await db.send(
    new ScanCommand({ TableName: LEDGER_TABLE }),
  )
  if (more) throw new Error('The table has more than a page: the test must read on.')
  return items
}

/** A restore makes a new table; here it takes the old one's name. */
async function replaceTable(items: readonly Record<string, unknown>[]): Promise<void> {
  await client.send(new DeleteTableCommand({ TableName: LEDGER_TABLE }))
  await vi.waitFor(() => stage.hub.aws.dynamoDb.createTable(ledgerTable(LEDGER_TABLE)), { timeout: 20_000 })
  for (const item of items) await db.send(new PutCommand({ TableName: LEDGER_TABLE, Item: item }))
}

const standings = (ids: readonly { id: string }[]) => Promise.all(ids.map((each) => stage.standing(each)))

async function states(invoices: readonly string[]) {
  const found = await Promise.all(invoices.map((id) => traceObject({ type: 'invoice', id }, stage.hub)))
  return found.map(({ systems }) => systems.map(({ connector, state }) => `${connector} ${state}`))
}
const IN_STEP = ['tax-hold in step', 'avalara in step', 'netsuite in step', 'salesforce in step']

/** What docs/recovery.md says, from step 3 on. */
async function recover(): Promise<void> {
  await stage.hub.runSweep()
  await rebuild({ ...own(), dryRun: true, json: true })
  const { plan } = JSON.parse(printed)
  printed = ''
  await rebuild({ ...own(), dryRun: false, plan, json: true })
  await stage.playMinutes(30)
}

it('the ledger is lost, weeks after the last event that Stripe still lists', async () => {
  const ada = await stage.customer({ name: 'Ada' })
  const bob = await stage.customer({ name: 'Bob', address: BERLIN })
  const paid = await stage.bill(ada, [{ unit: 10_000 }], { collection_method: 'charge_automatically' })
  const credited = await stage.bill(bob, [{ unit: 20_000 }, { unit: 5_000 }], { currency: 'eur' })
  await stage.play(2)
  await stage.creditFirstLine(credited)
  await stage.playMinutes(30)
  // Nothing happens for so long that Stripe lists none of it any more.
  stage.clock.advance(40 * 86_400_000)
  await stage.playMinutes(2)
  const before = await standings([ada, bob])
  expect(before[0]?.netsuite).toHaveLength(2)
  expect(before.flatMap(({ trouble }) => trouble)).toEqual([])
  const documents = () => [ada, bob].flatMap(({ id }) => stage.netsuiteDocuments(id)).map(({ id }) => id)
  const posted = documents()
  const recorded = stage.vendors.avalara.documents().length

  await replaceTable([])
  expect(await states([paid, credited])).toEqual([
    ['tax-hold nothing', 'avalara nothing', 'netsuite nothing', 'salesforce nothing'],
    ['tax-hold nothing', 'avalara nothing', 'netsuite nothing', 'salesforce nothing'],
  ])
  await recover()

  expect(await states([paid, credited])).toEqual([IN_STEP, IN_STEP])
  expect(await standings([ada, bob])).toEqual(before)
  expect(documents()).toEqual(posted)
  expect(stage.vendors.avalara.documents()).toHaveLength(recorded)
  printed = ''
  expect(await parked({ ...own(), json: false })).toBe(0)

  // And it goes on from there.
  const next = await stage.bill(ada, [{ unit: 30_000 }], { collection_method: 'charge_automatically' })
  await stage.play(2)
  expect(await states([next])).toEqual([IN_STEP])
}, 900_000)

it('the ledger comes back as an older copy', async () => {
  const cleo = await stage.customer({ name: 'Cleo' })
  const first = await stage.bill(cleo, [{ unit: 10_000 }])
  await stage.playMinutes(30)
  const copy = await everything()
  // Since then: finalized, paid, renamed, and one invoice more.
  await stage.play(2)
  await stage.stripe.customers.update(cleo.id, { name: 'Cleopatra' })
  await stage.stripe.invoices.pay(first, { paid_out_of_band: true })
  const second = await stage.bill(cleo, [{ unit: 20_000 }])
  await stage.play(2)
  const before = await standings([cleo])
  const posted = stage.netsuiteDocuments(cleo.id).map(({ id }) => id)

  await replaceTable(copy)
  await recover()

  expect(await states([first, second])).toEqual([IN_STEP, IN_STEP])
  expect(await standings([cleo])).toEqual(before)
  expect(stage.netsuiteDocuments(cleo.id).map(({ id }) => id)).toEqual(posted)
}, 900_000)

it('a rebuild wants a plan, and takes no other one’s', async () => {
  await expect(rebuild({ ...own(), dryRun: false, json: false })).rejects.toThrow('wants a plan')
  await expect(rebuild({ ...own(), dryRun: false, plan: 'zz-1', json: false })).rejects.toThrow(
    'zz-1 is no plan of the last quarter of an hour',
  )
  await rebuild({ ...own(), dryRun: true, json: true })
  const { plan, touches } = JSON.parse(printed)
  expect(touches.netsuite).toBeGreaterThan(4)
  await expect(
    rebuild({ ...own(), connector: 'netsuite', dryRun: false, plan, json: false }),
  ).rejects.toThrow('it is of another lane')
  expect(String(plan)).toMatch(/^[0-9a-z]+-[0-9a-f]{12}$/)
})
