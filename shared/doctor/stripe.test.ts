// The doctor's look at Stripe, against the simulated one with restricted keys; and its list of permissions against the calls
// that the code makes.
import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { registry } from '../../functions/connectors/registry.ts'
import { createStripeSimulator, type StripeSimulator } from '../../local/simulators/stripe/server.ts'
import { createStripeClient } from '../stripe/client.ts'
import { examineStripe } from './stripe.ts'
import { coveredResources } from './stripe-permissions.ts'

const URL_OF_HUB = 'https://hub.example/stripe/webhook'
const wanted = { stage: 'staging', url: URL_OF_HUB, events: ['*'] }

let simulator: StripeSimulator
let server: { url: string; close(): Promise<void> }
beforeAll(async () => {
  simulator = createStripeSimulator({
    now: () => Date.UTC(2026, 9, 5),
    apiKey: 'sk_test_x',
    accountId: 'acct_1',
    restrictedKeys: {
      rk_test_whole: { denied: [] },
      rk_test_narrow: { denied: ['GET /v1/payouts', 'POST /v1/invoices', 'GET /v1/account'] },
    },
  })
  server = await simulator.listen()
})
afterAll(() => server.close())

async function examine(apiKey: string, more: { account?: string; livemode?: boolean } = {}) {
  const findings = await examineStripe({
    stripe: createStripeClient({ apiKey, baseUrl: server.url }),
    apiKey,
    account: 'acct_1',
    livemode: false,
    manifests: registry,
    wanted,
    stored: undefined,
    ...more,
  })
  return findings.flatMap(({ verdict, what, code, why }) =>
    verdict === 'ok' ? [] : [`${verdict} ${what} ${code}: ${why}`],
  )
}

describe('Stripe as the hub needs it', () => {
  it('says that there is no endpoint yet, and nothing else of a key that may do all', async () => {
    expect(await examine('rk_test_whole')).toEqual([
      `failed webhook endpoint STRIPE-ENDPOINT: No endpoint of staging sends events to ${URL_OF_HUB}: nothing arrives but what the sweep finds.`,
    ])
  })

  it('names each permission that a restricted key lacks, and changes nothing to find out', async () => {
    const events = simulator.events.length
    const wrong = await examine('rk_test_narrow')
    expect(wrong.slice(0, 3)).toEqual([
      'unknown account and API version STRIPE-ACCOUNT: The key may not read its own account, so nobody can say whether it is the right one.',
      'failed permission: Payouts (read) STRIPE-PERMISSION: The key may not: read payouts.',
      'failed permission: Invoices (write) STRIPE-PERMISSION: The key may not: hold drafts, write their tax and release them.',
    ])
    expect(simulator.events).toHaveLength(events)
  })

  it('a key that Stripe does not know is told once', async () => {
    const wrong = await examine('sk_test_other')
    expect(wrong).toHaveLength(1)
    expect(wrong[0]).toContain('STRIPE-CRED')
  })

  it('the other mode, another account, a key that may move money', async () => {
    expect((await examine('rk_test_whole', { livemode: true }))[0]).toContain('STRIPE-MODE')
    expect((await examine('rk_test_whole', { account: 'acct_2' }))[0]).toContain(
      'The key belongs to acct_1, and hub.config.ts names acct_2.',
    )
    expect((await examine('sk_live_x', { livemode: true }))[0]).toContain('STRIPE-UNRESTRICTED')
  })

  it('an endpoint of another version, one whose secret is lost, one by somebody else', async () => {
    const own = { url: URL_OF_HUB, metadata: { switchyard_stage: 'staging' } }
    simulator.addEndpoint(own)
    simulator.addEndpoint({ url: URL_OF_HUB })
    const [lost, foreign] = await examine('rk_test_whole')
    expect(lost).toMatch(/The secret of we_\S+ is not stored: nothing that it sends is accepted\.$/)
    expect(foreign).toMatch(/^unknown webhook endpoint we_\S+ STRIPE-ENDPOINT: It points to the same address/)
  })
})

it('every resource of Stripe that the code reads or writes has its permission in the list', () => {
  const sources = ['functions', 'shared'].flatMap((folder) => {
    const root = new URL(`../../${folder}/`, import.meta.url)
    return readdirSync(root, { recursive: true })
      .map(String)
      .filter((name) => name.endsWith('.ts') && !/\.(test|fixture)\.ts$/.test(name))
      .map((name) => readFileSync(new URL(name, root), 'utf8'))
  })
  const calls = sources.flatMap((text) => [...text.matchAll(/\bstripe\.([a-z]\w+)\.(?:\w+\.)?(\w+)\(/g)])
  const used = { GET: new Set<string>(), POST: new Set<string>() }
  for (const [, resource = '', method = ''] of calls) {
    if (resource === 'webhooks' || resource === 'webhookEndpoints' || resource === 'entries') continue
    const writes = /^(create|update|del|finalize|void|pay|add)/.test(method)
    used[writes ? 'POST' : 'GET'].add(resource)
  }
  expect(used.GET.size).toBeGreaterThan(10)
  expect([...used.GET].filter((each) => !coveredResources('GET').has(each))).toEqual([])
  expect([...used.POST].filter((each) => !coveredResources('POST').has(each))).toEqual([])
})
