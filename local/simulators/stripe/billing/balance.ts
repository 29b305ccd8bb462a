// The account's own money: one balance transaction for everything that moves it, in the settlement currency, with its
// fees; and the balance itself, which is nothing but their sum. The processing fee is a flat 2.9 % + 30 minor units:
// a simplification, not Stripe's price list. Payouts are payouts.ts.
// https://docs.stripe.com/api/balance_transactions/object · https://docs.stripe.com/reports/balance-transaction-types
import { DAY } from '../calendar.ts'
import { percentOf, sum } from '../money.ts'
import type { Balance, BalanceTransaction } from '../wire.ts'
import type { World } from '../world.ts'
import { settle } from './settlement.ts'

export const feeOn = (amount: number): number => Math.min(amount, percentOf(amount, 2.9) + 30)

export interface Fee {
  /** In the settlement currency. Negative: given back. */
  amount: number
  description: string
}

export interface BalanceEntry {
  /** As its source has it; the transaction shows what it settles to. */
  amount: number
  currency: string
  source: string | null
  type: BalanceTransaction['type']
  /** https://docs.stripe.com/reports/reporting-categories; absent: as the type. */
  category?: string
  description?: string | null
  /** Computed on what the amount settles to. */
  fees?: (settled: { amount: number; currency: string }) => Fee[]
  /** What moves within the balance is in its currency already, and is not converted. */
  withinBalance?: boolean
  /** A payment becomes available on a later day, at midnight UTC; everything else at once. */
  availableInDays?: number
}

export function recordBalance(world: World, entry: BalanceEntry): BalanceTransaction {
  const created = world.seconds()
  const settled = settle(world, entry.amount, entry.currency, entry.withinBalance)
  const fees = [...(entry.fees?.(settled) ?? [])]
  // On payments only: the reading taken of "incremental to this rate".
  if (settled.conversionFee > 0 && entry.fees && entry.amount > 0) {
    fees.unshift({ amount: settled.conversionFee, description: 'Stripe currency conversion fee' })
  }
  const fee = sum(fees.map((each) => each.amount))
  const availableOn =
    entry.availableInDays === undefined
      ? created
      : (Math.floor(created / DAY) + Math.max(entry.availableInDays, 0)) * DAY
  return world.store.balanceTransactions.add({
    id: world.ids.next('txn'),
    object: 'balance_transaction',
    amount: settled.amount,
    available_on: availableOn,
    balance_type: 'payments',
    created,
    currency: settled.currency,
    description: entry.description ?? null,
    exchange_rate: settled.exchangeRate,
    fee,
    fee_details: fees
      .filter((each) => each.amount !== 0)
      .map((each) => ({
        amount: each.amount,
        application: null,
        currency: settled.currency,
        description: each.description,
        type: 'stripe_fee',
      })),
    net: settled.amount - fee,
    reporting_category: entry.category ?? entry.type,
    source: entry.source,
    // Told from the clock whenever it is asked for: a transaction becomes available without an event of its own.
    get status() {
      return availableOn <= world.seconds() ? 'available' : 'pending'
    },
    type: entry.type,
  })
}

export const processingFees = (settled: { amount: number }): Fee[] => [
  { amount: feeOn(settled.amount), description: 'Stripe processing fees' },
]

/** A fee for a product of Stripe's, taken from the balance by itself: the amount is the fee, `fee` is 0. */
export function chargeStripeFee(
  world: World,
  fee: { amount: number; currency: string; description: string },
): BalanceTransaction {
  return recordBalance(world, {
    amount: -fee.amount,
    currency: fee.currency,
    source: null,
    type: 'stripe_fee',
    category: 'fee',
    description: fee.description,
  })
}

/** https://docs.stripe.com/api/balance/balance_object */
export function readBalance(world: World): Balance {
  return {
    object: 'balance',
    available: totals(world, 'available'),
    livemode: world.settings.livemode,
    pending: totals(world, 'pending'),
  }
}

/** Every currency the balance ever held, alphabetically; the account's own also when nothing moved yet. */
function totals(world: World, status: string): Balance['available'] {
  const amounts = new Map([[world.settings.defaultCurrency, 0]])
  for (const entry of world.store.balanceTransactions.all()) {
    const counted = entry.status === status ? entry.net : 0
    amounts.set(entry.currency, (amounts.get(entry.currency) ?? 0) + counted)
  }
  return [...amounts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([currency, amount]) => ({ amount, currency, source_types: { card: amount } }))
}

export const availableNet = (world: World, currency: string): number =>
  sum(
    world.store.balanceTransactions
      .all()
      .filter((entry) => entry.currency === currency && entry.status === 'available')
      .map((entry) => entry.net),
  )
