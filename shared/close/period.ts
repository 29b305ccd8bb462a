// The month that is closed, as instants and as days, in the seller's time zone: 23:30 on the 31st is still the month, though
// it is the next one in UTC. A month that is not over ends now, and is judged as far as it has come.
import { dayOf, startOfDay } from '../calendar.ts'
import { type Day, lastDayOf, type Month, monthOf, nextMonth } from '../recognition/day.ts'

export interface Period {
  month: Month
  timeZone: string
  /** First second of it. */
  fromSeconds: number
  /** The cut-off: the first second that is not in it any more. */
  untilSeconds: number
  firstDay: Day
  lastDay: Day
  /** The month has ended; only then can it be signed. */
  isOver: boolean
}

/** @throws RangeError for what is no month, or has not begun. */
export function periodOf(month: Month, timeZone: string, nowSeconds: number): Period {
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(month)) throw new RangeError(`"${month}" is no month: write 2026-10.`)
  const fromSeconds = startOfDay(`${month}-01`, timeZone)
  const endSeconds = startOfDay(`${nextMonth(month)}-01`, timeZone)
  if (nowSeconds < fromSeconds) throw new RangeError(`${month} has not begun yet (${timeZone}).`)
  const isOver = nowSeconds >= endSeconds
  return {
    month,
    timeZone,
    fromSeconds,
    untilSeconds: isOver ? endSeconds : nowSeconds + 1,
    firstDay: `${month}-01`,
    lastDay: isOver ? lastDayOf(month) : dayOf(nowSeconds, timeZone),
    isOver,
  }
}

/**
 * The month of yesterday up to yesterday's last second: what moved today may still be on its way into the books. On the
 * first of a month that is the whole month before.
 */
export function periodUntilYesterday(timeZone: string, nowSeconds: number): Period {
  const midnight = startOfDay(dayOf(nowSeconds, timeZone), timeZone)
  const lastSecond = midnight - 1
  return periodOf(monthOf(dayOf(lastSecond, timeZone)), timeZone, lastSecond)
}

export const isWithin = (day: Day, { firstDay, lastDay }: Period): boolean =>
  day >= firstDay && day <= lastDay
