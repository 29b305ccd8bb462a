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
    s3: aws.s3.endpoint,
    secretsManager: aws.secrets.endpoint,
    webhook: stage.hub.webhookUrl,
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
  const whole = { stage: 'local', parked: false, dryRun: false, json: false, clock: stage.clock }
  return replay({ ...whole, folder: stage.folder, ...options })
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
  const plan = /--plan (\S+)/.exec(printed)?.[1] ?? ''
  await stage.playMinutes(2)
  expect((await stage.standing(customer)).trouble).toEqual(['netsuite invoice parked NS-ITEM'])

  expect(await run({ parked: true, connector: 'salesforce' })).toBe(1)
  expect(printed).toBe('Nothing of that kind is parked.\n')
  const all = { parked: true, connector: 'netsuite', json: true }
  await expect(run(all)).rejects.toThrow('1 at once want a plan and a reason.')
  await expect(run({ ...all, plan, reason: 'mapped' })).resolves.toBe(0)
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

it('a plan is of one set, for a quarter of an hour, and runs once', async () => {
  await stage.stripe.products.create({ id: 'prod_rarity', name: 'Rarity' })
  const customer = await stage.customer()
  await stage.bill(customer, [{ unit: 10_000, product: 'prod_rarity' }])
  await stage.play(2)
  const all = { parked: true, code: 'NS-ITEM' }
  const planned = async () => {
    await run({ ...all, dryRun: true, json: true })
    return String(JSON.parse(printed).plan)
  }
  const reason = 'mapped'
  const late = await planned()
  await stage.playMinutes(16)
  await expect(run({ ...all, plan: late, reason })).rejects.toThrow(
    'the plan is over a quarter of an hour old',
  )

  const other = await planned()
  await stage.bill(customer, [{ unit: 20_000, product: 'prod_rarity' }])
  await stage.play(2)
  await expect(run({ ...all, plan: other, reason })).rejects.toThrow('a quarter of an hour old')
  const changed = await planned()
  await expect(run({ ...all, connector: 'salesforce', plan: changed, reason })).resolves.toBe(1)
  await stage.bill(customer, [{ unit: 30_000, product: 'prod_rarity' }])
  await stage.playMinutes(10)
  await expect(run({ ...all, plan: changed, reason })).rejects.toThrow('has changed since the plan was made')

  const good = await planned()
  expect(await run({ ...all, plan: good, reason })).toBe(0)
  await expect(run({ ...all, plan: good, reason })).rejects.toThrow('this plan ran already: 3 by ')
  await expect(run({ ...all, plan: 'nonsense', reason })).rejects.toThrow('nonsense is no plan')
}, 120_000)

it.each([
  [{}, 'Nothing was replayed: say what'],
  [{ id: 'in_1', parked: true }, 'Nothing was replayed: an id means that one object'],
  [{ parked: true, connector: 'sap' }, 'there is no connector sap. Switched on are'],
  [{ id: 'nonsense' }, 'Nothing is known about nonsense.'],
  [{ parked: true, folder: '/nonexistent' }, 'No local hub is up'],
])('says what was wrong with %o', async (options, sentence) => {
  await expect(run(options)).rejects.toThrow(sentence)
})
