// Drafts over HTTP with the real SDKs: each test states what stands in Stripe afterwards.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createStripeClient } from '../../../shared/stripe/client.ts'
import { holdDraft } from '../../../shared/stripe/tax-hold-marker.ts'
import {
  avataxPeer,
  clock,
  config,
  connector,
  draft,
  failureOf,
  gather,
  projected,
  startBench,
  stopBench,
  stripe,
  stripePeer,
  sync,
  write,
} from './bench.fixture.ts'
import { createAvalara } from './connector.ts'
import { lineOf, taxOf } from './objects.fixture.ts'

beforeEach(startBench)
afterEach(stopBench)

describe('a draft', () => {
  test('is held, taxed and released; what is read back is what was projected', async () => {
    const { record } = await projected(draft())
    expect(await write(record)).toEqual({ remoteId: 'in_1' })
    const invoice = stripePeer.invoice('in_1')
    expect(invoice).toMatchObject({
      status: 'open',
      auto_advance: true,
      metadata: { switchyard_hold: 'true' },
    })
    expect(invoice.lines.data[0]?.taxes).toMatchObject([
      { amount: 1000, taxable_amount: 10000, tax_behavior: 'exclusive', taxability_reason: 'standard_rated' },
    ])
    expect(stripePeer.posts.map(({ path }) => path)).toEqual([
      '/v1/invoices/in_1',
      '/v1/invoices/in_1/update_lines',
      '/v1/invoices/in_1/finalize',
    ])
    const [read] = await connector.read('stripeTax', ['in_1'])
    expect(read?.body).toEqual(record.body)
  })

  test('of a user’s own is taxed and stays a draft; read back as projected', async () => {
    const { record } = await projected(draft({ auto_advance: false }))
    await write(record)
    expect(stripePeer.invoice('in_1')).toMatchObject({
      status: 'draft',
      metadata: { switchyard_hold: 'false' },
    })
    const [read] = await connector.read('stripeTax', ['in_1'])
    expect(read?.body).toEqual(record.body)
    const before = stripePeer.posts.length
    await write(record)
    expect(stripePeer.posts.length).toBe(before)
  })

  test('is asked about once: its own tax lines change no input', async () => {
    const { keep } = await projected(draft({ auto_advance: false }))
    const own = draft({
      auto_advance: false,
      lines: [lineOf({ id: 'il_1', amount: 10000, taxes: [taxOf(1000)] })],
    })
    await projected(own, keep)
    expect(avataxPeer.models).toHaveLength(1)
    await projected(draft({ lines: [lineOf({ id: 'il_1', amount: 20000 })] }), keep)
    expect(avataxPeer.models).toHaveLength(2)
  })

  test('asks with ship-to address, tax code and discounted amount', async () => {
    await projected(
      draft({
        lines: [
          lineOf({ id: 'il_1', amount: 10000, discount_amounts: [{ amount: 2500, discount: 'di_1' }] }),
        ],
      }),
    )
    expect(avataxPeer.models[0]).toEqual({
      type: 'SalesOrder',
      companyCode: 'ACME',
      code: 'in_1',
      date: '2026-03-31',
      customerCode: 'cus_1',
      currencyCode: 'USD',
      addresses: {
        shipFrom: { country: 'US', region: 'NY', postalCode: '10001' },
        shipTo: { line1: '1 Main St', city: 'Los Angeles', region: 'CA', postalCode: '90012', country: 'US' },
      },
      lines: [
        {
          number: 'il_1',
          quantity: 1,
          amount: 75,
          itemCode: 'prod_1',
          taxCode: 'SW056000',
          taxIncluded: false,
        },
      ],
    })
  })

  test('of nothing asks nobody and is released', async () => {
    await sync(draft({ total: 0, lines: [lineOf({ id: 'il_1', amount: 0 })] }))
    expect(avataxPeer.models).toHaveLength(0)
    expect(stripePeer.invoice('in_1').status).toBe('open')
  })

  test('that gains a line before the write is not finalized but calculated anew', async () => {
    const { record } = await projected(draft())
    stripePeer.addLine('in_1', lineOf({ id: 'il_2', amount: 500 }))
    expect(failureOf(await write(record))).toMatchObject({ kind: 'transient', code: 'TAX-DRAFT-CHANGED' })
    expect(stripePeer.invoice('in_1').status).toBe('draft')
  })

  test('that gains a line while the tax is written is not finalized either', async () => {
    const { record } = await projected(draft())
    stripePeer.beforePost = {
      ending: 'update_lines',
      change: () => stripePeer.addLine('in_1', lineOf({ id: 'il_2', amount: 500 })),
    }
    expect(failureOf(await write(record))).toMatchObject({ kind: 'transient', code: 'TAX-DRAFT-CHANGED' })
    expect(stripePeer.invoice('in_1').status).toBe('draft')
  })

  test('whose taxed line changes in the very moment of finalizing is reported', async () => {
    const { record } = await projected(draft())
    stripePeer.beforePost = {
      ending: 'finalize',
      change: () => {
        stripePeer.line('in_1', 0).taxes = []
      },
    }
    expect(failureOf(await write(record))).toMatchObject({ kind: 'permanent', code: 'TAX-FINALIZED-DIFFERS' })
  })

  test('calculated, changed and changed back is written although Stripe replays its first answer', async () => {
    const first = await projected(draft({ auto_advance: false }))
    await write(first.record)
    stripePeer.line('in_1', 0).taxes = []
    await write(first.record)
    expect(stripePeer.line('in_1', 0).taxes).toMatchObject([{ amount: 1000 }])
  })

  test('finalized meanwhile needs nothing more', async () => {
    const { record } = await projected(draft())
    stripePeer.invoice('in_1').status = 'open'
    expect(await write(record)).toEqual({ remoteId: 'in_1' })
    expect(stripePeer.posts).toEqual([])
  })

  test('with rates of its subscription loses those, not its tax', async () => {
    await sync(draft({ default_tax_rates: [{ id: 'txr_old' }] }))
    expect(stripePeer.invoice('in_1')).toMatchObject({ status: 'open', default_tax_rates: [] })
  })

  test('held past Stripe’s hour is not released when its subscription was paused meanwhile', async () => {
    const parent = { subscription_details: { subscription: 'sub_1' } }
    stripePeer.objects.set('subscriptions/sub_1', {
      id: 'sub_1',
      status: 'active',
      pause_collection: { behavior: 'keep_as_draft' },
    })
    clock.advance(2 * 3_600_000)
    await sync(draft({ parent }))
    expect(stripePeer.invoice('in_1')).toMatchObject({ status: 'draft', auto_advance: false })
    expect(stripePeer.line('in_1', 0).taxes).toHaveLength(1)
  })

  test('of automatic_tax is left alone, and its state says so', async () => {
    const outcome = await gather(draft({ automatic_tax: { enabled: true } }))
    expect(outcome).toEqual({
      context: { does: 'nothing', why: 'automatic_tax' },
      keep: { leftAlone: 'automatic_tax' },
    })
  })
})

describe('a blocked draft', () => {
  test('with an unknown address waits for its customer', async () => {
    stripePeer.change('customers/cus_1', { address: { city: 'Berlinn', country: 'DE' } })
    const failure = failureOf(await gather(draft()))
    expect(failure).toMatchObject({
      kind: 'permanent',
      code: 'TAX-ADDR',
      waitsOn: [{ type: 'customer', id: 'cus_1' }],
      message:
        'in_1 (USD 100.00) is held, untaxed: AvaTax cannot find the address in "Berlinn", DE. Nothing was finalized.',
    })
    expect(failure.hint).toContain('it resumes alone')
  })

  test('without an address names the field', async () => {
    stripePeer.change('customers/cus_1', { address: null })
    const failure = failureOf(await gather(draft({ customer_address: null })))
    expect(failure).toMatchObject({ code: 'TAX-ADDR', waitsOn: [{ type: 'customer', id: 'cus_1' }] })
    expect(failure.hint).toContain('field address')
  })

  test('with an unmapped product waits for the product, and sees its correction at once', async () => {
    stripePeer.objects.set('products/prod_2', {
      id: 'prod_2',
      object: 'product',
      metadata: {},
      tax_code: null,
    })
    const line = lineOf({
      id: 'il_1',
      amount: 10000,
      pricing: { type: 'price_details', price_details: { price: 'price_1', product: 'prod_2' } },
    })
    expect(failureOf(await gather(draft({ lines: [line] })))).toMatchObject({
      kind: 'permanent',
      code: 'TAX-CODE',
      waitsOn: [{ type: 'product', id: 'prod_2' }],
    })
    stripePeer.change('products/prod_2', { metadata: { avatax_tax_code: 'SW052000' } })
    await projected(draft({ lines: [line] }))
    expect(avataxPeer.models[0]?.lines[0]?.taxCode).toBe('SW052000')
  })

  test.each([
    ['rate_limited', 'transient', 'TAX-BUSY'],
    ['server_error', 'transient', 'TAX-DOWN'],
    ['reset_before', 'transient', 'TAX-DOWN'],
    ['expired_credential', 'credential', 'TAX-CRED'],
  ] as const)('AvaTax %s is %s while calculating', async (effect, kind, code) => {
    avataxPeer.faults.add({ effect, times: 1 })
    expect(failureOf(await gather(draft()))).toMatchObject({ kind, code })
  })

  test('Stripe too busy is transient; a lost answer to finalize is settled by looking', async () => {
    const { record } = await projected(draft())
    stripePeer.faults.add({ effect: 'rate_limited', method: 'POST', times: 1 })
    expect(failureOf(await write(record))).toMatchObject({ kind: 'transient', code: 'STRIPE-BUSY' })
    stripePeer.faults.add({ effect: 'reset_after', path: 'finalize', times: 1 })
    expect(await write(record)).toEqual({ remoteId: 'in_1' })
    expect(stripePeer.invoice('in_1').status).toBe('open')
  })

  test.each(['in_1', 'update_lines', 'finalize'])(
    'a 500 that Stripe saved for %s is not replayed for a day',
    async (ending) => {
      const { record } = await projected(draft())
      stripePeer.savedFailure = ending
      expect(await write(record)).toEqual({ remoteId: 'in_1' })
      expect(stripePeer.invoice('in_1')).toMatchObject({
        status: 'open',
        metadata: { switchyard_hold: 'true' },
      })
    },
  )
})

test('a hold that comes after the release does not stop collection', async () => {
  await sync(draft())
  await holdDraft(stripe, clock, { invoiceId: 'in_1', former: 'true' })
  expect(stripePeer.invoice('in_1')).toMatchObject({
    status: 'open',
    auto_advance: true,
    metadata: { switchyard_hold: 'true' },
  })
  // A day later Stripe has forgotten the key: the hold takes effect, is noticed, and is undone.
  stripePeer.forgetKeys()
  await holdDraft(stripe, clock, { invoiceId: 'in_1', former: 'true' })
  expect(stripePeer.invoice('in_1')).toMatchObject({
    status: 'open',
    auto_advance: true,
    metadata: { switchyard_hold: 'lifted' },
  })
})

test('the probe tells a wrong key from an outage', async () => {
  await connector.probe()
  avataxPeer.authenticated = false
  await expect(connector.probe()).rejects.toMatchObject({ kind: 'credential' })
  avataxPeer.faults.add({ effect: 'unavailable', times: 1 })
  await expect(connector.probe()).rejects.toMatchObject({ kind: 'transient' })
})

test('test mode never goes to AvaTax’s production', () => {
  const stripe = createStripeClient({ apiKey: 'rk_test_1' })
  const credentials = { accountId: '1', licenseKey: 'key', environment: 'production' } as const
  expect(() => createAvalara({ config, credentials, stripe, clock, livemode: false })).toThrow(
    expect.objectContaining({ code: 'TAX-MODE' }),
  )
})
