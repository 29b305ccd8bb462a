// What the checks look at, as plain data: nothing here knows how a vendor words it. The readers in functions/close fill
// these from each system's own API. Amounts are minor units of an upper-case currency, days the seller's.
import type { Day } from '../recognition/day.ts'

export type MovementKind =
  | 'invoice'
  | 'payment'
  | 'refund'
  | 'failed refund'
  | 'credit note'
  | 'voided credit note'
  | 'void'
  | 'write-off'
  | 'dispute movement'
  | 'payout'
  | 'failed payout'

/** Something that money did in Stripe, and that every other system must show. */
export interface Movement {
  kind: MovementKind
  /** The Stripe object: in_…, inpay_…, re_…, cn_…, du_…, po_…. */
  id: string
  /** As people call it: its number, else its id. */
  label: string
  day: Day
  currency: string
  /** Positive, but for a negative invoice's tax. */
  amountMinor: bigint
  taxMinor: bigint
  /** The document that stands for it in NetSuite. */
  document: string
  /** A credit note that was voided may never have been posted: then neither it nor its reversal is. */
  pairedWith?: string
  /** Its events' types, any of which proves that the lake knows it. */
  events: string[]
  /** On invoices and credit notes: what AvaTax holds; absent where there is nothing to declare. */
  tax?: TaxFact
}

export interface TaxFact {
  /** Signed as AvaTax signs it: a return is negative. */
  taxMinor: bigint
  /** Voided: the document is cancelled, or taken back by its opposite. */
  isVoid: boolean
}

/** A document in NetSuite. */
export interface BookDocument {
  externalId: string
  type: string
  day: Day
  /** Month of the posting period. */
  periodMonth: string
  /** It says itself that its own period was closed; and on which day it was then dated, if that was changed too. */
  movedFrom?: { day?: Day }
  currency: string
  /** Without NetSuite's sign; of a journal what it moved on the clearing account, or at the bank for a payout. */
  amountMinor: bigint
}

/** Who gets a tax. */
export interface Jurisdiction {
  /** ISO 3166, two letters. */
  country: string
  /** A state or province; '' where the country has none that tax. */
  region: string
  /** '' where several small ones were put together. */
  name: string
}

export interface TaxShare extends Jurisdiction {
  amountMinor: bigint
}

/** Tax that became owed in Stripe, or ceased to be: positive for an invoice, negative for a credit note or a void. */
export interface StripeTax {
  /** in_… or cn_…: a void has the id of what it ends. */
  root: string
  label: string
  day: Day
  currency: string
  /** With the tax; signed as that. */
  grossMinor: bigint
  taxMinor: bigint
  shares: TaxShare[]
  /** Voided by now. */
  isVoid: boolean
  /** Stripe's own tax engine charged it and declares it. */
  byStripe: boolean
}

/** A document in AvaTax. */
export interface TaxDocument {
  code: string
  /** Of a correction of a filed document, the document it corrects: 'in_1' of 'in_1-void'. */
  root: string
  day: Day
  currency: string
  /** Net and tax. Signed: a return is negative. */
  grossMinor: bigint
  taxMinor: bigint
  isCancelled: boolean
  shares: TaxShare[]
}

/** Tax on a line of a NetSuite document; positive: owed. */
export interface BookTax {
  document: string
  day: Day
  currency: string
  amountMinor: bigint
  /** Absent where the books do not say. */
  jurisdiction?: Jurisdiction
}

/** A movement of the Stripe balance, and when the books are to show how much of it. */
export interface BalanceEntry {
  /** txn_…, or its fee's part of it. */
  id: string
  currency: string
  /** What the balance moved by. */
  amountMinor: bigint
  /** When it moved. */
  day: Day
  /** On the clearing account: in which document, and when; absent: never, and why. */
  booked?: { document: string; day: Day }
  /** Why the two days differ, or it is not booked. */
  reason: string
}

export interface StripeBalance {
  /** All that the balance ever moved by. */
  entries: BalanceEntry[]
  /** What Stripe itself says the balance is now, by currency. */
  nowMinor: Record<string, bigint>
  /** Payouts of the month: what arrived at the bank, and the sum of the movements it is made of. */
  payouts: { id: string; currency: string; amountMinor: bigint; entriesMinor: bigint | undefined; day: Day }[]
}

/** What stands on a clearing account. */
export interface ClearingLine {
  document: string
  currency: string
  amountMinor: bigint
}
export interface ClearingBooks {
  openingMinor: Record<string, bigint>
  lines: ClearingLine[]
}

/** An invoice that is or was owed, as Stripe has it now. */
export interface OwedInvoice {
  id: string
  label: string
  currency: string
  remainingMinor: bigint
  /** Why nothing of it is open in the books: 'void', 'written off'. */
  ended?: string
  isDisputed: boolean
}

/** What is open in NetSuite, by the invoice that it is open for. */
export interface OpenItem {
  invoice: string
  currency: string
  openMinor: bigint
}

/** What the ledger holds against an object. */
export interface Trouble {
  system: string
  object: string
  status: 'parked' | 'waiting' | 'blocked'
  code: string
  reason: string
  hint: string
  sinceSeconds: number
  /** Where it is known. */
  currency?: string
  amountMinor?: bigint
}
