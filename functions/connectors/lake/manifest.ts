// The lake as pure data: it takes every event as it came, holds no lease and writes no records.
// `objects` says which lists must be complete before a payload counts as whole, and which ids can be made again.
import type { Manifest } from '../../../shared/connector/contract.ts'

export const manifest: Manifest = {
  name: 'lake',
  title: 'Data lake',
  style: 'append',
  routes: [{ events: ['*'], root: 'event', id: 'id' }],
  objects: {
    charge: {},
    coupon: { deletable: true, reusableId: true },
    credit_note: { wholeLists: ['lines'] },
    customer: { deletable: true },
    dispute: {},
    invoice: { wholeLists: ['lines'], deletable: true },
    invoice_payment: {},
    invoiceitem: { deletable: true },
    payment_intent: {},
    payout: {},
    plan: { deletable: true, reusableId: true },
    price: { deletable: true },
    product: { deletable: true, reusableId: true },
    refund: {},
    subscription: { wholeLists: ['items'] },
    subscription_schedule: {},
    tax_id: { deletable: true },
  },
  kinds: [],
  resumeOrder: 90,
  pausable: true,
  // A file a minute: few enough that queries stay fast, soon enough for a report. SQS stops a batch at 6 MB anyway.
  queue: { batchSize: 10_000, batchWindowSeconds: 60, maximumConcurrency: 2 },
  // The "vendor" is S3 for writing, which has no such limits, and Stripe for the few fetches.
  vendor: { recordsPerCall: 10_000, parallelCalls: 4, accountConcurrency: 1_000 },
  // The same batch makes the same file under the same key.
  afterUnknownOutcome: 'resend',
}
