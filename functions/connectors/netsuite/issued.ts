// An issued invoice with all that its documents are made from, and what they have in common. PURE.
import type Stripe from 'stripe'
import type { JsonObject, RemoteRecord } from '../../../shared/connector/contract.ts'
import type { Money } from '../../../shared/money/money.ts'
import type { DocumentChoices, DocumentName } from './books.ts'
import type { NetSuiteConfig } from './config.ts'
import type { Head } from './document-head.ts'
import type { InvoiceHistory } from './invoice-history.ts'
import type { Receivable } from './receivable.ts'
import { documentName } from './stripe-fields.ts'

export interface Issued {
  invoice: Stripe.Invoice
  customerId: string
  history: InvoiceHistory
  receivable: Receivable
  /** Known only where something took away the rest of it. */
  creditNotes: readonly Stripe.CreditNote[]
  choices: DocumentChoices
  config: NetSuiteConfig
}

export function issuedHead(
  record: DocumentName,
  title: string,
  atSeconds: number,
  amount: Money,
  { invoice, customerId }: Pick<Issued, 'invoice' | 'customerId'>,
): Head {
  const name = documentName(invoice, amount.amountMinor)
  return {
    record,
    document: title === 'Invoice' ? name : `${title} of ${name}`,
    title,
    number: invoice.number,
    // Without the suffix that tells the documents of one object apart.
    stripeId: record.externalId.replace(/-.*$/, ''),
    customerId,
    currency: invoice.currency,
    atSeconds,
  }
}

/** A document that is posted once and never changed. */
export const posted = (head: Head, body: JsonObject): RemoteRecord => ({
  kind: head.record.kind,
  externalId: head.record.externalId,
  body,
  requires: head.customerId === undefined ? [] : [{ type: 'customer', id: head.customerId }],
  frozen: true,
})
