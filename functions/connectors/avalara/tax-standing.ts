// Whether a customer owes tax at all: exempt, under reverse charge, or an ordinary buyer. Decided from Stripe's
// fields only; what that means for a sale's jurisdictions is AvaTax's business.
import type Stripe from 'stripe'
import * as z from 'zod'
import type { JsonObject } from '../../../shared/connector/contract.ts'
import { hashJson } from '../../../shared/connector/hash.ts'
import type { AvalaraConfig } from './config.ts'

export interface TaxStanding {
  why: 'ordinary' | 'exempt' | 'reverse'
  businessIdentificationNo?: string
  entityUseCode?: string
  exemptionNo?: string
}

/** AvaTax's limit for exemptionNo and businessIdentificationNo. https://developer.avalara.com/api-reference/avatax/rest/v2/models/CreateTransactionModel/ */
const LIMIT = 25

/**
 * A VAT number that is pending, unverified or unavailable is not sent: AvaTax grants reverse charge by the number and does
 * not check it (https://help.avalara.com/Frequently_Asked_Questions/AvaTax_FAQ/How_does_the_Customer_VAT_Number_field_work_in_AvaTax%3F).
 * A `tax_exempt` of reverse is the seller's own statement about the customer and stands without a number.
 * @param country of the ship-to address: with several verified numbers, its own comes first.
 */
export function standingOfCustomer(
  customer: Pick<Stripe.Customer, 'tax_exempt' | 'tax_ids' | 'metadata'> | undefined,
  country: string,
  config: AvalaraConfig['exemption'],
): TaxStanding {
  const verified = (customer?.tax_ids?.data ?? [])
    .filter((taxId) => taxId.type === 'eu_vat' && taxId.verification?.status === 'verified')
    .sort((a, b) => Number(b.country === country) - Number(a.country === country) || a.created - b.created)
  const vat = verified[0]?.value.slice(0, LIMIT)
  const identification = vat === undefined ? {} : { businessIdentificationNo: vat }
  if (customer?.tax_exempt === 'exempt') {
    const entityUseCode = customer.metadata.avatax_entity_use_code || config.entityUseCode
    const exemptionNo = customer.metadata.avatax_exemption_no
    return {
      why: 'exempt',
      ...identification,
      ...(entityUseCode && { entityUseCode: entityUseCode.slice(0, LIMIT) }),
      exemptionNo: (exemptionNo || config.exemptionNo).slice(0, LIMIT),
    }
  }
  if (customer?.tax_exempt === 'reverse') {
    return {
      why: 'reverse',
      ...(vat === undefined ? { exemptionNo: config.reverseChargeExemptionNo } : identification),
    }
  }
  // A use (resale, farming, …) exempts in some places and not in others: AvaTax decides, and the line says customer_exempt.
  const use = customer?.metadata.avatax_entity_use_code?.slice(0, LIMIT)
  return { why: 'ordinary', ...identification, ...(use && { entityUseCode: use }) }
}

/** An EU VAT number that Stripe is still asking the tax authority about, usually for minutes. */
export const isVatPending = (customer: Pick<Stripe.Customer, 'tax_ids'> | undefined): boolean =>
  (customer?.tax_ids?.data ?? []).some(
    ({ type, verification }) => type === 'eu_vat' && verification?.status === 'pending',
  )

/**
 * For a finalized invoice that we never estimated: from its own snapshot. Its VAT number is used only where a line
 * says reverse charge; the snapshot does not tell whether the number was verified.
 */
export function standingOfInvoice(
  invoice: Pick<Stripe.Invoice, 'customer_tax_exempt' | 'customer_tax_ids'>,
  taxabilityReasons: readonly string[],
  config: AvalaraConfig['exemption'],
): TaxStanding {
  const reverse = invoice.customer_tax_exempt === 'reverse' || taxabilityReasons.includes('reverse_charge')
  if (reverse) {
    const vat = invoice.customer_tax_ids?.find(({ type }) => type === 'eu_vat')?.value?.slice(0, LIMIT)
    return {
      why: 'reverse',
      ...(vat ? { businessIdentificationNo: vat } : { exemptionNo: config.reverseChargeExemptionNo }),
    }
  }
  if (invoice.customer_tax_exempt === 'exempt' || taxabilityReasons.includes('customer_exempt')) {
    return {
      why: 'exempt',
      ...(config.entityUseCode && { entityUseCode: config.entityUseCode }),
      exemptionNo: config.exemptionNo,
    }
  }
  return { why: 'ordinary' }
}

export const keptStandingSchema = z.object({
  why: z.enum(['ordinary', 'exempt', 'reverse']),
  entityUseCode: z.string().optional(),
  exemptionNo: z.string().optional(),
  /** Fingerprint of the VAT number that was sent: the number itself has no place in the ledger. */
  vat: z.string().optional(),
})

export function keepStanding({ businessIdentificationNo, ...standing }: TaxStanding): JsonObject {
  return { ...standing, ...(businessIdentificationNo && { vat: hashJson(businessIdentificationNo) }) }
}

/** The kept standing with its number again, which the invoice's own snapshot has. */
export function standingFromKept(
  { vat, ...standing }: z.infer<typeof keptStandingSchema>,
  invoice: Pick<Stripe.Invoice, 'customer_tax_ids'>,
): TaxStanding {
  const numbers = (invoice.customer_tax_ids ?? []).map(({ value }) => value?.slice(0, LIMIT) ?? '')
  const number = vat && numbers.find((each) => hashJson(each) === vat)
  return { ...standing, ...(number && { businessIdentificationNo: number }) }
}
