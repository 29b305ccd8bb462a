import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DAY, type Play, START, startPlay } from '../play.fixture.ts'

let play: Play
beforeEach(async () => {
  play = await startPlay()
})
afterEach(() => play.close())

describe('customers', () => {
  it('are followed by their drafts until these are finalized', async () => {
    const customer = await play.customer()
    const draft = await play.stripe.invoices.create({ customer: customer.id })
    const id = String(draft.id)
    await play.stripe.customers.update(customer.id, {
      address: { line1: 'Ring 1', city: 'Berlin', country: 'DE' },
    })
    await play.stripe.customers.createTaxId(customer.id, { type: 'eu_vat', value: 'DE123456789' })
    expect(await play.stripe.invoices.retrieve(id)).toMatchObject({
      customer_address: { city: 'Berlin', state: null },
      customer_tax_ids: [{ type: 'eu_vat', value: 'DE123456789' }],
    })
    await play.stripe.invoices.finalizeInvoice(id)
    await play.stripe.customers.update(customer.id, { address: { city: 'Hamburg', country: 'DE' } })
    expect(await play.stripe.invoices.retrieve(id)).toMatchObject({ customer_address: { city: 'Berlin' } })
  })

  it('have tax ids that are verified a minute later, or not', async () => {
    const customer = await play.customer()
    const good = await play.stripe.customers.createTaxId(customer.id, {
      type: 'eu_vat',
      value: 'DE123456789',
    })
    const bad = await play.stripe.customers.createTaxId(customer.id, { type: 'eu_vat', value: 'DE111111111' })
    expect(good.verification?.status).toBe('pending')
    play.to(START + 60)
    expect((await play.stripe.customers.retrieveTaxId(customer.id, good.id)).verification?.status).toBe(
      'verified',
    )
    expect((await play.stripe.customers.retrieveTaxId(customer.id, bad.id)).verification?.status).toBe(
      'unverified',
    )
    expect(play.types().filter((type) => type === 'customer.tax_id.updated')).toHaveLength(2)
  })

  it('take their subscriptions, drafts and schedules with them', async () => {
    const customer = await play.customer()
    const price = await play.price(1000)
    const subscription = await play.stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: price.id }],
    })
    const phases = [{ items: [{ price: price.id }], duration: { interval: 'month' as const } }]
    await play.stripe.subscriptionSchedules.create({ customer: customer.id, start_date: START + DAY, phases })
    await play.stripe.invoices.create({ customer: customer.id })
    await play.stripe.customers.del(customer.id)
    expect((await play.stripe.subscriptions.retrieve(subscription.id)).status).toBe('canceled')
    expect(play.types().slice(-4)).toEqual([
      'customer.subscription.deleted',
      'subscription_schedule.canceled',
      'invoice.deleted',
      'customer.deleted',
    ])
    play.to(START + 90 * DAY)
    expect(play.types().at(-1)).toBe('customer.deleted')
  })

  it('are not changed by a request that is refused', async () => {
    const customer = await play.customer()
    const events = play.simulator.events.length
    const refused = play.stripe.customers.update(customer.id, {
      name: 'Changed',
      invoice_settings: { default_payment_method: 'pm_of_someone_else' },
    })
    await expect(refused).rejects.toMatchObject({ statusCode: 400 })
    expect(await play.stripe.customers.retrieve(customer.id)).toMatchObject({ name: 'Ada' })
    expect(play.simulator.events.length).toBe(events)
  })
})

describe('subscriptions that are refused', () => {
  it('leave nothing behind, not even a redeemed coupon', async () => {
    const customer = await play.customer()
    const price = await play.price(1000)
    const good = await play.stripe.coupons.create({ percent_off: 10 })
    const items = [{ price: price.id }]
    const discounts = [{ coupon: good.id }, { coupon: 'none' }]
    const refused = play.stripe.subscriptions.create({ customer: customer.id, items, discounts })
    await expect(refused).rejects.toMatchObject({ code: 'resource_missing', param: 'discounts[1][coupon]' })
    expect([
      play.simulator.store.subscriptions.size,
      play.simulator.store.coupons.get(good.id)?.times_redeemed,
    ]).toEqual([0, 0])
    await play.stripe.subscriptions.create({ customer: customer.id, items })
    const euros = await play.price(1000, { currency: 'eur' })
    const mixed = play.stripe.subscriptions.create({ customer: customer.id, items: [{ price: euros.id }] })
    await expect(mixed).rejects.toMatchObject({ statusCode: 400 })
  })
})
