// What is sold: products and prices, made when first needed, so that a story has no more of them than it sells and an
// act that is left out takes no other act's products along.
import type Stripe from 'stripe'
import type { StripeSimulator } from '../../../local/simulators/stripe/server.ts'
import type { Currency, Profile } from './people.ts'

/** All but the last are mapped in hub.config.ts. */
const NAMES = {
  prod_team: 'Team plan',
  prod_business: 'Business plan',
  prod_onboarding: 'Onboarding',
  prod_support: 'Premium support',
  prod_usage: 'Usage',
  prod_credits: 'Credits',
  prod_seats: 'Active seats',
  prod_novelty: 'Novelty',
} as const

export type ProductId = keyof typeof NAMES

/** Minor units; a dinar has a thousand, and Stripe wants the last digit to be 0. A week's plan renews within a story. */
const PLANS = {
  team: {
    product: 'prod_team',
    interval: 'week',
    amounts: { usd: 4_900, eur: 4_555, gbp: 3_999, jpy: 6_513, kwd: 15_250 },
  },
  business: {
    product: 'prod_business',
    interval: 'month',
    amounts: { usd: 9_900, eur: 9_201, gbp: 7_950, jpy: 14_007, kwd: 30_250 },
  },
} as const

export type PlanName = keyof typeof PLANS

export class Shelf {
  private readonly stripe: Stripe
  private readonly simulator: StripeSimulator
  private readonly prices = new Map<string, string>()
  private readonly meters = new Map<string, string>()
  private coupon: string | undefined

  constructor(stripe: Stripe, simulator: StripeSimulator) {
    this.stripe = stripe
    this.simulator = simulator
  }

  async product(id: ProductId): Promise<ProductId> {
    if (!this.simulator.store.products.get(id)) await this.stripe.products.create({ id, name: NAMES[id] })
    return id
  }

  /** A recurring price. */
  async price(plan: PlanName, currency: Currency): Promise<string> {
    const known = this.prices.get(`${plan} ${currency}`)
    if (known !== undefined) return known
    const { product, interval, amounts } = PLANS[plan]
    const { id } = await this.stripe.prices.create({
      product: await this.product(product),
      currency,
      unit_amount: amounts[currency],
      recurring: { interval },
      nickname: `${plan} ${currency}`,
    })
    this.prices.set(`${plan} ${currency}`, id)
    return id
  }

  /**
   * A meter and its price, 10 minor units a unit. Each person has a meter of its own, so that leaving an act out takes no
   * other person's meter along. Its product is one that no story deletes.
   */
  async metered(person: number, currency: Profile['currency']): Promise<{ meter: string; price: string }> {
    const meter = `calls_${person + 1}`
    const known = this.meters.get(meter)
    if (known !== undefined) return { meter, price: known }
    const { id } = await this.stripe.billing.meters.create({
      display_name: `Calls ${person + 1}`,
      event_name: meter,
      default_aggregation: { formula: 'sum' },
    })
    const price = await this.stripe.prices.create({
      product: await this.product('prod_seats'),
      currency,
      unit_amount: 10,
      nickname: meter,
      recurring: { interval: 'month', usage_type: 'metered', meter: id },
    })
    this.meters.set(meter, price.id)
    return { meter, price: price.id }
  }

  /** A fifth off, for three months. */
  async discount(): Promise<string> {
    this.coupon ??= (
      await this.stripe.coupons.create({
        percent_off: 20,
        duration: 'repeating',
        duration_in_months: 3,
        name: 'Launch',
      })
    ).id
    return this.coupon
  }
}
