// The doctor's look at AvaTax, against simulated accounts that lack something.
import { afterAll, expect, it } from 'vitest'
import hubConfig from '../../../hub.config.ts'
import {
  type AvalaraSimulatorOptions,
  createAvalaraSimulator,
} from '../../../local/simulators/avalara/avalara.ts'
import type { AvalaraConfig } from './config.ts'
import { examineAvalara } from './doctor.ts'

const { avalara } = hubConfig('local').connectors
if (!avalara) throw new Error('the sample configuration switches avalara on')
const config: AvalaraConfig = avalara
const account = { accountId: '1100000000', licenseKey: 'key' }
const listening: { close(): Promise<void> }[] = []
afterAll(async () => {
  await Promise.all(listening.map((server) => server.close()))
})

async function wrong(
  simulated: Partial<AvalaraSimulatorOptions>,
  change: Partial<AvalaraConfig> = {},
  licenseKey = 'key',
): Promise<string[]> {
  const options = { now: () => Date.UTC(2026, 9, 5), companyCode: 'DEFAULT', ...account, ...simulated }
  const server = await createAvalaraSimulator(options).listen()
  listening.push(server)
  const findings = await examineAvalara({
    config: { ...config, ...change },
    credentials: { accountId: account.accountId, licenseKey, environment: server.url },
    livemode: false,
  })
  return findings.flatMap(({ verdict, what, why, code }) =>
    verdict === 'ok' ? [] : [`${verdict} ${what} ${code}: ${why}`],
  )
}

it('finds nothing wrong with the sample', async () => {
  expect(await wrong({})).toEqual([])
})

it('no nexus at all is wrong; none where the seller sits is to be looked at', async () => {
  expect(await wrong({ nexus: [] })).toEqual([
    'failed nexus TAX-NEXUS: The company has no nexus: AvaTax would calculate zero everywhere, and say nothing.',
  ])
  expect(await wrong({ nexus: [{ country: 'US', region: 'NY' }] })).toEqual([
    "unknown nexus TAX-NEXUS: There are 1 places, and the seller's own (US-CA) is not among them. Sales there bear no tax.",
  ])
})

it('a company and a tax code that AvaTax does not know, by their line in hub.config.ts', async () => {
  expect(await wrong({ companyCode: 'OTHER' })).toEqual([
    'failed company TAX-COMPANY: There is no company DEFAULT; there is OTHER. No tax can be calculated.',
  ])
  const taxCodes = { ...config.taxCodes, byProduct: { prod_team: 'SW05400' } }
  expect(await wrong({}, { taxCodes })).toEqual([
    'failed tax code SW05400 TAX-CODE: hub.config.ts → avalara.taxCodes.byProduct["prod_team"] is SW05400, which AvaTax does not know: such a line would be taxed as ordinary goods.',
  ])
})

it('a wrong licence key is told once', async () => {
  const found = await wrong({}, {}, 'other')
  expect(found).toHaveLength(1)
  expect(found[0]).toContain('TAX-CRED')
})
