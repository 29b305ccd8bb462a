// When a deal is billed: the term cut into cycles, each with its invoice on its first day, in advance. A cycle is whole (as
// many months as lie between two invoices) or short. The term's beginning, the billing day, and every day on which a line
// begins or ends cut it; from a cut that is not on the running grid the grid begins anew, so that what begins then is billed
// then, and in a short cycle each line is billed its share.
import { type Day, daysBetween, lastDayOf } from '../../shared/recognition/day.ts'
import type { Deal } from './deal.ts'

export interface Cycle {
  from: Day
  until: Day
  isWhole: boolean
}

export function cyclesOf({ from, until, billingMonths, billingDay, lines }: Deal): Cycle[] {
  const cuts = [
    ...new Set(
      lines
        .filter(({ charge }) => charge !== 'one-off')
        .flatMap((line) => [line.from, line.until])
        .filter((day) => day > from && day < until),
    ),
    until,
  ].sort()
  const cycles: Cycle[] = []
  let anchor = from
  let count = 0
  for (let start = from; start < until; ) {
    const regular = nextInvoice({ anchor, count, start }, billingMonths, billingDay)
    const cut = cuts.find((day) => day > start) ?? until
    const end = cut < regular.day ? cut : regular.day
    cycles.push({ from: start, until: end, isWhole: regular.isWhole && end === regular.day })
    if (end === regular.day && regular.isWhole) count += 1
    else [anchor, count] = [end, 0]
    start = end
  }
  return cycles
}

interface Grid {
  /** Where the grid begins, and how many whole cycles ago. */
  anchor: Day
  count: number
  start: Day
}

function nextInvoice(
  { anchor, count, start }: Grid,
  months: number,
  billingDay: number | undefined,
): { day: Day; isWhole: boolean } {
  const onDay = billingDay === undefined || start === withDay(start, billingDay)
  if (onDay) return { day: addMonths(anchor, (count + 1) * months, billingDay), isWhole: true }
  const thisMonth = withDay(start, billingDay)
  return { day: thisMonth > start ? thisMonth : addMonths(start, 1, billingDay), isWhole: false }
}

/**
 * The same day some months later, or the month's last where it has no such day: of 31 January, 28 February and then
 * 31 March again. https://docs.stripe.com/billing/subscriptions/billing-cycle
 */
export function addMonths(day: Day, months: number, dayOfMonth = Number(day.slice(8))): Day {
  const index = Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1 + months
  const month = `${Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}`
  return withDay(`${month}-01`, dayOfMonth)
}

function withDay(day: Day, dayOfMonth: number): Day {
  const month = day.slice(0, 7)
  const wanted = `${month}-${String(dayOfMonth).padStart(2, '0')}`
  const last = lastDayOf(month)
  return wanted < last ? wanted : last
}

/** How much of a whole cycle that began on its first day a short one is, in days. */
export const shareOfWhole = (
  { from, until }: Cycle,
  billingMonths: number,
): { days: number; of: number } => ({
  days: daysBetween(from, until),
  of: daysBetween(from, addMonths(from, billingMonths)),
})
