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

/** First day of the invoices or refunds that a policy changes: earlier ones may be in filed returns, or settled by hand. */
const daySchema = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'is no day (YYYY-MM-DD)')

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
      /** Money given back without tax. NT is taxed nowhere; Streamlined Sales Tax states want one of their own codes. */
      untaxedCredit: z.string().default('NT'),
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
  /**
   * Invoices that were finalized before anybody could tax them (first invoice of a self-serve subscription, immediate
   * upgrade, Checkout). Whatever the policy, each is recorded, flagged and told within a minute.
   */
  neverDraft: z
    .discriminatedUnion('policy', [
      /** As charged: without tax. What to do about it is somebody's decision, invoice by invoice. */
      z.strictObject({ policy: z.literal('report-only') }),
      /** What was charged contains the tax: the seller pays it out of the price. */
      z.strictObject({ policy: z.literal('record-as-included'), since: daySchema }),
      /** The hub credits the invoice in Stripe and bills the same lines again, with tax. */
      z.strictObject({ policy: z.literal('credit-and-reissue'), since: daySchema }),
    ])
    .default({ policy: 'report-only' }),
  /**
   * Refunds that no credit note explains. `return`: AvaTax gets a return of each, with its part of the tax, as the books take it
   * back by `netsuite.refundsWithoutCreditNote: 'revenue-and-tax'`: the two go together. Otherwise the tax stays as it was.
   */
  refundsWithoutCreditNote: z
    .discriminatedUnion('policy', [
      z.strictObject({ policy: z.literal('leave') }),
      z.strictObject({ policy: z.literal('return'), since: daySchema }),
    ])
    .default({ policy: 'leave' }),
  /**
   * How old a draft may become while the customer's EU VAT number is still being verified, where the number would move the
   * tax to the buyer. Then VAT is charged. 0: at once.
   */
  pendingVatMinutes: z.int().min(0).max(1_200).default(0),
  /** US and Canadian addresses that AvaTax completes before it calculates. */
  resolveAddresses: z.enum(['never', 'without-postal-code', 'always']).default('never'),
  /** What may be done with a draft whose tax cannot be calculated. Without any of it the draft stays held. */
  fallback: z
    .strictObject({
      /** Calculates by the postal code alone when AvaTax cannot find the address. */
      postalCode: z.boolean().default(false),
      /** Who may release a draft untaxed, by writing this name into the invoice's metadata `tax_release_approved_by`. */
      approvers: z.array(z.string().min(1).max(60)).default([]),
      /**
       * While AvaTax is merely down, an approval counts only after so long: usually it comes back. At most 20 hours: what
       * alone has failed for a day is parked, and then nothing looks at its approval.
       */
      outageMinutes: z.int().min(0).max(1_200).default(60),
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
