// One S3 bucket in memory, as the hub uses it: whole objects put and read, and keys listed by prefix. Everything else is
// answered 501, so that nothing passes here that S3 would do otherwise.
import { Readable } from 'node:stream'
import { S3Error } from '../../../local/aws/s3-error.ts'
import { decodePayload } from '../../../local/aws/s3-payload.ts'
import { type XmlElement, xmlDocument } from '../../../local/aws/s3-xml.ts'
import { type AwsRequest, type AwsResponse, type AwsService, bytesOf } from './wire.ts'

export interface Bucket extends AwsService {
  handle(request: AwsRequest): AwsResponse
  readonly objects: ReadonlyMap<string, { bytes: Uint8Array }>
}

interface StoredObject {
  bytes: Uint8Array
  contentType: string
}

/** Every name is this one bucket's. */
export function createBucket(): Bucket {
  const objects = new Map<string, StoredObject>()
  return {
    objects,
    operationOf,
    handle(request) {
      try {
        const { bucket, key } = placeOf(request)
        refuseUnknown(request)
        switch (operationOf(request)) {
          case 'PutObject':
            return put(objects, key, request)
          case 'GetObject':
            return get(objects, key)
          case 'ListObjectsV2':
            return xmlResponse(200, list(bucket, [...objects], request))
          default:
            throw new S3Error('NotImplemented', `The S3 in memory does not offer ${operationOf(request)}.`)
        }
      } catch (error) {
        if (!(error instanceof S3Error)) throw error
        const refusal: XmlElement[] = [
          ['Code', error.code],
          ['Message', error.message],
        ]
        return xmlResponse(error.status, ['Error', refusal])
      }
    },
  }
}

function operationOf(request: AwsRequest): string {
  const { key } = placeOf(request)
  if (request.method === 'PUT' && key !== '') return 'PutObject'
  if (request.method === 'GET' && key !== '') return 'GetObject'
  if (request.method === 'GET' && request.query?.['list-type'] === '2') return 'ListObjectsV2'
  return `${request.method} ${key === '' ? 'bucket' : 'object'}`
}

/** Path-style: /bucket/key. */
function placeOf({ path }: AwsRequest): { bucket: string; key: string } {
  const [, bucket = '', ...key] = path.split('/').map(decodeURIComponent)
  return { bucket, key: key.join('/') }
}

const KNOWN_QUERY = new Set(['x-id', 'list-type', 'prefix', 'max-keys', 'start-after', 'continuation-token'])
const UNKNOWN_HEADERS = ['range', 'if-match', 'if-none-match', 'if-modified-since', 'x-amz-copy-source']

function refuseUnknown({ query = {}, headers }: AwsRequest): void {
  const unknown =
    Object.keys(query).find((name) => !KNOWN_QUERY.has(name)) ??
    UNKNOWN_HEADERS.find((name) => headers[name] !== undefined)
  if (unknown !== undefined) {
    throw new S3Error('NotImplemented', `The S3 in memory does not offer ${unknown}.`)
  }
}

function put(objects: Map<string, StoredObject>, key: string, request: AwsRequest): AwsResponse {
  // A copy: the sender may reuse its buffer.
  const bytes = Uint8Array.from(decodePayload({ ...request.headers }, bytesOf(request)))
  objects.set(key, { bytes, contentType: request.headers['content-type'] ?? 'binary/octet-stream' })
  return { statusCode: 200, headers: {}, body: undefined }
}

function get(objects: ReadonlyMap<string, StoredObject>, key: string): AwsResponse {
  const stored = objects.get(key)
  if (!stored) throw new S3Error('NoSuchKey', 'The specified key does not exist.')
  return {
    statusCode: 200,
    headers: { 'content-type': stored.contentType, 'content-length': String(stored.bytes.byteLength) },
    // The SDK reads the body of this one operation as a stream.
    body: Readable.from([Buffer.from(stored.bytes)], { objectMode: false }),
  }
}

function list(
  bucket: string,
  objects: readonly (readonly [key: string, stored: StoredObject])[],
  { query = {} }: AwsRequest,
): XmlElement {
  const asked = (name: string) => String(query[name] ?? '')
  const maxKeys = Math.min(Number(query['max-keys'] ?? 1_000), 1_000)
  // Keys are ASCII here, so that their order is S3's. A token is the key after which to go on.
  const after = asked('continuation-token') || asked('start-after')
  const matching = objects
    .filter(([key]) => key.startsWith(asked('prefix')) && key > after)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  const page = matching.slice(0, maxKeys)
  const truncated = page.length > 0 && page.length < matching.length
  const result: XmlElement[] = [
    ['Name', bucket],
    ['Prefix', asked('prefix')],
    ['KeyCount', page.length],
    ['MaxKeys', maxKeys],
    ['IsTruncated', truncated],
    ['NextContinuationToken', truncated ? page.at(-1)?.[0] : undefined],
    ...page.map(([key, { bytes }]): XmlElement => {
      const described: XmlElement[] = [
        ['Key', key],
        ['Size', bytes.byteLength],
      ]
      return ['Contents', described]
    }),
  ]
  return ['ListBucketResult', result]
}

const xmlResponse = (statusCode: number, root: XmlElement): AwsResponse => ({
  statusCode,
  headers: { 'content-type': 'application/xml' },
  body: Buffer.from(xmlDocument(root)),
})
