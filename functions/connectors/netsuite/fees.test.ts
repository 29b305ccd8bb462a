// Fees that are posted with their payment or refund, for accounts whose payouts do not tell what they hold. 121 and 122 are
// Stripe clearing in dollars and euros, 111 and 112 receivable, 131 bank, 612 Stripe fees, 614 tax on them.
import { expect, test } from 'vitest'
import { type Desk, openDesk } from './desk.fixture.ts'
import { creditNote, day, movement, paidInvoice, payout, refund } from './objects.fixture.ts'

const INTENT = '/v1/payment_intents/pi_1'
const MOVEMENTS = '/v1/balance_transactions'
const payouts = { bankAccounts: { USD: '131' }, feeAccount: '612', feeTaxAccount: '614' }
const WITH_PAYMENTS = { payouts: { ...payouts, feesWithPaymentsFrom: '2026-11-05' } }

const fee = (amount: number, tax = 0) => ({
  fee: amount + tax,
  fee_details: [{ type: 'stripe_fee', amount }, ...(tax === 0 ? [] : [{ type: 'tax', amount: tax }])],
})
/** 100.00 by card; 3.20 for Stripe and 0.61 tax on it, unless it is said otherwise. */
const charged = (changes: Record<string, unknown> = {}) =>
  movement({ id: 'txn_1', amount: 10_000, created: day(5), ...fee(320, 61), ...changes })
const intent = (transaction: unknown, amount = 10_000, currency = 'usd') => ({
  id: 'pi_1',
  latest_charge: { id: 'ch_1', amount, amount_captured: amount, currency, balance_transaction: transaction },
})
const hundred = () => paidInvoice(10_000)
const fifty = () => paidInvoice(5_000, 'usd', { id: 'in_2' })
const asked = ({ account }: Desk) => account.stripeCalls.filter((path) => path === INTENT).length

test('each is a journal of the day of its payment, with the tax on it apart', async () => {
  await using desk = await openDesk(WITH_PAYMENTS, { [INTENT]: intent(charged()) })
  expect(await desk.bring(hundred())).toEqual([
    'invoice in_1 2026-11-02: 801 100.00',
    'customerPayment inpay_1 2026-11-05 121: 100.00 → invoice/in_1 100.00',
    'journalEntry inpay_1-fee 2026-11-05: dr 612 3.20, dr 614 0.61, cr 121 3.81',
  ])
  // 96.19 is what stands in the Stripe balance.
  expect(desk.ledger()).toEqual(['121 96.19', '411 -100.00', '612 3.20', '614 0.61'])
  expect(desk.account.simulator.find('journalEntry', 'inpay_1-fee')).toMatchObject({
    memo: 'Stripe Fee INV-0042 inpay_1',
  })
})

test('a charge from before payment intents has its fee journal too', async () => {
  const legacy = hundred()
  for (const payment of legacy.payments?.data ?? []) payment.payment = { type: 'charge', charge: 'ch_1' }
  const charge = { ...intent(charged()).latest_charge }
  await using desk = await openDesk(WITH_PAYMENTS, { '/v1/charges/ch_1': charge })
  expect(await desk.bring(legacy)).toEqual([
    'invoice in_1 2026-11-02: 801 100.00',
    'customerPayment inpay_1 2026-11-05 121: 100.00 → invoice/in_1 100.00',
    'journalEntry inpay_1-fee 2026-11-05: dr 612 3.20, dr 614 0.61, cr 121 3.81',
  ])
  expect(asked(desk)).toBe(0)
})

test('Stripe is asked once, and what is posted stays when the configuration changes', async () => {
  await using desk = await openDesk(WITH_PAYMENTS, { [INTENT]: intent(charged()) })
  await desk.bring(hundred())
  await desk.bring(hundred())
  expect(asked(desk)).toBe(1)
  const other = desk.account.connect({ config: { payouts } })
  const [gathered] = await other.gather([
    {
      ref: { type: 'invoice', id: 'in_1' },
      object: hundred(),
      keep: JSON.parse(JSON.stringify(desk.kept('in_1'))),
      known: {
        'invoice/in_1': { remoteId: '1' },
        'customerPayment/inpay_1': { remoteId: '2' },
        'journalEntry/inpay_1-fee': { remoteId: '3' },
      },
    },
  ])
  if (!gathered || !('context' in gathered)) throw gathered
  expect(other.project(hundred(), gathered.context).map(({ externalId }) => externalId)).toEqual([
    'in_1',
    'inpay_1',
    'inpay_1-fee',
  ])
})

test('one from before that day comes with its payout, and no payout posts one of that day or later', async () => {
  const before = charged({ created: day(4), ...fee(320) })
  await using desk = await openDesk(WITH_PAYMENTS, { [INTENT]: intent(before) })
  // A bank debit asked for on the 4th that succeeds on the 5th: the balance transaction decides.
  expect(await desk.bring(hundred())).toHaveLength(2)
  await desk.bring(hundred())
  expect(asked(desk)).toBe(1)
  // Payouts are automatic: the first charge's 3.20 is posted here, the 2.00 of the second and the 0.50 for its refund are not.
  desk.account.stripe.set(MOVEMENTS, [
    before,
    movement({ id: 'txn_2', amount: 5_000, created: day(5), ...fee(200) }),
    movement({
      id: 'txn_3',
      amount: -1_000,
      created: day(6),
      type: 'refund',
      reporting_category: 'refund',
      ...fee(50),
    }),
    // Stripe's own fee, and what it takes for the payout, have no payment.
    movement({ id: 'txn_4', amount: -700, created: day(7), type: 'stripe_fee', reporting_category: 'fee' }),
  ])
  // 96.80 + 48.00 − 10.50 − 7.00 = 127.30; out of clearing 100.00 − 3.20 … : 127.30 + 3.20 + 7.00.
  expect(await desk.bring(payout({ amount: 12_730 }))).toEqual([
    'journalEntry po_1 2026-11-18: dr 131 127.30, dr 612 10.20, cr 121 137.50',
  ])
})

test('a charge for two invoices: each bears its share, and the shares are the fee', async () => {
  // 150.00 with a fee of 4.65: 100.00 bears 3.10, 50.00 bears 1.55. With 4.66 it is 3.10 and 1.56.
  const both = intent(charged({ amount: 15_000, ...fee(466) }), 15_000)
  const listed = [hundred(), fifty()].flatMap(({ payments }) => payments?.data ?? [])
  await using desk = await openDesk(WITH_PAYMENTS, { [INTENT]: both, '/v1/invoice_payments': listed })
  expect((await desk.bring(hundred())).at(-1)).toBe(
    'journalEntry inpay_1-fee 2026-11-05: dr 612 3.10, cr 121 3.10',
  )
  expect((await desk.bring(fifty())).at(-1)).toBe(
    'journalEntry inpay_2-fee 2026-11-05: dr 612 1.56, cr 121 1.56',
  )
})

test('EUR 119.00 settled as USD 130.02: the fee is in dollars', async () => {
  const dollars = charged({ amount: 13_002, currency: 'usd', ...fee(407) })
  await using desk = await openDesk(WITH_PAYMENTS, { [INTENT]: intent(dollars, 11_900, 'eur') })
  const paid = paidInvoice(11_900, 'eur')
  expect((await desk.bring(paid)).slice(1)).toEqual([
    'customerPayment inpay_1 2026-11-05 121 at 1.09260504: 119.00 → invoice/in_1 119.00',
    'journalEntry inpay_1-fee 2026-11-05: dr 612 4.07, cr 121 4.07',
  ])
  expect(desk.ledger().find((line) => line.startsWith('121 '))).toBe('121 125.95')
  expect(desk.account.simulator.find('journalEntry', 'inpay_1-fee')).toMatchObject({
    currency: { refName: 'US Dollar' },
  })
})

test('a yen fee has no decimals; a payment without one has no journal', async () => {
  const yen = charged({ amount: 5_001, currency: 'jpy', ...fee(180) })
  await using desk = await openDesk(WITH_PAYMENTS, { [INTENT]: intent(yen, 5_001, 'jpy') })
  const paid = paidInvoice(5_001, 'jpy')
  expect((await desk.bring(paid)).at(-1)).toBe('journalEntry inpay_1-fee 2026-11-05: dr 612 180, cr 124 180')
  await using free = await openDesk(WITH_PAYMENTS, { [INTENT]: intent(charged({ fee: 0, fee_details: [] })) })
  expect(await free.bring(hundred())).toHaveLength(2)
})

test('a refund has its own, given back or taken; when it fails the way back has one too', async () => {
  const note = creditNote({
    total: 4_000,
    refunds: [{ refund: 're_1', amount_refunded: 4_000 }],
    lines: [{ amount: 4_000, invoiceLine: 'il_1' }],
    changes: { invoice: hundred() },
  })
  const of = (id: string, changes: Record<string, unknown>) =>
    movement({ id, type: 'refund', reporting_category: 'refund', ...changes })
  await using desk = await openDesk(WITH_PAYMENTS, {
    [INTENT]: intent(charged()),
    '/v1/invoice_payments': [{ id: 'inpay_1', object: 'invoice_payment', invoice: 'in_1' }],
    '/v1/invoices/in_1': hundred(),
    '/v1/credit_notes': [note],
    [`${MOVEMENTS}/txn_r`]: of('txn_r', { amount: -4_000, created: day(9), ...fee(25) }),
    [`${MOVEMENTS}/txn_f`]: of('txn_f', { amount: 4_000, created: day(16), ...fee(-25) }),
  })
  await desk.bring(hundred())
  await desk.bring(note)
  const back = (changes: Record<string, unknown> = {}) =>
    refund({ amount: 4_000, balance_transaction: 'txn_r', ...changes })
  expect(await desk.bring(back())).toEqual([
    'customerRefund re_1 2026-11-09 121: → creditMemo/cn_1 40.00',
    'journalEntry re_1-fee 2026-11-09: dr 612 0.25, cr 121 0.25',
  ])
  expect(await desk.bring(back({ status: 'failed', failure_balance_transaction: 'txn_f' }))).toEqual([
    'customerPayment re_1-failed 2026-11-16 121: 40.00',
    'journalEntry re_1-failed-fee 2026-11-16: cr 612 0.25, dr 121 0.25',
  ])
})

test('without that setting a payment costs no question and no journal', async () => {
  await using desk = await openDesk(
    { clearingAccounts: { USD: '121' }, payouts },
    { [INTENT]: intent(charged()) },
  )
  expect(await desk.bring(hundred())).toHaveLength(2)
  expect(asked(desk)).toBe(0)
})
