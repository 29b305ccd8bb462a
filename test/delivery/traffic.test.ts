// What each vendor's client counts of its own calls, against the simulated vendors: one good call, one that is refused for
// being too many.
import { afterEach, expect, it } from 'vitest'
import { startSimulatorBench } from '../../functions/connectors/avalara/simulator-bench.fixture.ts'
import { startAccount } from '../../functions/connectors/netsuite/account.fixture.ts'
import { salesforceConfig } from '../../functions/connectors/salesforce/config.ts'
import { createSalesforce } from '../../functions/connectors/salesforce/connector.ts'
import { createSalesforceSimulator } from '../../local/simulators/salesforce/server.ts'
import { createStripeClient } from '../../shared/stripe/client.ts'

const closings: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closings.splice(0)) await close()
})

const NOTHING = { calls: 0, throttled: 0 }

it('Salesforce: also what is left of the day’s calls', async () => {
  const simulator = createSalesforceSimulator({
    now: () => 1_790_000_000_000,
    clientId: 'id',
    clientSecret: 'secret',
    dailyLimit: 20,
  })
  const server = await simulator.listen()
  closings.push(() => server.close())
  const connector = createSalesforce({
    config: salesforceConfig.parse({ createAccounts: 'business' }),
    credentials: { loginUrl: server.url, clientId: 'id', clientSecret: 'secret' },
    stripe: createStripeClient({ apiKey: 'sk_test_none', baseUrl: 'http://127.0.0.1:1' }),
    clock: { now: () => 1_790_000_000_000 },
    livemode: false,
  })
  await connector.probe()
  expect(connector.traffic?.()).toEqual({ calls: 1, throttled: 0, quotaLeftPercent: 95 })
  expect(connector.traffic?.()).toEqual(NOTHING)
  simulator.faults.add({ effect: 'rate_limited', path: '/services/data/.*', times: 1 })
  await expect(connector.probe()).rejects.toMatchObject({ kind: 'transient' })
  expect(connector.traffic?.()).toMatchObject({ calls: 1, throttled: 1 })
})

it('NetSuite: its refusals are all there is to tell', async () => {
  const account = await startAccount()
  closings.push(async () => account[Symbol.asyncDispose]())
  const { connector, simulator } = account
  simulator.faults.add({ effect: 'rate_limited', path: '/suiteql', times: 1 })
  await expect(connector.probe()).rejects.toMatchObject({ code: 'NS-BUSY' })
  expect(connector.traffic?.()).toEqual({ calls: 1, throttled: 1 })
  await connector.probe()
  const { calls, throttled } = connector.traffic?.() ?? NOTHING
  expect({ calls: calls > 0, throttled }).toEqual({ calls: true, throttled: 0 })
})

it('AvaTax: told apart by its code, since its SDK keeps the status to itself', async () => {
  const bench = await startSimulatorBench()
  closings.push(bench.close)
  await bench.connector.probe()
  expect(bench.connector.traffic?.()).toEqual({ calls: 1, throttled: 0 })
  bench.simulator.faults.add({ effect: 'rate_limited', times: 1 })
  await expect(bench.connector.probe()).rejects.toMatchObject({ code: 'TAX-BUSY' })
  expect(bench.connector.traffic?.()).toEqual({ calls: 1, throttled: 1 })
})
