// The year for USD 1,000.00 from 15 October 2026 again: October's journal is 46.58, and the account holds 953.42. Each thing
// that can be wrong with it is told once, with its amount.
import { describe, expect, it } from 'vitest'
import type { PostedJournal } from '../recognition/books.ts'
import { recut } from '../recognition/recut.ts'
import type { BilledInvoice, RevenueInvoice } from '../recognition/revenue-line.ts'
import type { Check } from './check.ts'
import { OCTOBER, read, told } from './close.fixture.ts'
import { type BookedSales, checkDeferred, type RevenueFacts } from './deferred.ts'
import type { JournaledFacts } from './deferred-journals.ts'

const YEAR: BilledInvoice = {
  invoiceId: 'in_1',
  number: 'INV-1',
  currency: 'USD',
  subsidiary: '1',
  invoicedOn: '2026-10-15',
  bookedIn: '2026-10',
  totalNetMinor: 100_000n,
  lines: [
    {
      lineId: 'il_1',
      netMinor: 100_000n,
      revenueKey: 'plans',
      timing: 'over-period',
      service: { from: '2026-10-15', until: '2027-10-15' },
    },
  ],
}
const journal = (amountMinor: bigint, month = '2026-10'): PostedJournal => ({
  journalId: `1/USD/${month}/1`,
  subsidiary: '1',
  currency: 'USD',
  month,
  entries: [{ invoiceId: 'in_1', lineId: 'il_1', revenueKey: 'plans', amountMinor }],
})
const SALES: BookedSales[] = [{ currency: 'USD', invoicedMinor: 100_000n, creditedMinor: 0n }]
const STORED = {
  journalId: '1/USD/2026-10/1',
  externalId: 'revrec-1-USD-2026-10-1',
  currency: 'USD',
  month: '2026-10',
  totalMinor: 4_658n,
  recognizedMinor: 4_658n,
}
const STANDS = {
  externalId: 'revrec-1-USD-2026-10-1',
  currency: 'USD',
  day: '2026-10-31',
  periodMonth: '2026-10',
  totalMinor: 4_658n,
}

function judge(
  journaled: Partial<JournaledFacts> = {},
  more: Partial<RevenueFacts> = {},
  billed: BilledInvoice = YEAR,
): Check {
  const invoices: RevenueInvoice[] = [recut(billed, []).invoice]
  return checkDeferred(OCTOBER, {
    revenue: read({
      invoices,
      books: { posted: [journal(4_658n)] },
      breaks: [],
      refused: [],
      journaled: {
        stored: [STORED],
        standing: [STANDS],
        due: [],
        balanceMinor: { USD: 95_342n },
        firstOpenMonth: '2026-10',
        ...journaled,
      },
      ...more,
    }),
    sales: read(SALES),
  })
}

it('ties: what is recognized and what is deferred stand in NetSuite too', () => {
  const check = judge()
  expect(check.breaks).toEqual([])
  expect(check.figures.map(({ label, amounts }) => [label, amounts])).toEqual([
    ['opening', { waterfall: 0n }],
    ['invoiced', { waterfall: 100_000n, netsuite: 100_000n }],
    ['recognized', { waterfall: 4_658n, netsuite: 4_658n }],
    ['credited', { waterfall: 0n, netsuite: 0n }],
    ['closing', { waterfall: 95_342n, netsuite: 95_342n }],
  ])
})

describe('names once', () => {
  it('what is earned and in no journal', () => {
    const due = [{ journalId: '1/USD/2026-10/1', currency: 'USD', recognizedMinor: 4_658n }]
    const check = judge(
      { stored: [], standing: [], due, balanceMinor: { USD: 100_000n } },
      { books: { posted: [] } },
    )
    expect(told(check)).toEqual(['not-journaled revenue journal 1/USD/2026-10/1 USD 4658 → Accounting'])
    expect(check.breaks[0]?.next).toBe('hub recognize 2026-10')
  })

  it('a journal that is stored and does not stand', () => {
    expect(told(judge({ standing: [], balanceMinor: { USD: 100_000n } }))).toEqual([
      'journal-not-posted revenue journal 1/USD/2026-10/1 USD 4658 → Accounting',
    ])
  })

  it('a journal that somebody changed, and the balance that it made wrong', () => {
    const check = judge({ standing: [{ ...STANDS, totalMinor: 4_600n }], balanceMinor: { USD: 95_400n } })
    expect(told(check)).toEqual([
      'journal-differs revenue journal 1/USD/2026-10/1 USD -58 → Accounting',
      'deferred-balance deferred revenue USD USD 58 → Accounting',
    ])
  })

  it('a journal that is not in the sub-ledger', () => {
    const stray = { ...STANDS, externalId: 'revrec-1-USD-2026-10-2', totalMinor: 100n }
    expect(told(judge({ standing: [STANDS, stray], balanceMinor: { USD: 95_242n } }))).toEqual([
      'journal-not-stored revenue journal revrec-1-USD-2026-10-2 USD 100 → AWS admin',
      'deferred-balance deferred revenue USD USD -100 → Accounting',
    ])
  })

  it('what somebody else posted to the account, in any currency', () => {
    expect(told(judge({ balanceMinor: { USD: 95_342n, EUR: 500n } }))).toEqual([
      'deferred-balance deferred revenue EUR EUR 500 → Accounting',
    ])
  })
})

describe('explains', () => {
  it('a journal that its month was closed before: its period is the next, and so is the account’s fall', () => {
    const check = judge({
      standing: [{ ...STANDS, periodMonth: '2026-11' }],
      balanceMinor: { USD: 100_000n },
      firstOpenMonth: '2026-11',
    })
    expect(check.breaks).toEqual([])
    expect(check.explained).toEqual([
      {
        object: 'revenue journal 1/USD/2026-10/1',
        currency: 'USD',
        amountMinor: 4_658n,
        why: '2026-10 was closed when it was posted: it is in 2026-11',
      },
    ])
  })

  it('a month that was closed with nothing journaled: its revenue is the next one’s', () => {
    const check = judge(
      { stored: [], standing: [], balanceMinor: { USD: 100_000n }, firstOpenMonth: '2026-11' },
      { books: { posted: [], closedUntil: '2026-10-31' } },
    )
    expect(check.breaks).toEqual([])
    expect(check.explained).toEqual([
      {
        object: 'revenue of 2026-10 USD',
        currency: 'USD',
        amountMinor: 4_658n,
        why: '2026-10 was closed before this was journaled: it is recognized in 2026-11',
      },
    ])
  })

  it('an invoice of October that was posted to November, for October was closed', () => {
    const check = judge(
      { stored: [], standing: [], balanceMinor: {}, firstOpenMonth: '2026-11' },
      { books: { posted: [], closedUntil: '2026-10-31' } },
      { ...YEAR, bookedIn: '2026-11' },
    )
    expect(check.breaks).toEqual([])
    expect(check.explained.map(({ object, amountMinor }) => [object, amountMinor])).toEqual([
      ['invoiced USD', -100_000n],
      ['revenue of 2026-10 USD', 4_658n],
    ])
  })

  it('a line that was mapped elsewhere since is no error', () => {
    const [line] = YEAR.lines
    if (!line) throw new Error('no line')
    expect(judge({}, {}, { ...YEAR, lines: [{ ...line, revenueKey: 'services' }] }).breaks).toEqual([])
  })
})
