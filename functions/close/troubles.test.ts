import type Stripe from 'stripe'
import { expect, it } from 'vitest'
import { ManualClock } from '../../shared/clock.ts'
import type { ObjectState } from '../../shared/ledger/rows.ts'
import type { StripeObjects } from './stripe-objects.ts'
import { readTroubles } from './troubles.ts'

const NOVEMBER_3 = Date.parse('2026-11-03T12:00:00Z')

const parked = (type: string, id: string): ObjectState => ({
  ref: { type, id },
  revision: 1,
  records: {},
  waiters: [],
  trouble: {
    status: 'parked',
    kind: 'permanent',
    code: 'NS-ITEM',
    reason: 'product prod_9 has no NetSuite item. Nothing was posted.',
    hint: 'Engineering: hub.config.ts → netsuite.items["prod_9"]. Then: hub replay --parked',
    sinceMs: NOVEMBER_3,
    attempts: 1,
    waitsOn: [],
  },
})

const source = (...states: ObjectState[]) => ({
  ledger: { troubled: async (_: string, status: string) => (status === 'parked' ? states : []) },
  lanes: ['netsuite'],
  clock: new ManualClock(NOVEMBER_3),
})

/** What Stripe listed as made by the end of October: one invoice of 119.00. */
const OCTOBER = {
  invoices: [{ id: 'in_october', status: 'open', currency: 'eur', total: 11_900, created: 1_790_000_000 }],
  creditNotes: [],
  refunds: [],
  disputes: [],
  payouts: [],
} as unknown as StripeObjects & { invoices: Stripe.Invoice[] }

it('an invoice that was made after the cut-off does not hold up the month before', async () => {
  const ledger = source(parked('invoice', 'in_october'), parked('invoice', 'in_november'))
  const { value } = await readTroubles(ledger, OCTOBER)
  expect(value.map(({ object, currency, amountMinor }) => ({ object, currency, amountMinor }))).toEqual([
    { object: 'in_october', currency: 'EUR', amountMinor: 11_900n },
  ])
})

it('what no list of the close says the age of holds up every month: a customer, and everything while Stripe is away', async () => {
  const objects = async (...asked: Parameters<typeof readTroubles>) =>
    (await readTroubles(...asked)).value.map(({ object }) => object)
  expect(await objects(source(parked('customer', 'cus_1')), OCTOBER)).toEqual(['cus_1'])
  expect(await objects(source(parked('invoice', 'in_november')), undefined)).toEqual(['in_november'])
})
