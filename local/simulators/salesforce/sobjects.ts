// /sobjects: the list of objects, describe, and single records by id or by external id.
// https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_sobject_basic_info.htm
import {
  type ApiRequest,
  type ApiResponse,
  methodNotAllowed,
  noContent,
  ok,
  requireObjectBody,
} from './api-request.ts'
import { describeObject, summarizeObject } from './describe.ts'
import { notFound, RecordRefused, RequestRefused } from './errors.ts'
import { normalizeId } from './identifiers.ts'
import type { JsonObject } from './json.ts'
import { externalIdField, type Records, type SaveOptions } from './records.ts'
import type { FieldSchema } from './schema.ts'
import type { Store, StoredRecord, Table } from './store.ts'
import { presentValue } from './values.ts'

export class SObjects {
  private readonly store: Store
  private readonly records: Records
  private readonly options: (request: ApiRequest) => SaveOptions

  constructor(store: Store, records: Records, options: (request: ApiRequest) => SaveOptions) {
    this.store = store
    this.records = records
    this.options = options
  }

  handle(request: ApiRequest): ApiResponse {
    const [, objectName, second, third] = request.segments
    if (objectName === undefined) {
      return ok({
        encoding: 'UTF-8',
        maxBatchSize: 200,
        sobjects: request.access.readable
          .allTables()
          .map((table) => summarizeObject(table, request.basePath)),
      })
    }
    const table = request.access.readable.table(objectName)
    if (!table) throw notFound()
    if (second === undefined) return this.handleCollection(table, request)
    if (second === 'describe') return ok(describeObject(request.access, table, request.basePath))
    if (third === undefined) return this.handleRecord(table, second, request)
    return this.handleExternalId(table, externalIdField(table, second), third, request)
  }

  private handleCollection(table: Table, request: ApiRequest): ApiResponse {
    if (request.method === 'GET') {
      return ok({ objectDescribe: summarizeObject(table, request.basePath), recentItems: [] })
    }
    if (request.method !== 'POST') throw methodNotAllowed(request.method)
    const { id } = this.records.save(
      table,
      { kind: 'create' },
      requireObjectBody(request),
      this.options(request),
    )
    return { status: 201, body: { id, success: true, errors: [] } }
  }

  private handleRecord(table: Table, id: string, request: ApiRequest): ApiResponse {
    const record = this.store.record(table, id)
    if (normalizeId(id) === undefined || !record) throw notFound()
    if (record.deleted) throw new RecordRefused('ENTITY_IS_DELETED', 'entity is deleted')
    switch (request.method) {
      case 'GET':
        return ok(presentRecord(table, record, requestedFields(table, request), request.basePath))
      case 'PATCH': {
        const body = requireObjectBody(request)
        refuseKey(body, 'Id')
        this.records.save(table, { kind: 'update', id: record.id }, body, this.options(request))
        return noContent
      }
      case 'DELETE':
        this.records.remove(record.id, request.access)
        return noContent
      default:
        throw methodNotAllowed(request.method)
    }
  }

  private handleExternalId(
    table: Table,
    field: FieldSchema,
    value: string,
    request: ApiRequest,
  ): ApiResponse {
    if (request.method === 'PATCH') {
      const body = requireObjectBody(request)
      refuseKey(body, field.name)
      refuseKey(body, 'Id')
      const target = { kind: 'upsert', field, value } as const
      const { id, created } = this.records.save(table, target, body, this.options(request))
      return { status: created ? 201 : 200, body: { id, success: true, errors: [], created } }
    }
    const record = this.store.findUnique(table, field, value)
    if (!record) throw notFound()
    return this.handleRecord(table, record.id, request)
  }
}

// The key of a single upsert stands in the URL; naming it in the body again is refused.
const refuseKey = (body: JsonObject, key: string): void => {
  if (Object.keys(body).some((name) => name.toLowerCase() === key.toLowerCase())) {
    throw new RequestRefused(
      400,
      'INVALID_FIELD',
      `The ${key} field should not be specified in the sobject data.`,
    )
  }
}

const requestedFields = (table: Table, request: ApiRequest): FieldSchema[] => {
  const names = request.query.get('fields')
  return names === null ? [...table.fields.values()] : fieldsByName(table, names.split(','))
}

export const fieldsByName = (table: Table, names: readonly string[]): FieldSchema[] =>
  names.map((name) => {
    const field = table.fields.get(name.trim().toLowerCase())
    if (field) return field
    throw new RequestRefused(
      400,
      'INVALID_FIELD',
      `No such column '${name.trim()}' on entity '${table.schema.name}'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names.`,
    )
  })

export const recordAttributes = (
  table: Table,
  record: StoredRecord,
  basePath: string,
): { type: string; url: string } => ({
  type: table.schema.name,
  url: `${basePath}/sobjects/${table.schema.name}/${record.id}`,
})

export const presentRecord = (
  table: Table,
  record: StoredRecord,
  fields: readonly FieldSchema[],
  basePath: string,
): JsonObject => ({
  attributes: recordAttributes(table, record, basePath),
  ...Object.fromEntries(fields.map((field) => [field.name, presentValue(field, record.values[field.name])])),
})
