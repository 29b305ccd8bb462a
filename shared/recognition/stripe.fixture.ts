// Stripe's invoices and credit notes for this folder's tests: only the fields that matter here, in Stripe's own terms.
import type Stripe from 'stripe'
import { billedInvoice, type InvoiceContext } from './from-stripe.ts'
import type { RecognitionPolicy } from './policy.ts'
import type { BilledLine } from './revenue-line.ts'

export const at = (iso: string): number => Date.parse(iso) / 1_000

export const policy: RecognitionPolicy = {
  timeZone: 'UTC',
  revenueKeys: { byProduct: { prod_team: 'plan', prod_set_up: 'services', prod_usage: 'usage' } },
  oneOffDate: 'invoice',
  oneOffWithPeriod: 'over-period',
  recognizeFrom: 'service',
}

export const context = (
  changes: Partial<RecognitionPolicy> = {},
  more: Partial<InvoiceContext> = {},
): InvoiceContext => ({
  policy: { ...policy, ...changes },
  subsidiary: 'us',
  prices: new Map([
    ['price_month', { recurring: true, metered: false }],
    ['price_usage', { recurring: true, metered: true }],
    ['price_once', { recurring: false, metered: false }],
  ]),
  ...more,
})

export interface LineInput {
  amount: number
  price?: unknown
  product?: string
  start?: string
  end?: string
  parent?: unknown
  discounts?: number[]
  credits?: number[]
  taxes?: { amount: number; tax_behavior: string }[]
  more?: Record<string, unknown>
}

function line(input: LineInput, index: number, currency: string) {
  const start = at(input.start ?? '2026-10-01T00:00:00Z')
  return {
    id: `il_${index + 1}`,
    amount: input.amount,
    currency,
    discount_amounts: (input.discounts ?? []).map((amount) => ({ amount, discount: 'di_1' })),
    // Stripe repeats the discounts here.
    pretax_credit_amounts: [
      ...(input.discounts ?? []).map((amount) => ({ amount, discount: 'di_1', type: 'discount' })),
      ...(input.credits ?? []).map((amount) => ({
        amount,
        credit_balance_transaction: 'cbtxn_1',
        type: 'credit_balance_transaction',
      })),
    ],
    parent: input.parent ?? {
      type: 'subscription_item_details',
      subscription_item_details: { proration: false },
      invoice_item_details: null,
    },
    period: { start, end: input.end ? at(input.end) : start },
    pricing: {
      type: 'price_details',
      price_details: { price: input.price ?? 'price_month', product: input.product ?? 'prod_team' },
    },
    taxes: input.taxes ?? [],
    ...input.more,
  }
}

export function invoice(lines: LineInput[], changes: Record<string, unknown> = {}): Stripe.Invoice {
  const currency = (changes.currency as string) ?? 'usd'
  const of = (input: LineInput, behavior: string) =>
    (input.taxes ?? [])
      .filter((tax) => tax.tax_behavior === behavior)
      .reduce((sum, tax) => sum + tax.amount, 0)
  const taken = (input: LineInput) =>
    [...(input.discounts ?? []), ...(input.credits ?? [])].reduce((sum, amount) => sum + amount, 0)
  const object = {
    id: 'in_1',
    number: 'INV-0042',
    currency,
    status: 'open',
    effective_at: null,
    lines: { data: lines.map((each, index) => line(each, index, currency)), has_more: false },
    shipping_cost: null,
    total: lines.reduce((sum, each) => sum + each.amount - taken(each) + of(each, 'exclusive'), 0),
    total_taxes: lines.flatMap((each) => each.taxes ?? []),
    ...changes,
    status_transitions: {
      finalized_at: at('2026-10-01T01:00:00Z'),
      marked_uncollectible_at: null,
      paid_at: null,
      voided_at: null,
      ...(changes.status_transitions as object | undefined),
    },
  }
  return object as unknown as Stripe.Invoice
}

export interface NoteInput {
  total: number
  taxes?: { amount: number; tax_behavior: string }[]
  lines?: {
    amount: number
    of?: string
    discounts?: number[]
    taxes?: { amount: number; tax_behavior: string }[]
  }[]
  changes?: Record<string, unknown>
}

export function note({ total, taxes, lines = [], changes }: NoteInput): Stripe.CreditNote {
  const object = {
    id: 'cn_1',
    created: at('2026-11-09T10:00:00Z'),
    currency: 'usd',
    effective_at: null,
    invoice: 'in_1',
    lines: {
      has_more: false,
      data: lines.map((each) => ({
        amount: each.amount,
        discount_amounts: (each.discounts ?? []).map((amount) => ({ amount, discount: 'di_1' })),
        pretax_credit_amounts: [],
        taxes: each.taxes ?? [],
        type: each.of ? 'invoice_line_item' : 'custom_line_item',
        ...(each.of && { invoice_line_item: each.of }),
      })),
    },
    shipping_cost: null,
    status: 'issued',
    total,
    total_taxes: taxes ?? [],
    voided_at: null,
    ...changes,
  }
  return object as unknown as Stripe.CreditNote
}

export function linesOf(
  lines: LineInput[],
  changes?: Partial<RecognitionPolicy>,
  head?: object,
): BilledLine[] {
  const billed = billedInvoice(invoice(lines, { ...head }), context(changes))
  if (!billed) throw new Error('a draft')
  return billed.lines
}

export const november = { start: '2026-11-01T00:00:00Z', end: '2026-12-01T00:00:00Z' }
