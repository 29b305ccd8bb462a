// What the books say of a line's revenue, month by month: closed months as they were journaled, open months as the
// schedule wants them, and the difference between the two in the first open month. So a closed month never changes, and
// once a correction is journaled, asking again finds nothing more to correct. Whole invoices and groups: waterfall.ts.
import { addDays, type Day, type Month, monthOf } from './day.ts'
import type { RevenueInvoice, RevenueLine } from './revenue-line.ts'
import { type MonthAmount, recognizedThrough, schedule } from './schedule.ts'

/** Revenue of one line in one journal; positive: recognized, negative: taken back. */
export interface JournalEntry {
  invoiceId: string
  lineId: string
  revenueKey: string
  amountMinor: bigint
}

/** A journal that stands in the ledger. It is never changed: what it got wrong, a later one corrects. */
export interface PostedJournal {
  journalId: string
  subsidiary: string
  currency: string
  month: Month
  entries: JournalEntry[]
}

export interface Books {
  /** The last day that is closed; months that end after it are open. Absent: nothing is closed yet. */
  closedUntil?: Day
  posted: readonly PostedJournal[]
}

export interface PostedEntry extends JournalEntry {
  subsidiary: string
  currency: string
  month: Month
}

export interface RecognizedLine {
  invoice: RevenueInvoice
  line: RevenueLine
  /** Only months with revenue; past, present and, as far as is known today, future. */
  months: MonthAmount[]
  /** What journals already hold of it. */
  posted: PostedEntry[]
}

/** Undefined: every month is open. */
export const firstOpenMonth = ({ closedUntil }: Books): Month | undefined =>
  closedUntil === undefined ? undefined : monthOf(addDays(closedUntil, 1))

/** Stripe's line ids are unique in the account, so an entry is found by its line alone. */
export function postedByLine(books: Books): Map<string, PostedEntry[]> {
  const byLine = new Map<string, PostedEntry[]>()
  for (const { subsidiary, currency, month, entries } of books.posted) {
    for (const entry of entries) {
      const found = byLine.get(entry.lineId) ?? []
      found.push({ ...entry, subsidiary, currency, month })
      byLine.set(entry.lineId, found)
    }
  }
  return byLine
}

/** Every line of the invoices as the books have and will have it. */
export function recognize(invoices: readonly RevenueInvoice[], books: Books): RecognizedLine[] {
  const byLine = postedByLine(books)
  const open = firstOpenMonth(books)
  return invoices.flatMap((invoice) =>
    invoice.lines.map((line) => {
      const posted = byLine.get(line.lineId) ?? []
      return { invoice, line, months: monthsInBooks(line, posted, open), posted }
    }),
  )
}

function monthsInBooks(
  line: RevenueLine,
  posted: readonly PostedEntry[],
  open: Month | undefined,
): MonthAmount[] {
  const wanted = schedule(line)
  if (open === undefined) return wanted
  const amounts = new Map<Month, bigint>()
  let closedMinor = 0n
  for (const { month, amountMinor } of posted) {
    if (month >= open) continue
    amounts.set(month, (amounts.get(month) ?? 0n) + amountMinor)
    closedMinor += amountMinor
  }
  amounts.set(open, recognizedThrough(line, open) - closedMinor)
  for (const { month, amountMinor } of wanted) if (month > open) amounts.set(month, amountMinor)
  return [...amounts]
    .filter(([, amountMinor]) => amountMinor !== 0n)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([month, amountMinor]) => ({ month, amountMinor }))
}

export const amountIn = (months: readonly MonthAmount[], month: Month): bigint =>
  months.reduce((sum, each) => (each.month === month ? sum + each.amountMinor : sum), 0n)

export const amountThrough = (months: readonly MonthAmount[], month: Month): bigint =>
  months.reduce((sum, each) => (each.month <= month ? sum + each.amountMinor : sum), 0n)
