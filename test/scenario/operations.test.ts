// What an operator does with a hub that is up: doctor, register, trigger, pause and resume, parked. Against the local hub,
// whose stage opens as a deployed one does but for the addresses.
import process from 'node:process'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { doctor } from '../../cli/doctor.ts'
import { pause, resume } from '../../cli/lanes.ts'
import { parked } from '../../cli/parked.ts'
import { register } from '../../cli/register.ts'
import { trigger } from '../../cli/trigger.ts'
import { noteRunning } from '../../local/hub/left-behind.ts'
import type { Finding } from '../../shared/doctor/finding.ts'
import { Stage } from './stage.ts'

let stage: Stage
let forget: () => Promise<void>
let printed: string
let own: { stage: string; folder: string; clock: Stage['clock'] }

beforeAll(async () => {
  stage = await Stage.open()
  const { aws, queueUrls, vendors, webhookUrl } = stage.hub
  forget = await noteRunning(stage.folder, {
    dynamoDb: aws.dynamoDb.endpoint,
    sqs: aws.sqs.endpoint,
    queues: queueUrls,
    s3: aws.s3.endpoint,
    secretsManager: aws.secrets.endpoint,
    webhook: webhookUrl,
    vendors: vendors.urls,
    netsuitePrivateKey: vendors.netsuitePrivateKey,
  })
  own = { stage: 'local', folder: stage.folder, clock: stage.clock }
})
afterAll(async () => {
  await forget()
  await stage.close()
})
afterEach(() => vi.restoreAllMocks())

async function say(command: () => Promise<number>): Promise<number> {
  printed = ''
  const write = (text: string | Uint8Array) => {
    printed += String(text)
    return true
  }
  vi.spyOn(process.stdout, 'write').mockImplementation(write as typeof process.stdout.write)
  return command()
}

const examine = async () => {
  const code = await say(() => doctor({ ...own, json: true }))
  const { findings } = JSON.parse(printed) as { findings: Finding[] }
  const wrong = findings.filter(({ verdict }) => verdict !== 'ok')
  return {
    code,
    findings,
    wrong: wrong.map((each) => `${each.verdict} ${each.system} ${each.what} ${each.code}`),
  }
}

describe('hub doctor', () => {
  it('finds everything well in the local hub', async () => {
    const { code, findings, wrong } = await examine()
    expect(wrong).toEqual([])
    expect(code).toBe(0)
    const looked = new Set(findings.map(({ system, what }) => `${system} ${what}`))
    for (const what of [
      'hub ledger table',
      'hub lane tax-hold',
      'hub secret webhook',
      'stripe permissions',
      'stripe webhook endpoint',
      'salesforce Stripe_Invoice__c',
      'salesforce Case',
      'netsuite accounts',
      'netsuite items',
      'netsuite role',
      'avalara nexus',
      'avalara tax codes',
    ])
      expect(looked).toContain(what)
  })

  it('names what an admin took away, with who mends it', async () => {
    const { salesforce, netsuite } = stage.vendors
    const invoice = salesforce.schema.find(({ name }) => name === 'Stripe_Invoice__c')
    const tax = invoice?.fields.find(({ name }) => name === 'Tax__c')
    if (!tax) throw new Error('the simulated org has no Tax__c')
    tax.updateable = false
    const { code, findings, wrong } = await examine()
    tax.updateable = true
    expect([code, wrong]).toEqual([2, ['failed salesforce fields of Stripe_Invoice__c SF-FIELD']])
    const [finding] = findings.filter(({ verdict }) => verdict === 'failed')
    expect(finding?.why).toBe("Tax__c may not be written by the hub's user. Its records would be parked.")
    expect(finding?.next).toContain('Salesforce admin: permission set')

    await fetch(`${netsuite ? stage.vendors.urls.netsuite : ''}/_simulator/faults`, {
      method: 'POST',
      body: JSON.stringify({ effect: 'unavailable', times: 1 }),
    })
    const silent = await examine()
    expect([silent.code, silent.wrong]).toEqual([1, ['unknown netsuite sign-in NS-BUSY']])
  })

  it('prints a table with a sentence and the next step', async () => {
    await say(() => doctor({ ...own, json: false }))
    expect(printed).toMatch(
      /│ ✓ +│ stripe +│ account and API version +│ acct_1SwitchyardLocal0 at 2026-10-28\.endive/,
    )
    expect(printed).toMatch(/\d+ well, 0 wrong, 0 not known\.\n$/)
  })
})

describe('hub register', () => {
  it('finds the local endpoint as it should be', async () => {
    expect(await say(() => register({ ...own, rotate: false, keepHours: 24, json: false }))).toBe(0)
    expect(printed).toContain('nothing to do: it stands as it should')
  })

  it('--rotate: the hub takes what both endpoints sign, each event once', async () => {
    await stage.playMinutes(5)
    await say(() => register({ ...own, rotate: true, keepHours: 24, json: false }))
    expect(printed).toContain('its secret is stored, first in the list')
    const customer = await stage.customer()
    const answers: string[] = []
    for (const delivery of stage.takeWebhooks()) answers.push(await stage.post(delivery))
    // One copy under either secret of each event about the customer.
    expect(answers.length).toBeGreaterThan(1)
    const count = (answer: string) => answers.filter((each) => each === answer).length
    expect([count('200 accepted'), count('200 duplicate')]).toEqual([answers.length / 2, answers.length / 2])
    await stage.playMinutes(5)
    expect(stage.vendors.salesforce.records('Stripe_Customer__c').map((row) => row.Stripe_Id__c)).toEqual([
      customer.id,
    ])
    expect((await examine()).wrong).toEqual([])
  })
})

describe('hub trigger', () => {
  it('posts an event that only the lake keeps', async () => {
    expect(await say(() => trigger(own))).toBe(0)
    expect(printed).toMatch(
      /^evt_hub[0-9a-f]{32} \(switchyard\.ping\) was taken: it is in the ledger and in the queue of lake\.\n$/,
    )
  })

  it('with an id says an update of the object as it stands', async () => {
    const customer = await stage.customer({ name: 'Before' })
    await stage.playMinutes(5)
    const stored = stage.vendors.stripe.store.customers.get(customer.id)
    if (stored) stored.name = 'After'
    expect(await say(() => trigger({ ...own, id: customer.id }))).toBe(0)
    await stage.playMinutes(5)
    const row = stage.vendors.salesforce
      .records('Stripe_Customer__c')
      .find((each) => each.Stripe_Id__c === customer.id)
    expect(row?.Name).toBe('After')
  })

  it('says which secret is wrong when the hub refuses it', async () => {
    const stored = stage.hub.aws.secrets.current('webhook') ?? ''
    const { endpoints } = JSON.parse(stored)
    const running = vi.spyOn(stage.hub.aws.secrets, 'current').mockReturnValue(stored)
    stage.hub.aws.secrets.put('webhook', JSON.stringify({ signingSecrets: ['whsec_other'], endpoints }))
    await expect(trigger(own)).rejects.toThrow(
      /answered 400: The signature matches none .* \[TRIGGER-REFUSED\]$/,
    )
    running.mockRestore()
    stage.hub.aws.secrets.put('webhook', stored)
  })
})

describe('hub pause and resume', () => {
  it('holds a lane until it is resumed; what waited is worked off then', async () => {
    await expect(pause({ ...own, connector: 'salesforce' })).rejects.toThrow('say why')
    await expect(pause({ ...own, connector: 'sap', reason: 'x' })).rejects.toThrow('has no connector sap')
    await expect(pause({ ...own, connector: 'tax-hold', reason: 'x' })).rejects.toThrow(
      'drafts would be finalized untaxed',
    )
    await say(() => pause({ ...own, connector: 'salesforce', reason: 'sandbox refresh' }))
    await stage.playMinutes(2)
    const customer = await stage.customer()
    await stage.playMinutes(10)
    const names = () => stage.vendors.salesforce.records('Stripe_Customer__c').map((row) => row.Stripe_Id__c)
    expect(names()).not.toContain(customer.id)
    const { code, findings } = await examine()
    expect(code).toBe(1)
    expect(findings.find(({ verdict }) => verdict === 'unknown')).toMatchObject({
      what: 'lane salesforce',
      why: expect.stringMatching(/^Paused since 2026-10-05 .*: sandbox refresh Events wait/),
      next: 'Whoever paused it: hub resume salesforce',
    })

    expect(await say(() => resume({ ...own, connector: 'salesforce' }))).toBe(0)
    await stage.playMinutes(5)
    expect(names()).toContain(customer.id)
    expect(await say(() => resume({ ...own, connector: 'salesforce' }))).toBe(1)
    expect(printed).toContain('is not paused')
  }, 120_000)
})

it('hub parked groups by cause, with who mends it', async () => {
  expect(await say(() => parked({ ...own, json: false }))).toBe(0)
  expect(printed).toBe('Nothing is parked.\n')
  await stage.stripe.products.create({ id: 'prod_novelty', name: 'Novelty' })
  const customer = await stage.customer()
  const ids = [
    await stage.bill(customer, [{ unit: 10_000, product: 'prod_novelty' }]),
    await stage.bill(customer, [{ unit: 20_000, product: 'prod_novelty' }]),
  ]
  await stage.play(2)
  expect(await say(() => parked({ ...own, json: true }))).toBe(2)
  const causes = JSON.parse(printed)
  expect(causes).toMatchObject([{ connector: 'netsuite', code: 'NS-ITEM', count: 2 }])
  expect(causes[0].objects.map(({ id }: { id: string }) => id).sort()).toEqual([...ids].sort())
  await say(() => parked({ ...own, json: false }))
  expect(printed).toMatch(/→ .*hub\.config\.ts/s)
}, 120_000)
