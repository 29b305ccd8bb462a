// Answers a parsed query from the store: fields, relationships up and down, filters, grouping, order, limits, as far as
// the user may read. Paging of the answer is in query.ts; comparing is in soql-filter.ts.
//
// Reading taken: all children of a row come with it, where Salesforce pages them too when they are many.
import type { ReadableOrg } from './access.ts'
import { isFilterable } from './describe.ts'
import { RequestRefused } from './errors.ts'
import type { JsonObject } from './json.ts'
import type { FieldSchema } from './schema.ts'
import { recordAttributes } from './sobjects.ts'
import { aggregateRows } from './soql-aggregate.ts'
import { compareValues, valueTest } from './soql-filter.ts'
import type { Condition, FieldPath, Query } from './soql-parser.ts'
import { queryError } from './soql-tokens.ts'
import type { Store, StoredRecord, StoredValue, Table } from './store.ts'
import { presentValue } from './values.ts'

const MAX_OFFSET = 2000
const NO_SUCH_NAME = 'Please reference your WSDL or the describe call for the appropriate names.'

export interface QueryResult {
  totalSize: number
  records: JsonObject[]
}

export interface ResolvedField {
  /** The lookups to follow, then the field. */
  hops: FieldSchema[]
  field: FieldSchema
  read(record: StoredRecord): StoredValue
}

type Predicate = (record: StoredRecord) => boolean

/** A row's children: what the answer calls them, and those of one row. */
interface Children {
  name: string
  of(parent: StoredRecord): QueryResult
}

export const runQuery = (
  store: Store,
  org: ReadableOrg,
  query: Query,
  basePath: string,
  options: { includeDeleted: boolean },
): QueryResult => {
  const table = org.table(query.object.name)
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
  return new Run(store, org, query, table, basePath).result(options.includeDeleted)
}

class Run {
  private readonly store: Store
  private readonly org: ReadableOrg
  private readonly query: Query
  private readonly table: Table
  private readonly basePath: string

  constructor(store: Store, org: ReadableOrg, query: Query, table: Table, basePath: string) {
    this.store = store
    this.org = org
    this.query = query
    this.table = table
    this.basePath = basePath
  }

  /** @param within of a subquery: only the children of one row. */
  result(includeDeleted: boolean, within: Predicate = () => true): QueryResult {
    const { query } = this
    const fields = query.select.map((item) => ('field' in item ? this.resolve(item.field) : undefined))
    const children = query.select.flatMap((item) =>
      item.kind === 'children' ? [this.children(item.query)] : [],
    )
    const groupBy = query.groupBy.map((path) => this.resolve(path))
    const order = query.orderBy.map((entry) => ({ ...entry, resolved: this.resolve(entry.field) }))
    const matches = query.where ? this.predicate(query.where) : () => true
    const found = [...this.table.records.values()].filter(
      (record) => (includeDeleted || !record.deleted) && within(record) && matches(record),
    )
    if (query.select.some(({ kind }) => kind === 'count')) {
      return { totalSize: this.page(found).length, records: [] }
    }
    const aggregated = groupBy.length > 0 || query.select.some(({ kind }) => kind === 'aggregate')
    if (aggregated) {
      const rows = aggregateRows(this.query, fields, groupBy, found)
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
    return {
      totalSize: page.length,
      records: page.map((record) => {
        const row = this.present(record, selected)
        for (const { name, of } of children) {
          const { totalSize, records } = of(record)
          row[name] = totalSize === 0 ? null : { totalSize, done: true, records }
        }
        return row
      }),
    }
  }

  private children(query: Query): Children {
    const wanted = query.object.name.toLowerCase()
    const parent = this.table.schema.name
    const [found] = this.org
      .allTables()
      .flatMap((table) => [...table.fields.values()].map((lookup) => ({ table, lookup })))
      .filter(
        ({ lookup }) =>
          lookup.referenceTo === parent && lookup.childRelationshipName?.toLowerCase() === wanted,
      )
    const name = found?.lookup.childRelationshipName
    if (!found || name === undefined) {
      throw queryError(
        'INVALID_TYPE',
        this.query.text,
        query.object.position,
        `Didn't understand relationship '${query.object.name}' in FROM part of query call. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name. ${NO_SUCH_NAME}`,
      )
    }
    const run = new Run(this.store, this.org, query, found.table, this.basePath)
    // Once beforehand, so that a wrong subquery is refused where there are no rows, too.
    run.result(false, () => false)
    return { name, of: ({ id }) => run.result(false, ({ values }) => values[found.lookup.name] === id) }
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
      const parent = this.org.table(lookup?.referenceTo ?? '')
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
