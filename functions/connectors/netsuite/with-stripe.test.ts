// The connector between the two simulators, for months in which everything happens: what Stripe's own objects look like,
// and the two sums that must hold at any time. Per invoice: open in NetSuite = Stripe's amount_remaining. Per currency: the
// clearing account = the Stripe balance + the fees of movements that no posted payout has − bank debits still pending.
import type Stripe from 'stripe'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createStripeSimulator, type StripeSimulator } from '../../../local/simulators/stripe/server.ts'
import { createStripeReader } from '../../../shared/stripe/access.ts'
import { createStripeClient } from '../../../shared/stripe/client.ts'
import { startAccount, type TestAccount } from './account.fixture.ts'
import { type Desk, deskOf } from './desk.fixture.ts'
import { manifest } from './manifest.ts'
import { fullConfig } from './objects.fixture.ts'
import type { Root } from './project.ts'

let account: TestAccount
let simulator: StripeSimulator
let stripe: Stripe
let desk: Desk
let close: () => Promise<void>

/** What others refer to comes first. */
const ORDER = ['customer', 'invoice', 'credit_note', 'refund', 'dispute', 'payout'] as const

beforeEach(async () => {
  account = await startAccount({}, Date.parse('2026-11-02T12:00:00Z'))
  simulator = createStripeSimulator({ now: () => account.clock.now(), seed: 11, apiKey: 'sk_test_1' })
  const server = await simulator.listen()
  close = server.close
  stripe = createStripeClient({ apiKey: 'sk_test_1', baseUrl: server.url })
  const payouts = { bankAccounts: { USD: '131', EUR: '132', JPY: '134' }, feeAccount: '612' }
  const config = {
    ...fullConfig,
    defaultItem: '801',
    creditItem: '801',
    payouts,
    customerSubsidiary: { default: 'us' },
  }
  desk = deskOf(account, account.connect({ config, stripeUrl: server.url }))
})
afterEach(async () => {
  await close()
  await account[Symbol.asyncDispose]()
})

const days = (count: number): void => {
  for (let day = 0; day < count; day += 1) {
    account.clock.advance(86_400_000)
    simulator.runDue()
  }
}

/** Brings every object that Stripe has, as it is now. @returns the new documents. */
async function bringAll(): Promise<string[]> {
  const reader = createStripeReader(stripe)
  const { store } = simulator
  const all = {
    customer: store.customers.all(),
    invoice: store.invoices.all(),
    credit_note: store.creditNotes.all(),
    refund: store.refunds.all(),
    dispute: store.disputes.all(),
    payout: store.payouts.all(),
  }
  const documents: string[] = []
  for (const type of ORDER) {
    for (const { id } of all[type]) {
      const fetched = await reader.fetch({ type, id }, manifest.objects[type])
      if (!('object' in fetched)) throw new Error(`${id} is gone`)
      documents.push(...(await desk.bring(fetched.object as unknown as Root)))
    }
  }
  tie()
  return documents.map((line) => line.replace(/_[A-Za-z0-9]{10,}/g, '_…'))
}

const cents = (value: unknown, currency: string): number =>
  Math.round(Number(value ?? 0) * (currency === 'jpy' ? 1 : currency === 'kwd' ? 1_000 : 100))

function tie(): void {
  for (const { id, status, amount_remaining, currency } of simulator.store.invoices.all()) {
    const reversals = simulator.store.creditNotes.of(id).map((note) => `${note.id}-void`)
    const open = [id, ...reversals].reduce(
      (sum, name) => sum + cents(desk.open('invoice', name), currency),
      0,
    )
    const owed = openJournal(`${id}-owed`, currency)
    const expected = status === 'open' ? amount_remaining : 0
    expect(open + owed, `open on ${id} (${status})`).toBe(expected)
  }
  const accounts: Record<string, string> = { usd: '121', eur: '122', jpy: '124' }
  for (const [currency, clearing] of Object.entries(accounts)) {
    const movements = simulator.store.balanceTransactions.all().filter((each) => each.currency === currency)
    const balance = movements.reduce((sum, { net }) => sum + net, 0)
    const unposted = movements.filter(
      ({ id, type, reporting_category }) =>
        type !== 'payout' &&
        !reporting_category.startsWith('dispute') &&
        !isPosted(simulator.store.hidden.paidOut.get(id)),
    )
    const fees = unposted.reduce((sum, { fee }) => sum + fee, 0)
    // A bank debit is in the Stripe balance from the day it is asked for, and a payment once it has succeeded.
    const debits = movements.filter(
      ({ source }) => simulator.store.charges.get(source ?? '')?.status === 'pending',
    )
    const pending = debits.reduce((sum, { amount }) => sum + amount, 0)
    expect(inClearing(clearing, currency), `clearing ${currency}`).toBe(balance + fees - pending)
  }
}

const isPosted = (payout: string | undefined): boolean =>
  payout !== undefined && account.simulator.find('journalEntry', payout) !== undefined

function openJournal(externalId: string, currency: string): number {
  const journal = account.simulator.find('journalEntry', externalId)
  if (!journal) return 0
  const [row] = account.simulator.query(
    `SELECT SUM(l.foreignamount) AS applied FROM NextTransactionLineLink l WHERE l.previousdoc = ${String(journal.id)}`,
  )
  const [total] = account.simulator.query(
    `SELECT foreigntotal FROM transaction WHERE id = ${String(journal.id)}`,
  )
  return cents(total?.foreigntotal, currency) - cents(row?.applied, currency)
}

/** In the account's own currency. */
function inClearing(clearing: string, currency: string): number {
  const rows = account.simulator.query(
    `SELECT tl.foreignamount AS amount, t.currency AS currency, a.amount AS base
     FROM transactionaccountingline a INNER JOIN transaction t ON t.id = a.transaction
     INNER JOIN transactionline tl ON tl.transaction = a.transaction AND tl.id = a.transactionline
     WHERE a.account = ${clearing}`,
  )
  // A foreign payment into a dollar account is there in dollars.
  return rows.reduce((sum, row) => sum + cents(currency === 'usd' ? row.base : row.amount, currency), 0)
}

const onCard = (params: Stripe.CustomerCreateParams = {}) =>
  stripe.customers.create({
    name: 'Ada',
    payment_method: 'pm_card_visa',
    invoice_settings: { default_payment_method: 'pm_card_visa' },
    ...params,
  })

async function issue(customer: string, amounts: number[], currency = 'usd'): Promise<string> {
  for (const amount of amounts)
    await stripe.invoiceItems.create({ customer, amount, currency, description: 'Work' })
  const invoice = await stripe.invoices.create({
    customer,
    currency,
    collection_method: 'send_invoice',
    days_until_due: 30,
    auto_advance: false,
    pending_invoice_items_behavior: 'include',
  })
  await stripe.invoices.finalizeInvoice(String(invoice.id), { auto_advance: false })
  return String(invoice.id)
}

const chargeOf = async (customer: string): Promise<string> =>
  (await stripe.charges.list({ customer, limit: 1 })).data[0]?.id ?? ''

test('credit of 30 is used, the rest is paid by card', async () => {
  const { id } = await onCard()
  await stripe.customers.createBalanceTransaction(id, { amount: -3_000, currency: 'usd' })
  const invoice = await issue(id, [10_000])
  expect(await bringAll()).toEqual([
    'journalEntry cbtxn_… 2026-11-02: cr 213 30.00, dr 614 30.00',
    'invoice in_… 2026-11-02: 801 100.00',
    'creditMemo in_…-balance 2026-11-02: 812 30.00 → invoice/in_… 30.00',
  ])
  days(3)
  await stripe.invoices.pay(invoice)
  expect(await bringAll()).toEqual(['customerPayment inpay_… 2026-11-05 121: 70.00 → invoice/in_… 70.00'])
  expect(desk.ledger()).toEqual(['121 70.00', '411 -100.00', '614 30.00'])
})

test('a transfer of a part, then one of more than the rest', async () => {
  const { id } = await onCard()
  const invoice = await issue(id, [10_000])
  simulator.receiveTransfer(invoice, 4_000)
  await bringAll()
  days(2)
  simulator.receiveTransfer(invoice, 8_500)
  expect(await bringAll()).toEqual([
    'journalEntry inpay_…-tobalance 2026-11-04: dr 111 25.00, cr 213 25.00',
    'customerPayment inpay_… 2026-11-04 121: 85.00 → invoice/in_… 60.00, journalEntry/inpay_…-tobalance 25.00',
  ])
  // The next invoice takes it.
  const next = await issue(id, [2_000])
  await bringAll()
  expect(desk.open('invoice', next)).toBe(0)
  expect(desk.ledger()).toEqual(['121 125.00', '213 -5.00', '411 -120.00'])
})

test('voided with credit used; voided after a credit note was taken back', async () => {
  const { id } = await onCard()
  await stripe.customers.createBalanceTransaction(id, { amount: -3_000, currency: 'usd' })
  const first = await issue(id, [10_000])
  await bringAll()
  days(1)
  await stripe.invoices.voidInvoice(first)
  await bringAll()
  expect(desk.ledger()).toEqual(['213 -30.00', '614 30.00'])
  const second = await issue(id, [10_000])
  const note = await stripe.creditNotes.create({ invoice: second, amount: 2_000 })
  await bringAll()
  days(1)
  await stripe.creditNotes.voidCreditNote(note.id)
  await bringAll()
  days(1)
  await stripe.invoices.voidInvoice(second)
  await bringAll()
  expect(desk.ledger()).toEqual(['213 -30.00', '614 30.00'])
})

test('a negative invoice is kept for the next one', async () => {
  const { id } = await onCard()
  await issue(id, [-5_000, 2_000])
  expect(await bringAll()).toEqual([
    'creditMemo in_…-credit 2026-11-02: 801 50.00, 801 -20.00 → journalEntry/in_…-tobalance 30.00',
    'journalEntry in_…-tobalance 2026-11-02: dr 111 30.00, cr 213 30.00',
  ])
  await issue(id, [8_000])
  await bringAll()
  expect(desk.ledger()).toEqual(['111 50.00', '411 -50.00'])
})

test('written off, and paid by card weeks later', async () => {
  const { id } = await onCard()
  const invoice = await issue(id, [10_000])
  await stripe.invoices.markUncollectible(invoice)
  await bringAll()
  expect(desk.ledger()).toEqual(['411 -100.00', '611 100.00'])
  days(20)
  await stripe.invoices.pay(invoice)
  await bringAll()
  expect(desk.ledger()).toEqual(['121 100.00', '411 -100.00'])
})

test('a credit note to card and balance, a dispute won, a debit returned, and the payouts of a month', async () => {
  const ada = await onCard()
  const first = await issue(ada.id, [10_000])
  await stripe.invoices.pay(first)
  await stripe.creditNotes.create({
    invoice: first,
    amount: 5_000,
    refund_amount: 3_000,
    credit_amount: 2_000,
  })
  const bea = await onCard()
  await stripe.invoices.pay(await issue(bea.id, [20_000]))
  const disputed = simulator.openDispute(await chargeOf(bea.id))
  await bringAll()
  simulator.payOut('usd')
  await bringAll()
  days(10)
  simulator.closeDispute(disputed.id, 'won')
  const cleo = await onCard({
    payment_method: 'pm_usBankAccount',
    invoice_settings: { default_payment_method: 'pm_usBankAccount' },
  })
  await stripe.invoices.pay(await issue(cleo.id, [30_000]))
  await bringAll()
  days(10)
  await bringAll()
  simulator.returnDebit(await chargeOf(cleo.id), 'insufficient_funds')
  await bringAll()
  const payout = simulator.payOut('usd')
  await bringAll()
  days(1)
  simulator.failPayout(payout.id)
  await bringAll()
  simulator.payOut('usd')
  await bringAll()
  expect(desk.ledger().filter((line) => /^(111|121|141) /.test(line))).toEqual([])
})

test('yen and euros settled in dollars', async () => {
  simulator.settleCurrency('eur', { into: 'usd', rate: '1.0871' })
  simulator.settleCurrency('jpy', { into: 'usd', rate: '0.006543' })
  const inEuro = await onCard()
  const invoice = await issue(inEuro.id, [11_900], 'eur')
  await stripe.invoices.pay(invoice)
  await stripe.creditNotes.create({ invoice, amount: 1_900, refund_amount: 1_900 })
  const inYen = await onCard()
  await stripe.invoices.pay(await issue(inYen.id, [123_457], 'jpy'))
  await bringAll()
  // 119.00 − 19.00 at 1.0871 is 129.36 − 20.65; 123,457 at 0.006543 is 807.78.
  expect(desk.ledger().find((line) => line.startsWith('121'))).toBe('121 916.49')
  simulator.payOut('usd')
  await bringAll()
  expect(desk.ledger().filter((line) => /^(111|112|114|121) /.test(line))).toEqual([])
})

test('billing credits that were sold are earned by the draw; those given away are a discount', async () => {
  const { id } = await onCard()
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
  const grant = (category: 'paid' | 'promotional', value: number) =>
    stripe.billing.creditGrants.create({
      customer: id,
      category,
      amount: { type: 'monetary', monetary: { currency: 'usd', value } },
      applicability_config: { scope: { price_type: 'metered' } },
    })
  await stripe.subscriptions.create({ customer: id, items: [{ price: usage.id }] })
  await grant('paid', 1_500)
  await grant('promotional', 700)
  const payload = { stripe_customer_id: id, value: '20' }
  await stripe.billing.meterEvents.create({
    event_name: 'calls',
    payload,
    timestamp: Math.floor(account.clock.now() / 1_000),
  })
  days(32)
  const documents = await bringAll()
  // 20 calls at 2.00, less 15.00 sold before and 7.00 given away: 18.00 by card.
  expect(documents.filter((line) => !line.startsWith('customerPayment'))).toEqual([
    'invoice in_… 2026-12-02: 801 18.00',
    'journalEntry in_…-credits 2026-12-02: dr 212 15.00, cr 412 15.00',
  ])
  expect(desk.ledger()).toEqual(['121 18.00', '212 15.00', '411 -18.00', '412 -15.00'])
})
