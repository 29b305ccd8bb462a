// What Radar tells of a charge before anybody disputes it: early fraud warnings of the card networks, and reviews that
// a rule or a person opened. Neither moves money.
// https://docs.stripe.com/api/radar/early_fraud_warnings/object · https://docs.stripe.com/radar/reviews
import { invalidRequest } from '../errors.ts'
import type { Charge, EarlyFraudWarning, Review } from '../wire.ts'
import { change, emit, fetchByPath, type World } from '../world.ts'

export const FRAUD_TYPES = [
  'card_never_received',
  'fraudulent_card_application',
  'made_with_counterfeit_card',
  'made_with_lost_card',
  'made_with_stolen_card',
  'misc',
  'unauthorized_use_of_card',
] as const

/** A warning may also come after the dispute; then there is nothing to act on any more. */
export function warnOfFraud(world: World, chargeId: string, fraudType: string): EarlyFraudWarning {
  const charge = fetchByPath(world.store.charges, 'charge', chargeId)
  if (charge.payment_method_details?.type !== 'card')
    throw invalidRequest('Early fraud warnings come from card networks: this is no card payment.')
  const warning = world.store.earlyFraudWarnings.add({
    id: world.ids.next('issfr'),
    object: 'radar.early_fraud_warning',
    actionable: !charge.disputed && !charge.refunded,
    charge: charge.id,
    created: world.seconds(),
    fraud_type: fraudType,
    livemode: world.settings.livemode,
    ...(charge.payment_intent ? { payment_intent: charge.payment_intent } : {}),
  })
  emit(world, 'radar.early_fraud_warning.created', warning)
  return warning
}

export function openReview(world: World, chargeId: string, openedReason: 'manual' | 'rule'): Review {
  const charge = fetchByPath(world.store.charges, 'charge', chargeId)
  if (world.store.reviews.of(charge.id).some((review) => review.open))
    throw invalidRequest(`Charge ${charge.id} is under review already.`)
  const review = world.store.reviews.add({
    id: world.ids.next('prv'),
    object: 'review',
    billing_zip: charge.billing_details.address?.postal_code ?? null,
    charge: charge.id,
    closed_reason: null,
    created: world.seconds(),
    ip_address: null,
    ip_address_location: null,
    livemode: world.settings.livemode,
    open: true,
    opened_reason: openedReason,
    ...(charge.payment_intent ? { payment_intent: charge.payment_intent } : {}),
    reason: openedReason,
    session: null,
  })
  charge.review = review.id
  const intent = world.store.paymentIntents.get(charge.payment_intent ?? '')
  if (intent) intent.review = review.id
  emit(world, 'review.opened', review)
  return review
}

export function closeReview(
  world: World,
  review: Review,
  reason: NonNullable<Review['closed_reason']>,
): void {
  if (!review.open)
    throw invalidRequest('You can only approve open reviews; this one is closed.', { param: 'review' })
  review.open = false
  review.closed_reason = reason
  review.reason = reason
  emit(world, 'review.closed', review)
}

/** A dispute answers the question that a warning or a review asked. */
export function afterDisputed(world: World, charge: Charge): void {
  settleWarnings(world, charge)
  closeReviewsOf(world, charge, 'disputed')
}

export function afterFullyRefunded(world: World, charge: Charge, asFraud: boolean): void {
  settleWarnings(world, charge)
  closeReviewsOf(world, charge, asFraud ? 'refunded_as_fraud' : 'refunded')
}

function settleWarnings(world: World, charge: Charge): void {
  for (const warning of world.store.earlyFraudWarnings.of(charge.id)) {
    change(world, warning, 'radar.early_fraud_warning.updated', (it) => {
      it.actionable = false
    })
  }
}

function closeReviewsOf(world: World, charge: Charge, reason: NonNullable<Review['closed_reason']>): void {
  for (const review of world.store.reviews.of(charge.id)) {
    if (review.open) closeReview(world, review, reason)
  }
}
