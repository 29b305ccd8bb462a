// Subscriptions: made, changed, ended, found.
import type Stripe from 'stripe'
import * as z from 'zod'
import type { Terms } from '../billing/subscription-objects.ts'
import { cancelSubscription, type ItemChange, updateSubscription } from '../billing/subscription-update.ts'
import { createSubscription } from '../billing/subscriptions.ts'
import { DAY } from '../calendar.ts'
import { invalidRequest } from '../errors.ts'
import * as p from '../parameters.ts'
import { page, type Route, route } from '../routing.ts'
import type { Subscription } from '../wire.ts'
import { fetchByParameter, fetchByPath, type World } from '../world.ts'
import { taxRatesOf } from './invoices.ts'
import { search } from './search.ts'
import {
  additionOf,
  assignTerms,
  collectionMethod,
  itemOf,
  itemShape,
  methodOf,
  priceOf,
  terms,
} from './subscription-parameters.ts'

const subscriptionAt = (world: World, id: string | undefined): Subscription =>
  fetchByPath(world.store.subscriptions, 'subscription', id ?? '')

const writeRoutes: Route[] = [
  route(
    'POST',
    '/v1/subscriptions',
    p.shape<Stripe.SubscriptionCreateParams>()({
      ...terms,
      billing_cycle_anchor: p.timestamp.optional(),
      billing_mode: z.strictObject({ type: p.oneOf('flexible') }).optional(),
      customer: p.id,
      items: z.array(z.strictObject(itemShape)).max(20),
      trial_period_days: p.count.optional(),
    }),
    ({ world, params }) => {
      const customer = fetchByParameter(world.store.customers, 'customer', params.customer)
      const at = world.seconds()
      if (params.collection_method === 'send_invoice' && params.days_until_due === undefined) {
        throw invalidRequest('If `collection_method` is `send_invoice`, `days_until_due` must be set.', {
          code: 'parameter_missing',
          param: 'days_until_due',
        })
      }
      if (params.billing_cycle_anchor !== undefined && params.billing_cycle_anchor < at) {
        throw invalidRequest('billing_cycle_anchor must be in the future.', { param: 'billing_cycle_anchor' })
      }
      const trial =
        params.trial_period_days !== undefined
          ? at + params.trial_period_days * DAY
          : typeof params.trial_end === 'number'
            ? params.trial_end
            : null
      const wanted: Terms = {
        customer,
        items: params.items.map((item, index) => itemOf(world, item, `items[${index}]`)),
        collectionMethod: params.collection_method ?? 'charge_automatically',
        daysUntilDue: params.days_until_due ?? null,
        trialEnd: trial,
        anchor: params.billing_cycle_anchor,
        cancelAt: params.cancel_at ?? null,
        cancelAtPeriodEnd: params.cancel_at_period_end ?? false,
        discounts: params.discounts,
        defaultPaymentMethod: methodOf(world, customer.id, params.default_payment_method),
        defaultTaxRates: taxRatesOf(world, params.default_tax_rates, 'default_tax_rates'),
        metadata: p.mergeMetadata(null, params.metadata),
        description: params.description ?? null,
        invoiceSettings: {
          description: params.invoice_settings?.description ?? null,
          footer: params.invoice_settings?.footer ?? null,
          customFields: params.invoice_settings?.custom_fields ?? null,
        },
        automaticTax: params.automatic_tax?.enabled ?? false,
        paymentMethodTypes: params.payment_settings?.payment_method_types ?? null,
        addInvoiceItems: (params.add_invoice_items ?? []).map((item, index) =>
          additionOf(world, item, `add_invoice_items[${index}]`),
        ),
        prorationBehavior: params.proration_behavior ?? 'create_prorations',
      }
      return createSubscription(world, wanted, { paymentBehavior: params.payment_behavior })
    },
  ),
  route(
    'POST',
    '/v1/subscriptions/:id',
    p.shape<Stripe.SubscriptionUpdateParams>()({
      ...terms,
      billing_cycle_anchor: z.strictObject({ type: p.oneOf('now', 'unchanged') }).optional(),
      cancellation_details: z
        .strictObject({ comment: p.text.optional(), feedback: p.text.optional() })
        .optional(),
      items: z
        .array(z.strictObject({ ...itemShape, id: p.id.optional(), deleted: p.flag.optional() }))
        .optional(),
      pause_collection: p
        .emptyable(
          z.strictObject({
            behavior: p.oneOf('keep_as_draft', 'mark_uncollectible', 'void'),
            resumes_at: p.timestamp.optional(),
          }),
        )
        .optional(),
      proration_date: p.timestamp.optional(),
    }),
    ({ world, params, path }) => {
      const subscription = subscriptionAt(world, path.id)
      const items = params.items?.map((item, index): ItemChange => {
        const price = priceOf(world, item, `items[${index}]`)
        return {
          ...(price ? { price } : {}),
          ...(item.quantity === undefined ? {} : { quantity: item.quantity }),
          ...(item.metadata === undefined ? {} : { metadata: p.mergeMetadata(null, item.metadata) }),
          ...(item.tax_rates === undefined
            ? {}
            : { taxRates: taxRatesOf(world, item.tax_rates, `items[${index}][tax_rates]`) }),
          discounts: item.discounts,
          id: item.id,
          deleted: item.deleted,
        }
      })
      updateSubscription(world, subscription, {
        items,
        prorationBehavior: params.proration_behavior ?? 'create_prorations',
        prorationDate: params.proration_date,
        trialEnd: params.trial_end,
        resetAnchor: params.billing_cycle_anchor?.type === 'now',
        addInvoiceItems: (params.add_invoice_items ?? []).map((item, index) =>
          additionOf(world, item, `add_invoice_items[${index}]`),
        ),
        terms: (it) => assignTerms(world, it, params),
      })
      return subscription
    },
  ),
  route(
    'DELETE',
    '/v1/subscriptions/:id',
    p.shape<Stripe.SubscriptionCancelParams>()({
      cancellation_details: z
        .strictObject({ comment: p.text.optional(), feedback: p.text.optional() })
        .optional(),
      invoice_now: p.flag.optional(),
      prorate: p.flag.optional(),
    }),
    ({ world, params, path }) => {
      const subscription = subscriptionAt(world, path.id)
      const details = params.cancellation_details
      cancelSubscription(world, subscription, {
        prorate: params.prorate ?? false,
        invoiceNow: params.invoice_now ?? false,
        details: {
          ...(details?.comment ? { comment: details.comment } : {}),
          ...(details?.feedback ? { feedback: details.feedback } : {}),
        },
      })
      return subscription
    },
  ),
]

const readRoutes: Route[] = [
  route(
    'GET',
    '/v1/subscriptions/search',
    z.strictObject({ query: p.text, limit: p.integer.optional(), page: p.text.optional() }),
    ({ world, params, url }) => search(world.store.subscriptions.all(), params, url),
  ),
  route(
    'GET',
    '/v1/subscriptions',
    p.shape<Stripe.SubscriptionListParams>()({
      ...p.paging,
      collection_method: collectionMethod.optional(),
      created: p.range.optional(),
      customer: p.id.optional(),
      price: p.id.optional(),
      status: p
        .oneOf(
          'active',
          'all',
          'canceled',
          'ended',
          'incomplete',
          'incomplete_expired',
          'past_due',
          'paused',
          'trialing',
          'unpaid',
        )
        .optional(),
    }),
    ({ world, params, url }) => {
      const source = params.customer
        ? world.store.subscriptions.of(params.customer)
        : world.store.subscriptions.all()
      const found = source.filter(
        (each) =>
          statusMatches(each.status, params.status) &&
          (!params.collection_method || each.collection_method === params.collection_method) &&
          (!params.price || each.items.data.some((item) => item.price.id === params.price)) &&
          p.inRange(each.created, params.created),
      )
      return page(found, params, url)
    },
  ),
  route('GET', '/v1/subscriptions/:id', z.strictObject({}), ({ world, path }) =>
    subscriptionAt(world, path.id),
  ),
  route(
    'GET',
    '/v1/subscription_items',
    z.strictObject({ ...p.paging, subscription: p.id }),
    ({ world, params, url }) =>
      page(subscriptionAt(world, params.subscription).items.data, params, url, 'as given'),
  ),
  route('GET', '/v1/subscription_items/:id', z.strictObject({}), ({ world, path }) =>
    fetchByPath(world.store.subscriptionItems, 'subscription_item', path.id ?? ''),
  ),
]

/** Without a status, everything that is not canceled: https://docs.stripe.com/api/subscriptions/list */
function statusMatches(status: string, wanted: string | undefined): boolean {
  if (wanted === 'all') return true
  if (wanted === undefined) return status !== 'canceled'
  if (wanted === 'ended') return status === 'canceled' || status === 'incomplete_expired'
  return status === wanted
}

export const subscriptionRoutes: Route[] = [...writeRoutes, ...readRoutes]
