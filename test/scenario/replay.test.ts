// `hub replay` against a hub that is up: what is parked comes back when its cause is mended where no event tells of it, at the
// newest state, and nothing else is touched.
import process from 'node:process'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { replay } from '../../cli/replay.ts'
import { noteRunning } from '../../local/hub/left-behind.ts'
import { Stage } from './stage.ts'

let stage: Stage
let forget: () => Promise<void>
let printed: string

beforeAll(async () => {
  stage = await Stage.open()
  const { aws, queueUrls, vendors } = stage.hub
  forget = await noteRunning(stage.folder, {
    dynamoDb: aws.dynamoDb.endpoint,
    sqs: aws.sqs.endpoint,
    queues: queueUrls,
    vendors: vendors.urls,
    netsuitePrivateKey: vendors.netsuitePrivateKey,
  })
})
afterAll(async () => {
  await forget()
  await stage.close()
})
afterEach(() => vi.restoreAllMocks())

async function run(options: Partial<Parameters<typeof replay>[0]>): Promise<number> {
  printed = ''
  const write = (text: string | Uint8Array) => {
    printed += String(text)
    return true
  }
  vi.spyOn(process.stdout, 'write').mockImplementation(write as typeof process.stdout.write)
  vi.spyOn(process.stderr, 'write').mockImplementation(write as typeof process.stderr.write)
  return replay({ parked: false, dryRun: false, json: false, folder: stage.folder, ...options })
}

it('--parked brings back what a mended mapping frees', async () => {
  await stage.stripe.products.create({ id: 'prod_novelty', name: 'Novelty' })
  const customer = await stage.customer()
  const id = await stage.bill(customer, [{ unit: 10_000, product: 'prod_novelty' }])
  await stage.play(2)
  expect((await stage.standing(customer)).trouble).toEqual(['netsuite invoice parked NS-ITEM'])

  // Somebody maps it, and no event of Stripe's says so.
  const product = stage.vendors.stripe.store.products.get('prod_novelty')
  if (product) product.metadata.netsuite_item = '801'
  await stage.playMinutes(30)
  expect((await stage.standing(customer)).trouble).toEqual(['netsuite invoice parked NS-ITEM'])

  expect(await run({ parked: true, code: 'NS-ITEM', dryRun: true })).toBe(0)
  expect(printed).toContain(id)
  expect(printed).toContain('1 delivery would be tried again, each at its newest state. Nothing was told to.')
  await stage.playMinutes(2)
  expect((await stage.standing(customer)).trouble).toEqual(['netsuite invoice parked NS-ITEM'])

  expect(await run({ parked: true, connector: 'salesforce' })).toBe(1)
  expect(printed).toBe('Nothing of that kind is parked.\n')
  expect(await run({ parked: true, connector: 'netsuite', json: true })).toBe(0)
  expect(JSON.parse(printed)).toMatchObject({
    dryRun: false,
    objects: [{ connector: 'netsuite', object: { type: 'invoice', id }, code: 'NS-ITEM' }],
  })
  await stage.playMinutes(2)
  const { netsuite, trouble } = await stage.standing(customer)
  expect([netsuite, trouble]).toEqual([['invoice 109.75 US Dollar, open 109.75'], []])
}, 120_000)

it('an id means that object in every system, by its newest state', async () => {
  const customer = await stage.customer({ name: 'Before' })
  await stage.playMinutes(5)
  // As if every message about it had been lost.
  const stored = stage.vendors.stripe.store.customers.get(customer.id)
  if (stored) stored.name = 'After'
  expect(await run({ id: customer.id })).toBe(0)
  expect(printed).toContain(`hub trace ${customer.id} says what became of it.`)
  await stage.playMinutes(5)
  const own = stage.vendors.salesforce
    .records('Stripe_Customer__c')
    .find((row) => row.Stripe_Id__c === customer.id)
  expect(own?.Name).toBe('After')
}, 120_000)

it.each([
  [{}, 'Nothing was replayed: say what'],
  [{ id: 'in_1', parked: true }, 'Nothing was replayed: an id means that one object'],
  [{ parked: true, connector: 'sap' }, 'there is no connector sap. Switched on are'],
  [{ id: 'nonsense' }, 'Nothing is known about nonsense.'],
  [{ parked: true, folder: '/nonexistent' }, 'no local hub is up'],
])('says what was wrong with %o', async (options, sentence) => {
  expect(await run(options)).toBe(1)
  expect(printed).toContain(sentence)
})
