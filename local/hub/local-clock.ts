// The laptop's one clock. While a month is played it stands still and is moved; let run, it is the machine's own. It
// drives the hub, the embedded AWS and all simulators, so that nobody disagrees about the time.
import type { Clock } from '../../shared/clock.ts'

export class LocalClock implements Clock {
  private standingMs: number | undefined

  /** Stands still at this moment until it is moved or let run. */
  constructor(standingMs: number) {
    this.standingMs = standingMs
  }

  now(): number {
    return this.standingMs ?? Date.now()
  }

  advance(byMs: number): void {
    if (this.standingMs === undefined) throw new Error('A running clock is not moved.')
    if (byMs < 0) throw new RangeError(`A clock does not run backwards (asked for ${byMs} ms).`)
    this.standingMs += byMs
  }

  /** From here on it is the machine's time. */
  letRun(): void {
    if (this.standingMs !== undefined && this.standingMs > Date.now()) {
      throw new Error('The clock stands in the future: letting it run would turn it back.')
    }
    this.standingMs = undefined
  }
}
