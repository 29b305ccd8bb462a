// Is everything in step now? Each lane's state from the ledger and its queue, and what they come to. What was not read is not
// known, and what is not known is never in step.
import type { Manifest } from '../connector/contract.ts'
import type { Ledger, TroubleCount } from '../ledger/ledger.ts'
import type { LaneRow } from '../ledger/rows.ts'

/** From the best to the worst, but for `unknown`, which is neither. */
export type LaneState = 'in step' | 'working' | 'paused' | 'parked' | 'unknown'

/** Messages in a lane's queue, about. */
export interface Backlog {
  waiting: number
  /** Handed to a worker, or to be handed out again after a while. */
  inFlight: number
}

export interface LaneStanding {
  connector: string
  /** For people: 'NetSuite'. */
  system: string
  state: LaneState
  parked?: TroubleCount
  waiting?: TroubleCount
  pause?: LaneRow
  backlog?: Backlog
}

export interface LaneSource {
  ledger: Pick<Ledger, 'readLane' | 'countTroubled' | 'readCursor'>
  /** Of the connectors that are switched on. */
  manifests: readonly Manifest[]
  /** Rejects when the queue does not answer. */
  backlog(connector: string): Promise<Backlog>
}

export interface Overview {
  lanes: LaneStanding[]
  /** When the hub last compared Stripe's list of events with the ledger. Absent: never, or it was not read. */
  sweptAtSeconds?: number
}

export async function readOverview(source: LaneSource): Promise<Overview> {
  const [lanes, cursor] = await Promise.all([
    Promise.all(source.manifests.map((manifest) => readLane(manifest, source))),
    source.ledger.readCursor('sweep').catch(() => undefined),
  ])
  return { lanes, ...(cursor && { sweptAtSeconds: Number(cursor.untilSeconds) }) }
}

async function readLane(
  { name, title, style }: Manifest,
  { ledger, backlog }: LaneSource,
): Promise<LaneStanding> {
  const own = { connector: name, system: title }
  try {
    // An appending lane keeps no row for each object: its queue alone tells.
    const counted = (status: 'parked' | 'waiting') =>
      style === 'projection' ? ledger.countTroubled(name, status) : undefined
    const [pause, parked, waiting, queue] = await Promise.all([
      ledger.readLane(name),
      counted('parked'),
      counted('waiting'),
      backlog(name),
    ])
    const isBusy = queue.waiting > 0 || queue.inFlight > 0 || (waiting?.count ?? 0) > 0
    const state: LaneState =
      (parked?.count ?? 0) > 0 ? 'parked' : pause ? 'paused' : isBusy ? 'working' : 'in step'
    return {
      ...own,
      state,
      backlog: queue,
      ...(parked && { parked }),
      ...(waiting && { waiting }),
      ...(pause && { pause }),
    }
  } catch {
    return { ...own, state: 'unknown' }
  }
}

/** The sweep runs each quarter of an hour: after three that did not, nobody knows what Stripe has told nobody. */
const SWEEP_SILENCE_SECONDS = 2_700

export const isSweepSilent = ({ sweptAtSeconds }: Overview, nowSeconds: number): boolean =>
  sweptAtSeconds === undefined || nowSeconds - sweptAtSeconds > SWEEP_SILENCE_SECONDS

/** The worst that is known; and unless that is bad, unknown where anything is. */
export function overallState(overview: Overview, nowSeconds: number): LaneState {
  const states = new Set(overview.lanes.map(({ state }) => state))
  if (states.has('parked')) return 'parked'
  if (states.has('paused')) return 'paused'
  if (states.has('unknown') || isSweepSilent(overview, nowSeconds)) return 'unknown'
  return states.has('working') ? 'working' : 'in step'
}
