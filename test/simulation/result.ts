// What one history was asked to be, and what came of it.
import type { FaultKind } from './faults/kinds.ts'

export interface HistoryOptions {
  seed: number
  /** Only these may happen; absent: what the seed chooses of all. */
  faults?: readonly FaultKind[]
  /** Occurrences of faults to leave out, by their number: how a failing history is made small. */
  skip?: ReadonlySet<number>
  /** Acts of the story to leave out, by their number. */
  skipActs?: ReadonlySet<number>
}

/** A fault that happened. */
export interface Occurrence {
  /** Counts every fault that the seed wanted, those left out included. */
  number: number
  kind: FaultKind
  /** Where: 'netsuite POST /services/rest/record/v1/invoice'. */
  at: string
}

/** A promise that was not kept. */
export interface Finding {
  /** 'in step', 'once', 'ledger', 'parked', 'lease', 'limits', 'lake', 'tax', 'quiet'. */
  promise: string
  /** A connector's name, or 'hub'. */
  system: string
  /** 'invoice in_…': what it is about; its id is what the log is filtered by. */
  object: string
  expected: string
  actual: string
}

export interface TraceLine {
  /** Milliseconds since the history's beginning, by the true clock. */
  atMs: number
  /** 'netsuite/1', 'ingest/0', 'stripe', 'time'. */
  actor: string
  text: string
}

export interface HistoryResult {
  seed: number
  /** Stripe events that happened. */
  events: number
  /** I/O calls that the hub made. */
  calls: number
  virtualHours: number
  /** How often each fault really hit. */
  hits: Partial<Record<FaultKind, number>>
  occurrences: Occurrence[]
  /** Names of the story's acts, in order. */
  acts: string[]
  findings: Finding[]
  /** Fingerprint of the whole trace: two runs of one seed have the same. */
  digest: string
  trace: readonly TraceLine[]
}
