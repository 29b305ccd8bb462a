// What a payout needs to know: its balance transactions, summed by what they are to the books. Read once, when Stripe says
// that they are complete, and kept: they never change after that.
import type Stripe from 'stripe'
import { money } from '../../../shared/money/money.ts'
import { idOf } from '../../../shared/stripe/event.ts'
import type { BasicNeeds, NeedsSources } from './basic-needs.ts'
import type { KeptChoices, PayoutSums } from './books.ts'
import type { NetSuiteConfig } from './config.ts'
import { feesOf, hasOwnFee } from './fees.ts'
import { parked, spokenAmount } from './parked.ts'
import { isItemized, payoutDates } from './project-payout.ts'
import { documentName } from './stripe-fields.ts'

export interface PayoutNeeds {
  root: 'payout'
  sums: PayoutSums | undefined
  /** When the bank's return of a failed payout reached the Stripe balance. */
  returnedAtSeconds: number | undefined
}

/** Posted by the roots that they belong to; only their fees are the payout's, and those only before a day that may be named. https://docs.stripe.com/reports/reporting-categories */
const POSTED_ELSEWHERE = new Set([
  'charge',
  // Takes back a bank debit that failed while it was pending: it was never a payment, and the two are even.
  'charge_failure',
  'refund',
  'refund_failure',
  'partial_capture_reversal',
])
/** These with their fees. */
const WHOLLY_POSTED_ELSEWHERE = new Set(['dispute', 'dispute_reversal', 'payout_reversal'])

export async function needsOfPayout(
  payout: Stripe.Payout,
  kept: KeptChoices,
  { config, reads }: NeedsSources,
): Promise<BasicNeeds & PayoutNeeds> {
  const sums = kept.payout ?? (await sumsOf(payout, reads, config))
  const returned = await reads.balanceTransaction(payout.failure_balance_transaction)
  return {
    root: 'payout',
    sums,
    returnedAtSeconds: returned?.created,
    customerId: undefined,
    customerFacts: undefined,
    currency: payout.currency,
    productIds: [],
    taxRateIds: [],
    settledIn: [],
    documents: payoutDates(payout, returned?.created),
  }
}

async function sumsOf(
  payout: Stripe.Payout,
  reads: NeedsSources['reads'],
  config: NetSuiteConfig,
): Promise<PayoutSums | undefined> {
  if (!payout.automatic) {
    const own = await reads.balanceTransaction(payout.balance_transaction)
    return summed(payout, own ? [own] : [], config)
  }
  if (!isItemized(payout)) return undefined
  const movements = await reads.movementsOf(payout.id)
  const net = movements
    .filter(({ id }) => id !== idOf(payout.balance_transaction))
    .reduce((sum, movement) => sum + BigInt(movement.net), 0n)
  if (net !== BigInt(payout.amount)) {
    throw parked({
      code: 'NS-PAYOUT-SUM',
      document: `Payout ${documentName(payout, payout.amount)}`,
      why: `its balance transactions sum to ${spokenAmount(money(net, payout.currency))}.`,
      hint: `Engineering: compare GET /v1/balance_transactions?payout=${payout.id} with the payout in Stripe, then: hub replay ${payout.id}`,
    })
  }
  return summed(payout, movements, config)
}

function summed(
  payout: Stripe.Payout,
  movements: readonly Stripe.BalanceTransaction[],
  config: NetSuiteConfig,
): PayoutSums {
  let feesMinor = 0n
  let taxMinor = 0n
  const others: Record<string, bigint> = {}
  for (const movement of movements) {
    const category = movement.reporting_category
    if (WHOLLY_POSTED_ELSEWHERE.has(category)) continue
    // A manual or instant one that was made in between, which has its own journal and fee.
    const isPayout = movement.type === 'payout'
    if (isPayout && movement.id !== idOf(payout.balance_transaction)) continue
    if (!POSTED_ELSEWHERE.has(category) || !hasOwnFee(movement.created, config)) {
      const taken = feesOf(movement)
      feesMinor += BigInt(taken.feeMinor)
      taxMinor += BigInt(taken.taxMinor)
    }
    if (POSTED_ELSEWHERE.has(category) || isPayout) continue
    if (category === 'fee') feesMinor -= BigInt(movement.amount)
    else if (category === 'tax') taxMinor -= BigInt(movement.amount)
    else others[category] = (others[category] ?? 0n) + BigInt(movement.amount)
  }
  return {
    amount: payout.amount.toString(),
    fees: feesMinor.toString(),
    tax: taxMinor.toString(),
    others: Object.fromEntries(
      Object.entries(others).flatMap(([category, sum]) => (sum === 0n ? [] : [[category, sum.toString()]])),
    ),
  }
}
