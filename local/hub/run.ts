// Keeps a started hub going in the machine's own time: what Stripe does by itself, its webhooks, and the schedules.
import { setInterval } from 'node:timers'
import type { LocalHub } from './hub.ts'

const TICK_MS = 1_000
const BREAKER_MS = 60_000
const SWEEP_MS = 300_000

/** @returns stops it. */
export function keepRunning(hub: LocalHub, complain: (error: unknown) => void): () => void {
  const every = (intervalMs: number, work: () => Promise<unknown>) => {
    let busy = false
    return setInterval(() => {
      if (busy) return
      busy = true
      work()
        .catch(complain)
        .finally(() => {
          busy = false
        })
    }, intervalMs)
  }
  const timers = [
    every(TICK_MS, async () => {
      hub.vendors.stripe.runDue()
      await hub.vendors.stripe.deliver()
    }),
    every(BREAKER_MS, () => hub.runBreaker()),
    every(SWEEP_MS, () => hub.runSweep()),
  ]
  return () => {
    for (const timer of timers) clearInterval(timer)
  }
}
