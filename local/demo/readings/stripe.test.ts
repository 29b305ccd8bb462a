import type Stripe from 'stripe'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { DAY, type Play, START, startPlay } from '../../simulators/stripe/play.fixture.ts'
import { readStripe, type StripeReading } from './stripe.ts'

let play: Play
let customer: string
let reading: StripeReading

const draft = async (amounts: number[], more: Partial<Stripe.InvoiceCreateParams> = {}): Promise<string> => {
  const invoice = await play.stripe.invoices.create({
    customer,
    currency: 'usd',
    auto_advance: false,
    collection_method: 'send_invoice',
    days_until_due: 30,
    ...more,
  })
  for (const amount of amounts) {
    await play.stripe.invoiceItems.create({ customer, invoice: invoice.id, amount, currency: 'usd' })
  }
  return invoice.id
}

/** 10 % on every line but the last `except`. */
const tax = async (id: string, except = 0): Promise<void> => {
  const lines = await play.stripe.invoices
    .listLineItems(id, { limit: 100 })
    .autoPagingToArray({ limit: 1000 })
  await play.stripe.invoices.updateLines(id, {
    lines: lines.slice(0, lines.length - except).map((line) => ({
      id: line.id,
      tax_amounts: [
        {
          amount: line.amount / 10,
          taxable_amount: line.amount,
          tax_rate_data: { display_name: 'VAT', percentage: 10, inclusive: false },
        },
      ],
    })),
  })
}

const ids: Record<string, string> = {}

beforeAll(async () => {
  play = await startPlay()
  const { stripe } = play
  customer = (await play.customer()).id
  for (let index = 0; index < 101; index += 1) await stripe.customers.create({ name: `Customer ${index}` })
  const gone = await stripe.customers.create({ name: 'Gone' })
  await stripe.customers.del(gone.id)

  const price = await play.price(5_000)
  const subscription = await stripe.subscriptions.create({ customer, items: [{ price: price.id }] })
  ids.self = String(subscription.latest_invoice)
  await stripe.subscriptions.cancel(subscription.id)
  ids.subscription = subscription.id

  ids.draft = await draft([700])
  ids.taxed = await draft([10_000])
  ids.untaxed = await draft([800])
  ids.partly = await draft(Array.from({ length: 12 }, () => 100))
  ids.zero = await draft([])
  ids.lost = await draft([3_000])
  ids.void = await draft([4_000])
  ids.indebted = await draft([2_000])
  for (const id of [ids.taxed, ids.lost, ids.void, ids.indebted]) await tax(id)
  await tax(ids.partly, 1)
  play.to(START + DAY)
  for (const name of ['taxed', 'untaxed', 'partly', 'zero', 'lost', 'void']) {
    await stripe.invoices.finalizeInvoice(ids[name] ?? '')
  }
  await stripe.invoices.pay(ids.taxed)
  await stripe.creditNotes.create({ invoice: ids.taxed, amount: 1_000, refund_amount: 1_000 })
  await stripe.creditNotes.create({ invoice: ids.void, amount: 400 })
  await stripe.invoices.markUncollectible(ids.lost)
  await stripe.invoices.voidInvoice(ids.void)
  // A debt of 5.00 comes onto the next invoice.
  await stripe.customers.createBalanceTransaction(customer, { amount: 500, currency: 'usd' })
  await stripe.invoices.finalizeInvoice(ids.indebted)
  await stripe.invoices.markUncollectible(ids.indebted)
  reading = await readStripe({ apiKey: 'sk_test_play', baseUrl: play.url })
})

afterAll(() => play.close())

const read = (name: string) => reading.invoices.get(ids[name] ?? '')

it('lists to the last page, without those deleted', () => {
  expect(reading.customers.size).toBe(102)
  expect([...reading.subscriptions]).toEqual([[ids.subscription, { status: 'canceled', customer }]])
})

it('reads an invoice that was taxed, paid and credited', () => {
  expect(read('taxed')).toEqual({
    currency: 'USD',
    totalMinor: 11000n,
    taxMinor: 1000n,
    paidMinor: 11000n,
    creditedMinor: 1000n,
    openMinor: 0n,
    customer,
    number: expect.any(String),
    status: 'paid',
    issued: true,
    nothingSold: false,
    taxedByStripe: false,
    untaxed: false,
    wasDraft: true,
    voidedMinor: undefined,
    writtenOffMinor: undefined,
  })
  expect([...reading.refunds.values()]).toEqual([
    { currency: 'USD', amountMinor: 1000n, status: 'succeeded', invoice: ids.taxed, customer },
  ])
  // The open invoices have a payment too, which nobody made yet.
  expect(reading.payments.size).toBe(2)
  expect([...reading.payments.values()]).toContainEqual({
    currency: 'USD',
    amountMinor: 11000n,
    invoice: ids.taxed,
    customer,
  })
})

it('knows what was open when an invoice was voided or written off', () => {
  expect(read('void')).toMatchObject({ voidedMinor: 4000n, writtenOffMinor: undefined, status: 'void' })
  expect(read('lost')).toMatchObject({
    writtenOffMinor: 3300n,
    voidedMinor: undefined,
    status: 'uncollectible',
  })
  expect(read('indebted')).toMatchObject({ totalMinor: 2200n, writtenOffMinor: 2700n })
})

it('tells a draft, and an invoice of nothing', () => {
  expect(read('draft')).toMatchObject({ issued: false, status: 'draft', untaxed: false, wasDraft: true })
  expect(read('zero')).toMatchObject({ nothingSold: true, untaxed: false, totalMinor: 0n })
})

it('tells an invoice that never was a draft from a draft that was finalized untaxed', () => {
  expect(reading.neverDraft).toEqual([
    { id: ids.self, number: expect.any(String), customer, currency: 'USD', totalMinor: 5000n },
  ])
  expect(read('self')).toMatchObject({ untaxed: true, wasDraft: false })
  expect(read('untaxed')).toMatchObject({ untaxed: true, wasDraft: true })
})

it('looks at all lines: the twelfth alone was not taxed', () => {
  expect(read('partly')).toMatchObject({ untaxed: true, taxMinor: 110n })
})

it('adds up all that was ever finalized', () => {
  expect(reading.totals).toEqual({
    USD: {
      invoicedMinor: 11000n + 5000n + 800n + 1310n + 0n + 3300n + 4400n + 2200n,
      taxMinor: 1000n + 110n + 300n + 400n + 200n,
      paidMinor: 16000n,
      refundedMinor: 1000n,
      creditedMinor: 1400n,
    },
  })
})
