// GET /companies/{code}/transactions: $filter, $orderBy, $top and $skip over recorded documents, as far as a comparison
// of books needs them. https://developer.avalara.com/avatax/filtering-in-rest/
import { AvaTaxRefused } from './errors.ts'
import type { TransactionAnswer } from './transaction-answer.ts'

/** The SDK's note on listTransactionsByCompany: at most 1,000, and 30 days unless the filter names `date`. */
const MAX_TOP = 1000
const DEFAULT_DAYS = 30
const DAY_MS = 86_400_000

const FIELDS = new Set([
  'id',
  'code',
  'date',
  'type',
  'status',
  'customerCode',
  'customerVendorCode',
  'referenceCode',
  'currencyCode',
  'totalAmount',
  'totalTax',
  'locked',
  'modifiedDate',
])

type Test = (answer: TransactionAnswer) => boolean

export interface ListRequest {
  filter: string | undefined
  orderBy: string | undefined
  top: string | undefined
  skip: string | undefined
}

export interface ListPage {
  '@recordsetCount': number
  value: TransactionAnswer[]
  '@nextLink'?: string
}

export const listTransactions = (
  all: readonly TransactionAnswer[],
  request: ListRequest,
  now: number,
  linkTo: (top: number, skip: number) => string,
): ListPage => {
  const { tests, fields } = parseFilter(request.filter ?? '')
  if (!fields.includes('date')) {
    const since = new Date(now - DEFAULT_DAYS * DAY_MS).toISOString().slice(0, 10)
    tests.push(({ date }) => date >= since)
  }
  const found = all.filter((answer) => tests.every((test) => test(answer)))
  const [field, direction] = (request.orderBy ?? 'id').split(/\s+/)
  const sign = direction?.toUpperCase() === 'DESC' ? -1 : 1
  const sorted = found.toSorted(
    (a, b) => sign * compare(fieldOf(a, field ?? 'id'), fieldOf(b, field ?? 'id')),
  )
  const top = Math.min(wholeNumber(request.top, MAX_TOP), MAX_TOP)
  const skip = wholeNumber(request.skip, 0)
  const value = sorted.slice(skip, skip + top)
  return {
    '@recordsetCount': sorted.length,
    value,
    ...(skip + top < sorted.length ? { '@nextLink': linkTo(top, skip + top) } : {}),
  }
}

const wholeNumber = (text: string | undefined, absent: number): number => {
  if (text === undefined) return absent
  if (/^\d+$/.test(text)) return Number(text)
  throw new AvaTaxRefused('InvalidQueryValue', `'${text}' is no whole number.`)
}

const CRITERION =
  /^\s*(?<field>\w+)\s+(?:(?<operator>eq|ne|gt|ge|lt|le|=|<>|>=|<=|>|<)\s+(?<value>'[^']*'|[^\s']+)|between\s+(?<low>'[^']*'|[^\s']+)\s+and\s+(?<high>'[^']*'|[^\s']+)|in\s*\((?<list>[^)]*)\))\s*(?:(?<more>and)\s+|$)/i

const OPERATORS: Record<string, (difference: number) => boolean> = {
  eq: (difference) => difference === 0,
  ne: (difference) => difference !== 0,
  gt: (difference) => difference > 0,
  ge: (difference) => difference >= 0,
  lt: (difference) => difference < 0,
  le: (difference) => difference <= 0,
}
const SYMBOLS: Record<string, string> = {
  '=': 'eq',
  '<>': 'ne',
  '>': 'gt',
  '>=': 'ge',
  '<': 'lt',
  '<=': 'le',
}

/** Criteria joined by `and`; `or` and parentheses are not simulated. */
const parseFilter = (filter: string): { tests: Test[]; fields: string[] } => {
  const tests: Test[] = []
  const fields: string[] = []
  let rest = filter.trim()
  while (rest !== '') {
    const match = CRITERION.exec(rest)
    const { field = '', operator, value, low, high, list } = match?.groups ?? {}
    if (!match) throw new AvaTaxRefused('SyntaxError', `The filter cannot be read at '${rest}'.`)
    if (!FIELDS.has(field)) throw new AvaTaxRefused('InvalidQueryField', `Unknown field '${field}'.`)
    fields.push(field)
    if (operator !== undefined && value !== undefined) {
      const holds = OPERATORS[SYMBOLS[operator] ?? operator.toLowerCase()]
      tests.push((answer) => holds?.(compare(fieldOf(answer, field), unquote(value))) ?? false)
    } else if (low !== undefined && high !== undefined) {
      tests.push(
        (answer) =>
          compare(fieldOf(answer, field), unquote(low)) >= 0 &&
          compare(fieldOf(answer, field), unquote(high)) <= 0,
      )
    } else {
      const values = new Set((list ?? '').split(',').map((entry) => unquote(entry.trim())))
      tests.push((answer) => values.has(String(fieldOf(answer, field))))
    }
    rest = rest.slice(match[0].length).trim()
  }
  return { tests, fields }
}

const unquote = (text: string): string => text.replace(/^'(.*)'$/, '$1')

const fieldOf = (answer: TransactionAnswer, field: string): unknown => Reflect.get(answer, field)

const compare = (left: unknown, right: unknown): number => {
  if (typeof left === 'number') return left - Number(right)
  const [a, b] = [String(left).toLowerCase(), String(right).toLowerCase()]
  return a < b ? -1 : a > b ? 1 : 0
}
