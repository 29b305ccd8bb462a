// Lines in proportion: when a part of an invoice was settled before it was voided, the memo reverses the rest, each
// line and tax by its share. Whole minor units; the parts sum to the amount exactly.
import type { Money } from '../../../shared/money/money.ts'
import { type BookLine, sumOfLines } from './stripe-fields.ts'

/** The same lines, summing to `target`. The remainder of the rounding goes to the largest net amount. */
export function scaleLines(lines: readonly BookLine[], target: Money): BookLine[] {
  const total = sumOfLines(lines)
  if (total === target.amountMinor) return [...lines]
  const part = (amount: Money): Money => ({
    ...amount,
    amountMinor: (amount.amountMinor * target.amountMinor) / total,
  })
  const scaled = lines.map((line) => ({
    ...line,
    net: part(line.net),
    taxes: line.taxes.map((tax) => ({ ...tax, amount: part(tax.amount), taxable: part(tax.taxable) })),
  }))
  const remainder = target.amountMinor - sumOfLines(scaled)
  const amounts = lines.map((line) => line.net.amountMinor)
  const largest = amounts.reduce(
    (found, amount, index) => (amount > (amounts[found] ?? 0n) ? index : found),
    0,
  )
  return scaled.map((line, index) =>
    index === largest
      ? { ...line, net: { ...line.net, amountMinor: line.net.amountMinor + remainder } }
      : line,
  )
}
