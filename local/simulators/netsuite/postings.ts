// What a transaction does to the general ledger: its lines with account, amount in its own currency and in the
// subsidiary's, debits positive. They always add up to nothing. Nobody stores them; they follow from the record.
//
// A credit that settles an invoice booked at another rate leaves a realized gain or loss ("Currency Revaluation and
// Realized Gains/Losses", Oracle help): receivables move at the invoice's rate, cash at the payment's.
import { baseCurrencyOf, type Company, placesOf, rateOf, receivableOf, totalOf } from './company.ts'
import { lineNumber } from './lines.ts'
import { multiply, roundTo, type Scaled, sum } from './money.ts'
import { asScaled, asText, type FieldValue, type Line, type StoredRecord } from './schema.ts'

export interface Posting {
  /** 0 is the main line. */
  line: number
  account: string
  /** In the transaction's currency, debits positive. */
  foreign: Scaled
  /** In the subsidiary's base currency, debits positive. */
  base: Scaled
  kind: 'main' | 'item' | 'tax' | 'journal' | 'receivable' | 'gain-loss'
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
      return cashPostings(company, record, 1n)
    case 'customerRefund':
      return cashPostings(company, record, -1n)
    default:
      return journalPostings(company, record)
  }
}

function toBase(company: Company, record: StoredRecord, amount: Scaled, rate = rateOf(record)): Scaled {
  const base = baseCurrencyOf(company, asText(record.fields.subsidiary) ?? '')
  return roundTo(multiply(amount, rate), placesOf(company, base))
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
  const difference = sign === -1n ? rateDifference(company, record) : 0n
  const main: Posting = {
    line: 0,
    account: receivableOf(company, record) ?? '',
    foreign: sign * totalOf(record),
    base: -sum(rest.map(({ base }) => base)) - difference,
    kind: 'main',
    source: undefined,
  }
  return [main, ...rest, ...gainLoss(company, difference)]
}

/** `sign` is 1 where cash comes in (payment) and -1 where it goes out (refund). */
function cashPostings(company: Company, record: StoredRecord, sign: bigint): Posting[] {
  const cash = toBase(company, record, totalOf(record))
  const difference = rateDifference(company, record)
  const posting = (
    line: number,
    account: string,
    foreign: Scaled,
    base: Scaled,
    kind: Posting['kind'],
  ): Posting => ({
    line,
    account,
    foreign,
    base,
    kind,
    source: undefined,
  })
  return [
    posting(0, asText(record.fields.account) ?? '', sign * totalOf(record), sign * cash, 'main'),
    posting(
      1,
      receivableOf(company, record) ?? '',
      -sign * totalOf(record),
      -sign * (cash + difference),
      'receivable',
    ),
    ...gainLoss(company, sign * difference),
  ]
}

function journalPostings(company: Company, record: StoredRecord): Posting[] {
  const postings = (record.sublists.line ?? []).map((source, index): Posting => {
    const foreign = amountOf(source.debit) - amountOf(source.credit)
    return {
      line: index,
      account: asText(source.account) ?? '',
      foreign,
      base: toBase(company, record, foreign),
      kind: 'journal',
      source,
    }
  })
  // What rounding to the base currency leaves over goes to the last line.
  const last = postings.at(-1)
  if (last) last.base -= sum(postings.map(({ base }) => base))
  return postings
}

/** Settled amounts at the other document's rate, less the same at this one's. */
function rateDifference(company: Company, record: StoredRecord): Scaled {
  return sum(
    company.applications.from(record.id).map(({ to, amount }) => {
      const target = company.store.get('transaction', to)
      const rate = target ? rateOf(target) : rateOf(record)
      return toBase(company, record, amount, rate - rateOf(record))
    }),
  )
}

function gainLoss(company: Company, base: Scaled): Posting[] {
  if (base === 0n) return []
  const account = company.realizedGainLossAccount
  return [{ line: FIRST_ADDED_LINE, account, foreign: 0n, base, kind: 'gain-loss', source: undefined }]
}

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
