// The contract of the one connector that appends: over S3's own protocol, with what people see (the views) as the
// measure. Files may repeat an event; no view does. No event waits for, or is lost to, a failing fetch.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { S3Client } from '@aws-sdk/client-s3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  createFetchWhole,
  createLake,
  type Lake,
  type LakeEntry,
} from '../../functions/connectors/lake/lake.ts'
import { manifest } from '../../functions/connectors/lake/manifest.ts'
import { clientConfig } from '../../local/aws/account.ts'
import { type EmbeddedS3, startS3 } from '../../local/aws/s3.ts'
import type { Listening } from '../../local/simulators/simulator.ts'
import { createStripeSimulator, type StripeSimulator } from '../../local/simulators/stripe/server.ts'
import { queryLake } from '../../local/sql.ts'
import { ManualClock } from '../../shared/clock.ts'
import { createStripeReader } from '../../shared/stripe/access.ts'
import { createStripeClient, STRIPE_API_VERSION } from '../../shared/stripe/client.ts'
import { parseEvent } from '../../shared/stripe/event.ts'
import { describeManifest } from './manifest-suite.ts'
import { customer, draft, invoice, NOVEMBER_2 } from './stripe-account.ts'

const BUCKET = 'lake'
const API_KEY = 'sk_test_contract_lake'
const START_MS = NOVEMBER_2 * 1000 + 3_600_000

let clock: ManualClock
let root: string
let s3: EmbeddedS3
let client: S3Client
let stripe: StripeSimulator
let stripeServer: Listening
let lake: Lake

beforeEach(async () => {
  clock = new ManualClock(START_MS)
  root = await mkdtemp(join(tmpdir(), 'contract-lake-'))
  s3 = await startS3({ clock, root })
  client = new S3Client({ ...clientConfig(s3.endpoint), forcePathStyle: true, maxAttempts: 1 })
  stripe = createStripeSimulator({ now: () => clock.now(), apiKey: API_KEY })
  stripeServer = await stripe.listen()
  await s3.createBucket(BUCKET)
  lake = openLake()
})
afterEach(async () => {
  client.destroy()
  await Promise.all([s3.close(), stripeServer.close()])
  await rm(root, { recursive: true })
})

const openLake = (bucket = BUCKET): Lake =>
  createLake({
    s3: client,
    bucket,
    clock,
    fetchWhole: createFetchWhole(
      createStripeReader(createStripeClient({ apiKey: API_KEY, baseUrl: stripeServer.url })),
    ),
  })

/** @param at seconds after the account's 2 November, 10:00. */
function entry(id: string, type: string, object: object, at: number, arrivedMs = START_MS): LakeEntry {
  const parsed = parseEvent(
    JSON.stringify({
      id: `evt_${id}`,
      object: 'event',
      type,
      created: NOVEMBER_2 + at,
      api_version: STRIPE_API_VERSION,
      livemode: false,
      data: { object },
    }),
  )
  if (!('event' in parsed)) throw new Error(parsed.unusable)
  return { event: parsed.event, receivedAtMs: arrivedMs }
}

const rowsOf = async (sql: string) => (await queryLake(join(root, BUCKET), sql)).rows
const eventIds = async () =>
  (await rowsOf('SELECT event_id FROM events ORDER BY 1')).map((row) => row.event_id)
const unsettled = () => rowsOf('SELECT object_id, reason FROM unsettled ORDER BY 1')

const named = (name: string) => ({ ...customer(1), name })
const month = (): LakeEntry[] => [
  entry('1', 'customer.created', customer(1), 0),
  entry('2', 'invoice.created', draft(1), 10),
  entry('3', 'invoice.paid', invoice(1), 20),
  entry('4', 'customer.updated', named('Difference Engines'), 30),
]

describe('lake', () => {
  describeManifest(manifest)

  it('appended twice, as the same batch, in parts and on another day, counts once in every view', async () => {
    const entries = month()
    await lake.append(entries)
    await lake.append(entries)
    await lake.append([...entries].reverse())
    await lake.append(entries.slice(0, 2))
    await openLake().append(
      entries.slice(1, 3).map(({ event }) => ({ event, receivedAtMs: START_MS + 86_400_000 })),
    )
    expect(await eventIds()).toEqual(['evt_1', 'evt_2', 'evt_3', 'evt_4'])
    expect(await rowsOf('SELECT object_id FROM objects ORDER BY 1')).toEqual([
      { object_id: 'cus_contract1' },
      { object_id: 'in_contract1' },
      { object_id: 'in_draft1' },
    ])
    expect(await rowsOf('SELECT id, total FROM invoices ORDER BY id')).toEqual([
      { id: 'in_contract1', total: 10_975n },
      { id: 'in_draft1', total: 10_000n },
    ])
    expect(await rowsOf('SELECT name FROM customers')).toEqual([{ name: 'Difference Engines' }])
    expect(await unsettled()).toEqual([])
  })

  it('shows the newest state whatever order the events arrive in, and no late update undoes a delete', async () => {
    const deleted = entry('5', 'customer.deleted', customer(2), 50)
    for (const late of [deleted, entry('6', 'customer.updated', customer(2), 40), ...month().reverse()]) {
      clock.advance(1_000)
      await lake.append([{ ...late, receivedAtMs: clock.now() }])
    }
    expect(await rowsOf('SELECT id, name FROM customers')).toEqual([
      { id: 'cus_contract1', name: 'Difference Engines' },
    ])
    expect(await rowsOf('SELECT id FROM deleted_objects')).toEqual([{ id: 'cus_contract2' }])
  })

  it('keeps every event when Stripe cannot be asked, says what is open, and settles it later', async () => {
    stripe.seedObjects([{ ...customer(1), ...named('As Stripe has it') }])
    // Two different payloads of one second: only Stripe knows which came last.
    const tie = [
      entry('a', 'customer.updated', named('One'), 60),
      entry('b', 'customer.updated', named('Other'), 60),
    ]
    for (const effect of [
      'unavailable',
      'rate_limited',
      'server_error',
      'reset_before',
      'expired_credential',
    ] as const) {
      stripe.faults.add({ effect })
      const { unobserved } = await lake.append([...month(), ...tie])
      expect(unobserved, effect).toMatchObject([{ ref: { type: 'customer', id: 'cus_contract1' } }])
      stripe.faults.clear()
    }
    expect(await eventIds()).toEqual(['evt_1', 'evt_2', 'evt_3', 'evt_4', 'evt_a', 'evt_b'])
    expect(await unsettled()).toEqual([{ object_id: 'cus_contract1', reason: 'tie' }])

    clock.advance(3_600_000)
    const ref = { type: 'customer', id: 'cus_contract1' }
    expect(await lake.observe([{ ref, livemode: false, account: null }])).toMatchObject({ observed: 1 })
    expect(await unsettled()).toEqual([])
    expect(await rowsOf('SELECT name FROM customers')).toEqual([{ name: 'As Stripe has it' }])
    // An observation is no event.
    expect(await eventIds()).toHaveLength(6)
  })

  it('is not sure of a fetch in the very second of an event, whichever clock noted which first', async () => {
    stripe.seedObjects([{ ...customer(1), ...named('As fetched') }])
    const ref = { type: 'customer', id: 'cus_contract1' }
    await lake.observe([{ ref, livemode: false, account: null }])
    const [second, earlierMs] = [START_MS / 1000 - NOVEMBER_2, START_MS - 20_000]
    await lake.append([entry('x', 'customer.updated', named('Newer'), second, earlierMs)])
    expect(await unsettled()).toEqual([{ object_id: 'cus_contract1', reason: 'late' }])
  })

  it('does not pretend to know whether an id stands that was deleted and made again in one second', async () => {
    const product = { id: 'prod_contract1', object: 'product', name: 'Usage' }
    for (const [id, type] of [
      ['a', 'product.created'],
      ['b', 'product.deleted'],
      ['c', 'product.created'],
    ] as const) {
      clock.advance(1_000)
      await lake.append([{ ...entry(id, type, product, 60), receivedAtMs: clock.now() }])
    }
    expect(await unsettled()).toEqual([{ object_id: 'prod_contract1', reason: 'tie' }])
  })

  it('acknowledges nothing that S3 did not take, and loses nothing once it does', async () => {
    const without = openLake('nobodys-bucket')
    await expect(without.append(month())).rejects.toMatchObject({ name: 'HubError', kind: 'credential' })
    await expect(without.probe()).rejects.toMatchObject({ name: 'HubError', kind: 'credential' })
    await s3.createBucket('nobodys-bucket')
    await without.probe()

    await lake.probe()
    await s3.close()
    const failures = await Promise.all(
      [lake.append(month()), lake.probe()].map((attempt) => attempt.catch((error: unknown) => error)),
    )
    for (const failure of failures) expect(failure).toMatchObject({ name: 'HubError', kind: 'transient' })
    s3 = await startS3({ clock, root })
    client.destroy()
    client = new S3Client({ ...clientConfig(s3.endpoint), forcePathStyle: true, maxAttempts: 1 })
    await openLake().append(month())
    expect(await eventIds()).toEqual(['evt_1', 'evt_2', 'evt_3', 'evt_4'])
  })
})
