// When one rendering of an object is newer than another. Stripe's `created` has whole seconds and three invoice
// events in one second are the normal case, so an invoice's status breaks the tie.
import type { HubEvent } from './event.ts'
import { isObject } from './event.ts'

export interface ObjectVersion {
  createdSeconds: number
  rank: number
}

// A void or uncollectible invoice cannot become open again; an uncollectible one can still be paid.
// https://docs.stripe.com/invoicing/overview#invoice-statuses
const DRAFT_RANK = 1
const INVOICE_RANK: Readonly<Record<string, number>> = {
  draft: DRAFT_RANK,
  open: 2,
  void: 3,
  uncollectible: 3,
  paid: 4,
}

export function versionOf(event: HubEvent): ObjectVersion {
  const object = isObject(event.raw.data) ? event.raw.data.object : undefined
  const status = event.object?.type === 'invoice' && isObject(object) ? object.status : undefined
  return {
    createdSeconds: event.createdSeconds,
    rank: typeof status === 'string' ? (INVOICE_RANK[status] ?? 0) : 0,
  }
}

/** Of an invoice; one whose status no event has told may be a draft. */
export const mayBeDraft = (version: ObjectVersion | undefined): boolean => (version?.rank ?? 0) <= DRAFT_RANK

/** Negative: `a` is older; 0: they tie and only a fetch can tell; positive: `a` is newer. */
export function compareVersions(a: ObjectVersion, b: ObjectVersion): number {
  return a.createdSeconds - b.createdSeconds || a.rank - b.rank
}

/**
 * Event types after which the object itself is gone. `customer.subscription.deleted` is not among them: it is a
 * status, and the subscription can still be fetched. https://docs.stripe.com/api/events/types
 */
const DELETIONS: ReadonlySet<string> = new Set([
  'customer.deleted',
  'customer.tax_id.deleted',
  'product.deleted',
  'price.deleted',
  'plan.deleted',
  'coupon.deleted',
  'invoice.deleted',
  'invoiceitem.deleted',
])

export const isDeletion = (eventType: string): boolean => DELETIONS.has(eventType)
