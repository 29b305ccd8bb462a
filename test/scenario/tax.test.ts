// Tax, from the draft to AvaTax, as a billing team would tell it. Los Angeles is taxed at 9.75 %, Berlin at 19 %.
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { BERLIN, Stage } from './stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await Stage.open()
})
afterAll(() => stage.close())
afterEach(() => stage.vendors.avalara.faults.clear())

/** What Stripe ever told about an invoice, in order. */
const told = (invoiceId: string) =>
  stage.vendors.stripe.events
    .filter(({ data }) => data.object.id === invoiceId)
    .map(({ type, created, data: { object } }) => ({
      type,
      created,
      status: 'status' in object ? object.status : undefined,
      total: 'total' in object ? object.total : undefined,
    }))

const lineTaxes = async (invoiceId: string) =>
  (await stage.stripe.invoices.listLineItems(invoiceId)).data.map(({ taxes }) =>
    (taxes ?? []).map(({ amount, taxability_reason }) => `${amount} ${taxability_reason}`),
  )

it('a renewal gets its tax before it is finalized', async () => {
  const customer = await stage.customer()
  const price = await stage.stripe.prices.create({
    product: 'prod_team',
    currency: 'usd',
    unit_amount: 4_900,
    recurring: { interval: 'day' },
  })
  await stage.stripe.subscriptionSchedules.create({
    customer: customer.id,
    start_date: 'now',
    end_behavior: 'cancel',
    phases: [{ items: [{ price: price.id, quantity: 2 }], duration: { interval: 'day', interval_count: 2 } }],
  })
  await stage.play(50)

  const [, renewal] = stage.vendors.stripe.store.invoices.of(customer.id)
  expect(renewal).toMatchObject({
    billing_reason: 'subscription_cycle',
    auto_advance: false,
    attempted: true,
  })
  const story = told(renewal?.id ?? '')
  expect(story[0]).toMatchObject({ type: 'invoice.created', status: 'draft', total: 9_800 })
  // 9.75 % of 98.00 is 9.555. Nobody was ever shown a finalized invoice without it.
  expect(story.filter(({ status, total }) => status !== 'draft' && total !== 10_756)).toEqual([])
  expect(await stage.standing(customer)).toEqual({
    stripe: ['paid 10756 usd, open 0', 'paid 10756 usd, open 0'],
    netsuite: [
      'customerPayment 107.56 US Dollar',
      'customerPayment 107.56 US Dollar',
      'invoice 107.56 US Dollar, open 0',
      'invoice 107.56 US Dollar, open 0',
    ],
    salesforce: [
      'invoice paid 107.56 USD, open 0',
      'invoice paid 107.56 USD, open 0',
      'payment 107.56 USD',
      'payment 107.56 USD',
    ],
    avalara: ['SalesInvoice Committed 98 + 9.56 USD', 'SalesInvoice Committed 98 + 9.56 USD'],
    lake: ['paid 10756 usd, open 0', 'paid 10756 usd, open 0'],
    trouble: [],
  })
})

it('tax stays on hold while AvaTax is down for six hours, and nothing is finalized untaxed', {
  timeout: 90_000,
}, async () => {
  const customers = await Promise.all(
    [1, 2, 3, 4, 5, 6].map((n) => stage.customer({ name: `Beacon Bikes ${n}` })),
  )
  stage.vendors.avalara.faults.add({ effect: 'unavailable' })
  const ids: string[] = []
  for (const customer of customers) ids.push(await stage.bill(customer, [{ unit: 20_000 }]))
  await stage.play(6)
  for (const id of ids) {
    expect(await stage.stripe.invoices.retrieve(id)).toMatchObject({
      status: 'draft',
      auto_advance: false,
      total: 20_000,
      metadata: { switchyard_hold: 'true' },
    })
    expect(await lineTaxes(id)).toEqual([[]])
  }
  expect(await stage.trouble(customers[0]?.id ?? '')).toEqual(['avalara invoice waiting TAX-DOWN'])

  stage.vendors.avalara.faults.clear()
  await stage.playMinutes(2)
  for (const customer of customers) {
    expect(await stage.standing(customer)).toMatchObject({
      stripe: ['open 21950 usd, open 21950'],
      avalara: ['SalesInvoice Committed 200 + 19.5 USD'],
      trouble: [],
    })
  }
})

it('a billing run whose drafts still change does not stop the tax lane', async () => {
  const customers = await Promise.all(
    Array.from({ length: 8 }, (_, n) => stage.customer({ name: `Ember Energy ${n}` })),
  )
  const from = stage.log.length
  // Each draft is made empty and gets its line in the same second, while the lanes are at work on it already.
  for (const customer of customers) await stage.bill(customer, [{ unit: 10_000 }])
  await stage.playMinutes(0.5)
  const since = stage.log.slice(from).filter(({ connector }) => connector === 'avalara')
  expect(since.filter(({ line }) => line === 'attempt').length).toBeGreaterThanOrEqual(8)
  expect(since.filter(({ line }) => line === 'paused')).toEqual([])
  for (const customer of customers) {
    expect((await stage.standing(customer)).stripe).toEqual(['open 10975 usd, open 10975'])
  }
})

it('a wrong address is held and resumes when support corrects it', async () => {
  const customer = await stage.customer({ address: { ...BERLIN, city: 'Berlinn', postal_code: '99999' } })
  const id = await stage.bill(customer, [{ unit: 10_000 }], { currency: 'eur' })
  await stage.play(30)
  expect(await stage.standing(customer)).toMatchObject({
    stripe: ['draft 10000 eur, open 10000'],
    netsuite: [],
    avalara: [],
    trouble: ['avalara invoice parked TAX-ADDR'],
  })
  expect(await stage.parkedText('avalara', id)).toMatch(/Support/)

  await stage.stripe.customers.update(customer.id, { address: BERLIN })
  await stage.playMinutes(2)
  expect(await stage.standing(customer)).toMatchObject({
    stripe: ['open 11900 eur, open 11900'],
    netsuite: ['invoice 119 Euro, open 119'],
    avalara: ['SalesInvoice Committed 100 + 19 EUR'],
    trouble: [],
  })
})

it('a customer without an address is held, harms nobody, and resumes when support enters one', async () => {
  const customer = await stage.customer({ address: '' })
  const neighbour = await stage.customer()
  const id = await stage.bill(customer, [{ unit: 10_000 }])
  await stage.bill(neighbour, [{ unit: 10_000 }])
  await stage.playMinutes(2)
  expect(await stage.standing(customer)).toMatchObject({
    stripe: ['draft 10000 usd, open 10000'],
    avalara: [],
    trouble: ['avalara invoice parked TAX-ADDR'],
  })
  expect(await stage.parkedText('avalara', id)).toContain('enter the address in Stripe (field address)')
  expect((await stage.standing(neighbour)).trouble).toEqual([])

  await stage.stripe.customers.update(customer.id, { address: BERLIN })
  await stage.playMinutes(2)
  expect(await stage.standing(customer)).toMatchObject({
    avalara: ['SalesInvoice Committed 100 + 19 USD'],
    trouble: [],
  })
})

it('an invoice that was never a draft is noticed within a minute', async () => {
  const customer = await stage.customer()
  const price = await stage.stripe.prices.create({
    product: 'prod_team',
    currency: 'usd',
    unit_amount: 4_900,
    recurring: { interval: 'year' },
  })
  await stage.stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] })
  const [invoice] = stage.vendors.stripe.store.invoices.of(customer.id)
  expect(invoice).toMatchObject({ status: 'paid', total: 4_900 })
  await stage.playMinutes(1)
  // What it should have cost is said beside what was charged: that is the tax somebody owes.
  expect(stage.vendors.avalara.documents().filter(({ code }) => code === invoice?.id)).toMatchObject([
    {
      status: 'Committed',
      totalAmount: 49,
      totalTax: 0,
      totalTaxCalculated: 4.78,
      referenceCode: 'FINALIZED_UNTAXED',
    },
  ])
  const state = await stage.hub.ledger.readState('avalara', { type: 'invoice', id: invoice?.id ?? '' })
  expect(state?.keep).toMatchObject({ neverDraft: true })
  expect(await stage.standing(customer)).toMatchObject({
    netsuite: ['customerPayment 49 US Dollar', 'invoice 49 US Dollar, open 0'],
    trouble: [],
  })
})

it("Stripe's automatic tax is left alone", async () => {
  const customer = await stage.customer()
  const id = await stage.bill(customer, [{ unit: 10_000 }], { automatic_tax: { enabled: true } })
  await stage.playMinutes(30)
  expect(await stage.stripe.invoices.retrieve(id)).toMatchObject({
    status: 'draft',
    auto_advance: true,
    metadata: {},
  })
  await stage.play(2)
  // It finalized by itself, after Stripe's own hour; AvaTax must not file the sale a second time.
  expect(told(id).filter(({ type }) => type === 'invoice.finalized')).toMatchObject([
    { created: (told(id)[0]?.created ?? 0) + 3_600 },
  ])
  expect(await stage.standing(customer)).toMatchObject({
    avalara: [],
    netsuite: ['invoice 100 US Dollar, open 100'],
    trouble: [],
  })
})

it('a draft that its owner keeps (auto_advance false) is taxed and not released', async () => {
  const customer = await stage.customer()
  const id = await stage.bill(customer, [{ unit: 10_000 }], { auto_advance: false })
  await stage.play(80)
  expect(await stage.stripe.invoices.retrieve(id)).toMatchObject({
    status: 'draft',
    total: 10_975,
    metadata: { switchyard_hold: 'false' },
  })
  expect(await stage.standing(customer)).toMatchObject({ netsuite: [], avalara: [], trouble: [] })

  await stage.stripe.invoices.update(id, { auto_advance: true })
  await stage.playMinutes(2)
  expect(await stage.standing(customer)).toMatchObject({
    stripe: ['open 10975 usd, open 10975'],
    netsuite: ['invoice 109.75 US Dollar, open 109.75'],
    avalara: ['SalesInvoice Committed 100 + 9.75 USD'],
  })
})

it('reverse charge only with a verified VAT number', async () => {
  const [verified, unverified, pending] = await Promise.all(
    ['DE123456789', 'DE111111111', 'DE222222222'].map(async (value) => {
      const customer = await stage.customer({ address: BERLIN })
      await stage.stripe.customers.createTaxId(customer.id, { type: 'eu_vat', value })
      return customer
    }),
  )
  if (!verified || !unverified || !pending) throw new Error('three customers')
  await stage.playMinutes(5)
  const ids: string[] = []
  for (const customer of [verified, unverified, pending]) {
    ids.push(await stage.bill(customer, [{ unit: 10_000 }], { currency: 'eur' }))
  }
  await stage.playMinutes(5)
  expect((await stage.standing(verified)).stripe).toEqual(['open 10000 eur, open 10000'])
  expect(await lineTaxes(ids[0] ?? '')).toEqual([['0 reverse_charge']])
  expect((await stage.standing(unverified)).stripe).toEqual(['open 11900 eur, open 11900'])
  expect((await stage.standing(pending)).stripe).toEqual(['open 11900 eur, open 11900'])
  expect((await stage.standing(verified)).avalara).toEqual(['SalesInvoice Committed 100 + 0 EUR'])
})

it('an exempt customer pays no tax, and the invoice says why', async () => {
  const customer = await stage.customer({ tax_exempt: 'exempt' })
  const id = await stage.bill(customer, [{ unit: 10_000 }])
  await stage.playMinutes(5)
  expect(await lineTaxes(id)).toEqual([['0 customer_exempt']])
  expect(await stage.standing(customer)).toMatchObject({
    stripe: ['open 10000 usd, open 10000'],
    netsuite: ['invoice 100 US Dollar, open 100'],
    avalara: ['SalesInvoice Committed 100 + 0 USD'],
    trouble: [],
  })
  const [document] = stage.vendors.avalara.documents().filter(({ code }) => code === id)
  expect(document?.referenceCode).not.toBe('FINALIZED_UNTAXED')
})
