// The invariant of clearing, asked of NetSuite and of Stripe through their own APIs, per currency: the clearing account is the
// Stripe balance, and the fees of payments and refunds that no posted payout holds yet (they are posted with it; those of
// disputes with the dispute). A bank debit is in the Stripe balance from the day it is asked for, in the books when it succeeds.
import type Stripe from 'stripe'
import { scaledMinor, written } from './amounts.ts'
import type { NetSuiteBooks, Posting } from './netsuite-documents.ts'
import type { Stage } from './stage.ts'

/** Of hub.config.ts: what Stripe holds, by its currency. */
const ACCOUNTS: Readonly<Record<string, string>> = {
  USD: '121',
  EUR: '122',
  GBP: '123',
  JPY: '124',
  KWD: '125',
}

/** @returns a line for each currency that is uneven. */
export async function unevenClearing(
  stage: Stage,
  { documents, postings }: NetSuiteBooks,
): Promise<string[]> {
  const { settings, stripe } = stage
  const feesComeLater = settings.netsuite?.payouts?.feesWithPaymentsFrom === undefined
  const movements: Stripe.BalanceTransaction[] = []
  const asked = { limit: 100, expand: ['data.source'] }
  for await (const movement of stripe.balanceTransactions.list(asked)) movements.push(movement)
  const paidOut = new Set<string>()
  for await (const { automatic, id } of stripe.payouts.list({ limit: 100 })) {
    if (!automatic || !documents.some(({ externalId }) => externalId === id)) continue
    for await (const held of stripe.balanceTransactions.list({ payout: id, limit: 100 })) paidOut.add(held.id)
  }
  return Object.entries(ACCOUNTS).flatMap(([currency, account]) => {
    const own = movements.filter((movement) => movement.currency.toUpperCase() === currency)
    const wanted = own.reduce(
      (sum, movement) => sum + expectedOf(movement, feesComeLater ? paidOut : undefined),
      0,
    )
    const inStripe = scaledMinor(wanted, currency)
    const inNetSuite = postings
      .filter((posting) => posting.account === account)
      .reduce((sum, posting) => sum + inCurrency(posting, currency), 0n)
    if (inStripe === inNetSuite) return []
    return [
      `${account}: ${written(inNetSuite, currency)} ${currency} in NetSuite, ${written(inStripe, currency)} by Stripe`,
    ]
  })
}

/** @param paidOut whose fees are posted with a payout; undefined: none waits for a payout. */
function expectedOf(movement: Stripe.BalanceTransaction, paidOut: ReadonlySet<string> | undefined): number {
  const { amount, fee, id, net, reporting_category, source } = movement
  const isPending = typeof source === 'object' && source?.object === 'charge' && source.status === 'pending'
  if (isPending) return net + fee - amount
  return !paidOut || paidOut.has(id) || reporting_category.startsWith('dispute') ? net : net + fee
}

/** A foreign payment into a dollar account is there in dollars. */
const inCurrency = (posting: Posting, currency: string): bigint =>
  posting.currency === currency ? posting.amount : posting.baseAmount
