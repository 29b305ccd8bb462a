// Refunds: made, found, annotated. What a bank does to one later is a control.
import type Stripe from 'stripe'
import * as z from 'zod'
import { changeRefund } from '../billing/refund-failure.ts'
import { createRefund } from '../billing/refunds.ts'
import { invalidRequest } from '../errors.ts'
import * as p from '../parameters.ts'
import { listRoute, type Route, route } from '../routing.ts'
import { fetchByParameter, fetchByPath } from '../world.ts'

const none = z.strictObject({})

export const refundRoutes: Route[] = [
  route(
    'POST',
    '/v1/refunds',
    p.shape<Stripe.RefundCreateParams>()({
      amount: p.count.optional(),
      charge: p.id.optional(),
      metadata: p.metadata.optional(),
      payment_intent: p.id.optional(),
      reason: p.oneOf('duplicate', 'fraudulent', 'requested_by_customer').optional(),
    }),
    ({ world, params }) => {
      const intent = params.payment_intent
        ? fetchByParameter(world.store.paymentIntents, 'payment_intent', params.payment_intent)
        : undefined
      const chargeId = params.charge ?? intent?.latest_charge
      if (!chargeId)
        throw invalidRequest(
          'One of the following params should be provided for this request: payment_intent or charge.',
        )
      const charge = fetchByParameter(world.store.charges, 'charge', chargeId)
      return createRefund(world, charge, {
        amount: params.amount,
        reason: params.reason,
        metadata: p.mergeMetadata(null, params.metadata),
      })
    },
  ),
  listRoute('/v1/refunds', ({ refunds }) => refunds, { charge: 0, payment_intent: 1 }),
  route('GET', '/v1/refunds/:id', none, ({ world, path }) =>
    fetchByPath(world.store.refunds, 'refund', path.id ?? ''),
  ),
  route(
    'POST',
    '/v1/refunds/:id',
    p.shape<Stripe.RefundUpdateParams>()({ metadata: p.metadata.optional() }),
    ({ world, params, path }) => {
      const refund = fetchByPath(world.store.refunds, 'refund', path.id ?? '')
      changeRefund(world, refund, (it) => {
        it.metadata = p.mergeMetadata(it.metadata, params.metadata)
      })
      return refund
    },
  ),
  route('POST', '/v1/refunds/:id/cancel', none, ({ world, path }) => {
    const refund = fetchByPath(world.store.refunds, 'refund', path.id ?? '')
    // "You can't cancel refunds in other states", and no payment method here has one: https://docs.stripe.com/api/refunds/cancel
    throw invalidRequest(
      `Only refunds with a status of requires_action can be canceled; this one is ${refund.status}.`,
      { param: 'refund' },
    )
  }),
]
