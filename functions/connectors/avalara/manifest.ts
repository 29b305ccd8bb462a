// What the avalara connector listens to and how fast it may go, as pure data.
import type { Manifest } from '../../../shared/connector/contract.ts'

export const manifest: Manifest = {
  name: 'avalara',
  title: 'Avalara',
  style: 'projection',
  routes: [
    {
      events: [
        'invoice.created',
        'invoice.updated',
        'invoice.finalized',
        'invoice.voided',
        // Payment and write-off change nothing in AvaTax; `deleted` closes what a draft left parked.
        'invoice.deleted',
      ],
      root: 'invoice',
      id: 'id',
    },
    { events: ['credit_note.created', 'credit_note.voided'], root: 'credit_note', id: 'id' },
    // By policy, of refunds that no credit note explains; one may be linked to a credit note after it was made.
    { events: ['refund.created', 'refund.updated', 'refund.failed'], root: 'refund', id: 'id' },
    { events: ['credit_note.created', 'credit_note.updated'], root: 'refund', id: 'refunds[].refund' },
    // No records of their own: they redrive the invoices parked on an address, a tax id or a tax code.
    { events: ['customer.updated'], root: 'customer', id: 'id' },
    {
      events: ['customer.tax_id.created', 'customer.tax_id.updated', 'customer.tax_id.deleted'],
      root: 'customer',
      id: 'customer',
    },
    { events: ['product.updated'], root: 'product', id: 'id' },
  ],
  objects: {
    invoice: { wholeLists: ['lines'], deletable: true },
    credit_note: { wholeLists: ['lines'] },
    refund: {},
    customer: { deletable: true },
    product: { deletable: true, reusableId: true },
  },
  kinds: ['stripeTax', 'transaction'],
  resumeOrder: 1,
  pausable: true,
  // Soon, since a held draft is an invoice that is not collected; but an invoice's events come several in a second, and
  // a second's wait brings them together instead of fetching it for each.
  queue: { batchSize: 50, batchWindowSeconds: 1, maximumConcurrency: 5 },
  // AvaTax takes one document a call and documents no fixed concurrency; its refusals (RateLimitExceeded) are obeyed.
  vendor: { recordsPerCall: 10, parallelCalls: 4, accountConcurrency: 25 },
  // Every write begins with a look, or is an upsert under the document code.
  afterUnknownOutcome: 'resend',
}
