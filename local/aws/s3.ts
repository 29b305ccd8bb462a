// A small S3 over HTTP, path-style, as @aws-sdk/client-s3 speaks it: buckets, whole objects, ranges, conditional
// creation and listing, kept as plain files (s3-object-folder.ts). Everything else (versions, multipart uploads,
// copies, tags, policies, other preconditions) is answered 501, so that nothing passes here that S3 would do otherwise.
import { createReadStream } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import type { Clock } from '../../shared/clock.ts'
import { type Endpoint, listenOnLoopback, readBody } from './loopback-server.ts'
import { S3Error } from './s3-error.ts'
import { listObjects } from './s3-listing.ts'
import { ObjectFolder, type ObjectHeaders, type StoredObject } from './s3-object-folder.ts'
import { decodePayload } from './s3-payload.ts'
import { readDeleteRequest, type XmlElement, xmlDocument } from './s3-xml.ts'

export interface S3Options {
  clock: Clock
  /** The folder of the buckets; made when absent. */
  root: string
}

export interface EmbeddedS3 extends Endpoint {
  createBucket(bucket: string): Promise<void>
}

interface Call {
  request: IncomingMessage
  response: ServerResponse
  bucket: string
  key: string
  query: URLSearchParams
}

export async function startS3({ clock, root }: S3Options): Promise<EmbeddedS3> {
  const folder = new ObjectFolder(root, clock)
  const server = await listenOnLoopback(async (request, response) => {
    try {
      const call = readCall(request, response)
      refuseUnknown(call)
      await (call.key === '' ? answerBucket(folder, call) : answerObject(folder, call))
    } catch (error) {
      if (!(error instanceof S3Error)) throw error
      request.resume()
      const body: XmlElement[] = [
        ['Code', error.code],
        ['Message', error.message],
      ]
      sendXml(response, error.status, ['Error', body], request.method === 'HEAD')
    }
  })
  return { ...server, createBucket: (bucket) => folder.createBucket(bucket) }
}

function readCall(request: IncomingMessage, response: ServerResponse): Call {
  // Not through URL, which would resolve `..` before it can be refused.
  const [path = '', query = ''] = (request.url ?? '').split('?', 2)
  const [, bucket = '', ...key] = path.split('/')
  try {
    return {
      request,
      response,
      bucket: decodeURIComponent(bucket),
      key: decodeURIComponent(key.join('/')),
      query: new URLSearchParams(query),
    }
  } catch (cause) {
    throw new S3Error('InvalidArgument', `Could not parse the specified URI: ${String(cause)}`)
  }
}

const KNOWN_QUERY = new Set([
  'x-id',
  'list-type',
  'prefix',
  'delimiter',
  'continuation-token',
  'start-after',
  'max-keys',
  'encoding-type',
  'fetch-owner',
  'delete',
])
const UNKNOWN_HEADERS = [
  'x-amz-copy-source',
  'if-match',
  'if-modified-since',
  'if-unmodified-since',
  'if-range',
]

function refuseUnknown({ request, query, key }: Call): void {
  const unknown =
    [...query.keys()].find((name) => !KNOWN_QUERY.has(name)) ??
    UNKNOWN_HEADERS.find((name) => request.headers[name] !== undefined)
  const condition = request.headers['if-none-match']
  const otherCondition =
    condition !== undefined && !(request.method === 'PUT' && condition === '*' && key !== '')
  if (unknown !== undefined || otherCondition) {
    throw new S3Error(
      'NotImplemented',
      `The embedded S3 does not implement ${unknown ?? 'this If-None-Match'}.`,
    )
  }
}

async function answerBucket(folder: ObjectFolder, call: Call): Promise<void> {
  const { request, response, bucket, query } = call
  if (request.method === 'PUT') {
    await readBody(request)
    await folder.createBucket(bucket)
    response.writeHead(200, { location: `/${bucket}`, 'content-length': 0 }).end()
    return
  }
  await folder.checkBucket(bucket)
  if (request.method === 'HEAD') response.writeHead(200).end()
  else if (request.method === 'GET' && query.get('list-type') === '2') {
    sendXml(response, 200, await listObjects(folder, bucket, query))
  } else if (request.method === 'POST' && query.has('delete')) await deleteObjects(folder, call)
  else
    throw new S3Error(
      'NotImplemented',
      `The embedded S3 does not implement ${request.method} on a bucket this way.`,
    )
}

async function deleteObjects(folder: ObjectFolder, { request, response, bucket }: Call): Promise<void> {
  const asked = readDeleteRequest(decodePayload(request.headers, await readBody(request)).toString())
  if (!asked || asked.keys.length === 0 || asked.keys.length > 1_000) {
    throw new S3Error('MalformedXML', 'The XML you provided was not well-formed or did not validate.')
  }
  const results: XmlElement[] = []
  for (const key of asked.keys) {
    try {
      await folder.delete(bucket, key)
      if (!asked.quiet) results.push(['Deleted', [['Key', key]]])
    } catch (error) {
      if (!(error instanceof S3Error)) throw error
      const refusal: XmlElement[] = [
        ['Key', key],
        ['Code', error.code],
        ['Message', error.message],
      ]
      results.push(['Error', refusal])
    }
  }
  sendXml(response, 200, ['DeleteResult', results])
}

async function answerObject(folder: ObjectFolder, { request, response, bucket, key }: Call): Promise<void> {
  await folder.checkBucket(bucket)
  switch (request.method) {
    case 'PUT': {
      const content = decodePayload(request.headers, await readBody(request))
      const onlyIfAbsent = request.headers['if-none-match'] === '*'
      const etag = await folder.put(bucket, key, content, keptHeaders(request), onlyIfAbsent)
      response.writeHead(200, { etag, 'content-length': 0 }).end()
      return
    }
    case 'GET':
    case 'HEAD': {
      const stored = await folder.find(bucket, key)
      await sendObject(request, response, stored, await folder.headersOf(bucket, key))
      return
    }
    case 'DELETE':
      await folder.delete(bucket, key)
      response.writeHead(204).end()
      return
    default:
      throw new S3Error('MethodNotAllowed', 'The specified method is not allowed against this resource.')
  }
}

/** Of the headers of an upload, those that S3 gives back with the object. */
function keptHeaders(request: IncomingMessage): ObjectHeaders {
  const kept: Record<string, string> = {}
  for (const [name, value] of Object.entries(request.headers)) {
    if (typeof value !== 'string') continue
    if (name === 'content-type' || name === 'cache-control' || name.startsWith('x-amz-meta-'))
      kept[name] = value
  }
  const encodings = request.headers['content-encoding']?.split(',').map((each) => each.trim()) ?? []
  const encoding = encodings.filter((each) => each !== 'aws-chunked' && each !== '').join(',')
  if (encoding !== '') kept['content-encoding'] = encoding
  return kept
}

async function sendObject(
  request: IncomingMessage,
  response: ServerResponse,
  stored: StoredObject,
  headers: ObjectHeaders,
): Promise<void> {
  const range = readRange(request.headers.range, stored.sizeBytes)
  const { start, end } = range ?? { start: 0, end: stored.sizeBytes - 1 }
  response.writeHead(range ? 206 : 200, {
    'content-type': 'binary/octet-stream',
    ...headers,
    etag: stored.etag,
    'last-modified': new Date(stored.modifiedMs).toUTCString(),
    'accept-ranges': 'bytes',
    'content-length': end - start + 1,
    ...(range ? { 'content-range': `bytes ${start}-${end}/${stored.sizeBytes}` } : {}),
  })
  if (request.method === 'HEAD' || stored.sizeBytes === 0) response.end()
  else await pipeline(createReadStream(stored.path, { start, end }), response).catch(ignoreCallerGone)
}

// What fails here is the connection of a client that has read enough; there is nobody left to tell.
const ignoreCallerGone = (error: Error & { code?: string }): void => {
  if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error
}

/** `bytes=a-b`, `bytes=a-` or `bytes=-n`; undefined for the whole. Several ranges at once are not offered by S3 either. */
function readRange(
  header: string | undefined,
  sizeBytes: number,
): { start: number; end: number } | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '')
  if (!match) return undefined
  const [, first = '', last = ''] = match
  const start = first === '' ? Math.max(0, sizeBytes - Number(last)) : Number(first)
  const end = first === '' || last === '' ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1)
  if (start > end || (first === '' && Number(last) === 0)) {
    throw new S3Error('InvalidRange', 'The requested range is not satisfiable')
  }
  return { start, end }
}

function sendXml(response: ServerResponse, status: number, root: XmlElement, withoutBody = false): void {
  const body = withoutBody ? '' : xmlDocument(root)
  response.writeHead(status, { 'content-type': 'application/xml', 'content-length': Buffer.byteLength(body) })
  response.end(body)
}
