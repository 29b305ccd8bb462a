// Stripe's fees for payments and refunds. As a rule they are posted with the payout that holds them. Only automatic payouts
// tell what they hold, so from a day that the configuration names each fee is a journal of its own, beside the payment or
// refund it was taken for, and no payout posts it: which of the two goes by the day of the balance transaction alone, so
// that no fee is posted twice when payouts become manual, automatic or instant. PURE.
// https://docs.stripe.com/payouts/reconciliation: "Stripe can't identify which transactions are included" in manual ones.
import type Stripe from 'stripe'
import { dayOf } from '../../../shared/calendar.ts'
import type { RemoteRecord } from '../../../shared/connector/contract.ts'
import { type Money, money } from '../../../shared/money/money.ts'
import type { DocumentChoices, DocumentName, Fees } from './books.ts'
import { clearingAccount } from './clearing.ts'
import type { NetSuiteConfig } from './config.ts'
import { type Head, mapped } from './document-head.ts'
import { type JournalLine, journalRecord } from './journals.ts'

/** Whether the fee of a balance transaction of this moment is posted with its payment or refund. */
export function hasOwnFee(createdSeconds: number, { payouts, timeZone }: NetSuiteConfig): boolean {
  const from = payouts?.feesWithPaymentsFrom
  return from !== undefined && dayOf(createdSeconds, timeZone) >= from
}

export function feesOf(transaction: Stripe.BalanceTransaction): Fees {
  const { currency, fee, fee_details } = transaction
  const taxMinor = fee_details
    .filter(({ type }) => type === 'tax')
    .reduce((sum, { amount }) => sum + money(amount, currency).amountMinor, 0n)
  const feeMinor = money(fee, currency).amountMinor - taxMinor
  return {
    currency: currency.toUpperCase(),
    feeMinor: feeMinor.toString(),
    taxMinor: taxMinor.toString(),
  }
}

/** What is kept where the fee comes with a payout, so that Stripe is not asked again. */
export const noFees = (currency: string): Fees => ({
  currency: currency.toUpperCase(),
  feeMinor: '0',
  taxMinor: '0',
})

export const isNoFee = (taken: Fees): boolean => taken.feeMinor === '0' && taken.taxMinor === '0'

/**
 * The share of one of several payments that a charge made: each takes what the sum up to it comes to, rounded down, less what
 * those before it took. A payment that is attached later changes none before it.
 */
export function shareOf(
  taken: Fees,
  { beforeMinor, ownMinor, chargedMinor }: { beforeMinor: bigint; ownMinor: bigint; chargedMinor: bigint },
): Fees {
  const share = (text: string): string => {
    const whole = BigInt(text)
    const upTo = (minor: bigint): bigint => (whole * minor) / chargedMinor
    return (upTo(beforeMinor + ownMinor) - upTo(beforeMinor)).toString()
  }
  return { ...taken, feeMinor: share(taken.feeMinor), taxMinor: share(taken.taxMinor) }
}

/** @param of the payment or refund: the fee bears its date. */
export function feeRecord(
  name: DocumentName,
  of: Pick<Head, 'document' | 'stripeId' | 'number' | 'atSeconds'>,
  taken: Fees | undefined,
  choices: DocumentChoices,
  config: NetSuiteConfig,
): RemoteRecord[] {
  if (!taken || isNoFee(taken)) return []
  const { currency } = taken
  const head: Head = {
    ...of,
    record: name,
    title: 'Fee',
    document: `Stripe fee of ${of.document}`,
    // No customer is concerned in it.
    customerId: undefined,
    currency,
  }
  const { books } = choices
  const own = {
    ...books,
    currencyId: books.currencyIds?.[currency] ?? books.currencyId,
    clearingId: books.clearing?.[currency] ?? books.clearingId,
  }
  const fee = mapped(books.feeId, head, {
    code: 'NS-PAYOUT',
    why: "no account is mapped for Stripe's fees.",
    where: 'netsuite.payouts.feeAccount',
  })
  const amount = (minor: string): Money => ({ amountMinor: BigInt(minor), currency })
  const lines: JournalLine[] = [
    { account: fee, side: 'debit', amount: amount(taken.feeMinor), memo: 'Stripe fees' },
    {
      account: books.feeTaxId ?? fee,
      side: 'debit',
      amount: amount(taken.taxMinor),
      memo: 'Tax on Stripe fees',
    },
    {
      account: clearingAccount(head, currency, own),
      side: 'credit',
      amount: amount((BigInt(taken.feeMinor) + BigInt(taken.taxMinor)).toString()),
      memo: 'Taken from the Stripe balance',
    },
  ]
  return [journalRecord(head, lines, { ...choices, books: own }, config)]
}
