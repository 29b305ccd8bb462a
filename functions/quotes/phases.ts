// The planned invoices as phases of a Stripe subscription schedule: whole cycles that bill the same lines alike are one phase,
// whatever is billed once begins one, and a short cycle is one by itself. PURE.
//
// With `proration_behavior: none` and the cycle anchored at the phase's start, a phase bills on its first day just what it
// says (https://docs.stripe.com/billing/subscriptions/subscription-schedules#phase-transitions).
import type { Day } from '../../shared/recognition/day.ts'
import type { Objection, PlannedInvoice, PlannedItem } from './plan.ts'

export interface Phase {
  from: Day
  until: Day
  /** Whole cycles in it; 0: a short one, in which nothing recurs. */
  cycles: number
  /** What recurs: one item a line, its amount a cycle. */
  recurring: { line: number; amountMinor: bigint }[]
  /** What is billed once, on the first day. */
  once: PlannedItem[]
}

/** https://docs.stripe.com/billing/subscriptions/subscription-schedules: "up to 10 current or future phases". */
const MOST_PHASES = 10
/** https://docs.stripe.com/api/subscription_schedules/create: items of a phase, and of add_invoice_items. */
const MOST_ITEMS = 20

export function phasesOf(invoices: readonly PlannedInvoice[]): Phase[] {
  const phases: Phase[] = []
  for (const { cycle, items } of invoices) {
    const recurring = items
      .filter(({ kind }) => kind === 'recurring')
      .map(({ line, amountMinor }) => ({ line, amountMinor }))
    const once = items.filter(({ kind }) => kind !== 'recurring')
    const last = phases.at(-1)
    if (last && last.cycles > 0 && cycle.isWhole && once.length === 0 && isAlike(last.recurring, recurring)) {
      last.until = cycle.until
      last.cycles += 1
    } else {
      phases.push({ from: cycle.from, until: cycle.until, cycles: cycle.isWhole ? 1 : 0, recurring, once })
    }
  }
  return phases
}

const isAlike = (a: Phase['recurring'], b: Phase['recurring']): boolean =>
  a.length === b.length &&
  a.every(({ line, amountMinor }, index) => line === b[index]?.line && amountMinor === b[index]?.amountMinor)

/** What Stripe would refuse, said before it is asked. */
export function objectionsToPhases(phases: readonly Phase[]): Objection[] {
  const objections: Objection[] = []
  const object = (text: string) => objections.push({ code: 'QUOTE-TERM', text })
  if (phases.length > MOST_PHASES)
    object(
      `The quote needs ${phases.length} phases, and Stripe takes ${MOST_PHASES}: let its segments begin and end on billing days, or split it into two quotes.`,
    )
  for (const { from, recurring, once } of phases) {
    for (const items of [recurring, once])
      if (items.length > MOST_ITEMS)
        object(`${items.length} lines are billed together on ${from}, and Stripe takes ${MOST_ITEMS}.`)
  }
  return objections
}
