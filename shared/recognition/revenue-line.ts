// What recognition knows of a sale: an invoice, its lines, and what changed each line's amount afterwards. These types
// are the module's own, so that its rules can be read and tested without Stripe; from-stripe.ts fills them in.
import type { Day, Month } from './day.ts'
import type { Service } from './service.ts'

/** Why a line's revenue falls on its days. */
export type Timing =
  /** Service over a period: a straight line, day by day. */
  | 'over-period'
  /** Usage: on the last day of the period it was metered in. */
  | 'usage'
  /** One-off: on the day of delivery. */
  | 'delivery'

export interface BilledLine {
  /** Stripe's line id. */
  lineId: string
  /** Net of line discounts and of all tax, in minor units; negative for a proration credit. */
  netMinor: bigint
  /** Which revenue account, item or stream: the caller's own name for it. */
  revenueKey: string
  timing: Timing
  service: Service
  /** The first month that may recognize anything of it; absent: the service decides alone. */
  earliest?: Month
}

export interface BilledInvoice {
  invoiceId: string
  /** As people call it: 'INV-0042'. */
  number: string
  /** ISO 4217, upper case. */
  currency: string
  subsidiary: string
  /** The date on the invoice. */
  invoicedOn: Day
  /** The accounting month it was posted to: later than its date when that month was closed. */
  bookedIn: Month
  /** The invoice's total less all its tax, as the document itself says it. */
  totalNetMinor: bigint
  lines: BilledLine[]
  /** Voided in Stripe: nothing of it was ever owed. A write-off is not here, because it does not touch revenue. */
  voided?: { on: Day; bookedIn: Month }
}

/** A credit note, net of tax. */
export interface Credit {
  creditId: string
  on: Day
  bookedIn: Month
  parts: { lineId: string; netMinor: bigint }[]
  /** What it credits without naming a line: spread over the invoice's lines in proportion to what is left of them. */
  spreadMinor: bigint
  voided?: { on: Day; bookedIn: Month }
}

/** A dated change of a line's amount; the base amount is never touched. */
export interface Change {
  documentId: string
  cause: 'credit' | 'credit-voided' | 'void'
  on: Day
  bookedIn: Month
  /** Negative where it takes from a positive line. */
  deltaMinor: bigint
}

export interface RevenueLine extends BilledLine {
  /** In the order in which they were booked. */
  changes: Change[]
}

export interface RevenueInvoice extends BilledInvoice {
  lines: RevenueLine[]
}

/** A difference that must not be: what, where, how much. Nothing is thrown, so that one bad invoice hides no other. */
export interface Break {
  code:
    | 'lines-differ-from-invoice'
    | 'credit-names-no-line'
    | 'over-credited'
    | 'not-fully-recognized'
    | 'recognized-differs-from-schedule'
    | 'closed-month-changed'
    | 'journaled-without-invoice'
    | 'remapped'
    | 'roll-forward'
    | 'deferred-differs-from-schedule'
    | 'journal-unbalanced'
    | 'journals-differ-from-recognized'
  /** The invoice, line, credit note, group of the waterfall or journal. */
  where: string
  currency: string
  month?: Month
  expectedMinor: bigint
  actualMinor: bigint
  /** One sentence for an accountant. */
  text: string
}
