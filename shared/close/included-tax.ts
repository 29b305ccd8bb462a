// A tax that AvaTax was told is contained in the price: Stripe shows none, so the two taxes say nothing of each other. What must
// tie is what the customer was charged: gross in Stripe = net and tax in AvaTax.
import { type Break, spoken } from './check.ts'
import type { StripeTax, TaxDocument } from './facts.ts'

interface IncludedSale {
  root: string
  currency: string
  charged: readonly StripeTax[]
  declared: readonly TaxDocument[]
  own: TaxDocument | undefined
  isIncluded: boolean
}

/** What is missing or cancelled in AvaTax says nothing of its amounts. */
export function includedBreak(each: IncludedSale, object: string): Break | undefined {
  const { root, currency, charged, declared, isIncluded, own } = each
  const isCancelled = charged.some(({ isVoid }) => isVoid) && own?.isCancelled === true
  if (!isIncluded || declared.length === 0 || isCancelled) return undefined
  const [stripe, avatax] = [charged, declared].map((parts) =>
    parts.reduce((total, { grossMinor }) => total + grossMinor, 0n),
  )
  if (stripe === undefined || avatax === undefined || stripe === avatax) return undefined
  const tax = declared.reduce((total, { taxMinor }) => total + taxMinor, 0n)
  return {
    object,
    currency,
    amountMinor: avatax - stripe,
    cause: 'included-gross-differs',
    why: `${object} comes to ${spoken(stripe, currency)} in Stripe, tax included; AvaTax declares ${spoken(avatax - tax, currency)} and ${spoken(tax, currency)} tax, together ${spoken(avatax, currency)}.`,
    owner: 'Avalara admin',
    next: `hub replay ${root} records it again as charged, unless its return is filed.`,
  }
}
