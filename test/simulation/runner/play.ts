// What a worker is asked and what it answers: one history. A history that throws, hangs or takes its process along is
// an answer too, with a message instead of a result.
import type { HistoryOptions, HistoryResult } from '../result.ts'

export type PlayHistory = (options: HistoryOptions) => Promise<HistoryResult>

export interface Assignment {
  options: HistoryOptions
  /** The trace is long and mostly unwanted: only then does it come along. */
  trace: boolean
}

export type Played = { seed: number; result: HistoryResult } | { seed: number; broken: string }

export type WorkerMessage = { ready: true } | { played: Played; memoryBytes: number }
