// The close of a month: six checks over what was read from every system, and one verdict. It ties only when every check ties
// and nothing is parked or blocked; what could not be read makes it unknown, never green. PURE.
import type { Check, CheckState, Reading } from './check.ts'
import { type ClearingInputs, checkClearing } from './clearing.ts'
import { checkDeferred, type DeferredInputs } from './deferred.ts'
import type { Trouble } from './facts.ts'
import type { Period } from './period.ts'
import { checkPosted, type PostedInputs } from './posted.ts'
import { checkReceivables, type ReceivableInputs } from './receivables.ts'
import { checkTax, type TaxInputs } from './tax-liability.ts'
import { checkTroubles, describeTroubles, type Troubled } from './troubles.ts'

export interface CloseInputs {
  posted: PostedInputs
  clearing: ClearingInputs
  tax: TaxInputs
  receivables: ReceivableInputs
  deferred: DeferredInputs
  troubles: Reading<Trouble[]>
}

export interface CloseReport {
  period: Period
  state: CheckState
  /** Seconds since the epoch. */
  judgedAtSeconds: number
  checks: Check[]
  troubles: Troubled[]
}

export function judgeClose(period: Period, inputs: CloseInputs, judgedAtSeconds: number): CloseReport {
  const checks = [
    checkPosted(period, inputs.posted),
    checkClearing(period, inputs.clearing),
    checkTax(period, inputs.tax),
    checkReceivables(inputs.receivables),
    checkDeferred(period, inputs.deferred),
    checkTroubles(inputs.troubles),
  ]
  const troubles = 'unread' in inputs.troubles ? [] : inputs.troubles.value
  return {
    period,
    state: stateOf(checks),
    judgedAtSeconds,
    checks,
    troubles: describeTroubles(troubles, judgedAtSeconds),
  }
}

/** A difference that was found is one, whatever else could not be read. */
function stateOf(checks: readonly Check[]): CheckState {
  if (checks.some(({ state }) => state === 'differs')) return 'differs'
  return checks.some(({ state }) => state === 'unknown') ? 'unknown' : 'ties'
}

/**
 * 0: it ties, and the month is over. 2: something could not be read, needs a person (parked, blocked), or the month still
 * runs. 1: it differs.
 */
export function exitCodeOf({ period, checks, troubles, state }: CloseReport): 0 | 1 | 2 {
  const needsPerson = troubles.some(({ status }) => status !== 'waiting')
  if (needsPerson || checks.some((each) => each.state === 'unknown')) return 2
  if (state === 'differs') return 1
  return period.isOver ? 0 : 2
}
