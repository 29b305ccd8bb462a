// One call of the data API, free of HTTP: what the handlers of this folder take and give. /composite makes its
// subrequests from the same shape.
import type { Access } from './access.ts'
import { RequestRefused } from './errors.ts'
import { asObject, type JsonObject } from './json.ts'

export interface ApiRequest {
  method: string
  /** Segments after /services/data/vXX.X/, decoded. */
  segments: string[]
  query: URLSearchParams
  body: unknown
  /** Of the user whose session it is. */
  access: Access
  header(name: string): string | undefined
  /** For links in answers: /services/data/vXX.X */
  basePath: string
}

export interface ApiResponse {
  status: number
  body?: unknown
  headers?: Record<string, string>
}

export type ApiHandler = (request: ApiRequest) => ApiResponse

export const ok = (body: unknown): ApiResponse => ({ status: 200, body })

export const noContent: ApiResponse = { status: 204 }

export const requireObjectBody = (request: ApiRequest): JsonObject => {
  const body = asObject(request.body)
  if (body) return body
  throw new RequestRefused(400, 'JSON_PARSER_ERROR', 'The HTTP entity body is required, but this is empty.')
}

export const methodNotAllowed = (method: string): RequestRefused =>
  new RequestRefused(405, 'METHOD_NOT_ALLOWED', `HTTP Method '${method}' not allowed. Allowed are `)
