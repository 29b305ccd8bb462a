import Stripe from 'stripe'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DAY, HOUR, type Play, START, startPlay } from './play.fixture.ts'

let play: Play
beforeEach(async () => {
  play = await startPlay()
})
afterEach(() => play.close())

describe('authentication and refusals', () => {
  it('lets in the one key', async () => {
    const other = new Stripe('sk_test_wrong', {
      host: '127.0.0.1',
      port: Number(new URL(play.url).port),
      protocol: 'http',
    })
    await expect(other.customers.list()).rejects.toMatchObject({
      statusCode: 401,
      type: 'StripeAuthenticationError',
      message: 'Invalid API Key provided: sk_test_****rong',
    })
  })

  it('takes the key as the user name of basic auth, as curl -u sends it', async () => {
    const answer = await fetch(`${play.url}/v1/customers`, {
      headers: { authorization: `Basic ${Buffer.from('sk_test_play:').toString('base64')}` },
    })
    expect(answer.status).toBe(200)
  })

  it('refuses a parameter it does not know, with the name as it was sent', async () => {
    const answer = await post('/v1/customers', 'address[planet]=earth')
    expect(answer).toMatchObject({
      error: {
        type: 'invalid_request_error',
        code: 'parameter_unknown',
        param: 'address[planet]',
        message: 'Received unknown parameter: address[planet]',
      },
    })
  })

  it('says which parameter is missing or wrong', async () => {
    expect(await post('/v1/subscriptions', 'customer=cus_1')).toMatchObject({
      error: { code: 'parameter_missing', param: 'items' },
    })
    expect(await post('/v1/coupons', 'percent_off=5&duration=always')).toMatchObject({
      error: { message: 'Invalid duration: must be one of forever, once, repeating', param: 'duration' },
    })
    expect(await post('/v1/prices', 'currency=usd&unit_amount=1.5')).toMatchObject({
      error: { code: 'parameter_invalid_integer', param: 'unit_amount' },
    })
  })

  it('answers 404 for an object in the path and 400 for one in a parameter', async () => {
    await expect(play.stripe.invoices.retrieve('in_none')).rejects.toMatchObject({
      statusCode: 404,
      code: 'resource_missing',
      message: "No such invoice: 'in_none'",
    })
    await expect(
      play.stripe.subscriptions.create({ customer: 'cus_none', items: [{ price: 'price_none' }] }),
    ).rejects.toMatchObject({ statusCode: 400, code: 'resource_missing', param: 'customer' })
  })

  it('shows a deleted customer as a stub', async () => {
    const customer = await play.customer()
    await play.stripe.customers.del(customer.id)
    expect(await play.stripe.customers.retrieve(customer.id)).toMatchObject({
      id: customer.id,
      object: 'customer',
      deleted: true,
    })
  })

  it('holds metadata to 50 keys of 40 characters with values of 500', async () => {
    await expect(play.stripe.customers.create({ metadata: { ['k'.repeat(41)]: 'v' } })).rejects.toMatchObject(
      { statusCode: 400 },
    )
    await expect(play.stripe.customers.create({ metadata: { k: 'v'.repeat(501) } })).rejects.toMatchObject({
      statusCode: 400,
    })
    const keys = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`k${index}`, 'v']))
    await expect(play.stripe.customers.create({ metadata: keys })).rejects.toMatchObject({ statusCode: 400 })
    const customer = await play.stripe.customers.create({ metadata: { keep: '1', drop: '2' } })
    expect(
      (await play.stripe.customers.update(customer.id, { metadata: { drop: '', add: '3' } })).metadata,
    ).toEqual({ keep: '1', add: '3' })
  })
})

describe('idempotency keys', () => {
  it('replays the saved answer and makes nothing twice', async () => {
    const first = await play.stripe.customers.create({ name: 'Once' }, { idempotencyKey: 'key-1' })
    const second = await play.stripe.customers.create({ name: 'Once' }, { idempotencyKey: 'key-1' })
    expect(second.id).toBe(first.id)
    expect(second.lastResponse.headers['idempotent-replayed']).toBe('true')
    expect(play.simulator.store.customers.size).toBe(1)
  })

  it('refuses the key with other parameters', async () => {
    await play.stripe.customers.create({ name: 'A' }, { idempotencyKey: 'key-2' })
    await expect(
      play.stripe.customers.create({ name: 'B' }, { idempotencyKey: 'key-2' }),
    ).rejects.toMatchObject({ type: 'StripeIdempotencyError', statusCode: 400 })
  })

  it('replays even a 500, and forgets a key after 24 hours', async () => {
    play.simulator.faults.add({ effect: 'server_error', method: 'POST', times: 1 })
    const create = () => play.stripe.customers.create({ name: 'C' }, { idempotencyKey: 'key-3' })
    await expect(create()).rejects.toMatchObject({ statusCode: 500 })
    await expect(create()).rejects.toMatchObject({ statusCode: 500 })
    play.to(START + DAY)
    expect((await create()).name).toBe('C')
  })

  it('does not keep a request that was refused before it began', async () => {
    await post('/v1/customers', 'nonsense=1', { 'idempotency-key': 'key-4' })
    expect((await play.stripe.customers.create({ name: 'D' }, { idempotencyKey: 'key-4' })).name).toBe('D')
  })
})

describe('lists and expansion', () => {
  it('pages newest first in both directions', async () => {
    const ids: string[] = []
    for (const name of ['a', 'b', 'c', 'd', 'e']) ids.push((await play.stripe.customers.create({ name })).id)
    const [a, b, c, d, e] = ids
    const first = await play.stripe.customers.list({ limit: 2 })
    expect([first.data.map((each) => each.id), first.has_more]).toEqual([[e, d], true])
    const next = await play.stripe.customers.list({ limit: 3, starting_after: d })
    expect([next.data.map((each) => each.id), next.has_more]).toEqual([[c, b, a], false])
    const back = await play.stripe.customers.list({ limit: 2, ending_before: b })
    expect([back.data.map((each) => each.id), back.has_more]).toEqual([[d, c], true])
    expect(
      (await play.stripe.customers.list({ limit: 2 }).autoPagingToArray({ limit: 10 })).map(
        (each) => each.id,
      ),
    ).toEqual([e, d, c, b, a])
  })

  it('lists events chronologically from a known one with ending_before, whatever the filter', async () => {
    const customer = await play.customer()
    const marker = play.simulator.events.at(-1)?.id
    for (const name of ['a', 'b', 'c']) await play.stripe.customers.update(customer.id, { name })
    const page = await play.stripe.events.list({
      types: ['customer.updated'],
      ending_before: marker,
      limit: 2,
    })
    expect(page.has_more).toBe(true)
    expect(page.data.map((event) => play.simulator.events.findIndex((each) => each.id === event.id))).toEqual(
      [3, 2],
    )
  })

  it('expands ids and the lists that are left out', async () => {
    const customer = await play.customer({ tax_id_data: [{ type: 'eu_vat', value: 'DE123456789' }] })
    const price = await play.price(1000)
    await play.stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] })
    const plain = await play.stripe.invoices.list({ customer: customer.id })
    expect(plain.data[0]?.customer).toBe(customer.id)
    expect(plain.data[0]).not.toHaveProperty('payments')
    const [invoice] = (
      await play.stripe.invoices.list({
        expand: ['data.customer.tax_ids', 'data.payments.data.payment.payment_intent'],
      })
    ).data
    expect(invoice).toMatchObject({
      customer: { id: customer.id, tax_ids: { data: [{ value: 'DE123456789' }] } },
      payments: { data: [{ payment: { payment_intent: { status: 'succeeded', amount: 1000 } } }] },
    })
    await expect(play.stripe.invoices.list({ expand: ['data.nothing'] })).rejects.toMatchObject({
      statusCode: 400,
      message: 'This property cannot be expanded (nothing).',
    })
  })
})

describe('the clock and faults', () => {
  it('answers with its own clock in the Date header', async () => {
    play.to(START + HOUR)
    const account = await play.stripe.accounts.retrieveCurrent()
    expect(account.lastResponse.headers.date).toBe('Tue, 01 Sep 2026 01:00:00 GMT')
  })

  it('words a 429 as Stripe does, with Retry-After', async () => {
    play.simulator.faults.add({ effect: 'rate_limited', times: 1, retryAfterSeconds: 7 })
    await expect(play.stripe.customers.list()).rejects.toMatchObject({
      type: 'StripeRateLimitError',
      code: 'rate_limit',
      statusCode: 429,
      headers: { 'retry-after': '7' },
    })
  })

  it('limits calls a second when asked to', async () => {
    const limited = await startPlay({ rateLimit: { perSecond: 2 } })
    await limited.stripe.customers.list()
    await limited.stripe.customers.list()
    await expect(limited.stripe.customers.list()).rejects.toMatchObject({ statusCode: 429 })
    limited.to(START + 1)
    expect((await limited.stripe.customers.list()).data).toEqual([])
    await limited.close()
  })

  it('loses the answer but not the effect when the connection is cut afterwards', async () => {
    // Twice: the SDK itself tries once more after a closed connection, whatever its retry setting.
    play.simulator.faults.add({ effect: 'reset_after', method: 'POST', times: 2 })
    await expect(
      play.stripe.customers.create({ name: 'Lost' }, { idempotencyKey: 'lost-1' }),
    ).rejects.toMatchObject({ type: 'StripeConnectionError' })
    expect(play.simulator.store.customers.size).toBe(1)
    expect((await play.stripe.customers.create({ name: 'Lost' }, { idempotencyKey: 'lost-1' })).name).toBe(
      'Lost',
    )
    expect(play.simulator.store.customers.size).toBe(1)
  })

  it('plays the same play with the same ids', async () => {
    const again = await startPlay()
    const ids = async ({ stripe }: Play) => [
      (await stripe.customers.create({})).id,
      (await stripe.products.create({ name: 'P' })).id,
    ]
    expect(await ids(again)).toEqual(await ids(play))
    expect(again.simulator.events.map((event) => event.id)).toEqual(
      play.simulator.events.map((event) => event.id),
    )
    await again.close()
  })
})

it('finds objects that were only seeded', async () => {
  play.simulator.seedObjects([
    {
      id: 'in_seeded',
      object: 'invoice',
      customer: 'cus_x',
      number: 'R-1',
      status: 'open',
      created: START,
      parent: null,
      lines: { object: 'list', data: [], has_more: false, url: '' },
    } as never,
  ])
  expect(await play.stripe.invoices.retrieve('in_seeded')).toMatchObject({ number: 'R-1' })
  expect((await play.stripe.invoices.search({ query: 'number:"R-1"' })).data).toHaveLength(1)
  expect((await play.stripe.invoices.list({ customer: 'cus_x' })).data).toHaveLength(1)
})

async function post(path: string, body: string, headers: Record<string, string> = {}): Promise<unknown> {
  const response = await fetch(`${play.url}${path}`, {
    method: 'POST',
    body,
    headers: {
      authorization: 'Bearer sk_test_play',
      'content-type': 'application/x-www-form-urlencoded',
      ...headers,
    },
  })
  return response.json()
}
