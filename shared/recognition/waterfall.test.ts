// The waterfall as an accountant would write it, in hundredths: opening, billed, recognized, credited, closing.
import { describe, expect, it } from 'vitest'
import { type Books, recognize } from './books.ts'
import { type CreditInput, type InvoiceInput, sold } from './recognition.fixture.ts'
import { byInvoice, byLine, bySubsidiary, type GroupOf, type WaterfallRow, waterfall } from './waterfall.ts'

function rows(
  sales: [InvoiceInput, CreditInput[]?][],
  groupOf?: GroupOf,
  books: Books = { posted: [] },
): WaterfallRow[] {
  const invoices = sales.map(([input, credits]) => sold(input, credits).invoice)
  return waterfall(recognize(invoices, books), groupOf)
}

type Figures = [string, string, bigint, bigint, bigint, bigint, bigint]

const figures = (all: WaterfallRow[]): Figures[] =>
  all.map((row) => [
    row.group,
    row.month,
    row.openingMinor,
    row.billedMinor,
    row.recognizedMinor,
    row.creditedMinor,
    row.closingMinor,
  ])

const quarter: InvoiceInput = {
  lines: [{ id: 'il_1', net: '90.00', from: '2026-01-01', until: '2026-04-01' }],
}

describe('the deferred-revenue waterfall', () => {
  it('62 runs from the invoice to zero', () => {
    expect(figures(rows([[quarter]]))).toEqual([
      ['USD', '2026-01', 0n, 90_00n, 31_00n, 0n, 59_00n],
      ['USD', '2026-02', 59_00n, 0n, 28_00n, 0n, 31_00n],
      ['USD', '2026-03', 31_00n, 0n, 31_00n, 0n, 0n],
    ])
  })

  it('63 says in which months the closing balance becomes revenue', () => {
    expect(rows([[quarter]]).map((row) => row.releases)).toEqual([
      [
        { month: '2026-02', amountMinor: 28_00n },
        { month: '2026-03', amountMinor: 31_00n },
      ],
      [{ month: '2026-03', amountMinor: 31_00n }],
      [],
    ])
  })

  it('64 a credit note of 45.00 on 1 February: 29.50 off what is deferred, 15.50 out of revenue', () => {
    const all = rows([[quarter, [{ on: '2026-02-01', parts: { il_1: '45.00' } }]]])
    expect(figures(all)).toEqual([
      ['USD', '2026-01', 0n, 90_00n, 31_00n, 0n, 59_00n],
      ['USD', '2026-02', 59_00n, 0n, -1_50n, 45_00n, 15_50n],
      ['USD', '2026-03', 15_50n, 0n, 15_50n, 0n, 0n],
    ])
    expect(all.map((row) => row.creditedFromRevenueMinor)).toEqual([0n, 15_50n, 0n])
    // In January nobody knew of the credit note.
    expect(all[0]?.releases).toEqual([
      { month: '2026-02', amountMinor: 28_00n },
      { month: '2026-03', amountMinor: 31_00n },
    ])
  })

  it('two credit notes in a row: each divides what the one before left', () => {
    const year: InvoiceInput = {
      lines: [{ id: 'il_1', net: '1000.00', from: '2026-01-01', until: '2027-01-01' }],
    }
    const all = rows([
      [
        year,
        [
          { on: '2026-04-20', parts: { il_1: '300.00' } },
          { on: '2026-07-02', parts: { il_1: '200.00' } },
        ],
      ],
    ])
    // 109 of 365 days: 298.63 of 1,000.00 less 209.04 of 700.00. 182 days: 349.04 of 700.00 less 249.32 of 500.00.
    const taken = all.filter((row) => row.creditedMinor !== 0n)
    expect(taken.map((row) => [row.month, row.creditedMinor, row.creditedFromRevenueMinor])).toEqual([
      ['2026-04', 300_00n, 89_59n],
      ['2026-07', 200_00n, 99_72n],
    ])
  })

  it('65 a void empties it in its month, and a voided credit note fills it again', () => {
    expect(figures(rows([[{ ...quarter, voidedOn: '2026-02-10' }]]))).toEqual([
      ['USD', '2026-01', 0n, 90_00n, 31_00n, 0n, 59_00n],
      ['USD', '2026-02', 59_00n, 0n, -31_00n, 90_00n, 0n],
    ])
    const credits = [{ on: '2026-01-02', parts: { il_1: '90.00' }, voidedOn: '2026-02-10' }]
    expect(figures(rows([[quarter, credits]]))).toEqual([
      ['USD', '2026-01', 0n, 90_00n, 0n, 90_00n, 0n],
      ['USD', '2026-02', 0n, 0n, 59_00n, -90_00n, 31_00n],
      ['USD', '2026-03', 31_00n, 0n, 31_00n, 0n, 0n],
    ])
  })

  it('66 usage billed on the 1st for the month before stands as unbilled at that month’s end', () => {
    const all = rows([[{ on: '2026-05-01', lines: [{ net: '77.00', from: '2026-04-30' }] }]])
    expect(figures(all)).toEqual([
      ['USD', '2026-04', 0n, 0n, 77_00n, 0n, -77_00n],
      ['USD', '2026-05', -77_00n, 77_00n, 0n, 0n, 0n],
    ])
    expect(all.map((row) => row.unbilledMinor)).toEqual([77_00n, 0n])
  })

  it('67 an upgrade: the negative line lowers what is billed and what is to come', () => {
    const upgrade: InvoiceInput = {
      id: 'in_2',
      on: '2026-04-25',
      lines: [
        { net: '-60.00', from: '2026-04-25', until: '2026-05-15' },
        { net: '80.00', from: '2026-04-25', until: '2026-05-15' },
      ],
    }
    const plan: InvoiceInput = { lines: [{ net: '90.00', from: '2026-04-15', until: '2026-05-15' }] }
    // −42.00 + 56.00 of the upgrade and 42.00 of the plan.
    expect(rows([[plan], [upgrade]])[0]?.releases).toEqual([{ month: '2026-05', amountMinor: 56_00n }])
    expect(figures(rows([[plan], [upgrade]]))).toEqual([
      ['USD', '2026-04', 0n, 110_00n, 54_00n, 0n, 56_00n],
      ['USD', '2026-05', 56_00n, 0n, 56_00n, 0n, 0n],
    ])
  })

  it('68 never adds currencies together, and can be had by subsidiary, invoice and line', () => {
    const sales: [InvoiceInput][] = [
      [{ id: 'in_1', lines: [{ id: 'il_1', net: '31.00', from: '2026-01-15', until: '2026-02-15' }] }],
      [
        {
          id: 'in_2',
          currency: 'JPY',
          subsidiary: 'eu',
          lines: [{ id: 'il_2', net: '1000', from: '2026-01-15', until: '2026-02-15' }],
        },
      ],
    ]
    expect(figures(rows(sales))).toEqual([
      ['JPY', '2026-01', 0n, 1000n, 548n, 0n, 452n],
      ['JPY', '2026-02', 452n, 0n, 452n, 0n, 0n],
      ['USD', '2026-01', 0n, 31_00n, 17_00n, 0n, 14_00n],
      ['USD', '2026-02', 14_00n, 0n, 14_00n, 0n, 0n],
    ])
    const groups = (groupOf: GroupOf) => [...new Set(rows(sales, groupOf).map((row) => row.group))]
    expect(groups(bySubsidiary)).toEqual(['eu/JPY', 'us/USD'])
    expect(groups(byInvoice)).toEqual(['in_1', 'in_2'])
    expect(groups(byLine)).toEqual(['il_1', 'il_2'])
  })

  it('69 a quiet month between two invoices has its row, and a zero line has none', () => {
    const first: InvoiceInput = { id: 'in_1', lines: [{ net: '10.00', from: '2026-01-05' }] }
    const second: InvoiceInput = { id: 'in_2', lines: [{ net: '20.00', from: '2026-03-05' }] }
    const zero: InvoiceInput = {
      id: 'in_3',
      lines: [{ net: '0.00', from: '2025-01-01', until: '2026-12-01' }],
    }
    expect(figures(rows([[first], [second], [zero]]))).toEqual([
      ['USD', '2026-01', 0n, 10_00n, 10_00n, 0n, 0n],
      ['USD', '2026-02', 0n, 0n, 0n, 0n, 0n],
      ['USD', '2026-03', 0n, 20_00n, 20_00n, 0n, 0n],
    ])
  })

  it('70 a credit note that came after its month was closed is credited and taken back in the month it was booked', () => {
    const january = {
      journalId: 'us/USD/2026-01/1',
      subsidiary: 'us',
      currency: 'USD',
      month: '2026-01',
      entries: [{ invoiceId: 'in_1', lineId: 'il_1', revenueKey: 'plan', amountMinor: 31_00n }],
    }
    const late = { on: '2026-01-20', bookedIn: '2026-02', parts: { il_1: '30.00' } }
    const books = { closedUntil: '2026-01-31', posted: [january] }
    expect(figures(rows([[quarter, [late]]], undefined, books))).toEqual([
      ['USD', '2026-01', 0n, 90_00n, 31_00n, 0n, 59_00n],
      ['USD', '2026-02', 59_00n, 0n, 8_33n, 30_00n, 20_67n],
      ['USD', '2026-03', 20_67n, 0n, 20_67n, 0n, 0n],
    ])
  })

  it('71 what a closed month missed stays deferred in it and is due in the next', () => {
    const all = rows([[{ lines: [{ net: '10.00', from: '2026-01-20' }] }]], undefined, {
      closedUntil: '2026-01-31',
      posted: [],
    })
    expect(figures(all)).toEqual([
      ['USD', '2026-01', 0n, 10_00n, 0n, 0n, 10_00n],
      ['USD', '2026-02', 10_00n, 0n, 10_00n, 0n, 0n],
    ])
    expect(all[0]?.releases).toEqual([{ month: '2026-02', amountMinor: 10_00n }])
  })
})
