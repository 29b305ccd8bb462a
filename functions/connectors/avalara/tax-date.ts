// Calendar dates in the seller's time zone: 23:30 on the 31st in New York is the 31st, though it is the 1st in UTC.

/** 'YYYY-MM-DD'. The avatax SDK would serialize a Date as a full timestamp; AvaTax documents a date. */
export function dateIn(timeZone: string, seconds: number): string {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).formatToParts(seconds * 1000)
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((one) => one.type === type)?.value ?? ''
  return `${part('year')}-${part('month')}-${part('day')}`
}
