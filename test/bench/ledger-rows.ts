// The ledger's rows of the bench, the same for quiet and for burst traffic.
import type { BenchHub } from './bench-hub.ts'
import { wantedBy } from './bench-hub.ts'
import { type Row, rounded } from './measurement.ts'

const EVENT_BOUND = 2
const QUIET_BOUND = 3.5
const BURST_BOUND = 2

export interface Traffic {
  name: string
  /** Of what the leased connectors cost an event; null: reported only. */
  bound: number | null
  /** The lanes that the bound is about; absent: all that lease. */
  lanes?: readonly string[]
  note: string
}

export const QUIET: Traffic = {
  name: 'quiet',
  bound: QUIET_BOUND,
  note: 'each event delivered alone, all lanes drained before the next',
}

/** Only a lane that waits for a window can take two events about one object together. */
export const burstOf = (lanes: readonly string[]): Traffic => ({
  name: 'two events an object',
  bound: BURST_BOUND,
  lanes,
  note: 'each customer is changed twice in the same second',
})

export const BILLING_RUN: Traffic = {
  name: 'billing run',
  bound: null,
  note: 'the bound of a burst speaks of two events an object and batch: see each lane for how many there were',
}

/** @param eventTypes of every event that was accepted since the counters were cleared. */
export function ledgerRows(
  { hub, units, coalesced }: BenchHub,
  eventTypes: readonly string[],
  traffic: Traffic,
): Row[] {
  const { charged } = units
  const wanted = wantedBy(hub, eventTypes)
  const leased = hub.manifests.filter(({ style }) => style === 'projection')
  const counted = leased.filter(({ name }) => traffic.lanes?.includes(name) ?? true)
  const of = (owner: string) => charged.units.get(owner) ?? 0
  const pairs = counted.reduce((sum, { name }) => sum + (wanted.get(name) ?? 0), 0)
  const spent = counted.reduce((sum, { name }) => sum + of(name), 0)
  return [
    {
      name: `Write units per event: row and timeline, ${traffic.name}`,
      measured: rounded((of('event') + of('timeline')) / eventTypes.length),
      unit: 'WCU',
      bound: EVENT_BOUND,
      note: `${eventTypes.length} events; a customer's timeline is an index, so each such row is written twice`,
    },
    {
      name: `Write units per event and leased connector, ${traffic.name}`,
      measured: rounded(spent / pairs),
      unit: 'WCU',
      bound: traffic.bound,
      note: `${pairs} pairs of ${counted.map(({ name }) => name).join(', ')}; ${traffic.note}. Claims, intentions, outcomes, delivery rows, touches, and ${charged.refusedConditions} refused conditions`,
    },
    ...counted.map(({ name }): Row => {
      const { objects, messages, again } = coalesced.get(name) ?? { objects: 1, messages: 0, again: 0 }
      return {
        name: `  … ${name}`,
        measured: rounded(of(name) / (wanted.get(name) || 1)),
        unit: 'WCU',
        bound: null,
        note: `${wanted.get(name) ?? 0} events; ${rounded(messages / objects)} messages an object and batch; ${again} objects at a second receive`,
      }
    }),
  ]
}
