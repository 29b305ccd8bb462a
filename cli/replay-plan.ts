// Many objects are replayed only from a plan: the dry run prints its id, which names the very set that was shown. It is good
// for a quarter of an hour, refused when the set has changed by then, and remembered, so that it runs once.
import { createHash } from 'node:crypto'
import type { Ledger } from '../shared/ledger/ledger.ts'
import type { Parked } from '../shared/trace/parked.ts'
import { Refusal } from './refusal.ts'

const VALID_MS = 15 * 60_000

/** Time of the plan and fingerprint of its set. */
export function planIdOf(chosen: readonly Parked[], nowMs: number): string {
  return `${nowMs.toString(36)}-${fingerprint(chosen)}`
}

/** @throws Refusal unless the plan is of this set and still good. */
export function checkPlan(planId: string, chosen: readonly Parked[], nowMs: number): void {
  const [time = '', print] = planId.split('-')
  const madeMs = Number.parseInt(time, 36)
  if (!print || !Number.isSafeInteger(madeMs))
    throw new Refusal(`Nothing was replayed: ${planId} is no plan. ${AGAIN} [REPLAY-PLAN]`)
  if (nowMs - madeMs > VALID_MS || madeMs > nowMs + 60_000)
    throw new Refusal(
      `Nothing was replayed: the plan is over a quarter of an hour old. ${AGAIN} [REPLAY-PLAN]`,
    )
  if (print !== fingerprint(chosen))
    throw new Refusal(
      `Nothing was replayed: what is parked has changed since the plan was made, or the filter is another one. ${AGAIN} [REPLAY-PLAN]`,
    )
}

const AGAIN = 'Make a new one: the same command with --dry-run.'

export interface PlanRun {
  actor: string
  reason: string
  count: number
}

/** @returns what the ledger says of the plan's run; undefined: it has not run. */
export async function runOfPlan(ledger: Ledger, planId: string): Promise<string | undefined> {
  const run = await ledger.readCursor(cursorName(planId))
  return run && `${String(run.count)} by ${String(run.actor)} at ${String(run.at)}`
}

export const rememberRun = (ledger: Ledger, planId: string, run: PlanRun, nowMs: number): Promise<void> =>
  ledger.writeCursor(cursorName(planId), { ...run, at: new Date(nowMs).toISOString() })

const cursorName = (planId: string) => `replay-plan/${planId}`

function fingerprint(chosen: readonly Parked[]): string {
  const keys = chosen.map(({ connector, object, code, sinceMs }) => [
    connector,
    object.type,
    object.id,
    code,
    sinceMs,
  ])
  const sorted = keys.map((key) => JSON.stringify(key)).sort()
  return createHash('sha256').update(sorted.join('\n')).digest('hex').slice(0, 12)
}
