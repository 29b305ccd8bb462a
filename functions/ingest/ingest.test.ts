// Promise 1 and everything that may come to the front door. The ledger is the real one; the queues are the test's,
// because it must be able to make one of them fail.
import { createHash } from 'node:crypto'
import { zstdDecompressSync } from 'node:zlib'
import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import Stripe from 'stripe'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createAccept } from '../../shared/intake/accept.ts'
import type { SpillStore } from '../../shared/queue/message.ts'
import type { Queues } from '../../shared/queue/queues.ts'
import { notebookManifest } from '../../test/delivery/notebook.ts'
import { type World, Worlds } from '../../test/delivery/world.ts'
import { createWebhookHandler } from './handler.ts'
import { createIngest } from './ingest.ts'

const worlds = new Worlds()
beforeAll(() => worlds.start())
afterAll(() => worlds.stop())

const stripe = new Stripe('sk_test_x')
const lake = {
  ...notebookManifest,
  name: 'lake',
  style: 'append' as const,
  routes: [{ events: ['*'], root: 'event', id: 'id' }],
}

let world: World
let sent: { connector: string; body: string }[]
let failing: string | undefined
let spilled: Map<string, Uint8Array>
let secretReads: number
let post: (
  body: string | Buffer,
  options?: { secret?: string; timestamp?: number; base64?: boolean },
) => Promise<number>
let accept: ReturnType<typeof createAccept>

beforeEach(async () => {
  world = await worlds.create()
  sent = []
  failing = undefined
  spilled = new Map()
  secretReads = 0
  const queues: Queues = {
    ...world.queues,
    send: async (connector, body) => {
      if (connector === failing) throw new Error('SQS is away')
      sent.push({ connector, body })
    },
  }
  const spill: SpillStore = {
    put: async (key, body) => void spilled.set(key, body),
    get: async (key) => spilled.get(key) ?? new Uint8Array(),
  }
  accept = createAccept({
    ledger: world.ledger,
    queues,
    spill,
    manifests: [notebookManifest, lake],
    scope: { account: 'acct_1', livemode: false },
    clock: world.clock,
  })
  const handler = createWebhookHandler(
    createIngest({
      accept,
      secrets: async () => {
        secretReads += 1
        return ['whsec_new', 'whsec_old']
      },
      clock: world.clock,
      log: () => undefined,
    }),
  )
  post = async (body, { secret = 'whsec_new', timestamp, base64 = false } = {}) => {
    const bytes = Buffer.from(body)
    const signature = stripe.webhooks.generateTestHeaderString({
      payload: bytes.toString('utf8'),
      secret,
      timestamp: timestamp ?? Math.floor(world.clock.now() / 1000),
    })
    const request = {
      body: bytes.toString(base64 ? 'base64' : 'utf8'),
      isBase64Encoded: base64,
      headers: { 'stripe-signature': signature },
    } as unknown as APIGatewayProxyEventV2
    return (await handler(request)).statusCode ?? 0
  }
})

const event = (fields: object = {}) =>
  JSON.stringify({
    id: 'evt_1',
    object: 'event',
    type: 'customer.created',
    created: 1_790_000_000,
    livemode: false,
    api_version: '2026-10-28.endive',
    data: { object: { id: 'cus_1', object: 'customer', name: 'Ada' } },
    ...fields,
  })

describe('a signed event', () => {
  it('is in every queue that wants it and in the ledger before the 2xx', async () => {
    expect(await post(event())).toBe(200)
    expect(sent.map(({ connector }) => connector).sort()).toEqual(['lake', 'notebook'])
    expect(await world.ledger.findEvent('evt_1')).toMatchObject({
      type: 'customer.created',
      customer: 'cus_1',
    })
    const [header, ...payload] = sent[0]?.body.split('\n') ?? []
    expect(header).toBe(`{"v":1,"body":"json","at":${world.clock.now()}}`)
    expect(payload.join('\n')).toBe(event())
  })

  it('is accepted under the old secret while one is being rolled, and when the gateway encodes the body', async () => {
    expect(await post(event(), { secret: 'whsec_old', base64: true })).toBe(200)
    expect(sent).toHaveLength(2)
  })

  it('gets a 500 and leaves no row when one queue does not take it; the retry brings it to all', async () => {
    failing = 'lake'
    expect(await post(event())).toBe(500)
    expect(await world.ledger.findEvent('evt_1')).toBeUndefined()
    failing = undefined
    expect(await post(event())).toBe(200)
    expect(sent.filter(({ connector }) => connector === 'lake')).toHaveLength(1)
  })

  it('that comes again is acknowledged at once and sent nowhere', async () => {
    await post(event())
    expect(await post(event())).toBe(200)
    expect(sent).toHaveLength(2)
  })

  it('that comes twice at the same moment is counted once', async () => {
    const handled = await Promise.all([accept(event()), accept(event())])
    expect(handled.map(({ outcome }) => outcome).sort()).toEqual(['accepted', 'duplicate'])
  })

  it('of an unknown type goes to the lake and the ledger', async () => {
    expect(
      await post(event({ id: 'evt_2', type: 'moon.landed', data: { object: { object: 'moon' } } })),
    ).toBe(200)
    expect(sent.map(({ connector }) => connector)).toEqual(['lake'])
    expect(await world.ledger.findEvent('evt_2')).toBeDefined()
  })

  it('that is too large for SQS is spilled, not lost', async () => {
    // Random enough that no compression helps, and the same in every run.
    const noise = Buffer.concat(
      Array.from({ length: 40_000 }, (_, index) => createHash('sha256').update(String(index)).digest()),
    )
    const big = event({
      id: 'evt_big',
      data: { object: { id: 'cus_1', object: 'customer', noise: noise.toString('base64') } },
    })
    expect(await post(big)).toBe(200)
    expect(JSON.parse(sent[0]?.body ?? '')).toMatchObject({ body: 'spilled', key: 'spill/evt_big.json.zst' })
    expect(zstdDecompressSync(spilled.get('spill/evt_big.json.zst') ?? Buffer.alloc(0)).toString()).toBe(big)
    expect(Buffer.byteLength(sent[0]?.body ?? '')).toBeLessThanOrEqual(1_048_576)
  })

  it('in thin form ends in the same queues', async () => {
    const thin = {
      id: 'evt_thin',
      object: 'v2.core.event',
      type: 'v1.customer.updated',
      created: '2026-09-21T14:13:20.000Z',
      livemode: false,
      related_object: { id: 'cus_1', type: 'customer', url: '/v1/customers/cus_1' },
    }
    expect(await post(JSON.stringify(thin))).toBe(200)
    expect(sent.map(({ connector }) => connector).sort()).toEqual(['lake', 'notebook'])
    expect(await world.ledger.findEvent('evt_thin')).toMatchObject({
      style: 'thin',
      type: 'customer.updated',
    })
  })
})

describe('what is forged or stale', () => {
  it('gets 400 and leaves nothing', async () => {
    expect(await post(event(), { secret: 'whsec_forged' })).toBe(400)
    expect(await post(event(), { timestamp: 1_790_000_000 - 600 })).toBe(400)
    expect(await post(event(), { timestamp: 1_790_000_000 + 600 })).toBe(400)
    expect(sent).toEqual([])
    expect(await world.ledger.findEvent('evt_1')).toBeUndefined()
    expect(secretReads).toBe(3)
  })

  it('over six megabytes gets 413 before the signature is even looked at', async () => {
    expect(await post('x'.repeat(6 * 1024 * 1024 + 1))).toBe(413)
    expect(secretReads).toBe(0)
  })
})

describe('what is authentic and of no use', () => {
  it.each([
    ['not JSON', 'hello', 'The body is not JSON.'],
    ['null', 'null', 'The body is null, not an event object.'],
    ['a list', '[]', 'The body is a list, not an event object.'],
    ['without an id', event({ id: undefined }), 'The event has no id.'],
  ])('%s: answered 2xx, kept with its reason under a hash of the body', async (_, body, reason) => {
    expect(await post(body)).toBe(200)
    const id = createHash('sha256').update(body).digest('hex').slice(0, 32)
    expect(await world.ledger.findRejection(id)).toMatchObject({ reason })
    expect(sent).toEqual([])
  })

  it.each([
    ['an id that is no event id', { id: 'cus_1' }, undefined],
    ['no data.object', { data: {} }, 'The event has no data.object.'],
    ['live, in a test hub', { livemode: true }, 'A live event reached a hub that is set up for test mode.'],
    [
      'an unknown account',
      { account: 'acct_2' },
      'The event belongs to account acct_2, which this hub does not know.',
    ],
  ])('%s: answered 2xx, rejected', async (_, fields, reason) => {
    expect(await post(event(fields))).toBe(200)
    expect(sent).toEqual([])
    if (reason) expect(await world.ledger.findRejection('evt_1')).toMatchObject({ reason })
  })
})
