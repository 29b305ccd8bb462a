// What each movement of a dispute does to the disputed receivable. Where Stripe settles it in the dispute's own currency, all of
// it. Else what comes back is worth more or less than on the day on which it was taken: it clears what was taken, and the
// difference is one of exchange. PURE; amounts in minor units.
import type Stripe from 'stripe'
import { parseDecimal } from '../../../shared/money/money.ts'

export interface Movement {
  transaction: Stripe.BalanceTransaction
  /** What the disputed receivable grows by. */
  disputedMinor: bigint
}

export function movementsOf({ balance_transactions, currency, status }: Stripe.Dispute): Movement[] {
  const taken: Taken = { minor: 0n, own: 0n }
  return balance_transactions.map((transaction, index) => {
    const amountMinor = BigInt(transaction.amount)
    const isBack = amountMinor > 0n && transaction.currency !== currency && taken.minor > 0n
    const isLast = index === balance_transactions.length - 1
    const clearedMinor = isBack ? clearedBy(transaction, taken, status === 'won' && isLast) : amountMinor
    const own = inOwnCurrency(transaction)
    taken.minor -= clearedMinor
    taken.own = own === undefined || taken.own === undefined ? undefined : taken.own - own
    return { transaction, disputedMinor: -clearedMinor }
  })
}

export const disputedOf = (movements: readonly Movement[]): bigint =>
  movements.reduce((sum, { disputedMinor }) => sum + disputedMinor, 0n)

interface Taken {
  minor: bigint
  /** In the dispute's own currency; undefined: not every rate is known. */
  own: bigint | undefined
}

/**
 * A part can come back, also of a dispute that is lost: where the payment had been refunded in part
 * (https://docs.stripe.com/disputes#disputes-on-partially-refunded-payments). Its share is that in the dispute's own currency.
 * Within a hundredth it is all: a judgement, for rates and settled amounts are rounded. Where Stripe tells no rates, what ends a
 * dispute that is won brings all of it.
 */
function clearedBy(transaction: Stripe.BalanceTransaction, taken: Taken, endsIt: boolean): bigint {
  const own = inOwnCurrency(transaction)
  if (own === undefined || taken.own === undefined) return endsIt ? taken.minor : BigInt(transaction.amount)
  const missing = taken.own - own
  if ((missing < 0n ? -missing : missing) * 100n <= taken.own) return taken.minor
  return missing < 0n ? BigInt(transaction.amount) : (taken.minor * own) / taken.own
}

const RATE_DECIMALS = 20
const SCALE = 10n ** 30n

/**
 * Signed as the amount, at a scale of its own: good for comparing with others of the dispute. The settled amount is the own one
 * times the rate (https://docs.stripe.com/api/balance_transactions/object#balance_transaction_object-exchange_rate).
 */
function inOwnCurrency({ amount, exchange_rate }: Stripe.BalanceTransaction): bigint | undefined {
  const rate = parseDecimal(exchange_rate ?? 0, RATE_DECIMALS)
  return rate ? (BigInt(amount) * SCALE) / rate : undefined
}
