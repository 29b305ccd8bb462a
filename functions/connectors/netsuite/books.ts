// Everything a projection needs beyond Stripe's object: NetSuite's ids for this document, chosen once by `gather` and
// kept in the hub's state from the first posting on, so that a later change of the mapping never remaps the books.
// JSON only. What is missing stays undefined here; the projection parks the document and says which line to add.

import type Stripe from 'stripe'
import * as z from 'zod'
import type { RecordKey } from '../../../shared/connector/contract.ts'
import type { NetSuiteConfig } from './config.ts'

const postingPeriod = z.object({
  id: z.string(),
  name: z.string(),
  /** The closed period that the document's date falls into; said on the record. */
  insteadOf: z.string().optional(),
})
export type PostingPeriod = z.infer<typeof postingPeriod>

const books = z.object({
  subsidiaryName: z.string().optional(),
  subsidiaryId: z.string().optional(),
  currencyId: z.string().optional(),
  receivableId: z.string().optional(),
  clearingId: z.string().optional(),
  outOfBandId: z.string().optional(),
  writeOffItemId: z.string().optional(),
  /** Stripe product id → item id. */
  items: z.record(z.string(), z.string()),
  /** For lines without a product. */
  creditItemId: z.string().optional(),
  /** Stripe tax rate id → percentage ('8.25'); filled only for SuiteTax. */
  taxPercentages: z.record(z.string(), z.string()),
})
export type Books = z.infer<typeof books>

/** What the engine keeps for a root between projections. */
export const keptChoices = z.object({
  books: books.optional(),
  periods: z.record(z.string(), postingPeriod).default({}),
  /** Customer roots: the subsidiary an explicit rule gave. */
  subsidiaryName: z.string().optional(),
})
export type KeptChoices = z.infer<typeof keptChoices>

export interface DocumentChoices {
  books: Books
  periods: Readonly<Record<RecordKey, PostingPeriod>>
}

export type Context =
  | {
      root: 'customer'
      subsidiaryName: string | undefined
      /** A rule goes by currency, and Stripe learns a customer's with the first invoice: that brings the record. */
      waitsForCurrency: boolean
    }
  | { root: 'product' }
  | ({ root: 'invoice'; creditNotes: Stripe.CreditNote[] } & DocumentChoices)
  | ({ root: 'credit_note'; invoice: Stripe.Invoice; posted: boolean } & DocumentChoices)
  | ({ root: 'refund'; source: RefundSource | undefined; posted: boolean } & DocumentChoices)

/** Where a refund comes from, found through its payment. */
export interface RefundSource {
  invoiceId: string
  customerId: string | undefined
  /** Credit notes that name this refund, and how much of it each. */
  creditNotes: { id: string; amountRefunded: number }[]
}

/** The NetSuite record kinds and the names of their records: Stripe ids, and two memos of an invoice's own. */
export const RECORDS = {
  customer: (customerId: string) => ({ kind: 'customer', externalId: customerId }) as const,
  invoice: (invoiceId: string) => ({ kind: 'invoice', externalId: invoiceId }) as const,
  payment: (invoicePaymentId: string) => ({ kind: 'customerPayment', externalId: invoicePaymentId }) as const,
  // A hyphen, not a colon: "letters, numbers, underscore (_), and hyphen (-)".
  // https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_156334828635.html
  voidMemo: (invoiceId: string) => ({ kind: 'creditMemo', externalId: `${invoiceId}-void` }) as const,
  writeOffMemo: (invoiceId: string) => ({ kind: 'creditMemo', externalId: `${invoiceId}-writeoff` }) as const,
  creditMemo: (creditNoteId: string) => ({ kind: 'creditMemo', externalId: creditNoteId }) as const,
  refund: (refundId: string) => ({ kind: 'customerRefund', externalId: refundId }) as const,
}

/** Facts about a customer that decide its subsidiary. */
export interface CustomerFacts {
  metadata?: Readonly<Record<string, string>> | null
  country?: string | null
  currency?: string | null
}

/** The first rule that matches; undefined when only the default is left. */
export function subsidiaryByRule(facts: CustomerFacts, config: NetSuiteConfig): string | undefined {
  const rules = config.customerSubsidiary
  const named = facts.metadata?.[rules.metadataKey]
  if (named) return named
  return rules.byCountry[facts.country ?? ''] ?? rules.byCurrency[facts.currency?.toUpperCase() ?? '']
}
