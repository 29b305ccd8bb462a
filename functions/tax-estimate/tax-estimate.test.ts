// POST /tax/estimate over both simulators with both real SDKs. Los Angeles: 6 + 0.25 + 1 + 2.5 = 9.75 %.
import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import Stripe from 'stripe'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ManualClock } from '../../shared/clock.ts'
import type { LogLine } from '../../shared/log.ts'
import { avalaraConfigSchema } from '../connectors/avalara/config.ts'
import {
  BERLIN,
  LOS_ANGELES,
  NEW_YORK_SELLER,
  type StripeAndAvaTax,
  startStripeAndAvaTax,
} from '../connectors/avalara/stripe-and-avatax.fixture.ts'
import { taxOutcome } from '../connectors/avalara/tax-outcome.ts'
import { callersSchema } from './authorize.ts'
import { composeTaxEstimate } from './compose.ts'

const API_KEY = 'te_0123456789abcdefghijkl'
const SIGNING_SECRET = 'tesec_0123456789abcdefghij'

let vendors: StripeAndAvaTax
let clock: ManualClock
let stripe: Stripe
let stripeSimulator: StripeAndAvaTax['stripeSimulator']
let avatax: StripeAndAvaTax['avatax']
let handler: ReturnType<typeof composeTaxEstimate>
let log: LogLine[]
let start: () => ReturnType<typeof composeTaxEstimate>

beforeEach(async () => {
  clock = new ManualClock(Date.UTC(2026, 9, 1, 3))
  log = []
  vendors = await startStripeAndAvaTax(clock)
  ;({ stripe, stripeSimulator, avatax } = vendors)
  const callers = callersSchema.parse({ apiKeys: [API_KEY], signingSecrets: [SIGNING_SECRET] })
  start = () =>
    composeTaxEstimate({
      config: avalaraConfigSchema.parse({
        ...NEW_YORK_SELLER,
        taxCodes: { default: 'SW056000', byProduct: { prod_untaxed: 'NT' } },
      }),
      credentials: vendors.credentials,
      stripe,
      callers: async () => callers,
      clock,
      log: (line) => log.push(line),
      livemode: false,
    })
  handler = start()
})
afterEach(() => vendors.close())

const send = async (
  body: unknown,
  headers: Record<string, string> = { authorization: `Bearer ${API_KEY}` },
) => {
  const event = {
    body: typeof body === 'string' ? body : JSON.stringify(body),
    isBase64Encoded: false,
    headers,
  } as unknown as APIGatewayProxyEventV2
  const { statusCode, body: answer, headers: answered } = await handler(event)
  return { status: statusCode, headers: answered, ...JSON.parse(answer ?? '{}') }
}
const ask = (lines: object[], over: object = {}) =>
  send({ address: LOS_ANGELES, currency: 'usd', lines, ...over })

async function price(over: Partial<Stripe.PriceCreateParams> = {}): Promise<Stripe.Price> {
  const product = await stripe.products.create({ name: 'Team' })
  return stripe.prices.create({
    product: product.id,
    currency: 'usd',
    unit_amount: 4900,
    recurring: { interval: 'month' },
    ...over,
  })
}

describe('an estimate', () => {
  test('says the tax, and gives the rates that charge it, one a jurisdiction', async () => {
    const { id } = await price()
    const answer = await ask([{ reference: 'seats', price: id, quantity: 2 }])
    expect(answer).toMatchObject({
      status: 200,
      currency: 'usd',
      // 23:00 in New York on the evening before.
      date: '2026-09-30',
      amount: 9800,
      // 5.88 + 0.25 + 0.98 + 2.45.
      tax: 956,
      total: 10756,
      stripe_tax: 956,
      note: null,
      lines: [{ reference: 'seats', amount: 9800, tax: 956, inclusive: false, reason: 'standard_rated' }],
    })
    expect(answer.default_tax_rates).toEqual(answer.lines[0].tax_rates)
    const rates = await Promise.all(
      answer.default_tax_rates.map((rate: string) => stripe.taxRates.retrieve(rate)),
    )
    expect(rates.map(({ percentage, jurisdiction, active }) => [percentage, jurisdiction, active])).toEqual([
      [6, 'CALIFORNIA', true],
      [0.25, 'LOS ANGELES', true],
      [1, 'LOS ANGELES', true],
      [2.5, 'LOS ANGELES CO LOCAL TAX SL', true],
    ])
    expect(avatax.documents()).toEqual([])
  })

  test('put onto a subscription charges its first invoice, which never was a draft', async () => {
    const { id } = await price()
    const customer = await stripe.customers.create({
      email: 'a@example.com',
      address: LOS_ANGELES,
      payment_method: 'pm_card_visa',
      invoice_settings: { default_payment_method: 'pm_card_visa' },
    })
    const { default_tax_rates } = await ask([{ price: id, quantity: 2 }], { customer: customer.id })
    await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: id, quantity: 2 }],
      default_tax_rates,
    })
    const [stored] = stripeSimulator.store.invoices.of(customer.id)
    const invoice = await stripe.invoices.retrieve(stored?.id ?? '')
    expect(invoice).toMatchObject({ status: 'paid', total: 10756 })
    expect(taxOutcome(invoice)).toBe('taxed')
  })

  test('asked for again, by another worker and a day later, makes no second tax rate', async () => {
    const { id } = await price()
    const first = await ask([{ price: id }])
    const [one, two] = await Promise.all([ask([{ price: id }]), ask([{ price: id, quantity: 3 }])])
    handler = start()
    clock.advance(25 * 3_600_000)
    const later = await ask([{ price: id }])
    for (const { default_tax_rates } of [one, two, later]) {
      expect(default_tax_rates).toEqual(first.default_tax_rates)
    }
    expect(stripeSimulator.store.taxRates.size).toBe(4)
  })

  test('of so little that a rate comes to nothing gives that rate too: the next invoice may be larger', async () => {
    const answer = await ask([{ amount: 100 }])
    // 0.06 + 0.0025 + 0.01 + 0.025.
    expect(answer).toMatchObject({ tax: 10, stripe_tax: 10 })
    expect(answer.default_tax_rates).toHaveLength(4)
    expect(await ask([{ amount: 1 }])).toMatchObject({
      tax: 0,
      default_tax_rates: answer.default_tax_rates,
      lines: [{ reason: 'standard_rated' }],
    })
  })

  test('asked for by two workers at once makes no second tax rate either', async () => {
    const other = start()
    const body = JSON.stringify({ address: LOS_ANGELES, currency: 'usd', lines: [{ amount: 100 }] })
    const event = {
      body,
      headers: { authorization: `Bearer ${API_KEY}` },
    } as unknown as APIGatewayProxyEventV2
    await Promise.all([handler(event), other(event)])
    expect(stripeSimulator.store.taxRates.size).toBe(4)
  })

  test('of what is not taxed gives a rate of nothing, so that the invoice says so', async () => {
    const exempt = await stripe.customers.create({ address: LOS_ANGELES, tax_exempt: 'exempt' })
    const { id } = await price()
    const answer = await ask([{ price: id }], { customer: exempt.id, address: undefined })
    expect(answer).toMatchObject({ tax: 0, total: 4900, lines: [{ reason: 'customer_exempt' }] })
    expect(await stripe.taxRates.retrieve(answer.default_tax_rates[0])).toMatchObject({
      percentage: 0,
      display_name: 'Tax exempt',
    })
    expect(
      await ask([{ amount: 4900 }], {
        address: { ...LOS_ANGELES, city: 'Reno', state: 'NV', postal_code: '89501' },
      }),
    ).toMatchObject({
      tax: 0,
      lines: [{ reason: 'not_collecting' }],
    })
  })

  test('knows verified VAT numbers, inclusive prices and yen', async () => {
    const buyer = await stripe.customers.create({ address: BERLIN })
    const gross = await price({ currency: 'eur', unit_amount: 11900, tax_behavior: 'inclusive' })
    expect(
      await ask([{ price: gross.id }], { customer: buyer.id, address: undefined, currency: 'eur' }),
    ).toMatchObject({
      amount: 11900,
      tax: 1900,
      total: 11900,
      stripe_tax: 1900,
      lines: [{ inclusive: true }],
    })
    await stripe.customers.createTaxId(buyer.id, { type: 'eu_vat', value: 'DE123456789' })
    clock.advance(3_600_000)
    stripeSimulator.runDue()
    expect(
      await ask([{ amount: 10000 }], { customer: buyer.id, address: undefined, currency: 'EUR' }),
    ).toMatchObject({
      tax: 0,
      lines: [{ reason: 'reverse_charge' }],
    })
    const tokyo = { line1: '1-1', city: 'Tokyo', postal_code: '100-0001', country: 'JP' }
    // 100.4 + 100.4 = 200.8: AvaTax's document is 201, Stripe's rate charges 100 twice.
    expect(
      await ask([{ amount: 1004 }, { amount: 1004 }], { address: tokyo, currency: 'jpy' }),
    ).toMatchObject({
      tax: 201,
      stripe_tax: 200,
      lines: [{ tax: 101 }, { tax: 100 }],
    })
  })

  test('of lines that are taxed differently gives each its own rates', async () => {
    await stripe.products.create({ id: 'prod_untaxed', name: 'Gift card' })
    const answer = await ask([{ amount: 10000 }, { amount: 5000, product: 'prod_untaxed' }])
    expect(answer).toMatchObject({ tax: 975, default_tax_rates: null })
    expect(answer.lines[1]).toMatchObject({ tax: 0, reason: 'product_exempt' })
    expect(answer.lines[1].tax_rates).toHaveLength(1)
  })

  test('an archived rate is used no more', async () => {
    const berlin = { address: BERLIN, currency: 'eur' }
    const first = await ask([{ amount: 10000 }], berlin)
    const stored = stripeSimulator.store.taxRates.get(first.default_tax_rates[0])
    if (stored) stored.active = false
    clock.advance(400_000)
    const second = await ask([{ amount: 10000 }], berlin)
    expect(second.default_tax_rates).not.toEqual(first.default_tax_rates)
    expect(await stripe.taxRates.retrieve(second.default_tax_rates[0])).toMatchObject({
      active: true,
      percentage: 19,
    })
  })
})

describe('who may ask', () => {
  const body = JSON.stringify({ address: LOS_ANGELES, currency: 'usd', lines: [{ amount: 100 }] })
  const sign = (secret: string, seconds: number, payload = body) =>
    new Stripe('sk_test_x').webhooks.generateTestHeaderString({ payload, secret, timestamp: seconds })
  const now = () => Math.floor(clock.now() / 1000)

  test('the holder of a key, and whoever signs the body', async () => {
    expect(await send(body)).toMatchObject({ status: 200 })
    expect(await send(body, { 'switchyard-signature': sign(SIGNING_SECRET, now()) })).toMatchObject({
      status: 200,
    })
  })

  test.each([
    ['nobody', {}, 'has neither a Switchyard-Signature header nor'],
    ['a stranger', { authorization: 'Bearer te_ffffffffffffffffffffffff' }, 'not one of those'],
    ['a password', { authorization: `Basic ${API_KEY}` }, 'has neither'],
    [
      'a stale signature',
      { 'switchyard-signature': sign(SIGNING_SECRET, Date.UTC(2026, 9, 1, 2) / 1000) },
      'five minutes',
    ],
    [
      'another secret',
      { 'switchyard-signature': sign('tesec_fffffffffffffffffffff', Date.UTC(2026, 9, 1, 3) / 1000) },
      'matches none',
    ],
    [
      'another body',
      { 'switchyard-signature': sign(SIGNING_SECRET, Date.UTC(2026, 9, 1, 3) / 1000, '{}') },
      'matches none',
    ],
  ])('%s is refused, and no vendor hears of it', async (_name, headers, message) => {
    const answer = await send(body, headers)
    expect(answer).toMatchObject({ status: 401, error: { code: 'TAX-KEY' } })
    expect(answer.error.message).toContain(message)
    expect(avatax.calls.total + stripeSimulator.calls.total).toBe(0)
  })

  test('a secret without a key, or with a short one, does not start', () => {
    expect(callersSchema.safeParse({}).success).toBe(false)
    expect(callersSchema.safeParse({ apiKeys: ['short'] }).success).toBe(false)
  })
})

describe('what cannot be answered', () => {
  test.each([
    ['no JSON', 'hello', 'body', 'it is not JSON'],
    [
      'nobody and nowhere',
      { currency: 'usd', lines: [{ amount: 1 }] },
      'customer',
      'give a customer, an address, or both',
    ],
    ['no lines', { address: LOS_ANGELES, currency: 'usd', lines: [] }, 'lines', ''],
    ['a float', { address: LOS_ANGELES, currency: 'usd', lines: [{ amount: 10.5 }] }, 'lines.0.amount', ''],
    [
      'a price that is none',
      { address: LOS_ANGELES, currency: 'usd', lines: [{ price: 'team' }] },
      'lines.0.price',
      'a Stripe price id',
    ],
    [
      'an unknown field',
      { address: LOS_ANGELES, currency: 'usd', lines: [{ amount: 1 }], taxes: true },
      'body',
      'taxes',
    ],
    [
      'a country by its name',
      { address: { country: 'Germany' }, currency: 'eur', lines: [{ amount: 1 }] },
      'address.country',
      'two-letter',
    ],
  ])('%s: 400 names the field', async (_name, body, field, problem) => {
    const answer = await send(body)
    expect(answer).toMatchObject({ status: 400, error: { code: 'TAX-REQUEST' } })
    expect(answer.error.message).toContain(`Field ${field}: `)
    expect(answer.error.message).toContain(problem)
    expect(answer.error.hint).toContain(field)
  })

  test('over 256 KB: 413', async () => {
    expect(await send('x'.repeat(256 * 1024 + 1))).toMatchObject({ status: 413 })
  })

  test('what does not fit in Stripe or AvaTax: 422 says what, and who mends it', async () => {
    const { id } = await price()
    const tiered = await price({ unit_amount: undefined, unit_amount_decimal: Stripe.Decimal.from('0.5') })
    const problem = async (lines: object[], over: object = {}) => {
      const answer = await ask(lines, over)
      return [answer.status, answer.error.code, answer.error.message]
    }
    expect(await problem([{ price: id }], { currency: 'eur' })).toEqual([
      422, 'TAX-REQUEST', `No tax is estimated: ${id} is in usd, the request in eur (field lines.0.price).`,
    ]) // biome-ignore format: one answer a row
    expect(await problem([{ price: 'price_none' }])).toEqual([
      422, 'TAX-REQUEST', 'No tax is estimated: Stripe has no price price_none (field lines.0.price).',
    ]) // biome-ignore format: one answer a row
    expect((await problem([{ price: tiered.id }]))[2]).toContain('send the amount instead')
    expect(await problem([{ reference: 'a', amount: 1 }, { reference: 'a', amount: 2 }])).toEqual([
      422, 'TAX-REQUEST', 'No tax is estimated: "a" stands twice (field lines.1.reference).',
    ]) // biome-ignore format: one answer a row
    expect(await problem([{ amount: 1 }], { customer: 'cus_none' })).toEqual([
      422, 'TAX-CUSTOMER', 'No tax is estimated: Stripe has no customer cus_none.',
    ]) // biome-ignore format: one answer a row
    const nowhere = await stripe.customers.create({})
    expect((await problem([{ amount: 1 }], { customer: nowhere.id, address: undefined }))[1]).toBe('TAX-ADDR')
    expect(await problem([{ amount: 1 }], { address: { ...BERLIN, city: 'Berlinn' }, currency: 'eur' })).toEqual([
      422, 'TAX-ADDR', 'No tax is estimated: AvaTax cannot find the address in "Berlinn", DE.',
    ]) // biome-ignore format: one answer a row
    expect((await problem([{ amount: 1 }], { currency: 'xyz' }))[1]).toBe('MONEY-CURRENCY')
  })

  test('AvaTax away: 503, when to ask again, and nothing made in Stripe', async () => {
    avatax.faults.add({ effect: 'unavailable' })
    const answer = await ask([{ amount: 10000 }])
    expect(answer).toMatchObject({
      status: 503,
      error: { code: 'TAX-DOWN' },
      headers: { 'retry-after': '5' },
    })
    expect(stripeSimulator.store.taxRates.size).toBe(0)
    expect(log.at(-1)).toMatchObject({ line: 'tax-estimate', status: 503, code: 'TAX-DOWN' })
  })

  test('AvaTax refusing our key: 502, without telling it', async () => {
    avatax.faults.add({ effect: 'expired_credential' })
    const answer = await ask([{ amount: 10000 }])
    expect(answer).toMatchObject({ status: 502, error: { code: 'TAX-CRED' } })
    expect(JSON.stringify(answer)).not.toContain('1100')
  })

  test('the log holds no address', async () => {
    await ask([{ amount: 10000 }])
    expect(JSON.stringify(log)).not.toMatch(/Main St|90012|Los Angeles/)
  })
})
