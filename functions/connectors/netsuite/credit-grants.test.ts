// Billing credits that were sold and expire. 111 receivable, 212 prepaid liability, 411 and 412 revenue, 121 clearing; 413 is
// breakage.
import type Stripe from 'stripe'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDesk } from './desk.fixture.ts'
import { customer, day } from './objects.fixture.ts'
import { openStripeDesk, STRIPE_DESK_CONFIG, type StripeDesk } from './stripe-desk.fixture.ts'

const BREAKAGE = { liabilityAccount: '212', revenueAccount: '412', breakageAccount: '413' }
const TRANSACTIONS = '/v1/billing/credit_balance_transactions'

const grant = (changes: Record<string, unknown> = {}): Stripe.Billing.CreditGrant => {
  const object = {
    id: 'credgr_1',
    object: 'billing.credit_grant',
    amount: { type: 'monetary', monetary: { currency: 'usd', value: 10_000 } },
    category: 'paid',
    customer: customer(),
    name: 'Prepaid calls',
    ...changes,
  }
  return object as unknown as Stripe.Billing.CreditGrant
}
const transaction = (id: string, type: string, value: number, effective_at: number, currency = 'usd') => ({
  id,
  object: 'billing.credit_balance_transaction',
  effective_at,
  ...(type === 'credits_granted'
    ? { credit: { type, amount: { type: 'monetary', monetary: { currency, value } } }, debit: null }
    : { debit: { type, amount: { type: 'monetary', monetary: { currency, value } } }, credit: null }),
})
const granted = transaction('cbtxn_1', 'credits_granted', 10_000, day(2))

test('the rest of a sold grant is breakage on the day of its expiry', async () => {
  await using desk = await openDesk({ billingCredits: BREAKAGE }, { [TRANSACTIONS]: [granted] })
  expect(await desk.bring(grant())).toEqual([])
  // Of 100.00, 63.50 were drawn before.
  desk.account.stripe.set(TRANSACTIONS, [
    transaction('cbtxn_3', 'credits_expired', 3_650, day(20)),
    transaction('cbtxn_2', 'credits_applied', 6_350, day(12)),
    granted,
  ])
  expect(await desk.bring(grant())).toEqual([
    'journalEntry cbtxn_3-expired 2026-11-20: dr 212 36.50, cr 413 36.50',
  ])
  expect(desk.account.simulator.find('journalEntry', 'cbtxn_3-expired')).toMatchObject({
    memo: 'Stripe Billing credits expired Prepaid calls credgr_1',
  })
  expect(await desk.bring(grant())).toEqual([])
})

test('yen have no decimals; credits that were given away, or voided, leave no trace', async () => {
  const yen = grant({ amount: { type: 'monetary', monetary: { currency: 'jpy', value: 5_000 } } })
  await using desk = await openDesk(
    { billingCredits: BREAKAGE },
    { [TRANSACTIONS]: [transaction('cbtxn_2', 'credits_expired', 5_000, day(20), 'jpy')] },
  )
  expect(await desk.bring(yen)).toEqual(['journalEntry cbtxn_2-expired 2026-11-20: dr 212 5000, cr 413 5000'])
  expect(await desk.bring(grant({ id: 'credgr_2', category: 'promotional' }))).toEqual([])
  desk.account.stripe.set(TRANSACTIONS, [transaction('cbtxn_4', 'credits_voided', 10_000, day(20)), granted])
  expect(await desk.bring(grant({ id: 'credgr_3' }))).toEqual([])
})

test.each([
  [
    { liabilityAccount: '212', revenueAccount: '412' },
    'NS-BREAKAGE',
    'netsuite.billingCredits.breakageAccount',
  ],
  [undefined, 'NS-BILLING-CREDITS', 'netsuite.billingCredits'],
])('without an account it parks: %o', async (billingCredits, code, where) => {
  await using desk = await openDesk(
    { billingCredits },
    { [TRANSACTIONS]: [transaction('cbtxn_2', 'credits_expired', 10_000, day(20)), granted] },
  )
  await expect(desk.bring(grant())).rejects.toMatchObject({
    kind: 'permanent',
    code,
    message: expect.stringContaining('Expiry of billing credits credgr_1 (USD 100.00) is not in NetSuite:'),
    hint: expect.stringContaining(where),
  })
})

let at: StripeDesk
beforeEach(async () => {
  at = await openStripeDesk({ ...STRIPE_DESK_CONFIG, billingCredits: BREAKAGE })
})
afterEach(() => at[Symbol.asyncDispose]())

const bringGrant = async (id: string) =>
  (await at.desk.bring(await at.stripe.billing.creditGrants.retrieve(id, { expand: ['customer'] }))).map(
    (line) => line.replace(/_[A-Za-z0-9]{10,}/g, '_…'),
  )

test('a month of usage draws a part, the rest expires; a void after that gives back what expires at once', async () => {
  const { stripe } = at
  const { id } = await at.onCard()
  const meter = await stripe.billing.meters.create({
    display_name: 'Calls',
    event_name: 'calls',
    default_aggregation: { formula: 'sum' },
  })
  const usage = await stripe.prices.create({
    currency: 'usd',
    unit_amount: 200,
    product_data: { name: 'Calls' },
    recurring: { interval: 'month', usage_type: 'metered', meter: meter.id },
  })
  await stripe.subscriptions.create({
    customer: id,
    items: [{ price: usage.id }],
    collection_method: 'send_invoice',
    days_until_due: 30,
  })
  const sold = await stripe.billing.creditGrants.create({
    customer: id,
    category: 'paid',
    name: 'Prepaid calls',
    amount: { type: 'monetary', monetary: { currency: 'usd', value: 5_000 } },
    applicability_config: { scope: { price_type: 'metered' } },
    expires_at: Date.parse('2026-12-20T00:00:00Z') / 1_000,
  })
  // Credits pay for usage alone: this keeps the invoice open.
  await stripe.invoiceItems.create({ customer: id, amount: 500, currency: 'usd', description: 'Set-up' })
  await stripe.billing.meterEvents.create({
    event_name: 'calls',
    payload: { stripe_customer_id: id, value: '20' },
    timestamp: Math.floor(at.account.clock.now() / 1_000),
  })
  at.days(32)
  await at.bringAll()
  expect(await bringGrant(sold.id)).toEqual([])
  // 20 calls at 2.00 of the 50.00.
  expect(at.desk.ledger()).toEqual(['111 5.00', '212 40.00', '411 -5.00', '412 -40.00'])
  at.days(17)
  expect(await bringGrant(sold.id)).toEqual([
    'journalEntry cbtxn_…-expired 2026-12-20: dr 212 10.00, cr 413 10.00',
  ])
  const invoice = at.simulator.store.invoices.all().find(({ status }) => status === 'open')
  await stripe.invoices.voidInvoice(invoice?.id ?? '')
  await at.bringAll()
  expect(await bringGrant(sold.id)).toEqual([
    'journalEntry cbtxn_…-expired 2026-12-21: dr 212 40.00, cr 413 40.00',
  ])
  // Sold for 50.00, which somebody else posted to the liability: all of it is breakage.
  expect(at.desk.ledger()).toEqual(['212 50.00', '413 -50.00'])
})
