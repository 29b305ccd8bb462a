// The ledger's contract over DynamoDB itself: rows of events and deliveries, reads of many keys at once, pauses and
// cursors. Object states are ledger.test.ts.
import { type BatchGetCommandOutput, GetCommand } from '@aws-sdk/lib-dynamodb'
import { beforeEach, describe, expect, it } from 'vitest'
import type { ObjectRef } from '../../shared/connector/contract.ts'
import { refKey } from '../../shared/ledger/ledger.ts'
import type { DeliveryRow, EventRow, LaneRow } from '../../shared/ledger/rows.ts'
import { clock, db, eventually, ledgerOf, newId, onEmbedded, table } from './ledger-under-test.ts'

const ledger = ledgerOf()
const LANE = 'netsuite'

let ref: ObjectRef
beforeEach(() => {
  ref = { type: 'invoice', id: newId('in') }
})

const lease = (owner: string) => ({ owner, untilMs: clock.now() + 90_000 })

describe('events and deliveries', () => {
  const eventOf = (more: Partial<EventRow> = {}): EventRow => ({
    id: newId('evt'),
    type: 'invoice.finalized',
    createdSeconds: 1_790_000_000,
    receivedAtMs: 1_790_000_001_234,
    apiVersion: '2026-10-28.endive',
    livemode: false,
    style: 'snapshot',
    object: ref,
    customer: 'cus_QabcdEFGHijklM',
    connectors: ['tax-hold', 'avalara', 'netsuite', 'salesforce', 'lake'],
    ...more,
  })
  const deliveryOf = (eventId: string, connector: string, more: Partial<DeliveryRow> = {}): DeliveryRow => ({
    eventId,
    connector,
    status: 'applied',
    atMs: 1_790_000_002_000,
    attempts: 1,
    object: ref,
    ...more,
  })

  it('an event’s row comes back as it was put, with and without an object and a customer', async () => {
    const whole = eventOf()
    const bare = eventOf({ style: 'thin', apiVersion: null })
    delete bare.object
    delete bare.customer
    for (const row of [whole, bare]) {
      await ledger.putEvent(row)
      await eventually(async () => expect(await ledger.findEvent(row.id)).toEqual(row))
    }
    expect(await ledger.findEvent('evt_never')).toBeUndefined()
  })

  it('of many copies of one event under way at once exactly one makes the row, and none changes it later', async () => {
    const copies = Array.from({ length: 20 }, (_, n) => eventOf({ id: `${ref.id}_evt`, receivedAtMs: n }))
    const outcomes = await Promise.all(copies.map((row) => ledger.putEvent(row)))
    expect(outcomes.filter((outcome) => outcome === 'done')).toHaveLength(1)
    const winner = copies[outcomes.indexOf('done')]
    expect(await ledger.putEvent(eventOf({ id: `${ref.id}_evt`, connectors: ['late'] }))).toBe('lost')
    await eventually(async () => expect(await ledger.findEvent(`${ref.id}_evt`)).toEqual(winner))
  })

  it('an event’s row costs one write unit in the table: it stays under 1 KB with the longest real names', async () => {
    // The longest type, ids and customer that Stripe gives out.
    const row = eventOf({
      id: 'evt_1QabcdEFGHijklMNOPqrstUV',
      type: 'financial_connections.account.refreshed_inferred_balances',
      object: { type: 'financial_connections.account', id: 'fca_1QabcdEFGHijklMNOPqrstUV' },
      customer: 'cus_QabcdEFGHijklMNOP',
    })
    await ledger.putEvent(row)
    const Key = { pk: `EVENT#${row.id}`, sk: 'EVENT' }
    const { Item } = await db.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }))
    expect(sizeOf(Item)).toBeGreaterThan(300)
    expect(sizeOf(Item)).toBeLessThan(1024)
    // Nothing of the payload, and gone after 400 days.
    expect(Item?.expires).toBe(Math.floor(clock.now() / 1000) + 400 * 86_400)
  })

  it('a customer’s timeline is its own, newest first, also within one second, and cut at the limit', async () => {
    const customer = newId('cus')
    const at = (createdSeconds: number) => eventOf({ customer, createdSeconds })
    const rows = [at(1_790_000_100), at(999_999_999), at(1_790_000_300), at(1_790_000_300), at(1_790_000_200)]
    for (const row of rows) await ledger.putEvent(row)
    await ledger.putEvent(eventOf({ customer: newId('cus') }))
    const expected = [3, 2, 4, 0, 1].map((index) => rows[index]?.id)
    await eventually(async () => {
      expect((await ledger.timeline(customer)).map(({ id }) => id)).toEqual(expected)
    })
    expect((await ledger.timeline(customer, 2)).map(({ id }) => id)).toEqual(expected.slice(0, 2))
  })

  it('end for good: a slower batch that still waited does not take the end back', async () => {
    const event = newId('evt')
    await ledger.putDeliveries([deliveryOf(event, 'netsuite', { status: 'applied' })])
    await ledger.putDeliveries([deliveryOf(event, 'netsuite', { status: 'waiting' })])
    expect(await ledger.deliveriesOf(event)).toMatchObject([{ status: 'applied' }])
  })

  it('deliveries come back per event, over 25 in one call, the later one in the earlier one’s place', async () => {
    const events = Array.from({ length: 30 }, () => newId('evt'))
    const [first = ''] = events
    const parked = deliveryOf(first, 'netsuite', {
      status: 'parked',
      attempts: 7,
      errorKind: 'permanent',
      code: 'NS-ITEM',
      reason: 'Item 77 is inactive.',
      hint: 'Activate it.',
    })
    await ledger.putDeliveries([deliveryOf(first, 'netsuite', { status: 'waiting' })])
    await ledger.putDeliveries([
      ...events.map((id) => deliveryOf(id, 'salesforce')),
      parked,
      ...events.slice(1).map((id) => deliveryOf(id, 'netsuite')),
    ])
    await eventually(async () => {
      expect(await ledger.deliveriesOf(first)).toEqual([parked, deliveryOf(first, 'salesforce')])
    })
    for (const id of events) expect(await ledger.deliveriesOf(id)).toHaveLength(2)
    await ledger.putDeliveries([])
  })

  it('long texts are cut, not refused', async () => {
    const id = newId('evt')
    await ledger.putDeliveries([
      deliveryOf(id, 'netsuite', { reason: 'r'.repeat(600), hint: 'h'.repeat(600) }),
    ])
    await eventually(async () => {
      const [row] = await ledger.deliveriesOf(id)
      expect([row?.reason?.length, row?.hint?.length]).toEqual([500, 500])
    })
  })

  it('reads over 100 keys at once: states, events, deliveries that ended', async () => {
    const refs = Array.from({ length: 230 }, () => ({ type: 'customer', id: newId('cus') }))
    const events = refs.map(() => eventOf({ id: newId('evt') }))
    await Promise.all(refs.map((of) => ledger.claim(LANE, of, undefined, lease(of.id))))
    await Promise.all(events.map((row) => ledger.putEvent(row)))
    await ledger.putDeliveries(
      events.map(({ id }, index) => deliveryOf(id, LANE, { status: index < 200 ? 'applied' : 'waiting' })),
    )
    const missing = { type: 'customer', id: 'cus_never' }
    await eventually(async () => {
      const states = await ledger.readStates(LANE, [missing, ...refs])
      expect(states.size).toBe(230)
      for (const of of refs) expect(states.get(refKey(of))?.lease?.owner).toBe(of.id)
      const known = await ledger.knownEvents(['evt_never', ...events.map(({ id }) => id)])
      expect([...known.keys()].sort()).toEqual(events.map(({ id }) => id).sort())
      const ended = await ledger.endedDeliveries(events.map(({ id }) => ({ eventId: id, connector: LANE })))
      expect(ended).toEqual(new Set(events.slice(0, 200).map(({ id }) => `${id} ${LANE}`)))
    })
    expect(await ledger.readStates(LANE, [])).toEqual(new Map())
  })

  // DynamoDB cuts an answer at 16 MB, the embedded one at 1.4 MB: only there is that cheap to reach.
  onEmbedded('asks again for what one answer does not hold', async () => {
    const refs = Array.from({ length: 40 }, () => ({ type: 'invoice', id: newId('in') }))
    for (const of of refs) {
      await ledger.claim(LANE, of, undefined, lease('first'))
      const keep = { large: 'x'.repeat(100_000) }
      await ledger.settle(
        LANE,
        { ref: of, revision: 1, records: {}, waiters: [], hash: of.id, keep },
        'first',
      )
    }
    const cut: number[] = []
    db.middlewareStack.add(
      (next) => async (args) => {
        const answer = await next(args)
        const { UnprocessedKeys } = answer.output as Partial<BatchGetCommandOutput>
        cut.push(UnprocessedKeys?.[table]?.Keys?.length ?? 0)
        return answer
      },
      { step: 'initialize', name: 'seen' },
    )
    const states = await ledger.readStates(LANE, refs).finally(() => db.middlewareStack.remove('seen'))
    expect(cut[0]).toBeGreaterThan(0)
    expect(cut.at(-1)).toBe(0)
    expect([...states.values()].map(({ hash }) => hash).sort()).toEqual(refs.map(({ id }) => id).sort())
  })

  it('a rejection is found by its id', async () => {
    const row = { id: newId('evt'), reason: 'It has no type.', receivedAtMs: 1_790_000_001_234 }
    await ledger.putRejection(row)
    await eventually(async () => expect(await ledger.findRejection(row.id)).toEqual(row))
    expect(await ledger.findEvent(row.id)).toBeUndefined()
  })
})

describe('a lane’s pause', () => {
  const pause = (connector: string, by: LaneRow['by'], code: string): LaneRow => ({
    connector,
    pausedSinceMs: 1,
    pausedUntilMs: 61_000,
    reason: `Paused by ${by}.`,
    code,
    by,
  })

  it('by an operator is never replaced by a worker’s; a resume makes room again', async () => {
    const lane = newId('lane')
    expect(await ledger.readLane(lane)).toBeUndefined()
    await ledger.pauseLane(pause(lane, 'worker', 'NS-DOWN'))
    await ledger.pauseLane(pause(lane, 'worker', 'NS-CRED'))
    expect((await ledger.readLane(lane))?.code).toBe('NS-CRED')
    await ledger.pauseLane(pause(lane, 'operator', 'OPERATOR'))
    await ledger.pauseLane(pause(lane, 'worker', 'NS-DOWN'))
    expect(await ledger.readLane(lane)).toEqual(pause(lane, 'operator', 'OPERATOR'))
    await ledger.pauseLane(pause(lane, 'operator', 'LONGER'))
    expect((await ledger.readLane(lane))?.code).toBe('LONGER')
    await ledger.resumeLane(lane)
    expect(await ledger.readLane(lane)).toBeUndefined()
    await ledger.pauseLane(pause(lane, 'worker', 'NS-DOWN'))
    expect((await ledger.readLane(lane))?.by).toBe('worker')
  })
})

it('a cursor is what was last written under its name', async () => {
  const name = newId('cursor')
  expect(await ledger.readCursor(name)).toBeUndefined()
  await ledger.writeCursor(name, { after: 'evt_1', page: 1 })
  await ledger.writeCursor(name, { after: 'evt_2' })
  await eventually(async () => expect(await ledger.readCursor(name)).toEqual({ after: 'evt_2' }))
})

/** Bytes of an item as DynamoDB counts them. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html */
function sizeOf(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value)
  if (typeof value === 'number') return Math.ceil(String(value).length / 2) + 1
  if (Array.isArray(value)) return value.reduce<number>((sum, each) => sum + sizeOf(each) + 1, 3)
  if (typeof value !== 'object' || value === null) return 1
  return Object.entries(value).reduce((sum, [name, each]) => sum + Buffer.byteLength(name) + sizeOf(each), 0)
}
