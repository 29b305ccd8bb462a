// What the ledger holds against objects, in every lane, and drafts that are held without the ledger knowing why: with what
// they are worth in Stripe, as far as it is known.
import type Stripe from 'stripe'
import { type Clock, nowSeconds } from '../../shared/clock.ts'
import type { Evidence } from '../../shared/close/check.ts'
import type { Trouble } from '../../shared/close/facts.ts'
import type { Ledger } from '../../shared/ledger/ledger.ts'
import type { ObjectState } from '../../shared/ledger/rows.ts'
import { isTaxedByStripe, markedFormer } from '../../shared/stripe/tax-hold-marker.ts'
import { Question } from './evidence.ts'
import type { StripeObjects } from './stripe-objects.ts'

export interface LedgerSource {
  ledger: Pick<Ledger, 'troubled'>
  /** Projecting connectors that are switched on. */
  lanes: readonly string[]
  clock: Clock
}

/** Nothing is wrong with a draft that is on its way: it is taxed within seconds, after an outage within minutes. */
const GRACE_SECONDS = 900

/** @param objects made by the cut-off; undefined: Stripe was not read, and amounts are not known. */
export async function readTroubles(
  { ledger, lanes, clock }: LedgerSource,
  objects: StripeObjects | undefined,
): Promise<{ value: Trouble[]; evidence: Evidence[] }> {
  const question = new Question('ledger', `parked and waiting of ${lanes.join(', ')}`, clock)
  const worth = worthOf(objects)
  const drafts = new Set(
    (objects?.invoices ?? []).filter(({ status }) => status === 'draft').map(({ id }) => id),
  )
  const troubles: Trouble[] = []
  for (const lane of lanes) {
    for (const status of ['parked', 'waiting'] as const) {
      for (const state of await ledger.troubled(lane, status)) {
        const trouble = troubleOf(lane, state, drafts)
        const money = worth.get(trouble.object)
        // All that was made by the cut-off was listed: what is not among it holds up another month.
        if (objects && !money && LISTED.has(state.ref.type)) continue
        troubles.push(question.take({ ...trouble, ...money }))
      }
    }
  }
  const named = new Set(troubles.map(({ object }) => object))
  for (const draft of objects?.invoices ?? []) {
    if (!named.has(draft.id) && isHeldTooLong(draft, nowSeconds(clock)))
      troubles.push(question.take(heldDraft(draft)))
  }
  return { value: troubles, evidence: [question.evidence()] }
}

function troubleOf(system: string, { ref, trouble }: ObjectState, drafts: ReadonlySet<string>): Trouble {
  const isHeld = trouble?.status === 'parked' && drafts.has(ref.id)
  return {
    system,
    object: ref.id,
    status: isHeld ? 'blocked' : (trouble?.status ?? 'waiting'),
    code: trouble?.code ?? 'UNKNOWN',
    reason: trouble?.reason ?? '',
    hint: trouble?.hint ?? 'It is tried again by itself.',
    sinceSeconds: Math.floor((trouble?.sinceMs ?? 0) / 1_000),
  }
}

const isHeldTooLong = (draft: Stripe.Invoice, nowS: number): boolean =>
  draft.status === 'draft' &&
  markedFormer(draft) === 'true' &&
  !isTaxedByStripe(draft) &&
  nowS - draft.created > GRACE_SECONDS

const heldDraft = (draft: Stripe.Invoice): Trouble => ({
  system: 'avalara',
  object: draft.id,
  status: 'blocked',
  code: 'TAX-HELD',
  reason: 'the draft is held for its tax, and the ledger does not say why.',
  hint: `Engineering: hub trace ${draft.id}, then hub replay ${draft.id}`,
  sinceSeconds: draft.created,
  currency: draft.currency.toUpperCase(),
  amountMinor: BigInt(draft.total),
})

/** Types of which every object of the month and before is read; their sum is what an object is worth. */
const LISTED: ReadonlySet<string> = new Set(['invoice', 'credit_note', 'refund', 'dispute', 'payout'])

interface Worth {
  currency: string
  amountMinor: bigint
}

function worthOf(objects: StripeObjects | undefined): Map<string, Worth> {
  const worth = new Map<string, Worth>()
  const add = (object: { id: string; currency: string }, amount: number) =>
    worth.set(object.id, { currency: object.currency.toUpperCase(), amountMinor: BigInt(amount) })
  if (!objects) return worth
  for (const invoice of objects.invoices) add(invoice, invoice.total)
  for (const note of objects.creditNotes) add(note, note.total)
  for (const object of [...objects.refunds, ...objects.disputes, ...objects.payouts])
    add(object, object.amount)
  return worth
}
