// Stripe objects for unit tests, as on the wire at the pinned API version: only the fields that tax looks at.
import type Stripe from 'stripe'

type Wire<T> = { [K in keyof T]?: unknown }

export function lineOf(over: Wire<Stripe.InvoiceLineItem> & { id: string; amount: number }) {
  return {
    object: 'line_item',
    currency: 'usd',
    discount_amounts: [],
    pretax_credit_amounts: [],
    pricing: {
      type: 'price_details',
      price_details: { price: 'price_1', product: 'prod_1' },
      unit_amount_decimal: '0',
    },
    quantity: 1,
    taxes: [],
    ...over,
  }
}

export function taxOf(amount: number, over: object = {}) {
  return {
    amount,
    tax_behavior: 'exclusive',
    tax_rate_details: { tax_rate: 'txr_1' },
    taxability_reason: 'standard_rated',
    taxable_amount: 10000,
    type: 'tax_rate_details',
    ...over,
  }
}

/** 2026-03-31 22:00 in New York, which is 1 April in UTC. */
export const MARCH_31_EVENING = Date.UTC(2026, 3, 1, 2, 0, 0) / 1000

export function invoiceOf(over: Wire<Stripe.Invoice> & { lines?: object[] }): Stripe.Invoice {
  const { lines = [lineOf({ id: 'il_1', amount: 10000 })], ...rest } = over
  const invoice: unknown = {
    id: 'in_1',
    object: 'invoice',
    status: 'draft',
    auto_advance: true,
    automatic_tax: { enabled: false, disabled_reason: null, liability: null, provider: null, status: null },
    created: MARCH_31_EVENING,
    currency: 'usd',
    customer: 'cus_1',
    customer_account: null,
    customer_address: {
      line1: '1 Main St',
      line2: null,
      city: 'Los Angeles',
      state: 'CA',
      postal_code: '90012',
      country: 'US',
    },
    customer_shipping: null,
    customer_tax_exempt: 'none',
    customer_tax_ids: [],
    default_tax_rates: [],
    effective_at: null,
    metadata: {},
    number: null,
    parent: null,
    shipping_cost: null,
    status_transitions: { finalized_at: null, marked_uncollectible_at: null, paid_at: null, voided_at: null },
    total: 10000,
    lines: { object: 'list', has_more: false, url: '/v1/invoices/in_1/lines', data: lines },
    ...rest,
  }
  return invoice as Stripe.Invoice
}

export function creditNoteOf(over: Wire<Stripe.CreditNote> & { lines: object[] }): Stripe.CreditNote {
  const { lines, ...rest } = over
  const creditNote: unknown = {
    id: 'cn_1',
    object: 'credit_note',
    status: 'issued',
    created: MARCH_31_EVENING + 86_400,
    effective_at: null,
    currency: 'usd',
    customer: 'cus_1',
    invoice: 'in_1',
    number: 'ACME-0001-CN-01',
    shipping_cost: null,
    lines: { object: 'list', has_more: false, url: '/v1/credit_notes/cn_1/lines', data: lines },
    ...rest,
  }
  return creditNote as Stripe.CreditNote
}
