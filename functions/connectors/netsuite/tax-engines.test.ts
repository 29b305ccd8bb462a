// The look for a tax engine that would declare the hub's sales a second time: in front of the first one, not of each.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isHubError } from '../../../shared/errors.ts'
import { startAccount, type TestAccount } from './account.fixture.ts'
import type { NetSuiteConfigInput } from './config.ts'
import { customer, invoice, invoiceContext } from './objects.fixture.ts'

// 1 and 2 are the subsidiaries us and eu.
let account: TestAccount
beforeEach(async () => {
  account = await startAccount({ tax: 'suitetax' })
})
afterEach(() => account[Symbol.asyncDispose]())

const tax = { mode: 'suitetax', taxCode: '1', taxType: '1' } as const
const connect = (config: Partial<NetSuiteConfigInput> = {}) => account.connect({ config: { tax, ...config } })

async function sell(by = connect(), id = 'in_1', on = account) {
  await on.write(
    by.project(customer(), { root: 'customer', subsidiaryName: 'us', waitsForCurrency: false }),
    by,
  )
  const object = invoice({ id, total: 10_000, lines: [{ amount: 10_000 }] })
  const period = { id: on.simulator.periods.find('2026-11') ?? '', name: 'Nov 2026' }
  const context = { ...invoiceContext(), periods: { [`invoice/${id}`]: period } }
  return (await on.write(by.project(object, context), by))[0]
}

const posted = (id = 'in_1') => account.simulator.find('invoice', id) !== undefined
const queries = () => account.simulator.calls.byRoute.get('POST /services/rest/query/v1/suiteql') ?? 0

test('an engine of a subsidiary that the hub sells from holds every sale, says whose it is, and pauses', async () => {
  account.simulator.assignTaxEngine('1', '77')
  const refused = await sell()
  expect(refused).toMatchObject({
    kind: 'credential',
    code: 'NS-TAX-ENGINE',
    message:
      'NetSuite has a tax engine at work on the sales of subsidiary "us" (engine 77): what Stripe charged would be calculated and declared a second time. No sale was posted.',
    hint: expect.stringContaining("netsuite.tax.passiveEngines: ['77']"),
  })
  expect(posted()).toBe(false)
})

test('the probe refuses for as long, and the lane goes on by itself when the engine is gone', async () => {
  account.simulator.assignTaxEngine('1', '77')
  const connector = connect()
  await expect(connector.probe()).rejects.toMatchObject({ code: 'NS-TAX-ENGINE' })
  account.simulator.assignTaxEngine('1', undefined)
  account.clock.advance(60_000)
  await connector.probe()
  expect(isHubError(await sell(connector))).toBe(false)
  expect(posted()).toBe(true)
})

test.each([
  ['it has ended', (by: TestAccount) => by.simulator.assignTaxEngine('1', '77', '2026-11-20'), {}],
  [
    'the configuration says that it declares nothing',
    (by: TestAccount) => by.simulator.assignTaxEngine('1', '77'),
    { tax: { ...tax, passiveEngines: ['77'] } },
  ],
])('an engine is no hindrance when %s', async (_, assign, config) => {
  assign(account)
  expect(isHubError(await sell(connect(config)))).toBe(false)
  expect(posted()).toBe(true)
})

test('asked once for all that a worker posts', async () => {
  const connector = connect()
  const counts: number[] = []
  for (const id of ['in_1', 'in_2']) {
    const before = queries()
    await sell(connector, id)
    counts.push(queries() - before)
  }
  // Which customers stand, which documents stand, what total stands now; before the first, the engines.
  expect(counts).toEqual([4, 3])
})

test('an account without SuiteTax has no such registrations: the totals tell', async () => {
  await using legacy = await startAccount()
  expect(isHubError(await sell(legacy.connect(), 'in_1', legacy))).toBe(false)
  expect(legacy.simulator.find('invoice', 'in_1')).toBeDefined()
})
