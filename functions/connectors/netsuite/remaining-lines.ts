// What is left of an invoice's lines after its credit notes: a void takes back that, line by line, so that no item is
// reversed twice. What a note says of no line (an amount alone, a line of its own) lowers all lines in proportion; tax only
// by the tax that it states, for that alone was given back. PURE.
import type Stripe from 'stripe'
import { allocate, type Money } from '../../../shared/money/money.ts'
import { type BookLine, creditNoteLines, invoiceLines, type TaxShare } from './stripe-fields.ts'

export function remainingLines(
  invoice: Stripe.Invoice,
  creditNotes: readonly Stripe.CreditNote[],
): BookLine[] {
  const left = new Map(invoiceLines(invoice).map((line) => [line.id, line]))
  for (const note of creditNotes) {
    if (note.status === 'void') continue
    const credited = creditNoteLines(note, invoice)
    for (const [index, taken] of credited.entries()) {
      // After the note's own lines comes its shipping, which has no line in Stripe.
      const id = note.lines.data[index]?.invoice_line_item ?? taken.id
      const line = left.get(id)
      if (line) left.set(id, less(line, taken))
      else for (const rest of lessAll([...left.values()], taken)) left.set(rest.id, rest)
    }
  }
  return [...left.values()].filter((line) => !isNothing(line))
}

function lessAll(lines: readonly BookLine[], taken: BookLine): BookLine[] {
  const weights = lines.map(({ net }) => (net.amountMinor > 0n ? net.amountMinor : 0n))
  // Nothing is left to lower: scale-lines.ts makes the sum right.
  if (weights.every((weight) => weight === 0n)) return [...lines]
  const shares = allocate(taken.net.amountMinor, weights)
  let stated = taken.taxes
  return lines.map((line, index) => {
    const net = { ...taken.net, amountMinor: shares[index] ?? 0n }
    const rest = less(line, { ...taken, net, taxes: stated })
    // A tax is on the first line that bears it.
    stated = stated.filter(({ rateId }) => !line.taxes.some((tax) => tax.rateId === rateId))
    return rest
  })
}

function less(line: BookLine, taken: BookLine): BookLine {
  const rest = [...taken.taxes]
  const taxes = line.taxes.map((tax): TaxShare => {
    const at = rest.findIndex(({ rateId }) => rateId === tax.rateId)
    const [other] = at === -1 ? [] : rest.splice(at, 1)
    if (!other) return tax
    return {
      ...tax,
      amount: minus(tax.amount, other.amount),
      taxable: minus(tax.taxable, other.taxable),
    }
  })
  return { ...line, net: minus(line.net, taken.net), taxes }
}

const minus = (amount: Money, taken: Money): Money => ({
  ...amount,
  amountMinor: amount.amountMinor - taken.amountMinor,
})

const isNothing = ({ net, taxes }: BookLine): boolean =>
  net.amountMinor === 0n && taxes.every(({ amount }) => amount.amountMinor === 0n)
