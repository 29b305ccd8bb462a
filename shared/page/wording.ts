// How pages word what every one of them shows: ages, times, counts, and amounts with groups and a true minus. Texts that a
// vendor or a customer chose lose every control and direction mark here: they could make a line read backwards.
import { fromDecimal, toDecimal } from '../money/money.ts'

/** '-1234567.89' → '−1,234,567.89'. */
export function grouped(amount: string): string {
  const [whole = '', decimals] = amount.replace('-', '').split('.')
  const sign = amount.startsWith('-') ? '−' : ''
  const groups = whole.replace(/\B(?=(?:\d{3})+$)/g, ',')
  return `${sign}${groups}${decimals === undefined ? '' : `.${decimals}`}`
}

export const minorOf = (amount: string, currency: string): bigint => fromDecimal(amount, currency).amountMinor

export const decimalOf = (amountMinor: bigint, currency: string): string =>
  toDecimal({ amountMinor, currency })

export const absolute = (amount: bigint): bigint => (amount < 0n ? -amount : amount)

/**
 * 'EUR 1,190.00, USD 2.00': what is at stake. Signs are left out, so that 10 too much and 10 too little are 20, not nothing.
 */
export function atStake(
  amounts: readonly { currency: string | null; amount: string | null }[],
): string | undefined {
  const sums = new Map<string, bigint>()
  for (const { currency, amount } of amounts) {
    if (currency !== null && amount !== null)
      sums.set(currency, (sums.get(currency) ?? 0n) + absolute(minorOf(amount, currency)))
  }
  if (sums.size === 0) return undefined
  return [...sums]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([currency, sum]) => `${currency} ${grouped(decimalOf(sum, currency))}`)
    .join(', ')
}

/** '3 Nov 2026, 04:00' in the zone. */
export const timeText = (iso: string, timeZone: string): string =>
  new Date(iso).toLocaleString('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZone,
  })

export const ageText = (hours: number): string =>
  hours < 1 ? 'under 1 h' : hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} d`

export const count = (number: number, one: string, many = `${one}s`): string =>
  `${grouped(String(number))} ${number === 1 ? one : many}`

/** Each text of a document without control and direction marks, at any depth. */
export function withoutControls<T>(value: T): T {
  if (typeof value === 'string') return value.replace(/\s+/g, ' ').replace(/[\p{Cc}\p{Cf}]/gu, '\uFFFD') as T
  if (Array.isArray(value)) return value.map(withoutControls) as T
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withoutControls(each)])) as T
  return value
}
