// Disputes of charges: what is withdrawn when one opens, what comes back when it is won, and the inquiries (warning_…)
// that move no money until they escalate. Evidence is written in routes/disputes.ts; bank debits that come back after
// they succeeded are bank-returns.ts. https://docs.stripe.com/disputes/how-disputes-work
import { PRIORITY } from '../agenda.ts'
import { DAY } from '../calendar.ts'
import { invalidRequest } from '../errors.ts'
import type { Charge, Dispute } from '../wire.ts'
import { copy } from '../wire.ts'
import { change, emit, fetchByPath, type World } from '../world.ts'
import { recordBalance } from './balance.ts'
import { EMPTY_EVIDENCE } from './dispute-evidence.ts'
import { afterDisputed } from './radar.ts'
import { failPendingRefunds } from './refund-failure.ts'

/** "usually 7-21 days, depending on the card network": the longest. */
const RESPOND_WITHIN_DAYS = 21
/** "If an inquiry remains open for 120 days without escalating … Stripe marks it as closed". */
const INQUIRY_DAYS = 120

export interface DisputeOptions {
  reason?: string | undefined
  /** In the charge's currency; it may be more or less than the charge. Absent: what is left of the charge. */
  amount?: number | undefined
  /** Absent: a formal dispute. */
  inquiry?: boolean | undefined
}

/** What Stripe keeps for a dispute, win or lose, by settlement currency: https://stripe.com/pricing */
const DISPUTE_FEES: Record<string, number> = { eur: 2_000, gbp: 2_000 }
const disputeFee = (currency: string): number => DISPUTE_FEES[currency] ?? 1_500

export function openDispute(world: World, chargeId: string, options: DisputeOptions = {}): Dispute {
  const charge = fetchByPath(world.store.charges, 'charge', chargeId)
  if (charge.refunded) {
    // https://docs.stripe.com/refunds#refund-requests
    throw invalidRequest('Disputes are not possible on charges that are fully refunded.', { param: 'charge' })
  }
  const dueBy = world.seconds() + RESPOND_WITHIN_DAYS * DAY
  const dispute = addDispute(world, charge, {
    reason: options.reason ?? 'fraudulent',
    amount: options.amount ?? charge.amount - charge.amount_refunded,
    status: options.inquiry ? 'warning_needs_response' : 'needs_response',
    dueBy,
  })
  if (!options.inquiry) recordWithdrawal(world, dispute, disputeFee)
  emit(world, 'charge.dispute.created', dispute)
  if (options.inquiry) planInquiryEnd(world, dispute)
  else {
    emit(world, 'charge.dispute.funds_withdrawn', dispute)
    planDeadline(world, dispute, dueBy)
    failPendingRefunds(world, charge)
  }
  afterDisputed(world, charge)
  return dispute
}

export function addDispute(
  world: World,
  charge: Charge,
  options: { reason: string; amount: number; status: Dispute['status']; dueBy: number },
): Dispute {
  if (charge.status !== 'succeeded')
    throw invalidRequest(`Charge ${charge.id} has not succeeded; there is nothing to dispute.`)
  const inquiry = options.status.startsWith('warning')
  const card = charge.payment_method_details?.card
  charge.disputed = true
  return world.store.disputes.add({
    id: world.ids.next('du'),
    object: 'dispute',
    amount: options.amount,
    balance_transactions: [],
    charge: charge.id,
    created: world.seconds(),
    currency: charge.currency,
    enhanced_eligibility_types: [],
    evidence: copy(EMPTY_EVIDENCE),
    evidence_details: {
      due_by: options.dueBy,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: 'manual',
    },
    intended_submission_method: null,
    is_charge_refundable: inquiry,
    livemode: world.settings.livemode,
    metadata: {},
    network_reason_code: null,
    payment_intent: charge.payment_intent,
    ...(card
      ? {
          payment_method_details: {
            card: {
              brand: card.brand ?? 'visa',
              case_type: inquiry ? 'inquiry' : 'chargeback',
              network: card.network ?? 'visa',
              network_reason_code: null,
            },
            type: 'card',
          },
        }
      : {}),
    reason: options.reason,
    status: options.status,
  })
}

/** At the rate of the day: a converted payment's dispute may take more or less than the payment brought. */
export function recordWithdrawal(
  world: World,
  dispute: Dispute,
  feeIn: (currency: string) => number,
  feeText = 'Dispute fee',
): void {
  dispute.balance_transactions = [
    ...dispute.balance_transactions,
    recordBalance(world, {
      amount: -dispute.amount,
      currency: dispute.currency,
      fees: ({ currency }) => [{ amount: feeIn(currency), description: feeText }],
      source: dispute.id,
      type: 'adjustment',
      category: 'dispute',
      description: `Chargeback withdrawal for ${dispute.charge}`,
    }),
  ]
}

/** An inquiry becomes a formal dispute: only now is money withdrawn. */
export function escalateInquiry(world: World, dispute: Dispute): Dispute {
  if (!isOpenInquiry(dispute)) throw invalidRequest(`This dispute is no open inquiry: ${dispute.status}.`)
  recordWithdrawal(world, dispute, disputeFee)
  const dueBy = world.seconds() + RESPOND_WITHIN_DAYS * DAY
  change(world, dispute, 'charge.dispute.updated', (it) => {
    it.status = 'needs_response'
    it.is_charge_refundable = false
    it.evidence_details.due_by = dueBy
    const card = it.payment_method_details?.card
    if (card) card.case_type = 'chargeback'
  })
  emit(world, 'charge.dispute.funds_withdrawn', dispute)
  planDeadline(world, dispute, dueBy)
  return dispute
}

/** A dispute ends. Won: the amount comes back, the fee for receiving it does not (outside Mexico). */
export function closeDispute(world: World, disputeId: string, outcome: 'won' | 'lost'): Dispute {
  const dispute = fetchByPath(world.store.disputes, 'dispute', disputeId)
  if (hasClosed(dispute)) throw invalidRequest(`This dispute is already ${dispute.status}.`)
  if (isOpenInquiry(dispute)) {
    // Card networks give no explicit win for inquiries.
    throw invalidRequest('An inquiry is closed or escalated, it is neither won nor lost.')
  }
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
        description: `Chargeback reversal for ${dispute.charge}`,
      }),
    ]
    emit(world, 'charge.dispute.funds_reinstated', dispute)
  }
  emit(world, 'charge.dispute.closed', dispute)
  return dispute
}

export function closeInquiry(world: World, dispute: Dispute): Dispute {
  if (!isOpenInquiry(dispute)) throw invalidRequest(`This dispute is no open inquiry: ${dispute.status}.`)
  dispute.status = 'warning_closed'
  dispute.is_charge_refundable = false
  emit(world, 'charge.dispute.closed', dispute)
  return dispute
}

export const isOpenInquiry = ({ status }: Dispute): boolean =>
  status === 'warning_needs_response' || status === 'warning_under_review'

export const hasClosed = ({ status }: Dispute): boolean =>
  status === 'won' || status === 'lost' || status === 'warning_closed'

/** A full refund ends an inquiry; during a formal dispute a charge cannot be refunded outside of it. */
export function requireRefundable(world: World, charge: Charge): void {
  const blocking = world.store.disputes
    .of(charge.id)
    .some((dispute) => !dispute.is_charge_refundable && dispute.status !== 'won' && !isWarning(dispute))
  if (!blocking) return
  throw invalidRequest(`Charge ${charge.id} has been charged back; cannot issue a refund.`, {
    code: 'charge_disputed',
  })
}

export function afterFullRefund(world: World, charge: Charge): void {
  for (const dispute of world.store.disputes.of(charge.id)) {
    if (isOpenInquiry(dispute)) closeInquiry(world, dispute)
  }
}

const isWarning = ({ status }: Dispute): boolean => status.startsWith('warning')

/** Without a response in time the dispute is lost. */
function planDeadline(world: World, dispute: Dispute, dueBy: number): void {
  world.agenda.add(dueBy, PRIORITY.other, () => {
    if (dispute.status === 'needs_response') closeDispute(world, dispute.id, 'lost')
  })
}

function planInquiryEnd(world: World, dispute: Dispute): void {
  world.agenda.add(dispute.created + INQUIRY_DAYS * DAY, PRIORITY.other, () => {
    if (isOpenInquiry(dispute)) closeInquiry(world, dispute)
  })
}
