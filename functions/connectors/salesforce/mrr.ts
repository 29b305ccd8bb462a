// Monthly recurring revenue of subscriptions, in integers: unit amount × quantity, less recurring percent discounts,
// brought to a month and rounded half to even per item, so that items sum to subscriptions and those to customers.
// What counts and what does not is in README.md.
import type Stripe from 'stripe'
import { invariant } from '../../../shared/errors.ts'
import { parseDecimal } from '../../../shared/money/money.ts'
import { idOf } from '../../../shared/stripe/event.ts'
import type { DiscountTerms } from './context.ts'

const COUNTED = new Set<string>(['active', 'past_due'])

/** Stripe's `unit_amount_decimal` has at most twelve decimals of a minor unit. */
const UNIT_DECIMALS = 12
const UNIT_SCALE = 10n ** 12n
/** 100 % with six decimals. */
const WHOLE = 100_000_000n

/** Minor units of the subscription's currency. */
export function subscriptionMrrMinor(
  subscription: Stripe.Subscription,
  items: readonly Stripe.SubscriptionItem[],
  discounts: Readonly<Record<string, DiscountTerms>>,
): bigint {
  if (!COUNTED.has(subscription.status)) return 0n
  const general = termsOf(subscription.discounts, discounts)
  return items.reduce(
    (sum, item) => sum + itemMrrMinor(item, [...termsOf(item.discounts, discounts), ...general]),
    0n,
  )
}

export function itemMrrMinor(item: Stripe.SubscriptionItem, terms: readonly DiscountTerms[]): bigint {
  const { price } = item
  // Usage has no amount before it happens; tiers have none per unit.
  if (!price.recurring || price.recurring.usage_type === 'metered' || price.billing_scheme === 'tiered')
    return 0n
  const unit = parseDecimal(String(price.unit_amount_decimal ?? price.unit_amount ?? 0), UNIT_DECIMALS)
  if (unit === undefined)
    throw invariant(`${price.id}: the unit amount is no decimal with ${UNIT_DECIMALS} places.`)
  const [months, per] = monthsOf(price.recurring.interval)
  let numerator = unit * billedQuantity(item) * months
  let denominator = UNIT_SCALE * per * BigInt(price.recurring.interval_count)
  for (const { percentOff, products } of terms) {
    if (products && !products.includes(idOf(price.product) ?? '')) continue
    const off = parseDecimal(percentOff, 6)
    if (off === undefined) throw invariant(`${item.id}: ${percentOff} is no percentage.`)
    numerator *= WHOLE - off
    denominator *= WHOLE
  }
  return divideHalfEven(numerator, denominator)
}

function termsOf(
  references: readonly (string | Stripe.Discount)[] | undefined,
  discounts: Readonly<Record<string, DiscountTerms>>,
): DiscountTerms[] {
  return (references ?? []).flatMap((reference) => discounts[idOf(reference) ?? ''] ?? [])
}

/** How often an interval fits into a month, as a fraction: 52 weeks or 365 days to twelve months. */
function monthsOf(interval: string): [bigint, bigint] {
  switch (interval) {
    case 'day':
      return [365n, 12n]
    case 'week':
      return [52n, 12n]
    case 'month':
      return [1n, 1n]
    case 'year':
      return [1n, 12n]
    default:
      throw invariant(`"${interval}" is no interval that Stripe lists.`)
  }
}

function billedQuantity({ quantity = 1, price }: Stripe.SubscriptionItem): bigint {
  const units = BigInt(quantity)
  const packs = price.transform_quantity
  if (!packs) return units
  const size = BigInt(packs.divide_by)
  return packs.round === 'up' ? (units + size - 1n) / size : units / size
}

/** @param denominator above zero. */
export function divideHalfEven(numerator: bigint, denominator: bigint): bigint {
  const sign = numerator < 0n ? -1n : 1n
  const whole = (numerator * sign) / denominator
  const twice = ((numerator * sign) % denominator) * 2n
  const up = twice > denominator || (twice === denominator && whole % 2n === 1n)
  return sign * (up ? whole + 1n : whole)
}
