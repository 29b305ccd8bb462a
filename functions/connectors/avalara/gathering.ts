// What the gathers of drafts, invoices and credit notes have in common: their tools, and what they keep from one time to
// the next.
import type Stripe from 'stripe'
import * as z from 'zod'
import type { Clock } from '../../../shared/clock.ts'
import type { Gathered, ObjectRef } from '../../../shared/connector/contract.ts'
import type { Calculation } from './calculation.ts'
import type { Catalog } from './catalog.ts'
import type { AvaTax } from './client.ts'
import type { AvalaraConfig } from './config.ts'
import type { TaxContext } from './project.ts'
import { placeSchema } from './tax-address.ts'
import type { TellTax } from './tax-signals.ts'
import { keptStandingSchema } from './tax-standing.ts'

export type Result = Gathered<TaxContext>
export type LiveCustomer = Stripe.Customer | undefined

export interface Gatherer {
  stripe: Stripe
  clock: Clock
  config: AvalaraConfig
  catalog: Catalog
  avatax: AvaTax
  tell: TellTax
  /** As they are now; each is read once a batch. */
  customerOf(id: string): Promise<LiveCustomer>
}

const portionSchema = z.object({ of: z.string(), gross: z.string(), tax: z.string() })

/**
 * What earlier gathers of the same object chose. Every part may be missing. It lies in the ledger, so it names no person:
 * an address is told by where it stands in Stripe or by its town, a VAT number by its fingerprint.
 */
export const keepSchema = z.object({
  inputs: z.string().optional(),
  calculation: z.custom<Calculation>((value) => typeof value === 'object' && value !== null).optional(),
  standing: keptStandingSchema.optional(),
  taxCodes: z.record(z.string(), z.string()).optional(),
  /** Whose address the document is written with, which may not have arrived yet. */
  shipToOf: z.enum(['invoice', 'customer']).optional(),
  /** AvaTax knows this invoice's own address, so it will not refuse it later. */
  proven: z.boolean().optional(),
  /** Where AvaTax calculated, when that is not the address as the customer wrote it. */
  place: placeSchema.optional(),
  note: z.string().optional(),
  /** The seller's time zone when the document was first dated: a change of configuration moves no document. */
  timeZone: z.string().optional(),
  released: z.object({ by: z.string(), why: z.string() }).optional(),
  /** Minor units by line: chosen once, so that later rates move nothing. */
  included: z.record(z.string(), z.string()).optional(),
  shares: z.record(z.string(), z.array(portionSchema)).optional(),
})
export type Keep = z.infer<typeof keepSchema>

export const customerIdOf = (invoice: Pick<Stripe.Invoice, 'customer'>): string | undefined =>
  typeof invoice.customer === 'string' ? invoice.customer : invoice.customer?.id

export const onCustomer = (id: string | undefined): ObjectRef[] =>
  id === undefined ? [] : [{ type: 'customer', id }]

export const nothing = (why: 'automatic_tax' | 'zero_invoice' | 'no_records'): Result => ({
  context: { does: 'nothing', why },
  keep: why === 'no_records' ? {} : { leftAlone: why },
})
