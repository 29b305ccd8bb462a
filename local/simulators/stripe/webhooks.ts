// Delivery of events to webhook endpoints: signed as Stripe signs, retried on the simulator's clock, doubled and
// disordered when asked. Whoever runs the simulator fetches deliveries and says how each was answered; nothing is
// sent by itself. https://docs.stripe.com/webhooks · https://docs.stripe.com/webhooks/signature
import { createHmac } from 'node:crypto'
import { HOUR } from './calendar.ts'
import { seededRandom } from './ids.ts'
import type { WebhookEndpoint, WireEvent } from './wire.ts'
import type { World } from './world.ts'

const MINUTE = 60
/** Live mode: up to three days with growing gaps; the gaps themselves are not published. */
const LIVE_GAPS = [
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  ...Array.from({ length: 5 }, () => 12 * HOUR),
]
/** Sandboxes: three tries within a few hours. */
const SANDBOX_GAPS = [5 * MINUTE, HOUR]
const RETRY_FOR = 72 * HOUR

export interface EndpointOptions {
  url: string
  /** Chosen when left out; the endpoint object holds it. */
  secret?: string
  enabledEvents?: readonly string[]
  /** The version in which it is told events; null: the account's default. Absent: as events are rendered here. */
  apiVersion?: string | null
  /** Deliver thin events (v2.core.event) in place of snapshots. https://docs.stripe.com/event-destinations */
  thin?: boolean
  description?: string | null
  metadata?: Record<string, string>
}

export interface Delivery {
  endpointId: string
  url: string
  eventId: string
  type: string
  /** 1 for the first try. */
  attempt: number
  /** A second copy of a delivery in the same batch. */
  duplicate: boolean
  body: string
  headers: Record<string, string>
  /** How it was answered: a 2xx ends it, anything else (0: unreachable) brings it back later. */
  settle(status: number): void
}

export interface TakeOptions {
  /** Share of deliveries that come twice, 0 to 1. */
  duplicates?: number
  /** How many places a delivery may move in the batch; 0 keeps the order. */
  shuffle?: number
  /** At most this many. */
  limit?: number
}

interface Waiting {
  event: WireEvent
  endpoint: WebhookEndpoint
  attempt: number
  dueAt: number
}

export class Webhooks {
  private readonly world: World
  private readonly random: () => number
  private waiting: Waiting[] = []
  private readonly thinEndpoints = new Set<string>()

  constructor(world: World) {
    this.world = world
    this.random = seededRandom(world.settings.seed ^ 0x77656268)
    world.events.onEvent((event) => this.enqueue(event))
  }

  addEndpoint(options: EndpointOptions): WebhookEndpoint {
    const { world } = this
    const endpoint: WebhookEndpoint = {
      id: world.ids.next('we'),
      object: 'webhook_endpoint',
      api_version: options.apiVersion === undefined ? world.settings.eventApiVersion : options.apiVersion,
      application: null,
      created: world.seconds(),
      description: options.description ?? null,
      enabled_events: [...(options.enabledEvents ?? ['*'])],
      livemode: world.settings.livemode,
      metadata: options.metadata ?? {},
      secret: options.secret ?? `whsec_${world.ids.characters('whsec', 32)}`,
      status: 'enabled',
      url: options.url,
    }
    if (options.thin) this.thinEndpoints.add(endpoint.id)
    return world.store.webhookEndpoints.add(endpoint)
  }

  /** Deliveries that wait, due or not. */
  get backlog(): number {
    return this.waiting.length
  }

  /** Milliseconds of the earliest delivery that waits. */
  nextDue(): number | undefined {
    return this.waiting.length === 0 ? undefined : Math.min(...this.waiting.map((each) => each.dueAt)) * 1000
  }

  private enqueue(event: WireEvent): void {
    for (const endpoint of this.world.store.webhookEndpoints.all()) {
      if (endpoint.status !== 'enabled') continue
      if (!endpoint.enabled_events.includes('*') && !endpoint.enabled_events.includes(event.type)) continue
      event.pending_webhooks += 1
      this.waiting.push({ event, endpoint, attempt: 1, dueAt: event.created })
    }
  }

  /** Takes everything that is due. A delivery that is never settled stays pending and does not come back. */
  takeDeliveries(options: TakeOptions = {}): Delivery[] {
    const at = this.world.seconds()
    const due: Waiting[] = []
    const later: Waiting[] = []
    for (const each of this.waiting)
      (each.dueAt <= at && due.length < (options.limit ?? Number.POSITIVE_INFINITY) ? due : later).push(each)
    this.waiting = later
    const batch = due.map((each) => this.sign(each, false))
    const doubled = batch.flatMap((delivery, index) => {
      const again = due[index]
      return again && options.duplicates && this.random() < options.duplicates
        ? [delivery, this.sign(again, true)]
        : [delivery]
    })
    if (!options.shuffle) return doubled
    const window = options.shuffle
    return doubled
      .map((delivery, index) => ({ delivery, key: index + this.random() * window }))
      .sort((a, b) => a.key - b.key)
      .map(({ delivery }) => delivery)
  }

  /** Takes and posts everything due, a few at a time, and settles each by its answer. */
  async deliver(
    options: TakeOptions & { concurrency?: number; timeoutMs?: number } = {},
  ): Promise<{ delivered: number; failed: number }> {
    const queue = this.takeDeliveries(options)
    const result = { delivered: 0, failed: 0 }
    const work = async (): Promise<void> => {
      for (let delivery = queue.shift(); delivery; delivery = queue.shift()) {
        const { url, body, headers } = delivery
        const status = await fetch(url, {
          method: 'POST',
          body,
          headers,
          signal: AbortSignal.timeout(options.timeoutMs ?? 20_000),
        })
          .then(async (response) => {
            await response.arrayBuffer()
            return response.status
          })
          // An endpoint that cannot be reached is retried like one that refuses.
          .catch(() => 0)
        delivery.settle(status)
        if (status >= 200 && status < 300) result.delivered += 1
        else result.failed += 1
      }
    }
    await Promise.all(Array.from({ length: options.concurrency ?? 4 }, work))
    return result
  }

  private sign(waiting: Waiting, duplicate: boolean): Delivery {
    const { event, endpoint, attempt } = waiting
    const body = JSON.stringify(this.thinEndpoints.has(endpoint.id) ? thinEvent(event) : event)
    let settled = duplicate
    return {
      endpointId: endpoint.id,
      url: endpoint.url,
      eventId: event.id,
      type: event.type,
      attempt,
      duplicate,
      body,
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
        'stripe-signature': signature(body, endpoint.secret ?? '', this.world.seconds()),
      },
      settle: (status) => {
        if (settled) return
        settled = true
        if (status >= 200 && status < 300) event.pending_webhooks -= 1
        else this.retry(waiting)
      },
    }
  }

  private retry(waiting: Waiting): void {
    const gap = (this.world.settings.livemode ? LIVE_GAPS : SANDBOX_GAPS)[waiting.attempt - 1]
    const dueAt = this.world.seconds() + (gap ?? 0)
    if (gap === undefined || dueAt > waiting.event.created + RETRY_FOR) return
    this.waiting.push({ ...waiting, attempt: waiting.attempt + 1, dueAt })
  }
}

/** `t=…,v1=…`: HMAC-SHA256 of `t.body` under the endpoint's secret. */
export function signature(body: string, secret: string, atSeconds: number): string {
  const digest = createHmac('sha256', secret).update(`${atSeconds}.${body}`).digest('hex')
  return `t=${atSeconds},v1=${digest}`
}

const COLLECTION_PATHS: Record<string, string> = {
  'billing.credit_balance_transaction': 'billing/credit_balance_transactions',
  'billing.credit_grant': 'billing/credit_grants',
  'radar.early_fraud_warning': 'radar/early_fraud_warnings',
  billing_portal: 'billing_portal',
  invoice_payment: 'invoice_payments',
  invoiceitem: 'invoiceitems',
  payment_intent: 'payment_intents',
}

export const thinIdOf = (eventId: string): string => `evt_test_${eventId.slice('evt_'.length)}`
export const snapshotIdOf = (thinId: string): string => `evt_${thinId.replace(/^evt_(test_)?/, '')}`

/** The thin form of an event: https://docs.stripe.com/api/v2/core/events/object */
export function thinEvent(event: WireEvent): Record<string, unknown> {
  const { id, object } = event.data.object
  return {
    id: thinIdOf(event.id),
    object: 'v2.core.event',
    type: `v1.${event.type}`,
    created: new Date(event.created * 1000).toISOString(),
    livemode: event.livemode,
    reason: event.request.id
      ? {
          type: 'request',
          request: { id: event.request.id, idempotency_key: event.request.idempotency_key ?? '' },
        }
      : null,
    related_object: { id, type: object, url: `/v1/${COLLECTION_PATHS[object] ?? `${object}s`}/${id}` },
    snapshot_event: event.id,
  }
}

/** The same event as Amazon EventBridge carries it: https://docs.stripe.com/event-destinations/eventbridge */
export function eventBridgeEnvelope(
  event: WireEvent,
  options: { accountId: string; region: string; destination: string },
): Record<string, unknown> {
  const source = `aws.partner/stripe.com/${options.destination}`
  return {
    version: '0',
    id: event.id,
    'detail-type': event.type,
    source,
    account: options.accountId,
    time: new Date(event.created * 1000).toISOString().replace('.000Z', 'Z'),
    region: options.region,
    resources: [`arn:aws:events:${options.region}::event-source/${source}`],
    detail: event,
  }
}
