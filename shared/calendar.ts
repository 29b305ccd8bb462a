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
