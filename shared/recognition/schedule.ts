// The daily straight line of one invoice line, summed to calendar months. Recognized through a month is
//
//     amount in force at the month's end × days of service so far ÷ days of service,  rounded to the minor unit
//
// and a month is the difference of two such running totals. Rounding the running total (and not each month, and not by
// largest remainder) is deliberate: the months sum to the line, no month-end is off by more than half a minor unit, and
// a month depends only on what was known when it ended, so a later credit note, void or correction cannot move it.
// Closed months and journals are books.ts; this file knows the line alone.
import { type Day, daysBetween, type Month, monthOf, monthsFrom, nextMonth } from './day.ts'
import { proportion } from './proportion.ts'
import type { Change, RevenueLine } from './revenue-line.ts'
import { serviceDates } from './service.ts'

export interface MonthAmount {
  month: Month
  amountMinor: bigint
}

const lengthOf = (line: RevenueLine): number => daysBetween(line.service.from, line.service.until)

/** The line's amount after everything booked up to and including the month. */
export function netThrough(line: RevenueLine, month: Month): bigint {
  let net = line.netMinor
  for (const change of line.changes) if (change.bookedIn <= month) net += change.deltaMinor
  return net
}

/** The line's amount after all changes. */
export function finalNet(line: RevenueLine): bigint {
  return line.changes.reduce((net, change) => net + change.deltaMinor, line.netMinor)
}

/** Of an amount in force: what the days before `until` have earned. */
export function earnedBefore(line: RevenueLine, until: Day, netMinor: bigint): bigint {
  const days = Math.min(Math.max(daysBetween(line.service.from, until), 0), lengthOf(line))
  return proportion(netMinor, BigInt(days), BigInt(lengthOf(line)))
}

/** Revenue from the line's first day to the end of the month, knowing what was booked by then. */
export function recognizedThrough(line: RevenueLine, month: Month): bigint {
  if (line.earliest !== undefined && month < line.earliest) return 0n
  return earnedBefore(line, `${nextMonth(month)}-01`, netThrough(line, month))
}

/** From the first month that can recognize to the last that service or a change touches. */
export function monthsOf(line: RevenueLine): Month[] {
  const last = monthOf(serviceDates(line.service).last)
  const touched = [line.earliest ?? '', last, ...line.changes.map((change) => change.bookedIn)]
  return monthsFrom(
    monthOf(line.service.from),
    touched.reduce((a, b) => (a > b ? a : b)),
  )
}

/** Revenue by month; months without any are left out. Sums to `finalNet`. */
export function schedule(line: RevenueLine): MonthAmount[] {
  let before = 0n
  const amounts: MonthAmount[] = []
  for (const month of monthsOf(line)) {
    const through = recognizedThrough(line, month)
    if (through !== before) amounts.push({ month, amountMinor: through - before })
    before = through
  }
  return amounts
}

/**
 * How a change divides, by the days of service before its date: the part that was still deferred, and the part that
 * had been recognized and is reversed in its month. Both have the change's sign and sum to it.
 */
export function splitChange(
  line: RevenueLine,
  change: Change,
): { deferredMinor: bigint; reversedMinor: bigint } {
  let before = line.netMinor
  for (const earlier of line.changes) {
    if (earlier === change) break
    before += earlier.deltaMinor
  }
  const reversedMinor =
    earnedBefore(line, change.on, before + change.deltaMinor) - earnedBefore(line, change.on, before)
  return { deferredMinor: change.deltaMinor - reversedMinor, reversedMinor }
}
