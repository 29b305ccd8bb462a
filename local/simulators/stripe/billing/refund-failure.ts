// What a bank does to a refund after it was made: it sends the money back. https://docs.stripe.com/refunds#failed-refunds
import { DAY } from '../calendar.ts'
import { invalidRequest } from '../errors.ts'
import { differences } from '../events.ts'
import type { Charge, Refund } from '../wire.ts'
import { change, emit, type World } from '../world.ts'
import { recordBalance } from './balance.ts'

export const isByCard = (charge: Charge | undefined): boolean =>
  charge?.payment_method_details?.type === 'card'

export const REFUND_FAILURES = [
  'charge_for_pending_refund_disputed',
  'declined',
  'expired_or_canceled_card',
  'insufficient_funds',
  'lost_or_stolen_card',
  'merchant_request',
  'unknown',
] as const

/**
 * The bank sends a refund back, up to 30 days after it was made: the money is in the balance again, at the rate of the
 * day. A card's comes back as `refund_failure`, any other as a `payment_refund` with a positive amount.
 * https://docs.stripe.com/refunds#failed-refunds
 */
export function failRefund(world: World, refund: Refund, reason = 'lost_or_stolen_card'): Refund {
  if (refund.status === 'failed') throw invalidRequest('This refund has failed already.')
  if (refund.status === 'canceled') throw invalidRequest('This refund is canceled.')
  if (world.seconds() > refund.created + 30 * DAY)
    throw invalidRequest('A bank sends a refund back within 30 days.')
  const charge = world.store.charges.get(refund.charge ?? '')
  const byCard = isByCard(charge)
  const returned = recordBalance(world, {
    amount: refund.amount,
    currency: refund.currency,
    source: refund.id,
    type: byCard ? 'refund_failure' : 'payment_refund',
    category: byCard ? 'refund_failure' : 'refund',
    description: byCard ? 'REFUND FAILURE' : 'REFUND FOR PAYMENT FAILED',
  })
  changeRefund(world, refund, (it) => {
    it.status = 'failed'
    it.failure_reason = reason
    it.failure_balance_transaction = returned.id
    delete it.pending_reason
  })
  emit(world, 'refund.failed', refund)
  if (charge) {
    change(world, charge, 'charge.updated', (it) => {
      it.amount_refunded -= refund.amount
      it.refunded = false
    })
  }
  return refund
}

/** Told twice: `charge.refund.updated` for refunds of a charge, `refund.updated` for all. */
export function changeRefund(world: World, refund: Refund, edit: (refund: Refund) => void): void {
  const before = { ...refund }
  const changed = change(world, refund, 'refund.updated', edit)
  if (!changed || !refund.charge) return
  const previous = differences(before, refund)
  emit(world, 'charge.refund.updated', refund, previous)
}

/** "A customer disputed the charge while the refund is pending": it is not paid out twice. */
export function failPendingRefunds(world: World, charge: Charge): void {
  for (const refund of world.store.refunds.of(charge.id)) {
    if (refund.status === 'pending') failRefund(world, refund, 'charge_for_pending_refund_disputed')
  }
}
