// Stripe objects and a configuration for this folder's tests: only the fields that the connector reads, in Stripe's
// own terms. The configuration's ids are those of the simulated account's chart.
import type Stripe from 'stripe'
import type { Books, Context, PostingPeriod } from './books.ts'
import { type NetSuiteConfig, type NetSuiteConfigInput, netsuiteConfig } from './config.ts'

/** 2026-11-02T10:00:00Z, 2026-11-05T10:00:00Z, … */
export const day = (dayOfNovember: number, hour = 10): number =>
  Date.UTC(2026, 10, dayOfNovember, hour) / 1_000

export const configInput: NetSuiteConfigInput = {
  account: 'TSTDRV1',
  subsidiaries: {
    us: { id: '1', currency: 'USD', receivable: { USD: '111', EUR: '112', JPY: '114', KWD: '115' } },
    eu: { id: '2', currency: 'EUR', receivable: { EUR: '112' } },
  },
  customerSubsidiary: { byCountry: { DE: 'eu' }, default: 'us' },
  currencies: { USD: '1', EUR: '2', GBP: '3', JPY: '4', KWD: '5' },
  clearingAccounts: { USD: '121', EUR: '122', JPY: '124', KWD: '125' },
  items: { prod_team: '801', prod_seats: '804' },
  writeOffItem: '810',
  tax: { mode: 'liability-item', item: '808' },
}

/** With an account for everything that may move. */
export const fullConfig: Partial<NetSuiteConfigInput> = {
  customerBalance: { account: '213', item: '812', adjustmentAccount: '614' },
  billingCredits: { liabilityAccount: '212', revenueAccount: '412' },
  outOfBandAccounts: { USD: '131', JPY: '134' },
  outOfBandAccount: '140',
  recoveryAccount: '611',
  shippingItem: '806',
  goodwillItem: '811',
  disputes: { receivableAccount: '141', feeAccount: '612', lossAccount: '613' },
  payouts: { bankAccounts: { USD: '131', EUR: '132' }, feeAccount: '612' },
}

export const configOf = (changes: Partial<NetSuiteConfigInput> = {}): NetSuiteConfig =>
  netsuiteConfig.parse({ ...configInput, ...changes })

export interface LineInput {
  id?: string
  amount: number
  product?: string
  quantity?: number
  discount?: number
  tax?: { amount: number; inclusive?: boolean; rate?: string; taxable?: number }
  period?: { start: number; end: number }
  description?: string
}

function line(input: LineInput, index: number, currency: string) {
  const { tax } = input
  return {
    id: input.id ?? `il_${index + 1}`,
    object: 'line_item',
    amount: input.amount,
    currency,
    description: input.description ?? 'Team plan',
    discount_amounts: input.discount ? [{ amount: input.discount, discount: 'di_1' }] : [],
    period: input.period ?? { start: Date.UTC(2026, 10, 1) / 1_000, end: Date.UTC(2026, 11, 1) / 1_000 },
    pretax_credit_amounts: [],
    pricing: {
      type: 'price_details',
      price_details: { price: 'price_1', product: input.product ?? 'prod_team' },
    },
    quantity: input.quantity ?? 1,
    quantity_decimal: String(input.quantity ?? 1),
    taxes: tax
      ? [
          {
            amount: tax.amount,
            tax_behavior: tax.inclusive ? 'inclusive' : 'exclusive',
            tax_rate_details: { tax_rate: tax.rate ?? 'txr_1' },
            taxable_amount: tax.taxable ?? input.amount,
            taxability_reason: 'standard_rated',
            type: 'tax_rate_details',
          },
        ]
      : [],
  }
}

export interface InvoiceInput {
  id?: string
  currency?: string
  total: number
  lines: LineInput[]
  payments?: { id: string; amount: number; paidAt: number; outOfBand?: boolean; intent?: string }[]
  changes?: Record<string, unknown>
  transitions?: Partial<Stripe.Invoice.StatusTransitions>
  customer?: unknown
}

export function invoice(input: InvoiceInput): Stripe.Invoice {
  const currency = input.currency ?? 'usd'
  const id = input.id ?? 'in_1'
  const object = {
    id,
    object: 'invoice',
    amount_overpaid: 0,
    amount_shipping: 0,
    created: day(2, 9),
    currency,
    custom_fields: null,
    customer: input.customer ?? 'cus_1',
    customer_address: { country: 'US' },
    customer_email: 'billing@acme.test',
    customer_name: 'Acme',
    due_date: null,
    effective_at: day(2),
    starting_balance: 0,
    ending_balance: 0,
    lines: {
      object: 'list',
      data: input.lines.map((each, index) => line(each, index, currency)),
      has_more: false,
    },
    number: 'INV-0042',
    payments: {
      object: 'list',
      has_more: false,
      data: (input.payments ?? []).map((payment) => ({
        id: payment.id,
        object: 'invoice_payment',
        amount_paid: payment.amount,
        amount_requested: payment.amount,
        created: payment.paidAt,
        currency,
        invoice: id,
        payment: payment.outOfBand
          ? { type: 'payment_record', payment_record: 'payrec_1' }
          : { type: 'payment_intent', payment_intent: payment.intent ?? 'pi_1' },
        status: 'paid',
        status_transitions: { canceled_at: null, paid_at: payment.paidAt },
      })),
    },
    pre_payment_credit_notes_amount: 0,
    post_payment_credit_notes_amount: 0,
    status: 'open',
    status_transitions: {
      finalized_at: day(2),
      marked_uncollectible_at: null,
      paid_at: null,
      voided_at: null,
      ...input.transitions,
    },
    total: input.total,
    ...input.changes,
  }
  return object as unknown as Stripe.Invoice
}

/** One line, paid in one piece on the 5th. */
export const paidInvoice = (
  amount: number,
  currency = 'usd',
  { id = 'in_1', paidAt = day(5) }: { id?: string; paidAt?: number } = {},
): Stripe.Invoice =>
  invoice({
    id,
    currency,
    total: amount,
    lines: [{ amount }],
    customer: customer(),
    payments: [{ id: `inpay_${id.slice(3)}`, amount, paidAt }],
    changes: { status: 'paid' },
  })

export interface CreditNoteInput {
  id?: string
  currency?: string
  total: number
  prePayment?: number
  refunds?: { refund: string; amount_refunded: number; type?: string }[]
  lines: (LineInput & { invoiceLine?: string })[]
  created?: number
  changes?: Record<string, unknown>
}

export function creditNote(input: CreditNoteInput): Stripe.CreditNote {
  const currency = input.currency ?? 'usd'
  const refunds = (input.refunds ?? []).map((refund) => ({
    type: 'refund',
    payment_record_refund: null,
    ...refund,
  }))
  const object = {
    id: input.id ?? 'cn_1',
    object: 'credit_note',
    amount_shipping: 0,
    created: input.created ?? day(9),
    currency,
    customer: 'cus_1',
    customer_balance_transaction: null,
    effective_at: null,
    invoice: 'in_1',
    lines: {
      object: 'list',
      has_more: false,
      data: input.lines.map((each, index) => ({
        ...line(each, index, currency),
        id: `cnli_${index + 1}`,
        object: 'credit_note_line_item',
        type: each.invoiceLine === undefined ? 'custom_line_item' : 'invoice_line_item',
        invoice_line_item: each.invoiceLine,
        pricing: undefined,
        period: undefined,
      })),
    },
    memo: null,
    number: 'INV-0042-CN-01',
    out_of_band_amount: null,
    post_payment_amount: input.total - (input.prePayment ?? 0),
    pre_payment_amount: input.prePayment ?? 0,
    refunds,
    status: 'issued',
    total: input.total,
    voided_at: null,
    ...input.changes,
  }
  return object as unknown as Stripe.CreditNote
}

export function refund(changes: Record<string, unknown> = {}): Stripe.Refund {
  const object = {
    id: 're_1',
    object: 'refund',
    amount: 4_000,
    created: day(9),
    currency: 'usd',
    customer: 'cus_1',
    payment_intent: 'pi_1',
    status: 'succeeded',
    ...changes,
  }
  return object as unknown as Stripe.Refund
}

export function customer(changes: Record<string, unknown> = {}): Stripe.Customer {
  const object = {
    id: 'cus_1',
    object: 'customer',
    name: 'Acme',
    email: 'billing@acme.test',
    address: null,
    currency: null,
    metadata: {},
    ...changes,
  }
  return object as unknown as Stripe.Customer
}

export function balanceTransaction(changes: Record<string, unknown>): Stripe.CustomerBalanceTransaction {
  const object = {
    id: 'cbtxn_1',
    object: 'customer_balance_transaction',
    amount: -3_000,
    created: day(1),
    credit_note: null,
    currency: 'usd',
    customer: 'cus_1',
    description: null,
    invoice: null,
    type: 'adjustment',
    ...changes,
  }
  return object as unknown as Stripe.CustomerBalanceTransaction
}

/** A payment intent whose charge Stripe settled. */
export const settledIntent = (
  charged: { amount: number; currency: string },
  settled: { amount: number; currency: string },
) => ({
  id: 'pi_1',
  object: 'payment_intent',
  latest_charge: {
    id: 'ch_1',
    object: 'charge',
    amount: charged.amount,
    amount_captured: charged.amount,
    currency: charged.currency,
    balance_transaction: { id: 'txn_1', object: 'balance_transaction', ...settled },
  },
})

/** A movement of the Stripe balance. */
export function movement(changes: Record<string, unknown>): Stripe.BalanceTransaction {
  const object = {
    id: 'txn_1',
    object: 'balance_transaction',
    created: day(12),
    currency: 'usd',
    fee: 0,
    fee_details: [],
    reporting_category: 'charge',
    type: 'charge',
    ...changes,
  }
  return {
    net: Number(Object(object).amount) - object.fee,
    ...object,
  } as unknown as Stripe.BalanceTransaction
}

export function dispute(
  balance_transactions: Stripe.BalanceTransaction[],
  changes: Record<string, unknown> = {},
): Stripe.Dispute {
  const object = {
    id: 'du_1',
    object: 'dispute',
    amount: 10_000,
    balance_transactions,
    charge: {
      id: 'ch_1',
      object: 'charge',
      billing_details: { address: { country: 'US' }, email: 'billing@acme.test', name: 'Acme' },
      customer: customer(),
      payment_intent: 'pi_1',
    },
    created: day(12),
    currency: 'usd',
    payment_intent: 'pi_1',
    reason: 'fraudulent',
    status: 'needs_response',
    ...changes,
  }
  return object as unknown as Stripe.Dispute
}

export function payout(changes: Record<string, unknown> = {}): Stripe.Payout {
  const object = {
    id: 'po_1',
    object: 'payout',
    amount: 9_680,
    arrival_date: day(18),
    automatic: true,
    balance_transaction: 'txn_po',
    created: day(16),
    currency: 'usd',
    failure_balance_transaction: null,
    failure_code: null,
    method: 'standard',
    reconciliation_status: 'completed',
    status: 'paid',
    ...changes,
  }
  return object as unknown as Stripe.Payout
}

export const NOVEMBER: PostingPeriod = { id: '31', name: 'Nov 2026' }

/** What gather would choose for a US customer, every document in November. */
export function booksOf(currency: 'USD' | 'EUR' | 'JPY' | 'KWD'): Books {
  const config = configOf()
  return {
    subsidiaryName: 'us',
    subsidiaryId: '1',
    currencyId: config.currencies[currency],
    receivableId: config.subsidiaries.us?.receivable[currency],
    clearingId: config.clearingAccounts[currency],
    writeOffItemId: '810',
    items: { prod_team: '801', prod_seats: '804' },
    taxPercentages: {},
  }
}

/** Any document's posting period is November. */
export const inNovember: Record<string, PostingPeriod> = new Proxy<Record<string, PostingPeriod>>(
  {},
  { get: () => NOVEMBER },
)

export const invoiceContext = (
  currency: 'USD' | 'EUR' | 'JPY' | 'KWD' = 'USD',
  creditNotes: Stripe.CreditNote[] = [],
): Extract<Context, { root: 'invoice' }> => ({
  root: 'invoice',
  creditNotes,
  books: booksOf(currency),
  periods: inNovember,
})
