// What happened to an invoice, as dated facts for an append-only ledger: issued, settled from the customer's balance,
// paid, credited, written off, voided. Derived from Stripe's transition history and never from the status, so that a
// document once posted stays right whatever the invoice becomes later. Amounts in minor units. What each fact settles
// is receivable.ts.
import type Stripe from 'stripe'
import { money } from '../../../shared/money/money.ts'
import { idOf } from '../../../shared/stripe/event.ts'
import { RECORDS } from './books.ts'
import { parked } from './parked.ts'
import { documentName, sellsNothing } from './stripe-fields.ts'

export interface DatedAmount {
  atSeconds: number
  amountMinor: bigint
}

export interface PaymentFact extends DatedAmount {
  /** inpay_…; `in_…-outofband` for what Stripe calls paid outside itself without listing a payment. */
  id: string
  outOfBand: boolean
  paymentIntentId: string | undefined
  /** Of a payment from before payment intents; absent: it has one, or none of the two. */
  chargeId?: string | undefined
}

/** What Stripe settled: a payment intent, or a charge that has none. */
export const settledThrough = ({ paymentIntentId, chargeId }: PaymentFact): string | undefined =>
  paymentIntentId ?? chargeId

/** The part of a credit note that lowers what is still owed. */
export interface NoteFact extends DatedAmount {
  /** cn_…; undefined where only their sum is known. */
  id: string | undefined
  voidedAtSeconds: number | undefined
}

export interface InvoiceHistory {
  /** The date on the invoice. */
  issuedAtSeconds: number
  finalizedAtSeconds: number
  /** May be negative. */
  totalMinor: bigint
  /** Out of the customer's balance at finalization; negative: put onto the invoice, or given to the customer. */
  balanceMinor: bigint
  payments: PaymentFact[]
  notes: NoteFact[]
  writtenOffAtSeconds: number | undefined
  voidedAtSeconds: number | undefined
  /** What the void gave back to the customer's balance. */
  unappliedMinor: bigint
  /** Credited to the customer's balance because more was paid than was owed. */
  overpaidMinor: bigint
}

/** What an invoice's history takes from beside the invoice. */
interface HistorySources {
  creditNotes: readonly Stripe.CreditNote[]
  /** The invoice's movements of the customer's balance; undefined: not asked for, or the customer is deleted. */
  balance?: readonly Stripe.CustomerBalanceTransaction[] | undefined
  /** The journal that gave back the credit used stands: known still when the customer, and its balance with it, is gone. */
  isUnapplied?: boolean
}

/** Credit notes of the invoice matter only when something took away the rest: a void or a write-off. */
export function needsCreditNotes(invoice: Stripe.Invoice): boolean {
  const { marked_uncollectible_at, voided_at } = invoice.status_transitions
  return (
    (marked_uncollectible_at !== null || voided_at !== null) && invoice.pre_payment_credit_notes_amount > 0
  )
}

/** Whether the customer's balance moved with the invoice. Ending is null until it is finalized. */
export const movesBalance = (invoice: Stripe.Invoice): boolean =>
  (invoice.ending_balance !== null && invoice.ending_balance !== invoice.starting_balance) ||
  invoice.amount_overpaid > 0

/** Undefined: the books know nothing of it (a draft; nothing sold, and nothing owed from before). @throws permanent for what does not add up. */
export function readHistory(
  invoice: Stripe.Invoice,
  { creditNotes, balance, isUnapplied = false }: HistorySources,
): InvoiceHistory | undefined {
  const finalizedAtSeconds = invoice.status_transitions.finalized_at
  if (invoice.status === 'draft' || !finalizedAtSeconds) return undefined
  if (sellsNothing(invoice) && !movesBalance(invoice)) return undefined
  const voidedAtSeconds = invoice.status_transitions.voided_at ?? undefined
  const minor = (amount: number): bigint => money(amount, invoice.currency).amountMinor
  const balanceMinor = minor((invoice.ending_balance ?? invoice.starting_balance) - invoice.starting_balance)
  refuseOtherBalance(invoice, balanceMinor, balance)
  return {
    issuedAtSeconds: invoice.effective_at ?? finalizedAtSeconds,
    finalizedAtSeconds,
    totalMinor: minor(invoice.total),
    balanceMinor,
    payments: paidPayments(invoice),
    notes: noteFacts(invoice, creditNotes),
    writtenOffAtSeconds: invoice.status_transitions.marked_uncollectible_at ?? undefined,
    voidedAtSeconds,
    unappliedMinor: voidedAtSeconds === undefined ? 0n : unapplied(),
    overpaidMinor: minor(invoice.amount_overpaid),
  }

  function unapplied(): bigint {
    if (balance) return -sumOf(balance, ['unapplied_from_invoice'])
    return isUnapplied ? balanceMinor : 0n
  }
}

function noteFacts(invoice: Stripe.Invoice, creditNotes: readonly Stripe.CreditNote[]): NoteFact[] {
  const finalizedAt = invoice.status_transitions.finalized_at ?? invoice.created
  if (creditNotes.length === 0) {
    const amountMinor = money(invoice.pre_payment_credit_notes_amount, invoice.currency).amountMinor
    return amountMinor === 0n
      ? []
      : [{ id: undefined, atSeconds: finalizedAt, amountMinor, voidedAtSeconds: undefined }]
  }
  return creditNotes
    .filter((note) => note.pre_payment_amount > 0)
    .map((note) => ({
      id: note.id,
      atSeconds: note.created,
      amountMinor: money(note.pre_payment_amount, note.currency).amountMinor,
      voidedAtSeconds: note.voided_at ?? undefined,
    }))
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
      paymentIntentId: idOf(payment.payment.payment_intent),
      chargeId: idOf(payment.payment.charge),
    })
  }
  const offStripe = offStripePayment(invoice, payments)
  if (offStripe) payments.push(offStripe)
  return payments.sort((a, b) => a.atSeconds - b.atSeconds || (a.id < b.id ? -1 : 1))
}

/** Marked as paid outside Stripe without a payment record of its own: what the invoice says and its payments do not. */
function offStripePayment(
  invoice: Stripe.Invoice,
  payments: readonly PaymentFact[],
): PaymentFact | undefined {
  const { paid_at } = invoice.status_transitions
  const saidMinor = money(invoice.amount_paid_off_stripe ?? 0, invoice.currency).amountMinor
  const amountMinor = payments
    .filter(({ outOfBand }) => outOfBand)
    .reduce((rest, payment) => rest - payment.amountMinor, saidMinor)
  if (paid_at === null || amountMinor <= 0n) return undefined
  const { externalId } = RECORDS.offStripe(invoice.id)
  return { id: externalId, atSeconds: paid_at, amountMinor, outOfBand: true, paymentIntentId: undefined }
}

/** Stripe's own list must say the same as the invoice, or one of the two is not what the hub takes it for. */
function refuseOtherBalance(
  invoice: Stripe.Invoice,
  balanceMinor: bigint,
  balance: HistorySources['balance'],
): void {
  if (!balance) return
  const listed = sumOf(balance, ['applied_to_invoice', 'invoice_too_small', 'invoice_too_large'])
  const overpaid = -sumOf(balance, ['invoice_overpaid'])
  if (listed === balanceMinor && overpaid === BigInt(invoice.amount_overpaid)) return
  throw parked({
    code: 'NS-BALANCE',
    document: documentName(invoice, invoice.total),
    why: "the movements of the customer's balance in Stripe do not add up to it (fields starting_balance, ending_balance, amount_overpaid).",
    hint: `Engineering: compare the invoice with GET /v1/customers/${idOf(invoice.customer)}/balance_transactions?invoice=${invoice.id}, then: hub replay ${invoice.id}`,
  })
}

function sumOf(balance: HistorySources['balance'], types: readonly string[]): bigint {
  return (balance ?? [])
    .filter(({ type }) => types.includes(type))
    .reduce((sum, { amount, currency }) => sum + money(amount, currency).amountMinor, 0n)
}
