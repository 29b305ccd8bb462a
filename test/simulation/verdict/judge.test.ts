// The verdict over a whole played story, with real connectors and simulated vendors: nothing to complain of, and then one
// thing after the other is spoilt behind the hub's back and must be named.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { JsonObject, RecordKey } from '../../../shared/connector/contract.ts'
import { isHubError } from '../../../shared/errors.ts'
import { Stage } from '../../scenario/stage.ts'
import type { Finding } from '../result.ts'
import { judge } from './judge.ts'
import { worldOf } from './played-world.fixture.ts'
import { type Told, tell } from './story.fixture.ts'
import type { JudgedWorld } from './world.ts'

let stage: Stage
let told: Told
let world: JudgedWorld
let before: string[]

beforeAll(async () => {
  stage = await Stage.open()
  told = await tell(stage)
  world = { ...(await worldOf(stage)), impossible: told.impossible }
  before = await found(world)
}, 60_000)
afterAll(() => stage.close())

const brief = ({ promise, system, object }: Finding) => `${promise} | ${system} | ${object}`

const found = async (judged: JudgedWorld): Promise<string[]> => (await judge(judged)).map(brief)

/** What is found in addition once the vendors are as they are now. */
async function foundNow(): Promise<string[]> {
  const now = await worldOf(stage)
  const after = await found({ ...now, impossible: told.impossible, acknowledged: world.acknowledged })
  const added = after.filter((each) => !before.includes(each))
  before = after
  return added
}

const foundIn = (parts: Partial<JudgedWorld>) => found({ ...world, ...parts })

/** Writes a record that stands otherwise than it stands, as nobody but a vandal would. */
async function spoil(connector: string, key: RecordKey, change: JsonObject, externalId?: string) {
  const hands = world.connectors.find(({ manifest }) => manifest.name === connector)
  const [kind = '', id = ''] = key.split('/')
  const [standing] = (await hands?.read(kind, [id])) ?? []
  if (!hands || !standing) throw new Error(`${key} does not stand.`)
  const record = { kind, externalId: externalId ?? id, body: { ...standing.body, ...change }, requires: [] }
  const customer = `customer/${told.acorn}` as const
  const references = { [customer]: String(stage.vendors.netsuite.find('customer', told.acorn)?.id) }
  const [outcome] = await hands.write(kind, [{ record, references, known: undefined }])
  if (!outcome || isHubError(outcome)) throw outcome ?? new Error('no outcome')
}

test('a story in which every promise was kept gives no finding', () => {
  expect(before).toEqual([])
  expect(world.acknowledged.length).toBeGreaterThan(100)
})

test('what nobody said was impossible must not be parked', async () => {
  const [address, item] = told.impossible
  expect(await foundIn({ impossible: item ? [item] : [] })).toEqual([
    `parked | avalara | invoice ${address?.ref.id}`,
  ])
  expect((await foundIn({ impossible: address ? [address] : [] })).sort()).toEqual([
    `parked | netsuite | credit_note ${told.waitingNote}`,
    `parked | netsuite | invoice ${item?.ref.id}`,
  ])
})

test('a message that is left, and calls beyond a vendor’s limit', async () => {
  const queue = (visible: number) => ({ counts: () => ({ visible, inFlight: 0, delayed: 0 }) })
  expect(
    await foundIn({
      queues: new Map([['netsuite', queue(1)]]),
      deadQueues: new Map([['lake', queue(2)]]),
      limits: [
        { vendor: 'netsuite', most: 6, allowed: 5, refused: 1 },
        { vendor: 'stripe', most: 25, allowed: 25, refused: 0 },
      ],
    }),
  ).toEqual([
    'quiet | netsuite | queue',
    'quiet | lake | queue',
    'limits | netsuite | calls in flight',
    'limits | netsuite | refusals for too many calls',
  ])
})

test('a tombstone that is gone from the ledger', async () => {
  const items = world.ledgerItems().map((item) => {
    const { tombstoneAt, ...rest } = item
    return String(item.pk).endsWith(`#salesforce#customer/${told.gone}`) ? rest : { ...rest, tombstoneAt }
  })
  expect(await foundIn({ ledgerItems: () => items })).toEqual([
    `deleted | salesforce | customer ${told.gone}`,
  ])
  // Of what kills its workers there can be none: what is held against it then is that it is not parked.
  const deadly = [{ connector: 'salesforce', ref: { type: 'customer', id: told.gone } }]
  expect(await foundIn({ ledgerItems: () => items, deadly })).toEqual([
    `parked | salesforce | customer ${told.gone}`,
  ])
})

test('a file that is gone from the lake', async () => {
  const [first = ''] = [...world.lakeObjects.keys()].sort()
  const objects = new Map([...world.lakeObjects].filter(([key]) => key !== first))
  const lost = await foundIn({ lakeObjects: objects })
  expect(lost.filter((each) => each.startsWith('lake | lake | event evt_')).length).toBeGreaterThan(0)
  expect(lost.filter((each) => !each.startsWith('lake | lake |'))).toEqual([])
  const noise = new Map([...world.lakeObjects, [first, new Uint8Array([1, 2, 3])] as const])
  expect(await foundIn({ lakeObjects: noise })).toEqual(['lake | lake | the verdict itself'])
})

test('posted documents keep the mapping that they were posted by', async () => {
  const netsuite = world.connectors.find(({ manifest }) => manifest.name === 'netsuite')
  if (!netsuite) throw new Error('no NetSuite')
  const redeployed: typeof netsuite = {
    ...netsuite,
    mapping: 'another',
    project: (object, context) =>
      netsuite.project(object, context).map((record) => ({
        ...record,
        body: record.kind === 'invoice' ? { ...record.body, memo: 'Another memo' } : record.body,
      })),
  }
  expect(await foundIn({ connectors: [...world.connectors, redeployed] })).toEqual([])
  const others = world.connectors.filter((connector) => connector !== netsuite)
  expect(await foundIn({ connectors: [...others, redeployed] })).toContain(
    `in step | netsuite | invoice ${told.paid}`,
  )
  // The rows say that all was written by the later one: what is posted may still be of the earlier.
  const items = world
    .ledgerItems()
    .map((item) => (item.mapping === netsuite.mapping ? { ...item, mapping: 'another' } : item))
  expect(await foundIn({ connectors: [...world.connectors, redeployed], ledgerItems: () => items })).toEqual(
    [],
  )
})

test('a connector that cannot be asked leaves all other promises judged', async () => {
  const [first, ...rest] = world.connectors
  if (!first) throw new Error('no connectors')
  const deaf = { ...first, read: () => Promise.reject(new Error('deaf')) }
  expect(await foundIn({ connectors: [deaf, ...rest] })).toEqual(['in step | tax-hold | the verdict itself'])
})

test('an amount that somebody changed in Salesforce', async () => {
  await spoil('salesforce', `Stripe_Invoice__c/${told.paid}`, { Total__c: '1.00' })
  expect(await foundNow()).toEqual([
    `in step | salesforce | invoice ${told.paid}`,
    'to the cent | salesforce | total USD',
    `to the cent | salesforce | invoice ${told.paid}`,
  ])
})

test('an invoice that stands twice in the books, and a document twice with the tax authority', async () => {
  await spoil('netsuite', `invoice/${told.paid}`, {}, 'in_twin')
  const inBooks = await foundNow()
  expect(inBooks).toContain(`once | netsuite | CustInvc ${told.paid}`)
  expect(inBooks).toContain('to the cent | netsuite | invoice in_twin')
  expect(inBooks.filter((each) => each.startsWith('in step | netsuite | CustInvc in_twin'))).toHaveLength(1)

  await spoil('avalara', `transaction/${told.paid}`, { code: 'in_twin' }, 'in_twin')
  const withAvalara = await foundNow()
  expect(withAvalara).toContain('in step | avalara | SalesInvoice in_twin (Committed)')
  expect(withAvalara.filter((each) => each.startsWith('once | avalara | SalesInvoice'))).toHaveLength(1)
})

test('a deleted customer and a deleted draft who live on', async () => {
  // Without a currency there is no amount of it to write.
  await spoil('salesforce', `Stripe_Customer__c/${told.gone}`, { Deleted__c: false, MRR__c: null })
  await spoil('salesforce', `Stripe_Invoice__c/${told.droppedDraft}`, { Deleted__c: false })
  expect((await foundNow()).sort()).toEqual([
    `deleted | salesforce | customer ${told.gone}`,
    `deleted | salesforce | invoice ${told.droppedDraft}`,
    `in step | salesforce | customer ${told.gone}`,
    `in step | salesforce | invoice ${told.droppedDraft}`,
    `to the cent | salesforce | customer ${told.gone}`,
    `to the cent | salesforce | invoice ${told.droppedDraft}`,
  ])
})

test('a change in Stripe that never arrived anywhere', async () => {
  await stage.stripe.customers.update(told.birke, { name: 'Birke und Söhne GmbH' })
  expect((await foundNow()).sort()).toEqual([
    `in step | netsuite | customer ${told.birke}`,
    `in step | salesforce | customer ${told.birke}`,
    `lake | lake | customer ${told.birke}`,
  ])
})

test('a draft that Stripe finalized by itself, untaxed; one that a person finalized is theirs', async () => {
  const left = await stage.bill({ id: told.birke }, [{ unit: 4_000 }], { currency: 'eur' })
  const byHand = await stage.bill({ id: told.birke }, [{ unit: 5_000 }], { currency: 'eur' })
  stage.clock.advance(60_000)
  await stage.stripe.invoices.finalizeInvoice(byHand)
  stage.clock.advance(73 * 3_600_000)
  stage.vendors.stripe.runDue()
  const untaxed = (await foundNow()).filter((each) => each.startsWith('tax |'))
  expect(untaxed).toEqual([`tax | stripe | invoice ${left}`])
})
