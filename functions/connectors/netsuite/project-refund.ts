// A refund as a customer refund: it pays out the credit memos of the credit notes that name it, from the Stripe
// clearing account. A refund that no credit note explains has nothing to apply to and parks. PURE.
import type Stripe from 'stripe'
import { type RemoteRecord, recordRef } from '../../../shared/connector/contract.ts'
import { money, toDecimal } from '../../../shared/money/money.ts'
import { idOf } from '../../../shared/stripe/event.ts'
import { type DocumentChoices, RECORDS, type RefundSource } from './books.ts'
import type { NetSuiteConfig } from './config.ts'
import { type Head, headFields, mapped } from './document-head.ts'
import { notCovered, parked } from './parked.ts'
import { documentName } from './stripe-fields.ts'

export function projectRefund(
  refund: Stripe.Refund,
  context: DocumentChoices & { source: RefundSource | undefined; posted: boolean },
  config: NetSuiteConfig,
): RemoteRecord[] {
  const document = `Refund ${documentName(refund, refund.amount)}`
  if (refund.status !== 'succeeded') {
    // Nothing is posted before the money is gone: a pending refund can still fail.
    if (!context.posted) return []
    throw notCovered({
      code: 'NS-REFUND-FAILED',
      document,
      why: `it was posted and is now ${refund.status} (field status): the money is back in the Stripe balance.`,
      byHand: 'reverse the customer refund on the date of the failure; its credit memo is open again.',
      planned: 'a dated document that reverses the customer refund.',
    })
  }
  const { source } = context
  // A payment that no invoice knows is not in these books, nor is its refund.
  if (!source) return []
  const explained = source.creditNotes.reduce((sum, note) => sum + note.amountRefunded, 0)
  const customerId = source.customerId ?? idOf(refund.customer)
  if (source.creditNotes.length === 0 || explained !== refund.amount) {
    throw notCovered({
      code: 'NS-REFUND-ALONE',
      document,
      why:
        source.creditNotes.length === 0
          ? `no credit note of invoice ${source.invoiceId} names it (field refunds).`
          : `the credit notes of invoice ${source.invoiceId} explain only a part of it (field refunds).`,
      byHand:
        'issue a credit note in Stripe for the paid invoice and link this refund to it: it resumes alone.',
      planned: 'by policy a goodwill memo, or one over revenue and tax.',
    })
  }
  if (customerId === undefined) {
    throw parked({
      code: 'NS-CUSTOMER',
      document,
      why: 'it names no customer (field customer).',
      hint: 'Accounting: enter the customer refund by hand.',
    })
  }
  const head: Head = {
    record: RECORDS.refund(refund.id),
    document,
    title: 'Refund',
    number: null,
    stripeId: refund.id,
    customerId,
    currency: refund.currency,
    atSeconds: refund.created,
  }
  const currency = refund.currency.toUpperCase()
  const account = mapped(context.books.clearingId, head, {
    code: 'NS-CLEARING',
    why: `there is no Stripe clearing account for ${currency} (field currency).`,
    where: `netsuite.clearingAccounts.${currency}`,
  })
  return [
    {
      ...head.record,
      body: {
        ...headFields(head, context, config),
        account: { id: account },
        apply: {
          items: [...source.creditNotes].sort(byId).map((note) => ({
            doc: recordRef('creditMemo', note.id),
            apply: true,
            amount: toDecimal(money(note.amountRefunded, refund.currency)),
          })),
        },
      },
      requires: [
        { type: 'customer', id: customerId },
        ...source.creditNotes.map((note) => ({ type: 'credit_note', id: note.id })),
      ],
      frozen: true,
    },
  ]
}

const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : 1)
