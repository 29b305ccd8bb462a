// Refunds: of a charge, in whole or in part, and what a bank may do to one weeks later.
// https://docs.stripe.com/refunds · https://docs.stripe.com/reports/balance-transaction-types
import { PRIORITY } from '../agenda.ts'
import { DAY } from '../calendar.ts'
import { invalidRequest } from '../errors.ts'
import { differences } from '../events.ts'
import type { Charge, Refund } from '../wire.ts'
import { change, emit, type World } from '../world.ts'
import { recordBalance } from './balance.ts'
import { afterFullRefund, requireRefundable } from './disputes.ts'
import { afterFullyRefunded } from './radar.ts'

const isByCard = (charge: Charge | undefined): boolean => charge?.payment_method_details?.type === 'card'

export function createRefund(
  world: World,
  charge: Charge,
  options: { amount?: number | undefined; reason?: string | undefined; metadata?: Record<string, string> },
): Refund {
  const left = charge.amount - charge.amount_refunded
  if (charge.status !== 'succeeded')
    throw invalidRequest(`Charge ${charge.id} has not been paid.`, { param: 'charge' })
  requireRefundable(world, charge)
  if (left === 0)
    throw invalidRequest(`Charge ${charge.id} has already been refunded.`, {
      code: 'charge_already_refunded',
    })
  const amount = options.amount ?? left
  if (amount <= 0)
    throw invalidRequest('Invalid positive integer', { code: 'parameter_invalid_integer', param: 'amount' })
  if (amount > left) {
    throw invalidRequest(`Refund amount (${amount}) is greater than unrefunded amount on charge (${left})`, {
      param: 'amount',
    })
  }
  const pends = !isByCard(charge) && world.settings.bankRefundAfterDays > 0
  const refund: Refund = {
    id: world.ids.next('re'),
    object: 'refund',
    amount,
    balance_transaction: null,
    charge: charge.id,
    created: world.seconds(),
    currency: charge.currency,
    customer: charge.customer,
    customer_account: null,
    destination_details: { card: { type: 'refund' }, type: 'card' },
    metadata: options.metadata ?? {},
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    ...(pends ? { pending_reason: 'processing' as const } : {}),
    reason: options.reason ?? null,
    receipt_number: null,
    source_transfer_reversal: null,
    status: pends ? 'pending' : 'succeeded',
    transfer_reversal: null,
  }
  world.store.refunds.add(refund)
  refund.balance_transaction = recordBalance(world, {
    amount: -amount,
    currency: charge.currency,
    source: refund.id,
    type: isByCard(charge) ? 'refund' : 'payment_refund',
    category: 'refund',
    description: `REFUND FOR ${isByCard(charge) ? 'CHARGE' : 'PAYMENT'}${charge.description ? ` (${charge.description})` : ''}`,
  }).id
  emit(world, 'refund.created', refund)
  change(world, charge, 'charge.refunded', (it) => {
    it.amount_refunded += amount
    it.refunded = it.amount_refunded === it.amount
  })
  if (pends) planSuccess(world, refund)
  if (charge.refunded) {
    afterFullyRefunded(world, charge, options.reason === 'fraudulent')
    afterFullRefund(world, charge)
  }
  return refund
}

/** "Refunds require at least 3 business days to process": https://docs.stripe.com/payments/ach-direct-debit#refunds */
function planSuccess(world: World, refund: Refund): void {
  world.agenda.add(world.seconds() + world.settings.bankRefundAfterDays * DAY, PRIORITY.settle, () => {
    if (refund.status !== 'pending') return
    changeRefund(world, refund, (it) => {
      it.status = 'succeeded'
      delete it.pending_reason
    })
  })
}

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
