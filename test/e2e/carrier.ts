// Carries the simulated Stripe's signed webhooks to the deployed HTTP API, as Stripe would: some twice, some out of order,
// some never. What is not answered 200 is sent again, as Stripe does; after seconds, where Stripe takes minutes.
import { setTimeout as sleep } from 'node:timers/promises'
import type { StripeSimulator } from '../../local/simulators/stripe/server.ts'
import type { Delivery } from '../../local/simulators/stripe/webhooks.ts'

export interface CarrierOptions {
  stripe: StripeSimulator
  url: string
  /** One in so many deliveries is lost on the way and never sent again. */
  loseOneIn: number
}

export interface Carried {
  accepted: number
  duplicates: number
  /** Taken in, and recorded as of no use. */
  rejected: number
  /** Answered with anything but 200, and sent again. */
  again: number
  /** Ids of events that never arrived. */
  lost: string[]
}

const PARALLEL_POSTS = 6
const PAUSE_MS = 100
const AGAIN_AFTER_MS = 3_000
/** Longer than any deployment takes; what still fails then is left to Stripe's own, later tries. */
const TRIES = 40
/** A request to a function that is being replaced may hang. */
const PATIENCE_MS = 30_000
const MISCHIEF = { duplicates: 0.03, shuffle: 20 }

export class Carrier {
  readonly carried: Carried = { accepted: 0, duplicates: 0, rejected: 0, again: 0, lost: [] }
  private readonly options: CarrierOptions
  private readonly seen = new Map<string, number>()
  private going: Promise<void> | undefined
  private isStopping = false
  private failure: unknown

  constructor(options: CarrierOptions) {
    this.options = options
  }

  start(): void {
    this.going = this.carryOn().catch((error: unknown) => {
      this.failure = error
    })
  }

  async stop(): Promise<void> {
    this.isStopping = true
    await this.going
    this.throwIfFailed()
  }

  /** Nothing is waiting to be sent, nor will anything happen in Stripe within a minute. */
  isQuiet(nowMs: number): boolean {
    this.throwIfFailed()
    const { stripe } = this.options
    return stripe.deliveryBacklog().waiting === 0 && (stripe.nextDue() ?? Infinity) > nowMs + 60_000
  }

  private throwIfFailed(): void {
    if (this.failure) throw this.failure
  }

  private async carryOn(): Promise<void> {
    while (!this.isStopping) {
      this.options.stripe.runDue()
      const deliveries = this.options.stripe.takeDeliveries(MISCHIEF)
      let next = 0
      const carry = async () => {
        for (let delivery = deliveries[next++]; delivery; delivery = deliveries[next++]) {
          if (this.isLost(delivery.eventId)) continue
          delivery.settle(await this.carry(delivery))
        }
      }
      await Promise.all(Array.from({ length: PARALLEL_POSTS }, carry))
      await sleep(PAUSE_MS)
    }
  }

  private async carry(delivery: Delivery): Promise<number> {
    for (let attempt = 1; ; attempt += 1) {
      const { status, text } = await post(delivery)
      if (status === 200) {
        if (text === 'duplicate') this.carried.duplicates += 1
        else if (text.startsWith('Recorded as rejected')) this.carried.rejected += 1
        else this.carried.accepted += 1
        return status
      }
      this.carried.again += 1
      if (attempt === TRIES) return status
      await sleep(AGAIN_AFTER_MS)
    }
  }

  /** All copies of an event share its fate. */
  private isLost(eventId: string): boolean {
    const known = this.seen.get(eventId)
    const place = known ?? this.seen.size + 1
    this.seen.set(eventId, place)
    const lost = place % this.options.loseOneIn === 0
    if (lost && known === undefined) this.carried.lost.push(eventId)
    return lost
  }
}

async function post({ url, body, headers }: Delivery): Promise<{ status: number; text: string }> {
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS)
    const answer = await fetch(url, { method: 'POST', body, headers, signal })
    return { status: answer.status, text: await answer.text() }
  } catch {
    // No answer: Stripe sends again.
    return { status: 0, text: '' }
  }
}
