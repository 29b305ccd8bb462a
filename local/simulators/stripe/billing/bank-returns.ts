// Bank debits that come back after they succeeded. The payment stays `succeeded` and its invoice `paid`: what comes is
// a dispute that is lost as it opens, with the amount and a fee withdrawn. There is nothing to contest.
// https://docs.stripe.com/payments/ach-direct-debit#transaction-failures · https://docs.stripe.com/payments/sepa-debit
import { PRIORITY } from '../agenda.ts'
import { addMonths, DAY } from '../calendar.ts'
import { invalidRequest } from '../errors.ts'
import type { Charge, Dispute } from '../wire.ts'
import { emit, fetchByPath, type World } from '../world.ts'
import { addDispute, recordWithdrawal } from './disputes.ts'
import { failPendingRefunds } from './refund-failure.ts'

/** The bank failed to collect after all: Stripe's failure fee. Any other reason is the customer's: the dispute fee. */
const BANK_REASONS = ['insufficient_funds', 'incorrect_account_details', 'bank_cannot_process'] as const
const CUSTOMER_REASONS = ['debit_not_authorized', 'customer_initiated', 'general'] as const
export const RETURN_REASONS = [...BANK_REASONS, ...CUSTOMER_REASONS] as const

/** The tables of the SEPA page, by settlement currency, in minor units. */
const SEPA_FAILURE_FEES: Record<string, number> = { eur: 350, gbp: 300, usd: 500, jpy: 550 }
const SEPA_DISPUTE_FEES: Record<string, number> = { eur: 1_500, gbp: 1_300, usd: 1_500, jpy: 2_375 }
/** https://stripe.com/pricing/local-payment-methods#bank-debits */
const ACH_FAILURE_FEE = 400
const ACH_DISPUTE_FEE = 1_500

export function returnDebit(world: World, chargeId: string, reason: string): Dispute {
  const charge = fetchByPath(world.store.charges, 'charge', chargeId)
  const method = charge.payment_method_details?.type
  if (method !== 'us_bank_account' && method !== 'sepa_debit')
    throw invalidRequest(`Only bank debits come back this way; this charge was made by ${method}.`)
  if (!RETURN_REASONS.some((each) => each === reason))
    throw invalidRequest(`Not a reason for a return: ${reason}. One of: ${RETURN_REASONS.join(', ')}.`)
  if (charge.status !== 'succeeded')
    throw invalidRequest(`Charge ${charge.id} has not succeeded: it fails, it does not come back.`)
  if (method === 'sepa_debit') requireInTime(world, charge, reason)
  const dispute = addDispute(world, charge, {
    reason,
    amount: charge.amount,
    status: 'lost',
    // "Will be 0 if the customer's bank … doesn't allow a response": the Dispute object's own definition.
    dueBy: 0,
  })
  const byBank = BANK_REASONS.some((each) => each === reason)
  recordWithdrawal(
    world,
    dispute,
    (currency) => feeFor(method, byBank, currency),
    byBank ? 'Failure fee' : 'Dispute fee',
  )
  emit(world, 'charge.dispute.created', dispute)
  emit(world, 'charge.dispute.funds_withdrawn', dispute)
  emit(world, 'charge.dispute.closed', dispute)
  failPendingRefunds(world, charge)
  return dispute
}

export function planReturn(world: World, chargeId: string, reason: string, afterDays: number): void {
  const charge = fetchByPath(world.store.charges, 'charge', chargeId)
  world.agenda.add(world.seconds() + afterDays * DAY, PRIORITY.settle, () => {
    if (charge.status === 'succeeded' && !charge.disputed) returnDebit(world, charge.id, reason)
  })
}

/** Eight weeks without a question, then up to thirteen months for debits that were not authorized. */
function requireInTime(world: World, charge: Charge, reason: string): void {
  const at = world.seconds()
  const limit = reason === 'debit_not_authorized' ? addMonths(charge.created, 13) : charge.created + 56 * DAY
  if (at > limit) {
    throw invalidRequest(
      'A SEPA debit is returned within eight weeks, or within thirteen months when it was not authorized.',
      { param: 'reason' },
    )
  }
}

function feeFor(method: 'us_bank_account' | 'sepa_debit', byBank: boolean, currency: string): number {
  if (method === 'us_bank_account') return byBank ? ACH_FAILURE_FEE : ACH_DISPUTE_FEE
  return byBank ? (SEPA_FAILURE_FEES[currency] ?? 500) : (SEPA_DISPUTE_FEES[currency] ?? 1_500)
}
