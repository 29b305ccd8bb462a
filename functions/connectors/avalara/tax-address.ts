// The customer's address as AvaTax takes it: shipping first, then billing. Lengths are AvaTax's own; cutting a street
// changes no jurisdiction, and a refusal for length would block the invoice.
import type Stripe from 'stripe'
import * as z from 'zod'

// A type, not an interface: it stands inside a JSON body.
export type TaxAddress = {
  line1?: string
  line2?: string
  city?: string
  region?: string
  postalCode?: string
  country: string
}

/** Sources differ between 50 and 100 for a street; what fits 50 fits both. https://developer.avalara.com/api-reference/avatax/rest/v2/models/AddressLocationInfo/ */
const LIMITS = { line1: 50, line2: 50, city: 50, region: 50, postalCode: 11 } as const

/** undefined: no country, so AvaTax has nothing to go by. */
export function toTaxAddress(address: Partial<Stripe.Address> | null | undefined): TaxAddress | undefined {
  if (!address?.country) return undefined
  const fields = {
    line1: address.line1,
    line2: address.line2,
    city: address.city,
    region: address.state,
    postalCode: address.postal_code,
  }
  const result: TaxAddress = { country: address.country.toUpperCase() }
  for (const field of Object.keys(LIMITS) as (keyof typeof LIMITS)[]) {
    const value = fields[field]?.replaceAll('|', '/').trim().slice(0, LIMITS[field])
    if (value) result[field] = value
  }
  return result
}

/** A town: as much of an address as the ledger may keep. */
export const placeSchema = z.object({
  city: z.string().optional(),
  region: z.string().optional(),
  postalCode: z.string().optional(),
  country: z.string(),
})
/** As it stands in AvaTax. */
export const taxAddressSchema = placeSchema.extend({
  line1: z.string().optional(),
  line2: z.string().optional(),
})
export type Place = z.infer<typeof placeSchema>

export const placeOf = ({ line1: _, line2: __, ...place }: TaxAddress): Place => place

/** The street as the customer wrote it, in the town that AvaTax took; a postal code alone stands for itself. */
export const atPlace = ({ line1, line2 }: TaxAddress, place: Place): TaxAddress =>
  place.city === undefined ? place : { ...(line1 && { line1 }), ...(line2 && { line2 }), ...place }

/** A wrong city or a region that contradicts the postal code no longer stands in the way. Canada's rates need the province. */
export function postalCodeOnly({ postalCode, region, country }: TaxAddress): TaxAddress | undefined {
  if (postalCode === undefined) return undefined
  return { ...(region && country !== 'US' && { region }), postalCode, country }
}

/** As it stands now; Stripe copies it to drafts, but a draft's event can be older than a correction. */
export const addressOfCustomer = (
  customer: Pick<Stripe.Customer, 'shipping' | 'address'> | undefined,
): TaxAddress | undefined => toTaxAddress(customer?.shipping?.address) ?? toTaxAddress(customer?.address)

/** The snapshot that finalization freezes. */
export const addressOfInvoice = (
  invoice: Pick<Stripe.Invoice, 'customer_shipping' | 'customer_address'>,
): TaxAddress | undefined =>
  toTaxAddress(invoice.customer_shipping?.address) ?? toTaxAddress(invoice.customer_address)
