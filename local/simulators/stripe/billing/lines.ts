// Invoice lines: one per billed subscription item, one per invoice item, with the service period, the price and where
// they come from. https://docs.stripe.com/api/invoice-line-item/object
import { decimalsOf, multiplyDecimal } from '../money.ts'
import type { Invoice, InvoiceItem, InvoiceLine, Price, Subscription, SubscriptionItem } from '../wire.ts'
import type { World } from '../world.ts'

const SYMBOLS: Record<string, string> = { usd: '$', eur: '€', gbp: '£', jpy: '¥' }

/** An amount as Stripe prints it in descriptions: $10.00, €8.50, ¥1200. */
export function amountText(amount: number, currency: string): string {
  const digits = decimalsOf(currency)
  const padded = String(Math.abs(amount)).padStart(digits + 1, '0')
  const whole = padded.slice(0, padded.length - digits)
  const fraction = digits ? `.${padded.slice(-digits)}` : ''
  return `${amount < 0 ? '-' : ''}${SYMBOLS[currency] ?? `${currency.toUpperCase()} `}${whole}${fraction}`
}

export const unitDecimalOf = (price: Price): string =>
  price.unit_amount_decimal ?? String(price.unit_amount ?? 0)

export const priceAmount = (price: Price, quantity: number): number =>
  multiplyDecimal(unitDecimalOf(price), quantity)

export const productName = (world: World, price: Price): string =>
  world.store.products.get(price.product)?.name ?? price.product

export function periodText(price: Price): string {
  if (!price.recurring) return ''
  const { interval, interval_count: count } = price.recurring
  return count === 1 ? ` / ${interval}` : ` every ${count} ${interval}s`
}

export function describeItem(world: World, price: Price, quantity: number): string {
  const unit = amountText(price.unit_amount ?? multiplyDecimal(unitDecimalOf(price), 1), price.currency)
  return `${quantity} × ${productName(world, price)} (at ${unit}${periodText(price)})`
}

export function lineForItem(
  world: World,
  subscription: Subscription,
  item: SubscriptionItem,
  options: {
    start: number
    end: number
    amount?: number
    description?: string
    proration?: boolean
    /** Absent: the item's own. */
    quantity?: number
  },
): InvoiceLine {
  const quantity = options.quantity ?? item.quantity ?? 1
  const id = world.ids.next('il')
  const rates = item.tax_rates?.map((rate) => rate.id)
  if (rates?.length) world.store.hidden.lineTaxRates.set(id, rates)
  return {
    id,
    object: 'line_item',
    amount: options.amount ?? priceAmount(item.price, quantity),
    currency: subscription.currency,
    description: options.description ?? describeItem(world, item.price, quantity),
    discount_amounts: [],
    discountable: !options.proration,
    discounts: [...item.discounts],
    invoice: null,
    livemode: world.settings.livemode,
    metadata: { ...subscription.metadata },
    parent: {
      invoice_item_details: null,
      subscription_item_details: {
        invoice_item: null,
        proration: options.proration ?? false,
        proration_details: { credited_items: null },
        subscription: subscription.id,
        subscription_item: item.id,
      },
      type: 'subscription_item_details',
    },
    period: { end: options.end, start: options.start },
    pretax_credit_amounts: [],
    pricing: {
      price_details: { price: item.price.id, product: item.price.product },
      type: 'price_details',
      unit_amount_decimal: unitDecimalOf(item.price),
    },
    quantity,
    quantity_decimal: String(quantity),
    subscription: subscription.id,
    subtotal: 0,
    taxes: [],
  }
}

/**
 * The line of an invoice item. A proration's parent is taken to be the subscription item it belongs to (the API
 * reference gives `subscription_item_details` an `invoice_item` and a `proration` of its own), any other's the item.
 */
export function lineForInvoiceItem(world: World, item: InvoiceItem): InvoiceLine {
  const subscription = item.parent?.subscription_details?.subscription ?? null
  const subscriptionItem = item.parent?.subscription_details?.subscription_item
  const credited = item.proration_details?.credited_items?.invoice_line_item_details ?? null
  const prorationDetails = { credited_items: credited }
  return {
    id: world.ids.next('il'),
    object: 'line_item',
    amount: item.amount,
    currency: item.currency,
    description: item.description,
    discount_amounts: [],
    discountable: item.discountable,
    discounts: [...(item.discounts ?? [])],
    invoice: null,
    livemode: world.settings.livemode,
    metadata: { ...item.metadata },
    parent:
      item.proration && subscriptionItem
        ? {
            invoice_item_details: null,
            subscription_item_details: {
              invoice_item: item.id,
              proration: true,
              proration_details: prorationDetails,
              subscription,
              subscription_item: subscriptionItem,
            },
            type: 'subscription_item_details',
          }
        : {
            invoice_item_details: {
              invoice_item: item.id,
              proration: item.proration,
              proration_details: prorationDetails,
              subscription,
            },
            subscription_item_details: null,
            type: 'invoice_item_details',
          },
    period: { ...item.period },
    pretax_credit_amounts: [],
    pricing: item.pricing ? { ...item.pricing } : null,
    quantity: item.quantity,
    quantity_decimal: item.quantity_decimal,
    subscription,
    subtotal: 0,
    taxes: [],
  }
}

/** Puts a line on an invoice that is still a draft. */
export function placeLine(invoice: Invoice, line: InvoiceLine): InvoiceLine {
  line.invoice = invoice.id
  invoice.lines.data.push(line)
  return line
}

/** Takes the customer's waiting invoice items of this currency onto the invoice. */
export function placePendingItems(
  world: World,
  invoice: Invoice,
  options: { subscription?: string; prorationsOnly?: boolean } = {},
): number {
  const pending = world.store.hidden.pendingItems.get(invoice.customer ?? '')
  if (!pending) return 0
  let placed = 0
  for (const item of [...pending]) {
    const owner = item.parent?.subscription_details?.subscription
    if (item.currency !== invoice.currency) continue
    if (owner && owner !== options.subscription) continue
    if (options.prorationsOnly && !owner) continue
    placeInvoiceItem(world, invoice, item)
    placed += 1
  }
  return placed
}

export function placeInvoiceItem(world: World, invoice: Invoice, item: InvoiceItem): InvoiceLine {
  world.store.hidden.pendingItems.get(item.customer)?.delete(item)
  item.invoice = invoice.id
  const line = placeLine(invoice, lineForInvoiceItem(world, item))
  const rates = item.tax_rates?.map((rate) => rate.id)
  if (rates?.length) world.store.hidden.lineTaxRates.set(line.id, rates)
  for (const billed of world.store.hidden.billed.values()) {
    if (billed.invoiceItem === item.id) Object.assign(billed, { invoice: invoice.id, line: line.id })
  }
  return line
}
