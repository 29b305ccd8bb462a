// Refunds: of a charge, in whole or in part, and what a bank may later do to one.
// https://docs.stripe.com/refunds
import { invalidRequest } from '../errors.ts'
import type { Charge, Refund } from '../wire.ts'
import { change, emit, type World } from '../world.ts'
import { recordBalance } from './balance.ts'

export function createRefund(
  world: World,
  charge: Charge,
  options: { amount?: number | undefined; reason?: string | undefined; metadata?: Record<string, string> },
): Refund {
  const left = charge.amount - charge.amount_refunded
  if (charge.status !== 'succeeded')
    throw invalidRequest(`Charge ${charge.id} has not been paid.`, { param: 'charge' })
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
    reason: options.reason ?? null,
    receipt_number: null,
    source_transfer_reversal: null,
    status: 'succeeded',
    transfer_reversal: null,
  }
  world.store.refunds.add(refund)
  refund.balance_transaction = recordBalance(world, {
    amount: -amount,
    currency: charge.currency,
    source: refund.id,
    type: 'refund',
  }).id
  emit(world, 'refund.created', refund)
  change(world, charge, 'charge.refunded', (it) => {
    it.amount_refunded += amount
    it.refunded = it.amount_refunded === it.amount
  })
  return refund
}

/** The bank sends a refund back: https://docs.stripe.com/refunds#failed-refunds */
export function failRefund(world: World, refund: Refund): Refund {
  if (refund.status === 'failed') throw invalidRequest('This refund has failed already.')
  refund.failure_reason = 'lost_or_stolen_card'
  refund.failure_balance_transaction = recordBalance(world, {
    amount: refund.amount,
    currency: refund.currency,
    source: refund.id,
    type: 'refund_failure',
  }).id
  change(world, refund, 'refund.updated', (it) => {
    it.status = 'failed'
  })
  emit(world, 'refund.failed', refund)
  const charge = world.store.charges.get(refund.charge ?? '')
  if (charge) {
    change(world, charge, 'charge.updated', (it) => {
      it.amount_refunded -= refund.amount
      it.refunded = false
    })
  }
  return refund
}
