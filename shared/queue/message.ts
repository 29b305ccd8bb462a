// What travels in a connector's queue: an event (compressed; or a pointer to it when too large) or a touch.
// Messages carry a format version: a deployment meets messages of the one before.
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import type { ObjectRef } from '../connector/contract.ts'
import { invariant } from '../errors.ts'

export type TouchReason = 'dependency' | 'verify' | 'replay' | 'sweep' | 'backfill'

export type QueueMessage =
  | { kind: 'event'; event: string; receivedAtMs: number }
  /** "Bring this object's records in step": fetched under the lease, whatever version and hash say. */
  | { kind: 'touch'; object: ObjectRef; reason: TouchReason }

interface Wire {
  v: 1
  /** zstd of the event's JSON, base64. */
  z?: string
  /** Key in the spill bucket of a body too large for SQS. */
  s3?: string
  /** Milliseconds since the epoch when ingest accepted it. */
  at?: number
  touch?: ObjectRef
  why?: TouchReason
}

/** SQS takes 1 MiB a message, attributes included; the rest is room for the envelope. */
export const INLINE_LIMIT_BYTES = 1_048_576 - 1_024

export interface SpillStore {
  put(key: string, body: Uint8Array): Promise<void>
  get(key: string): Promise<Uint8Array>
}

/** Encodes once for all queues; a body over the limit is put into the spill store under its event id first. */
export async function encodeEvent(
  event: { id: string; body: string; receivedAtMs: number },
  spill: SpillStore,
): Promise<string> {
  const packed = zstdCompressSync(event.body)
  if (Math.ceil(packed.byteLength / 3) * 4 <= INLINE_LIMIT_BYTES) {
    return wire({ v: 1, z: packed.toString('base64'), at: event.receivedAtMs })
  }
  const key = `spill/${event.id}.json.zst`
  await spill.put(key, packed)
  return wire({ v: 1, s3: key, at: event.receivedAtMs })
}

export const encodeTouch = (object: ObjectRef, reason: TouchReason): string =>
  wire({ v: 1, touch: object, why: reason })

/** @throws invariant for a body that no version of the hub has written. */
export async function decodeMessage(body: string, spill: SpillStore): Promise<QueueMessage> {
  let message: Wire
  try {
    message = JSON.parse(body) as Wire
  } catch (cause) {
    throw invariant('A queue message is not JSON.', { cause })
  }
  if (message.v !== 1)
    throw invariant(`A queue message has format version ${String(message.v)}; this hub reads 1.`)
  if (message.touch) return { kind: 'touch', object: message.touch, reason: message.why ?? 'replay' }
  const packed = message.s3
    ? await spill.get(message.s3)
    : message.z
      ? Buffer.from(message.z, 'base64')
      : undefined
  if (!packed) throw invariant('A queue message holds neither an event nor a touch.')
  return { kind: 'event', event: zstdDecompressSync(packed).toString('utf8'), receivedAtMs: message.at ?? 0 }
}

const wire = (message: Wire): string => JSON.stringify(message)
