// What each line of an invoice or credit note sells for, before tax, in minor units. A Stripe line's `amount` is
// before discounts and, where its tax is inclusive, gross; everything that AvaTax sees comes through here.
import type Stripe from 'stripe'

export interface SoldLine {
  /** Stripe's line id: also the line number in AvaTax, so nothing depends on the order of lines. */
  id: string
  product: string | undefined
  price: string | undefined
  /** After discounts and billing credits; contains the tax where that is inclusive. */
  baseMinor: bigint
  inclusiveTaxMinor: bigint
  exclusiveTaxMinor: bigint
  /** Stripe shows a tax entry, if only an explicit zero. */
  hasTaxEntry: boolean
  taxabilityReasons: string[]
}

interface LineTax {
  amount: number
  tax_behavior: string
  taxability_reason: string
}

interface Reduction {
  amount: number
  type: string
}

const sum = (amounts: readonly (number | bigint)[]): bigint =>
  amounts.reduce<bigint>((total, amount) => total + BigInt(amount), 0n)

/** `pretax_credit_amounts` repeats the discounts beside the billing credits; only the credits are counted there. */
const creditsOf = (credits: readonly Reduction[] | null): bigint =>
  sum((credits ?? []).filter(({ type }) => type !== 'discount').map(({ amount }) => amount))

function taxesOf(taxes: readonly LineTax[] | null | undefined) {
  const all = taxes ?? []
  return {
    inclusiveTaxMinor: sum(
      all.filter(({ tax_behavior }) => tax_behavior === 'inclusive').map(({ amount }) => amount),
    ),
    exclusiveTaxMinor: sum(
      all.filter(({ tax_behavior }) => tax_behavior !== 'inclusive').map(({ amount }) => amount),
    ),
    hasTaxEntry: all.length > 0,
    taxabilityReasons: all.map(({ taxability_reason }) => taxability_reason),
  }
}

export function soldLines(invoice: Pick<Stripe.Invoice, 'lines'>): SoldLine[] {
  return invoice.lines.data.map((line) => {
    const price = line.pricing?.price_details?.price
    return {
      id: line.id,
      product: line.pricing?.price_details?.product,
      price: typeof price === 'string' ? price : price?.id,
      baseMinor:
        BigInt(line.amount) -
        sum((line.discount_amounts ?? []).map(({ amount }) => amount)) -
        creditsOf(line.pretax_credit_amounts),
      ...taxesOf(line.taxes),
    }
  })
}

export interface CreditedLine extends SoldLine {
  /** The invoice line that it credits; undefined: an amount, or a line of the credit note's own. */
  of: string | undefined
  /** That invoice line bears tax. */
  ofTaxed: boolean
}

/** Number of the one line of a credit note that names an amount and no lines. */
export const AMOUNT = 'amount'

/** Positive amounts, as Stripe has them; the sign of a return is AvaTax's business. */
export function creditedLines(
  creditNote: Pick<Stripe.CreditNote, 'lines' | 'total' | 'total_taxes' | 'shipping_cost'>,
  invoice: Stripe.Invoice,
): CreditedLine[] {
  if (creditNote.lines.data.length === 0) {
    const line = amountLine(creditNote)
    return line.baseMinor === 0n ? [] : [line]
  }
  const sold = new Map(soldLines(invoice).map((line) => [line.id, line]))
  return creditNote.lines.data.map((line) => {
    const credited = line.invoice_line_item === undefined ? undefined : sold.get(line.invoice_line_item)
    const discounts = line.discount_amounts ?? []
    return {
      id: line.id,
      of: credited?.id,
      ofTaxed: credited !== undefined && taxOf(credited) !== 0n,
      product: credited?.product,
      price: credited?.price,
      baseMinor:
        BigInt(line.amount) -
        (discounts.length > 0
          ? sum(discounts.map(({ amount }) => amount))
          : BigInt(line.discount_amount ?? 0)) -
        creditsOf(line.pretax_credit_amounts ?? []),
      ...taxesOf(line.taxes),
    }
  })
}

/** What is not shipping; states tax only where the note as a whole does. */
function amountLine({
  total,
  total_taxes,
  shipping_cost: shipping,
}: Pick<Stripe.CreditNote, 'total' | 'total_taxes' | 'shipping_cost'>): CreditedLine {
  const stated = taxesOf(total_taxes)
  const exclusiveTaxMinor = stated.exclusiveTaxMinor - BigInt(shipping?.amount_tax ?? 0)
  return {
    ...untaxedLine(AMOUNT),
    ...(stated.hasTaxEntry && { ...stated, exclusiveTaxMinor }),
    baseMinor:
      BigInt(total) - BigInt(shipping?.amount_total ?? 0) - (stated.hasTaxEntry ? exclusiveTaxMinor : 0n),
    of: undefined,
    ofTaxed: false,
  }
}

/**
 * Gives money back and, as Stripe states it, no tax: an amount, a line of the note's own, or a part of a taxed line without
 * its tax.
 */
export const keepsTax = ({ hasTaxEntry, of, ofTaxed }: CreditedLine): boolean =>
  !hasTaxEntry && (of === undefined || ofTaxed)

const untaxedLine = (id: string) => ({
  id,
  product: undefined,
  price: undefined,
  inclusiveTaxMinor: 0n,
  exclusiveTaxMinor: 0n,
  hasTaxEntry: false,
  taxabilityReasons: [],
})

export const SHIPPING = 'shipping'

/** Shipping is no line in Stripe and one in AvaTax. */
export function shippingLine(cost: Stripe.Invoice['shipping_cost']): CreditedLine | undefined {
  if (!cost || cost.amount_total === 0) return undefined
  const tax = BigInt(cost.amount_tax)
  return {
    ...untaxedLine(SHIPPING),
    of: SHIPPING,
    ofTaxed: tax !== 0n,
    baseMinor: BigInt(cost.amount_total) - tax,
    exclusiveTaxMinor: tax,
    hasTaxEntry: true,
  }
}

/** Every line comes to nothing: a trial, or all of it discounted. (+10 and −10 is not zero: their taxes can differ.) */
export const isZero = (lines: readonly SoldLine[]): boolean => lines.every((line) => line.baseMinor === 0n)

/** What the lines come to with their tax; must equal Stripe's own total less shipping. */
export const totalOf = (lines: readonly SoldLine[]): bigint =>
  sum(lines.map((line) => line.baseMinor + line.exclusiveTaxMinor))

export const taxOf = (line: SoldLine): bigint => line.inclusiveTaxMinor + line.exclusiveTaxMinor

/** Without any tax. */
export const netOf = (line: SoldLine): bigint => line.baseMinor - line.inclusiveTaxMinor
