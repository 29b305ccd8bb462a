// What became of an invoice's payments in the Stripe balance: in which currency they were settled, and what Stripe kept of
// them where fees are posted with payments. Facts that never change: asked until the payment is posted, in one call for both.
import type Stripe from 'stripe'
import { type Gathering, recordKey } from '../../../shared/connector/contract.ts'
import { money } from '../../../shared/money/money.ts'
import type { NeedsSources } from './basic-needs.ts'
import { type DocumentName, type Fees, type KeptChoices, RECORDS, type Settlement } from './books.ts'
import { hasOnlyOwnClearing } from './clearing.ts'
import { feesOf, hasOwnFee, isNoFee, noFees, shareOf } from './fees.ts'
import { type PaymentFact, settledThrough } from './invoice-history.ts'
import { isPosted } from './known-records.ts'
import type { Root } from './project.ts'
import type { StripeReads } from './stripe-reads.ts'

export interface SettledPayments {
  /** By payment intent, or charge without one. Kept are those in another currency alone; a posted payment without one was settled in its own. */
  settlements: Record<string, Settlement>
  /** By payment; zero where the fee comes with a payout. */
  fees: Record<string, Fees>
}

export async function settledPayments(
  invoice: Stripe.Invoice,
  payments: readonly PaymentFact[],
  gathering: Gathering<Root>,
  kept: KeptChoices,
  { config, reads }: NeedsSources,
): Promise<SettledPayments> {
  const found: SettledPayments = { settlements: {}, fees: {} }
  for (const payment of payments) {
    const { id, outOfBand } = payment
    const through = settledThrough(payment)
    if (outOfBand || through === undefined) continue
    const isNew = !isPosted(gathering, recordKey(RECORDS.payment(id)))
    const wantsSettlement =
      kept.settlements[through] === undefined && isNew && !hasOnlyOwnClearing(invoice.currency, config)
    // A balance transaction is made no later than its payment succeeds.
    const wantsFee = kept.fees[id] === undefined && hasOwnFee(payment.atSeconds, config)
    const charge = wantsSettlement || wantsFee ? await reads.settledCharge(payment) : undefined
    const settlement = kept.settlements[through] ?? (wantsSettlement ? charge?.settlement : undefined)
    if (settlement) found.settlements[through] = settlement
    const taken =
      kept.fees[id] ??
      (wantsFee && charge ? await feesOfPayment(payment, charge, { config, reads }) : undefined)
    if (taken) found.fees[id] = taken
  }
  return found
}

async function feesOfPayment(
  { id, amountMinor, paymentIntentId }: PaymentFact,
  { settlement, transaction }: { settlement: Settlement; transaction: Stripe.BalanceTransaction },
  { config, reads }: Pick<NeedsSources, 'config' | 'reads'>,
): Promise<Fees> {
  if (!hasOwnFee(transaction.created, config)) return noFees(transaction.currency)
  const taken = feesOf(transaction)
  const chargedMinor = BigInt(settlement.chargedMinor)
  if (amountMinor === chargedMinor) return taken
  // A charge without a payment intent paid one invoice.
  const beforeMinor = paymentIntentId === undefined ? 0n : await paidBefore(id, paymentIntentId, reads)
  return shareOf(taken, { beforeMinor, ownMinor: amountMinor, chargedMinor })
}

/** What the charge had paid before, of this invoice or others. */
async function paidBefore(id: string, paymentIntentId: string, reads: StripeReads): Promise<bigint> {
  const paid = (await reads.invoicePaymentsOf(paymentIntentId))
    .filter(({ status }) => status === 'paid')
    .map((payment) => ({
      id: payment.id,
      atSeconds: payment.status_transitions.paid_at ?? payment.created,
      amountMinor: money(payment.amount_paid ?? 0, payment.currency).amountMinor,
    }))
    .sort((a, b) => a.atSeconds - b.atSeconds || (a.id < b.id ? -1 : 1))
  const own = paid.findIndex((payment) => payment.id === id)
  return paid.slice(0, Math.max(own, 0)).reduce((sum, { amountMinor }) => sum + amountMinor, 0n)
}

/** A fee bears the date of its payment. */
export const feeDates = (
  payments: readonly PaymentFact[],
  fees: Readonly<Record<string, Fees>>,
): [DocumentName, number][] =>
  payments.flatMap(({ id, atSeconds }): [DocumentName, number][] => {
    const taken = fees[id]
    return taken && !isNoFee(taken) ? [[RECORDS.fee(id), atSeconds]] : []
  })
