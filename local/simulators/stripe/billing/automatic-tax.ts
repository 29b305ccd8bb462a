// Stripe's own tax engine, for invoices under `automatic_tax`: one rate for each place where the account is registered, and
// no tax elsewhere ("Stripe Tax calculates and collects tax only where you're registered"). Rates of products and of
// addresses finer than a state are not simulated. Who registers nothing has invoices under automatic_tax without tax.
// https://docs.stripe.com/tax/invoicing · https://docs.stripe.com/tax/registering
import { inclusivePart, percentOf } from '../money.ts'
import type { Invoice, InvoiceLine, TaxRate } from '../wire.ts'
import type { World } from '../world.ts'

export interface TaxRegistration {
  country: string
  /** Absent: all of the country. */
  state?: string | undefined
  percentage: number
  displayName: string
  taxType?: string | undefined
}

export type Taxes = NonNullable<InvoiceLine['taxes']>

/** Registrations are made in the Dashboard or by an API of their own; here only what comes of them is needed. */
export function registerForTax(world: World, registration: TaxRegistration): TaxRate {
  const { country, state = null, percentage, displayName, taxType = null } = registration
  const rate = world.store.taxRates.add({
    id: world.ids.next('txr'),
    object: 'tax_rate',
    active: false,
    country,
    created: world.seconds(),
    description: null,
    display_name: displayName,
    effective_percentage: percentage,
    flat_amount: null,
    inclusive: false,
    jurisdiction: state ?? country,
    jurisdiction_level: state === null ? 'country' : 'state',
    livemode: world.settings.livemode,
    metadata: {},
    percentage,
    rate_type: 'percentage',
    state,
    tax_type: taxType,
  })
  world.store.hidden.taxRegistrations.push(rate)
  return rate
}

export const isTaxedAutomatically = (world: World, invoice: Invoice): boolean =>
  invoice.automatic_tax.enabled && world.store.hidden.taxRegistrations.length > 0

/**
 * "We use the customer's location": the shipping address before the billing one. A price without a tax behaviour takes the
 * account's default, here exclusive.
 */
export function automaticTaxesOn(
  world: World,
  invoice: Invoice,
  { amount, isInclusive }: { amount: number; isInclusive: boolean },
): Taxes {
  const rate = rateAt(world, invoice)
  if (!rate) return []
  const reason =
    invoice.customer_tax_exempt === 'exempt'
      ? 'customer_exempt'
      : invoice.customer_tax_exempt === 'reverse'
        ? 'reverse_charge'
        : 'standard_rated'
  const owed = reason === 'standard_rated'
  const inside = owed && isInclusive ? inclusivePart(amount, rate.percentage) : 0
  return [
    {
      amount: isInclusive ? inside : owed ? percentOf(amount, rate.percentage) : 0,
      tax_behavior: isInclusive ? 'inclusive' : 'exclusive',
      tax_rate_details: { tax_rate: rate.id },
      taxability_reason: reason,
      taxable_amount: amount - inside,
      type: 'tax_rate_details',
    },
  ]
}

function rateAt(world: World, invoice: Invoice): TaxRate | undefined {
  const address = invoice.customer_shipping?.address ?? invoice.customer_address
  return world.store.hidden.taxRegistrations.find(
    ({ country, state }) => country === address?.country && (state === null || state === address?.state),
  )
}
