// Lines in proportion: when a part of an invoice was settled before it was voided, or refunded without a credit note, the
// memo reverses that part of each line and tax. The arithmetic is shared/stripe's, so that AvaTax's return has the same.
import type { Money } from '../../../shared/money/money.ts'
import { inProportion } from '../../../shared/stripe/invoice-part.ts'
import { type BookLine, sumOfLines } from './stripe-fields.ts'

/** The same lines, summing to `target`. */
export function scaleLines(lines: readonly BookLine[], target: Money): BookLine[] {
  const total = sumOfLines(lines)
  if (total === target.amountMinor) return [...lines]
  const parts = inProportion(
    lines.map((line) => ({
      line,
      netMinor: line.net.amountMinor,
      taxes: line.taxes.map((tax) => ({ tax, amountMinor: tax.amount.amountMinor })),
    })),
    target.amountMinor,
  )
  const changed = (amount: Money, amountMinor: bigint): Money => ({ ...amount, amountMinor })
  return parts.map(({ line, netMinor, taxes }) => ({
    ...line,
    net: changed(line.net, netMinor),
    taxes: taxes.map(({ tax, amountMinor }) => ({
      ...tax,
      amount: changed(tax.amount, amountMinor),
      taxable: changed(tax.taxable, (tax.taxable.amountMinor * target.amountMinor) / total),
    })),
  }))
}
