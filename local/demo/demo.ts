// `hub demo`: a billing month in a minute or two. Starts the local hub, plays the month against it with webhooks that
// come twice and out of order and a NetSuite that is down for a while, and lays all systems beside Stripe.
import process from 'node:process'
import { sellerZone } from '../../functions/connectors/hub.ts'
import type { RecognitionReport } from '../../functions/recognition/recognize.ts'
import hubConfig from '../../hub.config.ts'
import { dayOf } from '../../shared/calendar.ts'
import type { CloseReport } from '../../shared/close/close.ts'
import { type Period, periodOf } from '../../shared/close/period.ts'
import type { Log } from '../../shared/log.ts'
import { closeLocalMonth } from '../hub/close-month.ts'
import { type LocalHub, startLocalHub } from '../hub/hub.ts'
import { LocalClock } from '../hub/local-clock.ts'
import { createLogFile } from '../hub/log-file.ts'
import { STAGE } from '../hub/names.ts'
import { Player } from '../hub/player.ts'
import type { VendorPorts } from '../hub/vendors.ts'
import { planMonth } from './month.ts'
import { clearFolder, type Outcome, readOutcome } from './outcome.ts'
import { createProgress } from './progress.ts'
import { journalingCompany, recognizeMonth } from './revenue-journals.ts'
import { Tally } from './tally.ts'

export interface DemoOptions {
  seed: number
  customers: number
  folder: string
  /** Who recognizes revenue; absent: as hub.config.ts says. */
  revenue?: 'journals' | undefined
  ports?: VendorPorts & { hub?: number }
  /** Told once the hub answers. */
  onReady?: (hub: LocalHub, seconds: number) => void
}

export interface PlayedDemo {
  hub: LocalHub
  clock: LocalClock
  player: Player
  outcome: Outcome
  /** Where the hub journals revenue. */
  recognized?: RecognitionReport
  tally: Tally
  seconds: number
}

const DAY_MS = 86_400_000
/** What is left when all has been played: retries, verifications. */
const AFTERMATH_MS = 2 * 3_600_000

export async function playDemo(options: DemoOptions): Promise<PlayedDemo> {
  const startedMs = Date.now()
  await clearFolder(options.folder)
  const { month, fromSeconds } = lastMonth(startedMs)
  const monthStartMs = fromSeconds * 1_000
  const clock = new LocalClock(monthStartMs)
  const endMs = Math.floor(startedMs / 1_000) * 1_000 - AFTERMATH_MS
  const days = Math.floor((endMs - monthStartMs) / DAY_MS)
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
    company: options.revenue && journalingCompany(month),
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
    bank: hub.vendors.stripe,
  })
  const day = () => Math.floor((clock.now() - monthStartMs) / DAY_MS)
  for (const act of acts) {
    await player.playUntil(act.atMs)
    progress.show(day(), days, player.deliveries.accepted, act.what)
    if (act.what === NETSUITE_DOWN_AT) hub.vendors.netsuite.faults.add({ effect: 'unavailable', times: 25 })
    await act.run()
  }
  for (let next = day() + 1; next <= days; next += 1) {
    await player.playUntil(monthStartMs + next * DAY_MS)
    progress.show(next, days, player.deliveries.accepted, 'renewals')
  }
  await player.playUntil(endMs)
  await player.playUntilQuiet(AFTERMATH_MS)
  progress.end()
  const recognized = options.revenue && (await recognizeMonth(hub, clock, month))
  const outcome = await readOutcome(hub, player.deliveries, tally)
  const seconds = (Date.now() - startedMs) / 1000
  return { hub, clock, player, outcome, ...(recognized && { recognized }), tally, seconds }
}

/**
 * The calendar month that ended last, as the seller's days go: it can be closed. What is played begins with it and ends
 * now, so that renewals and the money of its last days fall into the month after.
 */
export function lastMonth(nowMs: number): Period {
  const timeZone = sellerZone(hubConfig(STAGE))
  const nowSeconds = Math.floor(nowMs / 1_000)
  const thisMonth = dayOf(nowSeconds, timeZone).slice(0, 7)
  const { fromSeconds } = periodOf(thisMonth, timeZone, nowSeconds)
  return periodOf(dayOf(fromSeconds - 1, timeZone).slice(0, 7), timeZone, nowSeconds)
}

/** Of the calendar month that was played whole; while the hub is still up. */
export const closePlayedMonth = ({ hub, clock }: PlayedDemo, folder: string): Promise<CloseReport> =>
  closeLocalMonth({
    month: lastMonth(clock.now()).month,
    hub: {
      dynamoDb: hub.aws.dynamoDb.endpoint,
      vendors: hub.vendors.urls,
      netsuitePrivateKey: hub.vendors.netsuitePrivateKey,
    },
    folder,
    clock,
    config: hub.config,
  })

/** From this act on, NetSuite answers 503 to the next 25 calls. */
const NETSUITE_DOWN_AT = 'refunds with a credit note'
