// A request as the AWS SDK hands it to its transport and the answer it takes: no socket and no Node stream in between.
// What a request means is each service's; the SDK's own classes fit these shapes.

export interface AwsRequest {
  method: string
  /** Without the query. */
  path: string
  query?: Readonly<Record<string, string | readonly string[] | null>>
  headers: Readonly<Record<string, string>>
  body?: unknown
}

export interface AwsResponse {
  statusCode: number
  headers: Record<string, string>
  /** Bytes; the SDK wants a stream for the body of GetObject only. */
  body: unknown
}

export interface AwsService {
  /** 'UpdateItem', 'SendMessage', 'PutObject': for a log and for choosing faults. */
  operationOf(request: AwsRequest): string
  /** Does it, at once; only an invoked function keeps its caller waiting. */
  handle(request: AwsRequest): AwsResponse | Promise<AwsResponse>
}

export type ServiceName = 'dynamodb' | 'sqs' | 's3' | 'lambda'

export const JSON_1_0 = 'application/x-amz-json-1.0'

/** The operation of the JSON protocols: 'DynamoDB_20120810.UpdateItem' names it after the dot. */
export function targetOf(request: AwsRequest): string {
  const target = request.headers['x-amz-target'] ?? ''
  return target.slice(target.indexOf('.') + 1)
}

/** The bytes of a body; a stream is refused, as the hub sends none. */
export function bytesOf(request: AwsRequest): Buffer {
  const { body } = request
  if (body === undefined || body === null) return Buffer.alloc(0)
  if (typeof body === 'string') return Buffer.from(body)
  if (body instanceof Uint8Array) return Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  throw new TypeError('The AWS in memory takes a body as text or bytes, not as a stream.')
}

export const textOf = (request: AwsRequest): string =>
  typeof request.body === 'string' ? request.body : bytesOf(request).toString()

export function jsonOf(request: AwsRequest): Record<string, unknown> {
  const parsed: unknown = JSON.parse(textOf(request))
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new TypeError('A request of a JSON protocol is an object.')
  }
  return { ...parsed }
}

/** @param body JSON that is written already. */
export const jsonResponse = (
  statusCode: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): AwsResponse => ({
  statusCode,
  headers: { 'content-type': JSON_1_0, ...headers },
  body: Buffer.from(body),
})
