// A part of an invoice in proportion to its lines and their taxes: what a refund that no credit note explains takes back, where
// the policy says so. As Stripe's own tax engine does: "splitting the refund between the net amount and tax based on the
// original tax rate" (https://docs.stripe.com/tax/invoicing/refunds). Books, AvaTax and the close take it from here, so that
// they tie. PURE; amounts in minor units.
import type Stripe from 'stripe'
import { money } from '../money/money.ts'
import { idOf } from './event.ts'

interface PartLine {
  netMinor: bigint
  taxes: readonly { amountMinor: bigint }[]
}

/** A line of an invoice, shipping among them; net of discounts, billing credits and included tax. */
export interface PricedLine extends PartLine {
  id: string
  taxes: { rateId: string | undefined; amountMinor: bigint }[]
}

/** The id of the line that shipping makes. */
const SHIPPING = 'shipping'

export function pricedLines(invoice: Stripe.Invoice): PricedLine[] {
  const minor = (amount: number): bigint => money(amount, invoice.currency).amountMinor
  const sum = (parts: readonly { amount: number }[] | null | undefined): bigint =>
    (parts ?? []).reduce((total, { amount }) => total + minor(amount), 0n)
  const lines = invoice.lines.data.map((line): PricedLine => {
    const credits = line.pretax_credit_amounts?.filter(({ type }) => type === 'credit_balance_transaction')
    const included = line.taxes?.filter(({ tax_behavior }) => tax_behavior === 'inclusive')
    return {
      id: line.id,
      netMinor: minor(line.amount) - sum(line.discount_amounts) - sum(credits) - sum(included),
      taxes: (line.taxes ?? []).map(({ amount, tax_rate_details }) => ({
        rateId: idOf(tax_rate_details?.tax_rate),
        amountMinor: minor(amount),
      })),
    }
  })
  const { shipping_cost: shipping } = invoice
  if (!shipping || shipping.amount_total === 0) return lines
  const taxMinor = minor(shipping.amount_tax)
  const rateId = idOf(shipping.taxes?.[0]?.rate)
  return [
    ...lines,
    {
      id: SHIPPING,
      netMinor: minor(shipping.amount_total) - taxMinor,
      taxes: taxMinor === 0n ? [] : [{ rateId, amountMinor: taxMinor }],
    },
  ]
}

export const sumOf = (lines: readonly PartLine[]): bigint =>
  lines.reduce(
    (sum, { netMinor, taxes }) =>
      taxes.reduce((total, { amountMinor }) => total + amountMinor, sum + netMinor),
    0n,
  )

/** The same lines, summing to `targetMinor`. The remainder of the rounding goes to the largest net amount. */
export function inProportion<L extends PartLine>(lines: readonly L[], targetMinor: bigint): L[] {
  const total = sumOf(lines)
  if (total === targetMinor) return [...lines]
  const part = (amountMinor: bigint): bigint => (amountMinor * targetMinor) / total
  const scaled = lines.map((line) => ({
    ...line,
    netMinor: part(line.netMinor),
    taxes: line.taxes.map((tax) => ({ ...tax, amountMinor: part(tax.amountMinor) })),
  }))
  const remainder = targetMinor - sumOf(scaled)
  const largest = lines.reduce(
    (found, { netMinor }, index) => (netMinor > (lines[found]?.netMinor ?? 0n) ? index : found),
    0,
  )
  return scaled.map((line, index) =>
    index === largest ? { ...line, netMinor: line.netMinor + remainder } : line,
  )
}
