// The q parameter of a record collection: `email START_WITH "a" AND (isInactive IS false OR id ANY_OF [1, 2])`.
//
// Operators by field type: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_1545222128.html
// Not here: BETWEEN and WITHIN.
import type { Company } from './company.ts'
import { specOf } from './company.ts'
import { invalidParameter } from './errors.ts'
import { formatScaled, parseScaled } from './money.ts'
import type { FieldValue, RecordSpec, StoredRecord } from './schema.ts'

type Test = (record: StoredRecord) => boolean

const TOKEN = /\s*(?:"((?:[^"\\]|\\.)*)"|([()[\],])|([^\s()[\],"]+))/y

export function parseFilter(company: Company, type: string, query: string): Test {
  const parser = new FilterParser(specOf(company, type), tokenize(query), query)
  return parser.parse()
}

interface Token {
  text: string
  quoted: boolean
}

function tokenize(query: string): Token[] {
  const tokens: Token[] = []
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < query.trimEnd().length) {
    const match = TOKEN.exec(query)
    if (!match) throw invalidFilter(query)
    const [, quoted, sign, word] = match
    tokens.push({ text: quoted ?? sign ?? word ?? '', quoted: quoted !== undefined })
  }
  return tokens
}

const invalidFilter = (query: string): Error => invalidParameter(`Invalid search query: ${query}`, 'q')

class FilterParser {
  private readonly spec: RecordSpec
  private readonly tokens: Token[]
  private readonly query: string
  private position = 0

  constructor(spec: RecordSpec, tokens: Token[], query: string) {
    this.spec = spec
    this.tokens = tokens
    this.query = query
  }

  parse(): Test {
    const test = this.any()
    if (this.position < this.tokens.length) throw invalidFilter(this.query)
    return test
  }

  private any(): Test {
    const tests = [this.all()]
    while (this.takeWord('OR')) tests.push(this.all())
    return (record) => tests.some((test) => test(record))
  }

  private all(): Test {
    const tests = [this.one()]
    while (this.takeWord('AND')) tests.push(this.one())
    return (record) => tests.every((test) => test(record))
  }

  private one(): Test {
    if (this.takeWord('(')) {
      const test = this.any()
      if (!this.takeWord(')')) throw invalidFilter(this.query)
      return test
    }
    const field = this.next()
    if (field !== 'id' && field !== 'externalId' && !this.spec.fields[field]) {
      throw invalidParameter(`Invalid search query: the field ${field} does not exist.`, 'q')
    }
    const operator = this.next()
    const negated = operator.endsWith('_NOT')
    const test = this.condition(field, negated ? operator.slice(0, -'_NOT'.length) : operator)
    return negated ? (record) => !test(record) : test
  }

  private condition(field: string, operator: string): Test {
    const read = (record: StoredRecord): string => comparable(readField(record, field))
    if (operator === 'EMPTY') return (record) => read(record) === ''
    if (operator === 'ANY_OF') {
      const values = this.list()
      return (record) => values.includes(read(record))
    }
    const compare = OPERATORS[operator]
    if (!compare)
      throw invalidParameter(`Invalid search query: the operator ${operator} does not exist.`, 'q')
    const operand = this.next()
    return (record) => read(record) !== '' && compare(read(record), operand)
  }

  private list(): string[] {
    if (!this.takeWord('[')) throw invalidFilter(this.query)
    const values = [this.next()]
    while (this.takeWord(',')) values.push(this.next())
    if (!this.takeWord(']')) throw invalidFilter(this.query)
    return values
  }

  private next(): string {
    const token = this.tokens[this.position]
    if (!token) throw invalidFilter(this.query)
    this.position += 1
    return token.text
  }

  private takeWord(word: string): boolean {
    const token = this.tokens[this.position]
    if (!token || token.quoted || token.text.toUpperCase() !== word) return false
    this.position += 1
    return true
  }
}

const same = (left: string, right: string): boolean => left.toLowerCase() === right.toLowerCase()
const contains = (left: string, right: string): boolean => left.toLowerCase().includes(right.toLowerCase())

const OPERATORS: Record<string, (left: string, right: string) => boolean> = {
  IS: same,
  CONTAIN: contains,
  START_WITH: (left, right) => left.toLowerCase().startsWith(right.toLowerCase()),
  END_WITH: (left, right) => left.toLowerCase().endsWith(right.toLowerCase()),
  EQUAL: (left, right) => order(left, right) === 0,
  GREATER: (left, right) => order(left, right) > 0,
  GREATER_OR_EQUAL: (left, right) => order(left, right) >= 0,
  LESS: (left, right) => order(left, right) < 0,
  LESS_OR_EQUAL: (left, right) => order(left, right) <= 0,
  ON: (left, right) => isoOf(left) === isoOf(right),
  BEFORE: (left, right) => isoOf(left) < isoOf(right),
  AFTER: (left, right) => isoOf(left) > isoOf(right),
  ON_OR_BEFORE: (left, right) => isoOf(left) <= isoOf(right),
  ON_OR_AFTER: (left, right) => isoOf(left) >= isoOf(right),
}

function order(left: string, right: string): number {
  const difference = (parseScaled(left) ?? 0n) - (parseScaled(right) ?? 0n)
  return difference === 0n ? 0 : difference > 0n ? 1 : -1
}

/** Dates in a filter are written as the account shows them (M/D/YYYY), unlike in bodies. */
function isoOf(value: string): string {
  const american = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(value)
  if (!american) return value.slice(0, 10)
  const [, month = '', day = '', year = ''] = american
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
}

function readField(record: StoredRecord, field: string): FieldValue | undefined {
  if (field === 'id') return record.id
  return field === 'externalId' ? record.externalId : record.fields[field]
}

function comparable(value: FieldValue | undefined): string {
  if (value === undefined || typeof value === 'object') return ''
  return typeof value === 'bigint' ? formatScaled(value) : String(value)
}
