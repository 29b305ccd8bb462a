// Products and prices: Product2 and Stripe_Price__c, which needs its product. Pure.
import type Stripe from 'stripe'
import { recordRef } from '../../../shared/connector/contract.ts'
import { invariant } from '../../../shared/errors.ts'
import { decimalsOf, parseDecimal } from '../../../shared/money/money.ts'
import { idOf } from '../../../shared/stripe/event.ts'
import { clipped, fitting, text } from './body.ts'
import type { Draft } from './context.ts'
import { shortestDecimal } from './mapping.ts'

const PRODUCT_NAME_LENGTH = 255
const DESCRIPTION_LENGTH = 4000
const NAME_LENGTH = 80
const NICKNAME_LENGTH = 255
/** Digits after the point of Unit_Amount__c. */
const UNIT_AMOUNT_SCALE = 6

export function projectProduct(product: Stripe.Product): Draft[] {
  return [
    {
      kind: 'Product2',
      externalId: product.id,
      body: {
        Name: fitting(product.name.trim(), PRODUCT_NAME_LENGTH, 'name', product.id),
        Description: clipped(product.description, DESCRIPTION_LENGTH),
        IsActive: product.active,
      },
      requires: [],
      source: product,
    },
  ]
}

export function projectPrice(price: Stripe.Price): Draft[] {
  const product = idOf(price.product)
  if (!product) throw invariant(`${price.id} has no product.`)
  return [
    {
      ...priceDraft(price),
      requires: [{ type: 'product', id: product }],
    },
  ]
}

function priceDraft(price: Stripe.Price): Draft {
  const product = idOf(price.product)
  const nickname = text(price.nickname)
  return {
    kind: 'Stripe_Price__c',
    externalId: price.id,
    body: {
      Name: nickname && nickname.length <= NAME_LENGTH ? nickname : price.id,
      Product__c: product ? recordRef('Product2', product) : null,
      Nickname__c: nickname && fitting(nickname, NICKNAME_LENGTH, 'nickname', price.id),
      Currency__c: price.currency.toUpperCase(),
      Unit_Amount__c: unitAmount(price),
      Interval__c: price.recurring?.interval ?? null,
      Interval_Count__c: price.recurring?.interval_count ?? null,
      Type__c: price.type,
      Active__c: price.active,
      Deleted__c: false,
    },
    requires: [],
    source: price,
  }
}

/**
 * Major units, exact; null where no one figure is true: tiers, an amount the customer chooses, or more decimals than
 * the field holds (a millionth of a cent per token), which Salesforce would round without saying so.
 */
function unitAmount(price: Stripe.Price): string | null {
  const decimals = decimalsOf(price.currency)
  const minor = price.unit_amount_decimal ?? price.unit_amount
  if (minor === null || minor === undefined || price.billing_scheme === 'tiered') return null
  const scaled = parseDecimal(`${String(minor)}e-${decimals}`, UNIT_AMOUNT_SCALE)
  return scaled === undefined ? null : shortestDecimal(`${scaled}e-${UNIT_AMOUNT_SCALE}`)
}

/** A deleted product that was never written, known to its price by id only. */
export function standInProduct(id: string): Draft {
  return {
    kind: 'Product2',
    externalId: id,
    body: { Name: id, Description: null, IsActive: false },
    requires: [],
    source: {},
  }
}

/** A deleted price that was never written, from the copy that a subscription's item holds. */
export function standInPrice(id: string, dependent: object): Draft | undefined {
  const { items } = dependent as Partial<Stripe.Subscription>
  const price = items?.data.find((item) => item.price.id === id)?.price
  if (!price) return undefined
  const draft = priceDraft(price)
  return {
    ...draft,
    body: { ...draft.body, Product__c: null, Active__c: false, Deleted__c: true },
    source: {},
  }
}
