// Who paid what, and when, out of Stripe's objects: looked up by movements, balance and receivables alike. PURE.
import type Stripe from 'stripe'
import { dayOf } from '../../shared/calendar.ts'
import type { Day } from '../../shared/recognition/day.ts'
import { idOf } from '../../shared/stripe/event.ts'
import type { StripeBalanceObjects } from './stripe-balance.ts'

const DAY_SECONDS = 86_400

export const currencyOf = ({ currency }: { currency: string }): string => currency.toUpperCase()

export const paidDay = (payment: Stripe.InvoicePayment, timeZone: string): Day =>
  dayOf(payment.status_transitions.paid_at ?? payment.created, timeZone)

/** An arrival at midnight UTC is a date that Stripe wrote as an instant, not a moment of the day before. */
export const arrivalDay = ({ arrival_date }: Stripe.Payout, timeZone: string): Day =>
  dayOf(arrival_date, arrival_date % DAY_SECONDS === 0 ? 'UTC' : timeZone)

/** When the bank sent a payout back, or a refund's money returned: its own balance transaction says so. */
export function returnedDay(
  object: { failure_balance_transaction?: unknown },
  transactions: ReadonlyMap<string, Stripe.BalanceTransaction>,
  timeZone: string,
): Day | undefined {
  const transaction = transactions.get(idOf(object.failure_balance_transaction) ?? '')
  return transaction && dayOf(transaction.created, timeZone)
}

export const transactionsById = ({ balanceTransactions }: StripeBalanceObjects) =>
  new Map(balanceTransactions.map((transaction) => [transaction.id, transaction]))

/** Invoice payments by the payment intent, or by the charge that has none. */
export function paymentsBySource({ payments }: StripeBalanceObjects): Map<string, Stripe.InvoicePayment[]> {
  return Map.groupBy(payments, ({ payment }) => idOf(payment.payment_intent) ?? idOf(payment.charge) ?? '')
}

/** Those that the payment of a charge, refund or dispute was for; none: no invoice knows it. */
export function paidWith(
  object: { payment_intent?: unknown; charge?: unknown },
  bySource: ReadonlyMap<string, Stripe.InvoicePayment[]>,
): Stripe.InvoicePayment[] {
  const intent = idOf(object.payment_intent)
  const charge = idOf(object.charge)
  return bySource.get(intent ?? '-') ?? bySource.get(charge ?? '-') ?? []
}

/** Automatic ones once Stripe has itemized them; manual and instant ones cannot be, and count once they are paid. */
export const isPayoutFinal = ({ automatic, reconciliation_status, status }: Stripe.Payout): boolean =>
  automatic ? reconciliation_status === 'completed' : status === 'paid' || status === 'failed'
