// Refunds: of a charge, in whole or in part. What a bank may do to one weeks later is refund-failure.ts.
// https://docs.stripe.com/refunds · https://docs.stripe.com/reports/balance-transaction-types
import { PRIORITY } from '../agenda.ts'
import { DAY } from '../calendar.ts'
import { invalidRequest } from '../errors.ts'
import type { Charge, Refund } from '../wire.ts'
import { change, emit, type World } from '../world.ts'
import { recordBalance } from './balance.ts'
import { afterFullRefund, requireRefundable } from './disputes.ts'
import { afterFullyRefunded } from './radar.ts'
import { changeRefund, isByCard } from './refund-failure.ts'

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
