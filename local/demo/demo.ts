// `hub demo`: a billing month in a minute or two. Starts the local hub, plays the month against it with webhooks that
// come twice and out of order and a NetSuite that is down for a while, and lays all systems beside Stripe.
import process from 'node:process'
import type { Log } from '../../shared/log.ts'
import { type LocalHub, startLocalHub } from '../hub/hub.ts'
import { LocalClock } from '../hub/local-clock.ts'
import { createLogFile } from '../hub/log-file.ts'
import { Player } from '../hub/player.ts'
import type { VendorPorts } from '../hub/vendors.ts'
import { MONTH_DAYS, planMonth } from './month.ts'
import { clearFolder, type Outcome, readOutcome } from './outcome.ts'
import { createProgress } from './progress.ts'
import { Tally } from './tally.ts'

export interface DemoOptions {
  seed: number
  customers: number
  folder: string
  ports?: VendorPorts & { hub?: number }
  /** Told once the hub answers. */
  onReady?: (hub: LocalHub, seconds: number) => void
}

export interface PlayedDemo {
  hub: LocalHub
  clock: LocalClock
  player: Player
  outcome: Outcome
  tally: Tally
  seconds: number
}

const DAY_MS = 86_400_000
/** What is left after the month's end: retries, verifications. */
const AFTERMATH_MS = 2 * 3_600_000

export async function playDemo(options: DemoOptions): Promise<PlayedDemo> {
  const startedMs = Date.now()
  await clearFolder(options.folder)
  const clock = new LocalClock(Math.floor(startedMs / 1000) * 1000 - MONTH_DAYS * DAY_MS - AFTERMATH_MS)
  const monthStartMs = clock.now()
  const tally = new Tally()
  const write = createLogFile(options.folder)
  let player: Player | undefined
  const log: Log = (line) => {
    tally.log(line)
    if (line.line === 'paused') player?.watchLanes()
    write(line)
  }
  const hub = await startLocalHub({
    clock,
    seed: options.seed,
    folder: options.folder,
    ports: options.ports,
    log,
  })
  options.onReady?.(hub, (Date.now() - startedMs) / 1000)
  player = new Player(hub, clock, { duplicates: 0.03, shuffle: 20 })

  const progress = createProgress(process.stderr)
  const acts = planMonth({
    stripe: hub.stripe,
    seed: options.seed,
    customers: options.customers,
    startMs: monthStartMs,
    declinePayments: async (customer, times) => hub.vendors.stripe.failNextPayments(customer, times),
  })
  const day = () => Math.floor((clock.now() - monthStartMs) / DAY_MS)
  for (const act of acts) {
    await player.playUntil(act.atMs)
    progress.show(day(), MONTH_DAYS, player.deliveries.accepted, act.what)
    if (act.what === NETSUITE_DOWN_AT) hub.vendors.netsuite.faults.add({ effect: 'unavailable', times: 25 })
    await act.run()
  }
  for (let next = day() + 1; next <= MONTH_DAYS; next += 1) {
    await player.playUntil(monthStartMs + next * DAY_MS)
    progress.show(next, MONTH_DAYS, player.deliveries.accepted, 'renewals')
  }
  await player.playUntilQuiet(AFTERMATH_MS)
  progress.end()
  const outcome = await readOutcome(hub, player.deliveries, tally)
  return { hub, clock, player, outcome, tally, seconds: (Date.now() - startedMs) / 1000 }
}

/** From this act on, NetSuite answers 503 to the next 25 calls. */
const NETSUITE_DOWN_AT = 'refunds with a credit note'
