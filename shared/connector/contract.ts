// What a connector is: a pure projection from a Stripe object to the records that should stand in its system,
// and four verbs to make it so. The delivery engine (../delivery) does the rest, once, for all of them.
//
//   gather(objects)            → what the projection needs beyond the object itself, fetched in batches
//   project(object, context)   → the records, PURE: same input, same records
//   write · read · retire      → the vendor's own calls, an outcome for each record
//
// Sync, backfill, reconciliation, replay, rebuild, repair and preview all come from `project`. There is never a
// second mapping.
import type { HubError } from '../errors.ts'
import type { RecordAmounts } from './look.ts'

/** Stripe's name for a type of object, as in its `object` field: 'invoice', 'credit_note', … */
export type StripeObjectType = string

/** A Stripe object of the hub's own account and mode. */
export interface ObjectRef {
  type: StripeObjectType
  id: string
}

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }
export type JsonObject = { [key: string]: Json }

/** `kind/externalId`: names one record within one connector. */
export type RecordKey = `${string}/${string}`

/** Where one Stripe event type leads in this connector. */
export interface Route {
  events: readonly string[]
  /** The type of the root: the ONE object whose lease, version and hash its records share. */
  root: StripeObjectType
  /**
   * Where the root's id stands in the event's `data.object`: `id` when the object is the root itself (its payload
   * may then be trusted), else a path (`invoice`, `refunds[].refund`), and the event is a touch of that root.
   */
  id: string
}

/** How the engine obtains a root object of a type, for this connector. */
export interface ObjectReading {
  /** The event's payload never suffices: always fetch (once, after the claim). */
  alwaysFetch?: boolean
  /** Stripe `expand[]` of the fetch. */
  expand?: readonly string[]
  /** Lists inside the object that must be complete (`lines`); a truncated one is paged to its end. */
  wholeLists?: readonly string[]
  /** Stripe can delete objects of this type: a 404 or `deleted: true` is a tombstone. */
  deletable?: boolean
  /** The caller chooses the id (product), so a deleted id can come back: its tombstone is not for ever. */
  reusableId?: boolean
}

/** Pure data: read by ingest, the CDK app and the README's tables without loading any vendor SDK. */
export interface Manifest {
  name: string
  /** For people: 'NetSuite'. */
  title: string
  /** `projection` takes leases and writes records; `append` takes every event as it came (the lake). */
  style: 'projection' | 'append'
  /** `*` in an append connector: every event. */
  routes: readonly Route[]
  objects: Readonly<Record<StripeObjectType, ObjectReading>>
  /** Record kinds in the order in which they are written, so that what is referred to comes first. */
  kinds: readonly string[]
  /** When lanes wait, the lower number resumes first: tax, then books, then CRM. */
  resumeOrder: number
  /** False for the one lane that must never be paused. */
  pausable: boolean
  queue: {
    /** Messages a Lambda invocation takes at most. */
    batchSize: number
    /** How long SQS gathers a batch. */
    batchWindowSeconds: number
    /** Workers at most (the event source's maximum concurrency). */
    maximumConcurrency: number
  }
  vendor: {
    /** Records that one `write` or `read` call may carry. */
    recordsPerCall: number
    /** Calls in flight at once within one worker. */
    parallelCalls: number
    /** What the vendor allows at once for the whole account; workers × parallelCalls must stay within. */
    accountConcurrency: number
    /** It says with its answers how much of a day's calls is left. */
    tellsQuota?: boolean
  }
  /**
   * After an unknown outcome: `resend` repeats the same upsert under the same external id (safe to repeat);
   * `read-first` reads and writes only a difference.
   */
  afterUnknownOutcome: 'resend' | 'read-first'
}

/** One record that should stand in the connector's system. */
export interface RemoteRecord {
  kind: string
  /** Unique within its kind; derived from Stripe ids only, so a repeat finds the same record. */
  externalId: string
  /** JSON only: money as decimal strings, dates as the vendor writes them, references made with `recordRef`. */
  body: JsonObject
  /** Stripe objects whose records must stand first. References in `body` must be covered by these or by own records. */
  requires: readonly ObjectRef[]
  /** A posted document: once confirmed it is never written again (a change is a new dated document). */
  frozen?: boolean
}

/** Refers to another record of the same connector; the engine hands its remote id to `write`. */
export function recordRef(kind: string, externalId: string): { $record: RecordKey } {
  return { $record: `${kind}/${externalId}` }
}

export const recordKey = (record: { kind: string; externalId: string }): RecordKey =>
  `${record.kind}/${record.externalId}`

/** What the ledger remembers of a record once written (or about to be). */
export interface KnownRecord {
  /** The vendor's own id; absent while a write is under way or its outcome is unknown. */
  remoteId?: string
  /** Short hash of the body last confirmed; absent: not confirmed. */
  hash?: string
  retired?: boolean
}

/** A root object about to be projected. */
export interface Gathering<T = unknown> {
  ref: ObjectRef
  /** The newest known state, as the pinned API version renders it. */
  object: T
  /** What an earlier gather chose to keep (a posting period, an Account id); undefined the first time. */
  keep: JsonObject | undefined
  known: Readonly<Record<RecordKey, KnownRecord>>
}

export interface Gathered<C> {
  context: C
  /** Choices made once and part of the projection's input from then on. Replaces the former `keep`. */
  keep?: JsonObject
  /** Other objects that the context was read from and that may still change: their next event touches this object. */
  watches?: readonly ObjectRef[]
}

/** A record on its way to the vendor. */
export interface Writing {
  record: RemoteRecord
  /** Remote ids of every record that the body refers to. */
  references: Readonly<Record<RecordKey, string>>
  known: KnownRecord | undefined
  /** What stands instead, where it was read first: after an unknown outcome, and in a look for late writes. */
  standing?: ReadRecord
}

export interface Written {
  remoteId: string
}

/** A record as the vendor has it, normalised to the projection's own terms: only fields the projection writes. */
export interface ReadRecord {
  remoteId: string
  body: JsonObject
}

/** A record once written and no longer wanted. */
export interface Retiring {
  key: RecordKey
  kind: string
  externalId: string
  remoteId: string
  ref: ObjectRef
  /** What stands there, where it was read first: after an unknown outcome, and in a look for late writes. */
  standing?: ReadRecord
}

/** What a connector's client has heard of its vendor since it was last asked (traffic.ts). */
export interface Traffic {
  calls: number
  /** Refused for being too many. */
  throttled: number
  quotaLeftPercent?: number
}

export interface Connector<T = unknown, C = unknown> {
  manifest: Manifest
  /** Hash of the mapping configuration: tells which records an altered mapping has not reached yet. */
  mapping: string
  /**
   * One outcome per object, in order. Vendor and Stripe look-ups are shared over the batch. An error parks or
   * retries that object alone; throwing fails them all.
   */
  gather(objects: readonly Gathering<T>[]): Promise<(Gathered<C> | HubError)[]>
  /** PURE. Throws `permanent` for an object that cannot be mapped, with a hint that names the field. */
  project(object: T, context: C): RemoteRecord[]
  /**
   * The records of a required object that Stripe no longer has and that was never written, from the dependent's own
   * copy of its fields (an invoice still knows the name of its deleted customer). In the form that `retire` gives:
   * inactive, marked as deleted.
   */
  standIn?(missing: ObjectRef, dependent: T): RemoteRecord[]
  /** Makes each record stand as given; all of one kind, at most `recordsPerCall`. Outcomes in order. */
  write(kind: string, writings: readonly Writing[]): Promise<(Written | HubError)[]>
  /** What stands there now, in order; undefined: nothing. All of one kind, at most `recordsPerCall`. */
  read(kind: string, externalIds: readonly string[]): Promise<(ReadRecord | undefined)[]>
  /** Takes away, or marks as gone, in this system's own way. Outcomes in order. */
  retire(kind: string, records: readonly Retiring[]): Promise<(Written | HubError)[]>
  /** What a record says that its document is worth, for people who lay systems side by side. PURE. */
  amounts?(record: { kind: string; externalId: string; body: JsonObject }): RecordAmounts | undefined
  /** The cheapest authenticated call: resolves when the vendor works again, throws a HubError while not. */
  probe(): Promise<void>
  /** For the dashboards; absent: nobody counts. */
  traffic?(): Traffic
}
