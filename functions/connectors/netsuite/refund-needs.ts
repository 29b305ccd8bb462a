// What a refund needs to know: the credit notes that explain it, the invoice behind its payment, and what Stripe made of it.
import type Stripe from 'stripe'
import type { Gathering } from '../../../shared/connector/contract.ts'
import { idOf } from '../../../shared/stripe/event.ts'
import { namedBy } from '../../../shared/stripe/refund-parts.ts'
import { type BasicNeeds, type NeedsSources, NOTHING, ofInvoice, ofLines } from './basic-needs.ts'
import {
  type DocumentName,
  type Fees,
  type KeptChoices,
  type PaidAgain,
  RECORDS,
  type RefundSource,
  type Settlement,
} from './books.ts'
import { hasOnlyOwnClearing, settlementOf } from './clearing.ts'
import { feesOf, hasOwnFee, isNoFee, noFees } from './fees.ts'
import { isPosted } from './known-records.ts'
import type { Root } from './project.ts'
import { refundDates } from './project-refund.ts'
import { invoiceLines } from './stripe-fields.ts'

export interface RefundNeeds {
  root: 'refund'
  source: RefundSource | undefined
  settlement: Settlement | undefined
  /** Of the refund and of its failure. */
  fees: Record<string, Fees>
}

/** From the refund to its credit notes: payment → invoice payments → invoice → the credit notes that name it. */
export async function needsOfRefund(
  refund: Stripe.Refund,
  gathering: Gathering<Root>,
  kept: KeptChoices,
  { config, reads, failedRefunds }: NeedsSources,
): Promise<BasicNeeds & RefundNeeds> {
  const nothing: BasicNeeds & RefundNeeds = {
    root: 'refund',
    source: undefined,
    settlement: undefined,
    fees: {},
    customerId: idOf(refund.customer),
    customerFacts: undefined,
    currency: refund.currency,
    ...NOTHING,
  }
  const paymentIntentId = idOf(refund.payment_intent)
  const isStanding = isPosted(gathering, `customerRefund/${refund.id}`)
  const isInBooks = refund.status === 'succeeded' || isStanding
  if (!isInBooks || paymentIntentId === undefined) return nothing
  const payments = await reads.invoicePaymentsOf(paymentIntentId)
  const invoiceIds = [...new Set(payments.flatMap((payment) => idOf(payment.invoice) ?? []))]
  const first = invoiceIds[0]
  if (first === undefined) return nothing
  const notes: Stripe.CreditNote[] = []
  for (const each of invoiceIds) notes.push(...(await reads.creditNotesOf(each)))
  // Posted in place of a refund that failed, it stays that, whatever credit note names it later.
  const keptAgain = isStanding ? kept.again : undefined
  const creditNotes = isWholly(keptAgain, refund) ? [] : namedBy(refund, notes)
  const namedMinor = creditNotes.reduce((sum, { amountMinor }) => sum + amountMinor, 0n)
  const again =
    keptAgain ??
    (isStanding || namedMinor >= BigInt(refund.amount)
      ? []
      : await failedRefunds.paidBy(refund, paymentIntentId, notes, reads))
  const explainedMinor = namedMinor + sumOf(again)
  const invoice = await reads.wholeInvoice(first)
  const takesLines = config.refundsWithoutCreditNote === 'revenue-and-tax'
  const isForeign = !isStanding && !hasOnlyOwnClearing(refund.currency, config)
  const wantsSettlement = kept.settlements[refund.id] === undefined && isForeign
  const wantsFee = kept.fees[refund.id] === undefined && hasOwnFee(refund.created, config)
  const own =
    wantsSettlement || wantsFee ? await reads.balanceTransaction(refund.balance_transaction) : undefined
  const settlement =
    kept.settlements[refund.id] ?? (own && wantsSettlement ? settlementOf(own, refund) : undefined)
  const back = await reads.balanceTransaction(refund.failure_balance_transaction)
  const failedId = `${refund.id}-failed`
  const fees = {
    ...kept.fees,
    ...(own && wantsFee && { [refund.id]: feeOf(own, config) }),
    ...(back &&
      kept.fees[failedId] === undefined &&
      hasOwnFee(back.created, config) && { [failedId]: feesOf(back) }),
  }
  return {
    root: 'refund',
    ...ofInvoice(invoice),
    ...(takesLines ? ofLines(invoiceLines(invoice)) : NOTHING),
    source: {
      invoiceId: first,
      customerId: idOf(invoice.customer) ?? idOf(refund.customer),
      creditNotes: creditNotes.map(({ noteId, amountMinor }) => ({
        id: noteId,
        amountRefunded: Number(amountMinor),
      })),
      again,
      ...(takesLines && { invoice }),
      ...(back && { failure: { atSeconds: back.created, settlement: settlementOf(back, refund) } }),
    },
    settlement,
    fees,
    documents: [
      ...refundDates(refund, back?.created, explainedMinor !== BigInt(refund.amount)),
      ...feeDates(refund, fees, back),
    ],
    settledIn: [
      settlement?.currency,
      back?.currency.toUpperCase(),
      ...Object.values(fees).map(({ currency }) => currency),
    ].filter((each) => each !== undefined),
  }
}

const sumOf = (again: readonly PaidAgain[]): bigint =>
  again.reduce((sum, { amountMinor }) => sum + BigInt(amountMinor), 0n)

const isWholly = (again: readonly PaidAgain[] | undefined, refund: Stripe.Refund): boolean =>
  again !== undefined && sumOf(again) === BigInt(refund.amount)

const feeOf = (transaction: Stripe.BalanceTransaction, config: NeedsSources['config']): Fees =>
  hasOwnFee(transaction.created, config) ? feesOf(transaction) : noFees(transaction.currency)

function feeDates(
  { id, created }: Stripe.Refund,
  fees: Readonly<Record<string, Fees>>,
  back: Stripe.BalanceTransaction | undefined,
): [DocumentName, number][] {
  const dates: [string, number][] = [
    [id, created],
    [`${id}-failed`, back?.created ?? created],
  ]
  return dates.flatMap(([stripeId, atSeconds]): [DocumentName, number][] => {
    const taken = fees[stripeId]
    return taken && !isNoFee(taken) ? [[RECORDS.fee(stripeId), atSeconds]] : []
  })
}
