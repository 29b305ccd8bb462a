// What NetSuite wants of Stripe's events and how much it stands. Pure data: ingest and the CDK app read it without
// loading any vendor SDK. What the records say is project.ts; how they are written is connector.ts.
import type { Manifest } from '../../../shared/connector/contract.ts'

export const manifest: Manifest = {
  name: 'netsuite',
  title: 'NetSuite',
  style: 'projection',
  routes: [
    { events: ['customer.created', 'customer.updated', 'customer.deleted'], root: 'customer', id: 'id' },
    {
      // Not invoice.created or invoice.updated: a draft has no document, and each change that the books care
      // about after finalization has an event of its own.
      events: [
        'invoice.finalized',
        'invoice.paid',
        'invoice.overpaid',
        'invoice.marked_uncollectible',
        'invoice.voided',
      ],
      root: 'invoice',
      id: 'id',
    },
    { events: ['invoice_payment.paid'], root: 'invoice', id: 'invoice' },
    {
      events: ['credit_note.created', 'credit_note.updated', 'credit_note.voided'],
      root: 'credit_note',
      id: 'id',
    },
    { events: ['refund.created', 'refund.updated', 'refund.failed'], root: 'refund', id: 'id' },
    // A product has no records here; its metadata may name the item that a parked document waits for.
    { events: ['product.updated'], root: 'product', id: 'id' },
    // A refund may be linked to a credit note after it was made.
    { events: ['credit_note.created', 'credit_note.updated'], root: 'refund', id: 'refunds[].refund' },
    {
      // ACH and SEPA debits that are returned after they succeeded arrive as disputes as well.
      events: [
        'charge.dispute.created',
        'charge.dispute.updated',
        'charge.dispute.funds_withdrawn',
        'charge.dispute.funds_reinstated',
        'charge.dispute.closed',
      ],
      root: 'dispute',
      id: 'id',
    },
    {
      // payout.paid is an expectation for automatic payouts, and the only word about manual ones.
      events: ['payout.reconciliation_completed', 'payout.paid', 'payout.failed', 'payout.updated'],
      root: 'payout',
      id: 'id',
    },
    // Sold billing credits that expire unused. The movement names the grant, and no customer.
    {
      events: ['billing.credit_balance_transaction.created'],
      root: 'billing.credit_grant',
      id: 'credit_grant',
    },
    { events: ['billing.credit_grant.updated'], root: 'billing.credit_grant', id: 'id' },
  ],
  objects: {
    customer: { deletable: true },
    // Payments are in no event payload, and the customer decides the subsidiary: one read brings both.
    invoice: {
      alwaysFetch: true,
      expand: ['payments', 'customer'],
      wholeLists: ['lines', 'payments'],
      deletable: true,
    },
    credit_note: {
      alwaysFetch: true,
      expand: ['invoice.customer', 'invoice.payments'],
      wholeLists: ['lines'],
    },
    refund: {},
    // The charge tells whose it is; its balance transactions are whole in any rendering.
    dispute: { alwaysFetch: true, expand: ['charge.customer'] },
    payout: { alwaysFetch: true },
    'billing.credit_grant': { alwaysFetch: true, expand: ['customer'] },
    product: { deletable: true, reusableId: true },
  },
  // What is settled before what settles it; a payment before a memo: what is written off or voided is the rest that the
  // payments leave.
  kinds: ['customer', 'invoice', 'journalEntry', 'customerPayment', 'creditMemo', 'customerRefund'],
  resumeOrder: 20,
  pausable: true,
  queue: { batchSize: 1_000, batchWindowSeconds: 30, maximumConcurrency: 2 },
  // 2 workers × 2 calls = 4 of the base account's 5, so that a person's own integration still gets in.
  vendor: { recordsPerCall: 50, parallelCalls: 2, accountConcurrency: 5 },
  afterUnknownOutcome: 'read-first',
}
