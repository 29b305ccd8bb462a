// Stories by themselves, without a hub: nothing goes wrong that should not, everything happens in some story, and one
// seed is one story.
import { expect, test } from 'vitest'
import { CATALOG_DEEDS } from './catalog-deeds.ts'
import { CUSTOMER_DEEDS, leaveBilled } from './customer-deeds.ts'
import { IMPOSSIBLE_DEEDS } from './impossible.ts'
import { INVOICE_DEEDS, longInvoice } from './invoice-deeds.ts'
import { MONEY_DEEDS } from './money-deeds.ts'
import { playAlone, START_MS } from './play-alone.fixture.ts'
import { SETTLEMENT_DEEDS } from './settlement-deeds.ts'
import { SUBSCRIPTION_DEEDS } from './subscription-deeds.ts'

const SEEDS = Array.from({ length: 200 }, (_, index) => index + 1)
const optionsOf = (seed: number) => ({
  oneSecond: seed % 5 === 0,
  allow: { longInvoice: seed % 6 === 0, impossible: seed % 3 === 0 },
})
const eventsOf = async (seed: number, skip?: ReadonlySet<number>) =>
  (await playAlone(seed, optionsOf(seed), skip)).simulator.events.map(({ id, type }) => `${id} ${type}`)

test('200 stories: every deed happens, nearly all find what they need, and each has about 40 events', async () => {
  const deeds = new Set<string>()
  const types = new Set<string>()
  const codes = new Set<string>()
  const sizes: number[] = []
  let applied = 0
  let idle = 0
  let refused = 0
  for (const seed of SEEDS) {
    const { story, simulator } = await playAlone(seed, optionsOf(seed))
    for (const { deed } of story.acts) deeds.add(deed)
    for (const { type } of simulator.events) types.add(type)
    for (const { connector, ref, code } of story.impossible) codes.add(`${connector} ${ref.type} ${code}`)
    sizes.push(simulator.events.length)
    applied += story.tally.applied
    idle += story.tally.idle
    for (const count of story.tally.refused.values()) refused += count
  }
  sizes.sort((a, b) => a - b)

  const all = [
    ...CATALOG_DEEDS,
    ...CUSTOMER_DEEDS,
    ...IMPOSSIBLE_DEEDS,
    ...INVOICE_DEEDS,
    ...MONEY_DEEDS,
    ...SETTLEMENT_DEEDS,
    ...SUBSCRIPTION_DEEDS,
    leaveBilled,
    longInvoice,
  ].map(({ name }) => name)
  expect(all.filter((name) => !deeds.has(name))).toEqual([])
  expect([...codes].sort()).toEqual([
    'avalara invoice TAX-ADDR',
    'netsuite credit_note NS-ITEM',
    'netsuite customer NS-NAME',
    'netsuite invoice NS-ITEM',
    'netsuite invoice NS-RECEIVABLE',
    'salesforce customer SF-NAME',
    'salesforce customer SF-TOO-LONG',
  ])
  const telling = [
    'billing.credit_balance_transaction.created',
    'billing.credit_grant.updated',
    'charge.dispute.closed',
    'charge.dispute.created',
    'charge.failed',
    'credit_note.created',
    'credit_note.voided',
    'customer.deleted',
    'customer.subscription.deleted',
    'invoice.deleted',
    'invoice.marked_uncollectible',
    'invoice.paid',
    'invoice.voided',
    'invoice_payment.paid',
    'payout.failed',
    'payout.reconciliation_completed',
    'product.deleted',
    'refund.created',
    'refund.failed',
  ]
  expect(telling.filter((type) => !types.has(type))).toEqual([])
  expect(sizes[100]).toBeGreaterThanOrEqual(32)
  expect(sizes[100]).toBeLessThanOrEqual(45)
  expect(sizes[0]).toBeGreaterThanOrEqual(15)
  expect(sizes[190]).toBeLessThanOrEqual(70)
  expect(idle / (applied + idle)).toBeLessThan(0.05)
  expect(refused / applied).toBeLessThan(0.01)
})

test('one seed is one story, to the id of every event', async () => {
  expect(await eventsOf(42)).toEqual(await eventsOf(42))
  expect(await eventsOf(42)).not.toEqual(await eventsOf(43))
})

test('any act can be left out: the others run, and what came before it is the same', async () => {
  for (const seed of [6, 15, 30]) {
    const whole = await playAlone(seed, optionsOf(seed))
    const events = whole.simulator.events.map(({ id, created }) => ({ id, created }))
    for (const [number, act] of whole.story.acts.entries()) {
      const { story, simulator } = await playAlone(seed, optionsOf(seed), new Set([number]))
      expect(story.tally.applied + story.tally.idle).toBe(whole.story.acts.length - 1)
      const before = events.filter(({ created }) => created * 1_000 < act.atMs - 1_000)
      expect(simulator.events.slice(0, before.length).map(({ id }) => id)).toEqual(before.map(({ id }) => id))
    }
  }
})

test('in one second: all but what needs a finalized invoice, or a later second, is in the first', async () => {
  const moments = new Set<number>()
  for (const seed of SEEDS.slice(0, 60)) {
    const { story } = await playAlone(seed, {
      oneSecond: true,
      allow: { longInvoice: false, impossible: false },
    })
    for (const { atMs } of story.acts) moments.add(atMs - START_MS)
  }
  // Two seconds: what follows a write-off only counts as later in another second.
  expect([...moments].sort((a, b) => a - b)).toEqual([0, 7_200_000, 7_202_000])
})
