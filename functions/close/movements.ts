// What money did in Stripe, as plain movements: each with its day in the seller's zone, its amount, the external id of the
// document that must stand for it in NetSuite (by the promise in that connector's README, not by its code), and the events
// that prove it to be in the lake. PURE.
import type Stripe from 'stripe'
import { dayOf } from '../../shared/calendar.ts'
import type { Movement } from '../../shared/close/facts.ts'
import { idOf } from '../../shared/stripe/event.ts'
import { isTaxedByStripe } from '../../shared/stripe/tax-hold-marker.ts'
import { endedMinor, isNothingBilled, isNothingSold, taxOf } from './invoice-amounts.ts'
import {
  arrivalDay,
  currencyOf,
  isPayoutFinal,
  paidDay,
  paidWith,
  paymentsBySource,
  returnedDay,
  transactionsById,
} from './stripe-days.ts'
import type { StripeObjects } from './stripe-objects.ts'

export function movementsOf(objects: StripeObjects, timeZone: string): Movement[] {
  const bySource = paymentsBySource(objects)
  const transactions = transactionsById(objects)
  const invoices = new Map(objects.invoices.map((invoice) => [invoice.id, invoice]))
  return [
    ...objects.invoices.flatMap((invoice) => ofInvoice(invoice, objects, timeZone)),
    ...objects.payments.flatMap((payment) => ofPayment(payment, timeZone)),
    ...objects.refunds
      .filter((refund) => paidWith(refund, bySource).length > 0)
      .flatMap((refund) => ofRefund(refund, returnedDay(refund, transactions, timeZone), timeZone)),
    ...objects.creditNotes.flatMap((note) =>
      ofCreditNote(note, invoices.get(idOf(note.invoice) ?? ''), timeZone),
    ),
    ...objects.disputes
      .filter((dispute) => paidWith(dispute, bySource).length > 0)
      .flatMap((dispute) => ofDispute(dispute, timeZone)),
    ...objects.payouts
      .filter(isPayoutFinal)
      .flatMap((payout) => ofPayout(payout, returnedDay(payout, transactions, timeZone), timeZone)),
  ]
}

const absolute = (amount: number | bigint): bigint => (BigInt(amount) < 0n ? -BigInt(amount) : BigInt(amount))

function ofInvoice(invoice: Stripe.Invoice, objects: StripeObjects, timeZone: string): Movement[] {
  const { id, number, status, status_transitions: times, total } = invoice
  if (status === 'draft' || times.finalized_at === null || isNothingBilled(invoice)) return []
  const at = { id, label: number ?? id, currency: currencyOf(invoice) }
  const taxMinor = taxOf(invoice)
  const movements: Movement[] = [
    {
      ...at,
      kind: 'invoice',
      day: dayOf(invoice.effective_at ?? times.finalized_at, timeZone),
      amountMinor: absolute(total),
      taxMinor,
      document: total < 0 ? `${id}-credit` : id,
      events: ['invoice.finalized'],
      ...(!isTaxedByStripe(invoice) &&
        !isNothingSold(invoice) && { tax: { taxMinor, isVoid: status === 'void' } }),
    },
  ]
  const ended = endedMinor(invoice, objects)
  if (times.marked_uncollectible_at !== null && ended.writtenOffMinor > 0n) {
    movements.push({
      ...at,
      kind: 'write-off',
      day: dayOf(times.marked_uncollectible_at, timeZone),
      amountMinor: ended.writtenOffMinor,
      taxMinor: 0n,
      document: `${id}-writeoff`,
      events: ['invoice.marked_uncollectible'],
    })
  }
  if (times.voided_at !== null && ended.voidedMinor > 0n) {
    movements.push({
      ...at,
      kind: 'void',
      day: dayOf(times.voided_at, timeZone),
      amountMinor: ended.voidedMinor,
      taxMinor: 0n,
      document: `${id}-void`,
      events: ['invoice.voided'],
    })
  }
  if (times.paid_at !== null && ended.outOfBandMinor > 0n) {
    movements.push({
      ...at,
      kind: 'payment',
      day: dayOf(times.paid_at, timeZone),
      amountMinor: ended.outOfBandMinor,
      taxMinor: 0n,
      document: `${id}-outofband`,
      events: ['invoice.paid'],
    })
  }
  return movements
}

function ofPayment(payment: Stripe.InvoicePayment, timeZone: string): Movement[] {
  const amountMinor = BigInt(payment.amount_paid ?? 0)
  if (amountMinor === 0n) return []
  return [
    {
      kind: 'payment',
      id: payment.id,
      label: payment.id,
      day: paidDay(payment, timeZone),
      currency: currencyOf(payment),
      amountMinor,
      taxMinor: 0n,
      document: payment.id,
      events: ['invoice_payment.paid'],
    },
  ]
}

function ofRefund(refund: Stripe.Refund, returned: string | undefined, timeZone: string): Movement[] {
  const { id, status } = refund
  const at = {
    id,
    label: id,
    currency: currencyOf(refund),
    amountMinor: BigInt(refund.amount),
    taxMinor: 0n,
  }
  const day = dayOf(refund.created, timeZone)
  const made: Movement = {
    ...at,
    kind: 'refund',
    day,
    document: id,
    events: ['refund.created', 'refund.updated', 'charge.refund.updated'],
  }
  if (status === 'succeeded') return [made]
  if (status !== 'failed' && status !== 'canceled') return []
  // It may have failed before anything was posted.
  return [
    { ...made, pairedWith: `${id}-failed` },
    {
      ...at,
      kind: 'failed refund',
      day: returned ?? day,
      document: `${id}-failed`,
      pairedWith: id,
      events: ['refund.failed', 'refund.updated', 'charge.refund.updated'],
    },
  ]
}

function ofCreditNote(
  note: Stripe.CreditNote,
  invoice: Stripe.Invoice | undefined,
  timeZone: string,
): Movement[] {
  if (note.total === 0) return []
  const { id, number, status } = note
  const taxMinor = taxOf(note)
  const at = { id, label: number, currency: currencyOf(note), amountMinor: BigInt(note.total), taxMinor }
  const isVoid = status === 'void'
  const issued: Movement = {
    ...at,
    kind: 'credit note',
    day: dayOf(note.effective_at ?? note.created, timeZone),
    document: id,
    events: ['credit_note.created'],
    ...(invoice && !isTaxedByStripe(invoice) && { tax: { taxMinor: -taxMinor, isVoid } }),
  }
  if (!isVoid || note.voided_at === null) return [issued]
  return [
    { ...issued, pairedWith: `${id}-void` },
    {
      ...at,
      kind: 'voided credit note',
      day: dayOf(note.voided_at, timeZone),
      document: `${id}-void`,
      pairedWith: id,
      events: ['credit_note.voided'],
    },
  ]
}

const ofDispute = (dispute: Stripe.Dispute, timeZone: string): Movement[] =>
  dispute.balance_transactions.map((transaction) => ({
    kind: 'dispute movement',
    id: dispute.id,
    label: `${dispute.id} ${transaction.id}`,
    day: dayOf(transaction.created, timeZone),
    currency: currencyOf(transaction),
    amountMinor: absolute(transaction.net),
    taxMinor: 0n,
    document: `${dispute.id}-${transaction.id}`,
    events: [
      'charge.dispute.created',
      'charge.dispute.funds_withdrawn',
      'charge.dispute.funds_reinstated',
      'charge.dispute.closed',
    ],
  }))

function ofPayout(payout: Stripe.Payout, returned: string | undefined, timeZone: string): Movement[] {
  const { id } = payout
  const at = {
    id,
    label: id,
    currency: currencyOf(payout),
    amountMinor: absolute(payout.amount),
    taxMinor: 0n,
  }
  const made: Movement = {
    ...at,
    kind: 'payout',
    day: arrivalDay(payout, timeZone),
    document: id,
    events: ['payout.created', 'payout.updated', 'payout.paid', 'payout.reconciliation_completed'],
  }
  if (payout.status !== 'failed' || returned === undefined) return [made]
  return [
    { ...made, pairedWith: `${id}-failed` },
    {
      ...at,
      kind: 'failed payout',
      day: returned,
      document: `${id}-failed`,
      pairedWith: id,
      events: ['payout.failed'],
    },
  ]
}
