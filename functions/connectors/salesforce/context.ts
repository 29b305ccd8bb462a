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
  | Stripe.Dispute
  | Stripe.Radar.EarlyFraudWarning
  | Stripe.Review

/** `own`: made by the hub under the customer's id; `exists` once it stands in Salesforce. */
export type AccountChoice =
  | { how: 'existing'; id: string }
  | { how: 'own'; exists: boolean }
  | { how: 'none' }

/**
 * `new`: none stands. `standing`: one does; `untouched` as long as the hub opened it and nobody moved its Status since.
 * `accountId`: the Account to give it now. `none`: none is wanted, or people deleted the one that was made.
 */
export type CaseChoice =
  | { how: 'new'; accountId?: string }
  | { how: 'standing'; untouched: boolean; accountId?: string }
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
  /** The invoice that a disputed or suspicious payment paid, where it paid one only. */
  paidInvoice: string | null
  case: CaseChoice
}

export const emptyContext: Context = {
  existing: [],
  account: { how: 'none' },
  discounts: {},
  items: {},
  lastPaymentError: null,
  refundOf: {},
  paidInvoice: null,
  case: { how: 'none' },
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
  /** Create-only fields that are written this once although the record stands. */
  again?: readonly string[]
}

export function finish(draft: Draft, mappings: Mappings, existing: readonly RecordKey[]): RemoteRecord {
  const { kind, externalId, body, requires, source, frozen, again } = draft
  return {
    kind,
    externalId,
    body: applyMapping(mappings[kind], body, source, existing.includes(recordKey(draft)), again),
    requires,
    ...(frozen && { frozen }),
  }
}
