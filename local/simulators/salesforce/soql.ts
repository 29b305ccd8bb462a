// Answers a parsed query from the store: fields and one or more relationships up, filters, grouping, order, limits.
// Paging of the answer is in query.ts.
import { addDecimals, compareDecimals, readDecimal } from './decimals.ts'
import { isFilterable } from './describe.ts'
import { RequestRefused } from './errors.ts'
import { normalizeId } from './identifiers.ts'
import type { JsonObject } from './records.ts'
import type { FieldSchema } from './schema.ts'
import { recordAttributes } from './sobjects.ts'
import {
  type Condition,
  type FieldPath,
  type Literal,
  type Operator,
  type Query,
  queryError,
  type SelectItem,
} from './soql-parser.ts'
import type { Store, StoredRecord, StoredValue, Table } from './store.ts'
import { presentValue } from './values.ts'

const MAX_OFFSET = 2000
const NO_SUCH_NAME = 'Please reference your WSDL or the describe call for the appropriate names.'

export interface QueryResult {
  totalSize: number
  records: JsonObject[]
}

interface ResolvedField {
  /** The lookups to follow, then the field. */
  hops: FieldSchema[]
  field: FieldSchema
  read(record: StoredRecord): StoredValue
}

type Predicate = (record: StoredRecord) => boolean

export const runQuery = (
  store: Store,
  query: Query,
  basePath: string,
  options: { includeDeleted: boolean },
): QueryResult => {
  const table = store.table(query.object.name)
  if (!table) {
    throw queryError(
      'INVALID_TYPE',
      query.text,
      query.object.position,
      `sObject type '${query.object.name}' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name. ${NO_SUCH_NAME}`,
    )
  }
  if (query.offset > MAX_OFFSET) {
    throw new RequestRefused(
      400,
      'NUMBER_OUTSIDE_VALID_RANGE',
      `Maximum SOQL offset allowed is ${MAX_OFFSET}`,
    )
  }
  return new Run(store, query, table, basePath).result(options.includeDeleted)
}

class Run {
  private readonly store: Store
  private readonly query: Query
  private readonly table: Table
  private readonly basePath: string

  constructor(store: Store, query: Query, table: Table, basePath: string) {
    this.store = store
    this.query = query
    this.table = table
    this.basePath = basePath
  }

  result(includeDeleted: boolean): QueryResult {
    const { query } = this
    const fields = query.select.map((item) => (item.kind === 'count' ? undefined : this.resolve(item.field)))
    const groupBy = query.groupBy.map((path) => this.resolve(path))
    const order = query.orderBy.map((entry) => ({ ...entry, resolved: this.resolve(entry.field) }))
    const matches = query.where ? this.predicate(query.where) : () => true
    const found = [...this.table.records.values()].filter(
      (record) => (includeDeleted || !record.deleted) && matches(record),
    )
    if (query.select.some(({ kind }) => kind === 'count')) {
      return { totalSize: this.page(found).length, records: [] }
    }
    const aggregated = groupBy.length > 0 || query.select.some(({ kind }) => kind === 'aggregate')
    if (aggregated) {
      const rows = this.aggregate(fields, groupBy, found)
      const page = this.page(rows)
      return { totalSize: page.length, records: page }
    }
    found.sort((left, right) => {
      for (const { resolved, descending, nullsLast } of order) {
        const [a, b] = [resolved.read(left), resolved.read(right)]
        if (a === null || b === null) {
          if (a !== b) return (a === null) === nullsLast ? 1 : -1
          continue
        }
        const difference = compareValues(resolved.field, a, b)
        if (difference !== 0) return descending ? -difference : difference
      }
      return left.serial - right.serial
    })
    const page = this.page(found)
    const selected = fields.filter((entry) => entry !== undefined)
    return { totalSize: page.length, records: page.map((record) => this.present(record, selected)) }
  }

  private page<T>(rows: T[]): T[] {
    const { offset, limit } = this.query
    return rows.slice(offset, limit === undefined ? undefined : offset + limit)
  }

  private resolve({ path, position }: FieldPath): ResolvedField {
    const hops: FieldSchema[] = []
    let table = this.table
    // `SELECT Account.Name FROM Account` names the object itself.
    const names = path[0]?.toLowerCase() === table.schema.name.toLowerCase() ? path.slice(1) : path
    for (const name of names.slice(0, -1)) {
      const lookup = table.relationships.get(name.toLowerCase())
      const parent = this.store.table(lookup?.referenceTo ?? '')
      if (!lookup || !parent) {
        throw queryError(
          'INVALID_FIELD',
          this.query.text,
          position,
          `Didn't understand relationship '${name}' in field path. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name. ${NO_SUCH_NAME}`,
        )
      }
      hops.push(lookup)
      table = parent
    }
    const name = names.at(-1) ?? ''
    const field = table.fields.get(name.toLowerCase())
    if (!field) {
      throw queryError(
        'INVALID_FIELD',
        this.query.text,
        position,
        `No such column '${name}' on entity '${table.schema.name}'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. ${NO_SUCH_NAME}`,
      )
    }
    return {
      hops,
      field,
      read: (record) => {
        const source = hops.reduce<StoredRecord | undefined>((from, hop) => this.follow(from, hop), record)
        const value = source?.values[field.name] ?? null
        return value === null && source && field.type === 'boolean' ? false : value
      },
    }
  }

  private follow(from: StoredRecord | undefined, hop: FieldSchema): StoredRecord | undefined {
    const id = from?.values[hop.name]
    return typeof id === 'string' ? this.store.table(hop.referenceTo ?? '')?.records.get(id) : undefined
  }

  private predicate(condition: Condition): Predicate {
    if (condition.kind === 'not') {
      const inner = this.predicate(condition.operand)
      return (record) => !inner(record)
    }
    if (condition.kind !== 'compare') {
      const parts = condition.operands.map((operand) => this.predicate(operand))
      return condition.kind === 'and'
        ? (record) => parts.every((part) => part(record))
        : (record) => parts.some((part) => part(record))
    }
    const { field, read } = this.resolve(condition.field)
    if (!isFilterable(field)) {
      throw queryError(
        'INVALID_FIELD',
        this.query.text,
        condition.field.position,
        `field '${field.name}' can not be filtered in a query call`,
      )
    }
    const test = valueTest(field, condition.operator, condition.values, (message) =>
      queryError('INVALID_FIELD', this.query.text, condition.field.position, message),
    )
    return (record) => test(read(record))
  }

  private aggregate(
    fields: (ResolvedField | undefined)[],
    groupBy: ResolvedField[],
    found: StoredRecord[],
  ): JsonObject[] {
    const columns = this.query.select.map((item, index) => ({ item, resolved: fields[index] }))
    for (const { item, resolved } of columns) {
      if (item.kind === 'field' && !groupBy.some((group) => sameField(group, resolved))) {
        throw queryError(
          'MALFORMED_QUERY',
          this.query.text,
          item.field.position,
          `Field must be grouped or aggregated: ${item.field.path.join('.')}`,
        )
      }
    }
    const groups = new Map<string, StoredRecord[]>(groupBy.length === 0 ? [['[]', []]] : [])
    for (const record of found) {
      const key = JSON.stringify(groupBy.map(({ read }) => read(record)))
      const group = groups.get(key)
      if (group) group.push(record)
      else groups.set(key, [record])
    }
    return [...groups.values()].map((group) => {
      const row: JsonObject = { attributes: { type: 'AggregateResult' } }
      let unnamed = 0
      for (const { item, resolved } of columns) {
        if (!resolved || item.kind === 'count') continue
        if (item.kind === 'field') {
          const [first] = group
          row[item.alias ?? resolved.field.name] = presentValue(
            resolved.field,
            first ? resolved.read(first) : null,
          )
        } else {
          row[item.alias ?? `expr${unnamed++}`] = aggregateValue(item, resolved, group)
        }
      }
      return row
    })
  }

  private present(record: StoredRecord, selected: ResolvedField[]): JsonObject {
    const result: JsonObject = { attributes: recordAttributes(this.table, record, this.basePath) }
    for (const { hops, field } of selected) {
      let target: JsonObject | undefined = result
      let source: StoredRecord | undefined = record
      for (const hop of hops) {
        const name = hop.relationshipName ?? hop.name
        const table = this.store.table(hop.referenceTo ?? '')
        source = this.follow(source, hop)
        const parent: JsonObject | null =
          source && table ? { attributes: recordAttributes(table, source, this.basePath) } : null
        target[name] ??= parent
        target = isObject(target[name]) ? target[name] : undefined
        if (!target) break
      }
      if (target && source) target[field.name] = presentValue(field, source.values[field.name])
    }
    return result
  }
}

const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null

const sameField = (left: ResolvedField, right: ResolvedField | undefined): boolean =>
  left.field === right?.field && left.hops.every((hop, index) => hop === right.hops[index])

const aggregateValue = (
  item: SelectItem & { kind: 'aggregate' },
  { field, read }: ResolvedField,
  group: StoredRecord[],
): string | number | boolean | null => {
  const values = group.map(read).filter((value) => value !== null)
  switch (item.function) {
    case 'COUNT':
      return values.length
    case 'COUNT_DISTINCT':
      return new Set(values).size
    case 'SUM':
      return values.length === 0
        ? null
        : Number(values.reduce<string>((sum, value) => addDecimals(sum, String(value)), '0'))
    default: {
      const sorted = values.sort((left, right) => compareValues(field, left, right))
      return presentValue(field, (item.function === 'MIN' ? sorted[0] : sorted.at(-1)) ?? null)
    }
  }
}

const isNumber = ({ type }: FieldSchema): boolean =>
  type === 'int' || type === 'double' || type === 'currency'

const compareValues = (field: FieldSchema, left: StoredValue, right: StoredValue): number => {
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
  date: 'date',
  datetime: 'datetime',
}

const valueTest = (
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
