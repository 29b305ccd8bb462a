// What Stripe does by itself: its clockwork, and its webhooks on their way to ingest. Deliveries are doubled, delayed,
// brought out of order, or lost though Stripe believes them delivered.
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import type { StripeSimulator } from '../../local/simulators/stripe/server.ts'
import type { Delivery } from '../../local/simulators/stripe/webhooks.ts'
import type { Dice } from './dice.ts'
import type { Faults } from './faults/faults.ts'
import type { Process, Scheduler, Source } from './scheduler.ts'

export type WebhookHandler = (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyStructuredResultV2>

export interface StripeSideOptions {
  stripe: StripeSimulator
  scheduler: Scheduler
  faults: Faults
  dice: Dice
  /** Beyond this moment Stripe's clockwork is not waited for. */
  horizonMs: () => number
  /** Whether the ledger has its row: no answer may say 2xx before. */
  isRecorded(eventId: string): boolean
  start(name: string): { process: Process; handler: WebhookHandler }
}

interface Parcel {
  delivery: Delivery
  dueMs: number
}

const SANDBOXES = 3
const SECOND_MS = 1_000
/** API Gateway gives up on its function. */
const TIMEOUT_MS = 29_000

/** Drafts finalize, trials end, payments settle: each at its own time. */
export const stripeClockwork = ({ stripe, scheduler, horizonMs }: StripeSideOptions): Source => ({
  dueMs: () => {
    const next = stripe.nextDue()
    return next !== undefined && next <= Math.max(horizonMs(), scheduler.clock.now()) ? next : undefined
  },
  run: () => stripe.runDue(),
})

export class Webhooks implements Source {
  /** When the delivery of an event was first answered 2xx, by its id. */
  readonly acknowledged = new Map<string, number>()
  /** Events that were acknowledged before they had a row. */
  readonly tooEarly: string[] = []
  private readonly options: StripeSideOptions
  private readonly parcels: Parcel[] = []
  private readonly sandboxes: ({ process: Process; handler: WebhookHandler; busy: boolean } | undefined)[]
  private started = 0

  constructor(options: StripeSideOptions) {
    this.options = options
    this.sandboxes = Array.from({ length: SANDBOXES }, () => undefined)
  }

  dueMs(): number | undefined {
    const moments = [this.options.stripe.deliveryBacklog().nextDue ?? Number.POSITIVE_INFINITY]
    if (this.freeSlot() >= 0) moments.push(...this.parcels.map(({ dueMs }) => dueMs))
    const next = Math.min(...moments)
    return Number.isFinite(next) ? next : undefined
  }

  run(): void {
    this.pickUp()
    const now = this.options.scheduler.clock.now()
    const due = this.parcels.filter(({ dueMs }) => dueMs <= now)
    const slot = this.freeSlot()
    const first = due[0]
    if (!first || slot < 0) return
    this.bring(this.choose(first, due), slot)
  }

  private choose(first: Parcel, due: readonly Parcel[]): Parcel {
    const { dice, faults } = this.options
    if (due.length < 2 || !faults.strikes('webhook-shuffled', 0.5, first.delivery.eventId)) return first
    const chosen = dice.pick(due)
    if (chosen !== first) faults.hit('webhook-shuffled')
    return chosen
  }

  private pickUp(): void {
    const { dice, faults, scheduler, stripe } = this.options
    const now = scheduler.clock.now()
    for (const delivery of stripe.takeDeliveries()) {
      const at = `${delivery.type} ${delivery.eventId}`
      if (faults.strikes('webhook-lost', 0.06, at)) {
        faults.hit('webhook-lost')
        delivery.settle(200)
        continue
      }
      const delayed = faults.strikes('webhook-delayed', 0.1, at)
      if (delayed) faults.hit('webhook-delayed')
      // Beyond five minutes the signature is stale: refused, and sent again by Stripe.
      const longest = dice.chance(0.3) ? 7_000 : 290
      const dueMs = now + (delayed ? dice.between(5, longest) * SECOND_MS : 0)
      this.parcels.push({ delivery, dueMs })
      if (faults.strikes('webhook-duplicated', 0.1, at)) {
        faults.hit('webhook-duplicated')
        const copy = { ...delivery, settle: () => undefined }
        this.parcels.push({ delivery: copy, dueMs: now + dice.pick([0, 0, 1, 60, 240]) * SECOND_MS })
      }
    }
  }

  private freeSlot(): number {
    return this.sandboxes.findIndex((sandbox) => !sandbox?.busy)
  }

  private bring(parcel: Parcel, slot: number): void {
    const { scheduler } = this.options
    this.parcels.splice(this.parcels.indexOf(parcel), 1)
    let sandbox = this.sandboxes[slot]
    if (!sandbox || sandbox.process.dead) {
      this.started += 1
      sandbox = { ...this.options.start(`ingest#${this.started}`), busy: false }
      this.sandboxes[slot] = sandbox
    }
    const { delivery } = parcel
    const { handler, process } = sandbox
    const own = sandbox
    own.busy = true
    scheduler.trace.write(process.name, `receives ${delivery.type} ${delivery.eventId}`)
    let over = false
    const answer = (status: number) => {
      if (over) return
      over = true
      cancelTimeout()
      own.busy = false
      scheduler.trace.write(process.name, `answers ${status} to ${delivery.eventId}`)
      if (status === 200 && !this.options.isRecorded(delivery.eventId)) this.tooEarly.push(delivery.eventId)
      if (status === 200 && !this.acknowledged.has(delivery.eventId))
        this.acknowledged.set(delivery.eventId, scheduler.clock.now())
      delivery.settle(status)
    }
    const cancelTimeout = scheduler.at(scheduler.clock.now() + TIMEOUT_MS, () => {
      answer(504)
      scheduler.kill(process, 'is stopped at its deadline')
    })
    const request = {
      version: '2.0',
      body: Buffer.from(delivery.body).toString('base64'),
      isBase64Encoded: true,
      headers: delivery.headers,
    } as unknown as APIGatewayProxyEventV2
    scheduler.invoke(
      process,
      () => handler(request),
      (ending) => answer(ending.how === 'answered' ? (ending.answer.statusCode ?? 200) : 502),
    )
  }
}
