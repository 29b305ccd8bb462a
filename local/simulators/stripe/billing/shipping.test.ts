import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Play, startPlay } from '../play.fixture.ts'

let play: Play
beforeEach(async () => {
  play = await startPlay()
})
afterEach(() => play.close())

const LYON = { line1: '1 place de la Comédie', city: 'Lyon', postal_code: '69001', country: 'FR' }

const parcel = (amount = 590, params: { tax_behavior?: 'exclusive' | 'inclusive' } = {}) =>
  play.stripe.shippingRates.create({
    display_name: 'Parcel',
    fixed_amount: { amount, currency: 'eur' },
    ...params,
  })

/** Two lines, 100.00 and 40.00, and whatever `params` say. */
async function draft(params: object = {}) {
  const customer = (await play.customer({ address: LYON })).id
  const { id } = await play.stripe.invoices.create({ customer, currency: 'eur', ...params })
  return await play.stripe.invoices.addLines(id, {
    lines: [10_000, 4_000].map((amount) => ({ amount, description: 'Training' })),
  })
}

/** Stripe's own engine collects 20 % in France. */
const registerFrance = () =>
  play.simulator.registerForTax({ country: 'FR', percentage: 20, displayName: 'VAT', taxType: 'vat' })

describe('the shipping cost of an invoice', () => {
  it('counts in the total, and is no line: nothing that goes by lines touches it', async () => {
    const rate = await parcel()
    const coupon = await play.stripe.coupons.create({ percent_off: 10, duration: 'once' })
    const vat = await play.stripe.taxRates.create({ display_name: 'VAT', percentage: 20, inclusive: false })
    const invoice = await draft({
      shipping_cost: { shipping_rate: rate.id },
      discounts: [{ coupon: coupon.id }],
      default_tax_rates: [vat.id],
    })
    // 140.00 − 14.00 = 126.00; 20 % of it 25.20; 5.90 beside.
    expect(invoice).toMatchObject({
      subtotal: 14_000,
      amount_shipping: 590,
      total_excluding_tax: 13_190,
      total_taxes: [{ amount: 2_520, taxable_amount: 12_600 }],
      total: 15_710,
      amount_due: 15_710,
      shipping_cost: {
        amount_subtotal: 590,
        amount_tax: 0,
        amount_total: 590,
        shipping_rate: rate.id,
        taxes: [],
      },
    })
    expect(invoice.lines.data).toHaveLength(2)
  })

  it('is put onto a draft and taken off again, and stays as it is once finalized', async () => {
    const rate = await parcel()
    const { id } = await draft()
    expect(
      await play.stripe.invoices.update(id, { shipping_cost: { shipping_rate: rate.id } }),
    ).toMatchObject({
      total: 14_590,
    })
    expect(await play.stripe.invoices.update(id, { shipping_cost: '' })).toMatchObject({
      total: 14_000,
      amount_shipping: 0,
      shipping_cost: null,
    })
    const adHoc = await play.stripe.invoices.update(id, {
      shipping_cost: {
        shipping_rate_data: { display_name: 'Courier', fixed_amount: { amount: 1_250, currency: 'eur' } },
      },
      expand: ['shipping_cost.shipping_rate'],
    })
    expect(adHoc).toMatchObject({
      total: 15_250,
      shipping_cost: {
        shipping_rate: { display_name: 'Courier', fixed_amount: { amount: 1_250 }, active: false },
      },
    })
    await play.stripe.invoices.finalizeInvoice(id)
    await expect(play.stripe.invoices.update(id, { shipping_cost: '' })).rejects.toMatchObject({
      code: 'invoice_not_editable',
      param: 'shipping_cost',
    })
    expect(await play.stripe.invoices.pay(id)).toMatchObject({ amount_paid: 15_250, status: 'paid' })
  })

  it.each([
    ['a rate that is not there', { shipping_rate: 'shr_none' }, 'No such shipping rate'],
    [
      'a rate and its data',
      {
        shipping_rate: 'shr_any',
        shipping_rate_data: { display_name: 'Parcel', fixed_amount: { amount: 500, currency: 'eur' } },
      },
      'exactly one of shipping_rate or shipping_rate_data',
    ],
    [
      'another currency',
      { shipping_rate_data: { display_name: 'Parcel', fixed_amount: { amount: 500, currency: 'usd' } } },
      'The shipping rate is in usd; the invoice is in eur.',
    ],
  ])('is refused with %s', async (_, shipping_cost, message) => {
    await expect(draft({ shipping_cost })).rejects.toThrow(message)
  })

  it('is refused with a rate that was put away', async () => {
    const { id } = await parcel()
    await play.stripe.shippingRates.update(id, { active: false })
    await expect(draft({ shipping_cost: { shipping_rate: id } })).rejects.toThrow('is not active')
    expect((await play.stripe.shippingRates.list({ active: true })).data).toEqual([])
  })
})

describe('under automatic_tax', () => {
  it('Stripe’s own engine taxes lines and shipping alike, where the account is registered', async () => {
    const { id: vat } = registerFrance()
    const rate = await parcel()
    const invoice = await draft({
      automatic_tax: { enabled: true },
      shipping_cost: { shipping_rate: rate.id },
    })
    // 20 % of 100.00, 40.00 and 5.90: 20.00, 8.00, 1.18.
    expect(invoice.lines.data.map(({ taxes }) => taxes?.map(({ amount }) => amount))).toEqual([
      [2_000],
      [800],
    ])
    expect(invoice).toMatchObject({
      automatic_tax: { enabled: true, status: 'complete' },
      amount_shipping: 590,
      shipping_cost: {
        amount_subtotal: 590,
        amount_tax: 118,
        amount_total: 708,
        taxes: [{ amount: 118, rate: { id: vat, percentage: 20 }, taxable_amount: 590 }],
      },
      total_excluding_tax: 14_590,
      total_taxes: [{ amount: 2_918, taxable_amount: 14_590, tax_rate_details: { tax_rate: vat } }],
      total: 17_508,
    })
  })

  it('a shipping rate that includes its tax keeps its price', async () => {
    registerFrance()
    const rate = await parcel(600, { tax_behavior: 'inclusive' })
    const invoice = await draft({
      automatic_tax: { enabled: true },
      shipping_cost: { shipping_rate: rate.id },
    })
    expect(invoice).toMatchObject({
      shipping_cost: { amount_subtotal: 500, amount_tax: 100, amount_total: 600 },
      total_excluding_tax: 14_500,
      total: 17_400,
    })
    expect(invoice.total_taxes?.map(({ amount, tax_behavior }) => [amount, tax_behavior])).toEqual([
      [2_800, 'exclusive'],
      [100, 'inclusive'],
    ])
  })

  it('nobody is taxed elsewhere, and an exempt customer nowhere', async () => {
    play.simulator.registerForTax({ country: 'DE', percentage: 19, displayName: 'VAT' })
    const elsewhere = await draft({ automatic_tax: { enabled: true } })
    expect(elsewhere).toMatchObject({ total: 14_000, total_taxes: [] })
    registerFrance()
    const { id } = await play.customer({ address: LYON, tax_exempt: 'exempt' })
    const invoice = await play.stripe.invoices.create({
      customer: id,
      currency: 'eur',
      automatic_tax: { enabled: true },
      shipping_cost: { shipping_rate: (await parcel()).id },
    })
    expect(invoice).toMatchObject({
      total: 590,
      shipping_cost: { amount_tax: 0, taxes: [{ amount: 0, taxability_reason: 'customer_exempt' }] },
    })
  })
})

describe('a credit note', () => {
  const sold = async () => {
    const rate = await parcel()
    const { id, lines } = await draft({
      automatic_tax: { enabled: true },
      shipping_cost: { shipping_rate: rate.id },
    })
    await play.stripe.invoices.finalizeInvoice(id)
    await play.stripe.invoices.pay(id)
    return { invoice: id, rate: rate.id, line: lines.data[0]?.id ?? '' }
  }

  it('takes shipping back with its tax, alone or beside lines, and once', async () => {
    registerFrance()
    const { invoice, rate, line } = await sold()
    const note = await play.stripe.creditNotes.create({
      invoice,
      lines: [{ type: 'invoice_line_item', invoice_line_item: line, amount: 5_000 }],
      shipping_cost: { shipping_rate: rate },
      refund_amount: 6_708,
    })
    expect(note).toMatchObject({
      subtotal: 5_000,
      amount_shipping: 590,
      shipping_cost: { amount_subtotal: 590, amount_tax: 118, amount_total: 708, shipping_rate: rate },
      total_taxes: [{ amount: 1_118 }],
      total_excluding_tax: 5_590,
      total: 6_708,
    })
    await expect(
      play.stripe.creditNotes.create({ invoice, shipping_cost: { shipping_rate: rate }, refund_amount: 708 }),
    ).rejects.toThrow('credited already')
  })

  it('over shipping alone has no lines', async () => {
    const { invoice, rate } = await sold()
    const note = await play.stripe.creditNotes.create({
      invoice,
      shipping_cost: { shipping_rate: rate },
      refund_amount: 590,
    })
    expect(note).toMatchObject({ total: 590, subtotal: 0, lines: { data: [] } })
  })

  it('knows no other rate than the invoice’s', async () => {
    const { invoice } = await sold()
    const other = (await parcel(990)).id
    await expect(
      play.stripe.creditNotes.create({
        invoice,
        shipping_cost: { shipping_rate: other },
        refund_amount: 990,
      }),
    ).rejects.toMatchObject({ param: 'shipping_cost[shipping_rate]' })
  })
})
