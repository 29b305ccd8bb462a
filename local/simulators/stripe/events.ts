// The account's event log. Each event is a snapshot: a deep copy of the object at that moment, long lists cut to ten
// as Stripe cuts them (https://docs.stripe.com/event-destinations#events-overview), previous_attributes on updates.
// Delivery to endpoints is webhooks.ts.
import { copy, type Identified, type WireEvent } from './wire.ts'

const EMBEDDED_LINES = 10
const RETENTION_SECONDS = 30 * 86_400

export interface EventSettings {
  apiVersion: string
  accountId: string
  livemode: boolean
}

export interface RequestContext {
  id: string
  idempotencyKey: string | null
}

export class EventLog {
  readonly log: WireEvent[] = []
  private readonly positions = new Map<string, number>()
  private readonly listeners = new Set<(event: WireEvent) => void>()
  private readonly settings: EventSettings
  private readonly nextId: () => string

  constructor(settings: EventSettings, nextId: () => string) {
    this.settings = settings
    this.nextId = nextId
  }

  onEvent(listener: (event: WireEvent) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  emit(
    type: string,
    object: Identified,
    createdSeconds: number,
    request: RequestContext | null,
    previous?: Record<string, unknown>,
  ): WireEvent {
    const event: WireEvent = {
      id: this.nextId(),
      object: 'event',
      api_version: this.settings.apiVersion,
      created: createdSeconds,
      data: { object: snapshot(object) as WireEvent['data']['object'] },
      livemode: this.settings.livemode,
      pending_webhooks: 0,
      request: { id: request?.id ?? null, idempotency_key: request?.idempotencyKey ?? null },
      type,
    }
    if (previous) event.data.previous_attributes = copy(previous)
    this.positions.set(event.id, this.log.length)
    this.log.push(event)
    for (const listener of this.listeners) listener(event)
    return event
  }

  /** An event that is still kept: Stripe lists and returns 30 days. https://docs.stripe.com/api/events */
  get(id: string, nowSeconds: number): WireEvent | undefined {
    const event = this.log[this.positions.get(id) ?? -1]
    return event && event.created > nowSeconds - RETENTION_SECONDS ? event : undefined
  }

  position(id: string): number | undefined {
    return this.positions.get(id)
  }

  oldestKept(nowSeconds: number): number {
    return nowSeconds - RETENTION_SECONDS
  }
}

/** A copy as Stripe shows it inside events and answers: embedded line lists hold the first ten. */
export function snapshot<T extends Identified>(object: T): T {
  const shown = copy(object)
  truncateLines(shown)
  return shown
}

function truncateLines(object: object): void {
  if (!('lines' in object)) return
  const lines = object.lines
  if (!lines || typeof lines !== 'object' || !('data' in lines) || !Array.isArray(lines.data)) return
  if (lines.data.length > EMBEDDED_LINES) {
    lines.data.length = EMBEDDED_LINES
    Object.assign(lines, { has_more: true })
  }
}

/** What `after` changed, told with the values it had before; undefined when nothing did. Lists are told whole. */
export function differences(before: object, after: object): Record<string, unknown> | undefined {
  let previous: Record<string, unknown> | undefined
  const former = new Map<string, unknown>(Object.entries(before))
  const present = new Map<string, unknown>(Object.entries(after))
  for (const key of new Set([...former.keys(), ...present.keys()])) {
    const was = former.get(key)
    const is = present.get(key)
    if (was === is) continue
    if (isRecord(was) && isRecord(is)) {
      const inner = differences(was, is)
      if (inner) previous = { ...previous, [key]: inner }
      continue
    }
    if (Array.isArray(was) && Array.isArray(is) && JSON.stringify(was) === JSON.stringify(is)) continue
    previous = { ...previous, [key]: was === undefined ? null : was }
  }
  return previous
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
