// The unit of work: everything a batch brings about ONE root object, and what has become of it so far.
import type {
  Json,
  JsonObject,
  KnownRecord,
  Manifest,
  ObjectRef,
  RecordKey,
  RemoteRecord,
} from '../connector/contract.ts'
import type { HashedProjection } from '../connector/hash.ts'
import { targetsOf } from '../connector/routes.ts'
import { type HubError, invariant } from '../errors.ts'
import { refKey } from '../ledger/ledger.ts'
import type { ObjectState } from '../ledger/rows.ts'
import type { QueueMessage, TouchReason } from '../queue/message.ts'
import type { StripeReader } from '../stripe/access.ts'
import { STRIPE_API_VERSION } from '../stripe/client.ts'
import { type HubEvent, isObject, parseEvent } from '../stripe/event.ts'
import { isDeletion, type ObjectVersion, versionOf } from '../stripe/version.ts'

/** A message as it came out of the queue. */
export interface Received {
  id: string
  /** How often SQS has handed it out, this time included. */
  receiveCount: number
  message: QueueMessage
}

/** A rendering of the root inside an event. */
export interface Payload {
  eventId: string
  version: ObjectVersion
  object: JsonObject
  /** Rendered at the API version the hub is typed for. */
  pinned: boolean
  deletion: boolean
}

export type Outcome =
  | { status: 'applied' | 'unchanged' | 'superseded' }
  /** Comes back later; the attempt counts. */
  | { status: 'waiting'; error: HubError; comesBackInSeconds?: number }
  | { status: 'parked'; error: HubError }
  /**
   * Comes back and does not count: a lease is held elsewhere, time ran out, or it failed a moment ago. `behind`: what it
   * depends on, and it is no use to come back before that.
   */
  | {
      status: 'busy'
      why: 'leased' | 'deadline' | 'dependency' | 'lease-lost' | 'backoff'
      comesBackInSeconds?: number
      behind?: readonly Task[]
    }

export interface Task {
  ref: ObjectRef
  key: string
  payloads: Payload[]
  /**
   * Explicit touches, events about other objects that matter to this root (with their second), and `required`: a record
   * of this batch must refer to it.
   */
  touches: { reason: TouchReason | 'event' | 'required'; atSeconds?: number }[]
  receiveCount: number
  state?: ObjectState
  claimed: boolean
  /** Whose lease it is, while claimed. */
  owner: string
  /** The lease of a worker that never released it was taken over. */
  takenOver: boolean
  /** Objects that it needs and that keep killing their workers: each is worked alone before this one is tried again. */
  suspects: ObjectRef[]
  /** An outcome stayed unknown in this attempt. */
  unknownOutcome: boolean
  version?: ObjectVersion
  asOfSeconds?: number
  object?: JsonObject
  /** No payload will do any more. */
  mustFetch: boolean
  /** `object` is what Stripe answered after the claim. */
  fetched: boolean
  /** Stripe no longer has it. */
  gone: boolean
  keep?: JsonObject
  /** Objects whose next event is to touch this one. */
  watches: readonly ObjectRef[]
  records: RemoteRecord[]
  hashed?: HashedProjection
  /** The roots whose records must stand before this one's, by key; some are tasks of the same batch. */
  dependencies: Map<string, Task>
  /** What will be remembered of the records; grows as writes are confirmed. */
  known: Record<RecordKey, KnownRecord>
  vendorWrites: number
  startedMs: number
  outcome?: Outcome
}

export function newTask(ref: ObjectRef, startedMs: number): Task {
  return {
    ref,
    key: refKey(ref),
    payloads: [],
    touches: [],
    receiveCount: 1,
    claimed: false,
    owner: '',
    takenOver: false,
    suspects: [],
    unknownOutcome: false,
    mustFetch: false,
    fetched: false,
    gone: false,
    watches: [],
    records: [],
    dependencies: new Map(),
    known: {},
    vendorWrites: 0,
    startedMs,
  }
}

/**
 * Written once, all of it: another record can refer to it. In step without any record is not enough: a customer who had
 * none before the first invoice may have one now. What was taken away without ever having stood is not missed.
 */
export const stands = (records: ObjectState['records'] | undefined): boolean => {
  const known = Object.values(records ?? {})
  return known.some(isWritten) && known.every((record) => isWritten(record) || record.retired)
}

const isWritten = ({ remoteId }: KnownRecord): boolean => remoteId !== undefined

/** Stripe no longer has it, and will not have it again under this id. */
export const isGone = (task: Task): boolean => task.gone || task.state?.tombstone?.final === true

/** The same request as before anything was done about it. */
export function renewTask(task: Task): void {
  const { ref, startedMs, payloads, touches, receiveCount } = task
  for (const field of ['state', 'version', 'asOfSeconds', 'object', 'keep', 'hashed', 'outcome'] as const) {
    delete task[field]
  }
  Object.assign(task, newTask(ref, startedMs), { payloads, touches, receiveCount })
}

/** What one message asks for: which roots, and which event its delivery row belongs to. */
export interface Intake {
  received: Received
  event?: HubEvent
  taskKeys: string[]
}

/**
 * Adds a message to the tasks it concerns.
 * @throws HubError when the event's object had to be fetched to find the roots, and could not be.
 */
export async function takeIn(
  received: Received,
  tasks: Map<string, Task>,
  context: { manifest: Manifest; reader: StripeReader; nowMs: number },
): Promise<Intake> {
  const taskFor = (ref: ObjectRef): Task => {
    const key = refKey(ref)
    const task = tasks.get(key) ?? newTask(ref, context.nowMs)
    tasks.set(key, task)
    task.receiveCount = Math.max(task.receiveCount, received.receiveCount)
    return task
  }
  const { message } = received
  if (message.kind === 'touch') {
    const task = taskFor(message.object)
    task.touches.push({ reason: message.reason })
    return { received, taskKeys: [task.key] }
  }
  const parsed = parseEvent(message.event)
  if ('unusable' in parsed) throw invariant(`A queued event cannot be read: ${parsed.unusable}`)
  const { event } = parsed
  const payload: Json | undefined = isObject(event.raw.data) ? event.raw.data.object : undefined
  const pinned = event.apiVersion === STRIPE_API_VERSION
  let targets = targetsOf(context.manifest, event, pinned && isObject(payload) ? payload : undefined)
  if (!targets) {
    const fetched =
      event.object && context.reader.canRead(event.object.type)
        ? await context.reader.fetch(event.object)
        : undefined
    targets = targetsOf(context.manifest, event, fetched && 'object' in fetched ? fetched.object : {}) ?? []
  }
  const taskKeys = targets.map(({ ref, isRoot }) => {
    const task = taskFor(ref)
    if (isRoot && isObject(payload)) {
      task.payloads.push({
        eventId: event.id,
        version: versionOf(event),
        object: payload,
        pinned,
        deletion: isDeletion(event.type),
      })
    } else {
      task.touches.push({ reason: 'event', atSeconds: event.createdSeconds })
    }
    return task.key
  })
  return { received, event, taskKeys }
}
