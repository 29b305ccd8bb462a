// Stripe's instants as calendar days in a company's own time zone: 23:30 on the 31st in New York is the 31st, though it is
// the 1st in UTC.

const formatters = new Map<string, Intl.DateTimeFormat>()

/** 'YYYY-MM-DD' of a Stripe timestamp in a zone. */
export function dayOf(seconds: number, timeZone: string): string {
  let formatter = formatters.get(timeZone)
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('en-CA', {
      timeZone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    })
    formatters.set(timeZone, formatter)
  }
  return formatter.format(new Date(seconds * 1_000))
}

/** No zone is further than 14 hours from UTC, so the day's first second is found between the two. */
const FURTHEST_SECONDS = 15 * 3_600

/** The first second of a 'YYYY-MM-DD' in a zone. */
export function startOfDay(day: string, timeZone: string): number {
  const utcSeconds = Date.parse(`${day}T00:00:00Z`) / 1_000
  let before = utcSeconds - FURTHEST_SECONDS
  let within = utcSeconds + FURTHEST_SECONDS
  while (within - before > 1) {
    const middle = Math.floor((before + within) / 2)
    if (dayOf(middle, timeZone) < day) before = middle
    else within = middle
  }
  return within
}

/** '2026-10-05 09:00', UTC: what a table for people shows of a moment. */
export const minuteOf = (ms: number): string => new Date(ms).toISOString().slice(0, 16).replace('T', ' ')
