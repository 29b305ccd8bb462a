import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda'
import { afterEach, describe, expect, it } from 'vitest'
import { ManualClock } from '../../shared/clock.ts'
import {
  type BatchOutcome,
  type EventSource,
  type EventSourceOptions,
  startEventSource,
} from './event-source.ts'
import { Queue } from './sqs-queue.ts'
import { applyQueueAttributes, DEFAULT_QUEUE_SETTINGS } from './sqs-queue-attributes.ts'

const START_MS = Date.UTC(2026, 10, 1)
const running: EventSource[] = []

afterEach(async () => {
  await Promise.all(running.splice(0).map((source) => source.stop()))
})

function setUp(options: Partial<EventSourceOptions> = {}, attributes: Record<string, string> = {}) {
  const clock = new ManualClock(START_MS)
  const settings = applyQueueAttributes(
    { MaximumMessageSize: '1048576', VisibilityTimeout: '60', ...attributes },
    DEFAULT_QUEUE_SETTINGS,
  )
  const queue = new Queue({ name: 'netsuite', settings, clock, findQueue: () => undefined })
  const events: SQSEvent[] = []
  const outcomes: BatchOutcome[] = []
  let answer: (event: SQSEvent, context: Context) => Promise<unknown> = async () => undefined
  const source = startEventSource({
    queue,
    clock,
    functionName: 'netsuite-deliver',
    timeoutSeconds: 60,
    batchSize: 10,
    windowSeconds: 0,
    handler: (event, context) => {
      events.push(event)
      return answer(event, context)
    },
    onBatch: (outcome) => outcomes.push(outcome),
    ...options,
  })
  running.push(source)
  return {
    clock,
    queue,
    source,
    events,
    outcomes,
    sizes: () => events.map((event) => event.Records.length),
    answers: (next: typeof answer) => {
      answer = next
    },
    sendMany: (count: number) => {
      for (let index = 0; index < count; index += 1) queue.send({ body: String(index) })
    },
    quiet: () => until(() => source.quiet),
    pass: async (seconds: number) => {
      clock.advance(seconds * 1_000)
      await until(() => source.quiet)
    },
  }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await nextTurn()
}

function gate() {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { opened: promise, open: resolve }
}

describe('batches', () => {
  it('are full at once, and part-full when the window of their first message is over', async () => {
    const hub = setUp({ batchSize: 1_000, windowSeconds: 30 })
    hub.sendMany(1_500)
    await hub.quiet()
    expect(hub.sizes()).toEqual([1_000])
    expect(hub.source.idle).toBe(false)
    expect(hub.source.nextDueMs()).toBe(START_MS + 30_000)
    await hub.pass(29)
    hub.sendMany(3)
    await hub.quiet()
    expect(hub.sizes()).toEqual([1_000])
    await hub.pass(1)
    expect(hub.sizes()).toEqual([1_000, 503])
    expect(hub.queue.counts()).toEqual({ visible: 0, inFlight: 0, delayed: 0 })
    expect(hub.source.idle).toBe(true)
    expect(hub.source.nextDueMs()).toBeUndefined()
  })

  it('take a delayed message when its delay is over, though nothing else happens meanwhile', async () => {
    const hub = setUp()
    await hub.quiet()
    hub.queue.send({ body: 'verify', delaySeconds: 900 })
    await hub.quiet()
    expect(hub.source.nextDueMs()).toBe(START_MS + 900_000)
    await hub.pass(899)
    expect(hub.sizes()).toEqual([])
    await hub.pass(1)
    expect(hub.sizes()).toEqual([1])
  })

  it('take a message that another receiver did not finish', async () => {
    const hub = setUp({ enabled: false })
    hub.sendMany(1)
    hub.queue.receive({ limit: 1, visibilityTimeoutSeconds: 7 })
    hub.source.enable()
    await hub.quiet()
    await hub.pass(7)
    expect(hub.events[0]?.Records[0]?.attributes.ApproximateReceiveCount).toBe('2')
  })

  it('go off at once when there is no window', async () => {
    const hub = setUp({ batchSize: 10 })
    hub.sendMany(1)
    await hub.quiet()
    hub.sendMany(12)
    await hub.quiet()
    expect(hub.sizes()).toEqual([1, 10, 2])
  })

  it('carry at most 6 MB', async () => {
    const hub = setUp({ batchSize: 10, windowSeconds: 1 })
    for (let index = 0; index < 8; index += 1) hub.queue.send({ body: 'x'.repeat(1_048_576) })
    await hub.quiet()
    expect(hub.sizes()).toEqual([5])
    await hub.pass(1)
    expect(hub.sizes()).toEqual([5, 3])
    expect(JSON.stringify(hub.events[0]).length).toBeLessThan(6 * 1_024 * 1_024)
  })

  it('count what JSON makes of a body, not its length', async () => {
    const hub = setUp({ batchSize: 10, windowSeconds: 1 })
    for (let index = 0; index < 4; index += 1) hub.queue.send({ body: '"'.repeat(1_000_000) })
    await hub.quiet()
    await hub.pass(1)
    expect(hub.sizes()).toEqual([3, 1])
  })

  it('are shaped as Lambda shapes them', async () => {
    const hub = setUp()
    const sent = hub.queue.send({
      body: 'body',
      attributes: { kind: { DataType: 'String', StringValue: 'touch' } },
      traceHeader: 'Root=1-a',
    })
    await hub.quiet()
    expect(hub.events).toEqual([
      {
        Records: [
          {
            messageId: sent.id,
            receiptHandle: expect.stringMatching(/^[A-Za-z0-9+/=]+$/),
            body: 'body',
            md5OfBody: '841a2d689ad86bd1611447453c22c6fc',
            md5OfMessageAttributes: sent.md5OfAttributes,
            attributes: {
              ApproximateReceiveCount: '1',
              SentTimestamp: '1793491200000',
              ApproximateFirstReceiveTimestamp: '1793491200000',
              SenderId: 'local',
              AWSTraceHeader: 'Root=1-a',
            },
            messageAttributes: {
              kind: {
                stringValue: 'touch',
                binaryValue: undefined,
                stringListValues: [],
                binaryListValues: [],
                dataType: 'String',
              },
            },
            eventSource: 'aws:sqs',
            eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:netsuite',
            awsRegion: 'us-east-1',
          },
        ],
      },
    ])
  })

  it('are at work at most as many at once as the maximum concurrency says, and that many', async () => {
    const hub = setUp({ batchSize: 1, maximumConcurrency: 3 })
    let atWork = 0
    const seen: number[] = []
    hub.answers(async () => {
      atWork += 1
      seen.push(atWork)
      await nextTurn()
      atWork -= 1
    })
    hub.sendMany(20)
    await hub.quiet()
    expect(seen).toHaveLength(20)
    expect(Math.max(...seen)).toBe(3)
    expect(hub.queue.counts().visible).toBe(0)
  })
})

describe('the answer of a function', () => {
  const failing = async (event: SQSEvent, bodies: string[]): Promise<SQSBatchResponse> => ({
    batchItemFailures: event.Records.filter((record) => bodies.includes(record.body)).map((record) => ({
      itemIdentifier: record.messageId,
    })),
  })

  it('keeps the listed messages only; they come again when their visibility runs out', async () => {
    const hub = setUp()
    hub.answers((event) => failing(event, ['1', '3']))
    hub.sendMany(5)
    await hub.quiet()
    expect(hub.queue.counts()).toEqual({ visible: 0, inFlight: 2, delayed: 0 })
    expect(hub.outcomes).toMatchObject([{ messages: 5, failed: 2, error: undefined }])
    expect(hub.source.nextDueMs()).toBe(START_MS + 60_000)
    hub.answers(async () => ({ batchItemFailures: [] }))
    await hub.pass(59)
    expect(hub.sizes()).toEqual([5])
    await hub.pass(1)
    expect(
      hub.events[1]?.Records.map((record) => [record.body, record.attributes.ApproximateReceiveCount]),
    ).toEqual([
      ['1', '2'],
      ['3', '2'],
    ])
    expect(hub.queue.counts().inFlight).toBe(0)
  })

  it('leaves the visibility that the function itself gave a failed message', async () => {
    const hub = setUp()
    hub.answers(async (event) => {
      for (const record of event.Records) hub.queue.changeVisibility(record.receiptHandle, 5)
      return failing(event, ['0'])
    })
    hub.sendMany(1)
    await hub.quiet()
    expect(hub.source.nextDueMs()).toBe(START_MS + 5_000)
    await hub.pass(5)
    expect(hub.sizes()).toEqual([1, 1])
  })

  it.each([
    ['null', null],
    ['an empty object', {}],
    ['no list', { batchItemFailures: null }],
    ['an empty list', { batchItemFailures: [] }],
  ])('means that all is done when it is %s', async (_, answer) => {
    const hub = setUp()
    hub.answers(async () => answer)
    hub.sendMany(3)
    await hub.quiet()
    expect(hub.queue.counts()).toEqual({ visible: 0, inFlight: 0, delayed: 0 })
  })

  it.each([
    ['a text', 'done'],
    ['an unknown id', { batchItemFailures: [{ itemIdentifier: 'nobody' }] }],
    ['an empty id', { batchItemFailures: [{ itemIdentifier: '' }] }],
    ['a null id', { batchItemFailures: [{ itemIdentifier: null }] }],
    ['a misspelt key', { batchItemFailures: [{ itemIdentifer: 'x' }] }],
  ])('keeps the whole batch when it is %s', async (_, answer) => {
    const hub = setUp()
    hub.answers(async () => answer)
    hub.sendMany(3)
    await hub.quiet()
    expect(hub.queue.counts().inFlight).toBe(3)
    expect(hub.outcomes[0]?.error?.message).toMatch(/^Not a batch response/)
  })

  it('keeps the whole batch when the function throws', async () => {
    const hub = setUp()
    hub.answers(async () => {
      throw new Error('out of memory')
    })
    hub.sendMany(3)
    await hub.quiet()
    expect(hub.queue.counts().inFlight).toBe(3)
    expect(hub.outcomes).toMatchObject([{ messages: 3, failed: 3, error: { message: 'out of memory' } }])
  })

  it('comes too late after the timeout of the function, by the clock', async () => {
    const hub = setUp({ timeoutSeconds: 30 })
    const late = gate()
    const remaining: number[] = []
    hub.answers(async (_, context) => {
      remaining.push(context.getRemainingTimeInMillis())
      await late.opened
      remaining.push(context.getRemainingTimeInMillis())
    })
    hub.sendMany(1)
    await until(() => hub.events.length === 1)
    hub.clock.advance(29_999)
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(hub.outcomes).toEqual([])
    hub.clock.advance(1)
    await hub.quiet()
    expect(hub.outcomes[0]?.error?.message).toBe('Task timed out after 30 seconds')
    late.open()
    await nextTurn()
    expect(remaining).toEqual([30_000, 0])
    expect(hub.queue.counts().inFlight).toBe(1)
  })
})

describe('switching', () => {
  it('off lets begun batches end, a gathering one included, and receives no more; on goes on', async () => {
    const hub = setUp({ batchSize: 20, windowSeconds: 30 })
    const work = gate()
    hub.answers(() => work.opened)
    hub.sendMany(25)
    await until(() => hub.events.length === 1)
    hub.source.disable()
    expect(hub.source.state).toBe('Disabling')
    await until(() => hub.events.length === 2)
    expect(hub.sizes()).toEqual([20, 5])
    hub.sendMany(4)
    work.open()
    await hub.quiet()
    expect(hub.source.state).toBe('Disabled')
    expect(hub.queue.counts()).toEqual({ visible: 4, inFlight: 0, delayed: 0 })
    await hub.pass(3_600)
    expect(hub.sizes()).toEqual([20, 5])
    hub.source.enable()
    await hub.quiet()
    await hub.pass(30)
    expect(hub.sizes()).toEqual([20, 5, 4])
  })

  it('can be off from the start', async () => {
    const hub = setUp({ enabled: false })
    hub.sendMany(1)
    await hub.quiet()
    expect(hub.source.state).toBe('Disabled')
    expect(hub.queue.counts().visible).toBe(1)
  })
})

describe('settings that AWS refuses', () => {
  it.each([
    [{ batchSize: 10_001, windowSeconds: 1 }, 'Batch size'],
    [{ batchSize: 11, windowSeconds: 0 }, 'Maximum batch window'],
    [{ windowSeconds: 301 }, 'Batching window'],
    [{ maximumConcurrency: 1 }, 'Maximum concurrency'],
    [{ timeoutSeconds: 61 }, 'Queue visibility timeout: 60 seconds is less than Function timeout: 61'],
  ])('%o', (options, reason) => {
    expect(() => setUp(options)).toThrow(reason)
  })
})
