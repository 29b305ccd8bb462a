// Watches one worker's outcomes and says when its lane should stand still: at once when the credential is refused,
// or when several different objects fail in a row with nothing succeeding in between (one bad object must not).
import type { Clock } from '../clock.ts'
import type { HubError } from '../errors.ts'
import type { LaneRow } from '../ledger/rows.ts'
import type { Task } from './task.ts'

const DISTINCT_FAILURES = 5
/** The breaker looks once a minute; a shorter pause would never be seen. */
const PAUSE_MS = 60_000

export class LaneMonitor {
  private readonly connector: string
  private readonly clock: Clock
  private readonly failing = new Set<string>()
  /** Undefined until this worker has seen a success. */
  lastSuccessMs: number | undefined

  constructor(connector: string, clock: Clock) {
    this.connector = connector
    this.clock = clock
  }

  /** @returns the pause to write into the ledger, if the batch gives reason for one. */
  observe(tasks: readonly Task[]): LaneRow | undefined {
    let pause: LaneRow | undefined
    for (const { key, outcome, vendorWrites } of tasks) {
      if (outcome?.status === 'applied' && vendorWrites > 0) {
        this.failing.clear()
        this.lastSuccessMs = this.clock.now()
      }
      if (outcome?.status !== 'waiting') continue
      const { error } = outcome
      if (error.recordOnly) continue
      this.failing.add(key)
      const longWait = (error.retryAfterSeconds ?? 0) > 60
      if (error.kind === 'credential' || longWait || this.failing.size >= DISTINCT_FAILURES) {
        pause = this.pauseFor(error)
      }
    }
    return pause
  }

  private pauseFor(error: HubError): LaneRow {
    const now = this.clock.now()
    return {
      connector: this.connector,
      pausedSinceMs: now,
      pausedUntilMs: now + Math.max(PAUSE_MS, (error.retryAfterSeconds ?? 0) * 1000),
      reason: error.message,
      code: error.code,
      by: 'worker',
    }
  }
}
