// Shipping: a fixed price beside the lines of an invoice, and what a credit note takes back of it. It is no line item: coupons,
// billing credits, default tax rates ("apply to all invoice line items", https://docs.stripe.com/invoicing/taxes/tax-rates)
// and tax amounts ("can only be added to invoice line items", https://docs.stripe.com/invoicing/taxes/manual-tax-amounts)
// pass it by; only Stripe's own engine taxes it. https://docs.stripe.com/api/invoices/object#invoice_object-shipping_cost
import { invalidRequest } from '../errors.ts'
import type { CreditNote, Invoice, ShippingRate } from '../wire.ts'
import { fetchByParameter, type World } from '../world.ts'
import { automaticTaxesOn, isTaxedAutomatically, type Taxes } from './automatic-tax.ts'

export type ShippingCost = NonNullable<Invoice['shipping_cost']>

export interface ShippingRateOptions {
  displayName: string
  amount: number
  currency: string
  active: boolean
  metadata: Record<string, string>
  taxBehavior: string | undefined
  taxCode: string | undefined
}

export function addShippingRate(world: World, options: ShippingRateOptions): ShippingRate {
  return world.store.shippingRates.add({
    id: world.ids.next('shr'),
    object: 'shipping_rate',
    active: options.active,
    created: world.seconds(),
    delivery_estimate: null,
    display_name: options.displayName,
    fixed_amount: { amount: options.amount, currency: options.currency },
    livemode: world.settings.livemode,
    metadata: options.metadata,
    tax_behavior: options.taxBehavior ?? 'unspecified',
    tax_code: options.taxCode ?? null,
    type: 'fixed_amount',
  })
}

/** As an invoice's parameters name it; its amounts follow with the invoice's other sums. */
export function shippingCostOf(
  world: World,
  wanted:
    | { shipping_rate?: string | undefined; shipping_rate_data?: ShippingRateOptions | undefined }
    | null
    | undefined,
  currency: string,
): ShippingCost | null {
  if (!wanted) return null
  const { shipping_rate: id, shipping_rate_data: data } = wanted
  if ((id === undefined) === (data === undefined))
    throw invalidRequest('You must provide exactly one of shipping_rate or shipping_rate_data.', {
      param: 'shipping_cost',
    })
  const param = 'shipping_cost[shipping_rate]'
  const given =
    id === undefined ? undefined : fetchByParameter(world.store.shippingRates, 'shipping_rate', id, param)
  // "Whether the shipping rate can be used for new purchases": https://docs.stripe.com/api/shipping_rates/object
  if (given && !given.active) throw invalidRequest(`The shipping rate ${given.id} is not active.`, { param })
  const priced = given?.fixed_amount?.currency ?? data?.currency
  if (priced !== currency)
    throw invalidRequest(`The shipping rate is in ${priced}; the invoice is in ${currency}.`, { param })
  const rate = given ?? (data && addShippingRate(world, data))
  return { amount_subtotal: 0, amount_tax: 0, amount_total: 0, shipping_rate: rate?.id ?? null, taxes: [] }
}

/** "Total shipping cost before any taxes are applied", its tax, and both. */
export function costShipping(world: World, invoice: Invoice): void {
  const cost = invoice.shipping_cost
  const rate = world.store.shippingRates.get(cost?.shipping_rate ?? '')
  if (cost && rate) {
    const amount = rate.fixed_amount?.amount ?? 0
    const isInclusive = rate.tax_behavior === 'inclusive'
    const taxes = isTaxedAutomatically(world, invoice)
      ? automaticTaxesOn(world, invoice, { amount, isInclusive })
      : []
    cost.amount_tax = taxes.reduce((total, tax) => total + tax.amount, 0)
    cost.amount_subtotal = isInclusive ? amount - cost.amount_tax : amount
    cost.amount_total = cost.amount_subtotal + cost.amount_tax
    cost.taxes = taxes.flatMap(({ amount: tax, tax_rate_details, taxability_reason, taxable_amount }) => {
      const applied = world.store.taxRates.get(tax_rate_details?.tax_rate ?? '')
      return applied ? [{ amount: tax, rate: { ...applied }, taxability_reason, taxable_amount }] : []
    })
  }
  invoice.amount_shipping = cost?.amount_subtotal ?? 0
}

/**
 * As the lines have them. That `total_taxes` counts them is the reading taken: its reference says "of all line items", but
 * the total contains them.
 */
export function shippingTaxes(world: World, cost: ShippingCost | null): Taxes {
  const rate = world.store.shippingRates.get(cost?.shipping_rate ?? '')
  return (cost?.taxes ?? []).map(({ amount, rate: { id }, taxability_reason, taxable_amount }) => ({
    amount,
    tax_behavior: rate?.tax_behavior === 'inclusive' ? 'inclusive' : 'exclusive',
    tax_rate_details: { tax_rate: id },
    taxability_reason: taxability_reason ?? 'not_available',
    taxable_amount,
    type: 'tax_rate_details',
  }))
}

/**
 * "When shipping_cost contains the shipping_rate from the invoice, the shipping_cost is included in the credit note":
 * https://docs.stripe.com/api/credit_notes/create. Whole, and once.
 */
export function creditedShipping(
  invoice: Invoice,
  shippingRate: string | undefined,
  issued: readonly CreditNote[],
): ShippingCost | null {
  if (shippingRate === undefined) return null
  const cost = invoice.shipping_cost
  const param = 'shipping_cost[shipping_rate]'
  if (!cost || cost.shipping_rate !== shippingRate)
    throw invalidRequest(`The shipping rate ${shippingRate} is not the one of the invoice.`, { param })
  if (issued.some(({ shipping_cost }) => shipping_cost !== null))
    throw invalidRequest('The shipping cost of this invoice is credited already.', { param })
  return { ...cost, taxes: (cost.taxes ?? []).map((tax) => ({ ...tax })) }
}
