// The body of an S3 upload: freed of the aws-chunked framing that the SDK puts around streams, and compared with the
// digests that came with it. CRC32, MD5 and SHA-256 are compared; other checksums are let pass.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
import { hash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { crc32 } from 'node:zlib'
import { S3Error } from './s3-error.ts'

/** Throws IncompleteBody or BadDigest. */
export function decodePayload(headers: IncomingHttpHeaders, body: Buffer): Buffer {
  const chunked = String(headers['x-amz-content-sha256']).startsWith('STREAMING-')
  const { content, trailers } = chunked ? readChunks(body) : { content: body, trailers: {} }
  const announced = headers['x-amz-decoded-content-length']
  if (announced !== undefined && Number(announced) !== content.byteLength) throw incomplete()
  const digests: Record<string, unknown> = { ...headers, ...trailers }
  for (const [header, digest] of Object.entries(DIGESTS)) {
    const expected = digests[header]
    if (expected !== undefined && expected !== digest(content)) {
      throw new S3Error('BadDigest', `The ${header} you specified did not match the calculated checksum.`)
    }
  }
  return content
}

const DIGESTS = {
  'content-md5': (content: Buffer) => hash('md5', content, 'base64'),
  'x-amz-checksum-sha256': (content: Buffer) => hash('sha256', content, 'base64'),
  'x-amz-checksum-crc32': (content: Buffer) => {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32BE(crc32(content))
    return bytes.toString('base64')
  },
}

function readChunks(framed: Buffer): { content: Buffer; trailers: Record<string, string> } {
  const chunks: Buffer[] = []
  let at = 0
  const readLine = (): string => {
    const end = framed.indexOf('\r\n', at)
    if (end < 0) throw incomplete()
    const line = framed.toString('latin1', at, end)
    at = end + 2
    return line
  }
  for (;;) {
    const [size = ''] = readLine().split(';')
    const length = Number.parseInt(size, 16)
    if (Number.isNaN(length) || at + length > framed.byteLength) throw incomplete()
    if (length === 0) break
    chunks.push(framed.subarray(at, at + length))
    at += length + 2
  }
  const trailers: Record<string, string> = {}
  for (let line = readLine(); line !== ''; line = readLine()) {
    const colon = line.indexOf(':')
    trailers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim()
  }
  return { content: Buffer.concat(chunks), trailers }
}

const incomplete = (): S3Error =>
  new S3Error(
    'IncompleteBody',
    'You did not provide the number of bytes specified by the Content-Length header.',
  )
