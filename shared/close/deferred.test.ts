// A year for USD 1,000.00 from 15 October 2026: 17 of 365 days are October's, 1,000.00 × 17 ÷ 365 = 46.575…, so 46.58, and
// 953.42 is deferred. Yen 1,000 a day, all of it October.
import { expect, it } from 'vitest'
import { recut } from '../recognition/recut.ts'
import type { BilledInvoice, Credit, RevenueInvoice } from '../recognition/revenue-line.ts'
import type { Check } from './check.ts'
import { OCTOBER, read, told } from './close.fixture.ts'
import { type BookedSales, checkDeferred, type RevenueFacts } from './deferred.ts'

const billed = (
  invoiceId: string,
  currency: string,
  netMinor: bigint,
  service: { from: string; until: string },
): BilledInvoice => ({
  invoiceId,
  number: invoiceId,
  currency,
  subsidiary: 'us',
  invoicedOn: service.from,
  bookedIn: service.from.slice(0, 7),
  totalNetMinor: netMinor,
  lines: [{ lineId: `${invoiceId}_1`, netMinor, revenueKey: 'plan', timing: 'over-period', service }],
})
const YEAR = billed('in_year', 'USD', 100_000n, { from: '2026-10-15', until: '2027-10-15' })
const YEN = billed('in_yen', 'JPY', 31_000n, { from: '2026-10-01', until: '2026-11-01' })
const OLD = billed('in_old', 'KWD', 90_000n, { from: '2026-08-01', until: '2026-10-30' })

const cut = (invoice: BilledInvoice, credits: Credit[] = []): RevenueInvoice =>
  recut(invoice, credits).invoice

const judge = (invoices: RevenueInvoice[], sales: BookedSales[], more: Partial<RevenueFacts> = {}): Check =>
  checkDeferred(OCTOBER, {
    revenue: read({ invoices, books: { posted: [] }, breaks: [], refused: [], ...more }),
    sales: read(sales),
  })

const SALES: BookedSales[] = [
  { currency: 'USD', invoicedMinor: 100_000n, creditedMinor: 0n },
  { currency: 'JPY', invoicedMinor: 31_000n, creditedMinor: 0n },
]

it('recognized + deferred = invoiced net of tax, and NetSuite says the same', () => {
  const tied = judge([cut(YEAR), cut(YEN), cut(OLD)], SALES)
  expect(tied.breaks).toEqual([])
  const of = (currency: string) =>
    Object.fromEntries(
      tied.figures
        .filter((each) => each.currency === currency)
        .map(({ label, amounts }) => [label, amounts.waterfall]),
    )
  expect(of('USD')).toEqual({
    opening: 0n,
    invoiced: 100_000n,
    recognized: 4_658n,
    credited: 0n,
    closing: 95_342n,
  })
  // NetSuite's sales documents know what was invoiced, and nothing of when it is earned.
  const systems = (label: string) =>
    Object.keys(tied.figures.find((each) => each.currency === 'USD' && each.label === label)?.amounts ?? {})
  expect(systems('invoiced')).toEqual(['waterfall', 'netsuite'])
  expect(systems('recognized')).toEqual(['waterfall'])
  expect(of('JPY')).toEqual({
    opening: 0n,
    invoiced: 31_000n,
    recognized: 31_000n,
    credited: 0n,
    closing: 0n,
  })
  // KWD 90.000 over 90 days, 1.000 a day: 31 in August, 30 in September, 29 in October.
  expect(of('KWD')).toEqual({
    opening: 29_000n,
    invoiced: 0n,
    recognized: 29_000n,
    credited: 0n,
    closing: 0n,
  })
})

it('a credit note lowers both sides', () => {
  // 365.00 over 365 days; on 25 October 73.00 of it are credited. October then has 17 days at 0.80: 13.60.
  const invoice = billed('in_day', 'USD', 36_500n, { from: '2026-10-15', until: '2027-10-15' })
  const credit: Credit = {
    creditId: 'cn_1',
    on: '2026-10-25',
    bookedIn: '2026-10',
    parts: [{ lineId: 'in_day_1', netMinor: 7_300n }],
    spreadMinor: 0n,
  }
  const tied = judge(
    [cut(invoice, [credit])],
    [{ currency: 'USD', invoicedMinor: 36_500n, creditedMinor: 7_300n }],
  )
  expect(tied.breaks).toEqual([])
  expect(tied.figures.map(({ label, amounts }) => [label, amounts.waterfall])).toEqual([
    ['opening', 0n],
    ['invoiced', 36_500n],
    ['recognized', 1_360n],
    ['credited', 7_300n],
    ['closing', 27_840n],
  ])
})

it('names sales that NetSuite has otherwise', () => {
  const short = [{ currency: 'USD', invoicedMinor: 99_999n, creditedMinor: 0n }]
  expect(told(judge([cut(YEAR)], short))).toEqual([
    'sales-differ invoiced net of tax USD USD -1 → Accounting',
  ])
})

it('opens with what the last close was signed with', () => {
  const invoices = [cut(OLD)]
  expect(judge(invoices, [], { previousClosing: { KWD: 29_000n } }).state).toBe('ties')
  expect(told(judge(invoices, [], { previousClosing: { KWD: 29_001n } }))).toEqual([
    'opening-differs waterfall KWD KWD -1 → Accounting',
  ])
})

it('names an invoice whose lines are not its total, and one that cannot be scheduled', () => {
  const wrong = { ...YEAR, totalNetMinor: 100_001n }
  expect(told(judge([cut(wrong)], SALES.slice(0, 1)))).toEqual([
    'lines-differ-from-invoice in_year USD -1 → Accounting',
  ])
  const refused = [
    { object: 'in_9', why: 'no price', owner: 'Stripe admin', next: 'Add it.', code: 'REVREC-PRICE' },
  ]
  expect(told(judge([], [], { refused }))).toEqual(['REVREC-PRICE in_9  → Stripe admin'])
})

it('an empty month after the last movement stays closed at nothing', () => {
  const early = billed('in_aug', 'USD', 3_100n, { from: '2026-08-01', until: '2026-09-01' })
  const tied = judge([cut(early)], [])
  expect(tied.state).toBe('ties')
  expect(tied.figures.map(({ label, amounts }) => [label, amounts.waterfall])).toEqual([
    ['opening', 0n],
    ['invoiced', 0n],
    ['recognized', 0n],
    ['credited', 0n],
    ['closing', 0n],
  ])
})
