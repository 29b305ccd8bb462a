// A Stripe event, whichever way it came: a webhook snapshot, a thin notification, or EventBridge's envelope.
// Hand-written checks on purpose: this is ingest's hot path and its cold start.
import type { JsonObject, ObjectRef } from '../connector/contract.ts'

export interface HubEvent {
  /** `evt_…` */
  id: string
  /** Stripe's v1 name (`invoice.paid`); a thin event's `v1.` prefix is taken off. */
  type: string
  createdSeconds: number
  /** Fixed when Stripe made the event; null on thin events, which carry no payload to be versioned. */
  apiVersion: string | null
  /** Absent: the hub's own account. */
  account?: string
  livemode: boolean
  style: 'snapshot' | 'thin'
  /** The object the event is about; absent for types without one. */
  object?: ObjectRef
  /** The customer whose timeline it belongs to. */
  customer?: string
  /** The event as it came (`data.object` inside for snapshots). */
  raw: JsonObject
}

export type ParsedEvent =
  /** `enveloped`: the text holds more than the event itself (EventBridge's envelope). */
  { event: HubEvent; enveloped?: boolean } | { unusable: string; id?: string }

const EVENT_ID = /^evt_[A-Za-z0-9_]{1,200}$/

/** Tells what an already authenticated body holds, or in plain words why it cannot be used. Never throws. */
export function parseEvent(body: string): ParsedEvent {
  let json: unknown
  try {
    json = JSON.parse(body)
  } catch {
    return { unusable: 'The body is not JSON.' }
  }
  if (!isObject(json)) return { unusable: `The body is ${describe(json)}, not an event object.` }
  if (json['detail-type'] !== undefined && isObject(json.detail)) {
    return { ...readEvent(json.detail), enveloped: true }
  }
  return readEvent(json)
}

function readEvent(raw: JsonObject): ParsedEvent {
  const { id, type } = raw
  if (id === undefined || id === null) return { unusable: 'The event has no id.' }
  if (typeof id !== 'string' || !EVENT_ID.test(id)) {
    return { unusable: 'The id is no Stripe event id (evt_…).' }
  }
  if (typeof type !== 'string' || type === '' || type.length > 200) {
    return { unusable: 'The event has no type.', id }
  }
  return raw.object === 'v2.core.event' ? readThin(raw, id, type) : readSnapshot(raw, id, type)
}

function readSnapshot(raw: JsonObject, id: string, type: string): ParsedEvent {
  const object = isObject(raw.data) ? raw.data.object : undefined
  if (!isObject(object)) return { unusable: 'The event has no data.object.', id }
  if (typeof raw.created !== 'number' || !Number.isSafeInteger(raw.created)) {
    return { unusable: 'The event has no created time.', id }
  }
  if (typeof raw.livemode !== 'boolean') return { unusable: 'The event does not say whether it is live.', id }
  const event: HubEvent = {
    id,
    type,
    createdSeconds: raw.created,
    apiVersion: typeof raw.api_version === 'string' ? raw.api_version : null,
    livemode: raw.livemode,
    style: 'snapshot',
    raw,
  }
  if (typeof raw.account === 'string') event.account = raw.account
  if (typeof object.object === 'string' && typeof object.id === 'string') {
    event.object = { type: object.object, id: object.id }
  }
  const customer = customerOf(object)
  if (customer) event.customer = customer
  return { event }
}

// https://docs.stripe.com/event-destinations#thin-events
function readThin(raw: JsonObject, id: string, type: string): ParsedEvent {
  const created = typeof raw.created === 'string' ? Date.parse(raw.created) : Number.NaN
  if (Number.isNaN(created)) return { unusable: 'The event has no created time.', id }
  if (typeof raw.livemode !== 'boolean') return { unusable: 'The event does not say whether it is live.', id }
  const event: HubEvent = {
    id,
    type: type.startsWith('v1.') ? type.slice(3) : type,
    createdSeconds: Math.floor(created / 1000),
    apiVersion: null,
    livemode: raw.livemode,
    style: 'thin',
    raw,
  }
  if (typeof raw.context === 'string' && raw.context.startsWith('acct_')) event.account = raw.context
  const related = raw.related_object
  if (isObject(related) && typeof related.type === 'string' && typeof related.id === 'string') {
    event.object = { type: related.type, id: related.id }
    if (related.type === 'customer') event.customer = related.id
  }
  return { event }
}

function customerOf(object: JsonObject): string | undefined {
  if (object.object === 'customer') return typeof object.id === 'string' ? object.id : undefined
  return idOf(object.customer)
}

/** The id in a field that Stripe may have expanded. */
export function idOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (isObject(value) && typeof value.id === 'string') return value.id
  return undefined
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function describe(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`
}
