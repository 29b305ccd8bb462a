// The second way in, with the real core and the real ledger; the queues are the test's, because one of them must fail.
import type { SQSEvent } from 'aws-lambda'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createAccept } from '../../shared/intake/accept.ts'
import type { LogLine } from '../../shared/log.ts'
import { decodeMessage } from '../../shared/queue/message.ts'
import { notebookManifest } from '../../test/delivery/notebook.ts'
import { START_SECONDS, type World, Worlds } from '../../test/delivery/world.ts'
import { createIntakeHandler } from './handler.ts'

const worlds = new Worlds()
beforeAll(() => worlds.start())
afterAll(() => worlds.stop())

const lake = {
  ...notebookManifest,
  name: 'lake',
  style: 'append' as const,
  routes: [{ events: ['*'], root: 'event', id: 'id' }],
}
const noSpill = {
  put: async () => undefined,
  get: async () => {
    throw new Error('nothing is spilled here')
  },
}

let world: World
let sent: { connector: string; body: string }[]
let failing: string | undefined
let lines: LogLine[]
let intake: (...bodies: string[]) => Promise<string[]>

beforeEach(async () => {
  world = await worlds.create()
  sent = []
  failing = undefined
  lines = []
  const accept = createAccept({
    ledger: world.ledger,
    queues: {
      ...world.queues,
      send: async (connector, body) => {
        if (connector === failing) throw new Error('SQS is away')
        sent.push({ connector, body })
      },
    },
    spill: noSpill,
    manifests: [notebookManifest, lake],
    scope: { account: 'acct_1', livemode: false },
    clock: world.clock,
  })
  const handler = createIntakeHandler({ accept, clock: world.clock, log: (line) => void lines.push(line) })
  intake = async (...bodies) => {
    const Records = bodies.map((body, index) => ({ messageId: `m${index + 1}`, body }))
    const { batchItemFailures } = await handler({ Records } as unknown as SQSEvent)
    return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)
  }
})

const detail = (fields: object = {}) => ({
  id: 'evt_1',
  object: 'event',
  type: 'customer.created',
  created: START_SECONDS - 3,
  livemode: false,
  api_version: '2026-10-28.endive',
  data: { object: { id: 'cus_1', object: 'customer', name: 'Ada' } },
  ...fields,
})

/** As EventBridge lays it into a queue. https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html */
const envelope = (fields: object = {}) =>
  JSON.stringify({
    version: '0',
    id: '2f1d9bcb-0000-4000-8000-3d0e1c7a9a11',
    'detail-type': 'customer.created',
    source: 'aws.partner/stripe.com/ed_1',
    account: '111122223333',
    time: '2026-09-21T14:13:20Z',
    region: 'eu-central-1',
    resources: [],
    detail: detail(fields),
  })

describe('an event in EventBridge’s envelope', () => {
  it('is in every queue that wants it, without its envelope, and in the ledger', async () => {
    expect(await intake(envelope())).toEqual([])
    expect(sent.map(({ connector }) => connector).sort()).toEqual(['lake', 'notebook'])
    const [first] = sent
    expect(await decodeMessage(first?.body ?? '', noSpill)).toEqual({
      kind: 'event',
      event: JSON.stringify(detail()),
      receivedAtMs: world.clock.now(),
    })
    expect(await world.ledger.findEvent('evt_1')).toMatchObject({
      type: 'customer.created',
      customer: 'cus_1',
    })
    expect(lines).toEqual([
      expect.objectContaining({
        way: 'eventbridge',
        outcome: 'accepted',
        id: 'evt_1',
        object: 'cus_1',
        lagSeconds: 3,
        Accepted: 1,
      }),
    ])
  })

  it('that a webhook has brought, or EventBridge once before, is sent nowhere', async () => {
    await intake(envelope())
    expect(await intake(envelope())).toEqual([])
    expect(sent).toHaveLength(2)
    expect(lines[1]).toMatchObject({ outcome: 'duplicate', Duplicates: 1 })
  })

  it.each([
    ['of the other mode', { livemode: true }, 'A live event reached a hub that is set up for test mode.'],
    [
      'of another account',
      { account: 'acct_2' },
      'The event belongs to account acct_2, which this hub does not know.',
    ],
    ['without an object', { data: {} }, 'The event has no data.object.'],
  ])('%s is recorded as rejected, counted, and does not come back', async (_, fields, reason) => {
    expect(await intake(envelope(fields))).toEqual([])
    expect(sent).toEqual([])
    expect(await world.ledger.findRejection('evt_1')).toMatchObject({ reason })
    expect(lines).toEqual([expect.objectContaining({ outcome: 'rejected', reason, Rejected: 1 })])
  })

  it('stays in the queue when one connector’s queue does not take it, and its neighbours do not', async () => {
    failing = 'notebook'
    const moon = envelope({ id: 'evt_2', type: 'moon.landed', data: { object: { object: 'moon' } } })
    expect(await intake(envelope(), moon)).toEqual(['m1'])
    expect(await world.ledger.findEvent('evt_1')).toBeUndefined()
    expect(await world.ledger.findEvent('evt_2')).toBeDefined()
    expect(lines).toContainEqual(expect.objectContaining({ outcome: 'failed', Failed: 1 }))
    failing = undefined
    expect(await intake(envelope())).toEqual([])
    expect(await world.ledger.findEvent('evt_1')).toBeDefined()
  })
})
