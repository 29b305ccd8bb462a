// SuiteQL: a query as NetSuite takes it is translated to SQLite, run over the query tables, and answered as NetSuite
// answers: lower-case column names, every value a string, nulls left out. What NetSuite refuses is refused.
//
// https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_157909186990.html (SuiteQL through REST)
// Error sentences as seen in public logs. Understood: joins, grouping, CASE, sub-queries, TOP n, NVL, DECODE, TO_CHAR,
// TO_DATE, TO_NUMBER, BUILTIN.DF, BUILTIN.CF. Not understood, and refused: ROWNUM, FETCH, other BUILTINs.
import { DatabaseSync } from 'node:sqlite'
import { type Company, displayName, TRANSACTION_NAMES } from './company.ts'
import { invalidParameter } from './errors.ts'
import { formatScaled, parseScaled, SCALE, type Scaled } from './money.ts'
import { DATE_MARK, QUERY_TYPES } from './query-rows.ts'
import { type ChangedRecords, QueryTables } from './query-tables.ts'
import type { IdGroup } from './schema.ts'

/** Oracle's limit for a list of literals. */
const MAX_IN_LIST = 1000

const DISPLAYED: Record<string, IdGroup> = {
  entity: 'entity',
  customer: 'entity',
  currency: 'currency',
  account: 'account',
  incomeaccount: 'account',
  postingperiod: 'accountingPeriod',
  subsidiary: 'subsidiary',
  item: 'item',
  department: 'department',
  class: 'classification',
  location: 'location',
  transaction: 'transaction',
  previousdoc: 'transaction',
  nextdoc: 'transaction',
  createdfrom: 'transaction',
  reversal: 'transaction',
}

const STATUS_NAMES: Record<string, Record<string, string>> = {
  CustInvc: { A: 'Open', B: 'Paid In Full' },
  CustCred: { A: 'Open', B: 'Fully Applied' },
  CustPymt: { B: 'Not Deposited', C: 'Deposited' },
  CustRfnd: { B: 'Refunded' },
  CustDep: { A: 'Not Deposited', B: 'Deposited', C: 'Fully Applied' },
  Journal: { A: 'Pending Approval', B: 'Approved for Posting' },
}

const DAY_OR_TIME = /^\d{4}-\d{2}-\d{2}$/
const AMERICAN_DATE = /^\d{1,2}\/\d{1,2}\/\d{4}$/

export type QueryRow = Record<string, string>

export class SuiteQl {
  private readonly tables: QueryTables
  private readonly db = new DatabaseSync(':memory:')
  private readonly company: Company

  constructor(company: Company, changed: ChangedRecords, customFieldIds: string[]) {
    this.company = company
    this.tables = new QueryTables(this.db, company, changed, customFieldIds)
    this.db.exec('pragma case_sensitive_like = on')
    this.addFunctions()
  }

  /** All rows, in the query's order. */
  run(query: string): QueryRow[] {
    const sql = translate(query)
    this.tables.refresh()
    try {
      return this.db
        .prepare(sql)
        .all()
        .map((row) => answerRow(row))
    } catch (error) {
      throw worded(error)
    }
  }

  private addFunctions(): void {
    type Sql = string | number | bigint | null | Uint8Array
    const define = (name: string, body: (...args: Sql[]) => Sql): void =>
      this.db.function(name, { varargs: true, deterministic: false }, body)
    define('nvl', (value = null, other = null) => value ?? other)
    define('to_number', (value = null) => (value === null ? null : Number(value)))
    define('to_date', (value = null, format = null) =>
      value === null ? null : readDate(String(value), format),
    )
    define('to_timestamp', (value = null, format = null) =>
      value === null ? null : readDate(String(value), format),
    )
    define('to_char', (value = null, format = null) =>
      value === null ? null : toChar(String(value), format),
    )
    define('decode', (value = null, ...cases) => {
      for (let index = 0; index + 1 < cases.length; index += 2) {
        if (String(cases[index]) === String(value)) return cases[index + 1] ?? null
      }
      return cases.length % 2 === 1 ? (cases.at(-1) ?? null) : null
    })
    define('display_of', (column = null, value = null, type = null) =>
      value === null ? null : this.display(String(column), String(value), String(type)),
    )
    // SQLite would add doubles; these are decimals.
    this.db.aggregate('sum', {
      start: '',
      step: (total, value: Sql) => (value === null ? total : formatScaled(exact(total) + exact(value))),
      result: (total) => (total === '' ? null : Number(total)),
    })
  }

  private display(column: string, value: string, type: string): string {
    if (column === 'type') return typeName(value)
    if (column === 'status') return `${typeName(type)} : ${STATUS_NAMES[type]?.[value] ?? value}`
    const group = DISPLAYED[column]
    return group === undefined ? value : displayName(this.company, group, value)
  }
}

/** A double from SQLite as the decimal it stands for; arithmetic before it may have left a tail. */
const exact = (value: unknown): Scaled => parseScaled(Number(value).toFixed(SCALE)) ?? 0n

function typeName(queryType: string): string {
  const type = Object.keys(QUERY_TYPES).find((name) => QUERY_TYPES[name] === queryType)
  return TRANSACTION_NAMES[type ?? ''] ?? queryType
}

function answerRow(row: Record<string, unknown>): QueryRow {
  const answer: QueryRow = {}
  let expressions = 0
  for (const [name, value] of Object.entries(row)) {
    const plain = /^[a-z_]\w*$/i.test(name)
    if (!plain) expressions += 1
    if (value !== null) answer[plain ? name.toLowerCase() : `expr${expressions}`] = answerValue(value)
  }
  return answer
}

/** A raw date comes in the account's format (M/D/YYYY) and without its time, whatever the column. */
function answerValue(value: unknown): string {
  if (typeof value === 'number') return formatScaled(exact(value))
  const text = String(value)
  if (!text.startsWith(DATE_MARK)) return text
  const [year, month, day] = text.slice(DATE_MARK.length, DATE_MARK.length + 10).split('-')
  return `${Number(month)}/${Number(day)}/${year}`
}

function readDate(value: string, format: unknown): string {
  const pattern = String(format ?? 'MM/DD/YYYY').toUpperCase()
  const digits = value.match(/\d+/g) ?? []
  const parts = new Map(
    (pattern.match(/YYYY|MM|DD|HH24|MI|SS/g) ?? []).map((part, index) => [part, digits[index]]),
  )
  const part = (name: string): string => (parts.get(name) ?? '0').padStart(2, '0')
  const day = `${parts.get('YYYY') ?? ''}-${part('MM')}-${part('DD')}`
  if (!DAY_OR_TIME.test(day)) throw new Error('Invalid or unsupported search')
  return DATE_MARK + (parts.has('HH24') ? `${day} ${part('HH24')}:${part('MI')}:${part('SS')}` : day)
}

function toChar(value: string, format: unknown): string {
  if (!value.startsWith(DATE_MARK)) return value
  const [day = '', time = '00:00:00'] = value.slice(DATE_MARK.length).split(' ')
  const [year = '', month = '', date = ''] = day.split('-')
  const [hour = '', minute = '', second = ''] = time.split(':')
  const parts: Record<string, string> = {
    YYYY: year,
    MM: month,
    DD: date,
    HH24: hour,
    MI: minute,
    SS: second,
  }
  return String(format ?? 'MM/DD/YYYY').replace(
    /YYYY|MM|DD|HH24|MI|SS/gi,
    (name) => parts[name.toUpperCase()] ?? name,
  )
}

type Token = { kind: 'word' | 'text' | 'sign'; text: string }

const TOKEN =
  /\s+|--[^\n]*|\/\*[\s\S]*?\*\/|('(?:[^']|'')*')|("(?:[^"])*"|[A-Za-z_][\w$]*)|(\d+(?:\.\d+)?|<>|!=|<=|>=|\|\||[-+*/=<>(),.;])/gy

function tokenize(query: string): Token[] {
  const tokens: Token[] = []
  let position = 0
  for (const match of query.matchAll(TOKEN)) {
    position = match.index + match[0].length
    const [, text, word, sign] = match
    if (text !== undefined) tokens.push({ kind: 'text', text })
    else if (word !== undefined) tokens.push({ kind: 'word', text: word })
    else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign })
  }
  if (position < query.length) throw unsupported()
  return tokens
}

/** From SuiteQL's words to SQLite's. */
function translate(query: string): string {
  const tokens = tokenize(query)
  const upper = (index: number): string =>
    tokens[index]?.kind === 'text' ? '' : (tokens[index]?.text.toUpperCase() ?? '')
  if (!['SELECT', 'WITH'].includes(upper(0))) throw unsupported()
  refuseLongLists(tokens)
  const out: string[] = []
  let limit = ''
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index]
    const word = upper(index)
    if (!token) break
    if (['LIMIT', 'FETCH', 'ROWNUM', 'PRAGMA', ';'].includes(word)) throw unsupported()
    if (word === 'BUILTIN' && upper(index + 1) === '.') {
      const call = builtin(tokens, index)
      out.push(call.sql)
      index = call.last
    } else if (word === 'TOP' && index === 1) {
      limit = ` limit ${Number(upper(index + 1))}`
      index += 1
    } else if (token.kind === 'text') out.push(literal(token.text, isDateArgument(tokens, index)))
    else if (word === 'TRANSACTION') out.push('"transaction"')
    else out.push(token.text)
  }
  return out.join(' ').replace(/ \. /g, '.') + limit
}

/** BUILTIN.DF(alias.column) shows the name behind an id; BUILTIN.CF(…) the value itself. */
function builtin(tokens: Token[], start: number): { sql: string; last: number } {
  const name = tokens[start + 2]?.text.toUpperCase()
  const inner: string[] = []
  let last = start + 4
  for (; last < tokens.length && tokens[last]?.text !== ')'; last += 1) inner.push(tokens[last]?.text ?? '')
  const column = (inner.at(-1) ?? '').toLowerCase()
  const qualifier = inner.slice(0, -1).join('')
  const value = `${qualifier}"${column}"`
  if (name === 'CF') return { sql: value, last }
  if (name !== 'DF' || !/^\w+$/.test(column)) throw unsupported()
  const type = column === 'status' ? `, ${qualifier}"type"` : ''
  return { sql: `display_of('${column}', ${value}${type})`, last }
}

const isDateArgument = (tokens: Token[], index: number): boolean =>
  tokens[index - 1]?.text === '(' && /^to_(date|timestamp)$/i.test(tokens[index - 2]?.text ?? '')

/**
 * Oracle turns a text into a date by the account's format when it is compared with one; any other format is an
 * error. Reading: M/D/YYYY outside TO_DATE is such a date, YYYY-MM-DD is refused.
 */
function literal(text: string, isArgument: boolean): string {
  const content = text.slice(1, -1)
  if (isArgument) return text
  if (AMERICAN_DATE.test(content)) return `to_date(${text}, 'MM/DD/YYYY')`
  if (DAY_OR_TIME.test(content)) throw invalidSearch('Search error occurred: Invalid date value')
  return text
}

function refuseLongLists(tokens: Token[]): void {
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== 'word' || token.text.toUpperCase() !== 'IN') continue
    const close = tokens.findIndex(({ text }, at) => at > index && text === ')')
    const commas = tokens.slice(index, close).filter(({ text }) => text === ',').length
    if (commas >= MAX_IN_LIST) throw unsupported()
  }
}

const invalidSearch = (reason: string): Error =>
  invalidParameter(`Invalid search query. Detailed unprocessed description follows. ${reason}.`, 'q')

const unsupported = (): Error => invalidSearch('Search error occurred: Invalid or unsupported search')

function worded(error: unknown): Error {
  const message = error instanceof Error ? error.message : ''
  const column = /no such column: "?([\w.]+)/.exec(message)?.[1]
  if (column !== undefined) {
    return invalidSearch(`Search error occurred: Unknown identifier '${column.split('.').at(-1)}'`)
  }
  const table = /no such table: (\S+)/.exec(message)?.[1]
  if (table !== undefined) return invalidSearch(`Search error occurred: Record '${table}' was not found`)
  return unsupported()
}
