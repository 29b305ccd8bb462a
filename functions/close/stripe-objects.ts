// Every object of Stripe's that the close looks at, listed to the last page. Lists go by `created`, and what happens to an
// object can lie years later (a void, a credit, a dispute), so all that was created by the cut-off is read: completeness
// before speed; progress is told.
import type Stripe from 'stripe'
import type { Clock } from '../../shared/clock.ts'
import type { Evidence } from '../../shared/close/check.ts'
import type { Period } from '../../shared/close/period.ts'
import { translateStripeError } from '../../shared/stripe/errors.ts'
import { idOf } from '../../shared/stripe/event.ts'
import { type Progress, Question } from './evidence.ts'

export interface StripeObjects {
  /** Drafts too; with all their lines. */
  invoices: Stripe.Invoice[]
  /** Paid ones. */
  payments: Stripe.InvoicePayment[]
  refunds: Stripe.Refund[]
  creditNotes: Stripe.CreditNote[]
  disputes: Stripe.Dispute[]
  payouts: Stripe.Payout[]
  /** Until now, with their sources: the balance can be asked for only as it is now. */
  balanceTransactions: Stripe.BalanceTransaction[]
  /** Balance transaction → the itemized payout that holds it. */
  paidOutWith: ReadonlyMap<string, string>
  balance: Stripe.Balance
  prices: Stripe.Price[]
  taxRates: ReadonlyMap<string, Stripe.TaxRate>
}

const PAGE = 100

export interface StripeSource {
  stripe: Stripe
  clock: Clock
  progress?: Progress
}

/** @throws HubError. */
export async function readStripeObjects(
  { stripe, clock, progress }: StripeSource,
  { untilSeconds }: Period,
): Promise<{ value: StripeObjects; evidence: Evidence[] }> {
  const evidence: Evidence[] = []
  const all = async <T>(query: string, list: AsyncIterable<T>): Promise<T[]> => {
    const question = new Question('Stripe', query, clock, progress)
    const rows: T[] = []
    try {
      for await (const row of list) rows.push(question.take(row))
    } catch (error) {
      throw translateStripeError(error, query, false)
    }
    evidence.push(question.evidence())
    return rows
  }
  const created = { lt: untilSeconds }
  const by = `created[lt]=${untilSeconds}`
  const invoices = await all(`GET /v1/invoices?${by}`, stripe.invoices.list({ limit: PAGE, created }))
  const creditNotes = await all(
    `GET /v1/credit_notes?${by}`,
    stripe.creditNotes.list({ limit: PAGE, created }),
  )
  for (const { id, lines } of invoices) {
    if (lines.has_more) await completeLines(lines, stripe.invoices.listLineItems(id, { limit: PAGE }))
  }
  for (const { id, lines } of creditNotes) {
    if (lines.has_more) await completeLines(lines, stripe.creditNotes.listLineItems(id, { limit: PAGE }))
  }
  const payments = await all(
    'GET /v1/invoice_payments?status=paid',
    stripe.invoicePayments.list({ limit: PAGE, status: 'paid' }),
  )
  const refunds = await all(`GET /v1/refunds?${by}`, stripe.refunds.list({ limit: PAGE, created }))
  const disputes = await all(`GET /v1/disputes?${by}`, stripe.disputes.list({ limit: PAGE, created }))
  const payouts = await all(`GET /v1/payouts?${by}`, stripe.payouts.list({ limit: PAGE, created }))
  const { balance, balanceTransactions } = await readBalance(stripe, all)
  const paidOutWith = new Map<string, string>()
  for (const { id, automatic, reconciliation_status } of payouts) {
    if (!automatic || reconciliation_status !== 'completed') continue
    const held = await all(
      `GET /v1/balance_transactions?payout=${id}`,
      stripe.balanceTransactions.list({ limit: PAGE, payout: id }),
    )
    for (const transaction of held) paidOutWith.set(transaction.id, id)
  }
  const prices = await all('GET /v1/prices', stripe.prices.list({ limit: PAGE }))
  const taxRates = await readTaxRates(stripe, [...invoices, ...creditNotes])
  return {
    value: {
      invoices,
      payments,
      refunds,
      creditNotes,
      disputes,
      payouts,
      balanceTransactions,
      paidOutWith,
      balance,
      prices,
      taxRates,
    },
    evidence,
  }
}

async function completeLines<T>(
  lines: { data: T[]; has_more: boolean },
  list: AsyncIterable<T>,
): Promise<void> {
  const data: T[] = []
  try {
    for await (const line of list) data.push(line)
  } catch (error) {
    throw translateStripeError(error, 'list the lines of a document', false)
  }
  lines.data = data
  lines.has_more = false
}

/** Money moves while it is listed: asked again once, when the balance is not what its movements make it. */
async function readBalance(
  stripe: Stripe,
  all: <T>(query: string, list: AsyncIterable<T>) => Promise<T[]>,
): Promise<Pick<StripeObjects, 'balance' | 'balanceTransactions'>> {
  for (let isLast = false; ; isLast = true) {
    const balanceTransactions = await all(
      'GET /v1/balance_transactions',
      stripe.balanceTransactions.list({ limit: PAGE, expand: ['data.source'] }),
    )
    const [balance] = await all('GET /v1/balance', once(stripe.balance.retrieve()))
    if (balance && (isLast || sumsUp(balance, balanceTransactions))) return { balance, balanceTransactions }
  }
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

/** Rates of tax amounts are archived and in no list: fetched one by one, each once. */
async function readTaxRates(
  stripe: Stripe,
  documents: readonly (Stripe.Invoice | Stripe.CreditNote)[],
): Promise<Map<string, Stripe.TaxRate>> {
  const rates = new Map<string, Stripe.TaxRate>()
  for (const { total_taxes } of documents) {
    for (const { tax_rate_details } of total_taxes ?? []) {
      const id = idOf(tax_rate_details?.tax_rate)
      if (id === undefined || rates.has(id)) continue
      try {
        rates.set(id, await stripe.taxRates.retrieve(id))
      } catch (error) {
        throw translateStripeError(error, `read tax rate ${id}`, false)
      }
    }
  }
  return rates
}
