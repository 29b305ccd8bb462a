// A credit note as ONE credit memo: the part that lowered an open invoice is applied to it, the part that was paid
// back waits for its refund (project-refund.ts). PURE.
import type Stripe from 'stripe'
import type { RemoteRecord } from '../../../shared/connector/contract.ts'
import { money } from '../../../shared/money/money.ts'
import { idOf } from '../../../shared/stripe/event.ts'
import { type DocumentChoices, RECORDS } from './books.ts'
import type { NetSuiteConfig } from './config.ts'
import { type Head, headFields } from './document-head.ts'
import { itemFields } from './item-lines.ts'
import { notCovered, parked } from './parked.ts'
import { applyTo } from './project-invoice.ts'
import { type BookLine, creditNoteLines, documentName } from './stripe-fields.ts'

export const creditNoteDate = (note: Stripe.CreditNote): number => note.effective_at ?? note.created

export function projectCreditNote(
  note: Stripe.CreditNote,
  context: DocumentChoices & { invoice: Stripe.Invoice; posted: boolean },
  config: NetSuiteConfig,
): RemoteRecord[] {
  const { invoice } = context
  const document = documentName(note, note.total)
  if (note.status === 'void') {
    // Voided before anything was posted: the books never knew it.
    if (!context.posted) return []
    throw notCovered({
      code: 'NS-CREDIT-NOTE-VOID',
      document,
      why: 'the credit note was voided after its credit memo had been posted.',
      byHand: 'unapply the credit memo and reverse it on the date of the void.',
      planned: 'a dated document that reverses the credit memo, and the invoice open again.',
    })
  }
  if (note.total === 0) return []
  refuseUncovered(note, invoice, document)
  const customerId = idOf(note.customer)
  if (customerId === undefined) {
    throw parked({
      code: 'NS-CUSTOMER',
      document,
      why: 'it names no customer (field customer).',
      hint: 'Engineering: credit notes of customer accounts without a customer are not mapped; enter it by hand.',
    })
  }
  const total = money(note.total, note.currency)
  const head: Head = {
    record: RECORDS.creditMemo(note.id),
    document,
    title: 'Credit note',
    number: note.number,
    stripeId: note.id,
    customerId,
    currency: note.currency,
    atSeconds: creditNoteDate(note),
  }
  const applied = money(note.pre_payment_amount, note.currency)
  return [
    {
      ...head.record,
      body: {
        ...headFields(head, context, config),
        ...itemFields({ document, lines: linesOf(note, invoice), total, books: context.books }, config),
        ...(applied.amountMinor > 0n && { apply: applyTo(RECORDS.invoice(invoice.id), applied) }),
      },
      requires: [
        { type: 'customer', id: customerId },
        { type: 'invoice', id: invoice.id },
      ],
      frozen: true,
    },
  ]
}

/** A credit note over an amount alone has no lines: one line without a product. */
function linesOf(note: Stripe.CreditNote, invoice: Stripe.Invoice): BookLine[] {
  if (note.lines.data.length > 0) return creditNoteLines(note, invoice)
  return [
    {
      id: note.id,
      productId: undefined,
      description: note.memo ?? `Credit note ${note.number}`,
      quantity: undefined,
      net: money(note.total, note.currency),
      taxes: [],
      period: undefined,
    },
  ]
}

function refuseUncovered(note: Stripe.CreditNote, invoice: Stripe.Invoice, document: string): void {
  const outOfBand =
    (note.out_of_band_amount ?? 0) > 0 || note.refunds.some(({ type }) => type === 'payment_record_refund')
  if (outOfBand) {
    throw notCovered({
      code: 'NS-CREDIT-OUT-OF-BAND',
      document,
      why: 'a part of it was paid back outside Stripe (fields out_of_band_amount, refunds).',
      byHand: 'enter the credit memo, and a customer refund from the account that paid.',
      planned: 'the credit memo, and a customer refund from netsuite.outOfBandAccounts.',
    })
  }
  const refunded = note.refunds.reduce((sum, refund) => sum + refund.amount_refunded, 0)
  if (idOf(note.customer_balance_transaction) !== undefined || note.post_payment_amount > refunded) {
    throw notCovered({
      code: 'NS-BALANCE',
      document,
      why: 'a part of it went to the customer balance (field customer_balance_transaction).',
      byHand: 'enter the credit memo and leave that part unapplied, on account.',
      planned: 'the credit memo with that part on account, applied when Stripe applies the balance.',
    })
  }
  if (note.amount_shipping !== 0) {
    throw notCovered({
      code: 'NS-SHIPPING',
      document,
      why: 'it credits shipping (field shipping_cost).',
      byHand: 'enter the credit memo with a shipping line.',
      planned: 'an item line for shipping.',
    })
  }
  const uncollectibleAt = invoice.status_transitions.marked_uncollectible_at
  if (uncollectibleAt !== null && note.created > uncollectibleAt && note.pre_payment_amount > 0) {
    throw notCovered({
      code: 'NS-CREDIT-AFTER-WRITE-OFF',
      document,
      why: `its invoice ${invoice.number ?? invoice.id} had been written off before, so nothing is open to apply it to.`,
      byHand: 'reclassify that part of the write-off from bad debt to revenue and tax.',
      planned: 'a dated recovery of the write-off, and the memo applied.',
    })
  }
}
