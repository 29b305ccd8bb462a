// Whether everything ties, to the cent: line by line, month by month, group by group, journal by journal. Nothing is
// thrown: what does not tie is a row of a list with its amounts, and an empty list is the answer one wants. The figures
// to check are arguments, so that they can come from this module or be read back from a ledger.
import { toDecimal } from '../money/money.ts'
import {
  amountIn,
  amountThrough,
  type Books,
  firstOpenMonth,
  type PostedEntry,
  type PostedJournal,
  postedByLine,
  type RecognizedLine,
  recognize,
} from './books.ts'
import { type Month, monthsFrom } from './day.ts'
import { journalsDue, type RevenueJournal } from './journal.ts'
import type { Break, RevenueInvoice } from './revenue-line.ts'
import { finalNet, monthsOf, recognizedThrough } from './schedule.ts'
import { byCurrency, byInvoice, bySubsidiary, type WaterfallRow, waterfall } from './waterfall.ts'

/** Everything below at once, for journals up to and including `through`. Breaks of `recut` are the caller's to add. */
export function findBreaks(invoices: readonly RevenueInvoice[], books: Books, through: Month): Break[] {
  const lines = recognize(invoices, books)
  const due = journalsDue(invoices, books, through)
  return [
    ...invoiceBreaks(invoices),
    ...orphanBreaks(invoices, books),
    ...lineBreaks(lines, books),
    ...waterfallBreaks([...waterfall(lines, byInvoice), ...waterfall(lines, byCurrency)]),
    ...journalBreaks(due),
    ...journaledBreaks([...books.posted, ...due], waterfall(lines, bySubsidiary), through),
  ]
}

/** Are the lines of each invoice what the invoice says? */
export function invoiceBreaks(invoices: readonly RevenueInvoice[]): Break[] {
  return invoices.flatMap(({ invoiceId, number, currency, bookedIn, totalNetMinor, lines }) =>
    differ(
      { code: 'lines-differ-from-invoice', where: invoiceId, currency, month: bookedIn },
      [`Invoice ${number} net of tax is`, totalNetMinor],
      ['its lines sum to', lines.reduce((sum, line) => sum + line.netMinor, 0n)],
    ),
  )
}

/** Revenue in a journal for which no invoice line is known. */
export function orphanBreaks(invoices: readonly RevenueInvoice[], books: Books): Break[] {
  const known = new Set(invoices.flatMap((invoice) => invoice.lines.map((line) => line.lineId)))
  return [...postedByLine(books)].flatMap(([lineId, entries]) =>
    known.has(lineId)
      ? []
      : entries.flatMap(({ currency, month, amountMinor, invoiceId }) =>
          differ(
            { code: 'journaled-without-invoice', where: lineId, currency, month },
            [`Line ${lineId} of invoice ${invoiceId} is not among the invoices and has`, 0n],
            ['journaled is', amountMinor],
          ),
        ),
  )
}

/**
 * Per line and month: an open month has recognized what the schedule earned by its end, so that recognized + deferred =
 * invoiced − credited; a closed one what was journaled; and in the end nothing is left.
 */
export function lineBreaks(lines: readonly RecognizedLine[], books: Books): Break[] {
  const open = firstOpenMonth(books) ?? ''
  const posted = postedByLine(books)
  return lines.flatMap((recognized) => {
    const { invoice, line, months } = recognized
    const at = { where: line.lineId, currency: invoice.currency }
    const journaled = posted.get(line.lineId) ?? []
    return [
      ...remapped(recognized, journaled),
      ...monthsOfLife(recognized, journaled).flatMap((month) =>
        month < open
          ? differ(
              { ...at, code: 'closed-month-changed', month },
              [
                `Line ${line.lineId} of ${invoice.number}: the closed month's journals recognized`,
                amountIn(journaled, month),
              ],
              ['now it would be', amountIn(months, month)],
            )
          : differ(
              { ...at, code: 'recognized-differs-from-schedule', month },
              [
                `Line ${line.lineId} of ${invoice.number}: the service of its days has earned`,
                recognizedThrough(line, month),
              ],
              ['recognized by then is', amountThrough(months, month)],
            ),
      ),
      ...differ(
        { ...at, code: 'not-fully-recognized' },
        [`Line ${line.lineId} of ${invoice.number}: invoiced less credited is`, finalNet(line)],
        ['recognized in all is', months.reduce((sum, each) => sum + each.amountMinor, 0n)],
      ),
    ]
  })
}

function monthsOfLife({ line, months }: RecognizedLine, journaled: readonly PostedEntry[]): Month[] {
  const touched = [
    ...monthsOf(line),
    ...months.map((each) => each.month),
    ...journaled.map((each) => each.month),
  ].sort()
  return monthsFrom(touched[0] ?? '', touched.at(-1) ?? '')
}

function remapped({ invoice, line }: RecognizedLine, journaled: readonly PostedEntry[]): Break[] {
  const now = `${invoice.subsidiary}/${invoice.currency}/${line.revenueKey}`
  return journaled.flatMap(({ subsidiary, currency, revenueKey, month, amountMinor }) => {
    const then = `${subsidiary}/${currency}/${revenueKey}`
    if (then === now) return []
    const text = `Line ${line.lineId} of ${invoice.number} was journaled under ${then} and is now mapped to ${now}; what was journaled stays, and the rest follows it there.`
    const at = { where: line.lineId, currency, month }
    return [{ code: 'remapped', ...at, expectedMinor: amountMinor, actualMinor: 0n, text }]
  })
}

/** Rows of one group in the order of their months: each opens as the last closed, adds up, and has its releases. */
export function waterfallBreaks(rows: readonly WaterfallRow[]): Break[] {
  const closing = new Map<string, bigint>()
  return rows.flatMap((row) => {
    const { group, currency, month } = row
    const opened = closing.get(group) ?? 0n
    closing.set(group, row.closingMinor)
    const at = { where: group, currency, month }
    const released = row.releases.reduce((sum, each) => sum + each.amountMinor, 0n)
    return [
      ...differ(
        { ...at, code: 'roll-forward' },
        [`${group}: the month before closed with`, opened],
        ['this one opens with', row.openingMinor],
      ),
      ...differ(
        { ...at, code: 'roll-forward' },
        [
          `${group}: opening + billed − recognized − credited is`,
          row.openingMinor + row.billedMinor - row.recognizedMinor - row.creditedMinor,
        ],
        ['closing is', row.closingMinor],
      ),
      ...differ(
        { ...at, code: 'deferred-differs-from-schedule' },
        [`${group}: revenue still to come less what is not billed yet is`, released - row.unbilledMinor],
        ['deferred revenue is', row.closingMinor],
      ),
    ]
  })
}

/** Debits and credits of each journal, and its lines against its entries. */
export function journalBreaks(journals: readonly RevenueJournal[]): Break[] {
  return journals.flatMap(({ journalId, currency, month, entries, lines }) => {
    const at = { code: 'journal-unbalanced', where: journalId, currency, month } as const
    const revenue = lines.filter((line) => line.account === 'revenue')
    return [
      ...differ(
        at,
        [`Journal ${journalId} debits`, lines.reduce((sum, line) => sum + line.debitMinor, 0n)],
        ['it credits', lines.reduce((sum, line) => sum + line.creditMinor, 0n)],
      ),
      ...differ(
        at,
        [
          `Journal ${journalId}: its invoice lines recognize`,
          entries.reduce((sum, entry) => sum + entry.amountMinor, 0n),
        ],
        [
          'its revenue lines credit',
          revenue.reduce((sum, line) => sum + line.creditMinor - line.debitMinor, 0n),
        ],
      ),
    ]
  })
}

/** All journals of a subsidiary, currency and month against the waterfall's rows by subsidiary. */
export function journaledBreaks(
  journals: readonly PostedJournal[],
  rows: readonly WaterfallRow[],
  through: Month,
): Break[] {
  const journaled = new Map<string, bigint>()
  for (const { subsidiary, currency, month, entries } of journals) {
    const place = `${subsidiary}/${currency}/${month}`
    const sum = entries.reduce((total, entry) => total + entry.amountMinor, 0n)
    journaled.set(place, (journaled.get(place) ?? 0n) + sum)
  }
  const recognized = new Map(rows.map((row) => [`${row.group}/${row.month}`, row.recognizedMinor]))
  return [...new Set([...journaled.keys(), ...recognized.keys()])].sort().flatMap((place) => {
    const [, currency = '', month = ''] = place.split('/')
    if (month > through) return []
    return differ(
      { code: 'journals-differ-from-recognized', where: place, currency, month },
      [`${place}: recognized is`, recognized.get(place) ?? 0n],
      ['its journals sum to', journaled.get(place) ?? 0n],
    )
  })
}

function differ(
  at: Pick<Break, 'code' | 'where' | 'currency' | 'month'>,
  [expectation, expectedMinor]: readonly [string, bigint],
  [finding, actualMinor]: readonly [string, bigint],
): Break[] {
  if (expectedMinor === actualMinor) return []
  const { currency } = at
  const spoken = (amountMinor: bigint) => `${currency} ${toDecimal({ amountMinor, currency })}`
  const when = at.month === undefined ? '' : ` (${at.month})`
  const text = `${expectation} ${spoken(expectedMinor)}, ${finding} ${spoken(actualMinor)}${when}.`
  return [{ ...at, expectedMinor, actualMinor, text }]
}
