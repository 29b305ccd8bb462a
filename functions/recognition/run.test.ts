// The daily run: it logs each journal by ids and sums, and fails aloud where somebody has to look.
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { LogLine } from '../../shared/log.ts'
import { type Company, openCompany } from './company.fixture.ts'
import { runRecognition } from './run.ts'

let company: Company
const log: LogLine[] = []
beforeEach(async () => {
  log.length = 0
  company = await openCompany('2026-10-01T09:00:00Z')
  await company.sell(await company.customer(), [{ amount: 3_100, from: '2026-10-01', until: '2026-11-01' }])
})
afterEach(() => company[Symbol.asyncDispose]())

const daily = () => runRecognition({ ...company.sources, log: (line) => log.push(line) })

test('before the month is due it does nothing, and then it journals it', async () => {
  await company.bringAll()
  company.to('2026-11-02T06:00:00Z')
  expect((await daily()).journals).toEqual([])
  company.to('2026-11-03T06:00:00Z')
  await daily()
  expect(log).toEqual([
    expect.objectContaining({ line: 'recognition', through: '2026-09', journals: 0 }),
    {
      line: 'revenue journal',
      journal: '1/USD/2026-10/1',
      state: 'posted',
      leftOver: false,
      recognized: '31.00',
      entries: 1,
    },
    expect.objectContaining({ line: 'recognition', through: '2026-10', journals: 1 }),
  ])
})

test('what needs a person, and what the next run mends, are errors', async () => {
  company.to('2026-11-03T06:00:00Z')
  await expect(daily()).rejects.toMatchObject({
    kind: 'permanent',
    code: 'REVREC-PERSON',
    message:
      'Revenue through 2026-10: 0 journals could not be posted, 1 documents could not be recognized. What was stored is posted by the next run.',
  })
  await company.bringAll()
  company.netsuite.faults.add({ effect: 'unavailable', method: 'PUT', times: 1 })
  await expect(daily()).rejects.toMatchObject({ kind: 'transient', code: 'REVREC-NOT-POSTED' })
  await daily()
  expect(company.journals()).toHaveLength(1)
})
