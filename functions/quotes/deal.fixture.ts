// Deals as tests write them: numbers as texts, and what most of them have in common left out. Loaded by tests only.
import type { Deal, DealLine } from './deal.ts'
import { type Decimal, decimal } from './decimal.ts'

export function number(text: string): Decimal {
  const value = decimal(text)
  if (!value) throw new Error(`"${text}" is no number`)
  return value
}

export type Given = Partial<Omit<DealLine, 'quantity' | 'unitPrice' | 'discounts'>> & {
  quantity?: string
  unitPrice: string
  discounts?: string[]
  totalMinor: bigint
}

/** A year from 2027 of one currency and product, billed each month, but for what is said otherwise; its total is that of its lines. */
export const deal = (lines: readonly Given[], terms: Partial<Deal> = {}): Deal => {
  const { from = '2027-01-01', until = '2028-01-01' } = terms
  return {
    currency: 'USD',
    from,
    until,
    billingMonths: 1,
    totalMinor: lines.reduce((sum, { totalMinor }) => sum + totalMinor, 0n),
    ...terms,
    lines: lines.map((line, index) => ({
      number: index + 1,
      name: 'Team plan',
      product: '01t1',
      charge: 'recurring',
      unitMonths: 1,
      from,
      until,
      ...line,
      quantity: number(line.quantity ?? '1'),
      unitPrice: number(line.unitPrice),
      discounts: (line.discounts ?? []).map(number),
    })),
  }
}
