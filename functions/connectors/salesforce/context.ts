// What the projection needs beyond the Stripe object itself. `gather` fills it; the projection reads nothing else.
import type Stripe from 'stripe'
import type { JsonObject, ObjectRef, RecordKey, RemoteRecord } from '../../../shared/connector/contract.ts'
import { recordKey } from '../../../shared/connector/contract.ts'
import type { KindName } from './kinds.ts'
import { applyMapping, type Mappings } from './mapping.ts'

export type Root =
  | Stripe.Customer
  | Stripe.Product
  | Stripe.Price
  | Stripe.Subscription
  | Stripe.Invoice
  | Stripe.InvoicePayment
  | Stripe.Refund
  | Stripe.CreditNote

/** `own`: made by the hub under the customer's id; `exists` once it stands in Salesforce. */
export type AccountChoice =
  | { how: 'existing'; id: string }
  | { how: 'own'; exists: boolean }
  | { how: 'none' }

/** A percent discount that recurs; others do not move MRR. */
export interface DiscountTerms {
  /** "12.5" means 12.5 % off. */
  percentOff: string
  /** Absent: every product. */
  products?: readonly string[]
}

export interface Context {
  /** Records known to stand in Salesforce: their create-only fields are not written again. */
  existing: readonly RecordKey[]
  account: AccountChoice
  /** By Stripe's discount id. */
  discounts: Readonly<Record<string, DiscountTerms>>
  /** Whole item lists of subscriptions that came with a truncated one, by subscription. */
  items: Readonly<Record<string, readonly Stripe.SubscriptionItem[]>>
  /** Why the newest attempt to collect an invoice failed: a code, no card data. */
  lastPaymentError: string | null
  /** What a refund gave back. */
  refundOf: { customer?: string; invoice?: string; creditNote?: string }
}

export const emptyContext: Context = {
  existing: [],
  account: { how: 'none' },
  discounts: {},
  items: {},
  lastPaymentError: null,
  refundOf: {},
}

/** A record before the mapping decides which of its fields are written. */
export interface Draft {
  kind: KindName
  externalId: string
  body: JsonObject
  requires: readonly ObjectRef[]
  /** What configured fields are read from. */
  source: object
  frozen?: boolean
}

export function finish(draft: Draft, mappings: Mappings, existing: readonly RecordKey[]): RemoteRecord {
  const { kind, externalId, body, requires, source, frozen } = draft
  return {
    kind,
    externalId,
    body: applyMapping(mappings[kind], body, source, existing.includes(recordKey(draft))),
    requires,
    ...(frozen && { frozen }),
  }
}
