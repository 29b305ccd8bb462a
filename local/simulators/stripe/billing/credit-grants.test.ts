import type Stripe from 'stripe'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DAY, HOUR, type Play, START, startPlay } from '../play.fixture.ts'

const RENEWAL = START + 30 * DAY

let play: Play
beforeEach(async () => {
  play = await startPlay()
})
afterEach(() => play.close())

/** A subscription to a metered price of 2.00 a unit, and (with `plan`) a licensed one of 50.00. */
async function metered(options: { plan?: boolean; taxRates?: string[] } = {}) {
  const customer = (await play.customer()).id
  const meter = await play.stripe.billing.meters.create({
    display_name: 'Calls',
    event_name: `calls_${customer}`,
    default_aggregation: { formula: 'sum' },
  })
  const usage = await play.price(200, {
    product_data: { name: 'Calls' },
    recurring: { interval: 'month', usage_type: 'metered', meter: meter.id },
  })
  const plan = await play.price(5_000)
  const subscription = await play.stripe.subscriptions.create({
    customer,
    items: [...(options.plan ? [{ price: plan.id }] : []), { price: usage.id }],
    ...(options.taxRates ? { default_tax_rates: options.taxRates } : {}),
  })
  const report = (value: number, at = play.seconds()) =>
    play.stripe.billing.meterEvents.create({
      event_name: meter.event_name,
      payload: { stripe_customer_id: customer, value: String(value) },
      timestamp: at,
    })
  return { customer, meter, usage, subscription, report }
}

const grant = (customer: string, value: number, params: object = {}) =>
  play.stripe.billing.creditGrants.create({
    customer,
    amount: { type: 'monetary', monetary: { currency: 'usd', value } },
    applicability_config: { scope: { price_type: 'metered' } },
    ...params,
  })

const latest = async (subscription: Stripe.Subscription) =>
  (await play.stripe.invoices.list({ subscription: subscription.id, limit: 1 })).data[0]

const ledger = async (customer: string) =>
  (await play.stripe.billing.creditBalanceTransactions.list({ customer })).data
    .toReversed()
    .map((each) => [
      each.credit?.type ?? each.debit?.type,
      each.credit?.amount.monetary?.value ?? -(each.debit?.amount.monetary?.value ?? 0),
    ])

async function summary(customer: string) {
  const found = await play.stripe.billing.creditBalanceSummaries.retrieve({
    customer,
    filter: { type: 'applicability_scope', applicability_scope: { price_type: 'metered' } },
  })
  const [balance] = found.balances
  return [balance?.ledger_balance.monetary?.value, balance?.available_balance.monetary?.value]
}

describe('metered prices', () => {
  it('bill what was used in the period that ended', async () => {
    const { subscription, report } = await metered({ plan: true })
    expect(subscription.items.data.map((item) => item.quantity)).toEqual([1, undefined])
    await report(10)
    await report(5, START + 60)
    play.to(START + 20 * DAY)
    await report(7)
    play.to(RENEWAL - 60)
    await report(100, RENEWAL) // the next period's
    play.to(RENEWAL)
    const draft = await latest(subscription)
    expect(draft).toMatchObject({ status: 'draft', total: 5_000 + 22 * 200 })
    expect(draft?.lines.data.map((line) => [line.amount, line.quantity, line.period])).toEqual([
      [5_000, 1, { start: RENEWAL, end: START + 61 * DAY }],
      [4_400, 22, { start: START, end: RENEWAL }],
    ])
  })

  it('begin with a line of nothing, end with what was used, and take no quantity', async () => {
    const { customer, usage, subscription, report } = await metered()
    expect(await latest(subscription)).toMatchObject({
      status: 'paid',
      total: 0,
      lines: { data: [{ amount: 0, quantity: 0 }] },
    })
    await report(3)
    await play.stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true })
    play.to(RENEWAL)
    expect(await latest(subscription)).toMatchObject({ total: 600 })
    await expect(
      play.stripe.subscriptions.create({ customer, items: [{ price: usage.id, quantity: 2 }] }),
    ).rejects.toMatchObject({ statusCode: 400, param: 'items[0][quantity]' })
    await expect(
      play.price(200, { recurring: { interval: 'month', usage_type: 'metered' } }),
    ).rejects.toMatchObject({ statusCode: 400, param: 'recurring[meter]' })
  })

  it('refuse usage that is too old, comes twice, or belongs to nobody', async () => {
    const { customer, meter, report } = await metered()
    await expect(report(1, START - 36 * DAY)).rejects.toMatchObject({ param: 'timestamp' })
    await expect(report(1, START + 301)).rejects.toMatchObject({ param: 'timestamp' })
    const twice = () =>
      play.stripe.billing.meterEvents.create({
        event_name: meter.event_name,
        identifier: 'once',
        payload: { stripe_customer_id: customer, value: '1' },
      })
    await twice()
    await expect(twice()).rejects.toMatchObject({ param: 'identifier' })
    await expect(
      play.stripe.billing.meterEvents.create({
        event_name: meter.event_name,
        payload: { stripe_customer_id: 'cus_nope', value: '1' },
      }),
    ).rejects.toMatchObject({ code: 'resource_missing' })
  })
})

describe('billing credits', () => {
  it('are granted, shown on the draft, and taken at finalization, before tax', async () => {
    const vat = await play.stripe.taxRates.create({ display_name: 'VAT', percentage: 20, inclusive: false })
    const { customer, subscription, report } = await metered({ plan: true, taxRates: [vat.id] })
    const { id } = await grant(customer, 3_000, { name: 'Prepaid', category: 'paid' })
    expect(play.types().slice(-2)).toEqual([
      'billing.credit_grant.created',
      'billing.credit_balance_transaction.created',
    ])
    await report(40)
    play.to(RENEWAL)
    // 50.00 + 80.00 − 30.00 = 100.00, VAT 20.00.
    expect(await latest(subscription)).toMatchObject({
      status: 'draft',
      subtotal: 13_000,
      total: 12_000,
      total_excluding_tax: 10_000,
      total_taxes: [{ amount: 2_000, taxable_amount: 10_000 }],
      total_pretax_credit_amounts: [
        { amount: 3_000, type: 'credit_balance_transaction', credit_balance_transaction: null },
      ],
    })
    expect(await ledger(customer)).toEqual([['credits_granted', 3_000]])
    play.to(RENEWAL + HOUR)
    const paid = await latest(subscription)
    expect(paid).toMatchObject({ status: 'paid', total: 12_000, amount_paid: 12_000 })
    const [credit] = paid?.total_pretax_credit_amounts ?? []
    const line = paid?.lines.data[1]
    expect(line?.pretax_credit_amounts).toEqual([credit])
    expect(
      await play.stripe.billing.creditBalanceTransactions.retrieve(
        String(credit?.credit_balance_transaction),
        { expand: ['debit.credits_applied.invoice'] },
      ),
    ).toMatchObject({
      type: 'debit',
      credit: null,
      credit_grant: id,
      debit: {
        type: 'credits_applied',
        amount: { monetary: { currency: 'usd', value: 3_000 } },
        credits_applied: { invoice: { id: paid?.id }, invoice_line_item: line?.id },
      },
    })
    expect(await summary(customer)).toEqual([0, 0])
  })

  it('appear on a draft as soon as they are granted, and leave it when they are voided', async () => {
    const { customer, subscription, report } = await metered()
    await report(10)
    play.to(RENEWAL)
    expect(await latest(subscription)).toMatchObject({ status: 'draft', total: 2_000 })
    const { id } = await grant(customer, 500)
    expect(await latest(subscription)).toMatchObject({ total: 1_500 })
    await play.stripe.billing.creditGrants.voidGrant(id)
    expect(await latest(subscription)).toMatchObject({ total: 2_000, total_pretax_credit_amounts: [] })
  })

  it('apply in order of priority, expiry, category and age, and only to what they are for', async () => {
    const { customer, usage, subscription, report } = await metered({ plan: true })
    const last = await grant(customer, 1_000)
    const promotional = await grant(customer, 1_000, { category: 'promotional' })
    const expiring = await grant(customer, 1_000, { expires_at: START + 90 * DAY })
    const first = await grant(customer, 1_000, {
      priority: 1,
      applicability_config: { scope: { prices: [{ id: usage.id }] } },
    })
    await grant(customer, 1_000, {
      priority: 0,
      amount: { type: 'monetary', monetary: { currency: 'eur', value: 1_000 } },
    })
    await grant(customer, 1_000, { priority: 0, effective_at: RENEWAL + 1 })
    await report(16) // 32.00
    play.to(RENEWAL + HOUR)
    expect(await latest(subscription)).toMatchObject({ total: 5_000 })
    const used = (await play.stripe.billing.creditBalanceTransactions.list({ customer, limit: 100 })).data
      .toReversed()
      .filter((each) => each.debit)
      .map((each) => [each.credit_grant, each.debit?.amount.monetary?.value])
    expect(used).toEqual([
      [first.id, 1_000],
      [expiring.id, 1_000],
      [promotional.id, 1_000],
      [last.id, 200],
    ])
  })

  it('come after discounts, and leave a one-off invoice and a licensed price alone', async () => {
    const { customer, subscription, report } = await metered()
    const coupon = await play.stripe.coupons.create({ percent_off: 25, duration: 'forever' })
    await play.stripe.subscriptions.update(subscription.id, { discounts: [{ coupon: coupon.id }] })
    await grant(customer, 50_000)
    await report(10)
    play.to(RENEWAL + HOUR)
    // 20.00 − 5.00 = 15.00, all of it paid by credits.
    const invoice = await latest(subscription)
    expect(invoice).toMatchObject({
      status: 'paid',
      total: 0,
      amount_due: 0,
      total_pretax_credit_amounts: [
        { amount: 500, type: 'discount' },
        { amount: 1_500, type: 'credit_balance_transaction' },
      ],
    })
    expect(await summary(customer)).toEqual([48_500, 48_500])
    await play.stripe.invoiceItems.create({ customer, amount: 700, currency: 'usd' })
    const oneOff = await play.stripe.invoices.create({
      customer,
      pending_invoice_items_behavior: 'include',
    })
    expect(await play.stripe.invoices.finalizeInvoice(String(oneOff.id))).toMatchObject({ total: 700 })
  })

  it('come back when the invoice is voided, and expire at once if their time is over', async () => {
    const { customer, subscription, report } = await metered()
    await play.stripe.subscriptions.update(subscription.id, {
      collection_method: 'send_invoice',
      days_until_due: 30,
    })
    await grant(customer, 1_000, { expires_at: RENEWAL + 10 * DAY })
    await grant(customer, 1_000)
    await report(30)
    play.to(RENEWAL + HOUR)
    const invoice = await latest(subscription)
    expect(invoice).toMatchObject({ status: 'open', total: 4_000, amount_remaining: 4_000 })
    play.to(RENEWAL + 11 * DAY)
    await play.stripe.invoices.voidInvoice(String(invoice?.id))
    expect(await ledger(customer)).toEqual([
      ['credits_granted', 1_000],
      ['credits_granted', 1_000],
      ['credits_applied', -1_000],
      ['credits_applied', -1_000],
      ['credits_application_invoice_voided', 1_000],
      ['credits_expired', -1_000],
      ['credits_application_invoice_voided', 1_000],
    ])
    expect(await summary(customer)).toEqual([1_000, 1_000])
  })

  it('do not come back by a credit note, which takes back what was charged', async () => {
    const { customer, subscription, report } = await metered()
    await grant(customer, 1_000)
    await report(20) // 40.00, 30.00 of it by card
    play.to(RENEWAL + HOUR)
    const invoice = await latest(subscription)
    const line = invoice?.lines.data[0]?.id ?? ''
    const note = await play.stripe.creditNotes.create({
      invoice: String(invoice?.id),
      lines: [{ type: 'invoice_line_item', invoice_line_item: line, quantity: 10 }],
      refund_amount: 1_500,
    })
    expect(note).toMatchObject({
      subtotal: 2_000,
      total: 1_500,
      pretax_credit_amounts: [{ amount: 500, type: 'credit_balance_transaction' }],
    })
    expect(await summary(customer)).toEqual([0, 0])
  })

  it('expire by themselves or when told to, and are voided only while unused', async () => {
    const customer = (await play.customer()).id
    const early = await grant(customer, 700, { expires_at: START + 5 * DAY })
    const told = await grant(customer, 800)
    const unused = await grant(customer, 900)
    const later = await grant(customer, 50, { effective_at: START + 50 * DAY })
    expect(await summary(customer)).toEqual([2_450, 2_400])
    play.to(START + 5 * DAY)
    expect(await play.stripe.billing.creditGrants.expire(told.id)).toMatchObject({
      expires_at: START + 5 * DAY,
    })
    expect(await play.stripe.billing.creditGrants.voidGrant(unused.id)).toMatchObject({
      voided_at: START + 5 * DAY,
    })
    expect(play.types().slice(-2)).toEqual([
      'billing.credit_grant.updated',
      'billing.credit_balance_transaction.created',
    ])
    expect((await ledger(customer)).slice(4)).toEqual([
      ['credits_expired', -700],
      ['credits_expired', -800],
      ['credits_voided', -900],
    ])
    for (const { id } of [early, told, unused])
      await expect(play.stripe.billing.creditGrants.expire(id)).rejects.toMatchObject({ statusCode: 400 })
    expect(
      await play.stripe.billing.creditGrants.update(later.id, { metadata: { po: '5' }, expires_at: '' }),
    ).toMatchObject({ metadata: { po: '5' }, expires_at: null })
    expect(
      (await play.stripe.billing.creditGrants.list({ customer, limit: 2 })).data.map((each) => each.id),
    ).toEqual([later.id, unused.id])
  })

  it.each([
    [{ amount: { type: 'monetary', monetary: { currency: 'usd', value: 0 } } }, 'amount[monetary][value]'],
    [{ priority: 101 }, 'priority'],
    [{ effective_at: START - 1 }, 'effective_at'],
    [{ expires_at: START }, 'expires_at'],
    [
      { applicability_config: { scope: { price_type: 'metered', prices: [{ id: 'price_1' }] } } },
      'applicability_config[scope]',
    ],
    [{ category: 'gift' }, 'category'],
  ])('refuse %o', async (params, param) => {
    const customer = (await play.customer()).id
    await expect(grant(customer, 100, params)).rejects.toMatchObject({ statusCode: 400, param })
    expect(await ledger(customer)).toEqual([])
  })
})
