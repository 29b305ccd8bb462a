// Stripe's customer balance in the books: a liability of its own, one account for all customers and currencies. Credit
// that a customer gets goes onto it, credit that an invoice uses comes off it; each movement is a dated document, so that
// no posted memo is ever applied anew. PURE.
import type Stripe from 'stripe'
import type { RemoteRecord } from '../../../shared/connector/contract.ts'
import { type Money, money } from '../../../shared/money/money.ts'
import { type Books, type DocumentChoices, type DocumentName, RECORDS } from './books.ts'
import type { NetSuiteConfig } from './config.ts'
import { type Head, mapped, receivableOf } from './document-head.ts'
import { journalRecord, transfer } from './journals.ts'
import { parked, spokenAmount } from './parked.ts'

const MISSING = {
  code: 'NS-BALANCE',
  why: "a part of it was settled from, or credited to, the customer's balance (fields starting_balance, ending_balance, amount_overpaid, customer_balance_transaction), and no account is mapped for that.",
  where: 'netsuite.customerBalance (a liability account, and an item that posts to it)',
}

export const balanceAccount = (head: Head, books: Books): string =>
  mapped(books.balanceAccountId, head, MISSING)

export const balanceItem = (head: Head, books: Books): string => mapped(books.balanceItemId, head, MISSING)

/** Receivables grow, and the balance with them: what was overpaid, credited or given back, or what an invoice bears of a debt. */
export const toBalanceJournal = (
  top: Head,
  amount: Money,
  choices: DocumentChoices,
  config: NetSuiteConfig,
  memo = top.title,
): RemoteRecord =>
  journalRecord(
    top,
    transfer(
      { account: balanceAccount(top, choices.books), memo },
      { account: receivableOf(top, choices.books), memo },
      amount,
    ),
    choices,
    config,
  )

/** Before any other document of the invoice is posted: half of it would leave a receivable open for ever. */
export function refuseWithoutBalance(document: string, books: Books): void {
  if (books.balanceAccountId !== undefined) return
  throw parked({
    code: MISSING.code,
    document,
    why: MISSING.why,
    hint: `Engineering: hub.config.ts → ${MISSING.where}. Then: hub replay --parked`,
  })
}

/**
 * Movements of the balance that an invoice or a credit note explains are posted with those. What people adjust in Stripe
 * is the customer's own.
 */
export const isAdjustment = (transaction: Stripe.CustomerBalanceTransaction): boolean =>
  transaction.invoice === null && transaction.credit_note === null && transaction.amount !== 0

export const adjustmentDates = (
  transactions: readonly Stripe.CustomerBalanceTransaction[],
): [DocumentName, number][] => transactions.map(({ id, created }) => [RECORDS.adjustment(id), created])

/** Negative in Stripe is credit: the liability grows against goodwill; positive is the way back, or a debt. */
export function adjustmentRecords(
  customerId: string,
  { transactions, ...choices }: { transactions: Stripe.CustomerBalanceTransaction[] } & DocumentChoices,
  config: NetSuiteConfig,
): RemoteRecord[] {
  return transactions.map((transaction) => {
    const amount = money(transaction.amount, transaction.currency)
    const head: Head = {
      record: RECORDS.adjustment(transaction.id),
      document: `Balance adjustment ${transaction.id} (${spokenAmount(amount)})`,
      title: 'Balance adjustment',
      number: null,
      stripeId: transaction.id,
      customerId,
      currency: transaction.currency,
      atSeconds: transaction.created,
    }
    const memo = transaction.description ?? 'Customer balance adjusted'
    const adjustment = mapped(choices.books.adjustmentAccountId, head, {
      ...MISSING,
      where: 'netsuite.customerBalance.adjustmentAccount',
    })
    return {
      ...journalRecord(
        head,
        [
          { account: balanceAccount(head, choices.books), side: 'debit', amount, memo },
          { account: adjustment, side: 'credit', amount, memo },
        ],
        choices,
        config,
      ),
      requires: [],
    }
  })
}
