// What the refunds of one payment pay: a part of the credit notes that name them, what an earlier refund left open when it
// failed (one made again is named by nobody: the note names the one that failed), and a rest that nothing explains.
// Replayed from the dated refunds. PURE; amounts in minor units.
import type Stripe from 'stripe'
import { money } from '../money/money.ts'
import { idOf } from './event.ts'

export interface PastRefund {
  id: string
  atSeconds: number
  amountMinor: bigint
  notes: NotePart[]
  /** `isPosted`: it had its documents before; else what it would have paid is open as it was. */
  failure?: { atSeconds: number; isPosted: boolean }
}

/** As much as a credit note names of a refund. */
interface NotePart {
  noteId: string
  amountMinor: bigint
}

/** Of a refund that failed: open by its failure; `noteId`: it was never posted, and its part of the note is still open. */
interface LeftOpen {
  refundId: string
  noteId?: string
  amountMinor: bigint
}

interface RefundParts {
  notes: NotePart[]
  again: LeftOpen[]
  restMinor: bigint
}

export const hasFailed = ({ status }: Stripe.Refund): boolean => status === 'failed' || status === 'canceled'

export const namedBy = (refund: Stripe.Refund, notes: readonly Stripe.CreditNote[]): NotePart[] =>
  notes
    .filter(({ status }) => status !== 'void')
    .map((note) => ({
      noteId: note.id,
      amountMinor: note.refunds
        .filter((part) => idOf(part.refund) === refund.id)
        .reduce((sum, part) => sum + money(part.amount_refunded, refund.currency).amountMinor, 0n),
    }))
    .filter(({ amountMinor }) => amountMinor > 0n)

/** @param back the balance transaction of its failure: the refund itself does not say when it failed. */
export const pastRefund = (
  refund: Stripe.Refund,
  notes: readonly Stripe.CreditNote[],
  { back, isPosted }: { back?: Stripe.BalanceTransaction | undefined; isPosted: boolean },
): PastRefund => ({
  id: refund.id,
  atSeconds: refund.created,
  amountMinor: money(refund.amount, refund.currency).amountMinor,
  notes: namedBy(refund, notes),
  ...(hasFailed(refund) && {
    failure: { atSeconds: Math.max(back?.created ?? 0, refund.created), isPosted },
  }),
})

/** By refund. @param refunds all of the payment's. */
export function partsOf(refunds: readonly PastRefund[]): Map<string, RefundParts> {
  const open: LeftOpen[] = []
  const parts = new Map<string, RefundParts>()
  for (const { refund, isFailure } of stepsOf(refunds)) {
    const { id, amountMinor, failure, notes } = refund
    if (!isFailure) {
      const namedMinor = notes.reduce((sum, part) => sum + part.amountMinor, 0n)
      const again = take(open, amountMinor - namedMinor)
      const againMinor = again.reduce((sum, part) => sum + part.amountMinor, 0n)
      parts.set(id, { notes, again, restMinor: amountMinor - namedMinor - againMinor })
    } else if (failure?.isPosted) {
      open.push({ refundId: id, amountMinor })
    } else {
      open.push(...notes.map((note) => ({ refundId: id, ...note })), ...(parts.get(id)?.again ?? []))
    }
  }
  return parts
}

interface Step {
  atSeconds: number
  rank: number
  refund: PastRefund
  isFailure: boolean
}

function stepsOf(refunds: readonly PastRefund[]): Step[] {
  const steps = refunds.flatMap((refund): Step[] => {
    const made = { atSeconds: refund.atSeconds, rank: 0, refund, isFailure: false }
    const { failure } = refund
    return failure ? [made, { atSeconds: failure.atSeconds, rank: 1, refund, isFailure: true }] : [made]
  })
  return steps.sort(
    (a, b) => a.atSeconds - b.atSeconds || a.rank - b.rank || (a.refund.id < b.refund.id ? -1 : 1),
  )
}

/** An equal amount is meant first, the latest of them; else the oldest, as far as they go. */
function take(open: LeftOpen[], wantedMinor: bigint): LeftOpen[] {
  if (wantedMinor <= 0n) return []
  const equal = open.findLastIndex(({ amountMinor }) => amountMinor === wantedMinor)
  if (equal >= 0) return open.splice(equal, 1)
  const taken: LeftOpen[] = []
  let leftMinor = wantedMinor
  for (let oldest = open[0]; oldest && leftMinor > 0n; oldest = open[0]) {
    const part = oldest.amountMinor < leftMinor ? oldest.amountMinor : leftMinor
    taken.push({ ...oldest, amountMinor: part })
    leftMinor -= part
    if (part === oldest.amountMinor) open.shift()
    else open[0] = { ...oldest, amountMinor: oldest.amountMinor - part }
  }
  return taken
}
