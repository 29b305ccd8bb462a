// What changes a price on an invoice: coupons, promotion codes and tax rates.
import type Stripe from 'stripe'
import * as z from 'zod'
import { invalidRequest } from '../errors.ts'
import * as p from '../parameters.ts'
import { page, type Route, route } from '../routing.ts'
import type { Coupon, PromotionCode, TaxRate } from '../wire.ts'
import { change, emit, fetchByParameter, fetchByPath, type World } from '../world.ts'
import { listed, matches } from './catalog.ts'

const couponRoutes: Route[] = [
  route(
    'POST',
    '/v1/coupons',
    p.shape<Stripe.CouponCreateParams>()({
      amount_off: p.count.optional(),
      applies_to: z.strictObject({ products: z.array(p.id) }).optional(),
      currency: p.currency.optional(),
      duration: p.oneOf('forever', 'once', 'repeating').optional(),
      duration_in_months: p.count.optional(),
      id: p.id.optional(),
      max_redemptions: p.count.optional(),
      metadata: p.metadata.optional(),
      name: p.text.max(40).optional(),
      percent_off: p.percentage.optional(),
      redeem_by: p.timestamp.optional(),
    }),
    ({ world, params }) => {
      if ((params.amount_off === undefined) === (params.percent_off === undefined)) {
        throw invalidRequest('You must pass either `amount_off` or `percent_off`.', { param: 'percent_off' })
      }
      if (params.amount_off !== undefined && !params.currency) {
        throw invalidRequest('You must pass currency when passing amount_off', {
          code: 'parameter_missing',
          param: 'currency',
        })
      }
      if (params.duration === 'repeating' && !params.duration_in_months) {
        throw invalidRequest('You must pass duration_in_months when passing a duration of repeating.', {
          code: 'parameter_missing',
          param: 'duration_in_months',
        })
      }
      if (params.id && world.store.coupons.get(params.id))
        throw invalidRequest('Coupon already exists.', { code: 'resource_already_exists', param: 'id' })
      const coupon: Coupon = {
        id: params.id ?? world.ids.characters('coupon', 8),
        object: 'coupon',
        amount_off: params.amount_off ?? null,
        created: world.seconds(),
        currency: params.currency ?? null,
        duration: params.duration ?? 'once',
        duration_in_months: params.duration_in_months ?? null,
        livemode: world.settings.livemode,
        max_redemptions: params.max_redemptions ?? null,
        metadata: p.mergeMetadata(null, params.metadata),
        name: params.name ?? null,
        percent_off: params.percent_off ?? null,
        redeem_by: params.redeem_by ?? null,
        times_redeemed: 0,
        valid: true,
        ...(params.applies_to ? { applies_to: params.applies_to } : {}),
      }
      world.store.coupons.add(coupon)
      emit(world, 'coupon.created', coupon)
      return coupon
    },
  ),
  route(
    'POST',
    '/v1/coupons/:id',
    p.shape<Stripe.CouponUpdateParams>()({ metadata: p.metadata.optional(), name: p.text.optional() }),
    ({ world, params, path }) => {
      const coupon = fetchByPath(world.store.coupons, 'coupon', path.id ?? '')
      change(world, coupon, 'coupon.updated', (it) => {
        if (params.name !== undefined) it.name = params.name
        it.metadata = p.mergeMetadata(it.metadata, params.metadata)
      })
      return coupon
    },
  ),
  route(
    'GET',
    '/v1/coupons',
    z.strictObject({ ...p.paging, created: p.range.optional() }),
    ({ world, params, url }) =>
      page(
        world.store.coupons.all().filter((each) => p.inRange(each.created, params.created)),
        params,
        url,
      ),
  ),
  route('GET', '/v1/coupons/:id', z.strictObject({}), ({ world, path }) =>
    fetchByPath(world.store.coupons, 'coupon', path.id ?? ''),
  ),
  route('DELETE', '/v1/coupons/:id', z.strictObject({}), ({ world, path }) => {
    const coupon = fetchByPath(world.store.coupons, 'coupon', path.id ?? '')
    world.store.coupons.delete(coupon)
    coupon.valid = false
    emit(world, 'coupon.deleted', coupon)
    return { id: coupon.id, object: 'coupon', deleted: true }
  }),
  route(
    'POST',
    '/v1/promotion_codes',
    p.shape<Stripe.PromotionCodeCreateParams>()({
      active: p.flag.optional(),
      code: p.text.optional(),
      customer: p.id.optional(),
      expires_at: p.timestamp.optional(),
      max_redemptions: p.count.optional(),
      metadata: p.metadata.optional(),
      promotion: z.strictObject({ type: p.oneOf('coupon'), coupon: p.id }),
    }),
    ({ world, params }) => {
      const coupon = fetchByParameter(
        world.store.coupons,
        'coupon',
        params.promotion.coupon,
        'promotion[coupon]',
      )
      const code: PromotionCode = {
        id: world.ids.next('promo'),
        object: 'promotion_code',
        active: params.active ?? true,
        code: params.code ?? world.ids.characters('promotion code', 8).toUpperCase(),
        created: world.seconds(),
        customer: params.customer ?? null,
        customer_account: null,
        expires_at: params.expires_at ?? null,
        livemode: world.settings.livemode,
        max_redemptions: params.max_redemptions ?? null,
        metadata: p.mergeMetadata(null, params.metadata),
        promotion: { coupon: coupon.id, type: 'coupon' },
        restrictions: { first_time_transaction: false, minimum_amount: null, minimum_amount_currency: null },
        times_redeemed: 0,
      }
      world.store.promotionCodes.add(code)
      emit(world, 'promotion_code.created', code)
      return code
    },
  ),
  route(
    'POST',
    '/v1/promotion_codes/:id',
    p.shape<Stripe.PromotionCodeUpdateParams>()({
      active: p.flag.optional(),
      metadata: p.metadata.optional(),
    }),
    ({ world, params, path }) => {
      const code = fetchByPath(world.store.promotionCodes, 'promotion_code', path.id ?? '')
      change(world, code, 'promotion_code.updated', (it) => {
        if (params.active !== undefined) it.active = params.active
        it.metadata = p.mergeMetadata(it.metadata, params.metadata)
      })
      return code
    },
  ),
  route(
    'GET',
    '/v1/promotion_codes',
    z.strictObject({ ...listed, code: p.text.optional() }),
    ({ world, params, url }) =>
      page(
        world.store.promotionCodes
          .all()
          .filter((each) => matches(each, params) && (!params.code || each.code === params.code)),
        params,
        url,
      ),
  ),
  route('GET', '/v1/promotion_codes/:id', z.strictObject({}), ({ world, path }) =>
    fetchByPath(world.store.promotionCodes, 'promotion_code', path.id ?? ''),
  ),
]

export function newTaxRate(
  world: World,
  params: Pick<TaxRate, 'display_name' | 'percentage' | 'inclusive'> &
    Partial<
      Pick<
        TaxRate,
        'country' | 'description' | 'jurisdiction' | 'jurisdiction_level' | 'state' | 'tax_type' | 'active'
      >
    >,
): TaxRate {
  return world.store.taxRates.add({
    id: world.ids.next('txr'),
    object: 'tax_rate',
    active: params.active ?? true,
    country: params.country ?? null,
    created: world.seconds(),
    description: params.description ?? null,
    display_name: params.display_name,
    effective_percentage: params.percentage,
    flat_amount: null,
    inclusive: params.inclusive,
    jurisdiction: params.jurisdiction ?? null,
    jurisdiction_level: params.jurisdiction_level ?? null,
    livemode: world.settings.livemode,
    metadata: {},
    percentage: params.percentage,
    rate_type: 'percentage',
    state: params.state ?? null,
    tax_type: params.tax_type ?? null,
  })
}

const taxRateRoutes: Route[] = [
  route(
    'POST',
    '/v1/tax_rates',
    p.shape<Stripe.TaxRateCreateParams>()({
      active: p.flag.optional(),
      country: p.text.optional(),
      description: p.text.optional(),
      display_name: p.text,
      inclusive: p.flag,
      jurisdiction: p.text.optional(),
      metadata: p.metadata.optional(),
      percentage: p.percentage,
      state: p.text.optional(),
      tax_type: p.text.optional(),
    }),
    ({ world, params }) => {
      const { metadata, ...fields } = params
      const rate = newTaxRate(world, fields)
      rate.metadata = p.mergeMetadata(null, metadata)
      emit(world, 'tax_rate.created', rate)
      return rate
    },
  ),
  route(
    'GET',
    '/v1/tax_rates',
    z.strictObject({ ...listed, inclusive: p.flag.optional() }),
    ({ world, params, url }) =>
      page(
        world.store.taxRates.all().filter((each) => matches(each, params)),
        params,
        url,
      ),
  ),
  route('GET', '/v1/tax_rates/:id', z.strictObject({}), ({ world, path }) =>
    fetchByPath(world.store.taxRates, 'tax_rate', path.id ?? ''),
  ),
]

export const priceChangeRoutes: Route[] = [...couponRoutes, ...taxRateRoutes]
