// Shipping rates, and how an invoice names one. What they do to an invoice is billing/shipping.ts. Rates in several
// currencies and delivery estimates are not simulated. https://docs.stripe.com/api/shipping_rates
import type Stripe from 'stripe'
import * as z from 'zod'
import { addShippingRate, type ShippingRateOptions } from '../billing/shipping.ts'
import * as p from '../parameters.ts'
import { page, type Route, route } from '../routing.ts'
import { change, fetchByPath } from '../world.ts'
import { listed, matches } from './catalog.ts'

const behaviour = p.oneOf('exclusive', 'inclusive', 'unspecified')

const rateFields = {
  display_name: p.text.max(100),
  fixed_amount: z.strictObject({ amount: p.count, currency: p.currency }),
  metadata: p.metadata.optional(),
  tax_behavior: behaviour.optional(),
  tax_code: p.id.optional(),
  type: p.oneOf('fixed_amount').optional(),
}

const optionsOf = (rate: z.output<z.ZodObject<typeof rateFields>>, active: boolean): ShippingRateOptions => ({
  displayName: rate.display_name,
  ...rate.fixed_amount,
  active,
  metadata: p.mergeMetadata(null, rate.metadata),
  taxBehavior: rate.tax_behavior,
  taxCode: rate.tax_code,
})

/** One that is made for this invoice alone is not offered for others: the reading taken of "ad-hoc". */
export const shippingCost = z.strictObject({
  shipping_rate: p.id.optional(),
  shipping_rate_data: z
    .strictObject(rateFields)
    .transform((rate) => optionsOf(rate, false))
    .optional(),
})

export const shippingRateRoutes: Route[] = [
  route(
    'POST',
    '/v1/shipping_rates',
    p.shape<Stripe.ShippingRateCreateParams>()(rateFields),
    ({ world, params }) => addShippingRate(world, optionsOf(params, true)),
  ),
  route(
    'POST',
    '/v1/shipping_rates/:id',
    p.shape<Stripe.ShippingRateUpdateParams>()({
      active: p.flag.optional(),
      metadata: p.metadata.optional(),
    }),
    ({ world, params, path }) => {
      const rate = fetchByPath(world.store.shippingRates, 'shipping_rate', path.id ?? '')
      change(world, rate, null, (it) => {
        if (params.active !== undefined) it.active = params.active
        it.metadata = p.mergeMetadata(it.metadata, params.metadata)
      })
      return rate
    },
  ),
  route(
    'GET',
    '/v1/shipping_rates',
    z.strictObject({ ...listed, currency: p.currency.optional() }),
    ({ world, params, url }) =>
      page(
        world.store.shippingRates
          .all()
          .filter(
            (each) =>
              matches(each, params) && (!params.currency || each.fixed_amount?.currency === params.currency),
          ),
        params,
        url,
      ),
  ),
  route('GET', '/v1/shipping_rates/:id', z.strictObject({}), ({ world, path }) =>
    fetchByPath(world.store.shippingRates, 'shipping_rate', path.id ?? ''),
  ),
]
