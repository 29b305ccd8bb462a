// What is left of an invoice's lines after its credit notes: a void takes back that, line by line, so that no item is
// reversed twice. What a note does not say of a line (an amount alone, a line of its own) is spread by scale-lines.ts. PURE.
import type Stripe from 'stripe'
import type { Money } from '../../../shared/money/money.ts'
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
    }
  }
  return [...left.values()].filter((line) => !isNothing(line))
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
