// Two hubs whose requests are counted: the same month of renewals, each event alone and all lanes drained before the next
// (quiet), and all at the same second (busy). The bench's hubs, with simulators for vendors and AWS embedded.
import { createCatalog } from '../../local/demo/catalog.ts'
import { inventCustomers } from '../../local/demo/customers.ts'
import { type BenchHub, DAY_MS, openBenchHub, SEED, signUp, troubledObjects } from '../bench/bench-hub.ts'
import { progress } from '../bench/measurement.ts'
import { deliverOneByOne } from '../bench/quiet-run.ts'
import { SqsWire } from '../bench/sqs-wire.ts'
import type { Counts } from './counts.ts'
import { HeardLines } from './heard-lines.ts'

export interface Played {
  counts: Counts
  metrics: number
  /** For when all is printed: what a hub still has under way ends with it. */
  close(): Promise<void>
}

const SENDS = ['SendMessage', 'SendMessageBatch', 'ChangeMessageVisibilityBatch']
const VENDORS = ['stripe', 'salesforce', 'netsuite', 'avalara'] as const

export const playQuiet = (customers: number): Promise<Played> =>
  play(customers, async (bench, untilMs) => {
    const { hub, clock } = bench
    let events = 0
    for (let nextMs = hub.vendors.stripe.nextDue(); nextMs && nextMs < untilMs; ) {
      if (nextMs > clock.now()) clock.advance(nextMs - clock.now())
      hub.vendors.stripe.runDue()
      events += (await deliverOneByOne(bench)).length
      nextMs = hub.vendors.stripe.nextDue()
    }
    return events
  })

export const playBusy = (customers: number): Promise<Played> =>
  play(customers, async ({ player }, untilMs) => {
    const before = player.deliveries.accepted
    await player.playUntil(untilMs)
    await player.playUntilQuiet(DAY_MS)
    return player.deliveries.accepted - before
  })

/** @param renew plays the renewals, and says how many events that were. Nobody but the hub calls a vendor meanwhile. */
async function play(
  customers: number,
  renew: (bench: BenchHub, untilMs: number) => Promise<number>,
): Promise<Played> {
  const heard = new HeardLines()
  const bench = await openBenchHub(heard.hear)
  const { hub, clock, player, units } = bench
  const sqs = new SqsWire()
  const startMs = clock.now()
  const catalog = await createCatalog(hub.stripe)
  for (const profile of inventCustomers(SEED, customers)) await signUp(hub.stripe, catalog, profile)
  await player.playUntil(startMs + 20 * DAY_MS)
  progress(`  ${customers} customers stand`)
  const sends = () => SENDS.reduce((sum, operation) => sum + sqs.count(operation), 0)
  const calls = () =>
    VENDORS.map((vendor) =>
      [...hub.vendors[vendor].calls.byRoute.values()].reduce((sum, each) => sum + each, 0),
    )
  const before = { sends: sends(), calls: calls(), bytes: units.standingBytes() }
  units.reset()
  heard.reset()
  const events = await renew(bench, startMs + 34 * DAY_MS)
  progress(`  renewed, ${events} events`)
  const troubled = await troubledObjects(hub)
  if (troubled > 0)
    throw new Error(`${troubled} objects wait or are parked: the counts are of work left undone.`)
  const { charged } = units
  const now = calls()
  return {
    metrics: heard.metrics.size,
    close: bench.close,
    counts: {
      events,
      writeUnits: [...charged.units.values()].reduce((sum, each) => sum + each, 0),
      readUnits: charged.readUnits,
      sqsSends: sends() - before.sends,
      sqsReceives: heard.receives,
      laneInvocations: heard.batches,
      vendorCalls: Object.fromEntries(
        VENDORS.map((vendor, index) => [vendor, (now[index] ?? 0) - (before.calls[index] ?? 0)]),
      ),
      lakeFiles: heard.files,
      lakeBytes: heard.fileBytes,
      logBytes: heard.bytes,
      storedBytes: units.standingBytes() - before.bytes,
    },
  }
}
