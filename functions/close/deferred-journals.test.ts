// The close of months that the hub has journaled, read from the simulated vendors and the bucket: October ties before and after
// November's doings, and what somebody does by hand is named.
import type Stripe from 'stripe'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Check } from '../../shared/close/check.ts'
import { type Company, openCompany } from '../recognition/company.fixture.ts'
import { type CloseSources, closeMonth } from './close.ts'

let company: Company
beforeEach(async () => {
  company = await openCompany('2026-10-01T09:00:00Z')
})
afterEach(() => company[Symbol.asyncDispose]())

async function deferred(month: string, more: Partial<CloseSources> = {}): Promise<Check> {
  const { stripe, client, sources } = company
  const events: Stripe.Event[] = []
  for await (const event of stripe.events.list({ limit: 100 })) events.push(event)
  const { checks } = await closeMonth({
    month,
    timeZone: 'UTC',
    clock: sources.clock,
    stripe,
    netsuite: { client, config: sources.config },
    ledger: { ledger: { troubled: async () => [] }, lanes: [] },
    subLedger: { s3: sources.s3, bucket: sources.bucket },
    ...more,
  })
  const found = checks.find(({ id }) => id === 'deferred')
  if (!found) throw new Error('no check')
  return found
}

const figures = ({ figures: all }: Check): string[] =>
  all.map(
    ({ currency, label, amounts }) =>
      `${currency} ${label} ${amounts.waterfall}${amounts.netsuite === undefined ? '' : ` = ${amounts.netsuite}`}`,
  )
const causes = ({ breaks }: Check): string[] => breaks.map(({ cause, why }) => `${cause}: ${why}`)

test('months tie: sales, usage billed in arrears, yen, a credit note after the close, a void', async () => {
  const plan = await company.sell(await company.customer(), [
    { amount: 9_200, from: '2026-10-01', until: '2027-01-01' },
  ])
  await company.sell(
    await company.customer(),
    [{ amount: 1_000, from: '2026-10-15', until: '2026-11-15' }],
    'jpy',
  )
  const doomed = await company.sell(await company.customer(), [
    { amount: 6_100, from: '2026-10-01', until: '2026-12-01' },
  ])
  company.to('2026-11-01T09:00:00Z')
  // Usage of October, billed on 1 November: unbilled at October's end.
  await company.sell(await company.customer(), [{ amount: 700, from: '2026-10-31', until: '2026-11-01' }])
  await company.bringAll()
  company.to('2026-11-03T06:00:00Z')
  await company.recognize()
  const october = await deferred('2026-10')
  expect([october.unread, causes(october), october.explained]).toEqual([[], [], []])
  // 31.00 + 31.00 + 7.00 of 92.00 and 61.00; the account stands at 153.00 − 69.00. ¥1,000 × 17 ÷ 31 = ¥548.
  expect(figures(october)).toEqual([
    'JPY opening 0',
    'JPY invoiced 1000 = 1000',
    'JPY recognized 548 = 548',
    'JPY credited 0 = 0',
    'JPY closing 452 = 452',
    'USD opening 0',
    'USD invoiced 15300 = 15300',
    'USD recognized 6900 = 6900',
    'USD credited 0 = 0',
    'USD closing 8400 = 8400',
  ])
  company.closePeriod('2026-10')
  company.to('2026-11-10T09:00:00Z')
  await company.stripe.creditNotes.create({ invoice: plan, amount: 4_600 })
  await company.stripe.invoices.voidInvoice(doomed)
  await company.bringAll()
  company.to('2026-12-03T06:00:00Z')
  await company.recognize()
  expect(causes(await deferred('2026-10'))).toEqual([])
  const november = await deferred('2026-11')
  expect(causes(november)).toEqual([])
  // The plan: 30.50 by then, less 31.00. The void: −31.00. Half of December's 31.00 is left.
  expect(figures(november).filter((line) => line.startsWith('USD'))).toEqual([
    'USD opening 8400',
    'USD invoiced 700 = 700',
    'USD recognized -3150 = -3150',
    'USD credited 10700 = 10700',
    'USD closing 1550 = 1550',
  ])
})

test('what is not journaled yet, what was not posted, and what somebody changes or enters by hand', async () => {
  await company.sell(await company.customer(), [{ amount: 3_100, from: '2026-10-01', until: '2026-11-01' }])
  await company.bringAll()
  company.to('2026-11-03T06:00:00Z')
  expect(causes(await deferred('2026-10'))).toEqual([
    'not-journaled: USD 31.00 of 2026-10 are earned and in no journal (1/USD/2026-10/1).',
  ])
  company.netsuite.faults.add({ effect: 'unavailable', method: 'PUT', times: 1 })
  await company.recognize()
  expect(causes(await deferred('2026-10'))).toEqual([
    'journal-not-posted: Revenue journal 1/USD/2026-10/1 (USD 31.00) is stored and has no document revrec-1-USD-2026-10-1 in NetSuite.',
  ])
  await company.recognize()
  expect(causes(await deferred('2026-10'))).toEqual([])
  await company.client.call({
    method: 'PUT',
    path: 'record/v1/journalEntry/eid:by-hand?replace=line',
    body: {
      subsidiary: { id: '1' },
      currency: { id: '1' },
      tranDate: '2026-10-31',
      line: {
        items: [
          { account: { id: '212' }, debit: 5 },
          { account: { id: '413' }, credit: 5 },
        ],
      },
    },
    what: 'a journal by hand',
    changes: true,
  })
  expect(causes(await deferred('2026-10'))).toEqual([
    'deferred-balance: The deferred account holds USD -5.00; the schedules and the journals make it USD 0.00.',
  ])
})

test('a month that runs, and a close that is not given the bucket', async () => {
  await company.sell(await company.customer(), [{ amount: 3_100, from: '2026-10-01', until: '2026-11-01' }])
  await company.bringAll()
  company.to('2026-10-20T06:00:00Z')
  const running = await deferred('2026-10')
  expect([causes(running), running.explained.map(({ amountMinor, why }) => [amountMinor, why])]).toEqual([
    [],
    [[3_100n, 'earned by the end of the month, and journaled once it has ended']],
  ])
  const blind = await deferred('2026-10', { subLedger: undefined })
  expect([blind.state, blind.unread[0]?.code]).toEqual(['unknown', 'CLOSE-OFF'])
})
