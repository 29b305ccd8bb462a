// What an invoice would look like: the first one of a schedule's phases or of new items, or the next renewal of a
// subscription. Nothing is stored, redeemed or told. https://docs.stripe.com/api/invoices/create_preview
import { invalidRequest } from '../errors.ts'
import {
  type Customer,
  copy,
  type Invoice,
  type InvoiceLine,
  type Subscription,
  type SubscriptionSchedule,
} from '../wire.ts'
import type { World } from '../world.ts'
import { applyDiscounts, runningDiscounts } from './discounts.ts'
import { draftForSubscription } from './invoices.ts'
import { lineForInvoiceItem, placeLine, priceAmount, productName, unitDecimalOf } from './lines.ts'
import { lineBetween } from './metering.ts'
import { termsOf } from './schedules.ts'
import { newSubscription } from './subscription-objects.ts'
import { advance, firstLines } from './subscriptions.ts'
import { computeTotals } from './totals.ts'

type Phases = SubscriptionSchedule['phases']

export function previewInvoice(
  world: World,
  wanted:
    | { subscription: Subscription }
    | { customer: Customer; phases: Phases; settings: SubscriptionSchedule['default_settings'] },
): Invoice {
  const invoice =
    'subscription' in wanted
      ? previewRenewal(world, wanted.subscription)
      : previewFirst(world, wanted.customer, wanted.phases, wanted.settings)
  computeTotals(world, invoice)
  invoice.auto_advance = false
  return invoice
}

function previewRenewal(world: World, subscription: Subscription): Invoice {
  if (subscription.status === 'canceled' || subscription.cancel_at_period_end) {
    throw invalidRequest('No upcoming invoices for customer', { code: 'invoice_upcoming_none' })
  }
  const later = copy(subscription)
  const at = Math.min(...later.items.data.map((item) => item.current_period_end))
  const invoice = draftForSubscription(world, later, {
    reason: 'upcoming',
    discounts: runningDiscounts(world, later.discounts, at),
    id: world.ids.next('upcoming_in'),
  })
  for (const item of later.items.data.filter((each) => each.current_period_end === at)) {
    const ended = { start: item.current_period_start, end: at }
    advance(later, item, at)
    placeLine(invoice, lineBetween(world, later, item, ended))
  }
  for (const item of world.store.hidden.pendingItems.get(later.customer) ?? []) {
    const owner = item.parent?.subscription_details?.subscription
    if (item.currency === later.currency && (!owner || owner === later.id))
      placeLine(invoice, lineForInvoiceItem(world, item))
  }
  return invoice
}

function previewFirst(
  world: World,
  customer: Customer,
  phases: Phases,
  settings: SubscriptionSchedule['default_settings'],
): Invoice {
  const first = phases[0]
  if (!first) throw invalidRequest('No phases to preview.', { code: 'invoice_upcoming_none' })
  const terms = termsOf(world, { customer: customer.id, default_settings: settings }, first)
  const subscription = newSubscription(world, terms)
  const discounts = applyDiscounts(
    world,
    terms.discounts ?? [],
    { customer: customer.id },
    subscription.currency,
    { preview: true },
  )
  subscription.items.data.forEach((item, index) => {
    item.discounts = applyDiscounts(
      world,
      terms.items[index]?.discounts ?? [],
      { customer: customer.id },
      subscription.currency,
      { preview: true },
    )
  })
  const invoice = draftForSubscription(world, subscription, {
    reason: 'upcoming',
    discounts,
    id: world.ids.next('upcoming_in'),
  })
  for (const line of firstLines(world, subscription, terms.prorationBehavior)) placeLine(invoice, line)
  for (const addition of terms.addInvoiceItems) placeLine(invoice, oneOffLine(world, invoice, addition))
  return invoice
}

function oneOffLine(
  world: World,
  invoice: Invoice,
  addition: ReturnType<typeof termsOf>['addInvoiceItems'][number],
): InvoiceLine {
  const { price, quantity } = addition
  return {
    id: world.ids.next('il'),
    object: 'line_item',
    amount: priceAmount(price, quantity),
    currency: price.currency,
    description: productName(world, price),
    discount_amounts: [],
    discountable: addition.discountable ?? true,
    discounts: applyDiscounts(
      world,
      addition.discounts ?? [],
      { customer: invoice.customer },
      price.currency,
      { preview: true },
    ),
    invoice: invoice.id,
    livemode: invoice.livemode,
    metadata: { ...addition.metadata },
    parent: null,
    period: addition.period ?? { start: invoice.created, end: invoice.created },
    pretax_credit_amounts: [],
    pricing: {
      price_details: { price: price.id, product: price.product },
      type: 'price_details',
      unit_amount_decimal: unitDecimalOf(price),
    },
    quantity,
    quantity_decimal: String(quantity),
    subscription: null,
    subtotal: 0,
    taxes: [],
  }
}
