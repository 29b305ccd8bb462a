// Money in parts, beside Stripe, from balance and credits, too much, and back again: between both simulators, with the
// figures worked by hand. On every invoice: total = amount due + balance applied + what was credited before payment.
import type Stripe from 'stripe'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { charged, type Desk, openDesk } from './desk.fixture.ts'

let desk: Desk
beforeEach(async () => {
  desk = await openDesk()
})
afterEach(() => desk[Symbol.asyncDispose]())

const newCustomer = async (params: Stripe.CustomerCreateParams = {}): Promise<string> => {
  const method = 'pm_card_visa'
  const invoice_settings = { default_payment_method: method }
  const made = await desk.stripe.customers.create({
    name: 'Acme GmbH',
    payment_method: method,
    invoice_settings,
    ...params,
  })
  return made.id
}

/** Finalized, sent, and not paid. */
async function invoiceFor(customer: string, amount: number): Promise<string> {
  await desk.stripe.invoiceItems.create({ customer, amount, currency: 'usd', description: 'Work' })
  const { id } = await desk.stripe.invoices.create({
    customer,
    collection_method: 'send_invoice',
    days_until_due: 30,
    pending_invoice_items_behavior: 'include',
  })
  await desk.stripe.invoices.finalizeInvoice(String(id))
  return String(id)
}

/** Attached to all of them; how far it reaches is seen when it is confirmed. */
const attach = async (customer: string, amount: number, ...invoices: string[]): Promise<string> => {
  const { id } = await desk.stripe.paymentIntents.create({
    customer,
    amount,
    currency: 'usd',
    payment_method: 'pm_card_visa',
  })
  for (const invoice of invoices) await desk.stripe.invoices.attachPayment(invoice, { payment_intent: id })
  return id
}

const pay = async (customer: string, amount: number, invoice: string): Promise<void> => {
  await desk.stripe.paymentIntents.confirm(await attach(customer, amount, invoice))
}

async function reportCheque(customer: string, value: number): Promise<string> {
  const at = Math.floor(Date.parse('2026-11-02T12:00:00Z') / 1000)
  const { id } = await desk.stripe.paymentRecords.reportPayment({
    amount_requested: { currency: 'usd', value },
    customer_details: { customer },
    initiated_at: at,
    outcome: 'guaranteed',
    guaranteed: { guaranteed_at: at },
    payment_method_details: { type: 'custom', custom: { display_name: 'Cheque' } },
  })
  return id
}

const amountsOf = (invoice: string): Record<string, unknown> => {
  const row = desk.record('Stripe_Invoice__c', invoice)
  return {
    status: row?.Status__c,
    total: row?.Total__c,
    due: row?.Amount_Due__c,
    paid: row?.Amount_Paid__c,
    open: row?.Amount_Remaining__c,
    over: row?.Amount_Overpaid__c,
    beside: row?.Paid_Out_Of_Band__c,
    balance: row?.Balance_Applied__c,
    credits: row?.Credits_Applied__c,
    credited: row?.Credited__c,
  }
}

const NOTHING = { over: 0, beside: 0, balance: 0, credits: 0, credited: 0 }

/** By invoice, in the order of creation. */
const paymentsOf = (invoice: string) => {
  const id = desk.record('Stripe_Invoice__c', invoice)?.Id
  return desk.org
    .records('Stripe_Payment__c')
    .filter(({ Invoice__c }) => Invoice__c === id)
    .map(({ Amount__c, Method__c }) => [Amount__c, Method__c])
}

it('an invoice paid in parts has a payment for each, and says what is open after each', async () => {
  const customer = await newCustomer()
  const invoice = await invoiceFor(customer, 10_000)
  await pay(customer, 3_000, invoice)
  await desk.bringAll()
  const part = { ...NOTHING, status: 'open', total: 100, due: 100, paid: 30, open: 70 }
  expect(amountsOf(invoice)).toEqual(part)
  // The payment that waits for the rest is none yet.
  expect(paymentsOf(invoice)).toEqual([[30, 'card']])
  await desk.stripe.invoices.pay(invoice)
  await desk.bringAll()
  expect(amountsOf(invoice)).toEqual({ ...part, status: 'paid', paid: 100, open: 0 })
  expect(new Set(paymentsOf(invoice))).toEqual(
    new Set([
      [30, 'card'],
      [70, 'card'],
    ]),
  )
})

it('a payment that ended before it reached its second invoice is of the first alone, and so is its refund', async () => {
  const customer = await newCustomer()
  const [first, second] = [await invoiceFor(customer, 5_000), await invoiceFor(customer, 6_000)]
  const shared = await attach(customer, 5_000, first, second)
  await desk.stripe.paymentIntents.confirm(shared)
  const refund = await desk.stripe.refunds.create({ payment_intent: shared, amount: 2_500 })
  await desk.bringAll()
  expect(paymentsOf(second)).toEqual([])
  expect(desk.record('Stripe_Refund__c', refund.id)).toMatchObject({
    Invoice__c: desk.record('Stripe_Invoice__c', first)?.Id,
  })
})

it('what was paid beside Stripe is told apart, with the record it was reported as', async () => {
  const customer = await newCustomer()
  const invoice = await invoiceFor(customer, 10_000)
  const record = await reportCheque(customer, 4_000)
  await desk.stripe.invoices.attachPayment(invoice, { payment_record: record })
  await pay(customer, 6_000, invoice)
  await desk.bringAll()
  expect(amountsOf(invoice)).toEqual({
    ...NOTHING,
    status: 'paid',
    total: 100,
    due: 100,
    paid: 100,
    open: 0,
    beside: 40,
  })
  const payments = desk.org.records('Stripe_Payment__c')
  expect(payments.find(({ Payment_Record__c }) => Payment_Record__c === record)).toMatchObject({
    Amount__c: 40,
    Method__c: 'out_of_band',
    Payment_Intent__c: null,
    Charge__c: null,
  })
})

it('what is paid too much is on the payment, on the invoice as overpaid, and on the balance', async () => {
  const customer = await newCustomer()
  const invoice = await invoiceFor(customer, 10_000)
  desk.account.receiveTransfer(invoice, 12_345)
  await desk.bringAll()
  // 123.45 = 100.00 paid + 23.45 overpaid.
  expect(amountsOf(invoice)).toEqual({
    ...NOTHING,
    status: 'paid',
    total: 100,
    due: 100,
    paid: 100,
    open: 0,
    over: 23.45,
  })
  expect(paymentsOf(invoice)).toMatchObject([[123.45, expect.any(String)]])
  expect(desk.record('Stripe_Customer__c', customer)).toMatchObject({ Balance__c: -23.45 })
})

it('balance that an invoice used, added or gave explains what the customer was asked for', async () => {
  const [credit, debt, negative] = [await newCustomer(), await newCustomer(), await newCustomer()]
  await desk.stripe.customers.createBalanceTransaction(credit, { amount: -3_000, currency: 'usd' })
  await desk.stripe.customers.createBalanceTransaction(debt, { amount: 700, currency: 'usd' })
  const used = await invoiceFor(credit, 10_000)
  await desk.stripe.invoices.pay(used)
  const added = await invoiceFor(debt, 10_000)
  const gave = await invoiceFor(negative, -4_500)
  await desk.bringAll()
  // 100.00 = 70.00 by card + 30.00 from balance: nothing is open.
  expect(amountsOf(used)).toEqual({
    ...NOTHING,
    status: 'paid',
    total: 100,
    due: 70,
    paid: 70,
    open: 0,
    balance: 30,
  })
  expect(amountsOf(added)).toEqual({
    ...NOTHING,
    status: 'open',
    total: 100,
    due: 107,
    paid: 0,
    open: 107,
    balance: -7,
  })
  expect(amountsOf(gave)).toEqual({
    ...NOTHING,
    status: 'paid',
    total: -45,
    due: 0,
    paid: 0,
    open: 0,
    balance: -45,
  })
  expect(desk.record('Stripe_Customer__c', negative)).toMatchObject({ Balance__c: -45 })
})

it('a draft has used no balance yet', async () => {
  const customer = await newCustomer()
  await desk.stripe.customers.createBalanceTransaction(customer, { amount: -3_000, currency: 'usd' })
  await desk.stripe.invoiceItems.create({ customer, amount: 10_000, currency: 'usd', description: 'Work' })
  const { id } = await desk.stripe.invoices.create({ customer, pending_invoice_items_behavior: 'include' })
  await desk.bringAll()
  expect(amountsOf(String(id))).toMatchObject({ status: 'draft', total: 100, due: 100, balance: 0 })
})

it('billing credits stand beside discounts: subtotal − discount − credits + tax = total', async () => {
  const customer = await newCustomer()
  const meter = await desk.stripe.billing.meters.create({
    display_name: 'Calls',
    event_name: 'calls',
    default_aggregation: { formula: 'sum' },
  })
  const { id: price } = await desk.stripe.prices.create({
    currency: 'usd',
    unit_amount: 200,
    product_data: { name: 'Calls' },
    recurring: { interval: 'month', usage_type: 'metered', meter: meter.id },
  })
  const coupon = await desk.stripe.coupons.create({ percent_off: 10, duration: 'forever' })
  const { id: subscription } = await desk.stripe.subscriptions.create({
    customer,
    items: [{ price }],
    discounts: [{ coupon: coupon.id }],
  })
  await desk.stripe.billing.creditGrants.create({
    customer,
    amount: { type: 'monetary', monetary: { currency: 'usd', value: 3_000 } },
    applicability_config: { scope: { price_type: 'metered' } },
    category: 'paid',
  })
  await desk.stripe.billing.meterEvents.create({
    event_name: 'calls',
    payload: { stripe_customer_id: customer, value: '40' },
  })
  desk.days(32)
  const [invoice] = (await desk.stripe.invoices.list({ subscription, limit: 1 })).data
  await desk.bringAll()
  // 40 × 2.00 = 80.00, less 10 % = 72.00, less 30.00 of credits = 42.00.
  expect(desk.record('Stripe_Invoice__c', invoice?.id ?? '')).toMatchObject({
    Subtotal__c: 80,
    Discount__c: 8,
    Credits_Applied__c: 30,
    Tax__c: 0,
    Total__c: 42,
    Amount_Due__c: 42,
    Amount_Paid__c: 42,
    Balance_Applied__c: 0,
  })
})

it('a refund that fails stays, as failed, with the reason', async () => {
  const { charge, invoice } = await charged(desk, 10_000, { currency: 'usd' })
  const refund = await desk.stripe.refunds.create({ charge, amount: 4_000 })
  await desk.bringAll()
  expect(desk.record('Stripe_Refund__c', refund.id)).toMatchObject({
    Status__c: 'succeeded',
    Amount__c: 40,
    Failure_Reason__c: null,
    Invoice__c: desk.record('Stripe_Invoice__c', invoice)?.Id,
  })
  desk.days(5)
  desk.account.failRefund(refund.id, 'expired_or_canceled_card')
  await desk.bring('refund', refund.id)
  expect(desk.record('Stripe_Refund__c', refund.id)).toMatchObject({
    Status__c: 'failed',
    Amount__c: 40,
    Failure_Reason__c: 'expired_or_canceled_card',
  })
  expect(amountsOf(invoice)).toMatchObject({ paid: 100, open: 0 })
})

it('a credit note that is voided leaves the invoice as if it had never been', async () => {
  const customer = await newCustomer()
  const invoice = await invoiceFor(customer, 10_000)
  const line = (await desk.stripe.invoices.retrieve(invoice)).lines.data[0]?.id ?? ''
  const note = await desk.stripe.creditNotes.create({
    invoice,
    lines: [{ type: 'invoice_line_item', invoice_line_item: line, amount: 1_900 }],
  })
  await desk.bringAll()
  const credited = { ...NOTHING, status: 'open', total: 100, due: 81, paid: 0, open: 81, credited: 19 }
  expect(amountsOf(invoice)).toEqual(credited)
  expect(desk.record('Stripe_Credit_Note__c', note.id)).toMatchObject({
    Status__c: 'issued',
    Total__c: 19,
    Refunded__c: 0,
    Balance_Credited__c: 0,
    Out_Of_Band__c: 0,
    Voided_At__c: null,
  })
  await desk.stripe.creditNotes.voidCreditNote(note.id)
  await desk.bringAll()
  expect(amountsOf(invoice)).toEqual({ ...credited, due: 100, open: 100, credited: 0 })
  expect(desk.record('Stripe_Credit_Note__c', note.id)).toMatchObject({
    Status__c: 'void',
    Total__c: 19,
    Voided_At__c: '2026-11-02T12:00:00.000+0000',
  })
})
