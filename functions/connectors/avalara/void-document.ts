// The document of a void that AvaTax cannot be told by cancelling the sale: a credit note has returned a part of it, or it is
// in a filed return. The sale stays, and this return, dated as Stripe voided it, takes back what the credit notes left of
// each line: sale, returns and void come to nothing, amount and tax. Whether there is one is gather-void.ts's business. Pure.
//
// Money that a note gave back without tax went under a tax code of its own and left the taxable sales as they were. So the
// void takes the sold lines back whole, and has that money under the same code with the opposite sign: what is filed as
// taxable and what is filed as exempt both come to nothing, too.
import type Stripe from 'stripe'
import { dayOf } from '../../../shared/calendar.ts'
import type { JsonObject } from '../../../shared/connector/contract.ts'
import { invariant } from '../../../shared/errors.ts'
import {
  chargedLines,
  type DocumentFacts,
  documentLines,
  finalizedSeconds,
  header,
  type Posted,
  returnedLines,
  saleReference,
} from './document.ts'
import { AMOUNT } from './invoice-lines.ts'
import type { Shares } from './returned-tax.ts'

export interface StandingNote {
  note: Stripe.CreditNote
  /** Where the tax was recorded as included in the price. */
  shares: Shares
}

export interface TakingBack {
  /** Document code; the sale itself may stand under that of a replacement. */
  code: string
  /** Not voided; in the order of their creation. */
  notes: readonly StandingNote[]
}

/** undefined: the credit notes have left nothing. */
export function voidDocument(
  invoice: Stripe.Invoice,
  facts: DocumentFacts,
  { code, notes }: TakingBack,
): JsonObject | undefined {
  const { voided_at } = invoice.status_transitions
  if (voided_at === null) throw invariant(`${invoice.id} is void, and Stripe does not say since when.`)
  const left = linesLeft(invoice, facts, notes)
  if (left.length === 0) return undefined
  return {
    ...header(invoice, facts),
    type: 'ReturnInvoice',
    code,
    status: 'Committed',
    date: dayOf(voided_at, facts.timeZone),
    taxDate: dayOf(finalizedSeconds(invoice), facts.timeZone),
    referenceCode: saleReference(invoice, facts),
    lines: documentLines(left, invoice.currency, facts, -1n),
  }
}

function linesLeft(invoice: Stripe.Invoice, facts: DocumentFacts, notes: readonly StandingNote[]): Posted[] {
  const left = new Map(chargedLines(invoice, facts).map((line) => [line.number, line]))
  const beside: Posted[] = []
  for (const line of notes.flatMap((each) => linesOfNote(invoice, each))) {
    const sold = line.of === undefined ? undefined : left.get(line.of)
    const from = sold ?? { ...line, netMinor: 0n, taxMinor: 0n }
    const rest = {
      ...from,
      netMinor: from.netMinor - line.netMinor,
      taxMinor: from.taxMinor - line.taxMinor,
    }
    if (sold) left.set(sold.number, rest)
    else beside.push(rest)
  }
  return [...left.values(), ...beside].filter(({ netMinor, taxMinor }) => netMinor !== 0n || taxMinor !== 0n)
}

/** Several notes may be over an amount: such a line goes by the note's id. */
export const linesOfNote = (invoice: Stripe.Invoice, { note, shares }: StandingNote): Posted[] =>
  returnedLines(note, invoice, shares).map((line) =>
    line.number === AMOUNT ? { ...line, number: note.id } : line,
  )
