import { describe, expect, it } from 'vitest'
import { document, eventsOf, movement, NOVEMBER_3, OCTOBER, read, UNREAD } from './close.fixture.ts'
import { type CloseInputs, exitCodeOf, judgeClose } from './close.ts'
import { closeDocument, closingDeferred } from './document.ts'
import type { Trouble } from './facts.ts'
import { periodOf } from './period.ts'
import { ownerOf } from './troubles.ts'

const PARKED: Trouble = {
  system: 'netsuite',
  object: 'in_2',
  status: 'parked',
  code: 'NS-ITEM',
  reason: 'INV-0043 (EUR 119.00): product prod_9 has no NetSuite item. Nothing was posted.',
  hint: 'Engineering: hub.config.ts → netsuite.items["prod_9"]. Then: hub replay --parked',
  // 26 hours before.
  sinceSeconds: NOVEMBER_3 - 93_600,
  currency: 'EUR',
  amountMinor: 11_900n,
}
const WAITING: Trouble = { ...PARKED, status: 'waiting', code: 'NS-NETWORK', hint: 'It is tried again.' }

const MOVEMENTS = [movement('invoice', 'in_1', 'KWD', 1_230n)]

const inputs = (more: Partial<CloseInputs> = {}): CloseInputs => ({
  posted: {
    movements: read(MOVEMENTS, 'GET /v1/invoices'),
    documents: read([document('in_1', 'KWD', 1_230n)]),
    taxDocuments: read([]),
    lakeEvents: read(eventsOf(MOVEMENTS)),
  },
  clearing: {
    balance: read({ entries: [], nowMinor: {}, payouts: [] }),
    books: read({ openingMinor: {}, lines: [] }),
  },
  tax: { stripe: read([]), avatax: read([]), books: read([]) },
  receivables: { invoices: read([]), open: read([]) },
  deferred: {
    revenue: read({ invoices: [], books: { posted: [] }, breaks: [], refused: [] }),
    sales: read([]),
  },
  troubles: read([]),
  ...more,
})
const judge = (more: Partial<CloseInputs> = {}, period = OCTOBER) => {
  const report = judgeClose(period, inputs(more), NOVEMBER_3)
  return { report, verdict: [report.state, exitCodeOf(report)] }
}

describe('the verdict', () => {
  it('ties when every check ties and nothing is parked', () => {
    expect(judge().verdict).toEqual(['ties', 0])
  })

  it('one parked document: it does not tie, and needs a person', () => {
    const { report, verdict } = judge({ troubles: read([PARKED]) })
    expect(verdict).toEqual(['differs', 2])
    expect(report.troubles).toMatchObject([{ object: 'in_2', owner: 'Engineering', ageHours: 26 }])
    expect(report.checks.at(-1)?.breaks).toMatchObject([
      { object: 'in_2', currency: 'EUR', amountMinor: 11_900n, cause: 'NS-ITEM', owner: 'Engineering' },
    ])
  })

  it('what is only waiting makes it unknown', () => {
    expect(judge({ troubles: read([WAITING]) }).verdict).toEqual(['unknown', 2])
  })

  it('a difference: 1; with something unread beside it: 2, and still a difference', () => {
    const differs = {
      receivables: { invoices: read([]), open: read([{ invoice: 'in_9', currency: 'USD', openMinor: 1n }]) },
    }
    expect(judge(differs).verdict).toEqual(['differs', 1])
    expect(judge({ ...differs, troubles: { unread: UNREAD } }).verdict).toEqual(['differs', 2])
  })

  it('a system that did not answer is unknown, never green', () => {
    const unread = { clearing: { balance: { unread: UNREAD }, books: read({ openingMinor: {}, lines: [] }) } }
    expect(judge(unread).verdict).toEqual(['unknown', 2])
  })

  it('a month that still runs may tie so far, and cannot be signed', () => {
    const running = periodOf('2026-11', 'America/Los_Angeles', NOVEMBER_3)
    expect(judge({}, running).verdict).toEqual(['ties', 2])
  })
})

it('finds who mends it in the hint', () => {
  expect(ownerOf({ hint: 'NetSuite admin: activate it.', status: 'parked' })).toBe('NetSuite admin')
  expect(ownerOf({ hint: 'Billing: make it a line.', status: 'blocked' })).toBe('Billing')
  expect(ownerOf({ hint: 'hub.config.ts needs a line', status: 'parked' })).toBe('Engineering')
  expect(ownerOf({ hint: 'It is tried again.', status: 'waiting' })).toBe(
    'nobody: it is tried again by itself',
  )
})

describe('the document', () => {
  it('says money in decimal strings beside its currency, and when', () => {
    const written = closeDocument(judge({ troubles: read([PARKED]) }).report)
    expect(JSON.parse(JSON.stringify(written))).toMatchObject({
      format: 1,
      month: '2026-10',
      from: '2026-10-01T07:00:00.000Z',
      cutOff: '2026-11-01T07:00:00.000Z',
      over: true,
      state: 'differs',
      exitCode: 2,
      troubles: [{ object: 'in_2', currency: 'EUR', amount: '119.00', since: '2026-11-02T10:00:00.000Z' }],
    })
    expect(written.checks[0]).toMatchObject({
      id: 'posted',
      state: 'ties',
      figures: [{ currency: 'KWD', label: 'invoice', amounts: { stripe: '1.230', netsuite: '1.230' } }],
    })
    expect(written.checks[0]?.evidence[0]).toMatchObject({ query: 'GET /v1/invoices', rows: 1, hash: 'h' })
  })

  it('gives the next month its opening', () => {
    const written = closeDocument(
      judge({
        deferred: {
          revenue: read({
            invoices: [],
            books: { posted: [] },
            breaks: [],
            refused: [],
            previousClosing: { JPY: 0n },
          }),
          sales: read([]),
        },
      }).report,
    )
    expect(closingDeferred(written)).toEqual({ JPY: 0n })
    expect(() => closingDeferred({ ...written, checks: [] })).toThrow('does not say what was deferred')
  })
})
