// The journals that are due, stored in the sub-ledger. Two runs at once work on the same numbers: who finds one taken reads
// the sub-ledger again, and computes anew what is left.
import { isHubError, transient } from '../../shared/errors.ts'
import type { Books } from '../../shared/recognition/books.ts'
import { addDays, type Month } from '../../shared/recognition/day.ts'
import { journalsDue, type RevenueJournal } from '../../shared/recognition/journal.ts'
import { openingJournals } from '../../shared/recognition/opening.ts'
import type { RevenueInvoice } from '../../shared/recognition/revenue-line.ts'
import type { Refusal } from './revenue-invoices.ts'
import { fromStore, type StoredJournal } from './stored-journal.ts'
import type { SubLedger } from './sub-ledger.ts'

const ATTEMPTS = 4

export interface Due {
  /** Stored by this run; in a dry run, what would be. */
  made: StoredJournal[]
  /** What cannot be made for want of an account. */
  refused: Refusal[]
}

export interface Dues {
  invoices: readonly RevenueInvoice[]
  firstMonth: Month
  firstOpenMonth: Month
  through: Month
  /** @throws permanent where hub.config.ts lacks an id. */
  asStored(journal: RevenueJournal): StoredJournal
}

/** What the hub journaled, and what was recognized before it began. */
export const booksOf = (
  stored: readonly StoredJournal[],
  { invoices, firstMonth, firstOpenMonth }: Pick<Dues, 'invoices' | 'firstMonth' | 'firstOpenMonth'>,
): Books => ({
  closedUntil: addDays(`${firstOpenMonth}-01`, -1),
  posted: [...stored.map(fromStore), ...openingJournals(invoices, firstMonth)],
})

/** Nothing is stored. */
export function findDue(dues: Dues, stored: readonly StoredJournal[]): Due {
  const due: Due = { made: [], refused: [] }
  for (const journal of journalsDue(dues.invoices, booksOf(stored, dues), dues.through)) {
    try {
      due.made.push(dues.asStored(journal))
    } catch (error) {
      if (!isHubError(error)) throw error
      due.refused.push({
        object: `revenue journal ${journal.journalId}`,
        why: error.message,
        owner: 'Engineering',
        next: error.hint ?? '',
        code: error.code,
      })
    }
  }
  return due
}

/** @param before the sub-ledger as it was read. @throws HubError. */
export async function storeDue(
  dues: Dues,
  before: readonly StoredJournal[],
  subLedger: SubLedger,
): Promise<Due> {
  const made: StoredJournal[] = []
  let stored = before
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const due = findDue(dues, stored)
    let isTaken = false
    for (const journal of due.made) {
      if ((await subLedger.add(journal)) === 'stored') made.push(journal)
      else isTaken = true
    }
    if (!isTaken) return { made, refused: due.refused }
    stored = await subLedger.readAll()
  }
  throw transient('Another run stores revenue journals at the same time. What both stored is not lost.', {
    code: 'REVREC-BUSY',
    hint: 'Nothing to do: the next run finishes it. To see at once: hub recognize',
  })
}
