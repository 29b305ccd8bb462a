// What the ledger remembers, as the rest of the hub sees it. How it lies in DynamoDB is ledger.ts's own business.
import type { JsonObject, KnownRecord, ObjectRef, RecordKey } from '../connector/contract.ts'
import type { HubErrorKind } from '../errors.ts'
import type { ObjectVersion } from '../stripe/version.ts'

/** Proof that an event is in every queue that wants it. */
export interface EventRow {
  id: string
  type: string
  createdSeconds: number
  receivedAtMs: number
  apiVersion: string | null
  livemode: boolean
  style: 'snapshot' | 'thin'
  object?: ObjectRef
  customer?: string
  /** Connectors whose queues took it. */
  connectors: string[]
}

/** Correctly signed, and of no use: answered 2xx so that Stripe stops, kept with its reason. */
export interface RejectionRow {
  /** The event id, or a hash of the body where there is none. */
  id: string
  reason: string
  receivedAtMs: number
}

export type DeliveryStatus = 'applied' | 'superseded' | 'unchanged' | 'waiting' | 'parked' | 'rejected'

/** What became of one event in one connector. */
export interface DeliveryRow {
  eventId: string
  connector: string
  status: DeliveryStatus
  atMs: number
  attempts: number
  object?: ObjectRef
  errorKind?: HubErrorKind
  code?: string
  reason?: string
  hint?: string
}

/** Why an object is not in step, and what would bring it back. */
export interface Trouble {
  status: 'waiting' | 'parked'
  kind: HubErrorKind
  code: string
  reason: string
  hint?: string
  detail?: string
  /** First failure of this run of failures. */
  sinceMs: number
  /** Newest failure. Absent in rows of older versions. */
  lastMs?: number
  attempts: number
  /** Waiting: not tried again before, whatever asks for it. Absent in rows of older versions. */
  notBeforeMs?: number
  /** Objects whose next success or change redrives this one. */
  waitsOn: ObjectRef[]
}

export interface ObjectState {
  ref: ObjectRef
  /** Counts every write by the engine: a claim is conditional on it. 0: only waiters so far. */
  revision: number
  version?: ObjectVersion
  /** Stripe's second of the last fetch, plus one. */
  asOfSeconds?: number
  /** Fingerprint of the last projection that stands in full. Absent: not known to be in step. */
  hash?: string
  mapping?: string
  records: Record<RecordKey, KnownRecord>
  keep?: JsonObject
  /** The object is gone from Stripe. `final` unless its id can be used again. */
  tombstone?: { final: boolean; atSeconds: number }
  lease?: { owner: string; untilMs: number }
  /** Workers that died, one after the other, while they held this object; one that comes to an end with it ends the count. */
  deaths?: number
  /** A write may still land late: read before the next write, and once more a quarter of an hour later. */
  verify?: boolean
  /** When that look is to come; one that came to nothing is asked for again. Absent in rows of older versions. */
  verifyDueMs?: number
  trouble?: Trouble
  /** Objects parked on this one, as `type/id`. */
  waiters: string[]
  customer?: string
}

/** Why and until when a connector's lane stands still. */
export interface LaneRow {
  connector: string
  pausedUntilMs: number
  pausedSinceMs: number
  reason: string
  code: string
  /** An operator's pause is left alone by the breaker. */
  by: 'worker' | 'operator'
}
