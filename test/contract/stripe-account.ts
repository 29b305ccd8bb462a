// A small Stripe account in literal objects, as the wire has them at the pinned API version: a product with a price,
// and customers who each have a subscription, a draft invoice and a paid one, its payment, and a credit note with its
// refund. All amounts agree with each other, so that every connector can take every object.
import type {
  BalanceTransaction,
  Charge,
  CreditBalanceTransaction,
  CreditGrant,
  CreditNote,
  Customer,
  Dispute,
  EarlyFraudWarning,
  Identified,
  Invoice,
  InvoicePayment,
  PaymentIntent,
  Payout,
  Price,
  Product,
  Refund,
  Review,
  Subscription,
  TaxRate,
} from '../../local/simulators/stripe/wire.ts'

/** 2026-11-02T10:00:00Z. */
export const NOVEMBER_2 = 1_793_613_600
const DAY = 86_400

/** Personal data: it must be in no error that a connector tells. */
export const EMAIL = 'ada.lovelace@customer.example'

/** A part of an object: what is there has Stripe's own type. */
type Part<T> = T extends readonly (infer Element)[]
  ? Part<Element>[]
  : T extends object
    ? { [Key in keyof T]?: Part<T[Key]> }
    : T
const wire = <T>(object: Part<T> & Identified): Part<T> & Identified => object

const list = <T>(url: string, data: T[]) => ({ object: 'list' as const, data, has_more: false, url })

export const product = wire<Product>({
  id: 'prod_contract',
  object: 'product',
  active: true,
  created: NOVEMBER_2 - 90 * DAY,
  description: 'For up to fifty people',
  livemode: false,
  metadata: { netsuite_item: '801' },
  name: 'Team plan',
  tax_code: 'txcd_10103001',
})

export const price = wire<Price>({
  id: 'price_contract',
  object: 'price',
  active: true,
  billing_scheme: 'per_unit',
  created: NOVEMBER_2 - 90 * DAY,
  currency: 'usd',
  livemode: false,
  metadata: {},
  nickname: 'Team, monthly',
  product: 'prod_contract',
  recurring: {
    interval: 'month',
    interval_count: 1,
    meter: null,
    trial_period_days: null,
    usage_type: 'licensed',
  },
  tax_behavior: 'exclusive',
  transform_quantity: null,
  type: 'recurring',
  unit_amount: 2500,
  unit_amount_decimal: '2500',
})

export const taxRate = wire<TaxRate>({
  id: 'txr_contract',
  object: 'tax_rate',
  active: false,
  country: 'US',
  created: NOVEMBER_2 - 30 * DAY,
  display_name: 'Sales tax',
  inclusive: false,
  jurisdiction: 'CALIFORNIA',
  livemode: false,
  metadata: {},
  percentage: 9.75,
  state: 'CA',
  tax_type: 'sales_tax',
})

const address = {
  city: 'Los Angeles',
  country: 'US',
  line1: '1 Main St',
  line2: null,
  postal_code: '90012',
  state: 'CA',
}

export const customer = (n: number) =>
  wire<Customer>({
    id: `cus_contract${n}`,
    object: 'customer',
    address,
    balance: 0,
    created: NOVEMBER_2 - 30 * DAY,
    currency: 'usd',
    default_source: null,
    delinquent: false,
    description: null,
    email: EMAIL,
    livemode: false,
    metadata: {},
    name: `Analytical Engines ${n}`,
    phone: null,
    shipping: null,
    tax_exempt: 'none',
  })

export const subscription = (n: number) =>
  wire<Subscription>({
    id: `sub_contract${n}`,
    object: 'subscription',
    cancel_at: null,
    canceled_at: null,
    collection_method: 'charge_automatically',
    created: NOVEMBER_2,
    currency: 'usd',
    customer: `cus_contract${n}`,
    discounts: [],
    ended_at: null,
    items: list(`/v1/subscription_items?subscription=sub_contract${n}`, [
      {
        id: `si_contract${n}`,
        object: 'subscription_item' as const,
        created: NOVEMBER_2,
        current_period_end: NOVEMBER_2 + 30 * DAY,
        current_period_start: NOVEMBER_2,
        discounts: [],
        metadata: {},
        price,
        quantity: 4,
        subscription: `sub_contract${n}`,
      },
    ]),
    livemode: false,
    metadata: {},
    pause_collection: null,
    start_date: NOVEMBER_2,
    status: 'active',
    trial_end: null,
  })

const soldLine = (id: string, invoice: string, taxMinor: number | undefined) => ({
  id,
  object: 'line_item' as const,
  amount: 10_000,
  currency: 'usd',
  description: '4 × Team plan',
  discount_amounts: [],
  discountable: true,
  discounts: [],
  invoice,
  livemode: false,
  metadata: {},
  period: { end: NOVEMBER_2 + 30 * DAY, start: NOVEMBER_2 },
  pretax_credit_amounts: [],
  pricing: {
    price_details: { price: 'price_contract', product: 'prod_contract' },
    type: 'price_details' as const,
    unit_amount_decimal: '2500',
  },
  quantity: 4,
  quantity_decimal: '4',
  subtotal: 10_000,
  taxes: taxMinor === undefined ? [] : [salesTax(taxMinor, 10_000)],
})

const salesTax = (amount: number, taxableAmount: number) => ({
  amount,
  tax_behavior: 'exclusive' as const,
  tax_rate_details: { tax_rate: 'txr_contract' },
  taxability_reason: 'standard_rated' as const,
  taxable_amount: taxableAmount,
  type: 'tax_rate_details' as const,
})

const NO_TRANSITIONS = { finalized_at: null, marked_uncollectible_at: null, paid_at: null, voided_at: null }

const invoiceOf = (n: number, id: string) => ({
  id,
  object: 'invoice' as const,
  amount_overpaid: 0,
  amount_shipping: 0,
  attempt_count: 0,
  automatic_tax: { disabled_reason: null, enabled: false, liability: null, provider: null, status: null },
  automatically_finalizes_at: null,
  billing_reason: 'subscription_cycle' as const,
  collection_method: 'charge_automatically' as const,
  created: NOVEMBER_2,
  currency: 'usd',
  custom_fields: null,
  customer: `cus_contract${n}`,
  customer_account: null,
  customer_address: address,
  customer_email: EMAIL,
  customer_name: `Analytical Engines ${n}`,
  customer_shipping: null,
  customer_tax_exempt: 'none' as const,
  customer_tax_ids: [],
  default_tax_rates: [],
  discounts: [],
  due_date: null,
  effective_at: null,
  ending_balance: 0,
  hosted_invoice_url: null,
  livemode: false,
  metadata: {},
  next_payment_attempt: null,
  parent: {
    quote_details: null,
    subscription_details: { metadata: {}, subscription: `sub_contract${n}` },
    type: 'subscription_details' as const,
  },
  payment_settings: { default_mandate: null, payment_method_options: null, payment_method_types: null },
  post_payment_credit_notes_amount: 0,
  pre_payment_credit_notes_amount: 0,
  shipping_cost: null,
  starting_balance: 0,
  subtotal: 10_000,
  subtotal_excluding_tax: 10_000,
  total_discount_amounts: [],
  total_excluding_tax: 10_000,
  total_pretax_credit_amounts: [],
})

/** Ready to be held and taxed: USD 100.00, 9.75 % sales tax at that address. */
export const draft = (n: number) =>
  wire<Invoice>({
    ...invoiceOf(n, `in_draft${n}`),
    amount_due: 10_000,
    amount_paid: 0,
    amount_remaining: 10_000,
    auto_advance: true,
    lines: list(`/v1/invoices/in_draft${n}/lines`, [soldLine(`il_draft${n}`, `in_draft${n}`, undefined)]),
    number: null,
    status: 'draft',
    status_transitions: NO_TRANSITIONS,
    total: 10_000,
    total_taxes: [],
  })

/** USD 100.00 and 9.75 tax, paid a day later; USD 43.90 of it were refunded since. */
export const invoice = (n: number) =>
  wire<Invoice>({
    ...invoiceOf(n, `in_contract${n}`),
    amount_due: 10_975,
    amount_paid: 10_975,
    amount_remaining: 0,
    auto_advance: false,
    lines: list(`/v1/invoices/in_contract${n}/lines`, [soldLine(`il_contract${n}`, `in_contract${n}`, 975)]),
    number: `INV-000${n}`,
    post_payment_credit_notes_amount: 4_390,
    status: 'paid',
    status_transitions: { ...NO_TRANSITIONS, finalized_at: NOVEMBER_2 + 3_600, paid_at: NOVEMBER_2 + DAY },
    total: 10_975,
    total_taxes: [salesTax(975, 10_000)],
  })

export const invoicePayment = (n: number) =>
  wire<InvoicePayment>({
    id: `inpay_contract${n}`,
    object: 'invoice_payment',
    amount_paid: 10_975,
    amount_requested: 10_975,
    created: NOVEMBER_2 + DAY,
    currency: 'usd',
    invoice: `in_contract${n}`,
    is_default: true,
    livemode: false,
    payment: { payment_intent: `pi_contract${n}`, type: 'payment_intent' },
    status: 'paid',
    status_transitions: { canceled_at: null, paid_at: NOVEMBER_2 + DAY },
  })

export const paymentIntent = (n: number) =>
  wire<PaymentIntent>({
    id: `pi_contract${n}`,
    object: 'payment_intent',
    amount: 10_975,
    created: NOVEMBER_2 + DAY,
    currency: 'usd',
    customer: `cus_contract${n}`,
    last_payment_error: null,
    latest_charge: `ch_contract${n}`,
    livemode: false,
    metadata: {},
    status: 'succeeded',
  })

export const charge = (n: number) =>
  wire<Charge>({
    id: `ch_contract${n}`,
    object: 'charge',
    amount: 10_975,
    amount_refunded: 4_390,
    created: NOVEMBER_2 + DAY,
    currency: 'usd',
    customer: `cus_contract${n}`,
    livemode: false,
    metadata: {},
    payment_intent: `pi_contract${n}`,
    payment_method_details: { type: 'us_bank_account' },
    status: 'succeeded',
  })

export const creditNote = (n: number) =>
  wire<CreditNote>({
    id: `cn_contract${n}`,
    object: 'credit_note',
    amount: 4_390,
    amount_shipping: 0,
    created: NOVEMBER_2 + 3 * DAY,
    currency: 'usd',
    customer: `cus_contract${n}`,
    customer_balance_transaction: null,
    effective_at: null,
    invoice: `in_contract${n}`,
    lines: list(`/v1/credit_notes/cn_contract${n}/lines`, [
      {
        id: `cnli_contract${n}`,
        object: 'credit_note_line_item' as const,
        amount: 4_000,
        description: '4 × Team plan',
        discount_amount: 0,
        discount_amounts: [],
        invoice_line_item: `il_contract${n}`,
        livemode: false,
        pretax_credit_amounts: [],
        quantity: null,
        tax_rates: [],
        taxes: [salesTax(390, 4_000)],
        type: 'invoice_line_item' as const,
        unit_amount: null,
        unit_amount_decimal: null,
      },
    ]),
    livemode: false,
    memo: null,
    metadata: {},
    number: `INV-000${n}-CN-01`,
    out_of_band_amount: null,
    post_payment_amount: 4_390,
    pre_payment_amount: 0,
    reason: 'product_unsatisfactory',
    refunds: [
      { amount_refunded: 4_390, payment_record_refund: null, refund: `re_contract${n}`, type: 'refund' },
    ],
    shipping_cost: null,
    status: 'issued',
    subtotal: 4_000,
    subtotal_excluding_tax: 4_000,
    total: 4_390,
    total_excluding_tax: 4_000,
    total_taxes: [salesTax(390, 4_000)],
    type: 'post_payment',
    voided_at: null,
  })

export const refund = (n: number) =>
  wire<Refund>({
    id: `re_contract${n}`,
    object: 'refund',
    amount: 4_390,
    charge: `ch_contract${n}`,
    created: NOVEMBER_2 + 3 * DAY,
    currency: 'usd',
    metadata: {},
    payment_intent: `pi_contract${n}`,
    reason: 'requested_by_customer',
    status: 'succeeded',
  })

const movement = (id: string, source: string, fields: Partial<BalanceTransaction>) =>
  wire<BalanceTransaction>({
    id,
    object: 'balance_transaction',
    amount: 0,
    created: NOVEMBER_2 + 5 * DAY,
    currency: 'usd',
    fee: 0,
    fee_details: [],
    net: 0,
    source,
    ...fields,
  })

/** A chargeback of the whole payment, with its fee. */
export const dispute = (n: number) =>
  wire<Dispute>({
    id: `du_contract${n}`,
    object: 'dispute',
    amount: 10_975,
    balance_transactions: [
      movement(`txn_dispute${n}`, `du_contract${n}`, {
        amount: -10_975,
        fee: 1_500,
        net: -12_475,
        reporting_category: 'dispute',
        type: 'adjustment',
      }),
    ],
    charge: `ch_contract${n}`,
    created: NOVEMBER_2 + 5 * DAY,
    currency: 'usd',
    evidence_details: {
      due_by: NOVEMBER_2 + 20 * DAY,
      has_evidence: false,
      past_due: false,
      submission_count: 0,
    },
    livemode: false,
    metadata: {},
    network_reason_code: '10.4',
    payment_intent: `pi_contract${n}`,
    reason: 'fraudulent',
    status: 'needs_response',
  })

export const fraudWarning = wire<EarlyFraudWarning>({
  id: 'issfr_contract',
  object: 'radar.early_fraud_warning',
  actionable: true,
  charge: 'ch_contract1',
  created: NOVEMBER_2 + 3 * DAY,
  fraud_type: 'misc',
  livemode: false,
  payment_intent: 'pi_contract1',
})

export const review = wire<Review>({
  id: 'prv_contract',
  object: 'review',
  charge: 'ch_contract1',
  closed_reason: null,
  created: NOVEMBER_2 + DAY,
  livemode: false,
  open: true,
  opened_reason: 'rule',
  payment_intent: 'pi_contract1',
  reason: 'rule',
})

/** A manual one: its amount alone. */
export const payout = wire<Payout>({
  id: 'po_contract',
  object: 'payout',
  amount: 5_000,
  arrival_date: NOVEMBER_2 + 7 * DAY,
  automatic: false,
  balance_transaction: null,
  created: NOVEMBER_2 + 5 * DAY,
  currency: 'usd',
  failure_balance_transaction: null,
  livemode: false,
  metadata: {},
  reconciliation_status: 'not_applicable',
  status: 'paid',
})

/** Sold, and expired unused. */
export const creditGrant = wire<CreditGrant>({
  id: 'credgr_contract',
  object: 'billing.credit_grant',
  amount: { type: 'monetary', monetary: { currency: 'usd', value: 10_000 } },
  category: 'paid',
  created: NOVEMBER_2,
  customer: 'cus_contract1',
  expires_at: NOVEMBER_2 + 5 * DAY,
  livemode: false,
  name: 'Prepaid calls',
})
const creditExpiry = wire<CreditBalanceTransaction>({
  id: 'cbtxn_contract',
  object: 'billing.credit_balance_transaction',
  created: NOVEMBER_2 + 5 * DAY,
  credit: null,
  credit_grant: 'credgr_contract',
  debit: {
    amount: { type: 'monetary', monetary: { currency: 'usd', value: 10_000 } },
    type: 'credits_expired',
  },
  effective_at: NOVEMBER_2 + 5 * DAY,
  livemode: false,
  type: 'debit',
})

/** Everything of the first `customers` customers, for the simulated Stripe. */
export const accountOf = (customers: number): Identified[] => [
  product,
  price,
  taxRate,
  ...Array.from({ length: customers }, (_, index) => index + 1).flatMap((n): Identified[] => [
    customer(n),
    subscription(n),
    draft(n),
    invoice(n),
    invoicePayment(n),
    paymentIntent(n),
    charge(n),
    creditNote(n),
    refund(n),
    dispute(n),
  ]),
  payout,
  creditGrant,
  creditExpiry,
  fraudWarning,
  review,
]
