// What sales closed, as the hub understands it: free of Salesforce, which it was read from, and of Stripe, which it becomes.
// Amounts are without tax. Days are the seller's calendar days; `until` is the first day after.
import type { Day } from '../../shared/recognition/day.ts'
import type { Decimal } from './decimal.ts'

export interface Deal {
  /** ISO 4217, upper case. */
  currency: string
  /** The committed term; a trial comes before it. */
  from: Day
  until: Day
  /** Months from one invoice to the next. */
  billingMonths: number
  /** Of the month. Absent: the day on which the term begins. */
  billingDay?: number
  lines: readonly DealLine[]
  /** What the quote says that all its lines cost over the term, usage aside. */
  totalMinor: bigint
}

/** A line of the quote, or one segment of it: a ramp is a line for each segment. */
export interface DealLine {
  /** As sales sees it, from 1. */
  number: number
  /** What a salesperson calls it. */
  name: string
  /** Lines of one product and key are segments of one ramp. */
  product: string
  segmentKey?: string
  charge: 'recurring' | 'one-off' | 'usage'
  quantity: Decimal
  /** Major units for one piece. */
  unitPrice: Decimal
  /** The months that the price is for; of a one-off it does not matter. */
  unitMonths: number
  /** In percent, 10 for a tenth; taken off one after the other. */
  discounts: readonly Decimal[]
  from: Day
  until: Day
  /** What the quote says that it costs from `from` to `until`, discounts taken off. Usage: 0. */
  totalMinor: bigint
}
