// Invoices for this folder's tests, and revenue as people write it: '2026-01': '84.93'.
import { fromDecimal, toDecimal } from '../money/money.ts'
import { addDays, type Day, monthOf } from './day.ts'
import { recut } from './recut.ts'
import type { BilledInvoice, BilledLine, Break, Credit, RevenueInvoice } from './revenue-line.ts'
import { type MonthAmount, schedule } from './schedule.ts'

export interface LineInput {
  id?: string
  net: string
  /** First day, and first day after it; a point in time with `from` alone. */
  from: Day
  until?: Day
  key?: string
  earliest?: string
}

export interface InvoiceInput {
  id?: string
  currency?: string
  subsidiary?: string
  /** Its date; the first line's first day when absent. */
  on?: Day
  bookedIn?: string
  lines: LineInput[]
  voidedOn?: Day
}

const minorOf = (amount: string, currency: string): bigint => fromDecimal(amount, currency).amountMinor

export function billed(input: InvoiceInput): BilledInvoice {
  const id = input.id ?? 'in_1'
  const currency = input.currency ?? 'USD'
  const lines = input.lines.map(
    (line, index): BilledLine => ({
      lineId: line.id ?? `${id}_${index + 1}`,
      netMinor: minorOf(line.net, currency),
      revenueKey: line.key ?? 'plan',
      timing: line.until ? 'over-period' : 'delivery',
      service: { from: line.from, until: line.until ?? addDays(line.from, 1) },
      ...(line.earliest && { earliest: line.earliest }),
    }),
  )
  const invoicedOn = input.on ?? input.lines[0]?.from ?? ''
  return {
    invoiceId: id,
    number: 'INV-0042',
    currency,
    subsidiary: input.subsidiary ?? 'us',
    invoicedOn,
    bookedIn: input.bookedIn ?? monthOf(invoicedOn),
    totalNetMinor: lines.reduce((sum, line) => sum + line.netMinor, 0n),
    lines,
    ...(input.voidedOn && { voided: { on: input.voidedOn, bookedIn: monthOf(input.voidedOn) } }),
  }
}

export interface CreditInput {
  id?: string
  on: Day
  bookedIn?: string
  parts?: Record<string, string>
  spread?: string
  voidedOn?: Day
}

export function credit(input: CreditInput, currency = 'USD'): Credit {
  return {
    creditId: input.id ?? `cn_${input.on}`,
    on: input.on,
    bookedIn: input.bookedIn ?? monthOf(input.on),
    parts: Object.entries(input.parts ?? {}).map(([lineId, amount]) => ({
      lineId,
      netMinor: minorOf(amount, currency),
    })),
    spreadMinor: minorOf(input.spread ?? '0', currency),
    ...(input.voidedOn && { voided: { on: input.voidedOn, bookedIn: monthOf(input.voidedOn) } }),
  }
}

export function sold(
  input: InvoiceInput,
  credits: CreditInput[] = [],
): { invoice: RevenueInvoice; breaks: Break[] } {
  return recut(
    billed(input),
    credits.map((each) => credit(each, input.currency)),
  )
}

/** Recognized by month in major units; several lines added up. */
export function spoken(months: readonly MonthAmount[], currency = 'USD'): Record<string, string> {
  const sums = new Map<string, bigint>()
  for (const { month, amountMinor } of months) sums.set(month, (sums.get(month) ?? 0n) + amountMinor)
  return Object.fromEntries(
    [...sums]
      .filter(([, amountMinor]) => amountMinor !== 0n)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([month, amountMinor]) => [month, toDecimal({ amountMinor, currency })]),
  )
}

export const revenueOf = (invoice: RevenueInvoice): Record<string, string> =>
  spoken(invoice.lines.flatMap(schedule), invoice.currency)
