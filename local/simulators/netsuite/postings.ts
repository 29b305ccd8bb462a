// What a transaction does to the general ledger: its lines with account, amount in its own currency and in the
// subsidiary's, debits positive. They always add up to nothing. Nobody stores them; they follow from the record.
//
// Accounts per kind of document: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_N1460914.html
// (customers) and https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_N1465926.html (bank). A deposit
// application moves the liability to receivables; cash back and other deposits follow double entry (the sentence on
// their signs in help section_3947199795 would not balance). Realized gain or loss is a document of its own:
// records/revaluation.ts.
import { baseCurrencyOf, type Company, placesOf, rateOf, receivableOf, totalOf } from './company.ts'
import { lineNumber } from './lines.ts'
import { formatScaled, multiply, roundTo, type Scaled, sum } from './money.ts'
import { asScaled, asText, type FieldValue, type Line, type StoredRecord } from './schema.ts'

export interface Posting {
  /** 0 is the main line. */
  line: number
  account: string
  /** In the transaction's currency, debits positive. */
  foreign: Scaled
  /** In the subsidiary's base currency, debits positive. */
  base: Scaled
  kind: 'main' | 'item' | 'tax' | 'journal' | 'contra'
  source: Line | undefined
}

/** Line numbers of the lines that NetSuite adds by itself; high, so that no item line has them. */
const FIRST_ADDED_LINE = 9001

export function postingsOf(company: Company, record: StoredRecord): Posting[] {
  switch (record.type) {
    case 'invoice':
      return salesPostings(company, record, 1n)
    case 'creditMemo':
      return salesPostings(company, record, -1n)
    case 'customerPayment':
      return cashPostings(company, record, { sign: 1n, contra: receivableOf(record) })
    case 'customerRefund':
      return cashPostings(company, record, { sign: -1n, contra: receivableOf(record) })
    case 'customerDeposit':
      return cashPostings(company, record, { sign: 1n, contra: company.customerDepositsAccount })
    case 'depositApplication':
      return cashPostings(company, record, { sign: 1n, contra: receivableOf(record) })
    case 'deposit':
      return bankPostings(company, record)
    case 'fxReval':
      return revaluationPostings(record)
    default:
      return journalPostings(company, record)
  }
}

function toBase(company: Company, record: StoredRecord, amount: Scaled): Scaled {
  const base = baseCurrencyOf(company, asText(record.fields.subsidiary) ?? '')
  return roundTo(multiply(amount, rateOf(record)), placesOf(company, base))
}

/** `sign` is 1 where receivables grow (invoice) and -1 where they shrink (credit memo). */
function salesPostings(company: Company, record: StoredRecord, sign: bigint): Posting[] {
  const line = (
    number: number,
    account: string,
    amount: Scaled,
    kind: Posting['kind'],
    source: Line,
  ): Posting => ({
    line: number,
    account,
    foreign: -sign * amount,
    base: toBase(company, record, -sign * amount),
    kind,
    source,
  })
  const items = (record.sublists.item ?? []).map((source) =>
    line(lineNumber(source.line), incomeAccount(company, source), amountOf(source.amount), 'item', source),
  )
  const taxes = (record.sublists.taxDetails ?? []).map((source, index) =>
    line(
      FIRST_ADDED_LINE + 1 + index,
      taxAccount(company, source),
      amountOf(source.taxAmount),
      'tax',
      source,
    ),
  )
  const rest = [...items, ...taxes]
  return [
    {
      line: 0,
      account: receivableOf(record) ?? '',
      foreign: sign * totalOf(record),
      base: -sum(rest.map(({ base }) => base)),
      kind: 'main',
      source: undefined,
    },
    ...rest,
  ]
}

/** `sign` is 1 where cash, or a deposit held, is debited (payment) and -1 where it is credited (refund). */
function cashPostings(
  company: Company,
  record: StoredRecord,
  { sign, contra }: { sign: bigint; contra: string | undefined },
): Posting[] {
  const main =
    record.type === 'depositApplication' ? company.customerDepositsAccount : asText(record.fields.account)
  const foreign = sign * totalOf(record)
  const base = toBase(company, record, foreign)
  return [
    { line: 0, account: main ?? '', foreign, base, kind: 'main', source: undefined },
    {
      line: 1,
      account: contra ?? '',
      foreign: -foreign,
      base: -base,
      kind: 'contra',
      source: undefined,
    },
  ]
}

/** Payments leave Undeposited Funds at what they were booked for; the bank takes what the lines come to. */
function bankPostings(company: Company, record: StoredRecord): Posting[] {
  const lines = (
    [
      ['payment', -1n],
      ['other', -1n],
      ['cashback', 1n],
    ] as const
  ).flatMap(([list, sign]) => (record.sublists[list] ?? []).map((source) => ({ list, sign, source })))
  const rest = lines.map(({ list, sign, source }, index): Posting => {
    const foreign = sign * amountOf(list === 'payment' ? source.paymentAmount : source.amount)
    const payment = list === 'payment' ? company.store.get('transaction', depositedId(source)) : undefined
    return {
      line: index + 1,
      account: payment ? company.undepositedFundsAccount : (asText(source.account) ?? ''),
      foreign,
      base: payment ? sign * toBase(company, payment, totalOf(payment)) : toBase(company, record, foreign),
      kind: 'contra',
      source,
    }
  })
  const main: Posting = {
    line: 0,
    account: asText(record.fields.account) ?? '',
    foreign: totalOf(record),
    base: -sum(rest.map(({ base }) => base)),
    kind: 'main',
    source: undefined,
  }
  return [main, ...rest]
}

const depositedId = (line: Line): string => formatScaled(asScaled(line.id) ?? 0n)

/** "NetSuite automatically adjusts the first line" where rounding to the base currency leaves something over. */
// https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/article_0207021124.html
function journalPostings(company: Company, record: StoredRecord): Posting[] {
  const postings = (record.sublists.line ?? []).map((source): Posting => {
    const foreign = amountOf(source.debit) - amountOf(source.credit)
    return {
      line: lineNumber(source.line),
      account: asText(source.account) ?? '',
      foreign,
      base: toBase(company, record, foreign),
      kind: 'journal',
      source,
    }
  })
  const [first] = postings
  if (first) first.base -= sum(postings.map(({ base }) => base))
  return postings
}

/** In base currency only: nothing of the foreign amount moves. */
const revaluationPostings = (record: StoredRecord): Posting[] =>
  (record.sublists.line ?? []).map((source) => ({
    line: lineNumber(source.line),
    account: asText(source.account) ?? '',
    foreign: 0n,
    base: amountOf(source.debit) - amountOf(source.credit),
    kind: 'journal',
    source,
  }))

const amountOf = (value: FieldValue | undefined): Scaled => asScaled(value) ?? 0n

const incomeAccount = (company: Company, line: Line): string =>
  asText(company.store.get('item', asText(line.item) ?? '')?.fields.incomeAccount) ?? ''

const taxAccount = (company: Company, line: Line): string =>
  asText(company.store.get('taxType', asText(line.taxType) ?? '')?.fields.payablesAccount) ?? ''

/** Whether two versions of a transaction post the same: then a change is "non-G/L". */
export function postsTheSame(company: Company, one: StoredRecord, other: StoredRecord): boolean {
  const text = (record: StoredRecord): string =>
    JSON.stringify(postingsOf(company, record).map(({ line, account, base }) => `${line} ${account} ${base}`))
  return (
    one.fields.postingPeriod === other.fields.postingPeriod &&
    one.fields.tranDate === other.fields.tranDate &&
    text(one) === text(other)
  )
}
