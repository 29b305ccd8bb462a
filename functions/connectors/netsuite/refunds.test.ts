import { expect, test } from 'vitest'
import { openDesk } from './desk.fixture.ts'
import { creditNote, customer, day, invoice, movement, refund } from './objects.fixture.ts'

// 111 receivable, 121 clearing, 131 bank, 211 sales tax, 213 customer credit balances, 411 revenue, 614 goodwill; items 801
// Team plan, 808 sales tax, 811 goodwill credit.
const paid = invoice({
  total: 10_800,
  lines: [{ id: 'il_9', amount: 10_000, tax: { amount: 800 } }],
  payments: [{ id: 'inpay_1', amount: 10_800, paidAt: day(3) }],
  customer: customer(),
  changes: { status: 'paid' },
})
const OF_INVOICE = {
  '/v1/invoice_payments': [{ id: 'inpay_1', object: 'invoice_payment', invoice: 'in_1' }],
  '/v1/invoices/in_1': paid,
}
const half = (
  changes: Record<string, unknown> = {},
  refunds = [{ refund: 're_1', amount_refunded: 5_400 }],
) =>
  creditNote({
    total: 5_400,
    refunds,
    lines: [{ amount: 5_000, invoiceLine: 'il_9', tax: { amount: 400 } }],
    changes: { invoice: paid, ...changes },
  })
const back = (changes: Record<string, unknown> = {}) => refund({ amount: 5_400, ...changes })

test('a credit note that is half open, refunded, balance and out of band is one memo', async () => {
  const open = invoice({
    total: 21_600,
    lines: [{ id: 'il_9', amount: 20_000, tax: { amount: 1_600 } }],
    payments: [{ id: 'inpay_1', amount: 11_600, paidAt: day(3) }],
    customer: customer(),
    changes: { pre_payment_credit_notes_amount: 10_000 },
  })
  // Of 162.00: 100.00 lower the invoice, 30.00 go back by card, 20.00 to the balance, 12.00 in cash.
  const note = creditNote({
    total: 16_200,
    prePayment: 10_000,
    refunds: [{ refund: 're_1', amount_refunded: 3_000 }],
    lines: [{ amount: 15_000, invoiceLine: 'il_9', tax: { amount: 1_200 } }],
    changes: { invoice: open, customer_balance_transaction: 'cbtxn_1', out_of_band_amount: 1_200 },
  })
  await using desk = await openDesk(
    {},
    { ...OF_INVOICE, '/v1/credit_notes': [note], '/v1/invoices/in_1': open },
  )
  await desk.bring(open)
  expect(await desk.bring(note)).toEqual([
    'journalEntry cn_1-tobalance 2026-11-09: dr 111 20.00, cr 213 20.00',
    'creditMemo cn_1 2026-11-09: 801 150.00, 808 12.00 → journalEntry/cn_1-tobalance 20.00, invoice/in_1 100.00',
    'customerRefund cn_1-outofband 2026-11-09 131: → creditMemo/cn_1 12.00',
  ])
  expect(desk.open('creditMemo', 'cn_1')).toBe(30)
  expect(await desk.bring(refund({ amount: 3_000 }))).toEqual([
    'customerRefund re_1 2026-11-09 121: → creditMemo/cn_1 30.00',
  ])
  expect([desk.open('creditMemo', 'cn_1'), desk.open('invoice', 'in_1')]).toEqual([0, 0])
  expect(desk.ledger()).toEqual(['121 86.00', '131 -12.00', '211 -4.00', '213 -20.00', '411 -50.00'])
})

test('refunds of payment records are paid back outside Stripe', async () => {
  const note = half({}, [])
  const record = { type: 'payment_record_refund', amount_refunded: 5_400, refund: null }
  Object.assign(note, { refunds: [record] })
  await using desk = await openDesk()
  await desk.bring(paid)
  expect(await desk.bring(note)).toEqual([
    'creditMemo cn_1 2026-11-09: 801 50.00, 808 4.00',
    'customerRefund cn_1-outofband 2026-11-09 131: → creditMemo/cn_1 54.00',
  ])
})

test('shipping that is credited comes off the shipping item, with its tax', async () => {
  const shipped = invoice({
    total: 11_620,
    lines: [{ id: 'il_9', amount: 10_000 }],
    changes: {
      amount_shipping: 1_500,
      shipping_cost: { amount_subtotal: 1_500, amount_tax: 120, amount_total: 1_620, shipping_rate: 'shr_1' },
    },
  })
  const note = creditNote({
    total: 1_620,
    prePayment: 1_620,
    lines: [],
    changes: {
      amount_shipping: 1_500,
      shipping_cost: { amount_subtotal: 1_500, amount_tax: 120, amount_total: 1_620, shipping_rate: 'shr_1' },
      invoice: shipped,
    },
  })
  await using desk = await openDesk({}, { '/v1/credit_notes': [note] })
  await desk.bring(shipped)
  expect(await desk.bring(note)).toEqual([
    'creditMemo cn_1 2026-11-09: 806 15.00, 808 1.20 → invoice/in_1 16.20',
  ])
  expect(desk.open('invoice', 'in_1')).toBe(100)
})

test('a split that does not add up parks', async () => {
  await using desk = await openDesk()
  await desk.bring(paid)
  await expect(desk.bring(half({}, []))).rejects.toMatchObject({ code: 'NS-CREDIT-SPLIT' })
})

test('a refund that fails after it was posted is money in clearing again, owed to the customer', async () => {
  const returned = movement({
    id: 'txn_f',
    amount: 5_400,
    created: day(19),
    reporting_category: 'refund_failure',
  })
  await using desk = await openDesk(
    {},
    { ...OF_INVOICE, '/v1/credit_notes': [half()], '/v1/balance_transactions/txn_f': returned },
  )
  await desk.bring(paid)
  await desk.bring(half())
  await desk.bring(back())
  expect(desk.ledger()).toEqual(['121 54.00', '211 -4.00', '411 -50.00'])
  const failed = back({ status: 'failed', failure_balance_transaction: 'txn_f' })
  expect(await desk.bring(failed)).toEqual(['customerPayment re_1-failed 2026-11-19 121: 54.00'])
  expect(desk.open('customerPayment', 're_1-failed')).toBe(54)
  expect(desk.ledger()).toEqual(['111 -54.00', '121 108.00', '211 -4.00', '411 -50.00'])
})

test('a refund that failed before anybody posted it leaves no trace', async () => {
  await using desk = await openDesk({}, OF_INVOICE)
  expect(await desk.bring(back({ status: 'failed' }))).toEqual([])
})

test('a refund of EUR settled in dollars leaves the dollar clearing account at Stripe’s amount', async () => {
  const inEuro = invoice({
    currency: 'eur',
    total: 10_800,
    lines: [{ id: 'il_9', amount: 10_800 }],
    payments: [{ id: 'inpay_1', amount: 10_800, paidAt: day(3) }],
    customer: customer(),
    changes: { status: 'paid' },
  })
  const note = creditNote({
    currency: 'eur',
    total: 5_400,
    refunds: [{ refund: 're_1', amount_refunded: 5_400 }],
    lines: [{ amount: 5_400, invoiceLine: 'il_9' }],
    changes: { invoice: inEuro },
  })
  const settled = movement({ id: 'txn_r', amount: -5_930, currency: 'usd', reporting_category: 'refund' })
  await using desk = await openDesk(
    {},
    {
      ...OF_INVOICE,
      '/v1/credit_notes': [note],
      '/v1/invoices/in_1': inEuro,
      '/v1/balance_transactions/txn_r': settled,
    },
  )
  await desk.bring(inEuro)
  await desk.bring(note)
  // 59.30 / 54.00 = 1.098148148…
  expect(await desk.bring(back({ currency: 'eur', balance_transaction: 'txn_r' }))).toEqual([
    'customerRefund re_1 2026-11-09 121 at 1.09814815: → creditMemo/cn_1 54.00',
  ])
  expect(desk.ledger()).toContain('121 -59.30')
  // Sent back by the bank a week later, at the rate of that day: 58.75 / 54.00 = 1.087962962…
  const returned = movement({ id: 'txn_f', amount: 5_875, currency: 'usd', created: day(19) })
  desk.account.stripe.set('/v1/balance_transactions/txn_f', returned)
  const failed = { status: 'failed', failure_balance_transaction: 'txn_f' }
  expect(await desk.bring(back({ currency: 'eur', balance_transaction: 'txn_r', ...failed }))).toEqual([
    'customerPayment re_1-failed 2026-11-19 121 at 1.08796296: 54.00',
  ])
  expect(desk.ledger()).toContain('121 -0.55')
})

const ALONE = { ...OF_INVOICE, '/v1/credit_notes': [] }

test('a refund without a credit note is goodwill where the rule says so', async () => {
  await using desk = await openDesk({ refundsWithoutCreditNote: 'goodwill' }, ALONE)
  await desk.bring(paid)
  expect(await desk.bring(back())).toEqual([
    'creditMemo re_1-alone 2026-11-09: 811 54.00',
    'customerRefund re_1 2026-11-09 121: → creditMemo/re_1-alone 54.00',
  ])
  expect(desk.ledger()).toEqual(['121 54.00', '211 -8.00', '411 -100.00', '614 54.00'])
})

test('or takes revenue and tax back in proportion', async () => {
  await using desk = await openDesk({ refundsWithoutCreditNote: 'revenue-and-tax' }, ALONE)
  await desk.bring(paid)
  expect(await desk.bring(back())).toEqual([
    'creditMemo re_1-alone 2026-11-09: 801 50.00, 808 4.00',
    'customerRefund re_1 2026-11-09 121: → creditMemo/re_1-alone 54.00',
  ])
  expect(desk.ledger()).toEqual(['121 54.00', '211 -4.00', '411 -50.00'])
})

test('a part that a credit note explains is its memo’s, the rest goes by the rule', async () => {
  const note = half({}, [{ refund: 're_1', amount_refunded: 5_400 }])
  await using desk = await openDesk(
    { refundsWithoutCreditNote: 'goodwill' },
    { ...OF_INVOICE, '/v1/credit_notes': [note] },
  )
  await desk.bring(paid)
  await desk.bring(note)
  expect(await desk.bring(back({ amount: 6_000 }))).toEqual([
    'creditMemo re_1-alone 2026-11-09: 811 6.00',
    'customerRefund re_1 2026-11-09 121: → creditMemo/cn_1 54.00, creditMemo/re_1-alone 6.00',
  ])
})

test('a credit note that explains it after that parks: the sale would be taken back twice', async () => {
  await using desk = await openDesk({ refundsWithoutCreditNote: 'goodwill' }, ALONE)
  await desk.bring(paid)
  await desk.bring(back())
  desk.account.stripe.set('/v1/credit_notes', [half()])
  await expect(desk.bring(back())).rejects.toMatchObject({
    code: 'NS-REFUND-TWICE',
    message: expect.stringContaining('cn_1'),
  })
})

test('by default it parks', async () => {
  await using desk = await openDesk({}, ALONE)
  await desk.bring(paid)
  await expect(desk.bring(back())).rejects.toMatchObject({
    code: 'NS-REFUND-ALONE',
    hint: expect.stringContaining('refundsWithoutCreditNote'),
  })
  expect(desk.account.simulator.records('creditMemo')).toEqual([])
})
