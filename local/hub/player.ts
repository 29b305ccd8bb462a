// Plays time: moves the one clock from one moment at which something happens to the next, lets Stripe do what is due,
// carries its webhooks to the front door and waits until every lane is quiet. Hours of waiting take milliseconds, and
// nothing is skipped.
import type { Clock } from '../../shared/clock.ts'
import type { Delivery } from '../simulators/stripe/webhooks.ts'
import type { LocalHub } from './hub.ts'

/** A clock that stands still until it is moved. */
export interface MovableClock extends Clock {
  advance(byMs: number): void
}

export interface Mischief {
  /** Share of deliveries that Stripe sends twice. */
  duplicates: number
  /** How far deliveries may be moved within their batch. */
  shuffle: number
}

export interface PlayedDeliveries {
  sent: number
  accepted: number
  duplicates: number
  rejected: number
}

/** Requests to the front door at once. */
const PARALLEL_POSTS = 8
const MINUTE_MS = 60_000

export class Player {
  private readonly hub: LocalHub
  private readonly clock: MovableClock
  private readonly mischief: Mischief
  private breakerAtMs: number | undefined
  readonly deliveries: PlayedDeliveries = { sent: 0, accepted: 0, duplicates: 0, rejected: 0 }

  constructor(hub: LocalHub, clock: MovableClock, mischief: Mischief) {
    this.hub = hub
    this.clock = clock
    this.mischief = mischief
  }

  /** A lane was paused: the breaker looks each minute from now on, as its schedule would, until none is. */
  watchLanes(): void {
    this.breakerAtMs ??= this.clock.now() + MINUTE_MS
  }

  /** Plays until the moment, everything that falls due before it included. */
  async playUntil(untilMs: number): Promise<void> {
    for (;;) {
      await this.workOffThePresent()
      const next = this.nextMoment()
      if (next === undefined || next >= untilMs) break
      await this.moveTo(next)
    }
    await this.moveTo(untilMs)
    await this.workOffThePresent()
  }

  /** Plays on until no lane has anything left to do, however far that is; work of Stripe's own is not waited for. */
  async playUntilQuiet(limitMs: number): Promise<void> {
    const until = this.clock.now() + limitMs
    for (;;) {
      await this.workOffThePresent()
      const next = [this.hub.aws.nextDueMs(), this.breakerAtMs].filter((moment) => moment !== undefined)
      if (next.length === 0 || Math.min(...next) > until) return
      await this.moveTo(Math.min(...next))
    }
  }

  private nextMoment(): number | undefined {
    const { stripe } = this.hub.vendors
    const moments = [
      this.hub.aws.nextDueMs(),
      stripe.nextDue(),
      stripe.deliveryBacklog().nextDue,
      this.breakerAtMs,
    ]
    const known = moments.filter((moment) => moment !== undefined)
    return known.length > 0 ? Math.min(...known) : undefined
  }

  private async moveTo(moment: number): Promise<void> {
    if (moment > this.clock.now()) this.clock.advance(moment - this.clock.now())
    this.hub.vendors.stripe.runDue()
    if (this.breakerAtMs !== undefined && this.breakerAtMs <= this.clock.now()) {
      await this.hub.runBreaker()
      const lanes = await Promise.all(
        this.hub.lanes.map(({ connector }) => this.hub.ledger.readLane(connector)),
      )
      this.breakerAtMs = lanes.some((lane) => lane) ? this.clock.now() + MINUTE_MS : undefined
    }
    this.hub.aws.wake()
  }

  private async workOffThePresent(): Promise<void> {
    do {
      await this.deliverWebhooks()
      await this.hub.aws.whenQuiet()
    } while (this.deliveriesDue())
  }

  private deliveriesDue(): boolean {
    const { nextDue } = this.hub.vendors.stripe.deliveryBacklog()
    return nextDue !== undefined && nextDue <= this.clock.now()
  }

  private async deliverWebhooks(): Promise<void> {
    const deliveries = this.hub.vendors.stripe.takeDeliveries(this.mischief)
    let next = 0
    const carry = async () => {
      for (let delivery = deliveries[next++]; delivery; delivery = deliveries[next++]) {
        const answer = await post(delivery)
        this.count(answer.status, await answer.text())
        delivery.settle(answer.status)
      }
    }
    await Promise.all(Array.from({ length: PARALLEL_POSTS }, carry))
  }

  private count(status: number, text: string): void {
    this.deliveries.sent += 1
    if (status !== 200 || text.startsWith('Recorded as rejected')) this.deliveries.rejected += 1
    else if (text === 'duplicate') this.deliveries.duplicates += 1
    else this.deliveries.accepted += 1
  }
}

const POST_ATTEMPTS = 3

/** On a machine that is short of time an idle connection can be cut as it is used again: sent again, as Stripe would. */
async function post({ url, body, headers }: Delivery): Promise<Response> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await fetch(url, { method: 'POST', body, headers })
    } catch (error) {
      if (attempt === POST_ATTEMPTS) throw error
    }
  }
}
