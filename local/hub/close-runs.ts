// The months that are read or were judged: one at a time, each told how far it is, and remembered for ten minutes. Whoever
// asks for a month that is being read gets that reading, not a second one.
import type { Asked, Progress } from '../../functions/close/evidence.ts'
import { type Clock, nowSeconds } from '../../shared/clock.ts'
import type { CheckState } from '../../shared/close/check.ts'
import type { CloseDocument } from '../../shared/close/document.ts'
import type { ReadingProgress, SystemProgress } from '../../shared/close/page/progress-page.ts'
import type { CloseThread } from './close-thread.ts'

export type RunClose = (month: string, progress: Progress) => CloseThread

export interface Run {
  month: string
  /** Seconds since the epoch; absent while it waits for its turn. */
  startedSeconds?: number
  /** What the reading before it took. */
  lastSeconds?: number
  endedSeconds?: number
  asked: Map<string, Asked>
  outcome?: { document: CloseDocument } | { broken: string }
  /** Never rejects. */
  ended: Promise<void>
}

/** Older than this, an answer is not shown as the answer any more. */
const FRESH_SECONDS = 600
/** Remembered at most. */
const MONTHS = 24

export class CloseRuns {
  private readonly clock: Clock
  private readonly run: RunClose
  private readonly runs = new Map<string, Run>()
  private queue: Promise<void> = Promise.resolve()
  private reading: { month: string; thread: CloseThread } | undefined
  private isStopped = false

  constructor(clock: Clock, run: RunClose) {
    this.clock = clock
    this.run = run
  }

  /** What is being read or still fresh; else it begins. One that broke off begins again. */
  open(month: string): Run {
    const known = this.runs.get(month)
    if (known && (!known.outcome || ('document' in known.outcome && this.isFresh(known)))) return known
    return this.start(month)
  }

  /** Begins, unless it is being read just now. */
  again(month: string): Run {
    const known = this.runs.get(month)
    return known && !known.outcome ? known : this.start(month)
  }

  stateOf(month: string): CheckState | undefined {
    const known = this.runs.get(month)
    return known?.outcome && 'document' in known.outcome && this.isFresh(known)
      ? known.outcome.document.state
      : undefined
  }

  progressOf({ month, startedSeconds, lastSeconds, asked }: Run): ReadingProgress {
    const systems = new Map<string, SystemProgress>()
    for (const { source, query, rows, isAnswered } of asked.values()) {
      const system = systems.get(source) ?? { source, questions: 0, rows: 0 }
      if (isAnswered) {
        system.questions += 1
        system.rows += rows
      } else system.pending = { query, rows }
      systems.set(source, system)
    }
    return {
      month,
      ...(lastSeconds !== undefined && { lastSeconds }),
      ...(startedSeconds === undefined
        ? { ...(this.reading && { waitsFor: this.reading.month }) }
        : { runningSeconds: nowSeconds(this.clock) - startedSeconds }),
      systems: [...systems.values()],
    }
  }

  async stop(): Promise<void> {
    this.isStopped = true
    await this.reading?.thread.stop()
    await this.queue
  }

  private isFresh({ endedSeconds = 0 }: Run): boolean {
    return nowSeconds(this.clock) - endedSeconds < FRESH_SECONDS
  }

  private start(month: string): Run {
    const lastSeconds = tookSeconds(this.runs.get(month))
    const run: Run = {
      month,
      ...(lastSeconds && { lastSeconds }),
      asked: new Map(),
      ended: Promise.resolve(),
    }
    this.runs.delete(month)
    this.runs.set(month, run)
    for (const [old] of [...this.runs].slice(0, -MONTHS)) this.runs.delete(old)
    run.ended = this.queue.then(() => this.read(run))
    this.queue = run.ended
    return run
  }

  private async read(run: Run): Promise<void> {
    if (this.isStopped) {
      run.outcome = { broken: 'the hub stops.' }
      return
    }
    run.startedSeconds = nowSeconds(this.clock)
    try {
      const thread = this.run(run.month, (asked) => run.asked.set(`${asked.source} ${asked.query}`, asked))
      this.reading = { month: run.month, thread }
      run.outcome = { document: await thread.document }
    } catch (error) {
      run.outcome = { broken: error instanceof Error ? error.message : String(error) }
    } finally {
      this.reading = undefined
      run.endedSeconds = nowSeconds(this.clock)
    }
  }
}

const tookSeconds = ({ startedSeconds, endedSeconds }: Partial<Run> = {}): number | undefined =>
  startedSeconds === undefined || endedSeconds === undefined ? undefined : endedSeconds - startedSeconds
