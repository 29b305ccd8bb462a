// Usage: meters, what was reported to them, and the lines it becomes. A metered item is billed for the period that has
// ended, at the quantity its meter then shows; a licensed one in advance.
// https://docs.stripe.com/billing/subscriptions/usage-based · https://docs.stripe.com/api/billing/meter
import type { InvoiceLine, Meter, Price, Subscription, SubscriptionItem } from '../wire.ts'
import type { World } from '../world.ts'
import { lineForItem, priceAmount } from './lines.ts'

interface Period {
  start: number
  end: number
}

export const isMetered = (price: Price): boolean => price.recurring?.usage_type === 'metered'

/** What a customer used from a moment (inclusive) to another (exclusive). */
export function usageOf(world: World, customer: string, meter: Meter, period: Period): number {
  const values = world.store.hidden.usage
    .filter(
      (usage) =>
        usage.eventName === meter.event_name &&
        usage.payload[meter.customer_mapping.event_payload_key] === customer &&
        usage.timestamp >= period.start &&
        usage.timestamp < period.end,
    )
    .sort((a, b) => a.timestamp - b.timestamp)
    .map((usage) => Number(usage.payload[meter.value_settings.event_payload_key] ?? 0))
  switch (meter.default_aggregation.formula) {
    case 'count':
      return values.length
    case 'last':
      return values.at(-1) ?? 0
    default:
      return values.reduce((total, value) => total + value, 0)
  }
}

export function usageLine(
  world: World,
  subscription: Subscription,
  item: SubscriptionItem,
  period: Period,
): InvoiceLine {
  const meter = world.store.meters.get(item.price.recurring?.meter ?? '')
  const quantity = meter ? usageOf(world, subscription.customer, meter, period) : 0
  return lineForItem(world, subscription, item, {
    ...period,
    quantity,
    amount: priceAmount(item.price, quantity),
  })
}

/** The line of an item when one of its periods follows another. */
export const lineBetween = (
  world: World,
  subscription: Subscription,
  item: SubscriptionItem,
  ended: Period,
): InvoiceLine =>
  isMetered(item.price)
    ? usageLine(world, subscription, item, ended)
    : lineForItem(world, subscription, item, {
        start: item.current_period_start,
        end: item.current_period_end,
      })
