// Finds what never arrived and what never ended. Stripe's own list of events is compared with the ledger, ALL of it
// (Stripe's `delivery_success` speaks of its webhook, not of our queues); what is missing goes the same way as a
// webhook would have. Differences in the remote records are not this file's business.
import type Stripe from 'stripe'
import type { Clock } from '../../shared/clock.ts'
import { nowSeconds } from '../../shared/clock.ts'
import type { JsonObject, Manifest } from '../../shared/connector/contract.ts'
import type { Accept } from '../../shared/intake/accept.ts'
import type { Ledger } from '../../shared/ledger/ledger.ts'
import type { EventRow } from '../../shared/ledger/rows.ts'
import type { Log } from '../../shared/log.ts'
import { withMetrics } from '../../shared/metrics.ts'
import { encodeEvent, type SpillStore } from '../../shared/queue/message.ts'
import type { Queues } from '../../shared/queue/queues.ts'
import { translateStripeError } from '../../shared/stripe/errors.ts'
import { type LaneState, reportLaneHealth } from './lane-health.ts'

export interface SweepOptions {
  stripe: Stripe
  ledger: Ledger
  accept: Accept
  queues: Queues
  spill: SpillStore
  manifests: readonly Manifest[]
  clock: Clock
  log: Log
}

export interface SweepReport {
  /** Events that Stripe lists in the window. */
  listed: number
  /** Events that no webhook had brought, now accepted. */
  recovered: string[]
  /** Deliveries older than an hour without an end, sent again. */
  resent: number
  /** Objects that wait and were not tried for an hour, touched. */
  touched: number
}

/** Stripe keeps events for 30 days: https://docs.stripe.com/api/events */
const STRIPE_KEEPS_SECONDS = 30 * 86_400
/** An event may be listed a little after its second. */
const OVERLAP_SECONDS = 300
const ENDED_AFTER_SECONDS = 3_600
/** An event that is younger may still be on its way. */
const WEBHOOK_HAS_SECONDS = 300
const CURSOR = 'sweep'

export async function runSweep(options: SweepOptions): Promise<SweepReport> {
  const { ledger, clock, log } = options
  const now = nowSeconds(clock)
  const cursor = await ledger.readCursor(CURSOR)
  const from = Math.max(
    Number(cursor?.untilSeconds ?? 0) - OVERLAP_SECONDS - ENDED_AFTER_SECONDS,
    now - STRIPE_KEEPS_SECONDS,
  )
  const report: SweepReport = { listed: 0, recovered: [], resent: 0, touched: 0 }
  const pauses = await readPauses(options)
  const moving = new Set(pauses.filter(isMoving).map(({ manifest }) => manifest.name))
  let late = 0
  const unendedSinceMs = new Map<string, number>()

  for await (const page of listEvents(options.stripe, from)) {
    report.listed += page.length
    const known = await ledger.knownEvents(page.map((event) => String(event.id)))
    for (const event of page) {
      if (known.has(String(event.id))) continue
      const { outcome } = await options.accept(JSON.stringify(event))
      if (outcome !== 'accepted') continue
      report.recovered.push(String(event.id))
      if (Number(event.created) < now - WEBHOOK_HAS_SECONDS) late += 1
    }
    for (const { connector, receivedAtMs } of await resendUnended(page, known, now, { ...options, moving })) {
      report.resent += 1
      unendedSinceMs.set(connector, Math.min(receivedAtMs, unendedSinceMs.get(connector) ?? receivedAtMs))
    }
  }
  const lanes = await Promise.all(pauses.map((lane) => readWaiting(lane, ledger)))
  report.touched = await touchWaiting(now, lanes, options)
  await reportLaneHealth(lanes, unendedSinceMs, options)
  await ledger.writeCursor(CURSOR, { untilSeconds: now })
  log({
    line: 'sweep',
    listed: report.listed,
    recovered: report.recovered.length,
    resent: report.resent,
    touched: report.touched,
    ...withMetrics(clock, { Recovered: late }),
  })
  return report
}

interface Resending extends SweepOptions {
  moving: ReadonlySet<string>
}

const readPauses = ({ ledger, manifests }: SweepOptions) =>
  Promise.all(manifests.map(async (manifest) => ({ manifest, paused: await ledger.readLane(manifest.name) })))

/** The lake keeps no row for each event: nobody waits there. */
const readWaiting = async (lane: Omit<LaneState, 'waiting'>, ledger: Ledger): Promise<LaneState> => ({
  ...lane,
  waiting: lane.manifest.style === 'projection' ? await ledger.troubled(lane.manifest.name, 'waiting') : [],
})

/**
 * A lane that keeps rows and does not stand still. What waits in one that does is in its queue: sending it again at each
 * sweep would fill that, and nobody would be helped.
 */
const isMoving = ({ manifest, paused }: Omit<LaneState, 'waiting'>): boolean =>
  manifest.style === 'projection' && !paused

/** Pages of 100, newest first, in the wire's own form (decimals are strings). */
async function* listEvents(stripe: Stripe, fromSeconds: number): AsyncGenerator<JsonObject[]> {
  let after = ''
  for (;;) {
    const path = `/v1/events?limit=100&created[gte]=${fromSeconds}${after && `&starting_after=${after}`}`
    const page = await stripe.rawRequest('GET', path).catch((error: unknown) => {
      throw translateStripeError(error, 'listing events', false)
    })
    const events = page.data as JsonObject[]
    if (events.length > 0) yield events
    const last = events.at(-1)
    if (page.has_more !== true || !last) return
    after = String(last.id)
  }
}

/** An event that is in the ledger and, an hour later, has no end in a connector: its message is lost, or was. */
async function resendUnended(
  page: readonly JsonObject[],
  known: ReadonlyMap<string, EventRow>,
  now: number,
  { ledger, moving, queues, spill }: Resending,
): Promise<{ connector: string; receivedAtMs: number }[]> {
  const old = page.flatMap((event) => {
    const row = known.get(String(event.id))
    if (!row || row.receivedAtMs / 1000 > now - ENDED_AFTER_SECONDS) return []
    return row.connectors.filter((name) => moving.has(name)).map((connector) => ({ event, row, connector }))
  })
  const ended = await ledger.endedDeliveries(
    old.map(({ row, connector }) => ({ eventId: row.id, connector })),
  )
  const resent: { connector: string; receivedAtMs: number }[] = []
  for (const { event, row, connector } of old) {
    if (ended.has(`${row.id} ${connector}`)) continue
    const body = JSON.stringify(event)
    await queues.send(
      connector,
      await encodeEvent({ id: row.id, body, receivedAtMs: row.receivedAtMs }, spill),
    )
    resent.push({ connector, receivedAtMs: row.receivedAtMs })
  }
  return resent
}

/** Whoever waits and was not tried for an hour has perhaps lost the message that would bring it back. */
async function touchWaiting(
  now: number,
  lanes: readonly LaneState[],
  { queues }: SweepOptions,
): Promise<number> {
  let touched = 0
  for (const { manifest, waiting } of lanes.filter(isMoving)) {
    const old = waiting.filter(
      ({ trouble }) => trouble && (trouble.lastMs ?? trouble.sinceMs) / 1000 < now - ENDED_AFTER_SECONDS,
    )
    await queues.touch(
      manifest.name,
      old.map(({ ref }) => ({ object: ref, reason: 'sweep' })),
    )
    touched += old.length
  }
  return touched
}
