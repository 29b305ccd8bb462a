// Any company, month after month: sales, credit notes, voids, late knowledge, months that close, runs that are left out. What
// stands on the deferred account is summed up here from documents and stored journals alone; it must be what the
// waterfall of the schedules says is deferred, so that recognized + deferred = invoiced − credited at every month's end.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { recognize } from '../../shared/recognition/books.ts'
import { findBreaks } from '../../shared/recognition/breaks.ts'
import { addDays, type Month, monthOf, monthsFrom, nextMonth } from '../../shared/recognition/day.ts'
import { openingJournals, previousMonth } from '../../shared/recognition/opening.ts'
import { recut } from '../../shared/recognition/recut.ts'
import type { BilledInvoice, Credit, RevenueInvoice } from '../../shared/recognition/revenue-line.ts'
import { byCurrency, waterfall } from '../../shared/recognition/waterfall.ts'
import { booksOf, type Dues, findDue } from './store-due.ts'
import { fromStore, type StoredJournal, storedJournal, toStore } from './stored-journal.ts'

const MONTHS = monthsFrom('2026-01', '2026-12')
const FAR = '2030-12'

interface Sale {
  billed: BilledInvoice
  credits: Credit[]
}

const month = fc.constantFrom(...MONTHS)
const currency = fc.constantFrom('USD', 'JPY', 'KWD')
const line = fc.record({
  netMinor: fc.bigInt({ min: -90_000n, max: 500_000n }),
  /** Days before or after the invoice's month begins. */
  starts: fc.integer({ min: -70, max: 60 }),
  days: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 400 })),
  key: fc.constantFrom('plans', 'services'),
})
const sale = fc.record({
  bookedIn: month,
  currency,
  subsidiary: fc.constantFrom('1', '2'),
  lines: fc.array(line, { minLength: 1, maxLength: 3 }),
  credits: fc.array(
    fc.record({
      percent: fc.bigInt({ min: 1n, max: 50n }),
      after: fc.integer({ min: 0, max: 5 }),
      isVoided: fc.boolean(),
    }),
    { maxLength: 2 },
  ),
  voidAfter: fc.option(fc.integer({ min: 0, max: 8 }), { freq: 3, nil: undefined }),
})

type Drawn = typeof sale extends fc.Arbitrary<infer T> ? T : never

const later = (from: Month, months: number): Month =>
  Array.from({ length: months }).reduce<Month>((at) => nextMonth(at), from)

function saleOf(drawn: Drawn, number: number): Sale {
  const { bookedIn, lines, credits, voidAfter } = drawn
  const invoiceId = `in_${number}`
  const billedLines: BilledInvoice['lines'] = lines.map(({ netMinor, starts, days, key }, index) => {
    const from = addDays(`${bookedIn}-01`, starts)
    return {
      lineId: `${invoiceId}_${index}`,
      netMinor,
      revenueKey: key,
      timing: 'over-period',
      service: { from, until: addDays(from, days) },
    }
  })
  const billed: BilledInvoice = {
    invoiceId,
    number: `INV-${number}`,
    currency: drawn.currency,
    subsidiary: drawn.subsidiary,
    invoicedOn: `${bookedIn}-05`,
    bookedIn,
    totalNetMinor: lines.reduce((sum, { netMinor }) => sum + netMinor, 0n),
    lines: billedLines,
    ...(voidAfter !== undefined && {
      voided: { on: `${later(bookedIn, voidAfter)}-20`, bookedIn: later(bookedIn, voidAfter) },
    }),
  }
  return {
    billed,
    credits: credits.map(({ percent, after, isVoided }, index) => ({
      creditId: `cn_${number}_${index}`,
      on: `${later(bookedIn, after)}-10`,
      bookedIn: later(bookedIn, after),
      parts: billedLines.map(({ lineId, netMinor }) => ({ lineId, netMinor: (netMinor * percent) / 100n })),
      spreadMinor: 0n,
      ...(isVoided && {
        voided: { on: `${later(bookedIn, after + 1)}-11`, bookedIn: later(bookedIn, after + 1) },
      }),
    })),
  }
}

/** What was known when a month had ended. */
function knownAt(sales: readonly Sale[], end: Month): RevenueInvoice[] {
  return sales.flatMap(({ billed, credits }) => {
    if (billed.bookedIn > end) return []
    const { voided, ...rest } = billed
    const notes = credits
      .filter(({ bookedIn }) => bookedIn <= end)
      .map(({ voided: taken, ...note }) => ({
        ...note,
        ...(taken && taken.bookedIn <= end && { voided: taken }),
      }))
    return [recut({ ...rest, ...(voided && voided.bookedIn <= end && { voided }) }, notes).invoice]
  })
}

const storing = (invoices: RevenueInvoice[], months: Omit<Dues, 'invoices' | 'asStored'>): Dues => ({
  ...months,
  invoices,
  asStored: (journal) =>
    toStore(journal, {
      subsidiaryName: journal.subsidiary,
      currencyId: '1',
      storedAtMs: 0,
      numberOf: (id) => id,
      accountOf: ({ account, revenueKey }) => (account === 'deferred' ? '212' : revenueKey),
    }),
})

/** As it lies in the bucket. */
const kept = (journal: StoredJournal): StoredJournal =>
  storedJournal.parse(JSON.parse(JSON.stringify(journal)))

/** By currency: documents credit and debit it, journals and what was recognized before the hub debit it. */
function account(
  invoices: readonly RevenueInvoice[],
  stored: readonly StoredJournal[],
  first: Month,
  end: Month,
) {
  const sums = new Map<string, bigint>()
  const add = (code: string, amountMinor: bigint) => sums.set(code, (sums.get(code) ?? 0n) + amountMinor)
  for (const invoice of invoices) {
    for (const { netMinor, changes } of invoice.lines) {
      if (invoice.bookedIn <= end) add(invoice.currency, netMinor)
      for (const change of changes) if (change.bookedIn <= end) add(invoice.currency, change.deltaMinor)
    }
  }
  for (const journal of [...stored.map(fromStore), ...openingJournals(invoices, first)]) {
    if (journal.month > end) continue
    for (const { amountMinor } of journal.entries) add(journal.currency, -amountMinor)
  }
  return Object.fromEntries([...sums].filter(([, amount]) => amount !== 0n).sort())
}

function waterfallAt(
  invoices: readonly RevenueInvoice[],
  dues: Dues,
  stored: readonly StoredJournal[],
  end: Month,
) {
  const rows = waterfall(recognize(invoices, booksOf(stored, dues)), byCurrency)
  const closing = new Map<string, bigint>()
  for (const row of rows) if (row.month <= end) closing.set(row.currency, row.closingMinor)
  return Object.fromEntries([...closing].filter(([, amount]) => amount !== 0n).sort())
}

describe('any company’s months', () => {
  it('tie: recognized + deferred = invoiced − credited, and in the end nothing is deferred', () => {
    fc.assert(
      fc.property(
        fc.array(sale, { minLength: 1, maxLength: 6 }),
        month,
        fc.array(fc.record({ runs: fc.integer({ min: 0, max: 3 }), closes: fc.boolean() }), {
          minLength: MONTHS.length,
          maxLength: MONTHS.length,
        }),
        (drawn, firstMonth, plan) => {
          const sales = drawn.map(saleOf)
          let stored: StoredJournal[] = []
          let open = firstMonth
          const run = (end: Month): Dues => {
            const dues = storing(knownAt(sales, end), { firstMonth, firstOpenMonth: open, through: end })
            stored = [...stored, ...findDue(dues, stored).made.map(kept)]
            return dues
          }
          for (const [index, end] of MONTHS.entries()) {
            if (end < firstMonth) continue
            const { runs, closes } = plan[index] ?? { runs: 1, closes: false }
            // Not run in one month of four: the next run brings it, unless the month was closed meanwhile.
            if (runs > 0) {
              const before = stored.length
              const dues = run(end)
              const afterOnce = stored.length
              run(end)
              expect(stored.length, 'asked again, nothing is due').toBe(afterOnce)
              expect(before).toBeLessThanOrEqual(afterOnce)
              const { invoices } = dues
              expect(account(invoices, stored, firstMonth, end)).toEqual(
                waterfallAt(invoices, dues, stored, end),
              )
              expect(
                findBreaks(invoices, booksOf(stored, dues), end).filter(({ code }) => code !== 'remapped'),
              ).toEqual([])
            }
            if (closes) open = nextMonth(end) > open ? nextMonth(end) : open
          }
          const last = run(FAR)
          expect(account(last.invoices, stored, firstMonth, FAR)).toEqual({})
          for (const { date, month: of, lines } of stored) {
            expect(monthOf(date)).toBe(of)
            expect(of > previousMonth(firstMonth)).toBe(true)
            const side = (name: string) =>
              lines
                .filter((each) => each.side === name)
                .map(({ amount }) => amount)
                .sort()
            expect(side('debit')).toEqual(side('credit'))
          }
        },
      ),
      { numRuns: 100 },
    )
  })
})
