// The books: what accounting finds in NetSuite, Salesforce, AvaTax and the lake after what happens to invoices. Los
// Angeles is taxed at 9.75 %, Tokyo at 10 %, Kuwait not at all.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { BERLIN, Stage } from './stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await Stage.open()
})
afterAll(() => stage.close())

const TOKYO = { line1: '2-8-1 Nishi-Shinjuku', city: 'Tokyo', postal_code: '163-8001', country: 'JP' }
const KUWAIT = { line1: 'Al Soor Street', city: 'Kuwait City', postal_code: '13001', country: 'KW' }
const ZURICH = { line1: 'Bahnhofstrasse 1', city: 'Zürich', postal_code: '8001', country: 'CH' }
const ON_CARD = { collection_method: 'charge_automatically' } as const

const billed = {
  stripe: ['open 10975 usd, open 10975'],
  netsuite: ['invoice 109.75 US Dollar, open 109.75'],
  salesforce: ['invoice open 109.75 USD, open 109.75'],
  avalara: ['SalesInvoice Committed 100 + 9.75 USD'],
  lake: ['open 10975 usd, open 10975'],
  trouble: [],
}

it('paid, voided, written off', async () => {
  const customer = await stage.customer()
  const paid = await stage.bill(customer, [{ unit: 10_000 }])
  const voided = await stage.bill(customer, [{ unit: 20_000 }])
  const writtenOff = await stage.bill(customer, [{ unit: 30_000 }])
  await stage.playMinutes(10)
  await stage.stripe.invoices.pay(paid)
  await stage.stripe.invoices.voidInvoice(voided)
  await stage.stripe.invoices.markUncollectible(writtenOff)
  await stage.playMinutes(10)
  expect(await stage.standing(customer)).toEqual({
    stripe: ['paid 10975 usd, open 0', 'uncollectible 32925 usd, open 32925', 'void 21950 usd, open 21950'],
    netsuite: [
      'creditMemo 219.5 US Dollar, unapplied 0',
      'creditMemo 329.25 US Dollar, unapplied 0',
      'customerPayment 109.75 US Dollar',
      'invoice 109.75 US Dollar, open 0',
      'invoice 219.5 US Dollar, open 0',
      'invoice 329.25 US Dollar, open 0',
    ],
    salesforce: [
      'invoice paid 109.75 USD, open 0',
      'invoice uncollectible 329.25 USD, open 329.25',
      'invoice void 219.5 USD, open 219.5',
      'payment 109.75 USD',
    ],
    // What cannot be collected was sold all the same: its tax is owed.
    avalara: [
      'SalesInvoice Cancelled 200 + 19.5 USD',
      'SalesInvoice Committed 100 + 9.75 USD',
      'SalesInvoice Committed 300 + 29.25 USD',
    ],
    lake: ['paid 10975 usd, open 0', 'uncollectible 32925 usd, open 32925', 'void 21950 usd, open 21950'],
    trouble: [],
  })
  // Nothing receivable is left; cash is at Stripe; the voided sale is gone and the written-off one is an expense.
  expect(stage.generalLedger(customer.id)).toEqual([
    '1200 Stripe Clearing USD 109.75',
    '2200 Sales Tax Payable -39.00',
    '4000 Subscription Revenue -400.00',
    '6100 Bad Debt 329.25',
  ])
})

it('a refund with a credit note reaches all systems', async () => {
  const customer = await stage.customer()
  const id = await stage.bill(customer, [{ unit: 10_000 }, { unit: 4_000 }], ON_CARD)
  await stage.play(2)
  const note = await stage.creditFirstLine(id, { refund_amount: 10_975 })
  await stage.playMinutes(10)
  expect(await stage.standing(customer)).toEqual({
    stripe: ['paid 15365 usd, open 0'],
    netsuite: [
      'creditMemo 109.75 US Dollar, unapplied 0',
      'customerPayment 153.65 US Dollar',
      'customerRefund 109.75 US Dollar',
      'invoice 153.65 US Dollar, open 0',
    ],
    salesforce: [
      'credit note 109.75 USD, refunded 109.75',
      'invoice paid 153.65 USD, open 0',
      'payment 153.65 USD',
      'refund succeeded 109.75 USD',
    ],
    avalara: ['ReturnInvoice Committed -100 + -9.75 USD', 'SalesInvoice Committed 140 + 13.65 USD'],
    lake: ['paid 15365 usd, open 0'],
    trouble: [],
  })
  expect(stage.generalLedger(customer.id)).toEqual([
    '1200 Stripe Clearing USD 43.90',
    '2200 Sales Tax Payable -3.90',
    '4000 Subscription Revenue -40.00',
  ])
  expect(
    await stage.lake(
      `select c.total as credited, r.amount as refunded, r.status from credit_notes c, refunds r
       where c.id = '${note.id}' and r.id = '${note.refunds[0]?.refund}'`,
    ),
  ).toEqual([{ credited: 10_975n, refunded: 10_975n, status: 'succeeded' }])
})

it('a refund without a credit note is goodwill; a note that explains it later is for a person to settle', async () => {
  const customer = await stage.customer()
  const id = await stage.bill(customer, [{ unit: 10_000 }], ON_CARD)
  await stage.play(2)
  const [intent] = stage.vendors.stripe.store.paymentIntents.of(customer.id)
  const refund = await stage.stripe.refunds.create({ payment_intent: intent?.id ?? '' })
  await stage.playMinutes(10)
  expect(await stage.standing(customer)).toMatchObject({
    netsuite: [
      'creditMemo 109.75 US Dollar, unapplied 0',
      'customerPayment 109.75 US Dollar',
      'customerRefund 109.75 US Dollar',
      'invoice 109.75 US Dollar, open 0',
    ],
    salesforce: ['invoice paid 109.75 USD, open 0', 'payment 109.75 USD', 'refund succeeded 109.75 USD'],
    trouble: [],
  })
  // 100.00 was sold with 9.75 tax, and stays sold; the money is gone for goodwill.
  expect(stage.generalLedger(customer.id)).toEqual([
    '2200 Sales Tax Payable -9.75',
    '4000 Subscription Revenue -100.00',
    '6400 Goodwill 109.75',
  ])

  await stage.creditFirstLine(id, { refunds: [{ refund: refund.id, amount_refunded: 10_975 }] })
  await stage.playMinutes(10)
  expect((await stage.standing(customer)).trouble).toEqual(['netsuite refund parked NS-REFUND-TWICE'])
  expect(await stage.parkedText('netsuite', refund.id)).toMatch(/taken back twice.*Accounting.*reverses/)
})

it('a payment that failed and then succeeded', async () => {
  const customer = await stage.customer()
  stage.vendors.stripe.failNextPayments(customer.id, 1)
  await stage.bill(customer, [{ unit: 10_000 }], ON_CARD)
  await stage.play(2)
  const inSalesforce = () => stage.salesforceRows(customer.id)[0]?.row
  expect(await stage.standing(customer)).toEqual(billed)
  expect(inSalesforce()).toMatchObject({
    Attempt_Count__c: 1,
    Last_Payment_Error__c: 'card_declined (generic_decline)',
  })
  // Stripe's own retry, three days later.
  await stage.play(73)
  expect(await stage.standing(customer)).toEqual({
    ...billed,
    stripe: ['paid 10975 usd, open 0'],
    netsuite: ['customerPayment 109.75 US Dollar', 'invoice 109.75 US Dollar, open 0'],
    salesforce: ['invoice paid 109.75 USD, open 0', 'payment 109.75 USD'],
    lake: ['paid 10975 usd, open 0'],
  })
  expect(inSalesforce()).toMatchObject({ Attempt_Count__c: 2, Last_Payment_Error__c: null })
})

it('an invoice of 45 lines is whole everywhere', async () => {
  const customer = await stage.customer()
  const lines = Array.from({ length: 45 }, (_, n) => ({ unit: 1_001 + n, description: `Workshop ${n + 1}` }))
  const id = await stage.bill(customer, lines)
  await stage.playMinutes(10)
  // 45 × 10.23 on average = 460.35; each line's tax is rounded by itself.
  expect(await stage.standing(customer)).toEqual({
    stripe: ['open 50533 usd, open 50533'],
    netsuite: ['invoice 505.33 US Dollar, open 505.33'],
    salesforce: ['invoice open 505.33 USD, open 505.33'],
    avalara: ['SalesInvoice Committed 460.35 + 44.98 USD'],
    lake: ['open 50533 usd, open 50533'],
    trouble: [],
  })
  // 45 lines and the four taxes of Los Angeles.
  expect(stage.vendors.netsuite.find('invoice', id)).toMatchObject({ item: { totalResults: 49 } })
  const [document] = stage.vendors.avalara.documents().filter(({ code }) => code === id)
  expect(document?.lines).toHaveLength(45)
  expect(
    await stage.lake(
      `select count(*) as lines, sum(amount) as amount from invoice_line_items where invoice_id = '${id}'`,
    ),
  ).toEqual([{ lines: 45n, amount: 46_035n }])
})

it('yen and dinars to the last digit', async () => {
  const inYen = await stage.customer({ address: TOKYO })
  const inDinars = await stage.customer({ address: KUWAIT })
  await stage.bill(inYen, [{ unit: 1_013, quantity: 3 }], { currency: 'jpy', ...ON_CARD })
  await stage.bill(inDinars, [{ unit: 4_110, quantity: 3 }], { currency: 'kwd', ...ON_CARD })
  await stage.play(2)
  // 3,039 yen and 303.9 of tax, which Japan has no coin for.
  expect(await stage.standing(inYen)).toEqual({
    stripe: ['paid 3343 jpy, open 0'],
    netsuite: ['customerPayment 3343 Japanese Yen', 'invoice 3343 Japanese Yen, open 0'],
    salesforce: ['invoice paid 3343 JPY, open 0', 'payment 3343 JPY'],
    avalara: ['SalesInvoice Committed 3039 + 304 JPY'],
    lake: ['paid 3343 jpy, open 0'],
    trouble: [],
  })
  expect(await stage.standing(inDinars)).toEqual({
    stripe: ['paid 12330 kwd, open 0'],
    netsuite: ['customerPayment 12.33 Kuwaiti Dinar', 'invoice 12.33 Kuwaiti Dinar, open 0'],
    salesforce: ['invoice paid 12.33 KWD, open 0', 'payment 12.33 KWD'],
    avalara: ['SalesInvoice Committed 12.33 + 0 KWD'],
    lake: ['paid 12330 kwd, open 0'],
    trouble: [],
  })
})

it('an unmapped product parks one invoice and nobody else; mapping it in the metadata brings it back', async () => {
  await stage.stripe.products.create({ id: 'prod_novelty', name: 'Novelty' })
  const customer = await stage.customer()
  const neighbour = await stage.customer()
  const id = await stage.bill(customer, [{ unit: 10_000, product: 'prod_novelty' }])
  await stage.bill(customer, [{ unit: 5_000 }])
  await stage.bill(neighbour, [{ unit: 10_000 }])
  await stage.playMinutes(10)
  expect(await stage.standing(customer)).toMatchObject({
    stripe: ['open 10975 usd, open 10975', 'open 5488 usd, open 5488'],
    netsuite: ['invoice 54.88 US Dollar, open 54.88'],
    salesforce: ['invoice open 109.75 USD, open 109.75', 'invoice open 54.88 USD, open 54.88'],
    trouble: ['netsuite invoice parked NS-ITEM'],
  })
  expect(await stage.parkedText('netsuite', id)).toMatch(/prod_novelty has no NetSuite item.*netsuite_item/)
  expect(await stage.standing(neighbour)).toEqual(billed)

  await stage.stripe.products.update('prod_novelty', { metadata: { netsuite_item: '803' } })
  await stage.playMinutes(10)
  expect(await stage.standing(customer)).toMatchObject({
    netsuite: ['invoice 109.75 US Dollar, open 109.75', 'invoice 54.88 US Dollar, open 54.88'],
    trouble: [],
  })
  expect(stage.vendors.netsuite.find('invoice', id)?.item).toMatchObject({
    items: [{ item: { id: '803' }, amount: 100 }, {}, {}, {}, {}],
  })
})

it('a customer without a name goes by its email; without either, support is asked', async () => {
  const nameless = await stage.customer({ name: '', email: 'ap@nameless.example' })
  const nobody = await stage.customer({ name: '', email: '' })
  await stage.bill(nameless, [{ unit: 10_000 }])
  await stage.bill(nobody, [{ unit: 10_000 }])
  await stage.playMinutes(10)
  expect(await stage.standing(nameless)).toEqual(billed)
  expect(stage.vendors.netsuite.find('customer', nameless.id)?.companyName).toBe('ap@nameless.example')
  expect(await stage.standing(nobody)).toEqual({
    ...billed,
    netsuite: [],
    salesforce: [],
    trouble: [
      'netsuite customer parked NS-NAME',
      'netsuite invoice parked WAITS',
      'salesforce customer parked SF-NAME',
      'salesforce invoice parked WAITS',
    ],
  })
  expect(await stage.parkedText('netsuite', nobody.id)).toMatch(/Support: give the customer a name/)

  await stage.stripe.customers.update(nobody.id, { name: 'Somebody GmbH' })
  await stage.playMinutes(10)
  expect(await stage.standing(nobody)).toEqual(billed)
})

it('an emoji name of 300 characters', async () => {
  const customer = await stage.customer({ name: '🚲'.repeat(150), address: BERLIN })
  await stage.bill(customer, [{ unit: 10_000 }], { currency: 'eur' })
  await stage.playMinutes(10)
  // It is taxed and sent: a name is no reason to keep an invoice from its customer.
  expect(await stage.standing(customer)).toEqual({
    stripe: ['open 11900 eur, open 11900'],
    netsuite: [],
    salesforce: [],
    avalara: ['SalesInvoice Committed 100 + 19 EUR'],
    lake: ['open 11900 eur, open 11900'],
    trouble: [
      'netsuite customer parked NS-NAME',
      'netsuite invoice parked WAITS',
      'salesforce customer parked SF-TOO-LONG',
      'salesforce invoice parked WAITS',
    ],
  })
  expect(await stage.parkedText('netsuite', customer.id)).toMatch(/300 characters.*takes 83.*shorten/)
  expect(
    await stage.lake(`select length(name) as length from customers where id = '${customer.id}'`),
  ).toEqual([{ length: 150n }])

  await stage.stripe.customers.update(customer.id, { name: '🚲🚲 Räder & Söhne' })
  await stage.playMinutes(10)
  expect(await stage.standing(customer)).toMatchObject({
    netsuite: ['invoice 119 Euro, open 119'],
    salesforce: ['invoice open 119 EUR, open 119'],
    trouble: [],
  })
  expect(stage.vendors.netsuite.find('customer', customer.id)?.companyName).toBe('🚲🚲 Räder & Söhne')
})

it('an unknown currency', async () => {
  const customer = await stage.customer({ address: ZURICH })
  const neighbour = await stage.customer()
  const id = await stage.bill(customer, [{ unit: 10_000 }], { currency: 'chf' })
  await stage.bill(neighbour, [{ unit: 10_000 }])
  await stage.playMinutes(10)
  expect(await stage.standing(customer)).toEqual({
    stripe: ['open 10000 chf, open 10000'],
    netsuite: [],
    salesforce: ['invoice open 100 CHF, open 100'],
    avalara: ['SalesInvoice Committed 100 + 0 CHF'],
    lake: ['open 10000 chf, open 10000'],
    trouble: ['netsuite invoice parked NS-RECEIVABLE'],
  })
  expect(await stage.parkedText('netsuite', id)).toMatch(/CHF 100\.00.*no receivable account for CHF/)
  expect(await stage.standing(neighbour)).toEqual(billed)
})
