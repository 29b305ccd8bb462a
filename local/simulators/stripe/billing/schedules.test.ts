import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DAY, HOUR, type Play, START, startPlay } from '../play.fixture.ts'

let play: Play
beforeEach(async () => {
  play = await startPlay()
})
afterEach(() => play.close())

describe('subscription schedules', () => {
  it('make a subscription whose first invoice is a draft for an hour', async () => {
    const customer = await play.customer()
    const price = await play.price(1000)
    const schedule = await play.stripe.subscriptionSchedules.create({
      customer: customer.id,
      start_date: 'now',
      end_behavior: 'release',
      phases: [
        {
          items: [{ price: price.id, quantity: 5 }],
          duration: { interval: 'month', interval_count: 12 },
          metadata: { quote: 'Q-17' },
        },
      ],
      expand: ['subscription.latest_invoice'],
    })
    expect(schedule).toMatchObject({
      status: 'active',
      current_phase: { start_date: START, end_date: Date.UTC(2027, 8, 1) / 1000 },
      subscription: {
        status: 'active',
        metadata: { quote: 'Q-17' },
        latest_invoice: { status: 'draft', total: 5000, automatically_finalizes_at: START + HOUR },
      },
    })
    play.to(START + HOUR)
    expect(play.simulator.store.invoices.all()).toMatchObject([{ status: 'paid', amount_paid: 5000 }])
  })

  it('start later, change at a phase boundary without proration, and end', async () => {
    const customer = await play.customer()
    const [small, large, setup] = [
      await play.price(1000),
      await play.price(3000),
      await play.stripe.prices.create({ currency: 'usd', unit_amount: 700, product_data: { name: 'Setup' } }),
    ]
    const begin = START + 10 * DAY
    const schedule = await play.stripe.subscriptionSchedules.create({
      customer: customer.id,
      start_date: begin,
      end_behavior: 'cancel',
      phases: [
        {
          items: [{ price: small.id }],
          add_invoice_items: [{ price: setup.id }],
          duration: { interval: 'month' },
        },
        { items: [{ price: large.id }], duration: { interval: 'month', interval_count: 2 } },
      ],
    })
    expect([schedule.status, play.simulator.store.subscriptions.size]).toEqual(['not_started', 0])
    play.to(START + 120 * DAY)
    const ended = await play.stripe.subscriptionSchedules.retrieve(schedule.id)
    expect(ended).toMatchObject({ status: 'completed', completed_at: Date.UTC(2026, 11, 11) / 1000 })
    expect(play.simulator.store.subscriptions.all()).toMatchObject([
      { status: 'canceled', ended_at: Date.UTC(2026, 11, 11) / 1000 },
    ])
    expect(play.simulator.store.invoices.all().map((invoice) => [invoice.created, invoice.total])).toEqual([
      [begin, 1700],
      [Date.UTC(2026, 9, 11) / 1000, 3000],
      [Date.UTC(2026, 10, 11) / 1000, 3000],
    ])
    expect(play.types().filter((type) => type.startsWith('subscription_schedule.'))).toEqual([
      'subscription_schedule.created',
      'subscription_schedule.updated',
      'subscription_schedule.updated',
      'subscription_schedule.expiring',
      'subscription_schedule.completed',
    ])
  })

  it('let the subscription run on when they release it', async () => {
    const customer = await play.customer()
    const price = await play.price(1000)
    const schedule = await play.stripe.subscriptionSchedules.create({
      customer: customer.id,
      start_date: 'now',
      phases: [{ items: [{ price: price.id }], duration: { interval: 'month' } }],
    })
    play.to(START + 31 * DAY)
    const released = await play.stripe.subscriptionSchedules.retrieve(schedule.id)
    expect(released).toMatchObject({
      status: 'released',
      subscription: null,
      released_subscription: schedule.subscription,
    })
    expect(await play.stripe.subscriptions.retrieve(String(schedule.subscription))).toMatchObject({
      status: 'active',
      schedule: null,
    })
    expect(play.simulator.store.invoices.all().map((invoice) => invoice.status)).toEqual(['paid', 'paid'])
  })

  it('bill a trial phase at nothing but its one-off items, then the whole period from the first', async () => {
    const customer = await play.customer()
    const price = await play.price(1000)
    const stub = await play.stripe.prices.create({
      currency: 'usd',
      unit_amount: 467,
      product_data: { name: 'September' },
    })
    play.to(START + 16 * DAY)
    await play.stripe.subscriptionSchedules.create({
      customer: customer.id,
      start_date: 'now',
      phases: [
        {
          items: [{ price: price.id }],
          add_invoice_items: [
            { price: stub.id, period: { start: { type: 'phase_start' }, end: { type: 'phase_end' } } },
          ],
          trial: true,
          end_date: START + 30 * DAY,
          proration_behavior: 'none',
        },
        {
          items: [{ price: price.id }],
          duration: { interval: 'month', interval_count: 2 },
          billing_cycle_anchor: 'phase_start',
          proration_behavior: 'none',
        },
      ],
    })
    play.to(START + 31 * DAY)
    const invoices = play.simulator.store.invoices.all()
    expect(invoices.map((invoice) => [invoice.total, invoice.status])).toEqual([
      [467, 'paid'],
      [1000, 'paid'],
    ])
    expect(invoices[0]?.lines.data.find((line) => line.amount === 467)?.period).toEqual({
      start: START + 16 * DAY,
      end: START + 30 * DAY,
    })
  })

  it('preview the first invoice without making anything', async () => {
    const customer = await play.customer()
    const price = await play.price(1000)
    const coupon = await play.stripe.coupons.create({ percent_off: 10, duration: 'forever' })
    const from = play.simulator.events.length
    const preview = await play.stripe.invoices.createPreview({
      customer: customer.id,
      schedule_details: {
        phases: [
          {
            items: [{ price: price.id, quantity: 3 }],
            discounts: [{ coupon: coupon.id }],
            duration: { interval: 'year' },
          },
        ],
      },
    })
    expect(preview).toMatchObject({
      total: 2700,
      subtotal: 3000,
      status: 'draft',
      lines: { data: [{ amount: 3000, period: { start: START, end: START + 30 * DAY } }] },
    })
    expect(play.types(from)).toEqual([])
    expect(play.simulator.store.subscriptions.size).toBe(0)
    expect(play.simulator.store.coupons.get(coupon.id)?.times_redeemed).toBe(0)
  })
})
