// What is brought forward against a dispute: staged or submitted, once. What a bank decides on real evidence is a
// control's matter; the two test phrases decide by themselves.
// https://docs.stripe.com/api/disputes/update · https://docs.stripe.com/testing#evidence
import { invalidRequest } from '../errors.ts'
import type { Dispute } from '../wire.ts'
import { change, type World } from '../world.ts'
import { closeDispute, closeInquiry, hasClosed, isOpenInquiry } from './disputes.ts'

export interface DisputeUpdate {
  evidence?: Partial<Dispute['evidence']> | undefined
  metadata?: Record<string, string>
  /** Absent: true. False only stages the evidence. */
  submit?: boolean | undefined
}

export function updateDispute(world: World, dispute: Dispute, update: DisputeUpdate): Dispute {
  const submits = update.evidence !== undefined && update.submit !== false
  if (update.evidence && hasClosed(dispute))
    throw invalidRequest('This dispute is already closed.', { param: 'evidence' })
  if (update.evidence && dispute.evidence_details.submission_count > 0) {
    throw invalidRequest('The evidence for this dispute has already been submitted.', { param: 'evidence' })
  }
  change(world, dispute, 'charge.dispute.updated', (it) => {
    if (update.metadata) it.metadata = update.metadata
    if (!update.evidence) return
    it.evidence = { ...it.evidence, ...update.evidence }
    it.evidence_details.has_evidence = true
    if (!submits) return
    it.evidence_details.submission_count += 1
    it.evidence_details.past_due = world.seconds() > (it.evidence_details.due_by ?? 0)
    it.status = isOpenInquiry(it) ? 'warning_under_review' : 'under_review'
  })
  if (submits) decideByTestPhrase(world, dispute)
  return dispute
}

function decideByTestPhrase(world: World, dispute: Dispute): void {
  const text = dispute.evidence.uncategorized_text
  if (text !== 'winning_evidence' && text !== 'losing_evidence') return
  if (isOpenInquiry(dispute)) closeInquiry(world, dispute)
  else closeDispute(world, dispute.id, text === 'winning_evidence' ? 'won' : 'lost')
}
