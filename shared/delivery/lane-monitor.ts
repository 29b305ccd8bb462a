// Watches one worker's outcomes and says when its lane should stand still: at once when the credential is refused,
// or when different objects fail with nothing succeeding in between, many of them at once or a few for a while. One
// bad object alone never does it.
import type { Clock } from '../clock.ts'
import type { HubError } from '../errors.ts'
import type { LaneRow } from '../ledger/rows.ts'
import type { Task } from './task.ts'

const MANY_OBJECTS = 5
const FEW_OBJECTS = 2
/** A quiet outage must not be hammered for hours because too little is going on to count to five. */
const FEW_FAIL_FOR_MS = 300_000
/** The breaker looks once a minute; a shorter pause would never be seen. */
const PAUSE_MS = 60_000

export class LaneMonitor {
  private readonly connector: string
  private readonly clock: Clock
  private readonly failing = new Set<string>()
  /** The first failure since the last success. */
  private failingSinceMs: number | undefined
  /** Undefined until this worker has seen a success. */
  lastSuccessMs: number | undefined

  constructor(connector: string, clock: Clock) {
    this.connector = connector
    this.clock = clock
  }

  /** @returns the pause to write into the ledger, if the batch gives reason for one. */
  observe(tasks: readonly Task[]): LaneRow | undefined {
    const now = this.clock.now()
    const succeeded = tasks.some(
      ({ outcome, vendorWrites }) => outcome?.status === 'applied' && vendorWrites > 0,
    )
    if (succeeded) {
      this.failing.clear()
      this.failingSinceMs = undefined
      this.lastSuccessMs = now
    }
    let pause: LaneRow | undefined
    for (const { key, outcome } of tasks) {
      if (outcome?.status !== 'waiting' || outcome.error.recordOnly) continue
      const { error } = outcome
      // Of the same batch as a success: the vendor works, whatever is wrong with this object.
      if (!succeeded) {
        this.failing.add(key)
        this.failingSinceMs ??= now
      }
      const longWait = (error.retryAfterSeconds ?? 0) > 60
      if (error.kind === 'credential' || longWait || this.isStuck(now)) pause = this.pauseFor(error)
    }
    return pause
  }

  private isStuck(now: number): boolean {
    if (this.failing.size >= MANY_OBJECTS) return true
    return this.failing.size >= FEW_OBJECTS && now - (this.failingSinceMs ?? now) >= FEW_FAIL_FOR_MS
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
