// Small readings of Stripe's objects that several projections share: ids behind expandable fields, what a line is
// worth, how a document is called. At the pinned API version; payloads are plain JSON.
import type Stripe from 'stripe'
import { type Money, money } from '../../../shared/money/money.ts'
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
  taxes: readonly StripeTax[] | null
}

/** Before tax and after discounts: a Stripe line's `amount` is before discount and, where tax is inclusive, gross. */
export function netOf(line: Priced, currency: string): Money {
  let net = money(line.amount, currency).amountMinor
  for (const discount of line.discount_amounts ?? []) net -= money(discount.amount, currency).amountMinor
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

export function invoiceLines(invoice: Stripe.Invoice): BookLine[] {
  return invoice.lines.data.map((line) => ({
    id: line.id,
    productId: line.pricing?.price_details?.product,
    description: line.description ?? '',
    quantity: quantityOf(line),
    net: netOf(line, invoice.currency),
    taxes: taxesOf(line, invoice.currency),
    period: line.period,
  }))
}

/** The credited lines; the product and the service period are the invoice line's. */
export function creditNoteLines(note: Stripe.CreditNote, invoice: Stripe.Invoice): BookLine[] {
  const invoiceLine = new Map(invoice.lines.data.map((line) => [line.id, line]))
  return note.lines.data.map((line) => {
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

export const isAllZero = (lines: readonly BookLine[]): boolean =>
  lines.every(
    (line) => line.net.amountMinor === 0n && line.taxes.every((tax) => tax.amount.amountMinor === 0n),
  )
