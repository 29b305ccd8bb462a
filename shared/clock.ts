// The one source of time. Handlers, the engine and the simulators take a Clock from whoever composes them, so
// that a month can be played in seconds and a test decides what "now" is. Nothing else calls Date.now().

export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number
}

export const systemClock: Clock = { now: () => Date.now() }

/** A clock that stands still until it is moved. Used by the local hub's played month and by tests. */
export class ManualClock implements Clock {
  private currentMs: number

  constructor(startMs: number) {
    this.currentMs = startMs
  }

  now(): number {
    return this.currentMs
  }

  advance(byMs: number): void {
    if (byMs < 0) throw new RangeError(`A clock does not run backwards (asked for ${byMs} ms).`)
    this.currentMs += byMs
  }
}

/** Whole seconds since the epoch, the unit of every timestamp in Stripe's API. */
export const nowSeconds = (clock: Clock): number => Math.floor(clock.now() / 1000)
