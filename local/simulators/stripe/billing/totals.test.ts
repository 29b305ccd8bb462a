import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DAY, type Play, START, startPlay } from '../play.fixture.ts'

let play: Play
beforeEach(async () => {
  play = await startPlay()
})
afterEach(() => play.close())

const rate = async (percentage: number, inclusive: boolean): Promise<string> =>
  (await play.stripe.taxRates.create({ display_name: 'VAT', percentage, inclusive })).id

async function draft(amounts: number[], params: object = {}) {
  const customer = (await play.customer()).id
  const invoice = await play.stripe.invoices.create({ customer, ...params })
  return await play.stripe.invoices.addLines(String(invoice.id), {
    lines: amounts.map((amount, index) => ({ amount, description: `line ${index}` })),
  })
}

describe('tax that is inside the price', () => {
  it('and tax on top, after a discount: the worked example of the documentation', async () => {
    // https://docs.stripe.com/billing/taxes/tax-rates#discounts: 10 % off, 5 % inside, 7 % on top.
    const coupon = await play.stripe.coupons.create({ percent_off: 10, duration: 'once' })
    const invoice = await draft([500, 1_000], {
      discounts: [{ coupon: coupon.id }],
      default_tax_rates: [await rate(5, true), await rate(7, false)],
    })
    expect(invoice.lines.data.map((line) => line.taxes?.map((tax) => tax.amount))).toEqual([
      [21, 30],
      [43, 60],
    ])
    expect(invoice).toMatchObject({
      subtotal: 1_500,
      total: 1_440,
      total_excluding_tax: 1_286,
      total_taxes: [
        { amount: 64, tax_behavior: 'inclusive', taxable_amount: 1_286 },
        { amount: 90, tax_behavior: 'exclusive', taxable_amount: 1_286 },
      ],
    })
  })

  it('is rounded line by line', async () => {
    // The documentation's rounding example: 90.91 + 4.55 at "line item level".
    const invoice = await draft([100_000, 5_000], { default_tax_rates: [await rate(10, true)] })
    expect(invoice).toMatchObject({
      total: 105_000,
      total_excluding_tax: 95_454,
      total_taxes: [{ amount: 9_546 }],
    })
  })

  it('at two rates is inside one gross amount', async () => {
    // 114.975 at 5 % and 9.975 %: 100.00 net.
    const invoice = await draft([11_498], {
      default_tax_rates: [await rate(5, true), await rate(9.975, true)],
    })
    expect(invoice.total_taxes?.map((tax) => tax.amount)).toEqual([500, 998])
    expect(invoice).toMatchObject({ total: 11_498, total_excluding_tax: 10_000 })
  })

  it('comes back inside the credited amount', async () => {
    const invoice = await draft([11_000], { default_tax_rates: [await rate(10, true)] })
    const id = String(invoice.id)
    await play.stripe.invoices.finalizeInvoice(id)
    const note = await play.stripe.creditNotes.create({
      invoice: id,
      lines: [
        { type: 'invoice_line_item', invoice_line_item: invoice.lines.data[0]?.id ?? '', amount: 5_500 },
      ],
    })
    expect(note).toMatchObject({
      subtotal: 5_500,
      total: 5_500,
      total_excluding_tax: 5_000,
      total_taxes: [{ amount: 500, tax_behavior: 'inclusive', taxable_amount: 5_000 }],
    })
  })
})

describe('an invoice of sixty lines', () => {
  it('adds up over all pages, taxed line by line, and is credited line by line', async () => {
    const amounts = Array.from({ length: 60 }, (_, index) => 1_001 + index)
    const invoice = await draft(amounts, { default_tax_rates: [await rate(19, false)] })
    const id = String(invoice.id)
    const lines = await play.stripe.invoices
      .listLineItems(id, { limit: 25 })
      .autoPagingToArray({ limit: 100 })
    expect(lines.map((line) => line.amount)).toEqual(amounts)
    // 60 × 1,001 + (0 + … + 59) = 60,060 + 1,770
    expect(invoice).toMatchObject({ subtotal: 61_830, lines: { has_more: true, data: { length: 10 } } })
    const taxes = lines.map((line) => line.taxes?.[0]?.amount ?? 0)
    // 190.19, 190.38 … 201.40 each rounded: the first is 190, the last 201.
    expect([taxes[0], taxes[2], taxes[3], taxes[59]]).toEqual([190, 191, 191, 201])
    expect(invoice.total).toBe(61_830 + taxes.reduce((total, tax) => total + tax, 0))
    await play.stripe.invoices.finalizeInvoice(id)
    const note = await play.stripe.creditNotes.create({
      invoice: id,
      lines: lines.map((line) => ({ type: 'invoice_line_item', invoice_line_item: line.id })),
    })
    expect(note).toMatchObject({ total: invoice.total, lines: { has_more: true } })
    const credited = await play.stripe.creditNotes
      .listLineItems(note.id, { limit: 25 })
      .autoPagingToArray({ limit: 100 })
    expect(credited.map((line) => line.amount)).toEqual(amounts)
    expect(await play.stripe.invoices.retrieve(id)).toMatchObject({ status: 'paid', amount_remaining: 0 })
  })
})

describe('prorations', () => {
  it('keep the time they are for, the credit as well as the charge, each with its tax', async () => {
    const customer = (await play.customer()).id
    const [small, large] = [await play.price(3_000), await play.price(6_000)]
    const subscription = await play.stripe.subscriptions.create({
      customer,
      items: [{ price: small.id }],
      default_tax_rates: [await rate(10, false)],
    })
    play.to(START + 10 * DAY)
    await play.stripe.subscriptions.update(subscription.id, {
      items: [{ id: subscription.items.data[0]?.id ?? '', price: large.id }],
      proration_behavior: 'always_invoice',
    })
    const [invoice] = (await play.stripe.invoices.list({ subscription: subscription.id, limit: 1 })).data
    // 20 of 30 days: 20.00 back, 40.00 more.
    expect(
      invoice?.lines.data.map((line) => [
        line.amount,
        line.taxes?.[0]?.amount,
        line.period,
        line.parent?.subscription_item_details?.proration,
      ]),
    ).toEqual([
      [-2_000, -200, { start: START + 10 * DAY, end: START + 30 * DAY }, true],
      [4_000, 400, { start: START + 10 * DAY, end: START + 30 * DAY }, true],
    ])
    expect(invoice).toMatchObject({ total: 2_200, status: 'paid' })
  })

  it('of a downgrade make a negative invoice, which the next one uses', async () => {
    const customer = (await play.customer()).id
    const [small, large] = [await play.price(3_000), await play.price(6_000)]
    const subscription = await play.stripe.subscriptions.create({
      customer,
      items: [{ price: large.id }],
    })
    play.to(START + 10 * DAY)
    await play.stripe.subscriptions.update(subscription.id, {
      items: [{ id: subscription.items.data[0]?.id ?? '', price: small.id }],
      proration_behavior: 'always_invoice',
    })
    const [invoice] = (await play.stripe.invoices.list({ subscription: subscription.id, limit: 1 })).data
    expect(invoice).toMatchObject({ total: -2_000, status: 'paid', ending_balance: -2_000 })
    play.to(START + 31 * DAY)
    const [next] = (await play.stripe.invoices.list({ subscription: subscription.id, limit: 1 })).data
    expect(next).toMatchObject({ total: 3_000, amount_due: 1_000, starting_balance: -2_000 })
  })
})
