// The org's records: one table an object, an index for each unique field, soft deletion, and transactions that can
// be rolled back (allOrNone). It knows no validation; records.ts decides what may be stored.
import { normalizeId, recordId } from './identifiers.ts'
import { type FieldSchema, type SObjectSchema, systemFields } from './schema.ts'

/** Numbers are kept as canonical decimal text, dates as the API writes them. */
export type StoredValue = string | boolean | null

export interface StoredRecord {
  id: string
  deleted: boolean
  /** Position of creation in the whole org: the order of a query without ORDER BY. */
  serial: number
  values: Record<string, StoredValue>
}

export interface Table {
  schema: SObjectSchema
  fields: ReadonlyMap<string, FieldSchema>
  relationships: ReadonlyMap<string, FieldSchema>
  records: Map<string, StoredRecord>
  /** Field name → key of the value → record id, for records that are not deleted. */
  unique: Map<string, Map<string, string>>
}

/** How a unique text field tells two values apart. */
const uniqueKey = (field: FieldSchema, value: string): string =>
  field.caseSensitive === true ? value : value.toLowerCase()

export class Store {
  private readonly tables = new Map<string, Table>()
  private readonly now: () => number
  private serial = 0
  private undo: (() => void)[] = []
  private depth = 0

  constructor(schema: readonly SObjectSchema[], now: () => number) {
    this.now = now
    for (const object of schema) {
      const fields = [...systemFields, ...object.fields]
      this.tables.set(object.name.toLowerCase(), {
        schema: object,
        // Names in the API are not case-sensitive; answers use the spelling of the schema.
        fields: new Map(fields.map((field) => [field.name.toLowerCase(), field])),
        relationships: new Map(
          fields.flatMap((field) =>
            field.relationshipName === undefined ? [] : [[field.relationshipName.toLowerCase(), field]],
          ),
        ),
        records: new Map(),
        unique: new Map(fields.filter(({ unique }) => unique).map(({ name }) => [name, new Map()])),
      })
    }
  }

  table(name: string): Table | undefined {
    return this.tables.get(name.toLowerCase())
  }

  allTables(): Table[] {
    return [...this.tables.values()]
  }

  tableOfId(id: string): Table | undefined {
    return this.allTables().find(({ schema }) => id.startsWith(schema.keyPrefix))
  }

  record(table: Table, id: string): StoredRecord | undefined {
    const normalized = normalizeId(id)
    return normalized === undefined ? undefined : table.records.get(normalized)
  }

  findUnique(table: Table, field: FieldSchema, value: string): StoredRecord | undefined {
    const id = table.unique.get(field.name)?.get(uniqueKey(field, value))
    return id === undefined ? undefined : table.records.get(id)
  }

  insert(table: Table, values: Record<string, StoredValue>): StoredRecord {
    this.serial += 1
    const id = recordId(table.schema.keyPrefix, this.serial)
    const stamp = this.stamp()
    const record: StoredRecord = {
      id,
      deleted: false,
      serial: this.serial,
      values: {
        ...values,
        Id: id,
        IsDeleted: false,
        CreatedDate: stamp,
        LastModifiedDate: stamp,
        SystemModstamp: stamp,
      },
    }
    table.records.set(id, record)
    this.index(table, record)
    this.remember(() => {
      this.unindex(table, record)
      table.records.delete(id)
    })
    return record
  }

  update(table: Table, record: StoredRecord, values: Record<string, StoredValue>): void {
    const before = record.values
    const stamp = this.stamp()
    this.unindex(table, record)
    record.values = { ...before, ...values, LastModifiedDate: stamp, SystemModstamp: stamp }
    this.index(table, record)
    this.remember(() => {
      this.unindex(table, record)
      record.values = before
      this.index(table, record)
    })
  }

  remove(table: Table, record: StoredRecord): void {
    const before = record.values
    this.unindex(table, record)
    record.deleted = true
    record.values = { ...before, IsDeleted: true, SystemModstamp: this.stamp() }
    this.remember(() => {
      record.deleted = false
      record.values = before
      this.index(table, record)
    })
  }

  /** Runs `work`; when it throws, everything it stored is taken back. */
  transaction<T>(work: () => T): T {
    const mark = this.undo.length
    this.depth += 1
    try {
      return work()
    } catch (error) {
      for (const step of this.undo.splice(mark).reverse()) step()
      throw error
    } finally {
      this.depth -= 1
      if (this.depth === 0) this.undo = []
    }
  }

  private remember(step: () => void): void {
    if (this.depth > 0) this.undo.push(step)
  }

  /** The org's time, as the API writes it. */
  stamp(): string {
    return formatDateTime(this.now())
  }

  private index(table: Table, record: StoredRecord): void {
    for (const [name, index] of table.unique) {
      const field = table.fields.get(name.toLowerCase())
      const value = record.values[name]
      if (field && typeof value === 'string') index.set(uniqueKey(field, value), record.id)
    }
  }

  private unindex(table: Table, record: StoredRecord): void {
    for (const [name, index] of table.unique) {
      const field = table.fields.get(name.toLowerCase())
      const value = record.values[name]
      if (field && typeof value === 'string') index.delete(uniqueKey(field, value))
    }
  }
}

/** Salesforce keeps whole seconds and writes the zone without a colon. */
export const formatDateTime = (epochMs: number): string =>
  `${new Date(Math.floor(epochMs / 1000) * 1000).toISOString().replace('Z', '')}+0000`
