// POST /composite: up to 25 subrequests in order in one call, later ones may refer to earlier answers by
// `@{referenceId.field}`.
// https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_composite_composite.htm
import { type ApiHandler, type ApiRequest, type ApiResponse, ok, requireObjectBody } from './api-request.ts'
import { RequestRefused } from './errors.ts'
import { asObject, type JsonObject } from './json.ts'
import type { Store } from './store.ts'

const MAX_SUBREQUESTS = 25

interface SubResponse {
  body: unknown
  httpHeaders: Record<string, string>
  httpStatusCode: number
  referenceId: string
}

class Halted extends Error {
  readonly done: SubResponse[]

  constructor(done: SubResponse[]) {
    super('halted')
    this.done = done
  }
}

/** `handle` answers one subrequest; it turns refusals into answers and never throws them. */
export const handleComposite = (store: Store, request: ApiRequest, handle: ApiHandler): ApiResponse => {
  const body = requireObjectBody(request)
  const list = Array.isArray(body.compositeRequest) ? body.compositeRequest : []
  if (list.length === 0 || list.length > MAX_SUBREQUESTS) {
    throw new RequestRefused(
      400,
      'LIMIT_EXCEEDED',
      `Composite requests can contain from 1 to ${MAX_SUBREQUESTS} subrequests.`,
    )
  }
  const subrequests = list.map((entry) => asObject(entry) ?? {})
  const allOrNone = body.allOrNone === true
  try {
    return store.transaction(() => {
      const done: SubResponse[] = []
      for (const subrequest of subrequests) {
        const response = runSubrequest(subrequest, done, request, handle)
        done.push(response)
        if (allOrNone && response.httpStatusCode >= 400) throw new Halted(done)
      }
      return ok({ compositeResponse: done })
    })
  } catch (error) {
    if (!(error instanceof Halted)) throw error
    const failed = error.done.length - 1
    return ok({
      compositeResponse: subrequests.map((subrequest, index) =>
        index === failed
          ? error.done[failed]
          : halted(
              String(subrequest.referenceId),
              'The transaction was rolled back since another operation in the same transaction failed.',
            ),
      ),
    })
  }
}

const halted = (referenceId: string, message: string): SubResponse => ({
  body: [{ errorCode: 'PROCESSING_HALTED', message }],
  httpHeaders: {},
  httpStatusCode: 400,
  referenceId,
})

const runSubrequest = (
  subrequest: JsonObject,
  done: readonly SubResponse[],
  outer: ApiRequest,
  handle: ApiHandler,
): SubResponse => {
  const referenceId = String(subrequest.referenceId)
  const missing: string[] = []
  const resolve = (text: string): string =>
    text.replace(/@\{([^}]+)\}/g, (whole, path: string) => {
      const value = lookUp(path, done)
      if (value === undefined) missing.push(whole)
      return String(value)
    })
  const url = new URL(resolve(String(subrequest.url)), 'http://subrequest')
  const body = resolveDeep(subrequest.body, resolve)
  if (missing.length > 0) {
    return halted(referenceId, `Invalid reference specified. No value for ${missing.join(', ')} found`)
  }
  const response = handle({
    method: String(subrequest.method),
    // url.pathname is /services/data/vXX.X/…
    segments: url.pathname.split('/').slice(4).map(decodeURIComponent),
    query: url.searchParams,
    body,
    access: outer.access,
    header: (name) => outer.header(name),
    basePath: outer.basePath,
  })
  return {
    body: response.body ?? null,
    httpHeaders: response.headers ?? {},
    httpStatusCode: response.status,
    referenceId,
  }
}

const lookUp = (path: string, done: readonly SubResponse[]): unknown => {
  const [referenceId = '', ...steps] = path.split(/[.[\]]+/).filter((step) => step !== '')
  const response = done.find((entry) => entry.referenceId === referenceId)
  if (!response || response.httpStatusCode >= 400) return undefined
  return steps.reduce<unknown>((value, step) => {
    if (Array.isArray(value)) return value[Number(step)]
    return asObject(value)?.[step]
  }, response.body)
}

const resolveDeep = (value: unknown, resolve: (text: string) => string): unknown => {
  if (typeof value === 'string') return resolve(value)
  if (Array.isArray(value)) return value.map((entry) => resolveDeep(entry, resolve))
  const object = asObject(value)
  if (!object) return value
  return Object.fromEntries(Object.entries(object).map(([key, entry]) => [key, resolveDeep(entry, resolve)]))
}
