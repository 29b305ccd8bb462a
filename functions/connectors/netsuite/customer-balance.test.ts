import { expect, test } from 'vitest'
import { isHubError } from '../../../shared/errors.ts'
import { openDesk } from './desk.fixture.ts'
import { balanceTransaction, creditNote, customer, day, fullConfig, invoice } from './objects.fixture.ts'

// 111 receivable, 121 clearing, 213 customer credit balances, 411 revenue, 211 sales tax, 614 goodwill; items 801 Team
// plan, 808 sales tax, 812 customer credit.
const BALANCE = '/v1/customers/cus_1/balance_transactions'
const applied = (amount: number, changes: Record<string, unknown> = {}) =>
  balanceTransaction({ amount, type: 'applied_to_invoice', invoice: 'in_1', created: day(2), ...changes })

const hundred = (changes: Partial<Parameters<typeof invoice>[0]> = {}) =>
  invoice({ total: 10_000, lines: [{ id: 'il_9', amount: 10_000 }], ...changes })
const thirtyUsed = { starting_balance: -3_000, ending_balance: 0 }

test('an invoice of 100 with 30 from the balance and 70 by card leaves nothing open', async () => {
  await using desk = await openDesk({}, { [BALANCE]: [applied(3_000)] })
  expect(await desk.bring(hundred({ changes: { ...thirtyUsed, amount_remaining: 7_000 } }))).toEqual([
    'invoice in_1 2026-11-02: 801 100.00',
    'creditMemo in_1-balance 2026-11-02: 812 30.00 → invoice/in_1 30.00',
  ])
  expect(desk.open('invoice', 'in_1')).toBe(70)
  const paid = hundred({
    payments: [{ id: 'inpay_1', amount: 7_000, paidAt: day(5) }],
    changes: { ...thirtyUsed, status: 'paid' },
  })
  expect(await desk.bring(paid)).toEqual([
    'customerPayment inpay_1 2026-11-05 121: 70.00 → invoice/in_1 70.00',
  ])
  expect(desk.open('invoice', 'in_1')).toBe(0)
  expect(desk.ledger()).toEqual(['121 70.00', '213 30.00', '411 -100.00'])
})

test('an adjustment is the customer’s own journal; with the invoice that uses it the liability is even', async () => {
  const adjusted = balanceTransaction({ id: 'cbtxn_9', amount: -3_000, description: 'Sorry for the outage' })
  await using desk = await openDesk({}, { [BALANCE]: [adjusted, applied(3_000)] })
  expect(await desk.bring(customer({ currency: 'usd', balance: -3_000 }))).toEqual([])
  expect(desk.ledger()).toEqual(['213 -30.00', '614 30.00'])
  expect(desk.account.simulator.find('journalEntry', 'cbtxn_9')).toMatchObject({
    tranDate: '2026-11-01',
    memo: 'Stripe Balance adjustment cbtxn_9',
  })
  // The invoice's own movements only, as Stripe's filter gives them.
  desk.account.stripe.set(BALANCE, [applied(3_000)])
  await desk.bring(hundred({ changes: { ...thirtyUsed, amount_remaining: 7_000 } }))
  expect(desk.ledger()).toEqual(['111 70.00', '411 -100.00', '614 30.00'])
})

test('an adjustment stays in the books when its customer is deleted, and nothing parks for it', async () => {
  await using desk = await openDesk({}, { [BALANCE]: [balanceTransaction({ id: 'cbtxn_9' })] })
  await desk.bring(customer({ balance: -3_000 }))
  const { connector, remoteIds, simulator } = desk.account
  const remoteId = remoteIds['journalEntry/cbtxn_9'] ?? ''
  const ref = { type: 'customer', id: 'cus_1' }
  expect(
    await connector.retire('journalEntry', [
      { key: 'journalEntry/cbtxn_9', kind: 'journalEntry', externalId: 'cbtxn_9', remoteId, ref },
    ]),
  ).toEqual([{ remoteId }])
  expect(simulator.records('journalEntry')).toHaveLength(1)
})

test('a later adjustment goes by the accounts of its own day, the former stays', async () => {
  const first = balanceTransaction({ id: 'cbtxn_9' })
  await using desk = await openDesk({}, { [BALANCE]: [first] })
  const before = await desk.account
    .connect({ config: fullConfig })
    .gather([{ ref: { type: 'customer', id: 'cus_1' }, object: customer(), keep: undefined, known: {} }])
  const known = { 'customer/cus_1': { remoteId: '1' }, 'journalEntry/cbtxn_9': { remoteId: '2' } }
  const keep = Object(before[0]).keep
  desk.account.stripe.set(BALANCE, [balanceTransaction({ id: 'cbtxn_10' }), first])
  const remapped = desk.account.connect({
    config: { ...fullConfig, customerBalance: { account: '213', item: '812', adjustmentAccount: '613' } },
  })
  const [gathered] = await remapped.gather([
    { ref: { type: 'customer', id: 'cus_1' }, object: customer(), keep, known },
  ])
  if (!gathered || isHubError(gathered)) throw gathered ?? new Error('gather gave no outcome')
  const later = remapped.project(customer(), gathered.context).find((each) => each.externalId === 'cbtxn_10')
  expect(later?.body.line).toMatchObject({ items: [{ account: { id: '213' } }, { account: { id: '613' } }] })
})

test('without an account for adjustments the customer stands all the same', async () => {
  const adjusted = balanceTransaction({ id: 'cbtxn_9' })
  await using desk = await openDesk(
    { customerBalance: { account: '213', item: '812' } },
    { [BALANCE]: [adjusted] },
  )
  expect(await desk.bring(customer({ balance: -3_000 }))).toEqual([])
  expect(desk.account.simulator.records('journalEntry')).toEqual([])
  expect(desk.account.simulator.find('customer', 'cus_1')).toMatchObject({ companyName: 'Acme' })
})

test('a debt from the balance is owed beside the invoice, and one payment settles both', async () => {
  await using desk = await openDesk({}, { [BALANCE]: [applied(-2_500)] })
  const owing = { starting_balance: 2_500, ending_balance: 0, amount_remaining: 12_500 }
  expect(await desk.bring(hundred({ changes: owing }))).toEqual([
    'invoice in_1 2026-11-02: 801 100.00',
    'journalEntry in_1-owed 2026-11-02: dr 111 25.00, cr 213 25.00',
  ])
  const paid = hundred({
    payments: [{ id: 'inpay_1', amount: 12_500, paidAt: day(5) }],
    changes: { ...owing, status: 'paid' },
  })
  expect(await desk.bring(paid)).toEqual([
    'customerPayment inpay_1 2026-11-05 121: 125.00 → invoice/in_1 100.00, journalEntry/in_1-owed 25.00',
  ])
  expect(desk.ledger()).toEqual(['121 125.00', '213 -25.00', '411 -100.00'])
})

const OWING = { starting_balance: 2_500, ending_balance: 0, amount_remaining: 12_500 }
const givenBack = applied(2_500, { id: 'cbtxn_2', type: 'unapplied_from_invoice', created: day(20) })

test('voided with a debt on it, the sale is taken back and the debt is the balance’s again', async () => {
  await using desk = await openDesk({}, { [BALANCE]: [applied(-2_500)] })
  await desk.bring(hundred({ changes: OWING }))
  desk.account.stripe.set(BALANCE, [applied(-2_500), givenBack])
  const voided = hundred({ transitions: { voided_at: day(20) }, changes: { ...OWING, status: 'void' } })
  expect(await desk.bring(voided)).toEqual([
    'creditMemo in_1-owed-void 2026-11-20: 812 25.00 → journalEntry/in_1-owed 25.00',
    'creditMemo in_1-void 2026-11-20: 801 100.00 → invoice/in_1 100.00',
  ])
  expect(desk.ledger()).toEqual([])
})

test('the same after a write-off of both: the loss is undone by a recovery that the two memos share', async () => {
  await using desk = await openDesk({}, { [BALANCE]: [applied(-2_500)] })
  const transitions = { marked_uncollectible_at: day(10) }
  expect(await desk.bring(hundred({ transitions, changes: { ...OWING, status: 'uncollectible' } }))).toEqual([
    'invoice in_1 2026-11-02: 801 100.00',
    'journalEntry in_1-owed 2026-11-02: dr 111 25.00, cr 213 25.00',
    'creditMemo in_1-writeoff 2026-11-10: 810 125.00 → invoice/in_1 100.00, journalEntry/in_1-owed 25.00',
  ])
  desk.account.stripe.set(BALANCE, [applied(-2_500), givenBack])
  const voided = hundred({
    transitions: { ...transitions, voided_at: day(20) },
    changes: { ...OWING, status: 'void' },
  })
  expect(await desk.bring(voided)).toEqual([
    'journalEntry in_1-void-recovery 2026-11-20: dr 111 125.00, cr 611 125.00',
    'creditMemo in_1-owed-void 2026-11-20: 812 25.00 → journalEntry/in_1-void-recovery 25.00',
    'creditMemo in_1-void 2026-11-20: 801 100.00 → journalEntry/in_1-void-recovery 100.00',
  ])
  expect(desk.ledger()).toEqual([])
})

test('an invoice below Stripe’s least charge goes onto the balance as a debt', async () => {
  await using desk = await openDesk({}, { [BALANCE]: [applied(30, { type: 'invoice_too_small' })] })
  const small = invoice({
    total: 30,
    lines: [{ amount: 30 }],
    changes: { status: 'paid', starting_balance: 0, ending_balance: 30 },
  })
  expect(await desk.bring(small)).toEqual([
    'invoice in_1 2026-11-02: 801 0.30',
    'creditMemo in_1-balance 2026-11-02: 812 0.30 → invoice/in_1 0.30',
  ])
  expect(desk.ledger()).toEqual(['213 0.30', '411 -0.30'])
})

test('an overpayment of JPY 3,000 on 10,000 goes onto the balance', async () => {
  await using desk = await openDesk(
    {},
    { [BALANCE]: [applied(-3_000, { type: 'invoice_overpaid', currency: 'jpy' })] },
  )
  const overpaid = invoice({
    currency: 'jpy',
    total: 10_000,
    lines: [{ amount: 10_000 }],
    payments: [{ id: 'inpay_1', amount: 13_000, paidAt: day(5) }],
    changes: { status: 'paid', amount_overpaid: 3_000 },
  })
  expect(await desk.bring(overpaid)).toEqual([
    'invoice in_1 2026-11-02: 801 10000',
    'journalEntry inpay_1-tobalance 2026-11-05: dr 114 3000, cr 213 3000',
    'customerPayment inpay_1 2026-11-05 124: 13000 → invoice/in_1 10000, journalEntry/inpay_1-tobalance 3000',
  ])
  expect(desk.open('invoice', 'in_1')).toBe(0)
  expect(desk.open('customerPayment', 'inpay_1')).toBe(0)
})

test('a negative invoice is a memo with its tax, given to the balance', async () => {
  await using desk = await openDesk({}, { [BALANCE]: [applied(-5_400)] })
  const negative = invoice({
    total: -5_400,
    lines: [
      { amount: -9_000, description: 'Unused time', tax: { amount: -720 } },
      { amount: 4_000, product: 'prod_seats', tax: { amount: 320 } },
    ],
    changes: { status: 'paid', starting_balance: 0, ending_balance: -5_400 },
  })
  expect(await desk.bring(negative)).toEqual([
    'creditMemo in_1-credit 2026-11-02: 801 90.00, 804 -40.00, 808 4.00 → journalEntry/in_1-tobalance 54.00',
    'journalEntry in_1-tobalance 2026-11-02: dr 111 54.00, cr 213 54.00',
  ])
  expect(desk.ledger()).toEqual(['211 4.00', '213 -54.00', '411 50.00'])
})

test('a negative invoice whose credit Stripe put elsewhere parks', async () => {
  await using desk = await openDesk()
  const negative = invoice({ total: -500, lines: [{ amount: -500 }], changes: { status: 'paid' } })
  await expect(desk.bring(negative)).rejects.toMatchObject({ code: 'NS-NEGATIVE' })
})

test('a void gives the balance back first and reverses the whole sale', async () => {
  await using desk = await openDesk({}, { [BALANCE]: [applied(3_000)] })
  await desk.bring(hundred({ changes: { ...thirtyUsed, amount_remaining: 7_000 } }))
  desk.account.stripe.set(BALANCE, [
    applied(3_000),
    applied(-3_000, { id: 'cbtxn_2', type: 'unapplied_from_invoice', created: day(20) }),
  ])
  const voided = hundred({ transitions: { voided_at: day(20) }, changes: { ...thirtyUsed, status: 'void' } })
  expect(await desk.bring(voided)).toEqual([
    'journalEntry in_1-unapplied 2026-11-20: dr 111 30.00, cr 213 30.00',
    'creditMemo in_1-void 2026-11-20: 801 100.00 → invoice/in_1 70.00, journalEntry/in_1-unapplied 30.00',
  ])
  expect(desk.open('invoice', 'in_1')).toBe(0)
  expect(desk.open('creditMemo', 'in_1-void')).toBe(0)
  expect(desk.ledger()).toEqual([])
  // The customer is deleted, and with it what its balance did: the documents stay what they were.
  desk.account.stripe.delete(BALANCE)
  expect(await desk.bring(voided)).toEqual([])
})

test('a credit note to the balance is one memo, applied to the journal that puts it there', async () => {
  await using desk = await openDesk()
  const paid = hundred({
    payments: [{ id: 'inpay_1', amount: 10_000, paidAt: day(3) }],
    changes: { status: 'paid', post_payment_credit_notes_amount: 4_000 },
  })
  await desk.bring(paid)
  const note = creditNote({
    total: 4_000,
    lines: [{ amount: 4_000, invoiceLine: 'il_9' }],
    changes: { customer_balance_transaction: 'cbtxn_5', invoice: paid },
  })
  expect(await desk.bring(note)).toEqual([
    'journalEntry cn_1-tobalance 2026-11-09: dr 111 40.00, cr 213 40.00',
    'creditMemo cn_1 2026-11-09: 801 40.00 → journalEntry/cn_1-tobalance 40.00',
  ])
  expect(desk.open('creditMemo', 'cn_1')).toBe(0)
  expect(desk.ledger()).toEqual(['121 100.00', '213 -40.00', '411 -60.00'])
})

test('movements that do not add up to the invoice park it', async () => {
  await using desk = await openDesk({}, { [BALANCE]: [applied(2_999)] })
  await expect(desk.bring(hundred({ changes: thirtyUsed }))).rejects.toMatchObject({
    code: 'NS-BALANCE',
    message: expect.stringContaining('INV-0042 (USD 100.00)'),
  })
})

test('without accounts for the balance the invoice parks and names them', async () => {
  await using desk = await openDesk({ customerBalance: undefined }, { [BALANCE]: [applied(3_000)] })
  await expect(desk.bring(hundred({ changes: thirtyUsed }))).rejects.toMatchObject({
    code: 'NS-BALANCE',
    hint: expect.stringContaining('hub.config.ts → netsuite.customerBalance'),
  })
  expect(desk.account.simulator.records('invoice')).toEqual([])
})

test('a deleted customer’s balance is gone; the invoice says what it used', async () => {
  await using desk = await openDesk()
  expect(await desk.bring(hundred({ changes: { ...thirtyUsed, amount_remaining: 7_000 } }))).toEqual([
    'invoice in_1 2026-11-02: 801 100.00',
    'creditMemo in_1-balance 2026-11-02: 812 30.00 → invoice/in_1 30.00',
  ])
})
