// How a record refers to others: by id or by the external id of its parent, and what becomes of those that refer to a
// record when it is deleted.
import { RecordRefused } from './errors.ts'
import { normalizeId } from './identifiers.ts'
import { asObject } from './json.ts'
import type { FieldSchema } from './schema.ts'
import type { Store, StoredRecord, Table } from './store.ts'

// https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/dome_insert_using_external_id.htm
export const resolveRelationship = (
  store: Store,
  key: string,
  lookup: FieldSchema,
  input: unknown,
): string | null => {
  if (input === null) return null
  const parent = store.table(lookup.referenceTo ?? '')
  const [entry, ...others] = Object.entries(asObject(input) ?? {}).filter(([name]) => name !== 'attributes')
  const field = entry && parent?.fields.get(entry[0].toLowerCase())
  if (!parent || !entry || others.length > 0 || !field?.externalId) {
    throw new RecordRefused(
      'INVALID_FIELD',
      `The relationship ${key} must be given by exactly one external ID field of ${lookup.referenceTo}`,
    )
  }
  const found = store.findUnique(parent, field, String(entry[1]).trim())
  if (!found) {
    throw new RecordRefused(
      'INVALID_FIELD',
      `Foreign key external ID: ${String(entry[1]).trim()} not found for field ${field.name} in entity ${parent.schema.name}`,
    )
  }
  return found.id
}

export const resolveLookup = (store: Store, field: FieldSchema, input: unknown): string | null => {
  if (input === null || input === undefined || input === '') return null
  const id = normalizeId(String(input))
  if (field.referenceTo === undefined && id !== undefined && /^(005|00G)/.test(id)) return id
  const parent = store.table(field.referenceTo ?? '')
  if (id === undefined || !parent || !id.startsWith(parent.schema.keyPrefix)) {
    throw new RecordRefused('MALFORMED_ID', `${field.label}: id value of incorrect type: ${String(input)}`, [
      field.name,
    ])
  }
  const found = parent.records.get(id)
  if (!found) {
    throw new RecordRefused('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id', [field.name])
  }
  if (found.deleted) throw new RecordRefused('ENTITY_IS_DELETED', 'entity is deleted', [field.name])
  return id
}

/** A required lookup forbids the deletion of its parent, an optional one is cleared, details go with their master. */
export const releaseReferences = (
  store: Store,
  parent: Table,
  record: StoredRecord,
  remove: (table: Table, child: StoredRecord) => void,
): void => {
  const referring = store.allTables().flatMap((table) =>
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
  const blocking = referring.find(
    ({ field, children }) => field.required && !field.masterDetail && children.length > 0,
  )
  if (blocking) {
    throw new RecordRefused(
      'DELETE_FAILED',
      `Your attempt to delete ${record.id} could not be completed because it is associated with the following ${blocking.table.schema.label} records: ${blocking.children.map(({ id }) => id).join(', ')}`,
    )
  }
  for (const { table, field, children } of referring) {
    for (const child of children) {
      if (field.masterDetail) remove(table, child)
      else store.update(table, child, { [field.name]: null })
    }
  }
}
