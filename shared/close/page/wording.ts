// How the close's document is worded on a page: states, systems, months and causes. What every page words alike is in
// shared/page/wording.ts.
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

/** '2026-10' → 'October 2026'. */
export const monthName = (month: string): string =>
  new Date(`${month}-01T00:00:00Z`).toLocaleDateString('en-GB', {
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  })

/** 'not-posted' → 'Not posted'; codes like 'NS-ITEM' stay. */
export const causeName = (cause: string): string =>
  /^[a-z]/.test(cause) ? `${cause.slice(0, 1).toUpperCase()}${cause.slice(1).replaceAll('-', ' ')}` : cause
