// The connector between the two simulators, for months in which everything happens: what Stripe's own objects look like,
// and the two sums that must hold at any time. Per invoice: open in NetSuite = Stripe's amount_remaining. Per currency: the
// clearing account = the Stripe balance + the fees of movements that no posted payout has − bank debits still pending.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openStripeDesk, type StripeDesk } from './stripe-desk.fixture.ts'

let at: StripeDesk

beforeEach(async () => {
  at = await openStripeDesk()
})
afterEach(() => at[Symbol.asyncDispose]())

/** Brings everything, and looks at the sums. @returns the new documents, without the rest of their ids. */
async function bringAll(): Promise<string[]> {
  const documents = await at.bringAll()
  tie()
  return documents.map((line) => line.replace(/_[A-Za-z0-9]{10,}/g, '_…'))
}

const cents = (value: unknown, currency: string): number =>
  Math.round(Number(value ?? 0) * (currency === 'jpy' ? 1 : currency === 'kwd' ? 1_000 : 100))

function tie(): void {
  for (const { id, status, amount_remaining, currency } of at.simulator.store.invoices.all()) {
    const reversals = at.simulator.store.creditNotes.of(id).map((note) => `${note.id}-void`)
    const open = [id, ...reversals].reduce(
      (sum, name) => sum + cents(at.desk.open('invoice', name), currency),
      0,
    )
    const owed = openJournal(`${id}-owed`, currency)
    const expected = status === 'open' ? amount_remaining : 0
    expect(open + owed, `open on ${id} (${status})`).toBe(expected)
  }
  const accounts: Record<string, string> = { usd: '121', eur: '122', jpy: '124' }
  for (const [currency, clearing] of Object.entries(accounts)) {
    const movements = at.simulator.store.balanceTransactions
      .all()
      .filter((each) => each.currency === currency)
    const balance = movements.reduce((sum, { net }) => sum + net, 0)
    const unposted = movements.filter(
      ({ id, type, reporting_category }) =>
        type !== 'payout' &&
        !reporting_category.startsWith('dispute') &&
        !isPosted(at.simulator.store.hidden.paidOut.get(id)),
    )
    const fees = unposted.reduce((sum, { fee }) => sum + fee, 0)
    // A bank debit is in the Stripe balance from the day it is asked for, and a payment once it has succeeded.
    const debits = movements.filter(
      ({ source }) => at.simulator.store.charges.get(source ?? '')?.status === 'pending',
    )
    const pending = debits.reduce((sum, { amount }) => sum + amount, 0)
    expect(inClearing(clearing, currency), `clearing ${currency}`).toBe(balance + fees - pending)
  }
}

const isPosted = (payout: string | undefined): boolean =>
  payout !== undefined && at.account.simulator.find('journalEntry', payout) !== undefined

function openJournal(externalId: string, currency: string): number {
  const journal = at.account.simulator.find('journalEntry', externalId)
  if (!journal) return 0
  const [row] = at.account.simulator.query(
    `SELECT SUM(l.foreignamount) AS applied FROM NextTransactionLineLink l WHERE l.previousdoc = ${String(journal.id)}`,
  )
  const [total] = at.account.simulator.query(
    `SELECT foreigntotal FROM transaction WHERE id = ${String(journal.id)}`,
  )
  return cents(total?.foreigntotal, currency) - cents(row?.applied, currency)
}

/** In the account's own currency. */
function inClearing(clearing: string, currency: string): number {
  const rows = at.account.simulator.query(
    `SELECT tl.foreignamount AS amount, t.currency AS currency, a.amount AS base
     FROM transactionaccountingline a INNER JOIN transaction t ON t.id = a.transaction
     INNER JOIN transactionline tl ON tl.transaction = a.transaction AND tl.id = a.transactionline
     WHERE a.account = ${clearing}`,
  )
  // A foreign payment into a dollar account is there in dollars.
  return rows.reduce((sum, row) => sum + cents(currency === 'usd' ? row.base : row.amount, currency), 0)
}

test('credit of 30 is used, the rest is paid by card', async () => {
  const { id } = await at.onCard()
  await at.stripe.customers.createBalanceTransaction(id, { amount: -3_000, currency: 'usd' })
  const invoice = await at.issue(id, [10_000])
  expect(await bringAll()).toEqual([
    'journalEntry cbtxn_… 2026-11-02: cr 213 30.00, dr 614 30.00',
    'invoice in_… 2026-11-02: 801 100.00',
    'creditMemo in_…-balance 2026-11-02: 812 30.00 → invoice/in_… 30.00',
  ])
  at.days(3)
  await at.stripe.invoices.pay(invoice)
  expect(await bringAll()).toEqual(['customerPayment inpay_… 2026-11-05 121: 70.00 → invoice/in_… 70.00'])
  expect(at.desk.ledger()).toEqual(['121 70.00', '411 -100.00', '614 30.00'])
})

test('a transfer of a part, then one of more than the rest', async () => {
  const { id } = await at.onCard()
  const invoice = await at.issue(id, [10_000])
  at.simulator.receiveTransfer(invoice, 4_000)
  await bringAll()
  at.days(2)
  at.simulator.receiveTransfer(invoice, 8_500)
  expect(await bringAll()).toEqual([
    'journalEntry inpay_…-tobalance 2026-11-04: dr 111 25.00, cr 213 25.00',
    'customerPayment inpay_… 2026-11-04 121: 85.00 → invoice/in_… 60.00, journalEntry/inpay_…-tobalance 25.00',
  ])
  // The next invoice takes it.
  const next = await at.issue(id, [2_000])
  await bringAll()
  expect(at.desk.open('invoice', next)).toBe(0)
  expect(at.desk.ledger()).toEqual(['121 125.00', '213 -5.00', '411 -120.00'])
})

test('voided with credit used; voided after a credit note was taken back', async () => {
  const { id } = await at.onCard()
  await at.stripe.customers.createBalanceTransaction(id, { amount: -3_000, currency: 'usd' })
  const first = await at.issue(id, [10_000])
  await bringAll()
  at.days(1)
  await at.stripe.invoices.voidInvoice(first)
  await bringAll()
  expect(at.desk.ledger()).toEqual(['213 -30.00', '614 30.00'])
  const second = await at.issue(id, [10_000])
  const note = await at.stripe.creditNotes.create({ invoice: second, amount: 2_000 })
  await bringAll()
  at.days(1)
  await at.stripe.creditNotes.voidCreditNote(note.id)
  await bringAll()
  at.days(1)
  await at.stripe.invoices.voidInvoice(second)
  await bringAll()
  expect(at.desk.ledger()).toEqual(['213 -30.00', '614 30.00'])
})

test('a negative invoice is kept for the next one', async () => {
  const { id } = await at.onCard()
  await at.issue(id, [-5_000, 2_000])
  expect(await bringAll()).toEqual([
    'creditMemo in_…-credit 2026-11-02: 801 50.00, 801 -20.00 → journalEntry/in_…-tobalance 30.00',
    'journalEntry in_…-tobalance 2026-11-02: dr 111 30.00, cr 213 30.00',
  ])
  await at.issue(id, [8_000])
  await bringAll()
  expect(at.desk.ledger()).toEqual(['111 50.00', '411 -50.00'])
})

test('a partly paid invoice cannot be voided; the rest of it is credited, and the payment stays', async () => {
  const { id } = await at.onCard()
  const invoice = await at.issue(id, 10_000)
  at.simulator.receiveTransfer(invoice, 4_000)
  await bringAll()
  await expect(at.stripe.invoices.voidInvoice(invoice)).rejects.toMatchObject({ statusCode: 400 })
  await at.stripe.creditNotes.create({ invoice, amount: 6_000 })
  expect(await bringAll()).toEqual(['creditMemo cn_… 2026-11-02: 801 60.00 → invoice/in_… 60.00'])
  expect(at.desk.ledger()).toEqual(['121 40.00', '411 -40.00'])
})

test('written off, and paid by card weeks later', async () => {
  const { id } = await at.onCard()
  const invoice = await at.issue(id, [10_000])
  await at.stripe.invoices.markUncollectible(invoice)
  await bringAll()
  expect(at.desk.ledger()).toEqual(['411 -100.00', '611 100.00'])
  at.days(20)
  await at.stripe.invoices.pay(invoice)
  await bringAll()
  expect(at.desk.ledger()).toEqual(['121 100.00', '411 -100.00'])
})

test('a credit note to card and balance, a dispute won, a debit returned, and the payouts of a month', async () => {
  const ada = await at.onCard()
  const first = await at.issue(ada.id, [10_000])
  await at.stripe.invoices.pay(first)
  await at.stripe.creditNotes.create({
    invoice: first,
    amount: 5_000,
    refund_amount: 3_000,
    credit_amount: 2_000,
  })
  const bea = await at.onCard()
  await at.stripe.invoices.pay(await at.issue(bea.id, [20_000]))
  const disputed = at.simulator.openDispute(await at.chargeOf(bea.id))
  await bringAll()
  at.simulator.payOut('usd')
  await bringAll()
  at.days(10)
  at.simulator.closeDispute(disputed.id, 'won')
  const cleo = await at.onCard({
    payment_method: 'pm_usBankAccount',
    invoice_settings: { default_payment_method: 'pm_usBankAccount' },
  })
  await at.stripe.invoices.pay(await at.issue(cleo.id, [30_000]))
  await bringAll()
  at.days(10)
  await bringAll()
  at.simulator.returnDebit(await at.chargeOf(cleo.id), 'insufficient_funds')
  await bringAll()
  const payout = at.simulator.payOut('usd')
  await bringAll()
  at.days(1)
  at.simulator.failPayout(payout.id)
  await bringAll()
  at.simulator.payOut('usd')
  await bringAll()
  expect(at.desk.ledger().filter((line) => /^(111|121|141) /.test(line))).toEqual([])
})

test('yen and euros settled in dollars', async () => {
  at.simulator.settleCurrency('eur', { into: 'usd', rate: '1.0871' })
  at.simulator.settleCurrency('jpy', { into: 'usd', rate: '0.006543' })
  const inEuro = await at.onCard()
  const invoice = await at.issue(inEuro.id, [11_900], 'eur')
  await at.stripe.invoices.pay(invoice)
  await at.stripe.creditNotes.create({ invoice, amount: 1_900, refund_amount: 1_900 })
  const inYen = await at.onCard()
  await at.stripe.invoices.pay(await at.issue(inYen.id, [123_457], 'jpy'))
  await bringAll()
  // 119.00 − 19.00 at 1.0871 is 129.36 − 20.65; 123,457 at 0.006543 is 807.78.
  expect(at.desk.ledger().find((line) => line.startsWith('121'))).toBe('121 916.49')
  at.simulator.payOut('usd')
  await bringAll()
  expect(at.desk.ledger().filter((line) => /^(111|112|114|121) /.test(line))).toEqual([])
})

test('billing credits that were sold are earned by the draw; those given away are a discount', async () => {
  const { id } = await at.onCard()
  const meter = await at.stripe.billing.meters.create({
    display_name: 'Calls',
    event_name: 'calls',
    default_aggregation: { formula: 'sum' },
  })
  const usage = await at.stripe.prices.create({
    currency: 'usd',
    unit_amount: 200,
    product_data: { name: 'Calls' },
    recurring: { interval: 'month', usage_type: 'metered', meter: meter.id },
  })
  const grant = (category: 'paid' | 'promotional', value: number) =>
    at.stripe.billing.creditGrants.create({
      customer: id,
      category,
      amount: { type: 'monetary', monetary: { currency: 'usd', value } },
      applicability_config: { scope: { price_type: 'metered' } },
    })
  await at.stripe.subscriptions.create({ customer: id, items: [{ price: usage.id }] })
  await grant('paid', 1_500)
  await grant('promotional', 700)
  const payload = { stripe_customer_id: id, value: '20' }
  await at.stripe.billing.meterEvents.create({
    event_name: 'calls',
    payload,
    timestamp: Math.floor(at.account.clock.now() / 1_000),
  })
  at.days(32)
  const documents = await bringAll()
  // 20 calls at 2.00, less 15.00 sold before and 7.00 given away: 18.00 by card.
  expect(documents.filter((line) => !line.startsWith('customerPayment'))).toEqual([
    'invoice in_… 2026-12-02: 801 18.00',
    'journalEntry in_…-credits 2026-12-02: dr 212 15.00, cr 412 15.00',
  ])
  expect(at.desk.ledger()).toEqual(['121 18.00', '212 15.00', '411 -18.00', '412 -15.00'])
})

test('payouts made by hand: each fee is posted with its payment, and the clearing account is the Stripe balance', async () => {
  await at[Symbol.asyncDispose]()
  const payouts = { bankAccounts: { USD: '131' }, feeAccount: '612', feesWithPaymentsFrom: '2026-11-01' }
  at = await openStripeDesk({ payouts })
  const pay = async (amount: number) => {
    const { id } = await at.onCard()
    const invoice = await at.issue(id, amount)
    await at.stripe.invoices.pay(invoice)
    return invoice
  }
  const balance = () => at.simulator.store.balanceTransactions.all().reduce((sum, { net }) => sum + net, 0)
  const first = await pay(10_000)
  await at.stripe.creditNotes.create({ invoice: first, amount: 3_000, refund_amount: 3_000 })
  await at.bringAll()
  // 100.00 less 3.20, less the 30.00 that went back.
  expect([balance(), inClearing('121', 'usd')]).toEqual([6_680, 6_680])
  at.days(3)
  await at.stripe.payouts.create({ amount: 5_000, currency: 'usd' })
  await pay(20_000)
  at.days(4)
  await at.bringAll()
  // And 200.00 less 6.10, less the 50.00 that are at the bank.
  expect([balance(), inClearing('121', 'usd')]).toEqual([21_070, 21_070])
  // From now on Stripe pays out by itself: what is left goes, and no fee is posted a second time.
  at.simulator.setPayoutSchedule('daily')
  await pay(1_000)
  await at.bringAll()
  const fees = () => at.desk.ledger().find((line) => line.startsWith('612 '))
  // 3.20 + 6.10 + 0.59
  expect([inClearing('121', 'usd'), fees()]).toEqual([balance(), '612 9.89'])
  at.simulator.payOut('usd')
  at.days(3)
  await at.bringAll()
  expect([balance(), inClearing('121', 'usd'), fees()]).toEqual([0, 0, '612 9.89'])
})
