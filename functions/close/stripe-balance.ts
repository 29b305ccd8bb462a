// The Stripe balance and what moved it, listed to the last page: all of it, since Stripe says the balance only as it is now.
import type Stripe from 'stripe'
import type { Clock } from '../../shared/clock.ts'
import type { Evidence } from '../../shared/close/check.ts'
import type { Period } from '../../shared/close/period.ts'
import { translateStripeError } from '../../shared/stripe/errors.ts'
import { isObject } from '../../shared/stripe/event.ts'
import { type Progress, Question } from './evidence.ts'

export interface StripeBalanceObjects {
  /** Paid ones. */
  payments: Stripe.InvoicePayment[]
  payouts: Stripe.Payout[]
  /** Until now, with their sources. */
  balanceTransactions: Stripe.BalanceTransaction[]
  /** Balance transaction → the itemized payout that holds it. */
  paidOutWith: ReadonlyMap<string, string>
  balance: Stripe.Balance
}

export interface StripeSource {
  stripe: Stripe
  clock: Clock
  progress?: Progress
}

export const PAGE = 100

/** Lists to the last page and keeps the evidence of it. */
export class StripeLists {
  readonly evidence: Evidence[] = []
  private readonly source: StripeSource

  constructor(source: StripeSource) {
    this.source = source
  }

  /** @param keep what of a row is held in memory; its evidence is of the whole row. @throws HubError. */
  async all<T>(query: string, list: AsyncIterable<T>, keep = (row: T) => row): Promise<T[]> {
    const question = new Question('Stripe', query, this.source.clock, this.source.progress)
    const rows: T[] = []
    try {
      for await (const row of list) rows.push(keep(question.take(row)))
    } catch (error) {
      throw translateStripeError(error, query, false)
    }
    this.evidence.push(question.evidence())
    return rows
  }
}

/** @throws HubError. */
export async function readStripeBalance(
  stripe: Stripe,
  lists: StripeLists,
  { untilSeconds }: Pick<Period, 'untilSeconds'>,
): Promise<StripeBalanceObjects> {
  const payments = await lists.all(
    'GET /v1/invoice_payments?status=paid',
    stripe.invoicePayments.list({ limit: PAGE, status: 'paid' }),
  )
  const payouts = await lists.all(
    `GET /v1/payouts?created[lt]=${untilSeconds}`,
    stripe.payouts.list({ limit: PAGE, created: { lt: untilSeconds } }),
  )
  const { balance, balanceTransactions } = await readSettled(stripe, lists)
  const paidOutWith = new Map<string, string>()
  for (const { id, automatic, reconciliation_status } of payouts) {
    if (!automatic || reconciliation_status !== 'completed') continue
    const held = await lists.all(
      `GET /v1/balance_transactions?payout=${id}`,
      stripe.balanceTransactions.list({ limit: PAGE, payout: id }),
    )
    for (const transaction of held) paidOutWith.set(transaction.id, id)
  }
  return { payments, payouts, balanceTransactions, paidOutWith, balance }
}

/** Money moves while it is listed: asked again once, when the balance is not what its movements make it. */
async function readSettled(
  stripe: Stripe,
  lists: StripeLists,
): Promise<Pick<StripeBalanceObjects, 'balance' | 'balanceTransactions'>> {
  for (let isLast = false; ; isLast = true) {
    const balanceTransactions = await lists.all(
      'GET /v1/balance_transactions',
      stripe.balanceTransactions.list({ limit: PAGE, expand: ['data.source'] }),
      withoutWholeSource,
    )
    const [balance] = await lists.all('GET /v1/balance', once(stripe.balance.retrieve()))
    if (balance && (isLast || sumsUp(balance, balanceTransactions))) return { balance, balanceTransactions }
  }
}

/**
 * A charge is twenty times the size of its transaction, and there are as many as there ever were payments: only what tells
 * whose movement it is and when it was made is kept.
 */
function withoutWholeSource(transaction: Stripe.BalanceTransaction): Stripe.BalanceTransaction {
  if (!isObject(transaction.source)) return transaction
  const { id, object, created, status, payment_intent, charge }: Record<string, unknown> = transaction.source
  const source = { id, object, created, status, payment_intent, charge }
  return { ...transaction, source: source as unknown as Stripe.BalanceTransaction['source'] }
}

async function* once<T>(answer: Promise<T>): AsyncIterable<T> {
  yield await answer
}

export function balanceNow(balance: Stripe.Balance): Record<string, bigint> {
  const now: Record<string, bigint> = {}
  for (const { currency, amount } of [...balance.available, ...balance.pending]) {
    const code = currency.toUpperCase()
    now[code] = (now[code] ?? 0n) + BigInt(amount)
  }
  return now
}

function sumsUp(balance: Stripe.Balance, transactions: readonly Stripe.BalanceTransaction[]): boolean {
  const left = balanceNow(balance)
  for (const { currency, net } of transactions) {
    const code = currency.toUpperCase()
    left[code] = (left[code] ?? 0n) - BigInt(net)
  }
  return Object.values(left).every((amount) => amount === 0n)
}
