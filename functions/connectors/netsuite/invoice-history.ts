// What happened to an invoice, as dated facts for an append-only ledger: issued, paid, written off, voided. Derived
// from Stripe's transition history and never from the status, so that a document once posted stays right whatever
// the invoice becomes later. Cases without a document yet are refused here. Amounts in minor units.
import type Stripe from 'stripe'
import { money } from '../../../shared/money/money.ts'
import { idOf } from '../../../shared/stripe/event.ts'
import { notCovered } from './parked.ts'
import { documentName, invoiceLines, isAllZero } from './stripe-fields.ts'

export interface DatedAmount {
  atSeconds: number
  amountMinor: bigint
}

export interface PaymentFact extends DatedAmount {
  /** inpay_… */
  id: string
  outOfBand: boolean
}

export interface InvoiceHistory {
  /** The date on the invoice. */
  issuedAtSeconds: number
  totalMinor: bigint
  payments: PaymentFact[]
  /** What was still open when it was marked uncollectible; undefined when never, or nothing was. */
  writeOff: DatedAmount | undefined
  /** What was still open when it was voided. */
  void: DatedAmount | undefined
}

/** Credit notes of the invoice matter only when something took away the rest: a void or a write-off. */
export function needsCreditNotes(invoice: Stripe.Invoice): boolean {
  const { marked_uncollectible_at, voided_at } = invoice.status_transitions
  return (
    (marked_uncollectible_at !== null || voided_at !== null) && invoice.pre_payment_credit_notes_amount > 0
  )
}

/** Undefined: the books know nothing of it (a draft; nothing but zero lines). @throws permanent for what is not covered. */
export function readHistory(
  invoice: Stripe.Invoice,
  creditNotes: readonly Stripe.CreditNote[],
): InvoiceHistory | undefined {
  const finalizedAt = invoice.status_transitions.finalized_at
  if (invoice.status === 'draft' || !finalizedAt) return undefined
  if (invoice.total === 0 && isAllZero(invoiceLines(invoice))) return undefined
  refuseUncovered(invoice)

  const payments = paidPayments(invoice)
  const uncollectibleAt = invoice.status_transitions.marked_uncollectible_at ?? undefined
  const voidedAt = invoice.status_transitions.voided_at ?? undefined
  const totalMinor = money(invoice.total, invoice.currency).amountMinor
  refuseLaterTurns(invoice, payments, uncollectibleAt, voidedAt)
  refuseUnexplainedPayment(invoice, payments, totalMinor)

  const openAt = (atSeconds: number): DatedAmount | undefined => {
    let amountMinor = totalMinor
    for (const payment of payments) if (payment.atSeconds <= atSeconds) amountMinor -= payment.amountMinor
    for (const note of creditNotes) {
      const stoodThen = note.created <= atSeconds && (note.voided_at === null || note.voided_at > atSeconds)
      if (stoodThen) amountMinor -= money(note.pre_payment_amount, note.currency).amountMinor
    }
    return amountMinor > 0n ? { atSeconds, amountMinor } : undefined
  }

  return {
    issuedAtSeconds: invoice.effective_at ?? finalizedAt,
    totalMinor,
    payments,
    writeOff: uncollectibleAt === undefined ? undefined : openAt(uncollectibleAt),
    void: voidedAt === undefined ? undefined : openAt(voidedAt),
  }
}

function paidPayments(invoice: Stripe.Invoice): PaymentFact[] {
  const payments: PaymentFact[] = []
  for (const payment of invoice.payments?.data ?? []) {
    if (payment.status !== 'paid' || !payment.amount_paid) continue
    payments.push({
      id: payment.id,
      atSeconds: payment.status_transitions.paid_at ?? payment.created,
      amountMinor: money(payment.amount_paid, payment.currency).amountMinor,
      outOfBand: idOf(payment.payment.payment_record) !== undefined,
    })
  }
  return payments.sort((a, b) => a.atSeconds - b.atSeconds || (a.id < b.id ? -1 : 1))
}

function refuseUncovered(invoice: Stripe.Invoice): void {
  const document = documentName(invoice, invoice.total)
  if (invoice.total < 0) {
    throw notCovered({
      code: 'NS-NEGATIVE',
      document,
      why: 'its total is negative, and NetSuite takes no negative invoices.',
      byHand: 'enter a credit memo over the amount, on account.',
      planned: 'a credit memo on account, applied when the customer balance is.',
    })
  }
  const ending = invoice.ending_balance
  if ((ending !== null && ending !== invoice.starting_balance) || invoice.amount_overpaid > 0) {
    throw notCovered({
      code: 'NS-BALANCE',
      document,
      why: 'part of it was settled from, or credited to, the customer balance (fields starting_balance, ending_balance, amount_overpaid).',
      byHand: 'enter the invoice, its payment, and apply the customer credit to the rest.',
      planned: 'the invoice with its payments, and a memo for the balance applied.',
    })
  }
  if (
    invoice.lines.data.some((line) =>
      line.pretax_credit_amounts?.some((credit) => credit.type === 'credit_balance_transaction'),
    )
  ) {
    throw notCovered({
      code: 'NS-BILLING-CREDITS',
      document,
      why: 'billing credits were applied (field pretax_credit_amounts).',
      byHand: 'enter the invoice net of the credits and release the prepaid amount.',
      planned: 'a line per credit grant against the prepaid account.',
    })
  }
  if (invoice.amount_shipping !== 0) {
    throw notCovered({
      code: 'NS-SHIPPING',
      document,
      why: 'it has a shipping cost (field shipping_cost).',
      byHand: 'enter the invoice with a shipping line.',
      planned: 'an item line for shipping.',
    })
  }
}

function refuseLaterTurns(
  invoice: Stripe.Invoice,
  payments: readonly PaymentFact[],
  uncollectibleAt: number | undefined,
  voidedAt: number | undefined,
): void {
  if (uncollectibleAt === undefined) return
  const document = documentName(invoice, invoice.total)
  if (payments.some((payment) => payment.atSeconds > uncollectibleAt)) {
    throw notCovered({
      code: 'NS-PAID-AFTER-WRITE-OFF',
      document,
      why: 'it was paid after it had been written off.',
      byHand: 'enter the recovery: a deposit to the Stripe clearing account against bad debt.',
      planned: 'a dated recovery of the write-off, and the payment applied.',
    })
  }
  if (voidedAt !== undefined) {
    throw notCovered({
      code: 'NS-VOID-AFTER-WRITE-OFF',
      document,
      why: 'it was voided after it had been written off.',
      byHand: 'reclassify the write-off from bad debt to the revenue and tax of the invoice.',
      planned: 'a dated journal that reclassifies the write-off.',
    })
  }
}

/** Never read `invoice.paid` as cash: what made it paid must be in the list of its payments and credit notes. */
function refuseUnexplainedPayment(
  invoice: Stripe.Invoice,
  payments: readonly PaymentFact[],
  totalMinor: bigint,
): void {
  if (invoice.status !== 'paid') return
  let settled = money(invoice.pre_payment_credit_notes_amount, invoice.currency).amountMinor
  for (const payment of payments) settled += payment.amountMinor
  if (settled === totalMinor) return
  throw notCovered({
    code: 'NS-PAID-OTHERWISE',
    document: documentName(invoice, invoice.total),
    why: 'Stripe calls it paid, and its payments and credit notes do not add up to it (marked as paid out of band?).',
    byHand: 'enter the invoice and the payment as it was received.',
    planned: 'a payment to the out-of-band account of hub.config.ts → netsuite.outOfBandAccounts.',
  })
}
