// Coupons, promotion codes and the discounts they become: who has them, until when, and what they take off which
// line. https://docs.stripe.com/billing/subscriptions/coupons
import { addMonths } from '../calendar.ts'
import { invalidRequest } from '../errors.ts'
import { allocate, percentOf, sum } from '../money.ts'
import type { DiscountParams } from '../parameters.ts'
import type { Coupon, Discount, InvoiceLine, PromotionCode } from '../wire.ts'
import { change, emit, fetchByParameter, type World } from '../world.ts'

export interface DiscountOwner {
  customer: string | null
  subscription?: string
  subscription_item?: string
  invoice?: string
  invoice_item?: string
}

/**
 * Makes discounts of coupons and promotion codes; a discount id keeps that discount. All are checked before one is
 * redeemed. A preview redeems nothing.
 */
export function applyDiscounts(
  world: World,
  params: NonNullable<DiscountParams>,
  owner: DiscountOwner,
  currency: string,
  options: { preview?: boolean } = {},
): string[] {
  const chosen = params.map((param, index) => chooseDiscount(world, param, owner, currency, index))
  return chosen.map((choice) => {
    if ('existing' in choice) return choice.existing
    if (!options.preview) redeem(world, choice.coupon, choice.promotion)
    const discount = world.store.discounts.add(newDiscount(world, choice, owner))
    if (owner.subscription && !options.preview) emit(world, 'customer.discount.created', discount)
    return discount.id
  })
}

type Choice = { existing: string } | Redeemable

interface Redeemable {
  coupon: Coupon
  promotion: PromotionCode | undefined
}

function chooseDiscount(
  world: World,
  param: NonNullable<DiscountParams>[number],
  owner: DiscountOwner,
  currency: string,
  index: number,
): Choice {
  const at = (name: string): string => `discounts[${index}][${name}]`
  if (param.discount) {
    return {
      existing: fetchByParameter(world.store.discounts, 'discount', param.discount, at('discount')).id,
    }
  }
  const { coupons, promotionCodes } = world.store
  const promotion = param.promotion_code
    ? fetchByParameter(promotionCodes, 'promotion_code', param.promotion_code, at('promotion_code'))
    : undefined
  const couponId = (promotion ? promotion.promotion.coupon : param.coupon) ?? ''
  const coupon = fetchByParameter(coupons, 'coupon', couponId, at('coupon'))
  if (promotion) requireOpen(world, promotion, owner)
  requireUsable(world, coupon, currency)
  return { coupon, promotion }
}

function newDiscount(world: World, { coupon, promotion }: Redeemable, owner: DiscountOwner): Discount {
  const start = world.seconds()
  return {
    id: world.ids.next('di'),
    object: 'discount',
    checkout_session: null,
    customer: owner.customer,
    customer_account: null,
    end: coupon.duration === 'repeating' ? addMonths(start, coupon.duration_in_months ?? 1) : null,
    invoice: owner.invoice ?? null,
    invoice_item: owner.invoice_item ?? null,
    promotion_code: promotion?.id ?? null,
    source: { coupon: coupon.id, type: 'coupon' },
    start,
    subscription: owner.subscription ?? null,
    subscription_item: owner.subscription_item ?? null,
  }
}

function requireOpen(world: World, promotion: PromotionCode, owner: DiscountOwner): void {
  const expired = promotion.expires_at !== null && promotion.expires_at <= world.seconds()
  if (!promotion.active || expired) {
    throw invalidRequest('This promotion code is not active.', { code: 'coupon_expired' })
  }
  if (promotion.customer !== null && promotion.customer !== owner.customer) {
    throw invalidRequest('This promotion code belongs to another customer.', { param: 'promotion_code' })
  }
}

function requireUsable(world: World, coupon: Coupon, currency: string): void {
  if (!coupon.valid || (coupon.redeem_by !== null && coupon.redeem_by <= world.seconds())) {
    throw invalidRequest(`Coupon expired: ${coupon.id}`, { code: 'coupon_expired', param: 'coupon' })
  }
  if (coupon.amount_off !== null && coupon.currency !== currency) {
    throw invalidRequest(`The coupon ${coupon.id} is in ${coupon.currency}, but this is in ${currency}.`, {
      param: 'coupon',
    })
  }
}

function redeem(world: World, coupon: Coupon, promotion: PromotionCode | undefined): void {
  change(world, coupon, 'coupon.updated', (it) => {
    it.times_redeemed += 1
    if (it.max_redemptions !== null && it.times_redeemed >= it.max_redemptions) it.valid = false
  })
  if (!promotion) return
  change(world, promotion, 'promotion_code.updated', (it) => {
    it.times_redeemed += 1
    if (it.max_redemptions !== null && it.times_redeemed >= it.max_redemptions) it.active = false
  })
}

/** Discounts of a list that still run at a moment. */
export function runningDiscounts(world: World, ids: readonly string[], at: number): string[] {
  return ids.filter((id) => {
    const discount = world.store.discounts.get(id)
    if (!discount || world.store.hidden.onceUsed.has(id)) return false
    return discount.end === null || discount.end > at
  })
}

/** Marks the discounts that last one invoice as used by it. */
export function useOnceDiscounts(world: World, ids: readonly string[]): void {
  for (const id of ids) {
    const coupon = couponOf(world, id)
    if (coupon?.duration === 'once') world.store.hidden.onceUsed.add(id)
  }
}

export const couponOf = (world: World, discountId: string): Coupon | undefined => {
  const source = world.store.discounts.get(discountId)?.source.coupon
  return source ? world.store.coupons.get(source) : undefined
}

/**
 * What each discount takes off each line. A discount on the line itself first, then those on the invoice, one after
 * the other on what is left. An invoice-wide discount is computed on the sum of the lines and split over them by
 * largest remainder, so that the parts sum to the whole; Stripe does not publish how it splits, this is the reading
 * taken. Lines that are not discountable (prorations among them) and negative lines take no part.
 */
export function discountLines(
  world: World,
  lines: readonly InvoiceLine[],
  invoiceDiscounts: readonly string[],
): void {
  const left = lines.map((line) => line.amount)
  for (const line of lines) line.discount_amounts = []
  const takeOff = (index: number, amount: number, discount: string): void => {
    const line = lines[index]
    if (!line || amount === 0) return
    left[index] = (left[index] ?? 0) - amount
    line.discount_amounts = [...(line.discount_amounts ?? []), { amount, discount }]
  }
  lines.forEach((line, index) => {
    for (const discount of line.discounts) {
      const base = left[index] ?? 0
      if (base <= 0) continue
      takeOff(index, reduction(couponOf(world, discount), base), discount)
    }
  })
  for (const discount of invoiceDiscounts) {
    const coupon = couponOf(world, discount)
    const bases = lines.map((line, index) => (takesPart(line, coupon) ? Math.max(left[index] ?? 0, 0) : 0))
    const parts = allocate(reduction(coupon, sum(bases)), bases)
    for (const [index, part] of parts.entries()) takeOff(index, part, discount)
  }
  for (const line of lines) {
    line.pretax_credit_amounts = (line.discount_amounts ?? []).map(({ amount, discount }) => ({
      amount,
      discount,
      type: 'discount',
    }))
  }
}

function takesPart(line: InvoiceLine, coupon: Coupon | undefined): boolean {
  if (!line.discountable) return false
  const products = coupon?.applies_to?.products
  return !products || products.includes(line.pricing?.price_details?.product ?? '')
}

function reduction(coupon: Coupon | undefined, base: number): number {
  if (!coupon || base <= 0) return 0
  if (coupon.percent_off !== null) return percentOf(base, coupon.percent_off)
  return Math.min(coupon.amount_off ?? 0, base)
}
