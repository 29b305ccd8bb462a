// The Stripe balance as dated movements, each with the document and the day under which the books are to show it on the
// clearing account. By the promise in the NetSuite README: payments when they succeeded, refunds and disputes on their day,
// payouts when they are at the bank, and fees and everything else with the payout that holds them. PURE.
import type Stripe from 'stripe'
import { dayOf } from '../../shared/calendar.ts'
import type { BalanceEntry, StripeBalance } from '../../shared/close/facts.ts'
import { isWithin, type Period } from '../../shared/close/period.ts'
import { allocate } from '../../shared/money/money.ts'
import type { Day } from '../../shared/recognition/day.ts'
import { idOf, isObject } from '../../shared/stripe/event.ts'
import { balanceNow, type StripeBalanceObjects } from './stripe-balance.ts'
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

type Booked = BalanceEntry['booked']

const REASONS = {
  alone: 'paid without an invoice: not in these books',
  payment: 'bank debits in the balance before they have succeeded, or after they failed',
  refund: 'refunds that the balance shows on another day',
  neverPosted:
    'refunds that failed before they were posted: neither they nor their failures are in the books',
  dispute: 'disputes that the balance shows on another day',
  payout: 'payouts on their way to the bank',
  fee: 'fees, posted with the payout that holds them',
  other: 'other movements, posted with the payout that holds them',
} as const

interface BalanceOptions {
  /** From this day on the books post a fee with its payment or refund, and no payout does. */
  feesFrom?: Day | undefined
  /** Refunds that failed before they were posted. */
  neverPosted?: ReadonlySet<string>
}

export function balanceOf(
  objects: StripeBalanceObjects,
  period: Period,
  { feesFrom, neverPosted = new Set() }: BalanceOptions = {},
): StripeBalance {
  const place = placer(objects, period.timeZone, feesFrom, neverPosted)
  const entries = objects.balanceTransactions.flatMap((transaction) => place(transaction))
  return {
    entries,
    nowMinor: balanceNow(objects.balance),
    payouts: objects.payouts
      .filter((payout) => isPayoutFinal(payout) && isWithin(arrivalDay(payout, period.timeZone), period))
      .map((payout) => ({
        id: payout.id,
        currency: currencyOf(payout),
        amountMinor: BigInt(payout.amount),
        entriesMinor: payout.automatic ? entriesOf(payout.id, objects) : undefined,
        day: arrivalDay(payout, period.timeZone),
      })),
  }
}

/** Net of what the payout is made of: not its own transaction, but that of an earlier one that came back. */
const entriesOf = (payout: string, { balanceTransactions, paidOutWith }: StripeBalanceObjects): bigint =>
  balanceTransactions
    .filter(({ id, source }) => paidOutWith.get(id) === payout && idOf(source) !== payout)
    .reduce((total, { net }) => total + BigInt(net), 0n)

function placer(
  objects: StripeBalanceObjects,
  timeZone: string,
  feesFrom: Day | undefined,
  neverPosted: ReadonlySet<string>,
) {
  const bySource = paymentsBySource(objects)
  const transactions = transactionsById(objects)
  const payouts = new Map(objects.payouts.map((payout) => [payout.id, payout]))
  const atBank = (id: string | undefined): Booked => {
    const payout = payouts.get(id ?? '')
    if (!payout || !isPayoutFinal(payout)) return undefined
    return { document: payout.id, day: arrivalDay(payout, timeZone) }
  }

  const reasonOf = (refund: Source): string => {
    if (paidWith(refund, bySource).length === 0) return REASONS.alone
    return neverPosted.has(refund.id) ? REASONS.neverPosted : REASONS.refund
  }

  return (transaction: Stripe.BalanceTransaction): BalanceEntry[] => {
    const day = dayOf(transaction.created, timeZone)
    const currency = currencyOf(transaction)
    const entry = (id: string, amountMinor: bigint, booked: Booked, reason: string): BalanceEntry => ({
      id,
      currency,
      amountMinor,
      day,
      ...(booked && { booked }),
      reason,
    })
    const held = atBank(objects.paidOutWith.get(transaction.id))
    const amountMinor = BigInt(transaction.amount)
    const source = sourceOf(transaction)
    const kind = kindOf(transaction)
    if (kind === 'dispute') {
      const known = paidWith(source, bySource).length > 0
      const booked = known ? { document: `${source.id}-${transaction.id}`, day } : undefined
      const reason = known ? REASONS.dispute : REASONS.alone
      return [entry(transaction.id, BigInt(transaction.net), booked, reason)]
    }
    const feeEntry = (amount: bigint, booked: Booked) =>
      entry(`${transaction.id} fee`, -amount, booked, REASONS.fee)
    const withFee = (main: BalanceEntry[], bookedFee: Booked): BalanceEntry[] =>
      transaction.fee === 0 ? main : [...main, feeEntry(BigInt(transaction.fee), bookedFee)]
    const hasOwnFee = feesFrom !== undefined && day >= feesFrom
    /** Of a refund, or of its return: beside it, or in the payout. */
    const feeBeside = (booked: Booked): Booked =>
      hasOwnFee ? booked && { ...booked, document: `${booked.document}-fee` } : held
    switch (kind) {
      case 'charge': {
        // Another try under the same payment intent may have paid: this one did not.
        const payments =
          source.status === 'failed' ? [] : paidWith({ ...source, charge: source.id }, bySource)
        if (payments.length === 0) {
          const reason = source.status === 'succeeded' ? REASONS.alone : REASONS.payment
          return withFee(
            [entry(transaction.id, amountMinor, undefined, reason)],
            hasOwnFee ? undefined : held,
          )
        }
        const shares = allocate(
          amountMinor,
          payments.map(({ amount_paid }) => BigInt(amount_paid ?? 0)),
        )
        const main = payments.map((payment, index) =>
          entry(
            transaction.id,
            shares[index] ?? 0n,
            { document: payment.id, day: paidDay(payment, timeZone) },
            REASONS.payment,
          ),
        )
        if (!hasOwnFee) return withFee(main, held)
        const fees = feesByPayment(transaction, payments).map(({ payment, feeMinor }) =>
          feeEntry(feeMinor, { document: `${payment.id}-fee`, day: paidDay(payment, timeZone) }),
        )
        return [...main, ...fees]
      }
      case 'charge failure': {
        // The debit was never a payment: neither it nor its return is in the books.
        return withFee(
          [entry(transaction.id, amountMinor, undefined, REASONS.payment)],
          hasOwnFee ? undefined : held,
        )
      }
      case 'refund':
      case 'refund failure': {
        const reason = reasonOf(source)
        const document =
          kind === 'refund'
            ? { document: source.id, day: dayOf(source.created, timeZone) }
            : { document: `${source.id}-failed`, day }
        const booked = reason === REASONS.refund ? document : undefined
        return withFee([entry(transaction.id, amountMinor, booked, reason)], feeBeside(booked))
      }
      case 'payout':
        return withFee(
          [entry(transaction.id, amountMinor, atBank(source.id), REASONS.payout)],
          atBank(source.id),
        )
      case 'payout return': {
        const payout = payouts.get(source.id)
        const returned = payout && returnedDay(payout, transactions, timeZone)
        // One that was canceled never left: neither document stands.
        const booked =
          atBank(source.id) && returned ? { document: `${source.id}-failed`, day: returned } : undefined
        return [entry(transaction.id, amountMinor, booked, REASONS.payout)]
      }
      default:
        return withFee([entry(transaction.id, amountMinor, held, REASONS.other)], held)
    }
  }
}

/** One fee for several payments: each takes the sum up to it, rounded down, less what those before it took; tax apart. */
function feesByPayment(
  { fee, fee_details }: Stripe.BalanceTransaction,
  payments: readonly Stripe.InvoicePayment[],
): { payment: Stripe.InvoicePayment; feeMinor: bigint }[] {
  const tax = fee_details.filter(({ type }) => type === 'tax').reduce((sum, { amount }) => sum + amount, 0)
  const parts = [BigInt(fee - tax), BigInt(tax)]
  const paidAt = (payment: Stripe.InvoicePayment) => payment.status_transitions.paid_at ?? payment.created
  const inOrder = [...payments].sort((a, b) => paidAt(a) - paidAt(b) || (a.id < b.id ? -1 : 1))
  const wholeMinor = inOrder.reduce((sum, { amount_paid }) => sum + BigInt(amount_paid ?? 0), 0n)
  let beforeMinor = 0n
  return inOrder.map((payment) => {
    const untilMinor = beforeMinor + BigInt(payment.amount_paid ?? 0)
    const shareOf = (part: bigint) =>
      wholeMinor === 0n ? 0n : (part * untilMinor) / wholeMinor - (part * beforeMinor) / wholeMinor
    const feeMinor = parts.reduce((sum, part) => sum + shareOf(part), 0n)
    beforeMinor = untilMinor
    return { payment, feeMinor }
  })
}

interface Source {
  id: string
  created: number
  status: string | undefined
  payment_intent: unknown
  charge: unknown
}

function sourceOf({ source }: Stripe.BalanceTransaction): Source {
  const fields: unknown = source
  const { payment_intent, charge, status, created }: Record<string, unknown> = isObject(fields) ? fields : {}
  return {
    id: idOf(source) ?? '',
    created: typeof created === 'number' ? created : 0,
    status: typeof status === 'string' ? status : undefined,
    payment_intent,
    charge,
  }
}

/** https://docs.stripe.com/reports/balance-transaction-types */
function kindOf({ type, reporting_category }: Stripe.BalanceTransaction) {
  if (reporting_category.startsWith('dispute')) return 'dispute'
  switch (type) {
    case 'charge':
    case 'payment':
      return 'charge'
    case 'payment_failure_refund':
      return 'charge failure'
    case 'refund':
    case 'payment_refund':
      return 'refund'
    case 'refund_failure':
      return 'refund failure'
    case 'payout':
      return 'payout'
    case 'payout_failure':
    case 'payout_cancel':
      return 'payout return'
    default:
      return 'other'
  }
}
