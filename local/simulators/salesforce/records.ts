// The rules of one record: create, update, upsert by external id, delete. A refusal is thrown as RecordRefused;
// whether that fails a request or one row of a collection is the caller's matter.
import { CaseRules } from './cases.ts'
import { RecordRefused, RequestRefused } from './errors.ts'
import { normalizeId } from './identifiers.ts'
import type { FieldSchema } from './schema.ts'
import type { Store, StoredRecord, StoredValue, Table } from './store.ts'
import { acceptValue, type ExcessDecimals } from './values.ts'

/** A refusal that a person or a test asks for, of single records and not of requests. */
export interface RecordFault {
  statusCode: 'UNABLE_TO_LOCK_ROW' | 'DUPLICATES_DETECTED'
  /** Only this object; absent: any. */
  object?: string
  /** Only the record with this external id or record id; absent: any. */
  key?: string
  /** How many records are refused; absent: until the faults are cleared. */
  times?: number
  /** For DUPLICATES_DETECTED: an alert rule lets `allowSave=true` pass, a blocking rule does not. */
  blocking?: boolean
}

export interface SaveOptions {
  excessDecimals: ExcessDecimals
  /** From the header `Sforce-Duplicate-Rule-Header: allowSave=true`. */
  allowDuplicateSave: boolean
  /** From the header `Sforce-Auto-Assign`, which is TRUE when it is not sent. */
  autoAssign: boolean
}

export type SaveTarget =
  | { kind: 'create' }
  | { kind: 'update'; id: string }
  | { kind: 'upsert'; field: FieldSchema; value: string }

export interface SaveResult {
  id: string
  created: boolean
}

export type JsonObject = Record<string, unknown>

export const asObject = (value: unknown): JsonObject | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : undefined

export class Records {
  readonly faults: (RecordFault & { left: number })[] = []
  private readonly store: Store
  private readonly caseRules: CaseRules

  constructor(store: Store) {
    this.store = store
    this.caseRules = new CaseRules(store, () => store.stamp())
  }

  save(table: Table, target: SaveTarget, body: JsonObject, options: SaveOptions): SaveResult {
    const existing = this.findTarget(table, target)
    const values = this.readBody(table, body, options)
    if (target.kind === 'upsert') {
      values[target.field.name] = acceptValue(target.field, target.value, options.excessDecimals)
    }
    this.playFault(table, target, existing, options)
    this.requireFields(table, values, existing)
    this.refuseDuplicates(table, values, existing)
    if (table.schema.name === 'Case') this.caseRules.apply(values, existing, options.autoAssign)
    if (existing) {
      this.store.update(table, existing, values)
      return { id: existing.id, created: false }
    }
    const record = this.store.insert(table, values)
    const name = table.fields.get('name')
    // A custom object whose name is text and was not given is named by its id.
    if (name && !name.required && record.values.Name === undefined) record.values.Name = record.id
    return { id: record.id, created: true }
  }

  remove(id: string): void {
    const table = this.store.tableOfId(id)
    const record = table ? this.store.record(table, id) : undefined
    if (!table || !record) throw new RecordRefused('MALFORMED_ID', `malformed id ${id}`)
    if (record.deleted) throw new RecordRefused('ENTITY_IS_DELETED', 'entity is deleted')
    this.releaseLookups(table, record)
    this.store.remove(table, record)
  }

  private findTarget(table: Table, target: SaveTarget): StoredRecord | undefined {
    if (target.kind === 'create') return undefined
    if (target.kind === 'upsert') return this.store.findUnique(table, target.field, target.value)
    const id = normalizeId(target.id)
    if (id === undefined) throw new RecordRefused('MALFORMED_ID', `malformed id ${target.id}`)
    const record = table.records.get(id)
    if (!record) throw new RecordRefused('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id')
    if (record.deleted) throw new RecordRefused('ENTITY_IS_DELETED', 'entity is deleted')
    return record
  }

  private readBody(table: Table, body: JsonObject, options: SaveOptions): Record<string, StoredValue> {
    const values: Record<string, StoredValue> = {}
    for (const [key, input] of Object.entries(body)) {
      if (key === 'attributes') continue
      const relationship = table.relationships.get(key.toLowerCase())
      if (relationship) {
        if (relationship.name in values) throw twoReferences(key, relationship)
        values[relationship.name] = this.resolveRelationship(key, relationship, input)
        continue
      }
      const field = table.fields.get(key.toLowerCase())
      if (!field) {
        throw new RecordRefused(
          'INVALID_FIELD',
          `No such column '${key}' on sobject of type ${table.schema.name}`,
        )
      }
      if (field.updateable === false) throw notWriteable(field)
      if (field.name in values) throw twoReferences(field.relationshipName ?? key, field)
      values[field.name] =
        field.type === 'reference'
          ? this.resolveLookup(field, input)
          : acceptValue(field, input, options.excessDecimals)
    }
    return values
  }

  // https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/dome_insert_using_external_id.htm
  private resolveRelationship(key: string, lookup: FieldSchema, input: unknown): string | null {
    if (input === null) return null
    const parent = this.store.table(lookup.referenceTo ?? '')
    const [entry, ...others] = Object.entries(asObject(input) ?? {}).filter(([name]) => name !== 'attributes')
    const field = entry && parent?.fields.get(entry[0].toLowerCase())
    if (!parent || !entry || others.length > 0 || !field?.externalId) {
      throw new RecordRefused(
        'INVALID_FIELD',
        `The relationship ${key} must be given by exactly one external ID field of ${lookup.referenceTo}`,
      )
    }
    const found = this.store.findUnique(parent, field, String(entry[1]).trim())
    if (!found) {
      throw new RecordRefused(
        'INVALID_FIELD',
        `Foreign key external ID: ${String(entry[1]).trim()} not found for field ${field.name} in entity ${parent.schema.name}`,
      )
    }
    return found.id
  }

  private resolveLookup(field: FieldSchema, input: unknown): string | null {
    if (input === null || input === undefined || input === '') return null
    const id = normalizeId(String(input))
    if (field.referenceTo === undefined && id !== undefined && /^(005|00G)/.test(id)) return id
    const parent = this.store.table(field.referenceTo ?? '')
    if (id === undefined || !parent || !id.startsWith(parent.schema.keyPrefix)) {
      throw new RecordRefused(
        'MALFORMED_ID',
        `${field.label}: id value of incorrect type: ${String(input)}`,
        [field.name],
      )
    }
    const found = parent.records.get(id)
    if (!found) {
      throw new RecordRefused('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id', [field.name])
    }
    if (found.deleted) throw new RecordRefused('ENTITY_IS_DELETED', 'entity is deleted', [field.name])
    return id
  }

  private requireFields(
    table: Table,
    values: Record<string, StoredValue>,
    existing: StoredRecord | undefined,
  ): void {
    const missing = table.schema.fields
      .filter(({ required, name }) => required && (existing ? values[name] === null : values[name] == null))
      .map(({ name }) => name)
    if (missing.length > 0) {
      throw new RecordRefused(
        'REQUIRED_FIELD_MISSING',
        `Required fields are missing: [${missing.join(', ')}]`,
        missing,
      )
    }
  }

  private refuseDuplicates(
    table: Table,
    values: Record<string, StoredValue>,
    existing: StoredRecord | undefined,
  ): void {
    for (const name of table.unique.keys()) {
      const field = table.fields.get(name.toLowerCase())
      const value = values[name]
      if (!field || typeof value !== 'string') continue
      const holder = this.store.findUnique(table, field, value)
      if (holder && holder.id !== existing?.id) {
        throw new RecordRefused(
          'DUPLICATE_VALUE',
          `duplicate value found: ${name} duplicates value on record with id: ${holder.id}`,
        )
      }
    }
  }

  private playFault(
    table: Table,
    target: SaveTarget,
    existing: StoredRecord | undefined,
    options: SaveOptions,
  ): void {
    const keys = [existing?.id, target.kind === 'upsert' ? target.value : undefined]
    const index = this.faults.findIndex(
      (fault) =>
        (fault.object === undefined || fault.object === table.schema.name) &&
        (fault.key === undefined || keys.includes(fault.key)) &&
        !(fault.statusCode === 'DUPLICATES_DETECTED' && !fault.blocking && options.allowDuplicateSave),
    )
    const fault = this.faults[index]
    if (!fault) return
    fault.left -= 1
    if (fault.left <= 0) this.faults.splice(index, 1)
    throw fault.statusCode === 'UNABLE_TO_LOCK_ROW'
      ? new RecordRefused(
          'UNABLE_TO_LOCK_ROW',
          existing
            ? `unable to obtain exclusive access to this record or 1 records: ${existing.id}`
            : 'unable to obtain exclusive access to this record',
        )
      : new RecordRefused('DUPLICATES_DETECTED', 'Use one of these records?')
  }

  /** A required lookup forbids the deletion of its parent, an optional one is cleared. */
  private releaseLookups(parent: Table, record: StoredRecord): void {
    const referring = this.store.allTables().flatMap((table) =>
      table.schema.fields
        .filter(({ referenceTo }) => referenceTo === parent.schema.name)
        .map((field) => ({
          table,
          field,
          children: [...table.records.values()].filter(
            (child) => !child.deleted && child.values[field.name] === record.id,
          ),
        })),
    )
    const blocking = referring.find(({ field, children }) => field.required && children.length > 0)
    if (blocking) {
      throw new RecordRefused(
        'DELETE_FAILED',
        `Your attempt to delete ${record.id} could not be completed because it is associated with the following ${blocking.table.schema.label} records: ${blocking.children.map(({ id }) => id).join(', ')}`,
      )
    }
    for (const { table, field, children } of referring) {
      for (const child of children) this.store.update(table, child, { [field.name]: null })
    }
  }
}

const notWriteable = (field: FieldSchema): RecordRefused =>
  new RecordRefused(
    'INVALID_FIELD_FOR_INSERT_UPDATE',
    `Unable to create/update fields: ${field.name}. Please check the security settings of this field and verify that it is read/write for your profile or permission set.`,
    [field.name],
  )

const twoReferences = (relationship: string, field: FieldSchema): RecordRefused =>
  new RecordRefused(
    'INVALID_FIELD',
    `Cannot specify both an external ID reference ${relationship} and a salesforce id, ${field.name}`,
  )

/** The field an upsert names in its URL. */
export const externalIdField = (table: Table, name: string): FieldSchema => {
  const field = table.fields.get(name.toLowerCase())
  if (field?.externalId && field.unique) return field
  throw new RequestRefused(
    404,
    'NOT_FOUND',
    `Provided external ID field does not exist or is not accessible: ${name}`,
  )
}
