// Calendar days and months as strings ('2026-02-28', '2026-02'), which sort as they read. Days have no time zone and no
// daylight saving; the one place where an instant becomes a day is `dayOf` in shared/calendar.ts.
import { invariant } from '../errors.ts'

/** 'YYYY-MM-DD'. */
export type Day = string
/** 'YYYY-MM'. */
export type Month = string

const DAY_MS = 86_400_000

/** Parsed once each: a year-end asks for the same few hundred days millions of times. */
const ordinals = new Map<Day, number>()

function ordinal(day: Day): number {
  const known = ordinals.get(day)
  if (known !== undefined) return known
  const ms = Date.parse(`${day}T00:00:00Z`)
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(ms)) throw invariant(`"${day}" is no calendar day.`)
  ordinals.set(day, ms / DAY_MS)
  return ms / DAY_MS
}

/** Days from `first` up to, not including, `until`; negative when `until` is earlier. */
export const daysBetween = (first: Day, until: Day): number => ordinal(until) - ordinal(first)

export const addDays = (day: Day, days: number): Day =>
  new Date((ordinal(day) + days) * DAY_MS).toISOString().slice(0, 10)

export const monthOf = (day: Day): Month => day.slice(0, 7)

export function nextMonth(month: Month): Month {
  const year = Number(month.slice(0, 4))
  const next = Number(month.slice(5)) + 1
  return next > 12 ? `${year + 1}-01` : `${month.slice(0, 5)}${String(next).padStart(2, '0')}`
}

export const lastDayOf = (month: Month): Day => addDays(`${nextMonth(month)}-01`, -1)

/** All months from `first` to `last`, both included; none when `last` is earlier. */
export function monthsFrom(first: Month, last: Month): Month[] {
  const months: Month[] = []
  for (let month = first; month <= last; month = nextMonth(month)) months.push(month)
  return months
}
