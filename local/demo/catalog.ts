// What the demo's company sells: eight products, priced in five currencies.
import type Stripe from 'stripe'
import type { DemoCurrency } from './customers.ts'

const PRODUCTS = {
  prod_team: 'Team plan',
  prod_business: 'Business plan',
  prod_enterprise: 'Enterprise plan',
  prod_onboarding: 'Onboarding',
  prod_support: 'Premium support',
  prod_usage: 'API calls',
  prod_credits: 'Prepaid API calls',
  prod_freight: 'Freight',
} as const

/** What the demo's hub.config.ts does not map: its AvaTax code (shipping by common carrier) and its item in NetSuite. */
const METADATA: Partial<Record<keyof typeof PRODUCTS, Record<string, string>>> = {
  prod_freight: { avatax_tax_code: 'FR020100', netsuite_item: '806' },
}

export type ProductId = keyof typeof PRODUCTS

/** Minor units; a dinar has a thousand, and Stripe wants the last digit to be 0. */
const AMOUNTS = {
  team: { usd: 4_900, eur: 4_500, gbp: 3_900, jpy: 6_500, kwd: 15_000 },
  business: { usd: 9_900, eur: 9_200, gbp: 7_900, jpy: 14_000, kwd: 30_250 },
  business_year: { usd: 99_000, eur: 92_000, gbp: 79_000, jpy: 140_000, kwd: 302_500 },
  support: { usd: 2_500, eur: 2_300, gbp: 1_999, jpy: 3_300, kwd: 7_750 },
} as const

const PLANS = {
  team: { product: 'prod_team', interval: 'month' },
  business: { product: 'prod_business', interval: 'month' },
  business_year: { product: 'prod_business', interval: 'year' },
  support: { product: 'prod_support', interval: 'month' },
} as const

export type PlanName = keyof typeof PLANS

export interface Catalog {
  price(plan: PlanName, currency: DemoCurrency): string
  /** 20 % off, for as long as it lasts. */
  promotionCode: string
}

export async function createCatalog(stripe: Stripe): Promise<Catalog> {
  for (const [id, name] of Object.entries(PRODUCTS) as [ProductId, string][]) {
    const metadata = METADATA[id]
    await stripe.products.create({ id, name, ...(metadata && { metadata }) })
  }
  const prices = new Map<string, string>()
  for (const [plan, { product, interval }] of Object.entries(PLANS) as [
    PlanName,
    (typeof PLANS)[PlanName],
  ][]) {
    for (const [currency, amount] of Object.entries(AMOUNTS[plan])) {
      const price = await stripe.prices.create({
        product,
        currency,
        unit_amount: amount,
        recurring: { interval },
        nickname: `${plan} ${currency}`,
      })
      prices.set(`${plan} ${currency}`, price.id)
    }
  }
  const coupon = await stripe.coupons.create({
    percent_off: 20,
    duration: 'repeating',
    duration_in_months: 3,
    name: 'Launch',
  })
  const promotion = await stripe.promotionCodes.create({
    promotion: { type: 'coupon', coupon: coupon.id },
    code: 'LAUNCH20',
  })
  return {
    promotionCode: promotion.id,
    price(plan, currency) {
      const id = prices.get(`${plan} ${currency}`)
      if (!id) throw new Error(`There is no price of ${plan} in ${currency}.`)
      return id
    },
  }
}
