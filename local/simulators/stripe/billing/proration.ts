// Prorations, to the second: a credit for the unused part of what was billed and a charge for the rest of the period
// at the new terms, each rounded half away from zero. Discounts are inside the amount and prorations are not
// discountable. In flexible billing mode the credit comes from what was really billed.
// https://docs.stripe.com/billing/subscriptions/prorations · https://docs.stripe.com/billing/subscriptions/billing-mode
import { proportion } from '../money.ts'
import type { InvoiceItem, Price, Subscription, SubscriptionItem } from '../wire.ts'
import type { World } from '../world.ts'
import { couponOf, discountLines, runningDiscounts } from './discounts.ts'
import { addInvoiceItem } from './invoice-items.ts'
import { lineForItem, priceAmount, productName } from './lines.ts'
import { isMetered } from './metering.ts'
import { lineDiscount } from './totals.ts'

const dateText = (seconds: number): string => {
  const date = new Date(seconds * 1000)
  const month = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'][
    date.getUTCMonth()
  ]
  return `${String(date.getUTCDate()).padStart(2, '0')} ${month} ${date.getUTCFullYear()}`
}

const nameOf = (world: World, price: Price, quantity: number): string =>
  quantity === 1 ? productName(world, price) : `${quantity} × ${productName(world, price)}`

/** The credit for what is left of the item's billed period at a moment; none when nothing was billed for it. */
export function creditUnused(
  world: World,
  subscription: Subscription,
  item: SubscriptionItem,
  at: number,
): InvoiceItem | undefined {
  if (isMetered(item.price)) return undefined
  const billed = world.store.hidden.billed.get(item.id)
  if (!billed || billed.to <= at || billed.amount <= 0) return undefined
  const from = Math.max(at, billed.from)
  const amount = -proportion(billed.amount, billed.to - from, billed.to - billed.from)
  if (amount === 0) return undefined
  const quantity = item.quantity ?? 1
  return addInvoiceItem(world, {
    customer: subscription.customer,
    currency: subscription.currency,
    quantity,
    price: item.price,
    amount,
    description: `Unused time on ${nameOf(world, item.price, quantity)} after ${dateText(at)}`,
    discountable: false,
    period: { start: from, end: billed.to },
    subscription: subscription.id,
    subscriptionItem: item.id,
    proration: true,
    taxRates: item.tax_rates ?? [],
    prorationDetails: {
      credited_items:
        billed.invoice && billed.line
          ? {
              invoice_line_item_details: { invoice: billed.invoice, invoice_line_items: [billed.line] },
              type: 'invoice_line_items',
            }
          : billed.invoiceItem
            ? { invoice_item: billed.invoiceItem, type: 'invoice_item' }
            : null,
      discount_amounts: [],
    },
  })
}

/** The charge for the rest of the item's current period at its present price and quantity. */
export function chargeRemaining(
  world: World,
  subscription: Subscription,
  item: SubscriptionItem,
  at: number,
): InvoiceItem | undefined {
  if (isMetered(item.price)) return undefined
  const quantity = item.quantity ?? 1
  const full = fullPeriodNet(world, subscription, item)
  const length = item.current_period_end - item.current_period_start
  const amount = proportion(full, item.current_period_end - at, length)
  if (amount === 0) return undefined
  const charged = addInvoiceItem(world, {
    customer: subscription.customer,
    currency: subscription.currency,
    quantity,
    price: item.price,
    amount,
    description: `Remaining time on ${nameOf(world, item.price, quantity)} after ${dateText(at)}`,
    discountable: false,
    period: { start: at, end: item.current_period_end },
    subscription: subscription.id,
    subscriptionItem: item.id,
    proration: true,
    taxRates: item.tax_rates ?? [],
    prorationDetails: { credited_items: null, discount_amounts: [] },
  })
  world.store.hidden.billed.set(item.id, {
    amount,
    from: at,
    to: item.current_period_end,
    invoice: null,
    line: null,
    invoiceItem: charged.id,
  })
  return charged
}

/** A full period of the item, net of the discounts that run now. */
function fullPeriodNet(world: World, subscription: Subscription, item: SubscriptionItem): number {
  const running = runningDiscounts(world, subscription.discounts, world.seconds()).filter(
    (discount) => couponOf(world, discount)?.duration !== 'once',
  )
  if (running.length === 0 && item.discounts.length === 0) return priceAmount(item.price, item.quantity ?? 1)
  const lines = subscription.items.data.map((each) =>
    lineForItem(world, subscription, each, { start: 0, end: 0 }),
  )
  discountLines(world, lines, running)
  const index = subscription.items.data.findIndex((each) => each.id === item.id)
  const line = lines[index]
  return line ? line.amount - lineDiscount(line) : priceAmount(item.price, item.quantity ?? 1)
}
