// Vendors that are away for hours, and sign-ins that are refused for a while: planned before the history begins.
import type { Dice } from '../dice.ts'
import type { Faults } from './faults.ts'
import type { FaultKind } from './kinds.ts'

export type VendorName = 'stripe' | 'salesforce' | 'netsuite' | 'avalara'

export interface Outage {
  vendor: VendorName
  fromMs: number
  untilMs: number
  kind: FaultKind
  /** How it shows. */
  effect: 'unavailable' | 'reset' | 'refused'
}

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000

export function planOutages(faults: Faults, dice: Dice, startMs: number): Outage[] {
  const outages: Outage[] = []
  const plan = (vendor: VendorName, kind: FaultKind, longestMs: number) => {
    const fromMs = startMs + dice.below(2 * HOUR_MS)
    const untilMs = fromMs + dice.between(5 * MINUTE_MS, longestMs)
    const effect = kind === 'credential-revoked' ? 'refused' : dice.pick(['unavailable', 'reset'] as const)
    outages.push({ vendor, fromMs, untilMs, kind, effect })
  }
  const vendors: VendorName[] = ['salesforce', 'netsuite', 'avalara', 'stripe']
  if (faults.occursOnce('vendor-down', 0.9, 'the beginning'))
    plan(dice.pick(vendors), 'vendor-down', 4 * HOUR_MS)
  if (faults.occursOnce('two-vendors-down', 0.9, 'the beginning')) {
    const first = dice.below(3)
    for (const nth of [first, (first + 1) % 3])
      plan(vendors[nth] ?? 'stripe', 'two-vendors-down', 3 * HOUR_MS)
  }
  if (faults.occursOnce('credential-revoked', 0.9, 'the beginning'))
    plan(dice.pick(vendors), 'credential-revoked', HOUR_MS)
  return outages
}

export const outageOf = (outages: readonly Outage[], vendor: VendorName, nowMs: number): Outage | undefined =>
  outages.find((outage) => outage.vendor === vendor && outage.fromMs <= nowMs && nowMs < outage.untilMs)
