// What is journaled, month after month, with periods closing in between. Each test posts what is due, as the connector
// would, and goes on from there.
import { describe, expect, it } from 'vitest'
import type { Books, PostedJournal } from './books.ts'
import { recognize } from './books.ts'
import { type JournalLine, journalsDue } from './journal.ts'
import { type CreditInput, type InvoiceInput, sold, spoken } from './recognition.fixture.ts'
import type { RevenueInvoice } from './revenue-line.ts'

const quarter: InvoiceInput = {
  lines: [{ id: 'il_1', net: '90.00', from: '2026-01-01', until: '2026-04-01' }],
}

const cut = (input: InvoiceInput, credits: CreditInput[] = []): RevenueInvoice => sold(input, credits).invoice

/** Posts what is due through a month and closes up to a day. */
function post(invoices: RevenueInvoice[], books: Books, through: string, closedUntil?: string): Books {
  return {
    ...(closedUntil && { closedUntil }),
    posted: [...books.posted, ...journalsDue(invoices, books, through)],
  }
}

/** 'journal id': sum of its entries, in hundredths. */
const sums = (journals: readonly PostedJournal[]): Record<string, bigint> =>
  Object.fromEntries(
    journals.map(({ journalId, entries }) => [
      journalId,
      entries.reduce((sum, entry) => sum + entry.amountMinor, 0n),
    ]),
  )

const nothing: Books = { posted: [] }

describe('one balanced journal a month', () => {
  it('47 debits deferred and credits revenue by revenue key, dated the month’s last day', () => {
    const invoice = cut({
      lines: [
        { net: '31.00', from: '2026-01-15', until: '2026-02-15', key: 'plan' },
        { net: '62.00', from: '2026-01-15', until: '2026-02-15', key: 'plan' },
        { net: '50.00', from: '2026-01-15', key: 'set-up' },
      ],
    })
    const [january, ...rest] = journalsDue([invoice], nothing, '2026-01')
    expect(rest).toEqual([])
    expect(january?.journalId).toBe('us/USD/2026-01/1')
    expect(january?.date).toBe('2026-01-31')
    expect(january?.lines).toEqual<JournalLine[]>([
      { account: 'deferred', revenueKey: 'plan', debitMinor: 51_00n, creditMinor: 0n },
      { account: 'revenue', revenueKey: 'plan', debitMinor: 0n, creditMinor: 51_00n },
      { account: 'deferred', revenueKey: 'set-up', debitMinor: 50_00n, creditMinor: 0n },
      { account: 'revenue', revenueKey: 'set-up', debitMinor: 0n, creditMinor: 50_00n },
    ])
    expect(january?.entries).toEqual([
      { invoiceId: 'in_1', lineId: 'in_1_1', revenueKey: 'plan', amountMinor: 17_00n },
      { invoiceId: 'in_1', lineId: 'in_1_2', revenueKey: 'plan', amountMinor: 34_00n },
      { invoiceId: 'in_1', lineId: 'in_1_3', revenueKey: 'set-up', amountMinor: 50_00n },
    ])
  })

  it('48 turns the sides round where more is taken back than recognized', () => {
    const invoice = cut({ lines: [{ net: '-18.00', from: '2026-04-25', until: '2026-05-01' }] })
    expect(journalsDue([invoice], nothing, '2026-04')[0]?.lines).toEqual<JournalLine[]>([
      { account: 'deferred', revenueKey: 'plan', debitMinor: 0n, creditMinor: 18_00n },
      { account: 'revenue', revenueKey: 'plan', debitMinor: 18_00n, creditMinor: 0n },
    ])
  })

  it('49 keeps subsidiaries and currencies apart', () => {
    const one = (id: string, subsidiary: string, currency: string, net: string) =>
      cut({ id, subsidiary, currency, lines: [{ net, from: '2026-10-01', until: '2026-11-01' }] })
    const invoices = [
      one('in_1', 'us', 'USD', '10.00'),
      one('in_2', 'eu', 'EUR', '20.00'),
      one('in_3', 'eu', 'USD', '30.00'),
      one('in_4', 'eu', 'JPY', '4000'),
      one('in_5', 'eu', 'KWD', '5.000'),
      one('in_6', 'us', 'USD', '1.00'),
    ]
    expect(sums(journalsDue(invoices, nothing, '2026-10'))).toEqual({
      'eu/EUR/2026-10/1': 20_00n,
      'eu/JPY/2026-10/1': 4000n,
      'eu/KWD/2026-10/1': 5_000n,
      'eu/USD/2026-10/1': 30_00n,
      'us/USD/2026-10/1': 11_00n,
    })
  })

  it('a revenue key whose entries cancel out has no line; the entries are remembered', () => {
    const swapped = cut({
      lines: [
        { net: '-30.00', from: '2026-04-21', until: '2026-05-01' },
        { net: '30.00', from: '2026-04-21', until: '2026-05-01' },
      ],
    })
    const [journal] = journalsDue([swapped], nothing, '2026-04')
    expect(journal?.lines).toEqual([])
    expect(journal?.entries.map((entry) => entry.amountMinor)).toEqual([-30_00n, 30_00n])
    expect(journalsDue([swapped], post([swapped], nothing, '2026-04'), '2026-04')).toEqual([])
  })

  it('50 nothing is due for months to come, and none for what recognizes nothing', () => {
    expect(journalsDue([cut(quarter)], nothing, '2025-12')).toEqual([])
    expect(journalsDue([cut({ lines: [{ net: '0.00', from: '2026-01-01' }] })], nothing, '2026-12')).toEqual(
      [],
    )
  })
})

describe('what is journaled stays', () => {
  it('51 asked again, nothing is due; asked again before it is posted, the same journal', () => {
    const invoices = [cut(quarter)]
    expect(journalsDue(invoices, nothing, '2026-02')).toEqual(journalsDue(invoices, nothing, '2026-02'))
    expect(journalsDue(invoices, post(invoices, nothing, '2026-02'), '2026-02')).toEqual([])
  })

  it('52 a second invoice of an open month makes its second journal, with the difference alone', () => {
    const first = cut(quarter)
    const books = post([first], nothing, '2026-01')
    const late = cut({ id: 'in_2', lines: [{ net: '5.00', from: '2026-01-20' }] })
    expect(sums(journalsDue([first, late], books, '2026-01'))).toEqual({ 'us/USD/2026-01/2': 5_00n })
  })

  it('53 a credit note over two months: February as it was, March bears both the catch-up and its own', () => {
    let books = post([cut(quarter)], nothing, '2026-02', '2026-02-28')
    const credited = [cut(quarter, [{ on: '2026-03-10', parts: { il_1: '45.00' } }])]
    // 45.00 − 59.00 = −14.00: 29.50 taken back, 15.50 earned.
    expect(sums(journalsDue(credited, books, '2026-03'))).toEqual({ 'us/USD/2026-03/1': -14_00n })
    books = post(credited, books, '2026-03', '2026-03-31')
    expect(sums(books.posted)).toEqual({
      'us/USD/2026-01/1': 31_00n,
      'us/USD/2026-02/1': 28_00n,
      'us/USD/2026-03/1': -14_00n,
    })
    expect(journalsDue(credited, books, '2026-12')).toEqual([])
  })

  it('54 a void dated in a closed month: that month stands, the first open one takes everything back', () => {
    const books = post([cut(quarter)], nothing, '2026-02', '2026-02-28')
    const voided = [cut({ ...quarter, voidedOn: '2026-02-20' })]
    expect(sums(journalsDue(voided, books, '2026-03'))).toEqual({ 'us/USD/2026-03/1': -59_00n })
    const after = post(voided, books, '2026-03')
    expect(sums(after.posted)).toEqual({
      'us/USD/2026-01/1': 31_00n,
      'us/USD/2026-02/1': 28_00n,
      'us/USD/2026-03/1': -59_00n,
    })
    // Months later, with more closed, nothing is corrected a second time.
    expect(journalsDue(voided, { ...after, closedUntil: '2026-08-31' }, '2026-12')).toEqual([])
  })

  it('55 a void in the open month takes back what is journaled of it and of the months before', () => {
    const books = post([cut(quarter)], nothing, '2026-02', '2026-01-31')
    const voided = [cut({ ...quarter, voidedOn: '2026-02-20' })]
    expect(sums(journalsDue(voided, books, '2026-02'))).toEqual({ 'us/USD/2026-02/2': -59_00n })
  })

  it('a void of the month that is journaled and open leaves nothing in it', () => {
    const books = post([cut(quarter)], nothing, '2026-01')
    const voided = [cut({ ...quarter, voidedOn: '2026-01-31' })]
    expect(sums(journalsDue(voided, books, '2026-03'))).toEqual({ 'us/USD/2026-01/2': -31_00n })
  })

  it('56 usage that arrives when its month is closed goes to the first open one', () => {
    const usage = [cut({ on: '2026-05-01', lines: [{ net: '77.00', from: '2026-04-30' }] })]
    expect(sums(journalsDue(usage, { posted: [], closedUntil: '2026-04-30' }, '2026-05'))).toEqual({
      'us/USD/2026-05/1': 77_00n,
    })
    expect(sums(journalsDue(usage, nothing, '2026-05'))).toEqual({ 'us/USD/2026-04/1': 77_00n })
  })

  it('57 a hub that starts in mid-year catches up in the first open month what nobody journaled', () => {
    expect(sums(journalsDue([cut(quarter)], { posted: [], closedUntil: '2026-01-31' }, '2026-03'))).toEqual({
      'us/USD/2026-02/1': 59_00n,
      'us/USD/2026-03/1': 31_00n,
    })
  })

  it('58 a day within a month closes no month', () => {
    expect(sums(journalsDue([cut(quarter)], { posted: [], closedUntil: '2026-02-27' }, '2026-02'))).toEqual({
      'us/USD/2026-02/1': 59_00n,
    })
    expect(sums(journalsDue([cut(quarter)], { posted: [], closedUntil: '2026-01-30' }, '2026-02'))).toEqual({
      'us/USD/2026-01/1': 31_00n,
      'us/USD/2026-02/1': 28_00n,
    })
  })

  it('59 a product mapped anew keeps the revenue key of its first journal: a document is never remapped', () => {
    const books = post([cut(quarter)], nothing, '2026-01', '2026-01-31')
    const remapped = cut({ ...quarter, lines: quarter.lines.map((line) => ({ ...line, key: 'new' })) })
    const [february] = journalsDue([remapped], books, '2026-02')
    expect(february?.lines.map((line) => line.revenueKey)).toEqual(['plan', 'plan'])
  })

  it('60 a journal that was posted by mistake for an open month is corrected in it', () => {
    const books: Books = {
      posted: [
        {
          journalId: 'us/USD/2026-02/1',
          subsidiary: 'us',
          currency: 'USD',
          month: '2026-02',
          entries: [{ invoiceId: 'in_1', lineId: 'il_1', revenueKey: 'plan', amountMinor: 90_00n }],
        },
      ],
    }
    expect(sums(journalsDue([cut(quarter)], books, '2026-03'))).toEqual({
      'us/USD/2026-01/1': 31_00n,
      'us/USD/2026-02/2': -62_00n,
      'us/USD/2026-03/1': 31_00n,
    })
  })

  it('61 shows closed months as journaled and the future as scheduled', () => {
    const books = post([cut(quarter)], nothing, '2026-01', '2026-01-31')
    const credited = cut(quarter, [{ on: '2026-01-05', parts: { il_1: '30.00' } }])
    // 60.00 × 59/90 = 39.33 less 31.00.
    expect(spoken(recognize([credited], books).flatMap((line) => line.months))).toEqual({
      '2026-01': '31.00',
      '2026-02': '8.33',
      '2026-03': '20.67',
    })
  })
})
