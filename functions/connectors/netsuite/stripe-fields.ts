// Small readings of Stripe's objects that several projections share: ids behind expandable fields, what a line is
// worth, how a document is called. At the pinned API version; payloads are plain JSON.
import type Stripe from 'stripe'
import { type Money, money } from '../../../shared/money/money.ts'
import { idOf } from '../../../shared/stripe/event.ts'
import { spokenAmount } from './parked.ts'

export function expanded<T extends { id: string }>(value: string | T | null | undefined): T | undefined {
  return typeof value === 'object' && value !== null ? value : undefined
}

/** 'INV-0042 (EUR 1,190.00)'; the id while it has no number. */
export function documentName(
  object: { id: string; number?: string | null; currency: string },
  amount: number | bigint,
): string {
  return `${object.number ?? object.id} (${spokenAmount(money(amount, object.currency))})`
}

export interface TaxShare {
  /** Absent when Stripe names no rate. */
  rateId: string | undefined
  amount: Money
  taxable: Money
}

/** A line as the books take it: net of its discounts and of tax included in its price. */
export interface BookLine {
  /** Stripe's line id. */
  id: string
  productId: string | undefined
  description: string
  /** A decimal string; undefined when Stripe gives none. */
  quantity: string | undefined
  net: Money
  taxes: TaxShare[]
  period: { start: number; end: number } | undefined
}

type StripeTax = Pick<
  Stripe.InvoiceLineItem.Tax,
  'amount' | 'tax_behavior' | 'tax_rate_details' | 'taxable_amount'
>

interface Priced {
  amount: number
  discount_amounts: readonly { amount: number }[] | null
  pretax_credit_amounts?: readonly PretaxCredit[] | null
  taxes: readonly StripeTax[] | null
}

type PretaxCredit = Pick<
  Stripe.InvoiceLineItem.PretaxCreditAmount,
  'amount' | 'credit_balance_transaction' | 'type'
>

/** Billing credits on a line. The list also repeats its discounts, which `discount_amounts` has. */
const creditsOn = (line: Priced): PretaxCredit[] =>
  (line.pretax_credit_amounts ?? []).filter(({ type }) => type === 'credit_balance_transaction')

/** What an invoice drew of each billing credit, by the id of the credit balance transaction. */
export function drawnCredits(invoice: Stripe.Invoice): Map<string, bigint> {
  const drawn = new Map<string, bigint>()
  for (const credit of invoice.lines.data.flatMap(creditsOn)) {
    const id = idOf(credit.credit_balance_transaction) ?? ''
    drawn.set(id, (drawn.get(id) ?? 0n) + money(credit.amount, invoice.currency).amountMinor)
  }
  return drawn
}

/**
 * Before tax, after discounts and billing credits: a Stripe line's `amount` is before both and, where tax is inclusive,
 * gross.
 */
export function netOf(line: Priced, currency: string): Money {
  let net = money(line.amount, currency).amountMinor
  for (const discount of line.discount_amounts ?? []) net -= money(discount.amount, currency).amountMinor
  for (const credit of creditsOn(line)) net -= money(credit.amount, currency).amountMinor
  for (const tax of line.taxes ?? []) {
    if (tax.tax_behavior === 'inclusive') net -= money(tax.amount, currency).amountMinor
  }
  return { amountMinor: net, currency: currency.toUpperCase() }
}

export function taxesOf(line: Priced, currency: string): TaxShare[] {
  return (line.taxes ?? []).map((tax) => ({
    rateId: tax.tax_rate_details?.tax_rate,
    amount: money(tax.amount, currency),
    taxable: money(tax.taxable_amount ?? 0, currency),
  }))
}

/** The id of a document's shipping line. */
export const SHIPPING_LINE = 'shipping'

interface Shipped {
  currency: string
  amount_shipping: number
  shipping_cost?: Pick<Stripe.Invoice.ShippingCost, 'amount_tax' | 'amount_total' | 'taxes'> | null
}

/** Shipping has no line in Stripe: its cost stands on the invoice itself, and counts in the total. */
function shippingLine({ currency, amount_shipping, shipping_cost }: Shipped): BookLine[] {
  if (amount_shipping === 0 && !shipping_cost?.amount_total) return []
  const taxMinor = money(shipping_cost?.amount_tax ?? 0, currency).amountMinor
  const totalMinor = money(shipping_cost?.amount_total ?? amount_shipping, currency).amountMinor
  const net = { amountMinor: totalMinor - taxMinor, currency: currency.toUpperCase() }
  const rateId = idOf(shipping_cost?.taxes?.[0]?.rate)
  return [
    {
      id: SHIPPING_LINE,
      productId: undefined,
      description: 'Shipping',
      quantity: '1',
      net,
      taxes: taxMinor === 0n ? [] : [{ rateId, amount: { ...net, amountMinor: taxMinor }, taxable: net }],
      period: undefined,
    },
  ]
}

/** For a memo over what is negative in Stripe. */
export function negated(lines: readonly BookLine[]): BookLine[] {
  const minus = (amount: Money): Money => ({ ...amount, amountMinor: -amount.amountMinor })
  return lines.map((line) => ({
    ...line,
    net: minus(line.net),
    taxes: line.taxes.map((tax) => ({ ...tax, amount: minus(tax.amount), taxable: minus(tax.taxable) })),
  }))
}

export function invoiceLines(invoice: Stripe.Invoice): BookLine[] {
  const lines = invoice.lines.data.map((line) => ({
    id: line.id,
    productId: line.pricing?.price_details?.product,
    description: line.description ?? '',
    quantity: quantityOf(line),
    net: netOf(line, invoice.currency),
    taxes: taxesOf(line, invoice.currency),
    period: line.period,
  }))
  return [...lines, ...shippingLine(invoice)]
}

/** The credited lines; the product and the service period are the invoice line's. */
export function creditNoteLines(note: Stripe.CreditNote, invoice: Stripe.Invoice): BookLine[] {
  const invoiceLine = new Map(invoice.lines.data.map((line) => [line.id, line]))
  const lines = note.lines.data.map((line) => {
    const credited = invoiceLine.get(line.invoice_line_item ?? '')
    return {
      id: line.id,
      productId: credited?.pricing?.price_details?.product,
      description: line.description ?? credited?.description ?? '',
      quantity: line.quantity ? String(line.quantity) : undefined,
      net: netOf(line, note.currency),
      taxes: taxesOf(line, note.currency),
      period: credited?.period,
    }
  })
  return [...lines, ...shippingLine(note)]
}

function quantityOf(line: Stripe.InvoiceLineItem): string | undefined {
  if (line.quantity) return String(line.quantity)
  const decimal = line.quantity_decimal === null ? undefined : String(line.quantity_decimal ?? '')
  return decimal && /^\d+(\.\d+)?$/.test(decimal) && Number(decimal) !== 0 ? decimal : undefined
}

/** Net lines and all their taxes. */
export function sumOfLines(lines: readonly BookLine[]): bigint {
  let sum = 0n
  for (const line of lines) {
    sum += line.net.amountMinor
    for (const tax of line.taxes) sum += tax.amount.amountMinor
  }
  return sum
}

/** A trial, the first invoice of a metered plan: nothing is sold, and NetSuite posts no invoice of nothing but zeros. */
export const sellsNothing = (invoice: Stripe.Invoice): boolean =>
  invoice.total === 0 && drawnCredits(invoice).size === 0 && isAllZero(invoiceLines(invoice))

const isAllZero = (lines: readonly BookLine[]): boolean =>
  lines.every(
    (line) => line.net.amountMinor === 0n && line.taxes.every((tax) => tax.amount.amountMinor === 0n),
  )
