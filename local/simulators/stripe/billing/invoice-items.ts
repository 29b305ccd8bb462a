// Invoice items: amounts that wait for the customer's next invoice or go onto a given draft.
// https://docs.stripe.com/api/invoiceitems
import { multiplyDecimal } from '../money.ts'
import type { InvoiceItem, Price, TaxRate } from '../wire.ts'
import { emit, type World } from '../world.ts'
import { unitDecimalOf } from './lines.ts'

export interface InvoiceItemOptions {
  customer: string
  currency: string
  quantity: number
  /** Either a price (with quantity) or a plain amount. */
  price?: Price
  unitDecimal?: string
  amount?: number
  description: string | null
  discountable?: boolean
  discounts?: string[]
  metadata?: Record<string, string>
  period?: { start: number; end: number }
  subscription?: string
  subscriptionItem?: string
  proration?: boolean
  prorationDetails?: InvoiceItem['proration_details']
  taxRates?: TaxRate[]
}

/** Stores an invoice item that waits for an invoice. */
export function addInvoiceItem(world: World, options: InvoiceItemOptions): InvoiceItem {
  const at = world.seconds()
  const unit =
    options.unitDecimal ?? (options.price ? unitDecimalOf(options.price) : String(options.amount ?? 0))
  const amount = options.amount ?? multiplyDecimal(unit, options.quantity)
  const item: InvoiceItem = {
    id: world.ids.next('ii'),
    object: 'invoiceitem',
    amount,
    currency: options.currency,
    customer: options.customer,
    customer_account: null,
    date: at,
    description: options.description,
    discountable: options.discountable ?? true,
    discounts: options.discounts ?? [],
    invoice: null,
    livemode: world.settings.livemode,
    metadata: options.metadata ?? {},
    net_amount: amount,
    parent: options.subscription
      ? {
          subscription_details: {
            subscription: options.subscription,
            ...(options.subscriptionItem ? { subscription_item: options.subscriptionItem } : {}),
          },
          type: 'subscription_details',
        }
      : null,
    period: options.period ?? { end: at, start: at },
    pricing: options.price
      ? {
          price_details: { price: options.price.id, product: options.price.product },
          type: 'price_details',
          unit_amount_decimal: unit,
        }
      : { type: 'price_details', unit_amount_decimal: unit },
    proration: options.proration ?? false,
    quantity: options.quantity,
    quantity_decimal: String(options.quantity),
    tax_rates: options.taxRates ?? [],
    test_clock: null,
    ...(options.prorationDetails ? { proration_details: options.prorationDetails } : {}),
  }
  world.store.invoiceItems.add(item)
  const pending = world.store.hidden.pendingItems.get(item.customer)
  if (pending) pending.add(item)
  else world.store.hidden.pendingItems.set(item.customer, new Set([item]))
  emit(world, 'invoiceitem.created', item)
  return item
}
