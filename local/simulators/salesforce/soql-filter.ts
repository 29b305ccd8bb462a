// How SOQL compares: values with literals, and values with each other.
import { compareDecimals, readDecimal } from './decimals.ts'
import type { RequestRefused } from './errors.ts'
import { normalizeId } from './identifiers.ts'
import type { FieldSchema } from './schema.ts'
import type { Literal, Operator } from './soql-parser.ts'
import type { StoredValue } from './store.ts'
import { isNumber } from './values.ts'

export const compareValues = (field: FieldSchema, left: StoredValue, right: StoredValue): number => {
  if (isNumber(field)) return compareDecimals(String(left), String(right))
  const [a, b] = [foldCase(field, String(left)), foldCase(field, String(right))]
  return a < b ? -1 : a > b ? 1 : 0
}

/** SOQL compares text without regard to case, except in unique fields that are case-sensitive, and except ids. */
const foldCase = (field: FieldSchema, value: string): string =>
  field.caseSensitive || field.type === 'id' || field.type === 'reference' ? value : value.toLowerCase()

const LITERALS_OF_TYPE: Partial<Record<FieldSchema['type'], Literal['type']>> = {
  boolean: 'boolean',
  int: 'number',
  double: 'number',
  currency: 'number',
  percent: 'number',
  date: 'date',
  datetime: 'datetime',
}

export const valueTest = (
  field: FieldSchema,
  operator: Operator,
  literals: Literal[],
  refuse: (message: string) => RequestRefused,
): ((value: StoredValue) => boolean) => {
  const expected = LITERALS_OF_TYPE[field.type] ?? 'string'
  const operands = literals.map((literal): StoredValue => {
    if (literal.type === 'null') return null
    if (literal.type !== expected) {
      throw refuse(
        `value of filter criterion for field '${field.name}' must be of type ${field.type} and should ${expected === 'string' ? '' : 'not '}be enclosed in quotes`,
      )
    }
    return storedLiteral(field, literal, refuse)
  })
  const [operand = null] = operands
  switch (operator) {
    case 'IN':
    case 'NOT IN': {
      const set = new Set(
        operands.map((value) => (typeof value === 'string' ? foldCase(field, value) : value)),
      )
      const isIn = (value: StoredValue) => set.has(typeof value === 'string' ? foldCase(field, value) : value)
      return operator === 'IN' ? isIn : (value) => !isIn(value)
    }
    case 'LIKE': {
      const pattern = likePattern(String(operand))
      return (value) => typeof value === 'string' && pattern.test(value)
    }
    case '=':
    case '!=': {
      const equal = (value: StoredValue) =>
        value === null || operand === null ? value === operand : compareValues(field, value, operand) === 0
      return operator === '=' ? equal : (value) => !equal(value)
    }
    default:
      return (value) => {
        if (value === null || operand === null) return false
        const difference = compareValues(field, value, operand)
        if (operator === '<') return difference < 0
        if (operator === '>') return difference > 0
        return operator === '<=' ? difference <= 0 : difference >= 0
      }
  }
}

const storedLiteral = (
  field: FieldSchema,
  literal: Exclude<Literal, { type: 'null' }>,
  refuse: (message: string) => RequestRefused,
): StoredValue => {
  if (literal.type === 'boolean') return literal.value
  if (literal.type === 'number') return readDecimal(literal.value) ?? null
  if (literal.type === 'datetime') {
    const epochMs = Date.parse(literal.value.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'))
    return `${new Date(epochMs).toISOString().replace('Z', '')}+0000`
  }
  if (field.type === 'id' || field.type === 'reference') {
    const id = normalizeId(literal.value)
    if (id === undefined) throw refuse(`invalid ID field: ${literal.value}`)
    return id
  }
  return literal.value
}

/** `%` any text, `_` one character, both with a backslash themselves. */
const likePattern = (pattern: string): RegExp => {
  const source = pattern.replace(/\\([%_])|[%_]|[.*+?^${}()|[\]\\]/g, (found, escaped?: string) => {
    if (escaped !== undefined) return escaped
    if (found === '%') return '[\\s\\S]*'
    return found === '_' ? '[\\s\\S]' : `\\${found}`
  })
  return new RegExp(`^${source}$`, 'i')
}
