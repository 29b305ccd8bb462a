// What a user configures for Avalara, and the credentials kept apart from it. Schemas only.
import * as z from 'zod'

const addressSchema = z.strictObject({
  line1: z.string().max(50).optional(),
  line2: z.string().max(50).optional(),
  city: z.string().max(50).optional(),
  region: z.string().optional(),
  postalCode: z.string().max(11).optional(),
  country: z.string().length(2),
})

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-CA', { timeZone: name })
    return true
  } catch {
    return false
  }
}

export const avalaraConfigSchema = z.strictObject({
  companyCode: z.string().min(1).max(25),
  /** Where the seller sells from (AvaTax's shipFrom). */
  sellerAddress: addressSchema,
  /** Documents are dated in the seller's time zone: 'America/New_York'. */
  timeZone: z.string().refine(isTimeZone, 'is no IANA time zone name'),
  /** Avalara's tax codes; a product's metadata `avatax_tax_code` comes before all of these. */
  taxCodes: z
    .strictObject({
      /** By Stripe product id. */
      byProduct: z.record(z.string(), z.string()).default({}),
      /** By Stripe's own tax code (txcd_…) on the product. */
      byStripeTaxCode: z.record(z.string(), z.string()).default({}),
      /** For everything else. Absent: an invoice with an unmapped product is parked. */
      default: z.string().optional(),
    })
    .prefault({}),
  /** For customers whose `tax_exempt` says so, unless their own metadata (`avatax_…`) gives better. */
  exemption: z
    .strictObject({
      entityUseCode: z.string().max(25).optional(),
      exemptionNo: z.string().min(1).max(25).default('STRIPE-EXEMPT'),
      /** Sent for `tax_exempt: reverse` where no verified VAT number stands: AvaTax then calculates zero. */
      reverseChargeExemptionNo: z.string().min(1).max(25).default('REVERSE-CHARGE'),
    })
    .prefault({}),
})
export type AvalaraConfig = z.infer<typeof avalaraConfigSchema>

export const avalaraCredentialsSchema = z.strictObject({
  accountId: z.string().min(1),
  licenseKey: z.string().min(1),
  /** 'production', 'sandbox', or the full address of an AvaTax instance. */
  environment: z.union([z.literal('production'), z.literal('sandbox'), z.url()]),
})
export type AvalaraCredentials = z.infer<typeof avalaraCredentialsSchema>
