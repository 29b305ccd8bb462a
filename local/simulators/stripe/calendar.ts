// Billing periods. Every period boundary is counted from the anchor, so that a subscription started on the 31st is
// billed on the last day of a short month and on the 31st again afterwards:
// https://docs.stripe.com/billing/subscriptions/billing-cycle

export const DAY = 86_400
export const HOUR = 3_600

export type Interval = 'day' | 'week' | 'month' | 'year'

/** `count` intervals after (or before) an anchor; months keep the anchor's day where it exists. */
export function addIntervals(anchorSeconds: number, interval: string, count: number): number {
  switch (interval) {
    case 'day':
      return anchorSeconds + count * DAY
    case 'week':
      return anchorSeconds + count * 7 * DAY
    case 'year':
      return addMonths(anchorSeconds, 12 * count)
    default:
      return addMonths(anchorSeconds, count)
  }
}

export function addMonths(anchorSeconds: number, months: number): number {
  const anchor = new Date(anchorSeconds * 1000)
  const year = anchor.getUTCFullYear()
  const month = anchor.getUTCMonth() + months
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
  const day = Math.min(anchor.getUTCDate(), lastDay)
  const secondOfDay = anchorSeconds - Date.UTC(year, anchor.getUTCMonth(), anchor.getUTCDate()) / 1000
  return Date.UTC(year, month, day) / 1000 + secondOfDay
}

/** The first boundary strictly after a moment, counted from the anchor (which may itself lie in the future). */
export function nextBoundary(
  anchorSeconds: number,
  recurring: { interval: string; interval_count: number },
  afterSeconds: number,
): number {
  const approximate = { day: DAY, week: 7 * DAY, month: 31 * DAY, year: 366 * DAY }
  const length = (approximate[recurring.interval as Interval] ?? 31 * DAY) * recurring.interval_count
  let step = Math.floor((afterSeconds - anchorSeconds) / length)
  while (addIntervals(anchorSeconds, recurring.interval, step * recurring.interval_count) <= afterSeconds)
    step += 1
  while (
    addIntervals(anchorSeconds, recurring.interval, (step - 1) * recurring.interval_count) > afterSeconds
  )
    step -= 1
  return addIntervals(anchorSeconds, recurring.interval, step * recurring.interval_count)
}
