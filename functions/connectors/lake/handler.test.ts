import type { SQSEvent } from 'aws-lambda'
import { describe, expect, it } from 'vitest'
import { ManualClock } from '../../../shared/clock.ts'
import type { ObjectRef } from '../../../shared/connector/contract.ts'
import { credential, type HubError, transient } from '../../../shared/errors.ts'
import type { LaneRow } from '../../../shared/ledger/rows.ts'
import type { LogLine } from '../../../shared/log.ts'
import { encodeEvent, encodeTouch } from '../../../shared/queue/message.ts'
import { createLakeHandler } from './handler.ts'
import type { LakeEntry, Unobserved } from './lake.ts'
import type { Uncertain } from './rows.ts'

const spill = {
  put: async () => undefined,
  get: async (): Promise<Uint8Array> => {
    throw new Error('nothing was spilled')
  },
}

const eventBody = (id: string) =>
  encodeEvent(
    {
      id,
      body: JSON.stringify({
        id,
        type: 'a.b',
        created: 5,
        livemode: true,
        data: { object: { object: 'balance' } },
      }),
      receivedAtMs: 7_000,
    },
    spill,
  )

function batch(bodies: Record<string, string>): SQSEvent {
  const records = Object.entries(bodies).map(([messageId, body]) => ({
    messageId,
    body,
    receiptHandle: `handle of ${messageId}`,
    attributes: { ApproximateReceiveCount: '3' },
  }))
  return { Records: records } as unknown as SQSEvent
}

function setUp(failure?: HubError, paused?: LaneRow, unobserved: Unobserved[] = []) {
  const seen = {
    appended: [] as LakeEntry[],
    observed: [] as Uncertain[],
    back: [] as { receiptHandle: string; seconds: number }[],
    pauses: [] as LaneRow[],
    touches: [] as { object: ObjectRef; reason: string; delaySeconds: number | undefined }[],
    lines: [] as LogLine[],
  }
  const nothing = { files: [], observed: 0, unobserved }
  const handler = createLakeHandler({
    lake: {
      append: async (entries) => {
        if (failure) throw failure
        seen.appended.push(...entries)
        return nothing
      },
      observe: async (objects) => {
        seen.observed.push(...objects)
        return nothing
      },
      probe: async () => {
        if (failure) throw failure
      },
    },
    ledger: {
      readLane: async () => paused,
      pauseLane: async (lane) => {
        seen.pauses.push(lane)
      },
    },
    queues: {
      send: async () => undefined,
      touch: async (_connector, touches, delaySeconds) => {
        seen.touches.push(...touches.map((touch) => ({ ...touch, delaySeconds })))
      },
      comeBack: async (_connector, messages) => {
        seen.back.push(...messages)
      },
    },
    spill,
    clock: new ManualClock(1_000_000),
    log: (line) => seen.lines.push(line),
    livemode: true,
  })
  return { seen, run: (event: Parameters<typeof handler>[0]) => handler(event, {} as never) }
}

describe('the lake handler', () => {
  it('appends events with the time ingest took them in, observes touches, and hands back only what it cannot read', async () => {
    const { seen, run } = setUp()
    const answer = await run(
      batch({
        m1: await eventBody('evt_1'),
        m2: encodeTouch({ type: 'invoice', id: 'in_1' }, 'sweep'),
        m3: 'no JSON',
      }),
    )
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm3' }] })
    expect(seen.appended.map(({ event, receivedAtMs }) => [event.id, receivedAtMs])).toEqual([
      ['evt_1', 7_000],
    ])
    expect(seen.observed).toEqual([{ ref: { type: 'invoice', id: 'in_1' }, livemode: true, account: null }])
  })

  it('asks again for an object that Stripe did not answer for: after its events by a touch, after a touch by itself', async () => {
    const invoice = { type: 'invoice', id: 'in_1' }
    const unobserved = [
      { ref: invoice, why: 'STRIPE-BUSY', isAskedAgain: true },
      { ref: { type: 'coupon', id: 'SPRING' }, why: 'not read by the hub', isAskedAgain: false },
    ]
    const events = setUp(undefined, undefined, unobserved)
    expect(await events.run(batch({ m1: await eventBody('evt_1') }))).toEqual({ batchItemFailures: [] })
    expect(events.seen.touches).toEqual([{ object: invoice, reason: 'verify', delaySeconds: 60 }])

    const touch = setUp(undefined, undefined, unobserved)
    const both = batch({
      m1: encodeTouch(invoice, 'verify'),
      m2: encodeTouch({ type: 'coupon', id: 'SPRING' }, 'verify'),
    })
    expect(await touch.run(both)).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }] })
    expect(touch.seen.back).toEqual([{ receiptHandle: 'handle of m1', seconds: 240 }])
  })

  it('tells how long its events took; and of a batch that fails, how long the oldest has waited', async () => {
    const good = setUp()
    await good.run(batch({ m1: await eventBody('evt_1') }))
    // Made at second 5, taken in at second 7; it is second 1,000.
    expect(good.seen.lines).toMatchObject([
      { line: 'landed', connector: 'lake', BatchMessages: 1, Applied: 1, UnsettledSeconds: 0 },
      { line: 'lag', connector: 'lake', LagSeconds: [995] },
    ])
    const bad = setUp(transient('S3 did not take the file.', { code: 'LAKE-S3' }))
    await bad.run(batch({ m1: await eventBody('evt_1') }))
    expect(bad.seen.lines).toMatchObject([
      { line: 'failed', connector: 'lake', kind: 'transient', Errors: 1, UnsettledSeconds: 993 },
    ])
  })

  it('hands the whole batch back when S3 does not take the file', async () => {
    const { seen, run } = setUp(transient('S3 did not take the file.', { code: 'LAKE-S3' }))
    const answer = await run(batch({ m1: await eventBody('evt_1'), m2: await eventBody('evt_2') }))
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }, { itemIdentifier: 'm2' }] })
    expect(seen.back).toEqual([
      { receiptHandle: 'handle of m1', seconds: 8 },
      { receiptHandle: 'handle of m2', seconds: 8 },
    ])
    expect(seen.pauses).toEqual([])
  })

  it('pauses the lane when the bucket is refused, and touches nothing while it is paused', async () => {
    const refused = setUp(credential('S3 refuses.', { code: 'LAKE-S3-DENIED' }))
    await refused.run(batch({ m1: await eventBody('evt_1') }))
    const lane = {
      connector: 'lake',
      pausedSinceMs: 1_000_000,
      pausedUntilMs: 1_060_000,
      reason: 'S3 refuses.',
      code: 'LAKE-S3-DENIED',
      by: 'worker' as const,
    }
    expect(refused.seen.pauses).toEqual([lane])
    expect(await refused.run({ probe: true })).toEqual({ working: false, reason: 'S3 refuses.' })

    const waiting = setUp(undefined, lane)
    expect(await waiting.run(batch({ m1: await eventBody('evt_1') }))).toEqual({
      batchItemFailures: [{ itemIdentifier: 'm1' }],
    })
    expect(waiting.seen.appended).toEqual([])
    expect(await waiting.run({ probe: true })).toEqual({ working: true })
  })
})
