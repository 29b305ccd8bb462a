// Invoices, payments, credit notes and refunds: one record each, with the amounts that a comparison with Stripe to
// the cent needs. Pure.
import type Stripe from 'stripe'
import { type ObjectRef, recordRef } from '../../../shared/connector/contract.ts'
import { permanent } from '../../../shared/errors.ts'
import { idOf } from '../../../shared/stripe/event.ts'
import { amount, datetime, text } from './body.ts'
import type { Context, Draft } from './context.ts'

const sum = (parts: readonly { amount: number }[] | null | undefined): number =>
  (parts ?? []).reduce((total, part) => total + part.amount, 0)

export const reference = (kind: string, id: string | undefined) =>
  id === undefined ? null : recordRef(kind, id)

export const requiring = (...refs: [type: string, id: string | undefined][]): ObjectRef[] =>
  refs.flatMap(([type, id]) => (id === undefined ? [] : [{ type, id }]))

/**
 * Stripe shows a draft less the customer balance that it would use today, and tells nobody when that balance moves. So a
 * draft says what its lines come to; the balance is applied at finalization.
 */
const owed = ({ status, total, amount_due, amount_remaining }: Stripe.Invoice) =>
  status === 'draft'
    ? { due: Math.max(0, total), remaining: Math.max(0, total) }
    : { due: amount_due, remaining: amount_remaining }

export function projectInvoice(invoice: Stripe.Invoice, context: Context): Draft[] {
  const { currency } = invoice
  const customer = idOf(invoice.customer)
  if (!customer) throw withoutCustomer(invoice)
  const subscription = idOf(invoice.parent?.subscription_details?.subscription)
  const transitions = invoice.status_transitions
  const { due, remaining } = owed(invoice)
  return [
    {
      kind: 'Stripe_Invoice__c',
      externalId: invoice.id,
      body: {
        Name: text(invoice.number) ?? invoice.id,
        Customer__c: recordRef('Stripe_Customer__c', customer),
        Subscription__c: reference('Stripe_Subscription__c', subscription),
        Number__c: text(invoice.number),
        Status__c: invoice.status,
        Currency__c: currency.toUpperCase(),
        Subtotal__c: amount(invoice.subtotal, currency),
        Discount__c: amount(sum(invoice.total_discount_amounts), currency),
        Tax__c: amount(sum(invoice.total_taxes), currency),
        Total__c: amount(invoice.total, currency),
        Amount_Due__c: amount(due, currency),
        Amount_Paid__c: amount(invoice.amount_paid, currency),
        Amount_Remaining__c: amount(remaining, currency),
        Amount_Overpaid__c: amount(invoice.amount_overpaid ?? 0, currency),
        Paid_Out_Of_Band__c: amount(invoice.amount_paid_off_stripe ?? 0, currency),
        // Total = amount due + this + pre-payment credit notes. A draft has applied nothing yet.
        Balance_Applied__c: amount(
          (invoice.ending_balance ?? invoice.starting_balance ?? 0) - (invoice.starting_balance ?? 0),
          currency,
        ),
        Credits_Applied__c: amount(
          sum(invoice.total_pretax_credit_amounts?.filter(({ type }) => type !== 'discount')),
          currency,
        ),
        Credited__c: amount(
          (invoice.pre_payment_credit_notes_amount ?? 0) + (invoice.post_payment_credit_notes_amount ?? 0),
          currency,
        ),
        Created_At__c: datetime(invoice.created),
        Finalized_At__c: datetime(transitions.finalized_at),
        Due_Date__c: datetime(invoice.due_date),
        Paid_At__c: datetime(transitions.paid_at),
        Voided_At__c: datetime(transitions.voided_at),
        Uncollectible_At__c: datetime(transitions.marked_uncollectible_at),
        Attempt_Count__c: invoice.attempt_count,
        Next_Payment_Attempt__c: datetime(invoice.next_payment_attempt),
        Last_Payment_Error__c: context.lastPaymentError,
        Hosted_Url__c: text(invoice.hosted_invoice_url),
        Billing_Reason__c: text(invoice.billing_reason),
        Deleted__c: false,
      },
      requires: requiring(['customer', customer], ['subscription', subscription]),
      source: invoice,
    },
  ]
}

function withoutCustomer(invoice: Stripe.Invoice) {
  return permanent(
    `${invoice.number ?? invoice.id} is not in Salesforce: it names no customer. Nothing was written.`,
    {
      code: 'SF-NO-CUSTOMER',
      hint: 'Field customer. Invoices of accounts instead of customers (customer_account) are not covered: take them off in Stripe, or ignore this one with a reason.',
    },
  )
}

/** Only what was really paid: an open or cancelled InvoicePayment is no payment, and projects nothing. */
export function projectPayment(payment: Stripe.InvoicePayment): Draft[] {
  if (payment.status !== 'paid') return []
  const invoice = idOf(payment.invoice)
  const customer =
    typeof payment.invoice === 'object' && 'customer' in payment.invoice
      ? idOf(payment.invoice.customer)
      : undefined
  const intent = payment.payment.payment_intent
  const charge = typeof intent === 'object' ? intent.latest_charge : payment.payment.charge
  const method = typeof charge === 'object' ? charge?.payment_method_details?.type : undefined
  return [
    {
      kind: 'Stripe_Payment__c',
      externalId: payment.id,
      body: {
        Name: payment.id,
        Invoice__c: reference('Stripe_Invoice__c', invoice),
        Customer__c: reference('Stripe_Customer__c', customer),
        Amount__c: amount(payment.amount_paid, payment.currency),
        Currency__c: payment.currency.toUpperCase(),
        Status__c: payment.status,
        Paid_At__c: datetime(payment.status_transitions.paid_at),
        Payment_Intent__c: idOf(intent) ?? null,
        Payment_Record__c: idOf(payment.payment.payment_record) ?? null,
        Charge__c: idOf(charge) ?? null,
        Method__c: method ?? (payment.payment.type === 'payment_record' ? 'out_of_band' : null),
      },
      requires: requiring(['customer', customer], ['invoice', invoice]),
      source: payment,
    },
  ]
}

export function projectCreditNote(note: Stripe.CreditNote): Draft[] {
  const { currency } = note
  const customer = idOf(note.customer)
  const invoice = idOf(note.invoice)
  const refunded = note.refunds.reduce((total, refund) => total + refund.amount_refunded, 0)
  const outOfBand = note.out_of_band_amount ?? 0
  return [
    {
      kind: 'Stripe_Credit_Note__c',
      externalId: note.id,
      body: {
        Name: text(note.number) ?? note.id,
        Invoice__c: reference('Stripe_Invoice__c', invoice),
        Customer__c: reference('Stripe_Customer__c', customer),
        Number__c: text(note.number),
        Status__c: note.status,
        Currency__c: currency.toUpperCase(),
        Subtotal__c: amount(note.subtotal, currency),
        Tax__c: amount(sum(note.total_taxes), currency),
        Total__c: amount(note.total, currency),
        Refunded__c: amount(refunded, currency),
        // After payment a note is refunded, credited to the balance, or settled outside Stripe: Stripe names the
        // first and the last, and the transaction but not the amount of the second.
        Balance_Credited__c: amount(
          note.customer_balance_transaction ? note.post_payment_amount - refunded - outOfBand : 0,
          currency,
        ),
        Out_Of_Band__c: amount(outOfBand, currency),
        Reason__c: text(note.reason),
        Created_At__c: datetime(note.created),
        Voided_At__c: datetime(note.voided_at),
      },
      requires: requiring(['customer', customer], ['invoice', invoice]),
      source: note,
    },
  ]
}

export function projectRefund(refund: Stripe.Refund, { refundOf }: Context): Draft[] {
  return [
    {
      kind: 'Stripe_Refund__c',
      externalId: refund.id,
      body: {
        Name: refund.id,
        Customer__c: reference('Stripe_Customer__c', refundOf.customer),
        Invoice__c: reference('Stripe_Invoice__c', refundOf.invoice),
        Credit_Note__c: reference('Stripe_Credit_Note__c', refundOf.creditNote),
        Amount__c: amount(refund.amount, refund.currency),
        Currency__c: refund.currency.toUpperCase(),
        Status__c: text(refund.status),
        Reason__c: text(refund.reason),
        Failure_Reason__c: text(refund.failure_reason),
        Created_At__c: datetime(refund.created),
        Charge__c: idOf(refund.charge) ?? null,
      },
      requires: requiring(
        ['customer', refundOf.customer],
        ['invoice', refundOf.invoice],
        ['credit_note', refundOf.creditNote],
      ),
      source: refund,
    },
  ]
}
