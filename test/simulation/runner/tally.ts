// What a run has come to so far: counts, hits of each fault, and which seeds failed and how. Pure bookkeeping, and a
// plain object so that it can be written down and taken up again.
import * as z from 'zod'
import { FAULT_KINDS, type FaultKind } from '../faults/kinds.ts'
import type { Played } from './play.ts'

const findingSchema = z.object({
  promise: z.string(),
  system: z.string(),
  object: z.string(),
  expected: z.string(),
  actual: z.string(),
})

const failureSchema = z.object({
  seed: z.number(),
  /** The first of them; absent when the history came to no end. */
  finding: findingSchema.optional(),
  findings: z.number(),
  digest: z.string().optional(),
  /** Why there is no finding: it threw, hung, or took its process along. */
  broken: z.string().optional(),
})
export type Failure = z.infer<typeof failureSchema>

export const tallySchema = z.object({
  histories: z.number(),
  events: z.number(),
  calls: z.number(),
  virtualHours: z.number(),
  /** By the fault's name: how often it hit, and in how many histories. */
  faults: z.record(z.string(), z.object({ hits: z.number(), histories: z.number() })),
  failures: z.array(failureSchema),
})
export type Tally = z.infer<typeof tallySchema>

export const newTally = (): Tally => ({
  histories: 0,
  events: 0,
  calls: 0,
  virtualHours: 0,
  faults: {},
  failures: [],
})

export function count(tally: Tally, played: Played): Failure | undefined {
  tally.histories += 1
  const failure = failureOf(played)
  if (failure) tally.failures.push(failure)
  if ('broken' in played) return failure
  const { result } = played
  tally.events += result.events
  tally.calls += result.calls
  tally.virtualHours += result.virtualHours
  for (const [kind, hits = 0] of Object.entries(result.hits)) {
    if (hits === 0) continue
    const soFar = hitsOf(tally, kind)
    tally.faults[kind] = { hits: soFar.hits + hits, histories: soFar.histories + 1 }
  }
  return failure
}

function failureOf(played: Played): Failure | undefined {
  if ('broken' in played) return { seed: played.seed, findings: 0, broken: played.broken }
  const { seed, findings, digest } = played.result
  const [finding] = findings
  return finding && { seed, finding, findings: findings.length, digest }
}

export const hitsOf = (tally: Tally, kind: string): { hits: number; histories: number } =>
  tally.faults[kind] ?? { hits: 0, histories: 0 }

/** In fewer histories a rare fault may be missing by chance. */
const TELLING_HISTORIES = 500

/** Faults that a long run never met: what they would have shown was not tested. */
export function neverHit(tally: Tally, chosen: readonly FaultKind[] | undefined): FaultKind[] {
  if (chosen || tally.histories < TELLING_HISTORIES) return []
  return FAULT_KINDS.filter((kind) => hitsOf(tally, kind).hits === 0)
}

export const failedSeeds = (tally: Tally): number[] =>
  tally.failures.map(({ seed }) => seed).sort((a, b) => a - b)
