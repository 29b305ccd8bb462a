// Payouts: listed, asked for by hand, canceled. https://docs.stripe.com/api/payouts
import type Stripe from 'stripe'
import * as z from 'zod'
import { cancelPayout, createManualPayout } from '../billing/payouts.ts'
import { invalidParameter } from '../errors.ts'
import * as p from '../parameters.ts'
import { page, type Route, route } from '../routing.ts'
import type { Payout } from '../wire.ts'
import { change, fetchByPath, type World } from '../world.ts'

const payoutAt = (world: World, id: string | undefined): Payout =>
  fetchByPath(world.store.payouts, 'payout', id ?? '')

export const payoutRoutes: Route[] = [
  route(
    'POST',
    '/v1/payouts',
    p.shape<Stripe.PayoutCreateParams>()({
      amount: p.integer,
      currency: p.currency,
      description: p.text.optional(),
      metadata: p.metadata.optional(),
      method: p.oneOf('standard', 'instant').optional(),
      statement_descriptor: p.text.max(22).optional(),
    }),
    ({ world, params }) => {
      if (params.amount < 1) {
        throw invalidParameter(
          'This value must be greater than or equal to 1.',
          'parameter_invalid_integer',
          'amount',
        )
      }
      return createManualPayout(world, {
        amount: params.amount,
        currency: params.currency,
        method: params.method,
        description: params.description,
        statementDescriptor: params.statement_descriptor,
        metadata: p.mergeMetadata(null, params.metadata),
      })
    },
  ),
  route(
    'GET',
    '/v1/payouts',
    p.shape<Stripe.PayoutListParams>()({
      ...p.paging,
      arrival_date: p.range.optional(),
      created: p.range.optional(),
      destination: p.id.optional(),
      status: p.text.optional(),
    }),
    ({ world, params, url }) =>
      page(
        world.store.payouts
          .all()
          .filter(
            (each) =>
              p.inRange(each.created, params.created) &&
              p.inRange(each.arrival_date, params.arrival_date) &&
              (!params.destination || each.destination === params.destination) &&
              (!params.status || each.status === params.status),
          ),
        params,
        url,
      ),
  ),
  route('GET', '/v1/payouts/:id', z.strictObject({}), ({ world, path }) => payoutAt(world, path.id)),
  route(
    'POST',
    '/v1/payouts/:id',
    p.shape<Stripe.PayoutUpdateParams>()({ metadata: p.metadata.optional() }),
    ({ world, params, path }) => {
      const payout = payoutAt(world, path.id)
      change(world, payout, 'payout.updated', (it) => {
        it.metadata = p.mergeMetadata(it.metadata, params.metadata)
      })
      return payout
    },
  ),
  route('POST', '/v1/payouts/:id/cancel', z.strictObject({}), ({ world, path }) =>
    cancelPayout(world, payoutAt(world, path.id)),
  ),
]
