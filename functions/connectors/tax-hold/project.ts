// Which drafts should be held, and which of them a person released. Pure. Tax, and the release of what is taxed, belong to
// the avalara connector.
import type Stripe from 'stripe'
import type { RemoteRecord } from '../../../shared/connector/contract.ts'
import {
  formerAutoAdvance,
  isTaxedByStripe,
  needsHoldingAgain,
} from '../../../shared/stripe/tax-hold-marker.ts'
import type { Approval } from './approval.ts'

export interface HoldContext {
  /** The ledger knows a hold of this invoice. */
  known: boolean
  /** Somebody approved its release, and the tax lane has not dealt with that. */
  approval?: Approval
}

/**
 * - A draft → held, with the value of auto_advance to restore later; approved, it is released once the approval counts.
 * - No draft any more → nothing to hold: a known record says so without a call, and an unknown one is not begun.
 * - automatic_tax → none; a hold that stands is then lifted by `retire`.
 */
export function projectHold(invoice: Stripe.Invoice, context: HoldContext): RemoteRecord[] {
  const record = { kind: 'hold', externalId: invoice.id, requires: [] }
  if (invoice.status !== 'draft') return context.known ? [{ ...record, body: { held: false } }] : []
  if (isTaxedByStripe(invoice)) return []
  const again = needsHoldingAgain(invoice)
  const { approval } = context
  const body = {
    held: true,
    former: formerAutoAdvance(invoice),
    ...(again && { again: true }),
    ...(approval && { approval }),
  }
  return [{ ...record, body }]
}
