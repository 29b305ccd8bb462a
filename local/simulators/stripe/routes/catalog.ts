// Products and prices. Coupons and tax rates are price-changes.ts.
import type Stripe from 'stripe'
import * as z from 'zod'
import { invalidRequest } from '../errors.ts'
import { multiplyDecimal } from '../money.ts'
import * as p from '../parameters.ts'
import { page, type Route, route } from '../routing.ts'
import type { Price, Product } from '../wire.ts'
import { change, emit, fetchByParameter, fetchByPath, type World } from '../world.ts'
import { getOrDeleted } from './deleted.ts'

const productFields = {
  active: p.flag.optional(),
  description: p.emptyable(p.text).optional(),
  metadata: p.metadata.optional(),
  name: p.text.optional(),
  statement_descriptor: p.text.optional(),
  tax_code: p.emptyable(p.text).optional(),
  unit_label: p.emptyable(p.text).optional(),
  url: p.emptyable(p.text).optional(),
}

export const listed = { ...p.paging, active: p.flag.optional(), created: p.range.optional() }

export function newProduct(
  world: World,
  params: {
    id?: string | undefined
    name: string
    description?: string | null | undefined
    metadata?: Record<string, string> | null | undefined
  },
): Product {
  return {
    id: params.id ?? world.ids.next('prod'),
    object: 'product',
    active: true,
    created: world.seconds(),
    default_price: null,
    description: params.description ?? null,
    images: [],
    livemode: world.settings.livemode,
    marketing_features: [],
    metadata: p.mergeMetadata(null, params.metadata),
    name: params.name,
    package_dimensions: null,
    shippable: null,
    tax_code: null,
    tax_details: null,
    type: 'service',
    unit_label: null,
    updated: world.seconds(),
    url: null,
  }
}

/** A price from price_data: made for one use, not listed as active. */
export function priceFromData(world: World, data: p.PriceData, param: string): Price {
  const product = data.product
    ? fetchByParameter(world.store.products, 'product', data.product, `${param}[product]`)
    : data.product_data
      ? world.store.products.add(newProduct(world, data.product_data))
      : undefined
  if (!product)
    throw invalidRequest(`Missing required param: ${param}[product].`, {
      code: 'parameter_missing',
      param: `${param}[product]`,
    })
  const price = newPrice(world, { ...data, product: product.id, recurring: data.recurring })
  price.active = false
  return world.store.prices.add(price)
}

function newPrice(
  world: World,
  params: {
    currency: string
    product: string
    unit_amount?: number | undefined
    unit_amount_decimal?: string | undefined
    recurring?:
      | {
          interval: string
          interval_count?: number | undefined
          trial_period_days?: number | undefined
          meter?: string | undefined
          usage_type?: string | undefined
        }
      | undefined
    tax_behavior?: string | undefined
    nickname?: string | undefined
    lookup_key?: string | undefined
    metadata?: Record<string, string> | null | undefined
    active?: boolean | undefined
  },
): Price {
  const unit =
    params.unit_amount_decimal ?? (params.unit_amount === undefined ? undefined : String(params.unit_amount))
  if (unit === undefined) {
    throw invalidRequest('Missing required param: unit_amount.', {
      code: 'parameter_missing',
      param: 'unit_amount',
    })
  }
  return {
    id: world.ids.next('price'),
    object: 'price',
    active: params.active ?? true,
    billing_scheme: 'per_unit',
    created: world.seconds(),
    currency: params.currency,
    custom_unit_amount: null,
    livemode: world.settings.livemode,
    lookup_key: params.lookup_key ?? null,
    metadata: p.mergeMetadata(null, params.metadata),
    nickname: params.nickname ?? null,
    product: params.product,
    recurring: params.recurring
      ? {
          interval: params.recurring.interval,
          interval_count: params.recurring.interval_count ?? 1,
          meter: params.recurring.meter ?? null,
          trial_period_days: params.recurring.trial_period_days ?? null,
          usage_type: params.recurring.usage_type ?? 'licensed',
        }
      : null,
    tax_behavior: params.tax_behavior ?? 'unspecified',
    tiers_mode: null,
    transform_quantity: null,
    type: params.recurring ? 'recurring' : 'one_time',
    unit_amount: unit.includes('.') ? null : multiplyDecimal(unit, 1),
    unit_amount_decimal: unit,
  }
}

const productRoutes: Route[] = [
  route(
    'POST',
    '/v1/products',
    p.shape<Stripe.ProductCreateParams>()({ ...productFields, id: p.id.optional(), name: p.text }),
    ({ world, params }) => {
      if (params.id && world.store.products.get(params.id))
        throw invalidRequest(`Product already exists.`, { code: 'resource_already_exists', param: 'id' })
      const product = newProduct(world, params)
      product.active = params.active ?? true
      product.tax_code = params.tax_code ?? null
      product.unit_label = params.unit_label ?? null
      product.url = params.url ?? null
      world.store.deleted.delete(product.id)
      world.store.products.add(product)
      emit(world, 'product.created', product)
      return product
    },
  ),
  route(
    'POST',
    '/v1/products/:id',
    p.shape<Stripe.ProductUpdateParams>()({ ...productFields, default_price: p.id.optional() }),
    ({ world, params, path }) => {
      const product = fetchByPath(world.store.products, 'product', path.id ?? '')
      const { metadata, ...fields } = params
      change(world, product, 'product.updated', (it) => {
        Object.assign(it, fields)
        it.metadata = p.mergeMetadata(it.metadata, metadata)
      })
      product.updated = world.seconds()
      return product
    },
  ),
  route(
    'GET',
    '/v1/products',
    z.strictObject({ ...listed, ids: z.array(p.id).optional() }),
    ({ world, params, url }) =>
      page(
        world.store.products
          .all()
          .filter((each) => matches(each, params) && (!params.ids || params.ids.includes(each.id))),
        params,
        url,
      ),
  ),
  route('GET', '/v1/products/:id', z.strictObject({}), ({ world, path }) =>
    getOrDeleted(world, world.store.products, 'product', path.id ?? ''),
  ),
  route('DELETE', '/v1/products/:id', z.strictObject({}), ({ world, path }) => {
    const product = fetchByPath(world.store.products, 'product', path.id ?? '')
    if (world.store.prices.of(product.id).length > 0) {
      throw invalidRequest('This product cannot be deleted because it has one or more user-created prices.')
    }
    world.store.products.delete(product)
    world.store.deleted.set(product.id, 'product')
    emit(world, 'product.deleted', product)
    return { id: product.id, object: 'product', deleted: true }
  }),
]

export function matches(
  object: { active?: boolean; created: number },
  params: { active?: boolean | undefined; created?: p.Range | undefined },
): boolean {
  return (
    (params.active === undefined || object.active === params.active) &&
    p.inRange(object.created, params.created)
  )
}

/** Metered prices have a meter since 2025-03-31.basil: https://docs.stripe.com/changelog/basil/2025-03-31/deprecate-legacy-usage-based-billing */
function requireMeter(
  world: World,
  recurring: { meter?: string | undefined; usage_type?: string | undefined } | undefined,
): void {
  const metered = recurring?.usage_type === 'metered'
  if (metered && !recurring.meter)
    throw invalidRequest('Metered prices must be backed by a meter.', { param: 'recurring[meter]' })
  if (recurring?.meter) {
    if (!metered)
      throw invalidRequest('Only prices with usage_type `metered` have a meter.', {
        param: 'recurring[meter]',
      })
    fetchByParameter(world.store.meters, 'billing_meter', recurring.meter, 'recurring[meter]')
  }
}

const priceRoutes: Route[] = [
  route(
    'POST',
    '/v1/prices',
    p.shape<Stripe.PriceCreateParams>()({
      active: p.flag.optional(),
      currency: p.currency,
      lookup_key: p.text.optional(),
      metadata: p.metadata.optional(),
      nickname: p.text.optional(),
      product: p.id.optional(),
      product_data: z
        .strictObject({ id: p.id.optional(), name: p.text, metadata: p.metadata.optional() })
        .optional(),
      recurring: z
        .strictObject({
          interval: p.oneOf('day', 'week', 'month', 'year'),
          interval_count: p.count.optional(),
          trial_period_days: p.count.optional(),
          meter: p.id.optional(),
          usage_type: p.oneOf('licensed', 'metered').optional(),
        })
        .optional(),
      tax_behavior: p.oneOf('exclusive', 'inclusive', 'unspecified').optional(),
      billing_scheme: p.oneOf('per_unit').optional(),
      unit_amount: p.integer.optional(),
      unit_amount_decimal: p.decimal.optional(),
    }),
    ({ world, params }) => {
      requireMeter(world, params.recurring)
      let product = params.product
      if (product) fetchByParameter(world.store.products, 'product', product)
      if (params.product_data) {
        const made = world.store.products.add(newProduct(world, params.product_data))
        emit(world, 'product.created', made)
        product = made.id
      }
      if (!product)
        throw invalidRequest('Missing required param: product.', {
          code: 'parameter_missing',
          param: 'product',
        })
      const price = world.store.prices.add(newPrice(world, { ...params, product }))
      emit(world, 'price.created', price)
      return price
    },
  ),
  route(
    'POST',
    '/v1/prices/:id',
    p.shape<Stripe.PriceUpdateParams>()({
      active: p.flag.optional(),
      lookup_key: p.text.optional(),
      metadata: p.metadata.optional(),
      nickname: p.emptyable(p.text).optional(),
    }),
    ({ world, params, path }) => {
      const price = fetchByPath(world.store.prices, 'price', path.id ?? '')
      change(world, price, 'price.updated', (it) => {
        if (params.active !== undefined) it.active = params.active
        if (params.lookup_key !== undefined) it.lookup_key = params.lookup_key
        if (params.nickname !== undefined) it.nickname = params.nickname
        it.metadata = p.mergeMetadata(it.metadata, params.metadata)
      })
      return price
    },
  ),
  route(
    'GET',
    '/v1/prices',
    z.strictObject({
      ...listed,
      product: p.id.optional(),
      currency: p.currency.optional(),
      type: p.oneOf('one_time', 'recurring').optional(),
      lookup_keys: z.array(p.text).optional(),
    }),
    ({ world, params, url }) => {
      const source = params.product ? world.store.prices.of(params.product) : world.store.prices.all()
      return page(
        source.filter(
          (each) =>
            matches(each, params) &&
            (!params.currency || each.currency === params.currency) &&
            (!params.type || each.type === params.type) &&
            (!params.lookup_keys || params.lookup_keys.includes(each.lookup_key ?? '')),
        ),
        params,
        url,
      )
    },
  ),
  route('GET', '/v1/prices/:id', z.strictObject({}), ({ world, path }) =>
    fetchByPath(world.store.prices, 'price', path.id ?? ''),
  ),
]

export const catalogRoutes: Route[] = [...productRoutes, ...priceRoutes]
