// /composite/sobjects: up to 200 records in one call, an outcome a row under HTTP 200.
// https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_composite_sobjects_collections.htm
//
// Reading taken: an unknown field refuses its row, while a value of the wrong JSON type refuses the whole call.
import { type ApiRequest, type ApiResponse, methodNotAllowed, ok, requireObjectBody } from './api-request.ts'
import { notFound, RecordRefused, RequestRefused } from './errors.ts'
import { asObject, type JsonObject } from './json.ts'
import { externalIdField, type Records, type SaveOptions, type SaveTarget } from './records.ts'
import { fieldsByName, presentRecord } from './sobjects.ts'
import type { Store, Table } from './store.ts'

const MAX_RECORDS = 200
/** A retrieve by POST takes more than a write does. */
const MAX_RETRIEVED = 2000

type RowResult =
  | { id: string; success: true; errors: []; created?: boolean }
  | { success: false; errors: { statusCode: string; message: string; fields: string[] }[] }

type RowWork = () => RowResult

/** Carries the rows out of a transaction that is rolled back. */
class RolledBack extends Error {
  readonly rows: RowResult[]

  constructor(rows: RowResult[]) {
    super('rolled back')
    this.rows = rows
  }
}

export class Collections {
  private readonly store: Store
  private readonly records: Records
  private readonly options: (request: ApiRequest) => SaveOptions

  constructor(store: Store, records: Records, options: (request: ApiRequest) => SaveOptions) {
    this.store = store
    this.records = records
    this.options = options
  }

  handle(request: ApiRequest): ApiResponse {
    const [, , objectName, externalId] = request.segments
    if (objectName === undefined) return this.handleMixed(request)
    const table = request.access.readable.table(objectName)
    if (!table) throw notFound()
    if (externalId !== undefined) {
      if (request.method !== 'PATCH') throw methodNotAllowed(request.method)
      return this.upsert(table, externalId, request)
    }
    return this.retrieve(table, request)
  }

  private handleMixed(request: ApiRequest): ApiResponse {
    if (request.method === 'DELETE') {
      const ids = (request.query.get('ids') ?? '').split(',').filter((id) => id !== '')
      const allOrNone = request.query.get('allOrNone') === 'true'
      limit(ids.length, MAX_RECORDS)
      return this.runRows(
        allOrNone,
        ids.map((id) => () => {
          this.records.remove(id, request.access)
          return { id, success: true, errors: [] }
        }),
      )
    }
    if (request.method !== 'POST' && request.method !== 'PATCH') throw methodNotAllowed(request.method)
    const { allOrNone, rows } = readRows(request)
    const work = rows.map((row): RowWork => {
      const table = request.access.readable.table(rowType(row) ?? '')
      const { id, Id, ...body } = row
      const key = id ?? Id
      const target: SaveTarget =
        request.method === 'POST' ? { kind: 'create' } : { kind: 'update', id: String(key ?? '') }
      return () => {
        if (!table)
          throw new RecordRefused('INVALID_TYPE', `sObject type '${rowType(row)}' is not supported.`)
        if (target.kind === 'update' && key === undefined) {
          throw new RecordRefused('MISSING_ARGUMENT', 'Id not specified in an update call')
        }
        const saved = this.records.save(table, target, body, this.options(request))
        return { id: saved.id, success: true, errors: [] }
      }
    })
    return this.runRows(allOrNone, work)
  }

  private upsert(table: Table, externalId: string, request: ApiRequest): ApiResponse {
    const field = externalIdField(table, externalId)
    const { allOrNone, rows } = readRows(request)
    if (rows.some((row) => rowType(row)?.toLowerCase() !== table.schema.name.toLowerCase())) {
      throw new RequestRefused(
        400,
        'INVALID_TYPE',
        `The type in the URL, ${table.schema.name}, must be the type of every record.`,
      )
    }
    const fold = (value: unknown): string =>
      field.caseSensitive ? String(value) : String(value).toLowerCase()
    const counts = new Map<string, number>()
    for (const row of rows) {
      const key = fold(row[field.name])
      counts.set(key, (counts.get(key) ?? 0) + 1)
    }
    const work = rows.map((row): RowWork => {
      const { [field.name]: key, ...body } = row
      return () => {
        if (key === undefined || key === null || key === '') {
          throw new RecordRefused('MISSING_ARGUMENT', `${field.name} not specified`)
        }
        // Not the first of them wins: every row that shares its key with another fails.
        if ((counts.get(fold(key)) ?? 0) > 1) {
          throw new RecordRefused('DUPLICATE_VALUE', `Duplicate external id specified: ${String(key)}`, [
            field.name,
          ])
        }
        const target = { kind: 'upsert', field, value: String(key) } as const
        const saved = this.records.save(table, target, body, this.options(request))
        return { id: saved.id, success: true, errors: [], created: saved.created }
      }
    })
    return this.runRows(allOrNone, work)
  }

  /** Missing and deleted records are nulls, in the order of the ids. */
  private retrieve(table: Table, request: ApiRequest): ApiResponse {
    const body: JsonObject =
      request.method === 'POST'
        ? requireObjectBody(request)
        : {
            ids: (request.query.get('ids') ?? '').split(','),
            fields: (request.query.get('fields') ?? '').split(','),
          }
    if (!Array.isArray(body.ids) || !Array.isArray(body.fields)) {
      throw new RequestRefused(400, 'MISSING_ARGUMENT', 'ids and fields must be specified')
    }
    limit(body.ids.length, MAX_RETRIEVED)
    const fields = fieldsByName(table, body.fields.map(String))
    return ok(
      body.ids.map((id) => {
        const record = this.store.record(table, String(id))
        return record && !record.deleted ? presentRecord(table, record, fields, request.basePath) : null
      }),
    )
  }

  private runRows(allOrNone: boolean, work: RowWork[]): ApiResponse {
    try {
      return this.store.transaction(() => {
        const rows = work.map(runRow)
        if (allOrNone && rows.some(({ success }) => !success)) throw new RolledBack(rows)
        return ok(rows)
      })
    } catch (error) {
      if (!(error instanceof RolledBack)) throw error
      return ok(error.rows.map((row) => (row.success ? rolledBackRow : row)))
    }
  }
}

const runRow = (work: RowWork): RowResult => {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof RecordRefused)) throw error
    const { statusCode, message, fields } = error
    return { success: false, errors: [{ statusCode, message, fields }] }
  }
}

const rolledBackRow: RowResult = {
  success: false,
  errors: [
    {
      statusCode: 'ALL_OR_NONE_OPERATION_ROLLED_BACK',
      message:
        'Record rolled back because not all records were valid and the request was using AllOrNone header',
      fields: [],
    },
  ],
}

const readRows = (request: ApiRequest): { allOrNone: boolean; rows: JsonObject[] } => {
  const body = requireObjectBody(request)
  if (!Array.isArray(body.records)) {
    throw new RequestRefused(400, 'JSON_PARSER_ERROR', 'records must be an array')
  }
  limit(body.records.length, MAX_RECORDS)
  return { allOrNone: body.allOrNone === true, rows: body.records.map((row) => asObject(row) ?? {}) }
}

const rowType = (row: JsonObject): string | undefined => {
  const type = asObject(row.attributes)?.type
  return typeof type === 'string' ? type : undefined
}

const limit = (count: number, most: number): void => {
  if (count <= most) return
  throw new RequestRefused(
    400,
    'EXCEEDED_ID_LIMIT',
    `record limit reached. cannot submit more than ${most} records into this request`,
  )
}
