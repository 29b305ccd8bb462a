// What AvaTax should hold of voided invoices, from Stripe's side alone: figures by hand, in minor units.
import { expect, it } from 'vitest'
import { expectationOf } from './expectation.ts'
import { assembleReading } from './reading.ts'
import type { StripeInvoice, StripeReading } from './stripe.ts'

const NOTHING = {
  wasDraft: true,
  nothingSold: false,
  taxedByStripe: false,
  untaxed: false,
  number: undefined,
  voidedMinor: undefined,
  writtenOffMinor: undefined,
}
const invoice = (
  status: string,
  totalMinor: bigint,
  taxMinor: bigint,
  over: Partial<StripeInvoice> = {},
) => ({
  ...NOTHING,
  currency: 'USD',
  customer: 'cus_1',
  issued: true,
  status,
  totalMinor,
  taxMinor,
  ...over,
})
const note = (of: string, amountMinor: bigint, taxMinor: bigint, status = 'issued') => ({
  currency: 'USD',
  customer: 'cus_1',
  invoice: of,
  amountMinor,
  taxMinor,
  status,
})

const invoices = new Map<string, StripeInvoice>([
  ['in_rest', invoice('void', 16463n, 1463n)],
  ['in_amount', invoice('void', 10975n, 975n)],
  ['in_whole', invoice('void', 10975n, 975n)],
  ['in_open', invoice('open', 10975n, 975n)],
  ['in_stripe', invoice('void', 10975n, 975n, { taxedByStripe: true })],
])
const creditNotes = new Map([
  ['cn_1', note('in_rest', 5488n, 488n)],
  ['cn_2', note('in_rest', 1000n, 0n)],
  ['cn_3', note('in_amount', 3000n, 0n)],
  ['cn_4', note('in_whole', 5488n, 488n, 'void')],
  ['cn_5', note('in_open', 5488n, 488n)],
  ['cn_6', note('in_stripe', 5488n, 488n)],
])
const stripe: StripeReading = {
  ...assembleReading('stripe', { invoices: [...invoices], creditNotes: [...creditNotes] }),
  invoices,
  creditNotes,
  payments: new Map(),
  refunds: new Map(),
  customers: new Map(),
  subscriptions: new Map(),
  disputes: new Map(),
  invoiceOfNote: new Map(),
  ids: new Set(),
  neverDraft: [],
}

it('a void takes back what the credit notes that stand have left, of the amount and of the tax', () => {
  const facts = { currency: 'USD', customer: 'cus_1' }
  expect([...(expectationOf('avalara', stripe).records.voids ?? [])]).toEqual([
    // 164.63 - 54.88 - 10.00; 14.63 - 4.88.
    ['in_rest', { ...facts, amountMinor: 9975n, taxMinor: 975n }],
    ['in_amount', { ...facts, amountMinor: 7975n, taxMinor: 975n }],
  ])
})
