// /query, /queryAll and the pages after the first (nextRecordsUrl).
// https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_query.htm
import { type ApiRequest, type ApiResponse, ok } from './api-request.ts'
import { RequestRefused } from './errors.ts'
import type { JsonObject } from './json.ts'
import { runQuery } from './soql.ts'
import { parseQuery } from './soql-parser.ts'
import type { Store } from './store.ts'

/** Salesforce's default and largest page; it may answer smaller ones for wide rows, which is not simulated. */
const MAX_PAGE_SIZE = 2000
const MIN_PAGE_SIZE = 200
/** A user holds at most ten open cursors; the oldest is dropped. */
const MAX_CURSORS = 10
const MAX_QUERY_CHARACTERS = 100_000

interface Cursor {
  records: JsonObject[]
  pageSize: number
}

export class Queries {
  private readonly store: Store
  private readonly cursors = new Map<string, Cursor>()
  private serial = 0

  constructor(store: Store) {
    this.store = store
  }

  handle(request: ApiRequest): ApiResponse {
    const [resource, locator] = request.segments
    if (locator !== undefined && locator !== '') return this.nextPage(request, locator)
    const text = request.query.get('q') ?? ''
    if (text.length > MAX_QUERY_CHARACTERS) {
      throw new RequestRefused(
        400,
        'QUERY_TOO_COMPLICATED',
        `SOQL statements cannot be longer than ${MAX_QUERY_CHARACTERS} characters`,
      )
    }
    const { totalSize, records } = runQuery(
      this.store,
      request.access.readable,
      parseQuery(text),
      request.basePath,
      {
        includeDeleted: resource === 'queryAll',
      },
    )
    const pageSize = requestedPageSize(request)
    if (records.length <= pageSize) return ok({ totalSize, done: true, records })
    this.serial += 1
    const id = `0r8Hu${String(this.serial).padStart(10, '0')}QAI`
    this.cursors.set(id, { records, pageSize })
    const [oldest] = this.cursors.keys()
    if (this.cursors.size > MAX_CURSORS && oldest !== undefined) this.cursors.delete(oldest)
    return ok({
      totalSize,
      done: false,
      nextRecordsUrl: `${request.basePath}/query/${id}-${pageSize}`,
      records: records.slice(0, pageSize),
    })
  }

  private nextPage(request: ApiRequest, locator: string): ApiResponse {
    const [id = '', offset = ''] = locator.split('-')
    const cursor = this.cursors.get(id)
    const start = Number(offset)
    if (!cursor || !Number.isInteger(start)) {
      throw new RequestRefused(400, 'INVALID_QUERY_LOCATOR', 'invalid query locator')
    }
    const end = start + cursor.pageSize
    const done = end >= cursor.records.length
    return ok({
      totalSize: cursor.records.length,
      done,
      ...(done ? {} : { nextRecordsUrl: `${request.basePath}/query/${id}-${end}` }),
      records: cursor.records.slice(start, end),
    })
  }
}

// https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/headers_queryoptions.htm
const requestedPageSize = (request: ApiRequest): number => {
  const wanted = /batchSize=(\d+)/i.exec(request.header('Sforce-Query-Options') ?? '')?.[1]
  return wanted === undefined
    ? MAX_PAGE_SIZE
    : Math.min(Math.max(Number(wanted), MIN_PAGE_SIZE), MAX_PAGE_SIZE)
}
