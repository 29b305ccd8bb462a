// Each thing that must tie is broken on purpose, and the list names it with both amounts.
import { describe, expect, it } from 'vitest'
import { type Books, recognize } from './books.ts'
import {
  findBreaks,
  invoiceBreaks,
  journalBreaks,
  journaledBreaks,
  lineBreaks,
  waterfallBreaks,
} from './breaks.ts'
import { journalsDue } from './journal.ts'
import { type InvoiceInput, sold } from './recognition.fixture.ts'
import { bySubsidiary, waterfall } from './waterfall.ts'

const quarter: InvoiceInput = {
  lines: [{ id: 'il_1', net: '90.00', from: '2026-01-01', until: '2026-04-01' }],
}
const invoices = [sold(quarter, [{ on: '2026-03-10', parts: { il_1: '45.00' } }]).invoice]
const nothing: Books = { posted: [] }
const codes = (breaks: { code: string; month?: string }[]) =>
  breaks.map(({ code, month }) => `${code} ${month}`)

describe('breaks', () => {
  it('finds none where everything ties: before, between and after journals', () => {
    expect(findBreaks(invoices, nothing, '2026-12')).toEqual([])
    const posted = journalsDue([sold(quarter).invoice], nothing, '2026-02')
    expect(findBreaks(invoices, { posted, closedUntil: '2026-02-28' }, '2026-03')).toEqual([])
    expect(findBreaks([], nothing, '2026-12')).toEqual([])
  })

  it('lines that do not sum to their invoice', () => {
    const [invoice] = invoices
    if (!invoice) throw new Error('no invoice')
    expect(invoiceBreaks([{ ...invoice, totalNetMinor: 90_01n }])).toEqual([
      {
        code: 'lines-differ-from-invoice',
        where: 'in_1',
        currency: 'USD',
        month: '2026-01',
        expectedMinor: 90_01n,
        actualMinor: 90_00n,
        text: 'Invoice INV-0042 net of tax is USD 90.01, its lines sum to USD 90.00 (2026-01).',
      },
    ])
  })

  it('revenue moved from one month to another, and revenue that is missing', () => {
    const moved = recognize(invoices, nothing).map((line) => ({
      ...line,
      months: [
        { month: '2026-01', amountMinor: 30_99n },
        { month: '2026-02', amountMinor: 28_01n },
        { month: '2026-03', amountMinor: -14_01n },
      ],
    }))
    expect(lineBreaks(moved, nothing)).toMatchObject([
      {
        code: 'recognized-differs-from-schedule',
        where: 'il_1',
        month: '2026-01',
        expectedMinor: 31_00n,
        actualMinor: 30_99n,
      },
      {
        code: 'recognized-differs-from-schedule',
        month: '2026-03',
        expectedMinor: 45_00n,
        actualMinor: 44_99n,
      },
      { code: 'not-fully-recognized', expectedMinor: 45_00n, actualMinor: 44_99n },
    ])
  })

  it('a closed month that would change', () => {
    const posted = journalsDue([sold(quarter).invoice], nothing, '2026-01')
    const books: Books = { posted, closedUntil: '2026-01-31' }
    const lines = recognize(invoices, nothing).map((line) => ({
      ...line,
      months: [
        { month: '2026-01', amountMinor: 15_50n },
        { month: '2026-02', amountMinor: 43_50n },
        { month: '2026-03', amountMinor: -14_00n },
      ],
    }))
    expect(lineBreaks(lines, books)).toMatchObject([
      { code: 'closed-month-changed', month: '2026-01', expectedMinor: 31_00n, actualMinor: 15_50n },
    ])
  })

  it('a journal for a line that no invoice has, and one under another mapping', () => {
    const posted = journalsDue(
      [sold({ ...quarter, id: 'in_9', lines: [{ id: 'il_9', net: '5.00', from: '2026-01-05' }] }).invoice],
      nothing,
      '2026-01',
    )
    expect(codes(findBreaks(invoices, { posted }, '2026-03'))).toEqual([
      'journaled-without-invoice 2026-01',
      'journals-differ-from-recognized 2026-01',
    ])
    const elsewhere = journalsDue([sold({ ...quarter, subsidiary: 'eu' }).invoice], nothing, '2026-01')
    const found = findBreaks(invoices, { posted: elsewhere }, '2026-01')
    expect(found[0]).toMatchObject({
      code: 'remapped',
      where: 'il_1',
      text: 'Line il_1 of INV-0042 was journaled under eu/USD/plan and is now mapped to us/USD/plan; what was journaled stays, and the rest follows it there.',
    })
    expect(codes(found)).toEqual([
      'remapped 2026-01',
      'journals-differ-from-recognized 2026-01',
      'journals-differ-from-recognized 2026-01',
    ])
  })

  it('a waterfall whose opening, sum or releases are off', () => {
    const rows = waterfall(recognize(invoices, nothing))
    const tampered = (index: number, change: object) =>
      waterfallBreaks(rows.map((row, at) => (at === index ? { ...row, ...change } : row)))
    expect(waterfallBreaks(rows)).toEqual([])
    expect(codes(tampered(1, { openingMinor: 58_00n }))).toEqual([
      'roll-forward 2026-02',
      'roll-forward 2026-02',
    ])
    expect(codes(tampered(1, { recognizedMinor: 27_00n }))).toEqual(['roll-forward 2026-02'])
    expect(codes(tampered(0, { releases: [] }))).toEqual(['deferred-differs-from-schedule 2026-01'])
    expect(codes(tampered(0, { unbilledMinor: 1n }))).toEqual(['deferred-differs-from-schedule 2026-01'])
  })

  it('a journal that does not balance, or does not say what its entries say', () => {
    const [journal] = journalsDue(invoices, nothing, '2026-01')
    if (!journal) throw new Error('no journal')
    expect(journalBreaks([journal])).toEqual([])
    const [deferred, revenue] = journal.lines
    if (!deferred || !revenue) throw new Error('no lines')
    expect(
      journalBreaks([{ ...journal, lines: [{ ...deferred, debitMinor: 30_99n }, revenue] }]),
    ).toMatchObject([
      { code: 'journal-unbalanced', where: 'us/USD/2026-01/1', expectedMinor: 30_99n, actualMinor: 31_00n },
    ])
    expect(journalBreaks([{ ...journal, entries: [] }])).toMatchObject([
      { code: 'journal-unbalanced', expectedMinor: 0n, actualMinor: 31_00n },
    ])
  })

  it('a month whose journals are not what was recognized, up to the month asked for', () => {
    const rows = waterfall(recognize(invoices, nothing), bySubsidiary)
    const journals = journalsDue(invoices, nothing, '2026-02').slice(0, 1)
    expect(journaledBreaks(journals, rows, '2026-02')).toMatchObject([
      {
        code: 'journals-differ-from-recognized',
        where: 'us/USD/2026-02',
        expectedMinor: 28_00n,
        actualMinor: 0n,
      },
    ])
    expect(journaledBreaks(journals, rows, '2026-01')).toEqual([])
  })
})
