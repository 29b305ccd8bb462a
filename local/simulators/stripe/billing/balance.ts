// The account's own money: a balance transaction for every charge, refund and dispute, and payouts that take what is
// there. Fees are a flat 2.9 % + 30 minor units and settlement is in the currency of the charge: a simplification,
// not Stripe's price list. https://docs.stripe.com/api/balance_transactions/object
import { DAY } from '../calendar.ts'
import { invalidRequest } from '../errors.ts'
import { percentOf, sum } from '../money.ts'
import type { BalanceTransaction, Dispute, Payout } from '../wire.ts'
import { change, emit, fetchByPath, type World } from '../world.ts'

export const feeOn = (amount: number): number => Math.min(amount, percentOf(amount, 2.9) + 30)

export function recordBalance(
  world: World,
  entry: {
    amount: number
    currency: string
    fee?: number
    source: string
    type: string
    description?: string
    category?: string
  },
): BalanceTransaction {
  const fee = entry.fee ?? 0
  return world.store.balanceTransactions.add({
    id: world.ids.next('txn'),
    object: 'balance_transaction',
    amount: entry.amount,
    available_on: world.seconds() + 2 * DAY,
    balance_type: 'payments',
    created: world.seconds(),
    currency: entry.currency,
    description: entry.description ?? null,
    exchange_rate: null,
    fee,
    fee_details: fee
      ? [
          {
            amount: fee,
            application: null,
            currency: entry.currency,
            description: 'Stripe processing fees',
            type: 'stripe_fee',
          },
        ]
      : [],
    net: entry.amount - fee,
    reporting_category: entry.category ?? entry.type,
    source: entry.source,
    status: 'pending',
    type: entry.type,
  })
}

/** Pays out everything of a currency that no payout has taken. Automatic, so that it can be itemized. */
export function payOut(world: World, currency: string): Payout {
  const taken = world.store.balanceTransactions
    .all()
    .filter(
      (entry) =>
        entry.currency === currency && entry.type !== 'payout' && !world.store.hidden.paidOut.has(entry.id),
    )
  const amount = sum(taken.map((entry) => entry.net))
  if (amount <= 0)
    throw invalidRequest(`You have insufficient funds in your Stripe account for ${currency}.`, {
      code: 'balance_insufficient',
    })
  const payout: Payout = {
    id: world.ids.next('po'),
    object: 'payout',
    amount,
    application_fee: null,
    application_fee_amount: null,
    arrival_date: world.seconds() + 2 * DAY,
    automatic: true,
    balance_transaction: null,
    created: world.seconds(),
    currency,
    description: 'STRIPE PAYOUT',
    destination: null,
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
    livemode: world.settings.livemode,
    metadata: {},
    method: 'standard',
    original_payout: null,
    payout_method: null,
    reconciliation_status: 'in_progress',
    reversed_by: null,
    source_type: 'card',
    statement_descriptor: null,
    status: 'in_transit',
    trace_id: null,
    type: 'bank_account',
  }
  world.store.payouts.add(payout)
  payout.balance_transaction = recordBalance(world, {
    amount: -amount,
    currency,
    source: payout.id,
    type: 'payout',
  }).id
  for (const entry of taken) world.store.hidden.paidOut.set(entry.id, payout.id)
  emit(world, 'payout.created', payout)
  change(world, payout, 'payout.updated', (it) => {
    it.status = 'paid'
  })
  emit(world, 'payout.paid', payout)
  change(world, payout, 'payout.updated', (it) => {
    it.reconciliation_status = 'completed'
  })
  emit(world, 'payout.reconciliation_completed', payout)
  return payout
}

/** A dispute opens: the amount and a fee leave the balance. https://docs.stripe.com/disputes/how-disputes-work */
export function openDispute(world: World, chargeId: string, reason: string): Dispute {
  const charge = fetchByPath(world.store.charges, 'charge', chargeId)
  const dispute: Dispute = {
    id: world.ids.next('du'),
    object: 'dispute',
    amount: charge.amount,
    balance_transactions: [],
    charge: charge.id,
    created: world.seconds(),
    currency: charge.currency,
    enhanced_eligibility_types: [],
    evidence: EMPTY_EVIDENCE,
    evidence_details: {
      due_by: world.seconds() + 7 * DAY,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: 'manual',
    },
    intended_submission_method: null,
    is_charge_refundable: false,
    livemode: world.settings.livemode,
    metadata: {},
    network_reason_code: null,
    payment_intent: charge.payment_intent,
    reason,
    status: 'needs_response',
  }
  world.store.disputes.add(dispute)
  dispute.balance_transactions = [
    recordBalance(world, {
      amount: -charge.amount,
      fee: 1500,
      currency: charge.currency,
      source: dispute.id,
      type: 'adjustment',
      category: 'dispute',
    }),
  ]
  charge.disputed = true
  emit(world, 'charge.dispute.created', dispute)
  emit(world, 'charge.dispute.funds_withdrawn', dispute)
  return dispute
}

/** A dispute ends; when it is won, the amount comes back (the fee does not). */
export function closeDispute(world: World, disputeId: string, outcome: 'won' | 'lost'): Dispute {
  const dispute = fetchByPath(world.store.disputes, 'dispute', disputeId)
  if (dispute.status === 'won' || dispute.status === 'lost')
    throw invalidRequest(`This dispute is already ${dispute.status}.`)
  dispute.status = outcome
  if (outcome === 'won') {
    dispute.balance_transactions = [
      ...dispute.balance_transactions,
      recordBalance(world, {
        amount: dispute.amount,
        currency: dispute.currency,
        source: dispute.id,
        type: 'adjustment',
        category: 'dispute_reversal',
      }),
    ]
    emit(world, 'charge.dispute.funds_reinstated', dispute)
  }
  emit(world, 'charge.dispute.closed', dispute)
  return dispute
}

const EMPTY_EVIDENCE: Dispute['evidence'] = {
  access_activity_log: null,
  billing_address: null,
  cancellation_policy: null,
  cancellation_policy_disclosure: null,
  cancellation_rebuttal: null,
  customer_communication: null,
  customer_email_address: null,
  customer_name: null,
  customer_purchase_ip: null,
  customer_signature: null,
  duplicate_charge_documentation: null,
  duplicate_charge_explanation: null,
  duplicate_charge_id: null,
  enhanced_evidence: {},
  product_description: null,
  receipt: null,
  refund_policy: null,
  refund_policy_disclosure: null,
  refund_refusal_explanation: null,
  service_date: null,
  service_documentation: null,
  shipping_address: null,
  shipping_carrier: null,
  shipping_date: null,
  shipping_documentation: null,
  shipping_tracking_number: null,
  uncategorized_file: null,
  uncategorized_text: null,
}
