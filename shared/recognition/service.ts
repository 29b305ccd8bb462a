// The calendar days of a Stripe period, in the company's time zone: what a schedule goes by, and what stands on the lines
// of a ledger that recognizes by itself. One reading for both, so that the two can never disagree by a day.
import { dayOf } from '../calendar.ts'
import { addDays, type Day } from './day.ts'

/** Days of service. Stripe's periods are half-open, and so are these: the next period begins on `until`. */
export interface Service {
  from: Day
  /** The first day after the service; at least one day after `from`. */
  until: Day
}

export const oneDay = (day: Day): Service => ({ from: day, until: addDays(day, 1) })

/**
 * Half-open as Stripe's periods are in practice: renewals share an instant, and the day it falls on belongs to the new
 * period alone. Stripe's types call `end` inclusive, and people do enter 23:59:59: one second on both ends makes that the
 * whole day, and periods still meet without gap or overlap. A point in time is its day.
 */
export function serviceOf(period: { start: number; end: number }, timeZone: string): Service {
  if (period.end <= period.start) return oneDay(dayOf(period.start, timeZone))
  const from = dayOf(period.start + 1, timeZone)
  const until = dayOf(period.end + 1, timeZone)
  return until > from ? { from, until } : oneDay(from)
}

/** Both ends included, as a ledger that recognizes by itself wants them on a line. */
export const serviceDates = ({ from, until }: Service): { first: Day; last: Day } => ({
  first: from,
  last: addDays(until, -1),
})
