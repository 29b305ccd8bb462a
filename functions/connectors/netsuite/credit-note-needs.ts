// What a credit note needs to know: its invoice with all lines, and, where it lowered what was owed, the invoice's other
// credit notes, which decide what is open for it to be applied to.
import type Stripe from 'stripe'
import { transient } from '../../../shared/errors.ts'
import { idOf } from '../../../shared/stripe/event.ts'
import { type BasicNeeds, type NeedsSources, ofInvoice, ofLines } from './basic-needs.ts'
import type { DocumentName } from './books.ts'
import { movesBalance } from './invoice-history.ts'
import { creditNoteDates } from './project-credit-note.ts'
import { creditNoteLines } from './stripe-fields.ts'

export interface CreditNoteNeeds {
  root: 'credit_note'
  invoice: Stripe.Invoice
  creditNotes: Stripe.CreditNote[]
  balance: Stripe.CustomerBalanceTransaction[] | undefined
  reversals: Record<string, DocumentName>
}

export async function needsOfCreditNote(
  note: Stripe.CreditNote,
  sources: NeedsSources,
): Promise<BasicNeeds & CreditNoteNeeds> {
  const { reads } = sources
  const invoice = await reads.wholeInvoice(note.invoice)
  const lowersInvoice = note.pre_payment_amount > 0
  const creditNotes = lowersInvoice ? await reads.creditNotesOf(invoice.id) : [note]
  refuseVoidedMeanwhile(note, creditNotes)
  const customerId = idOf(invoice.customer)
  const balance =
    lowersInvoice && movesBalance(invoice) && customerId !== undefined
      ? await reads.balanceOf(customerId, invoice.id)
      : undefined
  return {
    root: 'credit_note',
    invoice,
    // Stripe may have listed before it knew of this one.
    creditNotes: creditNotes.some(({ id }) => id === note.id) ? creditNotes : [...creditNotes, note],
    balance,
    reversals: lowersInvoice ? await sources.reversals.of(creditNotes, note.id) : {},
    ...ofInvoice(invoice),
    ...ofLines(creditNoteLines(note, invoice)),
    documents: creditNoteDates(note, invoice),
    settledIn: [],
  }
}

/** Posted from what was read before, it would be a memo that nothing is left for. */
function refuseVoidedMeanwhile(note: Stripe.CreditNote, listed: readonly Stripe.CreditNote[]): void {
  const newer = listed.find(({ id }) => id === note.id)
  if (note.status === 'void' || newer?.status !== 'void') return
  throw transient(`Credit note ${note.number} was voided in Stripe while it was being read.`, {
    code: 'NS-NOTE-CHANGED',
    hint: 'Nothing to do: it is read again.',
    recordOnly: true,
  })
}
