// A small world for the tests of compare.ts: what Stripe holds, written out as literals, and what each other system holds
// when it is in step. A test changes one thing. Loaded by tests only.
import { assembleReading, type RecordRows } from './readings/reading.ts'
import type { StripeInvoice, StripeReading } from './readings/stripe.ts'

/** 100.00 and 10.00 tax, half of the tax-free part credited and paid back. */
const PAID: StripeInvoice = {
  currency: 'USD',
  totalMinor: 11000n,
  taxMinor: 1000n,
  paidMinor: 11000n,
  creditedMinor: 5000n,
  openMinor: 0n,
  customer: 'cus_a',
  status: 'paid',
  issued: true,
  number: 'INV-1',
  untaxed: false,
  nothingSold: false,
  taxedByStripe: false,
  wasDraft: true,
  voidedMinor: undefined,
  writtenOffMinor: undefined,
}
const UNPAID = { paidMinor: 0n, creditedMinor: 0n }
const INVOICES: Record<string, StripeInvoice> = {
  in_paid: PAID,
  in_void: { ...PAID, ...UNPAID, status: 'void', openMinor: 11000n, voidedMinor: 11000n },
  in_lost: { ...PAID, ...UNPAID, status: 'uncollectible', openMinor: 11000n, writtenOffMinor: 11000n },
  in_open: { ...PAID, ...UNPAID, currency: 'KWD', status: 'open', openMinor: 11000n },
  in_draft: { ...PAID, ...UNPAID, status: 'draft', issued: false, openMinor: 11000n },
  in_trial: { ...PAID, ...UNPAID, totalMinor: 0n, taxMinor: 0n, nothingSold: true },
  in_self: {
    ...PAID,
    ...UNPAID,
    taxMinor: 0n,
    untaxed: true,
    wasDraft: false,
    status: 'open',
    openMinor: 11000n,
  },
}
export const PAYMENT = { currency: 'USD', amountMinor: 11000n, invoice: 'in_paid', customer: 'cus_a' }
export const REFUND = {
  currency: 'USD',
  amountMinor: 5000n,
  status: 'succeeded',
  invoice: 'in_paid',
  customer: 'cus_a',
}
export const NOTE = {
  currency: 'USD',
  amountMinor: 5000n,
  taxMinor: 0n,
  status: 'issued',
  invoice: 'in_paid',
  customer: 'cus_a',
}
export const SUBSCRIPTION = { status: 'active', customer: 'cus_a' }

export function stripeHolds(change: Record<string, Partial<StripeInvoice>> = {}): StripeReading {
  const invoices = Object.entries(INVOICES).map(([id, facts]): [string, StripeInvoice] => [
    id,
    { ...facts, ...change[id] },
  ])
  const rows = {
    payments: [['inpay_1', PAYMENT]],
    refunds: [
      ['re_1', REFUND],
      ['re_pending', { ...REFUND, amountMinor: 100n, status: 'pending' }],
    ],
    creditNotes: [
      ['cn_1', NOTE],
      ['cn_void', { ...NOTE, amountMinor: 300n, status: 'void' }],
    ],
    customers: [['cus_a', { state: 'alive' }]],
    subscriptions: [['sub_1', SUBSCRIPTION]],
  } satisfies Partial<RecordRows>
  return {
    ...assembleReading('stripe', { invoices, ...rows }),
    invoices: new Map(invoices),
    payments: new Map([['inpay_1', PAYMENT]]),
    refunds: new Map(rows.refunds as RecordRows['refunds']),
    creditNotes: new Map(rows.creditNotes as RecordRows['creditNotes']),
    customers: new Map([['cus_a', { state: 'alive' }]]),
    subscriptions: new Map([['sub_1', SUBSCRIPTION]]),
    disputes: new Map(),
    invoiceOfNote: new Map([
      ['cn_1', 'in_paid'],
      ['cn_void', 'in_paid'],
    ]),
    ids: new Set(['in_paid']),
    neverDraft: [],
  }
}

export type Rows = { [K in keyof RecordRows]?: Record<string, RecordRows[K][number][1]> }
export const listed = (rows: Rows): Pick<RecordRows, 'invoices'> & Partial<RecordRows> => ({
  invoices: [],
  ...Object.fromEntries(Object.entries(rows).map(([kind, byId]) => [kind, Object.entries(byId)])),
})

export const mirrored = (id: string) => {
  const { currency, totalMinor, taxMinor, paidMinor, creditedMinor, openMinor, customer, status, issued } =
    INVOICES[id] ?? PAID
  return { currency, totalMinor, taxMinor, paidMinor, creditedMinor, openMinor, customer, status, issued }
}
export const MIRROR = {
  invoices: Object.fromEntries(Object.keys(INVOICES).map((id) => [id, mirrored(id)])),
  payments: { inpay_1: PAYMENT },
  refunds: {
    re_1: { currency: 'USD', amountMinor: 5000n, status: 'succeeded', customer: 'cus_a' },
    re_pending: { currency: 'USD', amountMinor: 100n, status: 'pending', customer: 'cus_a' },
  },
  creditNotes: { cn_1: NOTE, cn_void: { ...NOTE, amountMinor: 300n, status: 'void' } },
  customers: { cus_a: { state: 'alive' }, cus_gone: { state: 'deleted' } },
  subscriptions: { sub_1: SUBSCRIPTION },
} satisfies Rows
export const salesforceHolds = (rows: Rows = {}) =>
  assembleReading('salesforce', listed({ ...MIRROR, ...rows }))

export const booked = {
  currency: 'USD',
  totalMinor: 11000n,
  taxMinor: 1000n,
  openMinor: 0n,
  customer: 'cus_a',
  issued: true,
}
export const memo = { currency: 'USD', amountMinor: 11000n, customer: 'cus_a' }
export const BOOKS = {
  invoices: {
    in_paid: booked,
    in_void: booked,
    in_lost: booked,
    in_open: { ...booked, currency: 'KWD', openMinor: 11000n },
    in_self: { ...booked, taxMinor: 0n, openMinor: 11000n },
  },
  payments: { inpay_1: PAYMENT },
  refunds: { re_1: { currency: 'USD', amountMinor: 5000n, customer: 'cus_a' } },
  creditNotes: { cn_1: { currency: 'USD', amountMinor: 5000n, taxMinor: 0n, customer: 'cus_a' } },
  voids: { in_void: memo },
  writeOffs: { in_lost: memo },
  customers: { cus_a: { state: 'alive' } },
} satisfies Rows
export const netsuiteHolds = (rows: Rows = {}, more: Parameters<typeof assembleReading>[2] = {}) =>
  assembleReading('netsuite', listed({ ...BOOKS, ...rows }), more)

export const filed = {
  currency: 'USD',
  totalMinor: 11000n,
  taxMinor: 1000n,
  customer: 'cus_a',
  issued: true,
  status: 'issued',
  untaxed: false,
}
export const TAX = {
  invoices: {
    in_paid: filed,
    in_void: { ...filed, status: 'void' },
    in_lost: filed,
    in_open: { ...filed, currency: 'KWD' },
    in_self: { ...filed, taxMinor: 0n, untaxed: true },
  },
  creditNotes: {
    cn_1: { currency: 'USD', amountMinor: 5000n, taxMinor: 0n, status: 'issued', customer: 'cus_a' },
    cn_void: { currency: 'USD', amountMinor: 300n, taxMinor: 0n, status: 'void', customer: 'cus_a' },
  },
} satisfies Rows
export const avalaraHolds = (rows: Rows = {}) => assembleReading('avalara', listed({ ...TAX, ...rows }))
