// Counts what a vendor's client hears: its answers, those that refuse for being too many, and how much of a daily quota the
// vendor says is left. The engine takes the count at the end of each batch, for the dashboards; nothing is decided by it.
import type { Traffic } from './contract.ts'

export class TrafficMeter {
  private calls = 0
  private throttled = 0
  private quotaLeftPercent: number | undefined

  answered({
    throttled = false,
    quotaLeftPercent,
  }: {
    throttled?: boolean
    quotaLeftPercent?: number | undefined
  }): void {
    this.calls += 1
    if (throttled) this.throttled += 1
    this.quotaLeftPercent = quotaLeftPercent ?? this.quotaLeftPercent
  }

  /** Since the last time it was asked. */
  take(): Traffic {
    const { calls, throttled, quotaLeftPercent } = this
    this.calls = 0
    this.throttled = 0
    this.quotaLeftPercent = undefined
    return { calls, throttled, ...(quotaLeftPercent !== undefined && { quotaLeftPercent }) }
  }
}
