// The lake's tables as data: one per Stripe object, named and shaped as in Stripe Sigma, so that a query written
// there is nearly a query here. What is made of them (DuckDB's views now) is in views.ts.
// https://docs.stripe.com/stripe-data/schema · Amounts are BIGINT minor units, currencies lower case, times UTC.
import type { StripeObjectType } from '../../../shared/connector/contract.ts'

export type TableColumnType =
  | 'text'
  /** An id that Stripe may have expanded to the object. */
  | 'id'
  /** Minor units of the row's currency. */
  | 'amount'
  | 'count'
  /** A decimal string on Stripe's wire (unit_amount_decimal): exact. */
  | 'decimal'
  | 'boolean'
  /** Seconds since the epoch on Stripe's wire. */
  | 'timestamp'
  | 'json'

export interface TableColumn {
  name: string
  type: TableColumnType
  /** Where it stands, in the object or, for a table of list elements, in the element: `period.start`. */
  path: string
  /** For a table of list elements: the value is the object's own. */
  ofObject?: boolean
  /** An amount that Stripe does not send: `path` minus this. Null when either is. */
  minus?: string
}

export interface LakeTable {
  name: string
  objectType: StripeObjectType
  /** Path of a list in the object: a row per element. */
  each?: string
  columns: readonly TableColumn[]
}

const columns =
  (type: TableColumnType) =>
  (...paths: string[]): TableColumn[] =>
    paths.map((path) => ({ name: path.replaceAll('.', '_'), type, path }))

const text = columns('text')
const amount = columns('amount')
const count = columns('count')
const decimal = columns('decimal')
const boolean = columns('boolean')
const timestamp = columns('timestamp')
const json = columns('json')
const named = (name: string, type: TableColumnType, path: string): TableColumn => ({ name, type, path })
/** `customer` → customer_id. */
const ids = (...fields: string[]): TableColumn[] =>
  fields.map((path) => named(`${path.replaceAll('.', '_')}_id`, 'id', path))
const ofObject = (name: string, type: TableColumnType, path: string): TableColumn => ({
  ...named(name, type, path),
  ofObject: true,
})

const address = (path: string) =>
  text(...['city', 'country', 'line1', 'line2', 'postal_code', 'state'].map((part) => `${path}.${part}`))

const SUBSCRIPTION_OF_LINE = 'parent.subscription_item_details.subscription'

export const LAKE_TABLES: readonly LakeTable[] = [
  {
    name: 'customers',
    objectType: 'customer',
    columns: [
      ...text('id', 'name', 'email', 'phone', 'description', 'currency', 'tax_exempt', 'invoice_prefix'),
      ...amount('balance'),
      ...boolean('delinquent'),
      ...timestamp('created'),
      ...address('address'),
      ...text('shipping.name'),
      ...address('shipping.address'),
      ...json('metadata'),
    ],
  },
  {
    name: 'customer_tax_ids',
    objectType: 'tax_id',
    columns: [
      ...text('id', 'country', 'type', 'value', 'verification.status'),
      ...ids('customer'),
      ...timestamp('created'),
    ],
  },
  {
    name: 'products',
    objectType: 'product',
    columns: [
      ...text('id', 'name', 'description', 'type', 'unit_label', 'statement_descriptor', 'url'),
      ...boolean('active'),
      ...ids('default_price', 'tax_code'),
      ...timestamp('created', 'updated'),
      ...json('metadata'),
    ],
  },
  {
    name: 'prices',
    objectType: 'price',
    columns: [
      ...text('id', 'nickname', 'currency', 'type', 'billing_scheme', 'lookup_key', 'tax_behavior'),
      ...boolean('active'),
      ...ids('product'),
      ...amount('unit_amount'),
      ...decimal('unit_amount_decimal'),
      ...text('recurring.interval', 'recurring.usage_type', 'tiers_mode'),
      ...count('recurring.interval_count'),
      ...timestamp('created'),
      ...json('metadata'),
    ],
  },
  {
    name: 'subscriptions',
    objectType: 'subscription',
    columns: [
      ...text('id', 'status', 'currency', 'collection_method', 'description'),
      ...ids('customer', 'schedule', 'latest_invoice', 'default_payment_method'),
      ...count('days_until_due'),
      ...boolean('cancel_at_period_end'),
      ...timestamp('created', 'start_date', 'billing_cycle_anchor', 'trial_start', 'trial_end'),
      ...timestamp('cancel_at', 'canceled_at', 'ended_at'),
      ...text('cancellation_details.reason', 'cancellation_details.feedback', 'pause_collection.behavior'),
      ...json('metadata', 'discounts'),
    ],
  },
  {
    name: 'subscription_items',
    objectType: 'subscription',
    each: 'items.data',
    columns: [
      ...text('id'),
      ofObject('subscription_id', 'id', 'id'),
      named('price_id', 'id', 'price'),
      named('price_product_id', 'id', 'price.product'),
      named('price_currency', 'text', 'price.currency'),
      named('price_unit_amount', 'amount', 'price.unit_amount'),
      named('price_recurring_interval', 'text', 'price.recurring.interval'),
      named('price_recurring_interval_count', 'count', 'price.recurring.interval_count'),
      ...count('quantity'),
      ...timestamp('created', 'current_period_start', 'current_period_end'),
      ...json('metadata'),
    ],
  },
  {
    name: 'invoices',
    objectType: 'invoice',
    columns: [
      ...text('id', 'number', 'status', 'currency', 'billing_reason', 'collection_method', 'description'),
      ...ids('customer'),
      named('subscription_id', 'id', 'parent.subscription_details.subscription'),
      ...text('customer_name', 'customer_email', 'customer_tax_exempt', 'receipt_number'),
      ...amount('subtotal', 'subtotal_excluding_tax', 'total', 'total_excluding_tax'),
      { name: 'tax', type: 'amount', path: 'total', minus: 'total_excluding_tax' },
      ...amount('amount_due', 'amount_paid', 'amount_remaining', 'amount_overpaid'),
      ...amount('pre_payment_credit_notes_amount', 'post_payment_credit_notes_amount'),
      ...amount('starting_balance', 'ending_balance'),
      ...count('attempt_count'),
      ...boolean('attempted', 'auto_advance', 'automatic_tax.enabled'),
      ...timestamp(
        'created',
        'due_date',
        'effective_at',
        'period_start',
        'period_end',
        'next_payment_attempt',
      ),
      ...timestamp('status_transitions.finalized_at', 'status_transitions.paid_at'),
      ...timestamp('status_transitions.voided_at', 'status_transitions.marked_uncollectible_at'),
      ...json('total_taxes', 'total_discount_amounts', 'metadata'),
    ],
  },
  {
    name: 'invoice_line_items',
    objectType: 'invoice',
    each: 'lines.data',
    columns: [
      ...text('id', 'description', 'currency'),
      ofObject('invoice_id', 'id', 'id'),
      ofObject('customer_id', 'id', 'customer'),
      named('type', 'text', 'parent.type'),
      named('subscription_id', 'id', SUBSCRIPTION_OF_LINE),
      named('subscription_item_id', 'id', 'parent.subscription_item_details.subscription_item'),
      named('invoice_item_id', 'id', 'parent.invoice_item_details.invoice_item'),
      named('proration', 'boolean', 'parent.subscription_item_details.proration'),
      named('price_id', 'id', 'pricing.price_details.price'),
      named('product_id', 'id', 'pricing.price_details.product'),
      named('unit_amount_decimal', 'decimal', 'pricing.unit_amount_decimal'),
      ...amount('amount', 'subtotal'),
      ...count('quantity'),
      ...boolean('discountable'),
      ...timestamp('period.start', 'period.end'),
      ...json('taxes', 'discount_amounts', 'metadata'),
    ],
  },
  {
    name: 'invoice_payments',
    objectType: 'invoice_payment',
    columns: [
      ...text('id', 'status', 'currency', 'payment.type'),
      ...ids('invoice', 'payment.payment_intent', 'payment.charge', 'payment.payment_record'),
      ...amount('amount_paid', 'amount_requested'),
      ...boolean('is_default'),
      ...timestamp('created', 'status_transitions.paid_at', 'status_transitions.canceled_at'),
    ],
  },
  {
    name: 'payment_intents',
    objectType: 'payment_intent',
    columns: [
      ...text('id', 'status', 'currency', 'description', 'cancellation_reason', 'capture_method'),
      ...ids('customer', 'latest_charge', 'payment_method'),
      ...amount('amount', 'amount_received', 'amount_capturable'),
      ...text('last_payment_error.code', 'last_payment_error.decline_code'),
      ...timestamp('created', 'canceled_at'),
      ...json('metadata'),
    ],
  },
  {
    name: 'charges',
    objectType: 'charge',
    columns: [
      ...text('id', 'status', 'currency', 'description', 'failure_code', 'failure_message'),
      ...ids('customer', 'payment_intent', 'payment_method', 'balance_transaction'),
      ...amount('amount', 'amount_captured', 'amount_refunded'),
      ...boolean('captured', 'disputed', 'paid', 'refunded'),
      named('payment_method_type', 'text', 'payment_method_details.type'),
      named('outcome_type', 'text', 'outcome.type'),
      named('outcome_reason', 'text', 'outcome.reason'),
      ...timestamp('created'),
      ...json('metadata'),
    ],
  },
  {
    name: 'refunds',
    objectType: 'refund',
    columns: [
      ...text('id', 'status', 'currency', 'reason', 'failure_reason'),
      ...ids('charge', 'payment_intent', 'balance_transaction', 'failure_balance_transaction'),
      ...amount('amount'),
      ...timestamp('created'),
      ...json('metadata'),
    ],
  },
  {
    name: 'credit_notes',
    objectType: 'credit_note',
    columns: [
      ...text('id', 'number', 'status', 'type', 'currency', 'reason', 'memo'),
      ...ids('customer', 'invoice', 'customer_balance_transaction'),
      ...amount('amount', 'subtotal', 'subtotal_excluding_tax', 'total', 'total_excluding_tax'),
      { name: 'tax', type: 'amount', path: 'total', minus: 'total_excluding_tax' },
      ...amount('discount_amount', 'pre_payment_amount', 'post_payment_amount', 'out_of_band_amount'),
      ...timestamp('created', 'effective_at', 'voided_at'),
      ...json('lines.data', 'refunds', 'metadata'),
    ],
  },
  {
    name: 'disputes',
    objectType: 'dispute',
    columns: [
      ...text('id', 'status', 'currency', 'reason', 'network_reason_code'),
      ...ids('charge', 'payment_intent'),
      ...amount('amount'),
      ...boolean('is_charge_refundable'),
      ...timestamp('created', 'evidence_details.due_by'),
      ...json('balance_transactions', 'metadata'),
    ],
  },
  {
    name: 'payouts',
    objectType: 'payout',
    columns: [
      ...text('id', 'status', 'type', 'method', 'currency', 'description', 'statement_descriptor'),
      ...text('failure_code', 'failure_message', 'reconciliation_status', 'source_type'),
      ...ids('balance_transaction', 'destination', 'original_payout'),
      ...amount('amount'),
      ...boolean('automatic'),
      ...timestamp('created', 'arrival_date'),
      ...json('metadata'),
    ],
  },
]
