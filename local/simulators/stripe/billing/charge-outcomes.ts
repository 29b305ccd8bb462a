// How a charge ends, for whatever payment intent it was made: paid, declined at once, or (bank debits) days later.
// What the outcome means for an invoice is payments.ts and attached-payments.ts.
import { PRIORITY } from '../agenda.ts'
import { DAY } from '../calendar.ts'
import type { Charge, PaymentIntent, PaymentMethod } from '../wire.ts'
import { emit, type World } from '../world.ts'
import { processingFees, recordBalance } from './balance.ts'
import { planReturn } from './bank-returns.ts'
import { newCharge } from './payment-objects.ts'

const AVAILABLE_IN_DAYS = 2

export function succeedCharge(world: World, intent: PaymentIntent, charge: Charge): void {
  charge.status = 'succeeded'
  charge.paid = true
  charge.balance_transaction ??= recordPayment(world, charge, AVAILABLE_IN_DAYS)
  emit(world, 'charge.succeeded', charge)
  intent.status = 'succeeded'
  intent.amount_received = charge.amount
  intent.latest_charge = charge.id
  intent.last_payment_error = null
  intent.payment_method = charge.payment_method
  emit(world, 'payment_intent.succeeded', intent)
}

function recordPayment(world: World, charge: Charge, availableInDays: number): string {
  return recordBalance(world, {
    amount: charge.amount,
    currency: charge.currency,
    fees: processingFees,
    source: charge.id,
    type: charge.payment_method_details?.type === 'card' ? 'charge' : 'payment',
    category: 'charge',
    description: charge.description,
    availableInDays,
  }).id
}

/**
 * Bank debits answer days later: https://docs.stripe.com/payments/ach-direct-debit#timing. Their balance transaction is
 * there from the start, pending; one that fails is taken back by a `payment_failure_refund`.
 * https://docs.stripe.com/reports/balance-transaction-types
 */
export function processDebit(
  world: World,
  intent: PaymentIntent,
  charge: Charge,
  method: PaymentMethod,
  ends: { fails: () => boolean; paid: () => void; failed: () => void },
): void {
  const { settleAfterDays } = world.settings
  charge.status = 'pending'
  charge.balance_transaction = recordPayment(world, charge, settleAfterDays + 1)
  intent.status = 'processing'
  intent.latest_charge = charge.id
  intent.payment_method = method.id
  emit(world, 'charge.pending', charge)
  emit(world, 'payment_intent.processing', intent)
  world.agenda.add(world.seconds() + settleAfterDays * DAY, PRIORITY.settle, () => {
    if (intent.status !== 'processing') {
      takeBack(world, charge)
      return
    }
    if (!ends.fails()) {
      ends.paid()
      const returned = world.store.hidden.returns.get(method.id)
      if (returned) planReturn(world, charge.id, returned, 0)
      return
    }
    const broke = world.store.hidden.behaviour.get(method.id) === 'fails_later'
    charge.status = 'failed'
    charge.failure_code = broke ? 'insufficient_funds' : 'payment_method_customer_decline'
    charge.failure_message = broke
      ? 'The customer’s account has insufficient funds to cover this payment.'
      : 'The customer’s bank declined the debit.'
    charge.failure_balance_transaction = takeBack(world, charge)
    failIntent(world, intent, charge, method)
    ends.failed()
  })
}

/** Whether the processing fee comes back too is not documented; it does here, as nothing was processed. */
function takeBack(world: World, charge: Charge): string {
  const taken = world.store.balanceTransactions.get(charge.balance_transaction ?? '')
  return recordBalance(world, {
    amount: -charge.amount,
    currency: charge.currency,
    fees: () => [{ amount: -(taken?.fee ?? 0), description: 'Stripe processing fees' }],
    source: charge.id,
    type: 'payment_failure_refund',
    category: 'charge_failure',
    description: 'REFUND FOR FAILED PAYMENT',
  }).id
}

export function declineCharge(world: World, intent: PaymentIntent, method: PaymentMethod): void {
  const charge = newCharge(world, intent, method)
  charge.status = 'failed'
  charge.amount_captured = 0
  charge.captured = false
  charge.failure_code = 'card_declined'
  charge.failure_message = 'Your card was declined.'
  charge.outcome = {
    advice_code: 'try_again_later',
    network_advice_code: null,
    network_decline_code: '01',
    network_status: 'declined_by_network',
    reason: 'generic_decline',
    risk_level: 'normal',
    risk_score: 20,
    seller_message: 'The bank did not return any further details with this decline.',
    type: 'issuer_declined',
  }
  world.store.charges.add(charge)
  failIntent(world, intent, charge, method)
}

function failIntent(world: World, intent: PaymentIntent, charge: Charge, method: PaymentMethod): void {
  emit(world, 'charge.failed', charge)
  intent.status = 'requires_payment_method'
  intent.latest_charge = charge.id
  intent.payment_method = null
  intent.last_payment_error = {
    charge: charge.id,
    code: charge.failure_code ?? 'card_declined',
    decline_code: 'generic_decline',
    doc_url: 'https://stripe.com/docs/error-codes/card-declined',
    message: charge.failure_message ?? 'Your card was declined.',
    payment_method: method,
    type: 'card_error',
  }
  emit(world, 'payment_intent.payment_failed', intent)
}
