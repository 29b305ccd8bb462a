// What goes wrong between storing a journal and its standing in NetSuite. However often a run dies, and wherever: each journal
// stands once, as it was stored first, and the next run goes on from there.
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isHubError } from '../../shared/errors.ts'
import type { NetSuiteClient } from '../connectors/netsuite/client.ts'
import { type Company, openCompany, REVENUE } from './company.fixture.ts'
import { exitCodeOf, type RecognitionReport, recognizeRevenue } from './recognize.ts'

let company: Company
beforeEach(async () => {
  company = await openCompany('2026-10-01T09:00:00Z')
  const customer = await company.customer()
  await company.sell(customer, [{ amount: 3_100, from: '2026-10-01', until: '2026-11-01' }])
  await company.sell(
    await company.customer(),
    [{ amount: 6_100, from: '2026-10-01', until: '2026-12-01' }],
    'eur',
  )
  await company.bringAll()
  company.to('2026-11-03T06:00:00Z')
})
afterEach(() => company[Symbol.asyncDispose]())

const told = ({ journals }: RecognitionReport): string[] =>
  journals.map(
    ({ journal, state, isLeftOver, error }) =>
      `${journal.journalId} ${state}${isLeftOver ? ', left over' : ''}${error ? ` ${error.code}` : ''}`,
  )

const OCTOBER = [
  'revrec-1-EUR-2026-10-1 2026-10-31 in Oct 2026: dr 212 31 plans, cr 411 31 plans',
  'revrec-1-USD-2026-10-1 2026-10-31 in Oct 2026: dr 212 31 plans, cr 411 31 plans',
]

test('NetSuite is away after a journal was stored: it is posted as stored, whatever has changed by then', async () => {
  company.netsuite.faults.add({ effect: 'unavailable', method: 'PUT', times: 2 })
  const failed = await company.recognize()
  expect(told(failed)).toEqual(['1/EUR/2026-10/1 failed NS-DOWN', '1/USD/2026-10/1 failed NS-DOWN'])
  expect(exitCodeOf(failed)).toBe(1)
  expect(company.journals()).toEqual([])
  // More of October, and plans go to another account from now on.
  await company.sell(await company.customer(), [{ amount: 500, from: '2026-10-20', until: '2026-10-27' }])
  await company.bringAll()
  const remapped = { revenue: { ...REVENUE, revenueAccounts: { ...REVENUE.revenueAccounts, plans: '413' } } }
  expect(told(await company.recognize({ config: remapped }))).toEqual([
    '1/EUR/2026-10/1 posted, left over',
    '1/USD/2026-10/1 posted, left over',
    '1/USD/2026-10/2 posted',
  ])
  expect(company.journals()).toEqual([
    ...OCTOBER,
    'revrec-1-USD-2026-10-2 2026-10-31 in Oct 2026: dr 212 5 plans, cr 413 5 plans',
  ])
})

test('the month is closed between storing and posting: the first open period takes it, and the memo says so', async () => {
  company.netsuite.faults.add({ effect: 'unavailable', method: 'PUT', times: 2 })
  await company.recognize()
  company.closePeriod('2026-10')
  const report = await company.recognize()
  expect(report.journals[1]).toMatchObject({
    state: 'posted',
    period: { name: 'Nov 2026', insteadOf: 'Oct 2026' },
  })
  expect(company.journals()[1]).toBe(
    'revrec-1-USD-2026-10-1 2026-10-31 in Nov 2026: dr 212 31 plans, cr 411 31 plans',
  )
  expect(company.netsuite.find('journalEntry', 'revrec-1-USD-2026-10-1')?.memo).toBe(
    'Stripe Revenue recognized 1/USD/2026-10/1 · posted to Nov 2026: Oct 2026 was closed',
  )
})

test('the answer to a post is lost after it was done: it is looked for, and stands once', async () => {
  company.netsuite.faults.add({ effect: 'reset_after', method: 'PUT', path: 'journalEntry', times: 1 })
  expect(told(await company.recognize())).toEqual(['1/EUR/2026-10/1 posted', '1/USD/2026-10/1 posted'])
  expect(company.journals()).toEqual(OCTOBER)
})

test('the connection breaks before it was done: nobody guesses, and the next run posts it', async () => {
  company.netsuite.faults.add({ effect: 'reset_before', method: 'PUT', path: 'EUR', times: 1 })
  const report = await company.recognize()
  expect(told(report)).toEqual(['1/EUR/2026-10/1 failed NS-UNKNOWN', '1/USD/2026-10/1 posted'])
  expect(exitCodeOf(report)).toBe(1)
  expect(told(await company.recognize())).toEqual(['1/EUR/2026-10/1 posted, left over'])
  expect(company.journals()).toEqual(OCTOBER)
})

test('two runs at once, and three, make each journal once', async () => {
  const reports = await Promise.all([company.recognize(), company.recognize(), company.recognize()])
  expect(reports.map(exitCodeOf)).toEqual([0, 0, 0])
  expect(company.journals()).toEqual(OCTOBER)
  expect((await company.stored()).map(({ journalId }) => journalId)).toEqual([
    '1/EUR/2026-10/1',
    '1/USD/2026-10/1',
  ])
  expect(told(await company.recognize())).toEqual([])
})

test('a slow run that knows less than the one that overtook it overwrites nothing, and adds nothing', async () => {
  const { s3 } = company.sources
  let hasOvertaken = false
  const slow = Object.create(s3, {
    send: {
      value: async (...command: Parameters<S3Client['send']>) => {
        if (command[0] instanceof PutObjectCommand && !hasOvertaken) {
          hasOvertaken = true
          await company.sell(await company.customer(), [
            { amount: 500, from: '2026-10-20', until: '2026-10-27' },
          ])
          await company.bringAll()
          await company.recognize()
        }
        return s3.send(...command)
      },
    },
  }) as S3Client
  expect(told(await recognizeRevenue({ ...company.sources, s3: slow }))).toEqual([])
  expect(company.journals()).toEqual([
    OCTOBER[0],
    'revrec-1-USD-2026-10-1 2026-10-31 in Oct 2026: dr 212 36 plans, cr 411 36 plans',
  ])
  const [, dollars] = await company.stored()
  expect(dollars?.entries.map(({ amount }) => amount).sort()).toEqual(['31.00', '5.00'])
  expect(told(await company.recognize())).toEqual([])
})

/** Dies at the nth call to S3 or NetSuite: before it, or with its effect done and its answer lost. */
function dying(at: number, when: 'before' | 'after') {
  let calls = 0
  const run = async <T>(work: () => Promise<T>): Promise<T> => {
    calls += 1
    if (calls !== at) return work()
    if (when === 'after') await work()
    throw new Error('killed')
  }
  const { s3, client } = company.sources
  const mortal: NetSuiteClient = {
    call: (call) => run(() => client.call(call)),
    query: (sql, row, what) => run(() => client.query(sql, row, what)),
  }
  const store = Object.create(s3, {
    send: { value: (...command: Parameters<S3Client['send']>) => run(() => s3.send(...command) as never) },
  }) as S3Client
  return { sources: { ...company.sources, s3: store, client: mortal }, calls: () => calls }
}

test.each(['before', 'after'] as const)(
  'a run that is killed %s any of its calls is finished by the next',
  async (when) => {
    const deaths: string[] = []
    for (let at = 1; at < 40; at += 1) {
      const { sources } = dying(at, when)
      const died = await recognizeRevenue(sources).then(
        () => false,
        (error: unknown) => (error instanceof Error && error.message.includes('killed')) || isHubError(error),
      )
      if (!died) break
      deaths.push(String(at))
      await company.recognize()
      expect(company.journals(), `killed ${when} call ${at}`).toEqual(OCTOBER)
      for (const journal of await company.stored()) {
        await company.removeEverywhere(journal)
      }
    }
    // List, periods, sales, two puts, what stands, two posts, their comparison: a run has at least ten.
    expect(deaths.length).toBeGreaterThanOrEqual(10)
  },
)

test('a journal that was removed from the bucket stops everything, with what to bring back', async () => {
  await company.recognize()
  await company.sell(await company.customer(), [{ amount: 500, from: '2026-10-20', until: '2026-10-27' }])
  await company.bringAll()
  await company.recognize()
  const [, first] = await company.stored()
  if (!first) throw new Error('nothing stored')
  await company.removeFromBucket(first)
  const error = await company.recognize().catch((thrown: unknown) => thrown)
  expect(isHubError(error) && [error.code, error.message]).toEqual([
    'REVREC-SUBLEDGER',
    'Revenue journal 1/USD/2026-10/1 is not in the bucket, and later ones are. No revenue was recognized: it might be for a second time.',
  ])
})
