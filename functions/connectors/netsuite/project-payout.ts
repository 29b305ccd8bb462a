// A payout as one journal: the bank has what Stripe sent, Stripe's fees are spent, and the clearing account is less by
// both. Automatic ones when Stripe has told which movements they are made of (`payout.paid` is only an expectation);
// manual and instant ones cannot be itemized and are posted by their amount once they are paid. What the bank sends back is
// a second journal. Dated when the money is at the bank. PURE.
// https://docs.stripe.com/payouts/reconciliation: "Stripe can't identify which transactions are included" in manual ones.
import type Stripe from 'stripe'
import { dayOf } from '../../../shared/calendar.ts'
import type { RemoteRecord } from '../../../shared/connector/contract.ts'
import { type Money, money } from '../../../shared/money/money.ts'
import { type Context, type DocumentName, RECORDS, type When } from './books.ts'
import { clearingAccount } from './clearing.ts'
import type { NetSuiteConfig } from './config.ts'
import { type Head, headsOf, mapped } from './document-head.ts'
import { type JournalLine, journalRecord, transfer } from './journals.ts'
import { documentName } from './stripe-fields.ts'

const DAY_SECONDS = 86_400

type PayoutContext = Omit<Extract<Context, { root: 'payout' }>, 'root'>

/** Stripe has told of which balance transactions an automatic payout is made. */
export const isItemized = (payout: Stripe.Payout): boolean => payout.reconciliation_status === 'completed'

/**
 * The day at the bank. `arrival_date` is that day at midnight UTC, also when the payout is made on the same day and it is
 * past already: read in a zone west of UTC, it would be the day before. Reading: an instant at another time of day, which
 * no documentation shows, is an instant.
 * https://docs.stripe.com/api/payouts/object (1680652800) · https://github.com/BanchanArt/banchan/issues/757
 */
export function arrivalOf({ arrival_date }: Stripe.Payout): When {
  return arrival_date % DAY_SECONDS === 0 ? dayOf(arrival_date, 'UTC') : arrival_date
}

export const payoutDates = (
  payout: Stripe.Payout,
  returnedAtSeconds: number | undefined,
): [DocumentName, When][] => [
  [RECORDS.payout(payout.id), arrivalOf(payout)],
  ...(returnedAtSeconds === undefined
    ? []
    : [[RECORDS.failedPayout(payout.id), returnedAtSeconds] as [DocumentName, When]]),
]

export function projectPayout(
  payout: Stripe.Payout,
  context: PayoutContext,
  config: NetSuiteConfig,
): RemoteRecord[] {
  const { sums, posted, returnedAtSeconds } = context
  const isDue = payout.automatic ? isItemized(payout) : payout.status === 'paid'
  if (!sums || !(isDue || posted)) return []
  const head = headsOf({
    document: `Payout ${documentName(payout, payout.amount)}`,
    title: 'Payout',
    number: null,
    stripeId: payout.id,
    customerId: undefined,
    currency: payout.currency,
  })
  const arrival = arrivalOf(payout)
  const top: Head = {
    ...head(RECORDS.payout(payout.id), 'Payout', payout.arrival_date),
    ...(typeof arrival === 'string' && { day: arrival }),
  }
  const records = [journalRecord(top, payoutLines(top, payout, context, config), context, config)]
  if (payout.status === 'failed' && returnedAtSeconds !== undefined) {
    const back = head(RECORDS.failedPayout(payout.id), 'Failed payout', returnedAtSeconds)
    const memo = `Sent back by the bank: ${payout.failure_code ?? 'no reason given'}`
    const lines = transfer(
      { account: bankAccount(back, context), memo },
      { account: clearingAccount(back, payout.currency.toUpperCase(), context.books), memo },
      money(payout.amount, payout.currency),
    )
    records.push(journalRecord(back, lines, context, config))
  }
  return records
}

const bankAccount = (top: Head, { books }: PayoutContext): string =>
  mapped(books.bankId, top, {
    code: 'NS-PAYOUT',
    why: `no bank account is mapped for payouts in ${top.currency.toUpperCase()} (field currency).`,
    where: `netsuite.payouts.bankAccounts.${top.currency.toUpperCase()}`,
  })

/** What leaves the clearing account is all the rest: it balances the lines. */
function payoutLines(
  top: Head,
  payout: Stripe.Payout,
  context: PayoutContext,
  config: NetSuiteConfig,
): JournalLine[] {
  const { books, sums } = context
  const currency = payout.currency.toUpperCase()
  const amount = money(payout.amount, payout.currency)
  const minor = (text: string | undefined): Money => ({ amountMinor: BigInt(text ?? '0'), currency })
  const fee = mapped(books.feeId, top, {
    code: 'NS-PAYOUT',
    why: "no account is mapped for Stripe's fees.",
    where: 'netsuite.payouts.feeAccount',
  })
  const lines: JournalLine[] = [
    { account: bankAccount(top, context), side: 'debit', amount, memo: 'Paid out by Stripe' },
    { account: fee, side: 'debit', amount: minor(sums?.fees), memo: 'Stripe fees' },
    { account: books.feeTaxId ?? fee, side: 'debit', amount: minor(sums?.tax), memo: 'Tax on Stripe fees' },
  ]
  for (const [category, sum] of Object.entries(sums?.others ?? {})) {
    const account = mapped(config.payouts?.otherAccounts[category], top, {
      code: 'NS-MOVEMENT',
      why: `it holds a movement of the Stripe balance that is no charge, refund, dispute or fee (reporting_category ${category}).`,
      where: `netsuite.payouts.otherAccounts.${category}`,
    })
    lines.push({ account, side: 'credit', amount: minor(sum), memo: `Stripe: ${category}` })
  }
  const cleared = lines.reduce(
    (sum, line) => sum + (line.side === 'debit' ? line.amount.amountMinor : -line.amount.amountMinor),
    0n,
  )
  const clearing = clearingAccount(top, currency, books)
  lines.push({
    account: clearing,
    side: 'credit',
    amount: { amountMinor: cleared, currency },
    memo: 'Left the Stripe balance',
  })
  return lines
}
