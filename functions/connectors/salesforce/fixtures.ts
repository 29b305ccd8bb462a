// Stripe objects as they come over the wire, for this connector's tests: only the fields it reads, typed as whole
// objects at this one place.
import type Stripe from 'stripe'

const wire = <T>(fields: object): T => fields as unknown as T

const list = (data: object[]) => ({ object: 'list', data, has_more: false, url: '' })

/** 2026-11-01T00:00:00Z. */
export const NOVEMBER = 1_793_491_200

export const customer = (fields: object = {}): Stripe.Customer =>
  wire({
    id: 'cus_1',
    object: 'customer',
    name: 'Acme GmbH',
    email: 'billing@acme.example',
    phone: '+49 30 1234',
    address: {
      line1: 'Hauptstr. 1',
      line2: null,
      city: 'Berlin',
      state: null,
      postal_code: '10115',
      country: 'DE',
    },
    currency: 'eur',
    balance: -1250,
    delinquent: false,
    description: null,
    tax_exempt: 'none',
    livemode: false,
    metadata: {},
    tax_ids: list([]),
    subscriptions: list([]),
    ...fields,
  })

export const price = (fields: object = {}): Stripe.Price =>
  wire({
    id: 'price_1',
    object: 'price',
    product: 'prod_1',
    nickname: 'Team, monthly',
    currency: 'eur',
    billing_scheme: 'per_unit',
    unit_amount: 1999,
    unit_amount_decimal: '1999',
    recurring: {
      interval: 'month',
      interval_count: 1,
      usage_type: 'licensed',
      meter: null,
      trial_period_days: null,
    },
    transform_quantity: null,
    type: 'recurring',
    active: true,
    livemode: false,
    metadata: {},
    ...fields,
  })

export const item = (fields: object = {}): Stripe.SubscriptionItem =>
  wire({
    id: 'si_1',
    object: 'subscription_item',
    subscription: 'sub_1',
    quantity: 3,
    price: price(),
    discounts: [],
    current_period_start: NOVEMBER,
    current_period_end: NOVEMBER + 30 * 86_400,
    metadata: {},
    ...fields,
  })

export const subscription = (fields: object = {}, items: object[] = [item()]): Stripe.Subscription =>
  wire({
    id: 'sub_1',
    object: 'subscription',
    customer: 'cus_1',
    status: 'active',
    currency: 'eur',
    start_date: NOVEMBER,
    trial_end: null,
    cancel_at: null,
    canceled_at: null,
    ended_at: null,
    collection_method: 'charge_automatically',
    discounts: [],
    items: list(items),
    livemode: false,
    metadata: {},
    ...fields,
  })

export const invoice = (fields: object = {}): Stripe.Invoice =>
  wire({
    id: 'in_1',
    object: 'invoice',
    number: 'INV-0042',
    customer: 'cus_1',
    customer_name: 'Acme GmbH',
    customer_email: 'billing@acme.example',
    customer_tax_exempt: 'none',
    customer_address: { country: 'DE' },
    parent: { type: 'subscription_details', subscription_details: { subscription: 'sub_1' } },
    status: 'open',
    currency: 'eur',
    subtotal: 100_000,
    total_discount_amounts: [{ amount: 5000, discount: 'di_1' }],
    total_taxes: [{ amount: 18_050, tax_behavior: 'exclusive' }],
    total: 113_050,
    amount_due: 113_050,
    amount_paid: 0,
    amount_remaining: 113_050,
    pre_payment_credit_notes_amount: 0,
    post_payment_credit_notes_amount: 0,
    created: NOVEMBER,
    due_date: null,
    status_transitions: {
      finalized_at: NOVEMBER + 3600,
      paid_at: null,
      voided_at: null,
      marked_uncollectible_at: null,
    },
    attempt_count: 0,
    next_payment_attempt: NOVEMBER + 7200,
    hosted_invoice_url: 'https://invoice.stripe.com/i/acct_1/test_abc',
    billing_reason: 'subscription_cycle',
    livemode: false,
    metadata: {},
    ...fields,
  })

export const invoicePayment = (fields: object = {}): Stripe.InvoicePayment =>
  wire({
    id: 'inpay_1',
    object: 'invoice_payment',
    invoice: invoice(),
    amount_paid: 113_050,
    amount_requested: 113_050,
    currency: 'eur',
    status: 'paid',
    status_transitions: { paid_at: NOVEMBER + 3700, canceled_at: null },
    payment: {
      type: 'payment_intent',
      payment_intent: {
        id: 'pi_1',
        object: 'payment_intent',
        latest_charge: { id: 'ch_1', object: 'charge', payment_method_details: { type: 'sepa_debit' } },
      },
    },
    is_default: true,
    created: NOVEMBER,
    livemode: false,
    ...fields,
  })

export const creditNote = (fields: object = {}): Stripe.CreditNote =>
  wire({
    id: 'cn_1',
    object: 'credit_note',
    number: 'INV-0042-CN-01',
    invoice: 'in_1',
    customer: 'cus_1',
    status: 'issued',
    currency: 'eur',
    subtotal: 10_000,
    total_taxes: [{ amount: 1900 }],
    total: 11_900,
    pre_payment_amount: 0,
    post_payment_amount: 11_900,
    refunds: [{ refund: 're_1', amount_refunded: 6000 }],
    customer_balance_transaction: 'cbtxn_1',
    out_of_band_amount: 900,
    reason: 'product_unsatisfactory',
    created: NOVEMBER,
    voided_at: null,
    livemode: false,
    ...fields,
  })

export const refund = (fields: object = {}): Stripe.Refund =>
  wire({
    id: 're_1',
    object: 'refund',
    amount: 6000,
    currency: 'eur',
    charge: 'ch_1',
    payment_intent: 'pi_1',
    customer: null,
    status: 'succeeded',
    reason: 'requested_by_customer',
    created: NOVEMBER,
    metadata: {},
    ...fields,
  })

export const product = (fields: object = {}): Stripe.Product =>
  wire({
    id: 'prod_1',
    object: 'product',
    name: 'Team plan',
    description: 'Up to fifty seats\r\nSupport by mail',
    active: true,
    livemode: false,
    metadata: {},
    ...fields,
  })

export const dispute = (fields: object = {}): Stripe.Dispute =>
  wire({
    id: 'dp_1',
    object: 'dispute',
    amount: 113_050,
    currency: 'eur',
    balance_transactions: [],
    charge: {
      id: 'ch_1',
      object: 'charge',
      amount: 113_050,
      currency: 'eur',
      customer: 'cus_1',
      payment_intent: 'pi_1',
      payment_method_details: { type: 'card' },
    },
    created: NOVEMBER,
    evidence_details: { due_by: NOVEMBER + 21 * 86_400, submission_count: 0 },
    livemode: false,
    network_reason_code: '10.4',
    payment_intent: 'pi_1',
    reason: 'fraudulent',
    status: 'needs_response',
    ...fields,
  })
