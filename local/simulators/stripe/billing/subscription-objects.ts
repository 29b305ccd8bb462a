// A subscription and its items as Stripe first makes them: periods counted from the anchor, trial, terms. Nothing is
// stored here, so that a preview can use it too.
import { nextBoundary } from '../calendar.ts'
import { invalidRequest } from '../errors.ts'
import type { DiscountParams } from '../parameters.ts'
import type { Customer, Plan, Price, Subscription, SubscriptionItem, TaxRate } from '../wire.ts'
import type { World } from '../world.ts'

export interface NewItem {
  price: Price
  quantity: number
  metadata?: Record<string, string>
  discounts?: DiscountParams | undefined
  taxRates?: TaxRate[]
}

export interface AddInvoiceItem {
  price: Price
  quantity: number
  metadata?: Record<string, string>
  discounts?: DiscountParams | undefined
  discountable?: boolean | undefined
  period?: { start: number; end: number } | undefined
  taxRates?: TaxRate[]
}

export interface Terms {
  customer: Customer
  items: NewItem[]
  collectionMethod: string
  daysUntilDue: number | null
  trialEnd: number | null
  anchor?: number | undefined
  cancelAt?: number | null
  cancelAtPeriodEnd?: boolean
  discounts: DiscountParams | undefined
  defaultPaymentMethod: string | null
  defaultTaxRates: TaxRate[]
  metadata: Record<string, string>
  description: string | null
  invoiceSettings?: {
    description?: string | null
    footer?: string | null
    customFields?: { name: string; value: string }[] | null
  }
  automaticTax: boolean
  paymentMethodTypes: string[] | null
  addInvoiceItems: AddInvoiceItem[]
  prorationBehavior: string
  schedule?: string
}

export function planOf(price: Price): Plan {
  return {
    id: price.id,
    object: 'plan',
    active: price.active,
    amount: price.unit_amount,
    amount_decimal: price.unit_amount_decimal,
    billing_scheme: price.billing_scheme,
    created: price.created,
    currency: price.currency,
    interval: price.recurring?.interval ?? 'month',
    interval_count: price.recurring?.interval_count ?? 1,
    livemode: price.livemode,
    metadata: price.metadata,
    meter: price.recurring?.meter ?? null,
    nickname: price.nickname,
    product: price.product,
    tiers_mode: null,
    transform_usage: null,
    trial_period_days: null,
    usage_type: price.recurring?.usage_type ?? 'licensed',
  }
}

export function newItem(
  world: World,
  subscription: string,
  item: NewItem,
  period: { start: number; end: number },
): SubscriptionItem {
  return {
    id: world.ids.next('si'),
    object: 'subscription_item',
    billing_thresholds: null,
    created: world.seconds(),
    current_period_end: period.end,
    current_period_start: period.start,
    current_trial: null,
    discounts: [],
    metadata: item.metadata ?? {},
    plan: planOf(item.price),
    price: item.price,
    // The quantity of a metered item is its usage: https://docs.stripe.com/api/subscription_items/object
    ...(item.price.recurring?.usage_type === 'metered' ? {} : { quantity: item.quantity }),
    subscription,
    tax_rates: item.taxRates ?? [],
  }
}

export function recurringOf(price: Price): { interval: string; interval_count: number } {
  if (!price.recurring) {
    throw invalidRequest(
      `The price specified is set to \`type=one_time\` but this field only accepts prices with \`type=recurring\`.`,
      { param: 'items[0][price]' },
    )
  }
  return price.recurring
}

export function newSubscription(world: World, terms: Terms): Subscription {
  const at = world.seconds()
  const id = world.ids.next('sub')
  const first = terms.items[0]
  if (!first)
    throw invalidRequest('Missing required param: items.', { code: 'parameter_missing', param: 'items' })
  const currency = first.price.currency
  for (const item of terms.items) {
    if (item.price.currency !== currency) {
      throw invalidRequest('All prices on a subscription must have the same currency.', { param: 'items' })
    }
  }
  const trial = terms.trialEnd !== null && terms.trialEnd > at ? terms.trialEnd : null
  const anchor = trial ?? terms.anchor ?? at
  const items = terms.items.map((item) =>
    newItem(world, id, item, { start: at, end: trial ?? nextBoundary(anchor, recurringOf(item.price), at) }),
  )
  return {
    id,
    object: 'subscription',
    application: null,
    application_fee_percent: null,
    automatic_tax: {
      disabled_reason: null,
      enabled: terms.automaticTax,
      liability: terms.automaticTax ? { type: 'self' } : null,
    },
    billing_cycle_anchor: anchor,
    billing_cycle_anchor_config: null,
    billing_mode: { flexible: { proration_discounts: 'included' }, type: 'flexible' },
    billing_schedules: [],
    billing_thresholds: null,
    cancel_at: terms.cancelAtPeriodEnd ? (items[0]?.current_period_end ?? null) : (terms.cancelAt ?? null),
    cancel_at_period_end: terms.cancelAtPeriodEnd ?? false,
    canceled_at: terms.cancelAtPeriodEnd || terms.cancelAt ? at : null,
    cancellation_details: { comment: null, feedback: null, feedback_option: null, reason: null },
    collection_method: terms.collectionMethod,
    created: at,
    currency,
    customer: terms.customer.id,
    customer_account: null,
    days_until_due: terms.collectionMethod === 'send_invoice' ? terms.daysUntilDue : null,
    default_payment_method: terms.defaultPaymentMethod,
    default_source: null,
    default_tax_rates: terms.defaultTaxRates,
    description: terms.description,
    discounts: [],
    ended_at: null,
    invoice_settings: {
      account_tax_ids: null,
      custom_fields: terms.invoiceSettings?.customFields ?? null,
      description: terms.invoiceSettings?.description ?? null,
      footer: terms.invoiceSettings?.footer ?? null,
      issuer: { type: 'self' },
    },
    items: { object: 'list', data: items, has_more: false, url: `/v1/subscription_items?subscription=${id}` },
    latest_invoice: null,
    livemode: world.settings.livemode,
    managed_payments: null,
    metadata: { ...terms.metadata },
    next_pending_invoice_item_invoice: null,
    on_behalf_of: null,
    pause_collection: null,
    payment_settings: {
      payment_method_options: null,
      payment_method_types: terms.paymentMethodTypes,
      save_default_payment_method: 'off',
    },
    pending_invoice_item_interval: null,
    pending_setup_intent: null,
    pending_update: null,
    schedule: terms.schedule ?? null,
    start_date: at,
    status: trial ? 'trialing' : 'active',
    test_clock: null,
    transfer_data: null,
    trial_end: trial,
    trial_settings: {
      end_behavior: { billing_cycle_anchor: null, missing_payment_method: 'create_invoice' },
    },
    trial_start: trial ? at : null,
  }
}
