import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DAY, HOUR, type Play, START, startPlay } from '../play.fixture.ts'

let play: Play
beforeEach(async () => {
  play = await startPlay()
})
afterEach(() => play.close())

async function subscribe(unitAmount: number, params: Record<string, unknown> = {}) {
  const customer = await play.customer()
  const price = await play.price(unitAmount)
  const subscription = await play.stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id }],
    ...params,
  })
  return { customer, price, subscription, item: subscription.items.data[0]?.id ?? '' }
}

describe('the first invoice', () => {
  it('is finalized and paid inside the request, its three events in one second', async () => {
    const from = play.simulator.events.length
    const { subscription } = await subscribe(1000)
    expect(subscription.status).toBe('active')
    const events = play.simulator.events
      .slice(from)
      .filter((event) => event.type.startsWith('invoice.') && event.type !== 'invoice.updated')
    expect(events.map((event) => [event.type, event.data.object.status, event.created])).toEqual([
      ['invoice.created', 'draft', START],
      ['invoice.finalized', 'open', START],
      ['invoice.paid', 'paid', START],
      ['invoice.payment_succeeded', 'paid', START],
    ])
    const invoice = await play.stripe.invoices.retrieve(String(subscription.latest_invoice))
    expect(invoice).toMatchObject({
      status: 'paid',
      attempt_count: 0,
      billing_reason: 'subscription_create',
      amount_paid: 1000,
      amount_remaining: 0,
      parent: { type: 'subscription_details', subscription_details: { subscription: subscription.id } },
    })
    expect(invoice.lines.data[0]).toMatchObject({
      period: { start: START, end: START + 30 * DAY },
      pricing: { price_details: { price: subscription.items.data[0]?.price.id } },
    })
  })

  it('waits an hour as a draft with send_invoice, then is sent and due', async () => {
    const { subscription } = await subscribe(1000, { collection_method: 'send_invoice', days_until_due: 14 })
    const id = String(subscription.latest_invoice)
    expect(await play.stripe.invoices.retrieve(id)).toMatchObject({
      status: 'draft',
      automatically_finalizes_at: START + HOUR,
    })
    play.to(START + HOUR)
    expect(await play.stripe.invoices.retrieve(id)).toMatchObject({
      status: 'open',
      due_date: START + HOUR + 14 * DAY,
      status_transitions: { finalized_at: START + HOUR },
    })
    expect(play.types()).toContain('invoice.sent')
    play.to(START + HOUR + 14 * DAY)
    expect((await play.stripe.subscriptions.retrieve(subscription.id)).status).toBe('past_due')
    await play.stripe.invoices.pay(id, { paid_out_of_band: true })
    expect((await play.stripe.subscriptions.retrieve(subscription.id)).status).toBe('active')
  })

  it('is a zero invoice at the start of a trial, which then ends in a draft', async () => {
    const { subscription } = await subscribe(1000, { trial_period_days: 14 })
    expect(subscription).toMatchObject({ status: 'trialing', trial_end: START + 14 * DAY })
    expect(await play.stripe.invoices.retrieve(String(subscription.latest_invoice))).toMatchObject({
      status: 'paid',
      total: 0,
      lines: { data: [{ description: 'Trial period for Plan' }] },
    })
    play.to(START + 11 * DAY)
    expect(play.types().at(-1)).toBe('customer.subscription.trial_will_end')
    play.to(START + 14 * DAY)
    const active = await play.stripe.subscriptions.retrieve(subscription.id, { expand: ['latest_invoice'] })
    expect(active).toMatchObject({
      status: 'active',
      latest_invoice: { status: 'draft', total: 1000, billing_reason: 'subscription_cycle' },
    })
  })

  it('leaves the subscription incomplete when it is declined, and void after 23 hours', async () => {
    const customer = await play.customer()
    const price = await play.price(1000)
    play.simulator.failNextPayments(customer.id, 1)
    const subscription = await play.stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: price.id }],
    })
    expect(subscription.status).toBe('incomplete')
    play.to(START + 23 * HOUR)
    expect((await play.stripe.subscriptions.retrieve(subscription.id)).status).toBe('incomplete_expired')
    expect((await play.stripe.invoices.retrieve(String(subscription.latest_invoice))).status).toBe('void')
  })

  it('bills the stub up to an anchor that lies ahead', async () => {
    // 10 of the 30 days before 11 September: a third of 10.00.
    const { subscription } = await subscribe(1000, { billing_cycle_anchor: START + 10 * DAY })
    expect((await play.stripe.invoices.retrieve(String(subscription.latest_invoice))).total).toBe(323)
    expect(subscription.items.data[0]?.current_period_end).toBe(START + 10 * DAY)
  })
})

describe('renewal', () => {
  it('drafts at the period end, finalizes an hour later and charges', async () => {
    const { subscription } = await subscribe(1000)
    play.to(START + 30 * DAY)
    const renewed = await play.stripe.subscriptions.retrieve(subscription.id)
    const id = String(renewed.latest_invoice)
    expect(renewed.items.data[0]).toMatchObject({
      current_period_start: START + 30 * DAY,
      current_period_end: START + 61 * DAY,
    })
    expect(await play.stripe.invoices.retrieve(id)).toMatchObject({
      status: 'draft',
      auto_advance: true,
      period_start: START,
      period_end: START + 30 * DAY,
    })
    play.to(START + 30 * DAY + HOUR)
    expect(await play.stripe.invoices.retrieve(id)).toMatchObject({
      status: 'paid',
      attempt_count: 1,
      number: expect.stringMatching(/-0002$/),
    })
  })

  it('tells what changed in previous_attributes, and each event at its due time however late it is run', async () => {
    const { subscription } = await subscribe(1000)
    play.to(START + 45 * DAY)
    const updated = play.simulator.events.find((event) => event.type === 'customer.subscription.updated')
    expect(updated).toMatchObject({ created: START + 30 * DAY, request: { id: null, idempotency_key: null } })
    expect(updated?.data.previous_attributes).toMatchObject({
      latest_invoice: subscription.latest_invoice,
      items: { data: [{ current_period_end: START + 30 * DAY }] },
    })
    expect(
      play.simulator.events.find((event) => event.type === 'invoice.paid' && event.created > START)?.created,
    ).toBe(START + 30 * DAY + HOUR)
  })

  it('ends at the period end when it was asked to', async () => {
    const { subscription } = await subscribe(1000)
    const asked = await play.stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true })
    expect(asked).toMatchObject({ status: 'active', cancel_at: START + 30 * DAY, canceled_at: START })
    play.to(START + 30 * DAY)
    expect(await play.stripe.subscriptions.retrieve(subscription.id)).toMatchObject({
      status: 'canceled',
      ended_at: START + 30 * DAY,
    })
    expect(play.types().at(-1)).toBe('customer.subscription.deleted')
    expect(play.simulator.store.invoices.size).toBe(1)
  })
})

describe('prorations', () => {
  it('credit and charge half a month in its middle, on the next invoice', async () => {
    const { subscription, item } = await subscribe(1000)
    const double = await play.price(2000)
    play.to(START + 15 * DAY)
    const firstLine = play.simulator.store.invoices.all()[0]?.lines.data[0]?.id
    await play.stripe.subscriptions.update(subscription.id, { items: [{ id: item, price: double.id }] })
    const items = (await play.stripe.invoiceItems.list({ pending: true })).data.toReversed()
    expect(items.map((each) => [each.amount, each.description, each.proration])).toEqual([
      [-500, 'Unused time on Plan after 16 Sep 2026', true],
      [1000, 'Remaining time on Plan after 16 Sep 2026', true],
    ])
    expect(items[0]?.proration_details?.credited_items).toMatchObject({
      invoice_line_item_details: { invoice_line_items: [firstLine] },
    })
    play.to(START + 30 * DAY)
    const invoice = (await play.stripe.invoices.list({ status: 'draft' })).data[0]
    expect(invoice).toMatchObject({ total: 2500 })
    expect(invoice?.lines.data.map((line) => line.amount)).toEqual([2000, -500, 1000])
  })

  it('are counted to the second and rounded apart', async () => {
    // 10 d 6 h 7 min 8 s in: 1,705,972 of 2,592,000 s are left. One price loses a cent each second, one rounds.
    const each = await subscribe(2_592_000)
    const rounded = await subscribe(1000)
    play.to(START + 886_028)
    await play.stripe.subscriptions.update(each.subscription.id, { items: [{ id: each.item, quantity: 3 }] })
    await play.stripe.subscriptions.update(rounded.subscription.id, {
      items: [{ id: rounded.item, quantity: 3 }],
    })
    expect(play.simulator.store.invoiceItems.all().map((item) => item.amount)).toEqual([
      -1_705_972, 5_117_916, -658, 1975,
    ])
  })

  it('credit what a former change had really charged', async () => {
    const { subscription, item } = await subscribe(1000)
    play.to(START + 15 * DAY)
    await play.stripe.subscriptions.update(subscription.id, {
      items: [{ id: item, quantity: 2 }],
      proration_behavior: 'none',
    })
    play.to(START + 20 * DAY)
    await play.stripe.subscriptions.update(subscription.id, { items: [{ id: item, quantity: 4 }] })
    // Only one unit was ever billed for these ten days.
    expect(play.simulator.store.invoiceItems.all().map((each) => each.amount)).toEqual([-333, 1333])
  })

  it('are billed at once with always_invoice, and a downgrade becomes customer credit', async () => {
    const { customer, subscription, item } = await subscribe(3000)
    play.to(START + 10 * DAY)
    const up = await play.stripe.subscriptions.update(subscription.id, {
      items: [{ id: item, quantity: 2 }],
      proration_behavior: 'always_invoice',
      expand: ['latest_invoice'],
    })
    expect(up.latest_invoice).toMatchObject({
      status: 'paid',
      total: 2000,
      billing_reason: 'subscription_update',
    })
    play.to(START + 20 * DAY)
    const down = await play.stripe.subscriptions.update(subscription.id, {
      items: [{ id: item, quantity: 1 }],
      proration_behavior: 'always_invoice',
      expand: ['latest_invoice'],
    })
    expect(down.latest_invoice).toMatchObject({
      status: 'paid',
      total: -1000,
      amount_due: 0,
      starting_balance: 0,
      ending_balance: -1000,
    })
    expect(await play.stripe.customers.retrieve(customer.id)).toMatchObject({
      balance: -1000,
      currency: 'usd',
    })
    play.to(START + 30 * DAY + HOUR)
    const renewal = (await play.stripe.invoices.list({ customer: customer.id, limit: 1 })).data[0]
    expect(renewal).toMatchObject({
      total: 3000,
      amount_due: 2000,
      amount_paid: 2000,
      starting_balance: -1000,
      ending_balance: 0,
    })
    const moves = (await play.stripe.customers.listBalanceTransactions(customer.id)).data
    expect(moves.map((each) => [each.type, each.amount, each.ending_balance])).toEqual([
      ['applied_to_invoice', 1000, 0],
      ['applied_to_invoice', -1000, -1000],
    ])
  })

  it('start the cycle again when the interval changes', async () => {
    const { subscription, item } = await subscribe(1000)
    const yearly = await play.price(12_000, { recurring: { interval: 'year' } })
    play.to(START + 15 * DAY)
    const changed = await play.stripe.subscriptions.update(subscription.id, {
      items: [{ id: item, price: yearly.id }],
      expand: ['latest_invoice'],
    })
    expect(changed).toMatchObject({
      billing_cycle_anchor: START + 15 * DAY,
      latest_invoice: { total: 11_500, status: 'paid' },
    })
    expect(changed.items.data[0]?.current_period_end).toBe(START + 15 * DAY + 365 * DAY)
  })

  it('give back unused time on a cancellation that asks for it', async () => {
    const { customer, subscription } = await subscribe(3000)
    play.to(START + 20 * DAY)
    await play.stripe.subscriptions.cancel(subscription.id, { prorate: true, invoice_now: true })
    expect(await play.stripe.customers.retrieve(customer.id)).toMatchObject({ balance: -1000 })
    await expect(play.stripe.subscriptions.cancel(subscription.id)).rejects.toMatchObject({
      code: 'resource_missing',
    })
  })
})

describe('discounts', () => {
  it('split over lines by largest remainder and sum to the whole', async () => {
    const customer = await play.customer()
    const coupon = await play.stripe.coupons.create({ amount_off: 100, currency: 'usd', duration: 'once' })
    const prices = await Promise.all([1000, 1000, 1000].map((amount) => play.price(amount)))
    const subscription = await play.stripe.subscriptions.create({
      customer: customer.id,
      items: prices.map((price) => ({ price: price.id })),
      discounts: [{ coupon: coupon.id }],
      expand: ['latest_invoice'],
    })
    expect(subscription.discounts).toEqual([])
    const invoice = subscription.latest_invoice
    if (invoice === null || typeof invoice === 'string') throw new Error('not expanded')
    expect(invoice.lines.data.map((line) => line.discount_amounts?.[0]?.amount)).toEqual([34, 33, 33])
    expect(invoice).toMatchObject({
      subtotal: 3000,
      total: 2900,
      total_excluding_tax: 2900,
      total_discount_amounts: [{ amount: 100 }],
    })
    const expanded = await play.stripe.invoices.retrieve(String(invoice.id), {
      expand: ['discounts.source.coupon'],
    })
    expect(expanded.discounts[0]).toMatchObject({
      object: 'discount',
      source: { coupon: { id: coupon.id, amount_off: 100 }, type: 'coupon' },
    })
    play.to(START + 30 * DAY)
    expect((await play.stripe.invoices.list({ status: 'draft' })).data[0]?.total).toBe(3000)
  })

  it('last as many months as the coupon says, also by promotion code', async () => {
    const coupon = await play.stripe.coupons.create({
      percent_off: 12.5,
      duration: 'repeating',
      duration_in_months: 2,
    })
    const code = await play.stripe.promotionCodes.create({
      promotion: { type: 'coupon', coupon: coupon.id },
      code: 'AUTUMN',
    })
    await subscribe(999, { discounts: [{ promotion_code: code.id }] })
    play.to(START + 100 * DAY)
    // 12.5 % of 9.99 is 124.875 minor units: 125.
    expect(play.simulator.store.invoices.all().map((invoice) => invoice.total)).toEqual([874, 874, 999, 999])
    expect(play.types().filter((type) => type === 'customer.discount.deleted')).toHaveLength(1)
  })
})
