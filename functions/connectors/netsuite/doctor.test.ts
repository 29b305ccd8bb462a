// The doctor's look at NetSuite: what is asked of each id in hub.config.ts, against the simulated account.
import { afterAll, beforeAll, expect, it } from 'vitest'
import hubConfig from '../../../hub.config.ts'
import { netsuiteKeys } from '../../../local/hub/credentials.ts'
import { createNetSuiteSimulator } from '../../../local/simulators/netsuite/netsuite.ts'
import { ManualClock } from '../../../shared/clock.ts'
import type { NetSuiteConfig } from './config.ts'
import { examineNetSuite } from './doctor.ts'

const clock = new ManualClock(Date.UTC(2026, 9, 5))
const keys = netsuiteKeys()
const client = { clientId: 'c', certificateId: 'k' }
const simulator = createNetSuiteSimulator({
  now: () => clock.now(),
  account: 'TSTDRV1',
  clients: { m2m: [{ ...client, publicKey: keys.publicKey }] },
})
let server: { url: string; close(): Promise<void> }
beforeAll(async () => {
  server = await simulator.listen()
})
afterAll(() => server.close())

const { netsuite } = hubConfig('local').connectors
if (!netsuite) throw new Error('the sample configuration switches netsuite on')

async function wrong(change: Partial<NetSuiteConfig>, privateKey = keys.privateKey): Promise<string[]> {
  const findings = await examineNetSuite({
    config: { ...(netsuite as NetSuiteConfig), ...change },
    credentials: { auth: 'oauth2', ...client, privateKey, algorithm: 'ES256', baseUrl: server.url },
    clock,
  })
  return findings.flatMap(({ verdict, why, code }) => (verdict === 'ok' ? [] : [`${code} ${why}`]))
}

it('finds nothing wrong with the sample configuration', async () => {
  expect(await wrong({})).toEqual([])
})

it.each<[string, Partial<NetSuiteConfig>, string]>([
  ['an item that is not there', { writeOffItem: '999' }, 'writeOffItem is item 999, and there is none'],
  [
    'an account in another currency',
    { clearingAccounts: { ...netsuite.clearingAccounts, EUR: '121' } },
    'clearingAccounts.EUR is account 121, and it is in currency 1, where EUR (2) is needed',
  ],
  [
    'an account of another kind',
    { clearingAccounts: { ...netsuite.clearingAccounts, USD: '612' } },
    'clearingAccounts.USD is account 612, and it is of type Expense, where Bank or OthCurrAsset is needed',
  ],
  [
    'a currency that is another',
    { currencies: { ...netsuite.currencies, USD: '2' } },
    'currencies.USD is currency 2, and it is EUR',
  ],
  [
    'an item that posts elsewhere',
    { customerBalance: { account: '213', item: '811' } },
    'customerBalance.item is item 811, and it posts to account 614, where 213 is needed',
  ],
  [
    'a subsidiary in another currency',
    { subsidiaries: { ...netsuite.subsidiaries, eu: { id: '1', currency: 'EUR', receivable: {} } } },
    'subsidiaries.eu.id is subsidiary 1, and it is in currency 1, where EUR (2) is needed',
  ],
  [
    'a tax code that is not there',
    { tax: { mode: 'suitetax', taxCode: '77', taxType: '1', rates: {}, passiveEngines: [] } },
    'netsuite.tax names it, and there is none',
  ],
])('names %s, by its line in hub.config.ts', async (_, change, sentence) => {
  const found = await wrong(change)
  expect(found.filter((each) => each.includes(sentence))).toHaveLength(1)
})

it('a certificate that NetSuite does not know is told once, and nothing more is asked', async () => {
  const found = await wrong({}, netsuiteKeys().privateKey)
  expect(found).toHaveLength(1)
  expect(found[0]).toContain('NS-CRED')
})
