// Journal entries: what moves between accounts without a sale, a payment or a refund. Two lines or more that balance;
// with a customer on each where one is concerned, so that a receivable line can be settled by a payment or a memo.
import { type JsonObject, type RemoteRecord, recordRef } from '../../../shared/connector/contract.ts'
import { type Money, toDecimal } from '../../../shared/money/money.ts'
import type { DocumentChoices } from './books.ts'
import type { NetSuiteConfig } from './config.ts'
import { type Head, headFields } from './document-head.ts'
import { classification } from './item-lines.ts'

export interface JournalLine {
  account: string
  side: 'debit' | 'credit'
  /** A negative amount stands on the other side; zero makes no line. */
  amount: Money
  /** For people; the document's own memo says the rest. */
  memo: string
}

function journalFields(
  head: Head,
  lines: readonly JournalLine[],
  choices: DocumentChoices,
  config: NetSuiteConfig,
): JsonObject {
  return {
    ...headFields(head, choices, config),
    line: {
      items: lines
        .filter(({ amount }) => amount.amountMinor !== 0n)
        .map((line) => ({
          account: { id: line.account },
          ...sideOf(line),
          ...(head.customerId !== undefined && { entity: recordRef('customer', head.customerId) }),
          memo: line.memo,
          ...classification(config),
        })),
    },
  }
}

function sideOf({ side, amount }: JournalLine): JsonObject {
  const isNegative = amount.amountMinor < 0n
  const magnitude = isNegative ? { ...amount, amountMinor: -amount.amountMinor } : amount
  const other = side === 'debit' ? 'credit' : 'debit'
  return { [isNegative ? other : side]: toDecimal(magnitude) }
}

/** A dated journal that is posted once. */
export const journalRecord = (
  head: Head,
  lines: readonly JournalLine[],
  choices: DocumentChoices,
  config: NetSuiteConfig,
): RemoteRecord => ({
  kind: head.record.kind,
  externalId: head.record.externalId,
  body: journalFields(head, lines, choices, config),
  requires: head.customerId === undefined ? [] : [{ type: 'customer', id: head.customerId }],
  frozen: true,
})

/** Two lines over one amount. */
export const transfer = (
  from: { account: string; memo: string },
  to: { account: string; memo: string },
  amount: Money,
): JournalLine[] => [
  { account: to.account, side: 'debit', amount, memo: to.memo },
  { account: from.account, side: 'credit', amount, memo: from.memo },
]
