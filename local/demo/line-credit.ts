// What a credit note over a part of an invoice line gives back: the amount, and the same part of the tax charged on it.
import type Stripe from 'stripe'

export interface LineCredit {
  line: Stripe.CreditNoteCreateParams.Line
  /** With its tax. */
  total: number
}

/** @param amount as the line has it, at most all of it: before tax, or with the tax that is inside the price. */
export function creditOf(invoiceLine: Stripe.InvoiceLineItem, amount: number): LineCredit {
  // Rounded down: a credit never takes back more tax than was charged.
  const share = (whole: number) => Number((BigInt(whole) * BigInt(amount)) / BigInt(invoiceLine.amount))
  const taxes = (invoiceLine.taxes ?? [])
    .map(({ amount: tax, taxable_amount, tax_rate_details, tax_behavior }) => ({
      isInside: tax_behavior === 'inclusive',
      amount: share(tax),
      taxable_amount: share(taxable_amount ?? invoiceLine.amount),
      tax_rate: tax_rate_details?.tax_rate ?? '',
    }))
    .filter((tax) => tax.amount > 0)
  return {
    line: {
      type: 'invoice_line_item',
      invoice_line_item: invoiceLine.id,
      amount,
      ...(taxes.length > 0 && { tax_amounts: taxes.map(({ isInside: _, ...tax }) => tax) }),
    },
    total: taxes.reduce((sum, tax) => (tax.isInside ? sum : sum + tax.amount), amount),
  }
}
