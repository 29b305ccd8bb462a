import { expect, test } from 'vitest'
import { openDesk } from './desk.fixture.ts'
import { day, dispute, invoice, movement } from './objects.fixture.ts'

// 111 receivable, 121 clearing, 141 disputed receivable, 411 revenue, 612 Stripe fees, 613 dispute losses.
const OF_INVOICE = {
  '/v1/invoice_payments': [{ id: 'inpay_1', object: 'invoice_payment', invoice: 'in_1' }],
  '/v1/events': [],
}
const paid = invoice({
  total: 10_000,
  lines: [{ amount: 10_000 }],
  payments: [{ id: 'inpay_1', amount: 10_000, paidAt: day(3) }],
  changes: { status: 'paid' },
})
const withdrawn = movement({ amount: -10_000, fee: 1_500, reporting_category: 'dispute' })
const reinstated = movement({
  id: 'txn_2',
  amount: 10_000,
  created: day(26),
  reporting_category: 'dispute_reversal',
})
const closed = (at: number) => [
  {
    id: 'evt_1',
    object: 'event',
    type: 'charge.dispute.closed',
    created: at,
    data: { object: { id: 'du_1' } },
  },
]

test('what the bank takes waits as a disputed receivable, and its fee is spent', async () => {
  await using desk = await openDesk({}, OF_INVOICE)
  await desk.bring(paid)
  expect(await desk.bring(dispute([withdrawn]))).toEqual([
    'journalEntry du_1-txn_1 2026-11-12: dr 141 100.00, dr 612 15.00, cr 121 115.00',
  ])
  expect(desk.open('invoice', 'in_1')).toBe(0)
  expect(desk.ledger()).toEqual(['121 -15.00', '141 100.00', '411 -100.00', '612 15.00'])
})

test('won: it comes back on the day of the reinstatement, without the fee', async () => {
  await using desk = await openDesk({}, OF_INVOICE)
  await desk.bring(paid)
  await desk.bring(dispute([withdrawn]))
  expect(await desk.bring(dispute([withdrawn, reinstated], { status: 'won' }))).toEqual([
    'journalEntry du_1-txn_2 2026-11-26: cr 141 100.00, dr 121 100.00',
  ])
  expect(desk.ledger()).toEqual(['121 85.00', '411 -100.00', '612 15.00'])
})

test('lost: an expense on the day that Stripe told of it', async () => {
  await using desk = await openDesk({}, { ...OF_INVOICE, '/v1/events': closed(day(27)) })
  await desk.bring(paid)
  await desk.bring(dispute([withdrawn]))
  expect(await desk.bring(dispute([withdrawn], { status: 'lost' }))).toEqual([
    'journalEntry du_1-lost 2026-11-27: dr 613 100.00, cr 141 100.00',
  ])
  expect(desk.ledger()).toEqual(['121 -15.00', '411 -100.00', '612 15.00', '613 100.00'])
})

test('lost longer ago than Stripe keeps events: dated when it was first seen, and that day is kept', async () => {
  // The desk's clock stands at noon of the 21st.
  await using desk = await openDesk({}, OF_INVOICE)
  const lost = dispute([withdrawn], { status: 'lost' })
  expect((await desk.bring(lost)).at(-1)).toBe(
    'journalEntry du_1-lost 2026-11-21: dr 613 100.00, cr 141 100.00',
  )
  desk.account.clock.advance(5 * 86_400_000)
  expect(await desk.bring(lost)).toEqual([])
})

test('lost, and the customer owes it again: an open receivable beside the paid invoice', async () => {
  await using desk = await openDesk(
    { disputes: { receivableAccount: '141', feeAccount: '612', whenLost: 'reopen' } },
    { ...OF_INVOICE, '/v1/events': closed(day(27)) },
  )
  await desk.bring(paid)
  expect((await desk.bring(dispute([withdrawn], { status: 'lost' }))).at(-1)).toBe(
    'journalEntry du_1-lost 2026-11-27: dr 111 100.00, cr 141 100.00',
  )
  expect(desk.ledger()).toEqual(['111 100.00', '121 -15.00', '411 -100.00', '612 15.00'])
})

test('won in arbitration after it had been lost undoes the loss by what came back', async () => {
  await using desk = await openDesk({}, { ...OF_INVOICE, '/v1/events': closed(day(20)) })
  await desk.bring(paid)
  await desk.bring(dispute([withdrawn], { status: 'lost' }))
  expect(await desk.bring(dispute([withdrawn, reinstated], { status: 'won' }))).toEqual([
    'journalEntry du_1-txn_2 2026-11-26: cr 141 100.00, dr 121 100.00',
    'journalEntry du_1-wonback 2026-11-26: cr 613 100.00, dr 141 100.00',
  ])
  expect(desk.ledger()).toEqual(['121 85.00', '411 -100.00', '612 15.00'])
})

test('an ACH debit that is returned weeks after it succeeded is a dispute that is lost at once', async () => {
  await using desk = await openDesk({}, { ...OF_INVOICE, '/v1/events': closed(day(16)) })
  await desk.bring(paid)
  const returned = movement({ amount: -10_000, fee: 400, created: day(16), reporting_category: 'dispute' })
  expect(await desk.bring(dispute([returned], { reason: 'insufficient_funds', status: 'lost' }))).toEqual([
    'journalEntry du_1-txn_1 2026-11-16: dr 141 100.00, dr 612 4.00, cr 121 104.00',
    'journalEntry du_1-lost 2026-11-16: dr 613 100.00, cr 141 100.00',
  ])
})

test('a dispute of EUR is in the currency in which Stripe settles it', async () => {
  await using desk = await openDesk({}, OF_INVOICE)
  const inYen = movement({ amount: -1_190, fee: 1_500, currency: 'jpy', reporting_category: 'dispute' })
  expect(await desk.bring(dispute([inYen], { currency: 'eur' }))).toEqual([
    'journalEntry du_1-txn_1 2026-11-12: dr 141 1190, dr 612 1500, cr 124 2690',
  ])
})

const EXCHANGE = { receivableAccount: '141', feeAccount: '612', lossAccount: '613', exchangeAccount: '713' }
const takenInDollars = movement({ amount: -10_900, fee: 1_500, reporting_category: 'dispute' })
const backInDollars = (amount: number) =>
  movement({ id: 'txn_2', amount, created: day(26), reporting_category: 'dispute_reversal' })

test.each([
  ['gain', 10_950, ['cr 141 109.00, cr 713 0.50, dr 121 109.50'], '713 -0.50'],
  ['loss', 10_840, ['cr 141 109.00, dr 713 0.60, dr 121 108.40'], '713 0.60'],
])(
  '100.00 euros won at another rate clear the disputed receivable: an exchange %s',
  async (_, amount, lines, left) => {
    await using desk = await openDesk({ disputes: EXCHANGE }, OF_INVOICE)
    const euros = { currency: 'eur' }
    await desk.bring(dispute([takenInDollars], euros))
    expect(
      await desk.bring(dispute([takenInDollars, backInDollars(amount)], { ...euros, status: 'won' })),
    ).toEqual(lines.map((line) => `journalEntry du_1-txn_2 2026-11-26: ${line}`))
    expect(desk.ledger()).toContain(left)
    expect(desk.ledger().filter((line) => line.startsWith('141'))).toEqual([])
  },
)

test('won at another rate after it was lost: the whole loss is undone, the difference is one of exchange', async () => {
  await using desk = await openDesk({ disputes: EXCHANGE }, { ...OF_INVOICE, '/v1/events': closed(day(20)) })
  const euros = { currency: 'eur' }
  await desk.bring(dispute([takenInDollars], { ...euros, status: 'lost' }))
  expect(
    await desk.bring(dispute([takenInDollars, backInDollars(10_950)], { ...euros, status: 'won' })),
  ).toEqual([
    'journalEntry du_1-txn_2 2026-11-26: cr 141 109.00, cr 713 0.50, dr 121 109.50',
    'journalEntry du_1-wonback 2026-11-26: cr 613 109.00, dr 141 109.00',
  ])
  expect(desk.ledger()).toEqual(['121 -14.50', '612 15.00', '713 -0.50'])
})

test('a part that comes back of a dispute that is lost clears its share, and the rest is the loss', async () => {
  await using desk = await openDesk({ disputes: EXCHANGE }, { ...OF_INVOICE, '/v1/events': closed(day(27)) })
  const euros = { currency: 'eur' }
  // 100.00 euros were taken at 1.09, 30.00 come back at 1.095: 32.85, for which 32.70 had been taken.
  const taken = { ...takenInDollars, exchange_rate: 1.09 }
  const part = { ...backInDollars(3_285), exchange_rate: 1.095 }
  await desk.bring(dispute([taken], euros))
  expect(await desk.bring(dispute([taken, part], { ...euros, status: 'lost' }))).toEqual([
    'journalEntry du_1-txn_2 2026-11-26: cr 141 32.70, cr 713 0.15, dr 121 32.85',
    'journalEntry du_1-lost 2026-11-27: dr 613 76.30, cr 141 76.30',
  ])
  expect(desk.ledger().filter((line) => line.startsWith('141'))).toEqual([])
})

test('without an account for exchange differences a win at another rate parks and names it', async () => {
  await using desk = await openDesk({}, OF_INVOICE)
  await desk.bring(dispute([takenInDollars], { currency: 'eur' }))
  await expect(
    desk.bring(dispute([takenInDollars, backInDollars(10_950)], { currency: 'eur', status: 'won' })),
  ).rejects.toMatchObject({
    code: 'NS-DISPUTE-EXCHANGE',
    message: expect.stringContaining('the difference of USD 0.50'),
    hint: expect.stringContaining('hub.config.ts → netsuite.disputes.exchangeAccount'),
  })
})

test('an inquiry, and a dispute of a payment that no invoice knows, have no document', async () => {
  await using desk = await openDesk({}, { ...OF_INVOICE })
  expect(await desk.bring(dispute([], { status: 'warning_needs_response' }))).toEqual([])
  desk.account.stripe.set('/v1/invoice_payments', [])
  expect(await desk.bring(dispute([withdrawn]))).toEqual([])
})

test('without accounts for disputes it parks and names them; without one for losses only the loss does', async () => {
  await using desk = await openDesk({ disputes: undefined }, OF_INVOICE)
  await expect(desk.bring(dispute([withdrawn]))).rejects.toMatchObject({
    code: 'NS-DISPUTE',
    message:
      'Dispute du_1 (USD 100.00) is not in NetSuite: disputes have no accounts yet. Nothing was posted.',
    hint: expect.stringContaining('hub.config.ts → netsuite.disputes'),
  })
  await using other = await openDesk(
    { disputes: { receivableAccount: '141', feeAccount: '612' } },
    { ...OF_INVOICE, '/v1/events': closed(day(27)) },
  )
  await other.bring(dispute([withdrawn]))
  await expect(other.bring(dispute([withdrawn], { status: 'lost' }))).rejects.toMatchObject({
    code: 'NS-DISPUTE-LOSS',
    hint: expect.stringContaining('netsuite.disputes.lossAccount'),
  })
})
