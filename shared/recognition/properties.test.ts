// What must hold for any invoice and any history, not only for the worked ones. Oracles are written here again, the long
// way: day by day, in exact fractions.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Books, recognize } from './books.ts'
import { findBreaks } from './breaks.ts'
import {
  addDays,
  type Day,
  daysBetween,
  lastDayOf,
  type Month,
  monthOf,
  monthsFrom,
  nextMonth,
} from './day.ts'
import { journalsDue, type RevenueJournal } from './journal.ts'
import { spread } from './proportion.ts'
import { recut } from './recut.ts'
import type { BilledInvoice, Credit, RevenueLine } from './revenue-line.ts'
import { schedule } from './schedule.ts'
import { byCurrency, byInvoice, byLine, waterfall } from './waterfall.ts'

const dayIn2026 = fc.integer({ min: 0, max: 364 }).map((days) => addDays('2026-01-01', days))
const net = fc.bigInt({ min: -500_000n, max: 500_000n })
const service = fc
  .tuple(dayIn2026, fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 400 })))
  .map(([from, days]) => ({ from, until: addDays(from, days) }))

const lineOf = (netMinor: bigint, days: { from: Day; until: Day }, lineId = 'il_1'): RevenueLine => ({
  lineId,
  netMinor,
  revenueKey: 'plan',
  timing: 'over-period',
  service: days,
  changes: [],
})

const sum = (amounts: readonly { amountMinor: bigint }[]) =>
  amounts.reduce((total, each) => total + each.amountMinor, 0n)

describe('schedules', () => {
  it('sum to the line, and are never more than half a minor unit off at a month’s end', () => {
    fc.assert(
      fc.property(net, service, (netMinor, days) => {
        const months = schedule(lineOf(netMinor, days))
        expect(sum(months)).toBe(netMinor)
        const length = BigInt(daysBetween(days.from, days.until))
        let through = 0n
        for (const month of monthsFrom(monthOf(days.from), monthOf(days.until))) {
          through += months.find((each) => each.month === month)?.amountMinor ?? 0n
          let served = 0n
          for (let day = days.from; day < days.until && monthOf(day) <= month; day = addDays(day, 1))
            served += 1n
          const off = (through * length - netMinor * served) * 2n
          expect(off <= length && off >= -length).toBe(true)
        }
      }),
      { numRuns: 200 },
    )
  })

  it('mirror: a negative line undoes a positive one of the same days in every month', () => {
    fc.assert(
      fc.property(net, service, (netMinor, days) => {
        const mirrored = schedule(lineOf(-netMinor, days)).map(({ month, amountMinor }) => ({
          month,
          amountMinor: -amountMinor,
        }))
        expect(mirrored).toEqual(schedule(lineOf(netMinor, days)))
      }),
    )
  })

  it('a change moves no month before its own, wherever and however it cuts', () => {
    fc.assert(
      fc.property(net, service, net, dayIn2026, (netMinor, days, deltaMinor, on) => {
        const line = lineOf(netMinor, days)
        const change = { documentId: 'cn_1', cause: 'credit', on, bookedIn: monthOf(on), deltaMinor } as const
        const before = schedule(line).filter(({ month }) => month < monthOf(on))
        const after = schedule({ ...line, changes: [change] })
        expect(after.filter(({ month }) => month < monthOf(on))).toEqual(before)
        expect(sum(after)).toBe(netMinor + deltaMinor)
      }),
    )
  })
})

describe('a spread', () => {
  it('sums to the amount and never takes more from a line than is left of it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.bigInt({ min: 0n, max: 10_000n }), { minLength: 1, maxLength: 60 }),
        fc.bigInt({ min: 0n, max: 1_000n }),
        (weights, perMille) => {
          const left = weights.reduce((total, weight) => total + weight, 0n)
          fc.pre(left > 0n)
          const amount = (left * perMille) / 1_000n
          const shares = spread(amount, weights)
          expect(shares.reduce((total, share) => total + share, 0n)).toBe(amount)
          for (const [index, share] of shares.entries()) {
            expect(share >= 0n && share <= (weights[index] ?? 0n)).toBe(true)
          }
        },
      ),
    )
  })
})

/** A company's year: what was billed, credited and voided, and how often the books were closed late. */
interface Story {
  invoices: BilledInvoice[]
  credits: Map<string, Credit[]>
  /** Every how many months the books are closed. */
  closeEvery: number
  /** How late the hub hears of a document: of some, when their month is closed. */
  delayDays: number
}

const currencies = fc.constantFrom('USD', 'EUR', 'JPY', 'KWD')

const invoiceStory = fc.record({
  currency: currencies,
  subsidiary: fc.constantFrom('us', 'eu'),
  on: dayIn2026,
  lines: fc.array(fc.tuple(net, service, fc.constantFrom('plan', 'usage', 'set-up')), {
    minLength: 1,
    maxLength: 4,
  }),
  credits: fc.array(
    fc.record({
      afterDays: fc.integer({ min: 0, max: 120 }),
      /** Of what the line had at first; a few of them together may be too much, which is a break of its own. */
      perMille: fc.bigInt({ min: 1n, max: 300n }),
      line: fc.nat({ max: 3 }),
      spread: fc.boolean(),
      voidedAfterDays: fc.option(fc.integer({ min: 0, max: 60 })),
    }),
    { maxLength: 3 },
  ),
  voidedAfterDays: fc.option(fc.integer({ min: 0, max: 150 }), { freq: 4 }),
})

const story: fc.Arbitrary<Story> = fc
  .tuple(
    fc.array(invoiceStory, { minLength: 1, maxLength: 5 }),
    fc.integer({ min: 1, max: 4 }),
    fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 90 })),
  )
  .map(([all, closeEvery, delayDays]) => {
    const credits = new Map<string, Credit[]>()
    const invoices = all.map((input, index): BilledInvoice => {
      const invoiceId = `in_${index}`
      const lines = input.lines.map(([netMinor, days, revenueKey], at) => ({
        ...lineOf(netMinor, days, `${invoiceId}_${at}`),
        revenueKey,
      }))
      const total = lines.reduce((each, line) => each + line.netMinor, 0n)
      credits.set(
        invoiceId,
        input.credits.map((each, at): Credit => {
          const line = lines[each.line % lines.length]
          const on = addDays(input.on, each.afterDays)
          const voidedOn = each.voidedAfterDays === null ? undefined : addDays(on, each.voidedAfterDays)
          const amount = ((each.spread ? total : (line?.netMinor ?? 0n)) * each.perMille) / 1_000n
          return {
            creditId: `cn_${index}_${at}`,
            on,
            bookedIn: monthOf(on),
            parts: each.spread ? [] : [{ lineId: line?.lineId ?? '', netMinor: amount }],
            spreadMinor: each.spread ? amount : 0n,
            ...(voidedOn && { voided: { on: voidedOn, bookedIn: monthOf(voidedOn) } }),
          }
        }),
      )
      const voidedOn = input.voidedAfterDays === null ? undefined : addDays(input.on, input.voidedAfterDays)
      return {
        invoiceId,
        number: invoiceId,
        currency: input.currency,
        subsidiary: input.subsidiary,
        invoicedOn: input.on,
        bookedIn: monthOf(input.on),
        totalNetMinor: total,
        lines,
        ...(voidedOn && { voided: { on: voidedOn, bookedIn: monthOf(voidedOn) } }),
      }
    })
    return { invoices, credits, closeEvery, delayDays }
  })

/** What the company knows on a day: later documents are not there yet. */
function knownOn(day: Day, { invoices, credits, delayDays }: Story) {
  const happened = (event: { on: Day } | undefined) =>
    event && addDays(event.on, delayDays) <= day ? event : undefined
  return invoices
    .filter((invoice) => addDays(invoice.invoicedOn, delayDays) <= day)
    .map((invoice) => {
      const notes = (credits.get(invoice.invoiceId) ?? []).filter(happened)
      const { voided, ...rest } = invoice
      return recut(
        { ...rest, ...(voided && happened(voided) && { voided }) },
        notes.map(({ voided: noteVoided, ...note }) => ({
          ...note,
          ...(noteVoided && happened(noteVoided) && { voided: noteVoided }),
        })),
      ).invoice
    })
}

/** Later than the last day of any story's documents, told at last, and services. */
const END: Month = '2028-02'

describe('a company’s books, month after month, with journals posted and periods closed behind them', () => {
  it('tie at every month’s end, keep every closed month, and end with nothing deferred', () => {
    fc.assert(
      fc.property(story, (year) => {
        let books: Books = { posted: [] }
        const closed = new Map<Month, string>()
        for (const [index, month] of monthsFrom('2026-01', END).entries()) {
          const known = knownOn(lastDayOf(month), year)
          const due = journalsDue(known, books, month)
          for (const journal of due) expect(closed.has(journal.month)).toBe(false)
          books = { ...books, posted: [...books.posted, ...due] }
          expect(journalsDue(known, books, month)).toEqual([])
          expect(findBreaks(known, books, month)).toEqual([])
          if (index % year.closeEvery !== 0) continue
          books = { ...books, closedUntil: lastDayOf(month) }
          for (const each of monthsFrom('2026-01', month)) {
            const standing = totals(books.posted, each)
            expect(closed.get(each) ?? standing).toBe(standing)
            closed.set(each, standing)
          }
        }
        const all = knownOn('2028-03-01', year)
        for (const { line, months, posted } of recognize(all, books)) {
          const left = line.changes.reduce((rest, change) => rest + change.deltaMinor, line.netMinor)
          expect(sum(posted)).toBe(left)
          expect(sum(months)).toBe(left)
        }
        for (const row of waterfall(recognize(all, books)))
          if (row.month >= END) expect(row.closingMinor).toBe(0n)
      }),
      { numRuns: 12 },
    )
  }, 120_000)

  it('recognized + deferred = invoiced − credited, by line, invoice and currency, at every month’s end', () => {
    fc.assert(
      fc.property(story, (year) => {
        const known = knownOn('2028-03-01', year)
        const lines = recognize(known, { posted: [] })
        for (const groupOf of [byLine, byInvoice, byCurrency]) {
          const rows = waterfall(lines, groupOf)
          for (const row of rows) {
            const members = lines.filter(({ invoice, line }) => groupOf(invoice, line) === row.group)
            let invoiced = 0n
            let credited = 0n
            let recognized = 0n
            for (const { invoice, line, months } of members) {
              if (invoice.bookedIn <= row.month) invoiced += line.netMinor
              for (const change of line.changes)
                if (change.bookedIn <= row.month) credited -= change.deltaMinor
              for (const each of months) if (each.month <= row.month) recognized += each.amountMinor
            }
            expect(recognized + row.closingMinor).toBe(invoiced - credited)
            expect(sum(row.releases) - row.unbilledMinor).toBe(row.closingMinor)
          }
          const open = new Map(rows.map((row) => [row.group, row.closingMinor]))
          expect([...open.values()].every((closing) => closing === 0n)).toBe(true)
        }
      }),
      { numRuns: 60 },
    )
  })

  it('a void leaves nothing of the invoice, whatever was credited, journaled or closed before', () => {
    fc.assert(
      fc.property(story, dayIn2026, (year, on) => {
        const voided = year.invoices.map((invoice) => ({
          ...invoice,
          voided: { on: addDays(on, 365), bookedIn: nextMonth('2026-12') },
        }))
        const before = knownOn('2026-12-31', year)
        const posted = journalsDue(before, { posted: [] }, '2026-12')
        const books: Books = { posted, closedUntil: '2027-05-31' }
        const after = voided.map(
          (invoice) => recut(invoice, year.credits.get(invoice.invoiceId) ?? []).invoice,
        )
        const all: RevenueJournal[] = [...posted, ...journalsDue(after, books, END)]
        const left = new Map<string, bigint>()
        for (const { entries } of all) {
          for (const { lineId, amountMinor } of entries) {
            left.set(lineId, (left.get(lineId) ?? 0n) + amountMinor)
          }
        }
        expect([...left.values()].every((amount) => amount === 0n)).toBe(true)
      }),
      { numRuns: 60 },
    )
  })
})

function totals(posted: Books['posted'], month: Month): string {
  return posted
    .filter((journal) => journal.month === month)
    .flatMap((journal) =>
      journal.entries.map((entry) => `${journal.journalId} ${entry.lineId} ${entry.amountMinor}`),
    )
    .join('; ')
}
