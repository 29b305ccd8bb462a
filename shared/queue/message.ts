// What travels in a connector's queue: an event (or a pointer to it when it is too large) or a touch. A message is a
// line of JSON with a format version, so that a deployment understands the messages of the one before; for an event,
// the event itself follows the line as it came.
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import type { ObjectRef } from '../connector/contract.ts'
import { invariant } from '../errors.ts'

export type TouchReason = 'dependency' | 'verify' | 'replay' | 'sweep' | 'backfill'

export type QueueMessage =
  | { kind: 'event'; event: string; receivedAtMs: number }
  /** "Bring this object's records in step": fetched under the lease, whatever version and hash say. */
  | { kind: 'touch'; object: ObjectRef; reason: TouchReason }

interface Header {
  v: 1
  /** How the event stands behind this line: as it came, compressed and in base64, or in the spill store. */
  body?: 'json' | 'zstd' | 'spilled'
  /** Where it was spilled. */
  key?: string
  /** Milliseconds since the epoch when ingest accepted it. */
  at?: number
  touch?: ObjectRef
  why?: TouchReason
}

/** SQS takes 1 MiB a message, attributes included; the rest is room for the header. */
const INLINE_LIMIT_BYTES = 1_048_576 - 1_024
/**
 * Compressing an event of 4 KB costs half of ingest's time and saves nothing: SQS bills by 64 KB. Larger ones are
 * compressed so that a worker's 6 MB hold a batch of many.
 */
const PLAIN_LIMIT_CHARACTERS = 8_192

export interface SpillStore {
  put(key: string, body: Uint8Array): Promise<void>
  get(key: string): Promise<Uint8Array>
}

/** Encodes once for all queues; a body over the limit is put into the spill store under its event id first. */
export async function encodeEvent(
  event: { id: string; body: string; receivedAtMs: number },
  spill: SpillStore,
): Promise<string> {
  const at = event.receivedAtMs
  if (event.body.length <= PLAIN_LIMIT_CHARACTERS && sqsTakes(event.body)) {
    return `${line({ v: 1, body: 'json', at })}\n${event.body}`
  }
  const packed = zstdCompressSync(event.body)
  if (Math.ceil(packed.byteLength / 3) * 4 <= INLINE_LIMIT_BYTES) {
    return `${line({ v: 1, body: 'zstd', at })}\n${packed.toString('base64')}`
  }
  const key = `spill/${event.id}.json.zst`
  await spill.put(key, packed)
  return line({ v: 1, body: 'spilled', key, at })
}

export const encodeTouch = (object: ObjectRef, reason: TouchReason): string =>
  line({ v: 1, touch: object, why: reason })

/** @throws invariant for a body that no version of the hub has written. */
export async function decodeMessage(body: string, spill: SpillStore): Promise<QueueMessage> {
  const end = body.indexOf('\n')
  const header = readHeader(end < 0 ? body : body.slice(0, end))
  const payload = end < 0 ? '' : body.slice(end + 1)
  if (header.touch) return { kind: 'touch', object: header.touch, reason: header.why ?? 'replay' }
  const receivedAtMs = header.at ?? 0
  switch (header.body) {
    case 'json':
      return { kind: 'event', event: payload, receivedAtMs }
    case 'zstd':
      return { kind: 'event', event: unpack(Buffer.from(payload, 'base64')), receivedAtMs }
    case 'spilled':
      return { kind: 'event', event: unpack(await spill.get(header.key ?? '')), receivedAtMs }
    default:
      throw invariant('A queue message holds neither an event nor a touch.')
  }
}

function readHeader(text: string): Header {
  let header: Header
  try {
    header = JSON.parse(text) as Header
  } catch (cause) {
    throw invariant('A queue message does not begin with a line of JSON.', { cause })
  }
  if (header?.v !== 1)
    throw invariant(`A queue message has format version ${String(header?.v)}; this hub reads 1.`)
  return header
}

const line = (header: Header): string => JSON.stringify(header)

const unpack = (packed: Uint8Array): string => zstdDecompressSync(packed).toString('utf8')

/**
 * SQS refuses what XML 1.0 cannot hold; a JSON text can hold such characters all the same.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/
const sqsTakes = (text: string): boolean => text.isWellFormed() && !NOT_XML.test(text)
