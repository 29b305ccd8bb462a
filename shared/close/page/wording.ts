// How the close's document is worded on a page: states, systems, months, ages, and amounts with groups and a true minus. Texts
// that a vendor or a customer chose lose every control and direction mark here: they could make a line read backwards.
import { fromDecimal, toDecimal } from '../../money/money.ts'
import type { CheckState } from '../check.ts'
import type { CloseDocument } from '../document.ts'

export type CheckPart = CloseDocument['checks'][number]
export type BreakPart = CheckPart['breaks'][number]
export type FigurePart = CheckPart['figures'][number]
export type EvidencePart = CheckPart['evidence'][number]
export type TroublePart = CloseDocument['troubles'][number]

export const STATE_WORDS: Readonly<Record<CheckState, string>> = {
  ties: 'ties',
  differs: 'does not tie',
  unknown: 'not known',
}

const COLUMN_NAMES: Readonly<Record<string, string>> = {
  stripe: 'Stripe',
  netsuite: 'NetSuite',
  avatax: 'AvaTax',
  expected: 'Expected in the books',
  waterfall: 'Waterfall',
}

export const columnName = (column: string): string =>
  COLUMN_NAMES[column] ?? `${column.slice(0, 1).toUpperCase()}${column.slice(1)}`

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

/** '2026-10' → 'October 2026'. */
export const monthName = (month: string): string =>
  new Date(`${month}-01T00:00:00Z`).toLocaleDateString('en-GB', {
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  })

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

/** 'not-posted' → 'Not posted'; codes like 'NS-ITEM' stay. */
export const causeName = (cause: string): string =>
  /^[a-z]/.test(cause) ? `${cause.slice(0, 1).toUpperCase()}${cause.slice(1).replaceAll('-', ' ')}` : cause

/** Each text of a document without control and direction marks, at any depth. */
export function withoutControls<T>(value: T): T {
  if (typeof value === 'string') return value.replace(/\s+/g, ' ').replace(/[\p{Cc}\p{Cf}]/gu, '\uFFFD') as T
  if (Array.isArray(value)) return value.map(withoutControls) as T
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withoutControls(each)])) as T
  return value
}
