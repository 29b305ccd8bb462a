// The record of an invoice's reissue: a transaction like the others, and the one that stands in Stripe instead of AvaTax,
// written beside the invoice's own document and after it. Pure; making it stand is reissue.ts's business.
import type Stripe from 'stripe'
import * as z from 'zod'
import type { JsonObject } from '../../../shared/connector/contract.ts'
import { money, toDecimal } from '../../../shared/money/money.ts'

const SUFFIX = '-reissue'

export const reissueIdOf = (invoiceId: string): string => `${invoiceId}${SUFFIX}`
export const invoiceIdOf = (externalId: string): string => externalId.slice(0, -SUFFIX.length)
export const isReissueId = (externalId: string): boolean => externalId.endsWith(SUFFIX)

export const reissueSchema = z.object({ of: z.string(), currency: z.string(), total: z.string() })

/** What is credited, and billed again with tax. */
export const reissueBody = (invoice: Stripe.Invoice): JsonObject => ({
  of: invoice.id,
  currency: invoice.currency.toUpperCase(),
  total: toDecimal(money(invoice.total, invoice.currency)),
})
