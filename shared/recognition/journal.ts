// The journals a month still needs: what the books should say of it less what is already journaled, one balanced journal
// per subsidiary, currency and month. A recut makes a further journal with the next number; a posted one is never
// rewritten. Posting it, and remembering its entries, is the connector's work.
import { amountIn, type Books, type JournalEntry, type PostedJournal, recognize } from './books.ts'
import { type Day, lastDayOf, type Month } from './day.ts'
import type { RevenueInvoice } from './revenue-line.ts'

export interface JournalLine {
  account: 'deferred' | 'revenue'
  revenueKey: string
  debitMinor: bigint
  creditMinor: bigint
}

/** Once posted, this is the `PostedJournal` to hand back in `Books`. */
export interface RevenueJournal extends PostedJournal {
  /** The month's last day. */
  date: Day
  /**
   * Two for each revenue key: debit deferred and credit revenue; the other way round where more is taken back. None
   * where all entries cancel out: then there is nothing to post, and the entries are remembered all the same.
   */
  lines: JournalLine[]
}

/**
 * What is to be journaled for months up to and including `through`. A closed month is never among them: `recognize` gives
 * it what is journaled, so nothing is left. The id is the journal's place
 * in its month (`eu/EUR/2026-10/2`: the second), so that a resend after an unknown outcome has the same one; the entries
 * may have grown meanwhile, so read that id before posting it again.
 */
export function journalsDue(
  invoices: readonly RevenueInvoice[],
  books: Books,
  through: Month,
): RevenueJournal[] {
  const due = new Map<string, PostedJournal>()
  for (const { invoice, line, months, posted } of recognize(invoices, books)) {
    // A line stays with the subsidiary and the key of its first journal: documents are not remapped.
    const home = posted[0] ?? { ...invoice, revenueKey: line.revenueKey }
    for (const month of new Set([...months, ...posted].map((each) => each.month))) {
      if (month > through) continue
      const amountMinor = amountIn(months, month) - amountIn(posted, month)
      if (amountMinor === 0n) continue
      const place = `${home.subsidiary}/${home.currency}/${month}`
      const journal = due.get(place) ?? emptyJournal(home, month, place, books)
      due.set(place, journal)
      journal.entries.push({
        invoiceId: invoice.invoiceId,
        lineId: line.lineId,
        revenueKey: home.revenueKey,
        amountMinor,
      })
    }
  }
  return [...due.values()]
    .sort((a, b) => (a.journalId < b.journalId ? -1 : 1))
    .map((journal) => ({ ...journal, date: lastDayOf(journal.month), lines: journalLines(journal.entries) }))
}

function emptyJournal(
  { subsidiary, currency }: { subsidiary: string; currency: string },
  month: Month,
  place: string,
  books: Books,
): PostedJournal {
  const before = books.posted.filter(
    (journal) =>
      journal.subsidiary === subsidiary && journal.currency === currency && journal.month === month,
  ).length
  return { journalId: `${place}/${before + 1}`, subsidiary, currency, month, entries: [] }
}

/** Entries summed by revenue key; a key whose entries cancel out needs no line. */
export function journalLines(entries: readonly JournalEntry[]): JournalLine[] {
  const sums = new Map<string, bigint>()
  for (const { revenueKey, amountMinor } of entries) {
    sums.set(revenueKey, (sums.get(revenueKey) ?? 0n) + amountMinor)
  }
  return [...sums]
    .filter(([, sum]) => sum !== 0n)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([revenueKey, sum]): JournalLine[] => {
      const recognized = sum > 0n ? sum : 0n
      const takenBack = sum < 0n ? -sum : 0n
      return [
        { account: 'deferred', revenueKey, debitMinor: recognized, creditMinor: takenBack },
        { account: 'revenue', revenueKey, debitMinor: takenBack, creditMinor: recognized },
      ]
    })
}
