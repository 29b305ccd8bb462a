// Where the hub journals revenue: the journals that stand in NetSuite are those of the sub-ledger, nothing that was earned
// waits for one, and the deferred account holds what the schedules say is deferred. Each difference is told once, by its
// cause; what is then left over of the account's balance is a difference of its own. PURE.
import { amountThrough, type RecognizedLine } from '../recognition/books.ts'
import type { Day, Month } from '../recognition/day.ts'
import { recognizedThrough } from '../recognition/schedule.ts'
import { type Break, type Explained, spoken } from './check.ts'
import type { Period } from './period.ts'

/** Of the sub-ledger. */
export interface StoredRevenue {
  /** '1/USD/2026-10/1' */
  journalId: string
  externalId: string
  currency: string
  month: Month
  /** Of its debits; nothing is posted of a journal whose entries cancel out. */
  totalMinor: bigint
  /** By how much deferred revenue falls. */
  recognizedMinor: bigint
}

/** In NetSuite. */
export interface StandingRevenue {
  externalId: string
  currency: string
  day: Day
  /** Month of the posting period. */
  periodMonth: Month
  totalMinor: bigint
}

export interface JournaledFacts {
  /** All, of later months too. */
  stored: StoredRevenue[]
  standing: StandingRevenue[]
  /** Earned up to the month and in no journal yet: 1 for each subsidiary, currency and month. */
  due: { journalId: string; currency: string; recognizedMinor: bigint }[]
  /** Of the deferred account by the month's end, by posting periods and the documents' currencies; credits positive. */
  balanceMinor: Record<string, bigint>
  firstOpenMonth: Month
}

export interface JournalFinding {
  breaks: Break[]
  explained: Explained[]
  /** By currency: what of the month's revenue stands in NetSuite. */
  recognizedMinor: Record<string, bigint>
}

/** @param closingMinor what is deferred by the waterfall at the month's end, by currency. */
export function judgeJournals(
  { month, isOver }: Pick<Period, 'month' | 'isOver'>,
  facts: JournaledFacts,
  closingMinor: ReadonlyMap<string, bigint>,
): JournalFinding {
  const standing = new Map(facts.standing.map((each) => [each.externalId, each]))
  const stored = facts.stored.filter((each) => each.month <= month && each.totalMinor !== 0n)
  const found: JournalFinding = { breaks: [], explained: [], recognizedMinor: {} }
  // What the account still has too much of, by its known causes.
  const waiting = new Map<string, bigint>()
  const wait = (currency: string, amountMinor: bigint) =>
    waiting.set(currency, (waiting.get(currency) ?? 0n) + amountMinor)
  for (const due of facts.due) {
    wait(due.currency, due.recognizedMinor)
    if (!isOver && monthIn(due.journalId) === month) found.explained.push(notEnded(due))
    else found.breaks.push(notJournaled(due))
  }
  for (const journal of stored) {
    const stands = standing.get(journal.externalId)
    if (!stands) {
      wait(journal.currency, journal.recognizedMinor)
      found.breaks.push(notPosted(journal))
      continue
    }
    if (journal.month === month) {
      const { currency, recognizedMinor } = journal
      found.recognizedMinor[currency] = (found.recognizedMinor[currency] ?? 0n) + recognizedMinor
    }
    if (stands.periodMonth > month) {
      wait(journal.currency, journal.recognizedMinor)
      found.explained.push(postedLater(journal, stands))
    }
    if (stands.totalMinor !== journal.totalMinor || stands.currency !== journal.currency)
      found.breaks.push(differs(journal, stands))
  }
  const known = new Set(facts.stored.map(({ externalId }) => externalId))
  for (const journal of facts.standing)
    if (!known.has(journal.externalId)) found.breaks.push(unknown(journal))
  for (const currency of new Set([...closingMinor.keys(), ...Object.keys(facts.balanceMinor)].sort())) {
    const expected = (closingMinor.get(currency) ?? 0n) + (waiting.get(currency) ?? 0n)
    found.breaks.push(...balanceBreak(currency, expected, facts.balanceMinor[currency] ?? 0n))
  }
  return found
}

/** Of a month that was closed before all of it was journaled: the rest is revenue of the first open month. */
export function explainLate(
  month: Month,
  { firstOpenMonth }: JournaledFacts,
  lines: readonly RecognizedLine[],
): Explained[] {
  if (month >= firstOpenMonth) return []
  const late = new Map<string, bigint>()
  for (const { invoice, line, months } of lines) {
    const amountMinor = recognizedThrough(line, month) - amountThrough(months, month)
    late.set(invoice.currency, (late.get(invoice.currency) ?? 0n) + amountMinor)
  }
  return [...late].flatMap(([currency, amountMinor]) =>
    amountMinor === 0n
      ? []
      : [
          {
            object: `revenue of ${month} ${currency}`,
            currency,
            amountMinor,
            why: `${month} was closed before this was journaled: it is recognized in ${firstOpenMonth}`,
          },
        ],
  )
}

const monthIn = (journalId: string): Month => journalId.split('/')[2] ?? ''

const notJournaled = ({ journalId, currency, recognizedMinor }: JournaledFacts['due'][number]): Break => ({
  object: `revenue journal ${journalId}`,
  currency,
  amountMinor: recognizedMinor,
  cause: 'not-journaled',
  why: `${spoken(recognizedMinor, currency)} of ${monthIn(journalId)} are earned and in no journal (${journalId}).`,
  owner: 'Accounting',
  next: `hub recognize ${monthIn(journalId)}`,
})

const notEnded = ({ journalId, currency, recognizedMinor }: JournaledFacts['due'][number]): Explained => ({
  object: `revenue journal ${journalId}`,
  currency,
  amountMinor: recognizedMinor,
  why: 'earned by the end of the month, and journaled once it has ended',
})

const notPosted = ({ journalId, externalId, currency, recognizedMinor, month }: StoredRevenue): Break => ({
  object: `revenue journal ${journalId}`,
  currency,
  amountMinor: recognizedMinor,
  cause: 'journal-not-posted',
  why: `Revenue journal ${journalId} (${spoken(recognizedMinor, currency)}) is stored and has no document ${externalId} in NetSuite.`,
  owner: 'Accounting',
  next: `hub recognize ${month} posts it as it was stored, or says what hinders it.`,
})

const postedLater = (
  { journalId, currency, recognizedMinor, month }: StoredRevenue,
  stands: StandingRevenue,
): Explained => ({
  object: `revenue journal ${journalId}`,
  currency,
  amountMinor: recognizedMinor,
  why: `${month} was closed when it was posted: it is in ${stands.periodMonth}`,
})

const differs = (
  { journalId, currency, totalMinor, month }: StoredRevenue,
  stands: StandingRevenue,
): Break => ({
  object: `revenue journal ${journalId}`,
  currency,
  amountMinor: stands.totalMinor - totalMinor,
  cause: 'journal-differs',
  why: `Revenue journal ${journalId} was stored over ${spoken(totalMinor, currency)}; in NetSuite it stands over ${spoken(stands.totalMinor, stands.currency)}.`,
  owner: 'Accounting',
  next: `Somebody changed ${stands.externalId} in NetSuite: set it back to what is stored (revenue/journals/${journalId}.json), and correct ${month} by a journal of your own.`,
})

const unknown = ({ externalId, currency, totalMinor, day }: StandingRevenue): Break => ({
  object: `revenue journal ${externalId}`,
  currency,
  amountMinor: totalMinor,
  cause: 'journal-not-stored',
  why: `NetSuite has a revenue journal ${externalId} of ${day} (${spoken(totalMinor, currency)}) that is not in the sub-ledger.`,
  owner: 'AWS admin',
  next: 'Bring back its object under revenue/journals/ (the bucket is versioned); entered by hand, clear its external id.',
})

function balanceBreak(currency: string, expectedMinor: bigint, balanceMinor: bigint): Break[] {
  if (expectedMinor === balanceMinor) return []
  return [
    {
      object: `deferred revenue ${currency}`,
      currency,
      amountMinor: balanceMinor - expectedMinor,
      cause: 'deferred-balance',
      why: `The deferred account holds ${spoken(balanceMinor, currency)}; the schedules and the journals make it ${spoken(expectedMinor, currency)}.`,
      owner: 'Accounting',
      next: 'Look in NetSuite for what else was posted to the account: an entry by hand, an item with another income account, a refund without a credit note.',
    },
  ]
}
