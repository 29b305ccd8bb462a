// The body of a `reissue` record. Pure; what stands in Stripe for it is reissue.ts's business.
import type Stripe from 'stripe'
import * as z from 'zod'
import type { JsonObject } from '../../../shared/connector/contract.ts'
import { money, toDecimal } from '../../../shared/money/money.ts'

export const reissueSchema = z.object({ of: z.string(), currency: z.string(), total: z.string() })

/** What is credited, and billed again with tax. */
export const reissueBody = (invoice: Stripe.Invoice): JsonObject => ({
  of: invoice.id,
  currency: invoice.currency.toUpperCase(),
  total: toDecimal(money(invoice.total, invoice.currency)),
})
