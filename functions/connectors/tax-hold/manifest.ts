// What the tax-hold lane listens to, as pure data. It needs Stripe only, so it is never paused: an AvaTax outage
// must not let drafts finalize untaxed.
import type { Manifest } from '../../../shared/connector/contract.ts'

export const manifest: Manifest = {
  name: 'tax-hold',
  title: 'Tax hold',
  style: 'projection',
  routes: [
    // `updated` matters for drafts: automatic_tax switched on or off, or auto_advance switched on again by hand.
    { events: ['invoice.created', 'invoice.updated'], root: 'invoice', id: 'id' },
  ],
  objects: { invoice: { deletable: true } },
  kinds: ['hold'],
  resumeOrder: 0,
  pausable: false,
  queue: { batchSize: 10, batchWindowSeconds: 0, maximumConcurrency: 5 },
  // Stripe allows 25 calls a second per endpoint (docs.stripe.com/rate-limits); a hold is one call.
  vendor: { recordsPerCall: 10, parallelCalls: 4, accountConcurrency: 25 },
  afterUnknownOutcome: 'resend',
}
