// `hub recognize` over the whole local hub: an invoice that its lanes posted, then the command as a person types it.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, type MockInstance, vi } from 'vitest'
import { netsuiteConfig } from '../functions/connectors/netsuite/config.ts'
import hubConfig from '../hub.config.ts'
import { noteRunning } from '../local/hub/left-behind.ts'
import { STAGE } from '../local/hub/names.ts'
import { Stage } from '../test/scenario/stage.ts'
import { type RecognizeOptions, recognize } from './recognize.ts'

let stage: Stage
let folder: string
let forget: () => Promise<void>
let out: MockInstance<typeof process.stdout.write>
let complaints: MockInstance<typeof console.error>

const config = netsuiteConfig.parse({
  ...hubConfig(STAGE).connectors.netsuite,
  revenue: {
    mode: 'journals',
    firstMonth: '2026-10',
    // What the local hub's items post to.
    deferredAccount: '411',
    revenueAccounts: { plans: '412' },
    defaultKey: 'plans',
  },
})

beforeAll(async () => {
  stage = await Stage.open()
  folder = dirname(dirname(stage.hub.lakeFolder))
  const { urls, netsuitePrivateKey } = stage.vendors
  forget = await noteRunning(folder, {
    dynamoDb: 'unused',
    sqs: 'unused',
    queues: {},
    vendors: urls,
    netsuitePrivateKey,
  })
  const customer = await stage.customer({
    address: { country: 'US', postal_code: '97201', state: 'OR', city: 'Portland', line1: '1 Main St' },
  })
  await stage.bill(customer, [{ unit: 12_000 }])
  await stage.settle()
  stage.clock.advance(Date.parse('2026-11-03T18:00:00Z') - stage.clock.now())
}, 120_000)
afterAll(async () => {
  await forget()
  await stage.close()
})
beforeEach(() => {
  out = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  complaints = vi.spyOn(console, 'error').mockReturnValue(undefined)
})
afterEach(() => vi.restoreAllMocks())

const printed = () => out.mock.calls.map(([text]) => String(text)).join('')
const hub = (options: Partial<RecognizeOptions> = {}) =>
  recognize({
    month: '2026-10',
    isDryRun: false,
    json: false,
    folder,
    clock: stage.clock,
    config,
    ...options,
  })

it('shows, posts, and then has nothing to do; each time exit 0', async () => {
  expect(await hub({ isDryRun: true })).toBe(0)
  expect(printed()).toContain('Revenue through 2026-10 (dry run: nothing is stored or posted)')
  expect(printed()).toMatch(
    /1\/USD\/2026-10\/1 +│ 2026-10-31 +│ +USD 120\.00 +│ plans 120\.00 → 412 +│ +1 +│ would be posted/,
  )
  expect(printed()).toContain('USD 120.00 in all')
  out.mockClear()
  expect(await hub({ json: true })).toBe(0)
  expect(JSON.parse(printed())).toMatchObject({
    through: '2026-10',
    dryRun: false,
    refused: [],
    journals: [
      {
        state: 'posted',
        recognized: '120.00',
        period: 'Oct 2026',
        journal: {
          externalId: 'revrec-1-USD-2026-10-1',
          lines: [
            { account: '411', side: 'debit', amount: '120.00' },
            { account: '412', side: 'credit', amount: '120.00' },
          ],
        },
      },
    ],
  })
  expect(stage.vendors.netsuite.find('journalEntry', 'revrec-1-USD-2026-10-1')).toMatchObject({
    tranDate: '2026-10-31',
    memo: 'Stripe Revenue recognized 1/USD/2026-10/1',
  })
  out.mockClear()
  expect(await hub()).toBe(0)
  expect(printed()).toContain('No journal is due; 1 of earlier runs stand.')
})

it('a month that runs, a hub that does not journal, and no hub at all: exit 2 and a sentence', async () => {
  expect(await hub({ month: '2026-11' })).toBe(2)
  expect(await hub({ config: { ...config, revenue: undefined } })).toBe(2)
  const empty = mkdtempSync(join(tmpdir(), 'switchyard-none-'))
  expect(await hub({ folder: empty })).toBe(2)
  rmSync(empty, { recursive: true })
  expect(complaints.mock.calls.map(([text]) => String(text))).toEqual([
    '2026-11 has not ended yet (America/Los_Angeles): its revenue is not earned. Nothing was read or posted. [REVREC-MONTH]',
    expect.stringMatching(
      /^No revenue journal is posted: hub\.config\.ts does not say who recognizes it\. Nothing was read or written\. Engineering: .* \[REVREC-OFF\]$/,
    ),
    expect.stringMatching(/^No revenue was recognized: no local hub is up in .* \[REVREC-NO-HUB\]$/),
  ])
})

it('NetSuite is away: exit 1, and what was stored is posted by the next run', async () => {
  const customer = await stage.customer()
  await stage.bill(customer, [{ unit: 5_000 }])
  await stage.settle()
  stage.clock.advance(Date.parse('2026-12-03T18:00:00Z') - stage.clock.now())
  stage.vendors.netsuite.faults.add({ effect: 'unavailable', method: 'PUT', times: 1 })
  expect(await hub({ month: '2026-11' })).toBe(1)
  expect(printed()).toContain('NOT POSTED')
  out.mockClear()
  expect(await hub({ month: '2026-11' })).toBe(0)
  expect(printed()).toContain('posted (stored before)')
})
