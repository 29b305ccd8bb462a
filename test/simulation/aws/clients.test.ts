// The SDK over the services in memory: its retries wait by the dice, its exceptions are the real ones, and the hub's own
// code finds what it expects of S3, SQS and Lambda.
import { ProvisionedThroughputExceededException } from '@aws-sdk/client-dynamodb'
import { TooManyRequestsException } from '@aws-sdk/client-lambda'
import { DeleteObjectCommand, ListObjectsV2Command, NoSuchKey } from '@aws-sdk/client-s3'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { awsLanes } from '../../../functions/breaker/aws-lanes.ts'
import { manifestsOf } from '../../../functions/connectors/registry.ts'
import { ManualClock } from '../../../shared/clock.ts'
import { Ledger } from '../../../shared/ledger/ledger.ts'
import { ledgerTable } from '../../../shared/ledger/table.ts'
import { createQueues } from '../../../shared/queue/queues.ts'
import { createSpillBucket } from '../../../shared/runtime/spill-bucket.ts'
import { createDice } from '../dice.ts'
import { partOfBatch } from './batch-part.ts'
import { createBucket } from './bucket.ts'
import { awsClients } from './clients.ts'
import { createDynamoDb } from './dynamodb.ts'
import { createLambda, type Mapping, type MappingState } from './lambda.ts'
import { refusals } from './refusals.ts'
import { createSqs } from './sqs.ts'
import type { AwsRequest, AwsResponse } from './wire.ts'

const clock = new ManualClock(Date.UTC(2026, 10, 1))

/** Clients of which every call is answered by one function. */
const clientsOf = (answer: (request: AwsRequest) => AwsResponse | Promise<AwsResponse>, seed = 1) =>
  awsClients({ handle: async (_service, request) => answer(request), dice: createDice(seed) })

function ledgerOn(answer: (request: AwsRequest) => AwsResponse, seed = 1): Ledger {
  const { dynamoDb } = clientsOf(answer, seed)
  return new Ledger({ db: dynamoDb, table: 'ledger', clock, scope: { account: 'acct_1', livemode: false } })
}

function newDynamoDb() {
  const dynamoDb = createDynamoDb()
  dynamoDb.createTable(ledgerTable('ledger'))
  return dynamoDb
}

function newSqs() {
  let count = 0
  const nextId = () => {
    count += 1
    return `message-${count}`
  }
  return createSqs({ clock, random: createDice(1).next, nextId })
}

describe('retries', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] })
    vi.spyOn(Math, 'random').mockImplementation(() => {
      throw new Error('Nothing in a history is drawn but from its dice.')
    })
  })
  afterEach(() => {
    vi.restoreAllMocks()
    vi.useRealTimers()
  })

  /** When each attempt came, in virtual milliseconds, and what the call came to. */
  async function attempts(refusal: () => AwsResponse, refused: number, seed: number) {
    const dynamoDb = newDynamoDb()
    const startMs = performance.now()
    const atMs: number[] = []
    const ledger = ledgerOn((request) => {
      atMs.push(performance.now() - startMs)
      return atMs.length <= refused ? refusal() : dynamoDb.handle(request)
    }, seed)
    const outcome = ledger.readCursor('events').then(
      () => 'answered',
      (error: unknown) => error,
    )
    await vi.runAllTimersAsync()
    return { atMs, outcome: await outcome }
  }

  it('wait as the SDK waits, by the dice: the same seed waits the same', async () => {
    const first = await attempts(refusals.dynamodb.throttled, 3, 7)
    expect(first.outcome).toBe('answered')
    expect(first.atMs).toHaveLength(4)
    expect(await attempts(refusals.dynamodb.throttled, 3, 7)).toEqual(first)
    const other = await attempts(refusals.dynamodb.throttled, 3, 8)
    expect(other.atMs).not.toEqual(first.atMs)
    // At most a second, two, four after throttling; a fortieth of it after an internal error.
    expect(first.atMs.at(-1)).toBeGreaterThan(200)
    expect((await attempts(refusals.dynamodb.internalError, 3, 7)).atMs.at(-1)).toBeLessThan(180)
  })

  it('end after four attempts, with the service’s own exception', async () => {
    const { atMs, outcome } = await attempts(refusals.dynamodb.throughputExceeded, 9, 7)
    expect(atMs).toHaveLength(4)
    expect(outcome).toBeInstanceOf(ProvisionedThroughputExceededException)
  })

  it.each([
    ['SQS is unavailable', refusals.sqs.unavailable],
    ['SQS throttles', refusals.sqs.throttled],
  ])('get a message through when %s twice', async (_what, refusal) => {
    const sqs = newSqs()
    const queue = sqs.createQueue('netsuite')
    let calls = 0
    const { sqs: client } = clientsOf((request) => {
      calls += 1
      return calls <= 2 ? refusal() : sqs.handle(request)
    })
    const sent = createQueues(client, { netsuite: sqs.queueUrl(queue) }).send('netsuite', 'body')
    await vi.runAllTimersAsync()
    await sent
    expect([calls, queue.counts().visible]).toEqual([3, 1])
  })

  it.each([
    ['slows down', refusals.s3.slowDown, 'SlowDown'],
    ['fails', refusals.s3.internalError, 'InternalError'],
  ])('give up on an S3 that %s for ever', async (_what, refusal, name) => {
    let calls = 0
    const { s3 } = clientsOf(() => {
      calls += 1
      return refusal()
    })
    const put = createSpillBucket(s3, 'lake').put('spill/1', new Uint8Array([1]))
    const refused = expect(put).rejects.toMatchObject({ name })
    await vi.runAllTimersAsync()
    await refused
    expect(calls).toBe(3)
  })
})

describe('a batch done in part', () => {
  it('by DynamoDB is asked again by the ledger until it is whole', async () => {
    const dice = createDice(3)
    const dynamoDb = newDynamoDb()
    let parts = 0
    const ledger = ledgerOn((request) => {
      const part = partOfBatch(request, dice)
      if (!part?.request) return dynamoDb.handle(request)
      parts += 1
      return part.answer(dynamoDb.handle(part.request))
    })
    const events = Array.from({ length: 12 }, (_, index) => `evt_${index}`)
    await ledger.putDeliveries(
      events.map((eventId) => ({ eventId, connector: 'lake', status: 'applied', atMs: 1, attempts: 1 })),
    )
    expect(dynamoDb.items('ledger')).toHaveLength(12)
    const ended = await ledger.endedDeliveries(events.map((eventId) => ({ eventId, connector: 'lake' })))
    expect(ended.size).toBe(12)
    expect(parts).toBeGreaterThan(4)
  })

  it('by SQS fails the touches that it did not take, and only those', async () => {
    const sqs = newSqs()
    const queue = sqs.createQueue('netsuite')
    const dice = createDice(3)
    const { sqs: client } = clientsOf(async (request) => {
      const part = partOfBatch(request, dice)
      if (!part) throw new Error('A batch was sent.')
      return part.answer(part.request && (await sqs.handle(part.request)))
    })
    const queues = createQueues(client, { netsuite: sqs.queueUrl(queue) })
    const touches = [1, 2, 3, 4].map((n) => ({
      object: { type: 'invoice', id: `in_${n}` },
      reason: 'sweep' as const,
    }))
    await expect(queues.touch('netsuite', touches)).rejects.toMatchObject({ code: 'QUEUE-SEND' })
    expect(queue.counts().visible).toBe(2)
    await expect(queues.touch('netsuite', touches.slice(0, 1))).rejects.toMatchObject({ code: 'QUEUE-SEND' })
    expect(queue.counts().visible).toBe(2)
  })
})

it('messages have the ids that they were given, in every handle too', () => {
  const sqs = newSqs()
  const queue = sqs.createQueue('netsuite')
  expect(queue.send({ body: 'first' }).id).toBe('message-1')
  queue.send({ body: 'second' })
  const received = queue.receive({ limit: 10 })
  expect(received.map(({ message }) => message.id).sort()).toEqual(['message-1', 'message-2'])
  for (const { message, receiptHandle } of received) {
    expect(Buffer.from(receiptHandle, 'base64').toString()).toBe(`netsuite ${message.id} 1`)
    queue.delete(receiptHandle)
  }
  expect(queue.counts()).toEqual({ visible: 0, inFlight: 0, delayed: 0 })
})

it('the bucket gives back what was put, lists it, and answers 501 to the rest', async () => {
  const bucket = createBucket()
  const { s3 } = clientsOf((request) => bucket.handle(request))
  const spill = createSpillBucket(s3, 'lake')
  await spill.put('spill/a b', new Uint8Array([1, 2, 3]))
  await spill.put('spill/c', new Uint8Array([4]))
  expect(await spill.get('spill/a b')).toEqual(new Uint8Array([1, 2, 3]))
  expect([...bucket.objects.keys()]).toEqual(['spill/a b', 'spill/c'])
  await expect(spill.get('spill/none')).rejects.toBeInstanceOf(NoSuchKey)
  const list = (Prefix: string, MaxKeys?: number) =>
    s3.send(new ListObjectsV2Command({ Bucket: 'lake', Prefix, MaxKeys }))
  expect((await list('events/', 1)).KeyCount).toBe(0)
  expect(await list('spill/', 1)).toMatchObject({
    KeyCount: 1,
    IsTruncated: true,
    Contents: [{ Key: 'spill/a b' }],
  })
  await expect(s3.send(new DeleteObjectCommand({ Bucket: 'lake', Key: 'spill/c' }))).rejects.toMatchObject({
    name: 'NotImplemented',
  })
})

it('the breaker switches a lane, leaves one on its way alone, and probes it', async () => {
  const switched: boolean[] = []
  let state: MappingState = 'Enabled'
  const mapping: Mapping = {
    functionName: 'netsuite',
    queueArn: 'arn:aws:sqs:us-east-1:000000000000:netsuite',
    get state() {
      return state
    },
    setEnabled: (enabled) => {
      switched.push(enabled)
      state = enabled ? 'Enabling' : 'Disabling'
    },
  }
  let probe: (event: unknown) => Promise<unknown> = async (event) => ({ working: true, asked: event })
  const lambda = createLambda({
    functions: new Map([['netsuite', (event) => probe(event)]]),
    mappings: new Map([['uuid-1', mapping]]),
  })
  const { lambda: client } = clientsOf((request) => lambda.handle(request))
  const [lane] = awsLanes(client, manifestsOf(['netsuite']), {
    netsuite: { eventSource: 'uuid-1', functionName: 'netsuite' },
  })
  if (!lane) throw new Error('NetSuite can be paused.')
  expect(await lane.eventSource.isEnabled()).toBe(true)
  await lane.eventSource.setEnabled(false)
  expect(await lane.eventSource.isEnabled()).toBe(false)
  await lane.eventSource.setEnabled(true)
  expect(switched).toEqual([false])
  state = 'Disabled'
  await lane.eventSource.setEnabled(true)
  expect(switched).toEqual([false, true])

  expect(await lane.probe()).toEqual({ working: true, asked: { probe: true } })
  probe = async () => {
    throw new TypeError('no secret')
  }
  expect(await lane.probe()).toMatchObject({ working: false })
})

it('a throttled invocation is Lambda’s own exception', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout'] })
  const { lambda } = clientsOf(() => refusals.lambda.tooManyRequests())
  const lanes = awsLanes(lambda, manifestsOf(['netsuite']), {
    netsuite: { eventSource: 'uuid-1', functionName: 'netsuite' },
  })
  const refused = expect(lanes[0]?.probe()).rejects.toBeInstanceOf(TooManyRequestsException)
  await vi.runAllTimersAsync()
  await refused
  vi.useRealTimers()
})
