// Disputes, and what Radar knows of charges: found, answered, accepted, approved.
// https://docs.stripe.com/api/disputes · https://docs.stripe.com/api/radar/early_fraud_warnings · https://docs.stripe.com/api/radar/reviews
import type Stripe from 'stripe'
import * as z from 'zod'
import { EMPTY_EVIDENCE } from '../billing/dispute-evidence.ts'
import { updateDispute } from '../billing/dispute-response.ts'
import { closeDispute, closeInquiry, isOpenInquiry } from '../billing/disputes.ts'
import { closeReview } from '../billing/radar.ts'
import { invalidRequest } from '../errors.ts'
import * as p from '../parameters.ts'
import { listRoute, page, type Route, route } from '../routing.ts'
import type { Dispute, Review } from '../wire.ts'
import { fetchByPath, type World } from '../world.ts'

const none = z.strictObject({})
const disputeAt = (world: World, id: string | undefined): Dispute =>
  fetchByPath(world.store.disputes, 'dispute', id ?? '')
const reviewAt = (world: World, id: string | undefined): Review =>
  fetchByPath(world.store.reviews, 'review', id ?? '')

/** Every text field; enhanced evidence for Visa and Mastercard programmes is refused as unknown. */
const evidence = z.strictObject(
  Object.fromEntries(
    Object.keys(EMPTY_EVIDENCE)
      .filter((name) => name !== 'enhanced_evidence')
      .map((name) => [name, p.emptyable(z.string().max(150_000)).optional()]),
  ),
)

const disputeRoutes: Route[] = [
  route(
    'GET',
    '/v1/disputes',
    p.shape<Stripe.DisputeListParams>()({
      ...p.paging,
      charge: p.id.optional(),
      created: p.range.optional(),
      payment_intent: p.id.optional(),
    }),
    ({ world, params, url }) => {
      const source = params.charge ? world.store.disputes.of(params.charge) : world.store.disputes.all()
      return page(
        source.filter(
          (each) =>
            p.inRange(each.created, params.created) &&
            (!params.payment_intent || each.payment_intent === params.payment_intent),
        ),
        params,
        url,
      )
    },
  ),
  route('GET', '/v1/disputes/:id', none, ({ world, path }) => disputeAt(world, path.id)),
  route(
    'POST',
    '/v1/disputes/:id',
    p.shape<Stripe.DisputeUpdateParams>()({
      evidence: evidence.optional(),
      metadata: p.metadata.optional(),
      submit: p.flag.optional(),
    }),
    ({ world, params, path }) => {
      const dispute = disputeAt(world, path.id)
      return updateDispute(world, dispute, {
        evidence: params.evidence,
        metadata: p.mergeMetadata(dispute.metadata, params.metadata),
        submit: params.submit,
      })
    },
  ),
  route('POST', '/v1/disputes/:id/close', none, ({ world, path }) => {
    const dispute = disputeAt(world, path.id)
    if (dispute.status !== 'needs_response' && dispute.status !== 'warning_needs_response')
      throw invalidRequest(`This dispute is ${dispute.status}; it cannot be closed.`, { param: 'dispute' })
    return isOpenInquiry(dispute) ? closeInquiry(world, dispute) : closeDispute(world, dispute.id, 'lost')
  }),
]

const radarRoutes: Route[] = [
  listRoute('/v1/radar/early_fraud_warnings', ({ earlyFraudWarnings }) => earlyFraudWarnings, {
    charge: 0,
    payment_intent: 1,
  }),
  route('GET', '/v1/radar/early_fraud_warnings/:id', none, ({ world, path }) =>
    fetchByPath(world.store.earlyFraudWarnings, 'early_fraud_warning', path.id ?? ''),
  ),
  // Only open ones are listed: https://docs.stripe.com/api/radar/reviews/list
  route(
    'GET',
    '/v1/reviews',
    p.shape<Stripe.ReviewListParams>()({ ...p.paging, created: p.range.optional() }),
    ({ world, params, url }) =>
      page(
        world.store.reviews.all().filter((each) => each.open && p.inRange(each.created, params.created)),
        params,
        url,
      ),
  ),
  route('GET', '/v1/reviews/:id', none, ({ world, path }) => reviewAt(world, path.id)),
  route('POST', '/v1/reviews/:id/approve', none, ({ world, path }) => {
    const review = reviewAt(world, path.id)
    closeReview(world, review, 'approved')
    return review
  }),
]

export const disputesRoutes: Route[] = [...disputeRoutes, ...radarRoutes]
