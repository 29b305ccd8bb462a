// What was open of an invoice when something ended it, told from Stripe's answer alone: its payments, its credit notes and
// the customer's balance that it had used, each by its date. PURE.
import type Stripe from 'stripe'
import { idOf } from '../../shared/stripe/event.ts'
import type { StripeObjects } from './stripe-objects.ts'

export interface Ended {
  /** What a void takes back of the sale. */
  voidedMinor: bigint
  writtenOffMinor: bigint
  /** Paid outside Stripe with no payment listed for it. */
  outOfBandMinor: bigint
}

export const sumOf = (parts: readonly { amount: number }[] | null | undefined): bigint =>
  (parts ?? []).reduce((total, { amount }) => total + BigInt(amount), 0n)

export const taxOf = ({ total_taxes }: Pick<Stripe.Invoice, 'total_taxes'>): bigint => sumOf(total_taxes)

/** No line comes to anything after discounts and billing credits: there is no tax to declare. */
export const isNothingSold = ({ lines, total }: Stripe.Invoice): boolean =>
  total === 0 && lines.data.every((line) => soldMinor(line) === creditsMinor(line))

/** Nor before billing credits: there is nothing to book. Credits that were sold are earned by an invoice of zero. */
export const isNothingBilled = ({ lines, total }: Stripe.Invoice): boolean =>
  total === 0 && lines.data.every((line) => soldMinor(line) === 0n)

const soldMinor = (line: Stripe.InvoiceLineItem): bigint => BigInt(line.amount) - sumOf(line.discount_amounts)

/** The list of credits repeats the discounts. */
const creditsMinor = (line: Stripe.InvoiceLineItem): bigint =>
  sumOf(line.pretax_credit_amounts?.filter(({ type }) => type !== 'discount'))

export function endedMinor(invoice: Stripe.Invoice, objects: StripeObjects): Ended {
  const { voided_at, marked_uncollectible_at } = invoice.status_transitions
  if (voided_at === null && marked_uncollectible_at === null && invoice.status !== 'paid')
    return { voidedMinor: 0n, writtenOffMinor: 0n, outOfBandMinor: 0n }
  const { payments, notes } = indexOf(objects)
  const own = payments.get(invoice.id) ?? []
  const credited = notes.get(invoice.id) ?? []
  // Positive: the customer's credit paid for a part; negative: a debt was put onto it.
  const balanceMinor = BigInt((invoice.ending_balance ?? invoice.starting_balance) - invoice.starting_balance)
  const openAt = (seconds: number | null, billedMinor: bigint): bigint => {
    if (seconds === null) return 0n
    let openMinor = billedMinor
    for (const { amount_paid, created, status_transitions } of own) {
      if ((status_transitions.paid_at ?? created) <= seconds) openMinor -= BigInt(amount_paid ?? 0)
    }
    for (const note of credited) {
      const stood = note.created <= seconds && (note.voided_at === null || note.voided_at > seconds)
      if (stood) openMinor -= BigInt(note.pre_payment_amount)
    }
    return openMinor > 0n ? openMinor : 0n
  }
  const totalMinor = BigInt(invoice.total)
  const paidMinor = own.reduce((total, { amount_paid }) => total + BigInt(amount_paid ?? 0), 0n)
  const beyondMinor = BigInt(invoice.amount_paid) - paidMinor
  return {
    // Credit used, and a debt put onto it, go back to the balance by documents of their own.
    voidedMinor: openAt(voided_at, totalMinor),
    writtenOffMinor: openAt(marked_uncollectible_at, totalMinor - balanceMinor),
    outOfBandMinor: invoice.status === 'paid' && beyondMinor > 0n ? beyondMinor : 0n,
  }
}

interface Index {
  payments: Map<string, Stripe.InvoicePayment[]>
  notes: Map<string, Stripe.CreditNote[]>
}
const indexes = new WeakMap<StripeObjects, Index>()

/** Once for a reading: every invoice asks. */
function indexOf(objects: StripeObjects): Index {
  const index = indexes.get(objects) ?? {
    payments: Map.groupBy(objects.payments, ({ invoice }) => idOf(invoice) ?? ''),
    notes: Map.groupBy(objects.creditNotes, ({ invoice }) => idOf(invoice) ?? ''),
  }
  indexes.set(objects, index)
  return index
}
