// Months worked by hand, journaled by the real client into the simulated NetSuite. In the company's zone, UTC here, a day is
// a day: 1,200.00 for the year from 1 October are 365 days, and October has 31 of them.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Company, openCompany, REVENUE } from './company.fixture.ts'
import type { RecognitionReport } from './recognize.ts'

let company: Company
beforeEach(async () => {
  company = await openCompany('2026-10-01T09:00:00Z')
})
afterEach(() => company[Symbol.asyncDispose]())

const YEAR = { from: '2026-10-01', until: '2027-10-01' }
const told = ({ journals }: RecognitionReport): string[] =>
  journals.map(({ journal, state, error }) => `${journal.journalId} ${state}${error ? ` ${error.code}` : ''}`)

async function sold(...sale: [lines: Parameters<Company['sell']>[1], currency?: string]): Promise<string> {
  const id = await company.sell(await company.customer(), ...sale)
  await company.bringAll()
  return id
}

describe('a month that has ended', () => {
  test('a year for 1,200.00: 101.92 in October, 98.63 in November, and the rest stays deferred', async () => {
    // 1,200.00 × 31 ÷ 365 = 101.917…; × 61 ÷ 365 = 200.547…, less 101.92.
    await sold([{ amount: 120_000, ...YEAR }])
    expect(company.deferred()).toEqual({ USD: '1200.00' })
    company.to('2026-11-03T06:00:00Z')
    expect(told(await company.recognize())).toEqual(['1/USD/2026-10/1 posted'])
    expect(company.journals()).toEqual([
      'revrec-1-USD-2026-10-1 2026-10-31 in Oct 2026: dr 212 101.92 plans, cr 411 101.92 plans',
    ])
    expect(company.deferred()).toEqual({ USD: '1098.08' })
    company.to('2026-12-03T06:00:00Z')
    expect(told(await company.recognize())).toEqual(['1/USD/2026-11/1 posted'])
    expect(company.deferred()).toEqual({ USD: '999.45' })
    // Once posted, nothing is due.
    expect(told(await company.recognize())).toEqual([])
  })

  test('is not due before its day, unless it is asked for', async () => {
    await sold([{ amount: 120_000, ...YEAR }])
    company.to('2026-11-02T23:59:00Z')
    expect(await company.recognize()).toMatchObject({ through: '2026-09', journals: [] })
    expect(company.journals()).toEqual([])
    expect(told(await company.recognize({ through: '2026-10' }))).toEqual(['1/USD/2026-10/1 posted'])
  })

  test('one that still runs, or is before the first, is refused', async () => {
    company.to('2026-10-31T23:59:59Z')
    await expect(company.recognize({ through: '2026-10' })).rejects.toThrow(
      '2026-10 has not ended yet (UTC): its revenue is not earned.',
    )
    await expect(company.recognize({ through: '2026-09' })).rejects.toThrow(
      '2026-09 is before 2026-10, the first month that the hub journals (hub.config.ts → netsuite.revenue.firstMonth).',
    )
  })

  test('an upgrade in mid-month: −60.00 of unused time and 80.00 for 20 days: 58.00 of October in all', async () => {
    // 90.00 from 15 October, 3.00 a day; from 25 October 4.00 a day: 10 × 3.00 and 7 × 4.00 are 58.00 in October.
    const customer = await company.customer()
    await company.sell(customer, [{ amount: 9_000, from: '2026-10-15', until: '2026-11-14' }])
    company.to('2026-10-25T09:00:00Z')
    await company.sell(customer, [
      { amount: -6_000, from: '2026-10-25', until: '2026-11-14' },
      { amount: 8_000, from: '2026-10-25', until: '2026-11-14' },
    ])
    await company.bringAll()
    company.to('2026-11-03T06:00:00Z')
    await company.recognize()
    // The three lines: 17 × 3.00 = 51.00; −7 × 3.00 = −21.00; 7 × 4.00 = 28.00.
    expect(company.journals()).toEqual([
      'revrec-1-USD-2026-10-1 2026-10-31 in Oct 2026: dr 212 58 plans, cr 411 58 plans',
    ])
    const [journal] = await company.stored()
    expect(journal?.entries.map(({ amount }) => amount).sort()).toEqual(['-21.00', '28.00', '51.00'])
    expect(company.deferred()).toEqual({ USD: '52.00' })
  })

  test('by product: usage on its own account, set-up at once, each key with its two lines', async () => {
    await sold([
      { amount: 3_100, from: '2026-10-01', until: '2026-11-01' },
      { amount: 700, product: 'prod_setup' },
    ])
    company.to('2026-11-03T06:00:00Z')
    await company.recognize()
    expect(company.journals()).toEqual([
      'revrec-1-USD-2026-10-1 2026-10-31 in Oct 2026: dr 212 31 plans, cr 411 31 plans, dr 212 7 services, cr 413 7 services',
    ])
    expect(company.deferred()).toEqual({ USD: '0.00' })
  })

  test('yen and dinars: a journal each, in whole yen and thousandths', async () => {
    // ¥1,000 from 15 October to 15 November, 31 days: 17 of them are ¥548.39, so ¥548. KWD 5.000: 2.7419, so 2.742.
    const customer = await company.customer()
    const half = { from: '2026-10-15', until: '2026-11-15' }
    await company.sell(customer, [{ amount: 1_000, ...half }], 'jpy')
    await company.sell(await company.customer(), [{ amount: 5_000, ...half }], 'kwd')
    await company.bringAll()
    company.to('2026-11-03T06:00:00Z')
    expect(told(await company.recognize())).toEqual(['1/JPY/2026-10/1 posted', '1/KWD/2026-10/1 posted'])
    expect(company.journals()).toEqual([
      'revrec-1-JPY-2026-10-1 2026-10-31 in Oct 2026: dr 212 548 plans, cr 411 548 plans',
      'revrec-1-KWD-2026-10-1 2026-10-31 in Oct 2026: dr 212 2.742 plans, cr 411 2.742 plans',
    ])
    expect(company.deferred()).toEqual({ JPY: '452', KWD: '2.258' })
  })

  test('subsidiaries are those of the documents in NetSuite', async () => {
    await company[Symbol.asyncDispose]()
    company = await openCompany('2026-10-01T09:00:00Z', {
      customerSubsidiary: { byCountry: { DE: 'eu' }, default: 'us' },
    })
    const german = await company.customer({ address: { country: 'DE' } })
    await company.sell(german, [{ amount: 3_100, from: '2026-10-01', until: '2026-11-01' }], 'eur')
    await company.bringAll()
    company.to('2026-11-03T06:00:00Z')
    expect(told(await company.recognize())).toEqual(['2/EUR/2026-10/1 posted'])
    const [journal] = await company.stored()
    expect(journal).toMatchObject({
      subsidiary: '2',
      subsidiaryName: 'eu',
      externalId: 'revrec-2-EUR-2026-10-1',
    })
  })
})

describe('what changes afterwards', () => {
  test('a credit note after the month is closed: October stands, November takes back what October had too much', async () => {
    // 92.00 for October to December, 1.00 a day. On 1 November 46.00 are credited: of October's 31.00 half is too much.
    const invoice = await sold([{ amount: 9_200, from: '2026-10-01', until: '2027-01-01' }])
    company.to('2026-11-03T06:00:00Z')
    await company.recognize()
    company.closePeriod('2026-10')
    company.to('2026-11-05T09:00:00Z')
    const lines = (await company.stripe.invoices.listLineItems(invoice)).data
    await company.stripe.creditNotes.create({
      invoice,
      lines: [{ type: 'invoice_line_item', invoice_line_item: lines[0]?.id ?? '', amount: 4_600 }],
    })
    await company.bringAll()
    expect(company.deferred()).toEqual({ USD: '15.00' })
    company.to('2026-12-03T06:00:00Z')
    expect(told(await company.recognize())).toEqual(['1/USD/2026-11/1 posted'])
    // 61 of 92 days at half the price are 30.50, less 31.00 that stand: 0.50 is taken back.
    expect(company.journals()).toEqual([
      'revrec-1-USD-2026-10-1 2026-10-31 in Oct 2026: dr 212 31 plans, cr 411 31 plans',
      'revrec-1-USD-2026-11-1 2026-11-30 in Nov 2026: cr 212 0.5 plans, dr 411 0.5 plans',
    ])
    // 31 days at 0.50 are still to come.
    expect(company.deferred()).toEqual({ USD: '15.50' })
  })

  test('a void: its month takes back all that was recognized', async () => {
    const invoice = await sold([{ amount: 9_200, from: '2026-10-01', until: '2027-01-01' }])
    company.to('2026-11-03T06:00:00Z')
    await company.recognize()
    await company.stripe.invoices.voidInvoice(invoice)
    await company.bringAll()
    company.to('2026-12-03T06:00:00Z')
    await company.recognize()
    expect(company.journals()[1]).toBe(
      'revrec-1-USD-2026-11-1 2026-11-30 in Nov 2026: cr 212 31 plans, dr 411 31 plans',
    )
    expect(company.deferred()).toEqual({ USD: '0.00' })
  })

  test('a sale of the month that comes late, while the month is open: a second journal of the difference', async () => {
    await sold([{ amount: 3_100, from: '2026-10-01', until: '2026-11-01' }])
    company.to('2026-11-03T06:00:00Z')
    await company.recognize()
    // Usage of October, billed on 3 November: a contract asset at October's end.
    await sold([{ amount: 500, from: '2026-10-20', until: '2026-10-27' }])
    expect(told(await company.recognize())).toEqual(['1/USD/2026-10/2 posted'])
    expect(company.deferred('2026-10-31')).toEqual({ USD: '-5.00' })
    expect(company.deferred()).toEqual({ USD: '0.00' })
  })

  test('a month closed before it was journaled comes with the next; reopened, it gets its own back', async () => {
    await sold([{ amount: 6_100, from: '2026-10-01', until: '2026-12-01' }])
    company.closePeriod('2026-10')
    company.to('2026-11-03T06:00:00Z')
    expect(await company.recognize()).toMatchObject({ firstOpenMonth: '2026-11', journals: [] })
    company.to('2026-12-03T06:00:00Z')
    expect(told(await company.recognize())).toEqual(['1/USD/2026-11/1 posted'])
    expect(company.journals()).toEqual([
      'revrec-1-USD-2026-11-1 2026-11-30 in Nov 2026: dr 212 61 plans, cr 411 61 plans',
    ])
    company.netsuite.periods.openPeriod(company.netsuite.periods.find('2026-10') ?? '')
    expect(told(await company.recognize())).toEqual(['1/USD/2026-10/1 posted', '1/USD/2026-11/2 posted'])
    expect(company.journals()).toEqual([
      'revrec-1-USD-2026-10-1 2026-10-31 in Oct 2026: dr 212 31 plans, cr 411 31 plans',
      'revrec-1-USD-2026-11-1 2026-11-30 in Nov 2026: dr 212 61 plans, cr 411 61 plans',
      'revrec-1-USD-2026-11-2 2026-11-30 in Nov 2026: cr 212 31 plans, dr 411 31 plans',
    ])
  })

  test('a product mapped anew keeps its old account where a line was journaled, and takes the new one elsewhere', async () => {
    const remapped = { revenue: { ...REVENUE, defaultKey: 'services' } }
    await sold([{ amount: 6_100, from: '2026-10-01', until: '2026-12-01' }])
    company.to('2026-11-03T06:00:00Z')
    await company.recognize()
    await sold([{ amount: 3_000, from: '2026-11-01', until: '2026-12-01' }])
    company.to('2026-12-03T06:00:00Z')
    await company.recognize({ config: remapped })
    expect(company.journals()[1]).toBe(
      'revrec-1-USD-2026-11-1 2026-11-30 in Nov 2026: dr 212 30 plans, cr 411 30 plans, dr 212 30 services, cr 413 30 services',
    )
  })

  test('entries that cancel out are remembered, and nothing is posted of them', async () => {
    await sold([
      { amount: 3_100, from: '2026-10-01', until: '2026-11-01' },
      { amount: -3_100, from: '2026-10-01', until: '2026-11-01' },
    ])
    company.to('2026-11-03T06:00:00Z')
    expect(told(await company.recognize())).toEqual(['1/USD/2026-10/1 offset'])
    expect(told(await company.recognize())).toEqual([])
    expect(company.journals()).toEqual([])
  })
})

describe('a hub that begins in mid-year', () => {
  test('journals from its first month on; what was earned before was recognized elsewhere', async () => {
    const november = { revenue: { ...REVENUE, firstMonth: '2026-11' } }
    await sold([{ amount: 6_100, from: '2026-10-01', until: '2026-12-01' }])
    company.to('2026-12-03T06:00:00Z')
    expect(told(await company.recognize({ config: november }))).toEqual(['1/USD/2026-11/1 posted'])
    expect(company.journals()).toEqual([
      'revrec-1-USD-2026-11-1 2026-11-30 in Nov 2026: dr 212 30 plans, cr 411 30 plans',
    ])
  })

  test('an old invoice that another system posted goes on by the rules of the configuration', async () => {
    await company.sell(await company.customer(), [{ amount: 6_100, from: '2026-10-01', until: '2026-12-01' }])
    company.to('2026-12-03T06:00:00Z')
    const report = await company.recognize({ config: { revenue: { ...REVENUE, firstMonth: '2026-11' } } })
    expect(report.refused).toEqual([])
    expect(told(report)).toEqual(['1/USD/2026-11/1 posted'])
  })
})

test('a dry run tells, and neither stores nor posts', async () => {
  await sold([{ amount: 3_100, from: '2026-10-01', until: '2026-11-01' }])
  company.to('2026-11-03T06:00:00Z')
  const report = await company.recognize({ dryRun: true })
  expect(told(report)).toEqual(['1/USD/2026-10/1 would-post'])
  expect(report.journals[0]?.journal.lines).toEqual([
    { account: '212', side: 'debit', amount: '31.00', revenueKey: 'plans' },
    { account: '411', side: 'credit', amount: '31.00', revenueKey: 'plans' },
  ])
  expect([await company.stored(), company.journals()]).toEqual([[], []])
})
