// What the requests that make and change subscriptions (and schedules' phases) have in common: the parameters, and how
// they become items, prices and terms.
import * as z from 'zod'
import { PRIORITY } from '../agenda.ts'
import { applyDiscounts } from '../billing/discounts.ts'
import { isMetered } from '../billing/metering.ts'
import type { AddInvoiceItem, NewItem } from '../billing/subscription-objects.ts'
import { invalidRequest } from '../errors.ts'
import * as p from '../parameters.ts'
import type { Price, Subscription } from '../wire.ts'
import { change, fetchByParameter, type World } from '../world.ts'
import { priceFromData } from './catalog.ts'
import { taxRatesOf } from './invoices.ts'

export const itemShape = {
  discounts: p.discountList.optional(),
  metadata: p.metadata.optional(),
  price: p.id.optional(),
  price_data: p.priceData.optional(),
  quantity: p.count.optional(),
  tax_rates: p.emptyable(z.array(p.id)).optional(),
}
type ItemParams = z.output<z.ZodObject<typeof itemShape>>

export const additionShape = {
  discountable: p.flag.optional(),
  discounts: p.discountList.optional(),
  metadata: p.metadata.optional(),
  price: p.id.optional(),
  price_data: p.priceData.optional(),
  quantity: p.count.optional(),
}

const prorationBehavior = p.oneOf('always_invoice', 'create_prorations', 'none')
const paymentBehavior = p.oneOf('allow_incomplete', 'default_incomplete', 'error_if_incomplete')
export const collectionMethod = p.oneOf('charge_automatically', 'send_invoice')
const trialEnd = z.union([z.literal('now'), p.timestamp])

export const terms = {
  add_invoice_items: z.array(z.strictObject(additionShape)).optional(),
  automatic_tax: z.strictObject({ enabled: p.flag }).optional(),
  cancel_at: p.emptyable(p.timestamp).optional(),
  cancel_at_period_end: p.flag.optional(),
  collection_method: collectionMethod.optional(),
  days_until_due: p.count.optional(),
  default_payment_method: p.id.optional(),
  default_tax_rates: p.emptyable(z.array(p.id)).optional(),
  description: p.emptyable(p.text).optional(),
  discounts: p.discountList.optional(),
  invoice_settings: z
    .strictObject({
      description: p.emptyable(p.text).optional(),
      footer: p.emptyable(p.text).optional(),
      custom_fields: p.emptyable(z.array(z.strictObject({ name: p.text, value: p.text }))).optional(),
    })
    .optional(),
  metadata: p.metadata.optional(),
  off_session: p.flag.optional(),
  payment_behavior: paymentBehavior.optional(),
  payment_settings: z
    .strictObject({ payment_method_types: p.emptyable(z.array(p.text)).optional() })
    .optional(),
  proration_behavior: prorationBehavior.optional(),
  trial_end: trialEnd.optional(),
}

export function priceOf(
  world: World,
  params: { price?: string | undefined; price_data?: p.PriceData | undefined },
  param: string,
): Price | undefined {
  if (params.price_data) return priceFromData(world, params.price_data, `${param}[price_data]`)
  if (!params.price) return undefined
  const price = fetchByParameter(world.store.prices, 'price', params.price, `${param}[price]`)
  if (!price.active)
    throw invalidRequest(`The price specified is inactive. This field only accepts active prices.`, {
      param: `${param}[price]`,
    })
  return price
}

export function itemOf(world: World, params: ItemParams, param: string): NewItem {
  const price = priceOf(world, params, param)
  if (!price)
    throw invalidRequest(`Missing required param: ${param}[price].`, {
      code: 'parameter_missing',
      param: `${param}[price]`,
    })
  if (isMetered(price) && params.quantity !== undefined)
    throw invalidRequest('Quantity should not be specified where usage_type is `metered`. Remove quantity.', {
      param: `${param}[quantity]`,
    })
  return {
    price,
    quantity: params.quantity ?? 1,
    metadata: p.mergeMetadata(null, params.metadata),
    discounts: params.discounts,
    taxRates: taxRatesOf(world, params.tax_rates, `${param}[tax_rates]`),
  }
}

export function additionOf(
  world: World,
  params: z.output<z.ZodObject<typeof additionShape>>,
  param: string,
): AddInvoiceItem {
  const price = priceOf(world, params, param)
  if (!price)
    throw invalidRequest(`Missing required param: ${param}[price].`, {
      code: 'parameter_missing',
      param: `${param}[price]`,
    })
  if (price.type !== 'one_time')
    throw invalidRequest('This field only accepts prices with `type=one_time`.', { param: `${param}[price]` })
  return {
    price,
    quantity: params.quantity ?? 1,
    metadata: p.mergeMetadata(null, params.metadata),
    discounts: params.discounts,
    discountable: params.discountable,
  }
}

export function methodOf(world: World, customer: string, id: string | undefined): string | null {
  if (!id) return null
  const own = world.store.paymentMethods.of(customer)
  const method =
    own.find((each) => each.id === id) ?? own.findLast((each) => each.metadata?.simulated_from === id)
  if (!method)
    throw invalidRequest(`No such PaymentMethod: '${id}'`, {
      code: 'resource_missing',
      param: 'default_payment_method',
    })
  return method.id
}

type UpdateParams = z.output<z.ZodObject<typeof terms>> & {
  cancellation_details?: { comment?: string | undefined; feedback?: string | undefined } | undefined
  pause_collection?: { behavior: string; resumes_at?: number | undefined } | null | undefined
}

/** https://docs.stripe.com/billing/subscriptions/pause-payment: collection starts again by itself at `resumes_at`. */
function planResumption(world: World, subscription: Subscription): void {
  const at = subscription.pause_collection?.resumes_at
  if (at == null) return
  world.agenda.add(at, PRIORITY.plan, () => {
    if (subscription.pause_collection?.resumes_at !== at) return
    change(world, subscription, 'customer.subscription.updated', (it) => {
      it.pause_collection = null
    })
  })
}

export function assignTerms(world: World, it: Subscription, params: UpdateParams): void {
  if (params.automatic_tax) it.automatic_tax = { ...it.automatic_tax, enabled: params.automatic_tax.enabled }
  if (params.collection_method) it.collection_method = params.collection_method
  if (params.days_until_due !== undefined) it.days_until_due = params.days_until_due
  if (params.default_payment_method)
    it.default_payment_method = methodOf(world, it.customer, params.default_payment_method)
  if (params.default_tax_rates !== undefined)
    it.default_tax_rates = taxRatesOf(world, params.default_tax_rates, 'default_tax_rates')
  if (params.description !== undefined) it.description = params.description
  if (params.payment_settings?.payment_method_types !== undefined && it.payment_settings)
    it.payment_settings.payment_method_types = params.payment_settings.payment_method_types
  if (params.invoice_settings?.description !== undefined)
    it.invoice_settings.description = params.invoice_settings.description
  if (params.invoice_settings?.footer !== undefined)
    it.invoice_settings.footer = params.invoice_settings.footer
  if (params.invoice_settings?.custom_fields !== undefined)
    it.invoice_settings.custom_fields = params.invoice_settings.custom_fields
  if (params.pause_collection !== undefined) {
    it.pause_collection = params.pause_collection && {
      behavior: params.pause_collection.behavior,
      resumes_at: params.pause_collection.resumes_at ?? null,
    }
    planResumption(world, it)
  }
  if (params.discounts !== undefined) {
    it.discounts = applyDiscounts(
      world,
      params.discounts ?? [],
      { customer: it.customer, subscription: it.id },
      it.currency,
    )
  }
  if (params.cancellation_details) {
    it.cancellation_details = {
      comment: params.cancellation_details.comment ?? null,
      feedback: params.cancellation_details.feedback ?? null,
      feedback_option: null,
      reason: it.cancellation_details?.reason ?? null,
    }
  }
  it.metadata = p.mergeMetadata(it.metadata, params.metadata)
  assignCancellation(world, it, params)
}

function assignCancellation(world: World, it: Subscription, params: UpdateParams): void {
  if (params.cancel_at_period_end === undefined && params.cancel_at === undefined) return
  it.cancel_at_period_end = params.cancel_at_period_end ?? false
  it.cancel_at = it.cancel_at_period_end
    ? Math.min(...it.items.data.map((item) => item.current_period_end))
    : (params.cancel_at ?? null)
  it.canceled_at = it.cancel_at === null ? null : world.seconds()
  if (it.cancellation_details)
    it.cancellation_details.reason = it.cancel_at === null ? null : 'cancellation_requested'
}
