// The rules of one record: create, update, upsert by external id, delete. A refusal is thrown as RecordRefused;
// whether that fails a request or one row of a collection is the caller's matter.
import type { Access } from './access.ts'
import { RecordRefused, RequestRefused } from './errors.ts'
import { normalizeId } from './identifiers.ts'
import type { JsonObject } from './json.ts'
import { createObjectRules, type ObjectRules } from './object-rules.ts'
import { RecordFaults } from './record-faults.ts'
import { releaseReferences, resolveLookup, resolveRelationship } from './references.ts'
import type { FieldSchema } from './schema.ts'
import type { Store, StoredRecord, StoredValue, Table } from './store.ts'
import { acceptValue, type ExcessDecimals } from './values.ts'

export interface SaveOptions {
  excessDecimals: ExcessDecimals
  /** From the header `Sforce-Duplicate-Rule-Header: allowSave=true`. */
  allowDuplicateSave: boolean
  /** From the header `Sforce-Auto-Assign`, which is TRUE when it is not sent. */
  autoAssign: boolean
  access: Access
}

export type SaveTarget =
  | { kind: 'create' }
  | { kind: 'update'; id: string }
  | { kind: 'upsert'; field: FieldSchema; value: string }

export interface SaveResult {
  id: string
  created: boolean
}

export class Records {
  readonly faults = new RecordFaults()
  private readonly store: Store
  private readonly rules: ReadonlyMap<string, ObjectRules>

  constructor(store: Store) {
    this.store = store
    this.rules = createObjectRules(store)
  }

  save(readable: Table, target: SaveTarget, body: JsonObject, options: SaveOptions): SaveResult {
    // The whole object: what its user may not read is still there to be checked and completed.
    const table = this.store.table(readable.schema.name) ?? readable
    const existing = this.findTarget(table, target)
    options.access.check(table, existing ? 'edit' : 'create')
    const values = this.readBody(readable, body, existing, options)
    if (target.kind === 'upsert') {
      values[target.field.name] = acceptValue(target.field, target.value, options.excessDecimals)
    }
    this.faults.play(
      table,
      existing,
      [existing?.id, target.kind === 'upsert' ? target.value : undefined],
      options.allowDuplicateSave,
    )
    this.faults.refuseLocked(table, existing, values)
    this.requireFields(table, values, existing)
    this.refuseDuplicates(table, values, existing)
    const rules = this.rules.get(table.schema.name)
    rules?.beforeSave?.(values, existing, options)
    const record = existing ?? this.store.insert(table, values)
    if (existing) this.store.update(table, existing, values)
    const name = table.fields.get('name')
    // A custom object whose name is text and was not given is named by its id.
    if (!existing && name && !name.required && record.values.Name === undefined)
      record.values.Name = record.id
    rules?.afterSave?.(record)
    return { id: record.id, created: existing === undefined }
  }

  remove(id: string, access: Access): void {
    const table = this.store.tableOfId(id)
    const record = table ? this.store.record(table, id) : undefined
    if (!table || !record) throw new RecordRefused('MALFORMED_ID', `malformed id ${id}`)
    if (record.deleted) throw new RecordRefused('ENTITY_IS_DELETED', 'entity is deleted')
    access.check(table, 'delete')
    this.faults.refuseLocked(table, record, {})
    this.removeWithDetails(table, record)
  }

  private removeWithDetails(table: Table, record: StoredRecord): void {
    releaseReferences(this.store, table, record, (child, detail) => this.removeWithDetails(child, detail))
    this.store.remove(table, record)
    this.rules.get(table.schema.name)?.afterDelete?.(record)
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

  private readBody(
    table: Table,
    body: JsonObject,
    existing: StoredRecord | undefined,
    options: SaveOptions,
  ): Record<string, StoredValue> {
    const values: Record<string, StoredValue> = {}
    const refuseFixed = (field: FieldSchema): void => {
      const fixed = field.updateable === false || (field.createOnly === true && existing !== undefined)
      if (fixed || !options.access.mayEditField(table, field)) throw notWriteable(field)
    }
    for (const [key, input] of Object.entries(body)) {
      if (key === 'attributes') continue
      const relationship = table.relationships.get(key.toLowerCase())
      if (relationship) {
        refuseFixed(relationship)
        if (relationship.name in values) throw twoReferences(key, relationship)
        values[relationship.name] = resolveRelationship(this.store, key, relationship, input)
        continue
      }
      const field = table.fields.get(key.toLowerCase())
      if (!field) {
        throw new RecordRefused(
          'INVALID_FIELD',
          `No such column '${key}' on sobject of type ${table.schema.name}`,
        )
      }
      refuseFixed(field)
      if (field.name in values) throw twoReferences(field.relationshipName ?? key, field)
      values[field.name] =
        field.type === 'reference'
          ? resolveLookup(this.store, field, input)
          : acceptValue(field, input, options.excessDecimals)
    }
    return values
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
