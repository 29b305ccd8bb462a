// How much of a tax that was recorded as included a credit note gives back: Stripe states none, neither on the invoice nor
// on the note, and the policy says that what was charged contains it. Pure. A share of what is LEFT of each invoice line, so
// that notes which together credit the whole invoice give back exactly the whole tax, however it was split.
//
// Every other note states its own tax, and what it states is all that is returned (README, "A credit note").
import type Stripe from 'stripe'
import { type CreditedLine, creditedLines, shippingLine, soldLines } from './invoice-lines.ts'
import { shareOut } from './rounding.ts'

/** Tax by invoice line, minor units as digits: recorded in AvaTax as included in the price, and nowhere in Stripe. */
export type IncludedTax = Readonly<Record<string, string>>

// A type, not an interface: it is kept in the ledger as JSON.
export type Portion = {
  /** The invoice line that the portion belongs to. */
  of: string
  /** Minor units as digits; with the tax. */
  gross: string
  tax: string
}

/** By the id of the credit note's line. Lines that are not here state their own tax. */
export type Shares = Readonly<Record<string, Portion[]>>

interface Left {
  grossMinor: bigint
  taxMinor: bigint
}

/** @param notes of the invoice, in the order of their creation, the one that is asked about last. */
export function sharesOf(
  invoice: Stripe.Invoice,
  notes: readonly Stripe.CreditNote[],
  included: IncludedTax,
): Shares {
  const left = chargedOn(invoice, included)
  if ([...left.values()].every(({ taxMinor }) => taxMinor === 0n)) return {}
  const asked = notes.at(-1)
  let shares: Record<string, Portion[]> = {}
  for (const note of notes) {
    if (note.status === 'void' && note !== asked) continue
    shares = {}
    const shipping = shippingLine(note.shipping_cost)
    for (const line of [...creditedLines(note, invoice), ...(shipping ? [shipping] : [])]) {
      const portions = portionsOf(line, left)
      if (portions) shares[line.id] = portions
      for (const portion of portions ?? statedBy(line)) takeFrom(left, portion)
    }
  }
  return shares
}

/** What each line came to with its stated tax, shipping among them; and the tax that was taken to be in it. */
function chargedOn(invoice: Stripe.Invoice, included: IncludedTax): Map<string, Left> {
  const shipping = shippingLine(invoice.shipping_cost)
  return new Map(
    [...soldLines(invoice), ...(shipping ? [shipping] : [])].map((line) => [
      line.id,
      { grossMinor: line.baseMinor + line.exclusiveTaxMinor, taxMinor: BigInt(included[line.id] ?? 0) },
    ]),
  )
}

/** undefined: the line states its own tax. */
function portionsOf(line: CreditedLine, left: ReadonlyMap<string, Left>): Portion[] | undefined {
  if (line.hasTaxEntry) return undefined
  const own = line.of === undefined ? undefined : left.get(line.of)
  if (line.of !== undefined) return own && [portion(line.of, line.baseMinor, own)]
  const lines = [...left].filter(([, { grossMinor }]) => grossMinor !== 0n)
  const weights = lines.map(([, { grossMinor }]) => grossMinor)
  if (weights.reduce((sum, weight) => sum + weight, 0n) === 0n) return undefined
  const amounts = shareOut(line.baseMinor, weights)
  return lines.map(([id, of], index) => portion(id, amounts[index] ?? 0n, of))
}

/** All that is left of the line takes all that is left of its tax; a part takes its part, half away from zero. */
function portion(of: string, grossMinor: bigint, left: Left): Portion {
  const taxMinor = left.grossMinor === 0n ? 0n : divideRounded(grossMinor * left.taxMinor, left.grossMinor)
  return { of, gross: grossMinor.toString(), tax: taxMinor.toString() }
}

function divideRounded(dividend: bigint, divisor: bigint): bigint {
  const negative = dividend < 0n !== divisor < 0n
  const [a, b] = [dividend < 0n ? -dividend : dividend, divisor < 0n ? -divisor : divisor]
  const quotient = (2n * a + b) / (2n * b)
  return negative ? -quotient : quotient
}

const statedBy = (line: CreditedLine): Portion[] =>
  line.of === undefined
    ? []
    : [{ of: line.of, gross: (line.baseMinor + line.exclusiveTaxMinor).toString(), tax: '0' }]

function takeFrom(left: Map<string, Left>, { of, gross, tax }: Portion): void {
  const line = left.get(of)
  if (!line) return
  left.set(of, { grossMinor: line.grossMinor - BigInt(gross), taxMinor: line.taxMinor - BigInt(tax) })
}
