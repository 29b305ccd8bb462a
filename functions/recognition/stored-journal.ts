// A revenue journal as it is kept in the bucket before it is posted: the sub-ledger, in which an auditor finds of which
// invoice lines each journal in NetSuite is the sum. Its account ids and amounts are final: it is posted as it stands
// here, whatever the configuration says by then. The README tells its shape; this file reads and writes it.
import * as z from 'zod'
import { fromDecimal, toDecimal } from '../../shared/money/money.ts'
import type { PostedJournal } from '../../shared/recognition/books.ts'
import type { RevenueJournal } from '../../shared/recognition/journal.ts'

const line = z.object({
  account: z.string(),
  side: z.enum(['debit', 'credit']),
  /** Major units, as '51.00'. */
  amount: z.string(),
  revenueKey: z.string(),
})

const entry = z.object({
  invoice: z.string(),
  number: z.string(),
  line: z.string(),
  revenueKey: z.string(),
  /** Major units; positive: recognized, negative: taken back. */
  amount: z.string(),
})

export const storedJournal = z.object({
  v: z.literal(1),
  /** '1/USD/2026-10/2': subsidiary, currency, month, number. */
  journalId: z.string(),
  /** In NetSuite: 'revrec-1-USD-2026-10-2'. */
  externalId: z.string(),
  /** NetSuite's internal id: names change. */
  subsidiary: z.string(),
  subsidiaryName: z.string(),
  currency: z.string(),
  currencyId: z.string(),
  month: z.string(),
  /** The month's last day. */
  date: z.string(),
  /** ISO 8601. */
  storedAt: z.string(),
  /** What is posted; none where the entries cancel out. */
  lines: z.array(line),
  entries: z.array(entry).min(1),
})
export type StoredJournal = z.output<typeof storedJournal>

export const JOURNALS_PREFIX = 'revenue/journals/'

export const keyOf = ({ journalId }: Pick<StoredJournal, 'journalId'>): string =>
  `${JOURNALS_PREFIX}${journalId}.json`

/** Letters, digits, `_` and `-`, and still one of a kind when case is ignored: ids, ISO codes and digits. */
const externalIdOf = (journalId: string): string => `revrec-${journalId.replaceAll('/', '-')}`

export interface Naming {
  subsidiaryName: string
  currencyId: string
  storedAtMs: number
  numberOf(invoiceId: string): string
  /** @throws permanent for a key without an account. */
  accountOf(line: { account: 'deferred' | 'revenue'; revenueKey: string }): string
}

export function toStore(journal: RevenueJournal, naming: Naming): StoredJournal {
  const { currency } = journal
  const major = (amountMinor: bigint): string => toDecimal({ amountMinor, currency })
  return {
    v: 1,
    journalId: journal.journalId,
    externalId: externalIdOf(journal.journalId),
    subsidiary: journal.subsidiary,
    subsidiaryName: naming.subsidiaryName,
    currency,
    currencyId: naming.currencyId,
    month: journal.month,
    date: journal.date,
    storedAt: new Date(naming.storedAtMs).toISOString(),
    lines: journal.lines.map((each) => ({
      account: naming.accountOf(each),
      side: each.debitMinor > 0n ? 'debit' : 'credit',
      amount: major(each.debitMinor + each.creditMinor),
      revenueKey: each.revenueKey,
    })),
    entries: journal.entries.map(({ invoiceId, lineId, revenueKey, amountMinor }) => ({
      invoice: invoiceId,
      number: naming.numberOf(invoiceId),
      line: lineId,
      revenueKey,
      amount: major(amountMinor),
    })),
  }
}

/** As recognition counts with it. */
export function fromStore({ journalId, subsidiary, currency, month, entries }: StoredJournal): PostedJournal {
  return {
    journalId,
    subsidiary,
    currency,
    month,
    entries: entries.map(({ invoice, line: lineId, revenueKey, amount }) => ({
      invoiceId: invoice,
      lineId,
      revenueKey,
      amountMinor: fromDecimal(amount, currency).amountMinor,
    })),
  }
}

/** Of the debits, as NetSuite's total of a journal. */
export function totalOf({ lines, currency }: StoredJournal): bigint {
  return lines.reduce(
    (sum, { side, amount }) => (side === 'debit' ? sum + fromDecimal(amount, currency).amountMinor : sum),
    0n,
  )
}

/** Net of what is taken back: by how much deferred revenue falls. */
export const recognizedOf = (journal: StoredJournal): bigint =>
  fromStore(journal).entries.reduce((sum, { amountMinor }) => sum + amountMinor, 0n)
