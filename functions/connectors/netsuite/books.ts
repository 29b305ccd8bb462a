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
  /** The document's date instead of Stripe's, where the account admits none outside of the period. */
  movedTo: z.string().optional(),
})
export type PostingPeriod = z.infer<typeof postingPeriod>

const books = z.object({
  subsidiaryName: z.string().optional(),
  subsidiaryId: z.string().optional(),
  currencyId: z.string().optional(),
  /** By currency, for fees on money that Stripe settled in another one. */
  currencyIds: z.record(z.string(), z.string()).optional(),
  receivableId: z.string().optional(),
  clearingId: z.string().optional(),
  /** By currency, for money that Stripe settled in another one than the invoice's. */
  clearing: z.record(z.string(), z.string()).optional(),
  /** The subsidiary's own currency, ISO. */
  baseCurrency: z.string().optional(),
  outOfBandId: z.string().optional(),
  writeOffItemId: z.string().optional(),
  balanceItemId: z.string().optional(),
  balanceAccountId: z.string().optional(),
  adjustmentAccountId: z.string().optional(),
  recoveryAccountId: z.string().optional(),
  shippingItemId: z.string().optional(),
  goodwillItemId: z.string().optional(),
  creditsLiabilityId: z.string().optional(),
  creditsRevenueId: z.string().optional(),
  breakageId: z.string().optional(),
  disputedId: z.string().optional(),
  disputeFeeId: z.string().optional(),
  disputeLossId: z.string().optional(),
  disputeExchangeId: z.string().optional(),
  /** Policies count as choices too: one that is changed later does not touch what was posted by the former. */
  disputeWhenLost: z.enum(['expense', 'reopen']).optional(),
  loneRefunds: z.enum(['park', 'goodwill', 'revenue-and-tax']).optional(),
  bankId: z.string().optional(),
  feeId: z.string().optional(),
  feeTaxId: z.string().optional(),
  /** Stripe product id → item id. */
  items: z.record(z.string(), z.string()),
  /** For lines without a product. */
  creditItemId: z.string().optional(),
  /** Stripe tax rate id → percentage ('8.25'); filled only for SuiteTax. */
  taxPercentages: z.record(z.string(), z.string()),
})
export type Books = z.infer<typeof books>

const settlement = z.object({
  /** ISO, upper case. */
  currency: z.string(),
  /** In that currency, before fees; minor units. */
  settledMinor: z.string(),
  /** What it was in the payment's own currency. */
  chargedMinor: z.string(),
})
/** What Stripe made of an amount when it reached the Stripe balance. */
export type Settlement = z.infer<typeof settlement>

const fees = z.object({
  /** Of the Stripe balance that they were taken from; ISO. */
  currency: z.string(),
  /** Minor units, without tax; negative: given back. */
  feeMinor: z.string(),
  taxMinor: z.string(),
})
/** What Stripe kept of a payment or refund. */
export type Fees = z.infer<typeof fees>

const paidAgain = z.object({
  kind: z.string(),
  externalId: z.string(),
  internalId: z.string().optional(),
  /** Minor units. */
  amountMinor: z.string(),
  /** The refund that failed. */
  refundId: z.string(),
})
/** A document that a refund pays because an earlier one, which failed, left it open. */
export type PaidAgain = z.infer<typeof paidAgain>

const payoutSums = z.object({
  amount: z.string(),
  fees: z.string(),
  /** Tax on the fees. */
  tax: z.string(),
  /** By Stripe's reporting category; positive: the Stripe balance grew. */
  others: z.record(z.string(), z.string()),
})
/** The balance transactions of a payout, by what they are to the books; minor units. */
export type PayoutSums = z.infer<typeof payoutSums>

/** What the engine keeps for a root between projections. */
export const keptChoices = z.object({
  books: books.optional(),
  periods: z.record(z.string(), postingPeriod).default({}),
  /** By payment intent, charge without one, or refund: facts of Stripe's that do not change. */
  settlements: z.record(z.string(), settlement).default({}),
  /** By payment or refund, where fees are posted with them; zero: this one is not. */
  fees: z.record(z.string(), fees).default({}),
  payout: payoutSums.optional(),
  /** Refund roots: what it pays in place of refunds that failed. */
  again: z.array(paidAgain).optional(),
  /** Invoice roots: a voided credit note of it is in the books, with its reversal. */
  isNoteReversed: z.boolean().optional(),
  lostAtSeconds: z.number().optional(),
  /** Customer roots: the subsidiary an explicit rule gave. */
  subsidiaryName: z.string().optional(),
})
export type KeptChoices = z.infer<typeof keptChoices>

/** Stripe's instant in seconds; or a day that Stripe wrote as one, the same in every zone. */
export type When = number | string

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
      /** Movements of its balance that no invoice or credit note explains; undefined: they are not posted. */
      adjustments?: ({ transactions: Stripe.CustomerBalanceTransaction[] } & DocumentChoices) | undefined
    }
  | { root: 'product' }
  | ({
      root: 'invoice'
      creditNotes: Stripe.CreditNote[]
      balance?: Stripe.CustomerBalanceTransaction[] | undefined
      /** The journal that gave the credit used back to the customer stands. */
      isUnapplied?: boolean
      /** By payment intent, or charge without one; absent: in the invoice's own currency. */
      settlements?: Record<string, Settlement>
      /** By payment; absent: they come with a payout. */
      fees?: Record<string, Fees>
      reversals?: Record<string, DocumentName>
      /** Of what the invoice drew of billing credits, what had been sold: in minor units. */
      soldCreditsMinor?: string
    } & DocumentChoices)
  | ({
      root: 'credit_note'
      invoice: Stripe.Invoice
      /** Its memo stands. */
      posted: boolean
      /** All of the invoice's, this one too; absent: this one alone. */
      creditNotes?: Stripe.CreditNote[]
      balance?: Stripe.CustomerBalanceTransaction[] | undefined
      reversals?: Record<string, DocumentName>
    } & DocumentChoices)
  | ({
      root: 'refund'
      source: RefundSource | undefined
      posted: boolean
      settlement?: Settlement | undefined
      /** Of the refund, and of its failure (`…-failed`); absent: they come with a payout. */
      fees?: Record<string, Fees>
      /** A memo of its own stands: by policy, for want of a credit note. */
      postedAlone?: boolean
    } & DocumentChoices)
  | ({
      root: 'dispute'
      /** Undefined: a payment that no invoice knows, which is not in these books. */
      invoiceId: string | undefined
      customerId: string | undefined
      lostAtSeconds: number | undefined
    } & DocumentChoices)
  | ({
      root: 'billing.credit_grant'
      /** None of credits that were given away. */
      expired: ExpiredCredit[]
    } & DocumentChoices)
  | ({
      root: 'payout'
      /** Its journal stands. */
      posted: boolean
      /** Undefined until Stripe says that they are complete. */
      sums: PayoutSums | undefined
      returnedAtSeconds: number | undefined
    } & DocumentChoices)

/** A transaction of a credit grant by which something of it expired. */
export interface ExpiredCredit {
  id: string
  atSeconds: number
  amountMinor: string
}

/** Where a refund comes from, found through its payment. */
export interface RefundSource {
  invoiceId: string
  customerId: string | undefined
  /** Credit notes that name this refund, and how much of it each. */
  creditNotes: { id: string; amountRefunded: number }[]
  /** What earlier refunds of the payment left when they failed, as far as this one pays it. */
  again?: PaidAgain[]
  /** The invoice, where the policy takes its lines back. */
  invoice?: Stripe.Invoice
  /** The money of a failed refund, back in the Stripe balance at that day's rate. */
  failure?: { atSeconds: number; settlement: Settlement }
}

/** `internalId`: of a document that stands in NetSuite and belongs to another root. */
export interface DocumentName {
  kind: string
  externalId: string
  internalId?: string
}

const journal = (externalId: string): DocumentName => ({ kind: 'journalEntry', externalId })
const memo = (externalId: string): DocumentName => ({ kind: 'creditMemo', externalId })

/**
 * The NetSuite record kinds and the names of their records: Stripe ids, with a suffix where an object has several. A
 * name is used for one kind only: NetSuite may tell transactions apart by it alone.
 * A hyphen, not a colon: "letters, numbers, underscore (_), and hyphen (-)".
 * https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_156334828635.html
 */
export const RECORDS = {
  customer: (customerId: string): DocumentName => ({ kind: 'customer', externalId: customerId }),
  adjustment: (balanceTransactionId: string) => journal(balanceTransactionId),
  invoice: (invoiceId: string): DocumentName => ({ kind: 'invoice', externalId: invoiceId }),
  negativeInvoice: (invoiceId: string) => memo(`${invoiceId}-credit`),
  payment: (invoicePaymentId: string): DocumentName => ({
    kind: 'customerPayment',
    externalId: invoicePaymentId,
  }),
  offStripe: (invoiceId: string): DocumentName => ({
    kind: 'customerPayment',
    externalId: `${invoiceId}-outofband`,
  }),
  /** Of a payment, a refund, or the failure of one (`re_…-failed`). */
  fee: (stripeId: string) => journal(`${stripeId}-fee`),
  balanceMemo: (invoiceId: string) => memo(`${invoiceId}-balance`),
  owed: (invoiceId: string) => journal(`${invoiceId}-owed`),
  /** Of a payment, a credit note or a negative invoice. */
  toBalance: (stripeId: string) => journal(`${stripeId}-tobalance`),
  /** Of a payment or a credit note. */
  recovery: (stripeId: string) => journal(`${stripeId}-recovery`),
  credits: (invoiceId: string) => journal(`${invoiceId}-credits`),
  creditsVoid: (invoiceId: string) => journal(`${invoiceId}-credits-void`),
  creditExpired: (creditTransactionId: string) => journal(`${creditTransactionId}-expired`),
  voidMemo: (invoiceId: string) => memo(`${invoiceId}-void`),
  voidRecovery: (invoiceId: string) => journal(`${invoiceId}-void-recovery`),
  owedBack: (invoiceId: string) => memo(`${invoiceId}-owed-void`),
  unapplied: (invoiceId: string) => journal(`${invoiceId}-unapplied`),
  writeOffMemo: (invoiceId: string) => memo(`${invoiceId}-writeoff`),
  creditMemo: (creditNoteId: string) => memo(creditNoteId),
  noteReversal: (creditNoteId: string): DocumentName => ({
    kind: 'invoice',
    externalId: `${creditNoteId}-void`,
  }),
  paidBackOffStripe: (creditNoteId: string): DocumentName => ({
    kind: 'customerRefund',
    externalId: `${creditNoteId}-outofband`,
  }),
  refund: (refundId: string): DocumentName => ({ kind: 'customerRefund', externalId: refundId }),
  loneRefundMemo: (refundId: string) => memo(`${refundId}-alone`),
  failedRefund: (refundId: string): DocumentName => ({
    kind: 'customerPayment',
    externalId: `${refundId}-failed`,
  }),
  disputeMovement: (disputeId: string, balanceTransactionId: string) =>
    journal(`${disputeId}-${balanceTransactionId}`),
  disputeLost: (disputeId: string) => journal(`${disputeId}-lost`),
  disputeWonBack: (disputeId: string) => journal(`${disputeId}-wonback`),
  payout: (payoutId: string) => journal(payoutId),
  failedPayout: (payoutId: string) => journal(`${payoutId}-failed`),
} as const

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
