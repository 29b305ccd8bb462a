// What the hub depends on in a standard SQS queue, asserted through the AWS SDK. It runs against the embedded SQS by a
// clock that it moves itself; SQS_CONTRACT_ENDPOINT=http://… runs the same assertions against another server in real
// time (SQS_CONTRACT_ENDPOINT=aws: the real service, with the credentials and the region of the environment). What
// takes longer than a few seconds, or has no documented answer, is asserted of the embedded queue only.
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  BatchEntryIdsNotDistinct,
  BatchRequestTooLong,
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  EmptyBatchRequest,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  InvalidAttributeName,
  InvalidAttributeValue,
  InvalidMessageContents,
  ListQueuesCommand,
  type Message,
  PurgeQueueCommand,
  PurgeQueueInProgress,
  QueueDoesNotExist,
  QueueNameExists,
  ReceiptHandleIsInvalid,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
  TooManyEntriesInBatchRequest,
} from '@aws-sdk/client-sqs'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { clientConfig } from '../../local/aws/account.ts'
import { type EmbeddedSqs, startSqs } from '../../local/aws/sqs.ts'
import { ManualClock } from '../../shared/clock.ts'

const givenEndpoint = process.env.SQS_CONTRACT_ENDPOINT
const onEmbedded = it.runIf(givenEndpoint === undefined)
const clock = new ManualClock(Date.UTC(2026, 10, 1))
const madeQueues: string[] = []
let embedded: EmbeddedSqs | undefined
let client: SQSClient

beforeAll(async () => {
  if (givenEndpoint === undefined) embedded = await startSqs({ clock })
  const endpoint = embedded?.endpoint ?? givenEndpoint
  client = new SQSClient(endpoint === 'aws' || endpoint === undefined ? {} : clientConfig(endpoint))
})

afterEach(async () => {
  for (const QueueUrl of madeQueues.splice(0)) await client.send(new DeleteQueueCommand({ QueueUrl }))
})

afterAll(async () => {
  client.destroy()
  await embedded?.close()
})

/** Lets time pass: at once by the clock of the embedded queue, really anywhere else. */
async function pass(seconds: number): Promise<void> {
  if (embedded) clock.advance(seconds * 1_000)
  else await sleep(seconds * 1_000)
}

async function makeQueue(Attributes: Record<string, string> = {}): Promise<string> {
  const { QueueUrl = '' } = await client.send(
    new CreateQueueCommand({ QueueName: `contract-${randomUUID()}`, Attributes }),
  )
  madeQueues.push(QueueUrl)
  return QueueUrl
}

const send = (QueueUrl: string, MessageBody: string, DelaySeconds?: number) =>
  client.send(new SendMessageCommand({ QueueUrl, MessageBody, DelaySeconds }))

async function receive(
  QueueUrl: string,
  input: Partial<ReceiveMessageCommandInput> = {},
): Promise<Message[]> {
  // A real queue is spread over many hosts: only a long poll asks them all.
  const { Messages = [] } = await client.send(
    new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: 10,
      WaitTimeSeconds: embedded ? 0 : 1,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
      ...input,
    }),
  )
  return Messages
}

async function receiveOne(
  QueueUrl: string,
  input: Partial<ReceiveMessageCommandInput> = {},
): Promise<Message> {
  const [message, ...others] = await receive(QueueUrl, input)
  expect(others).toEqual([])
  if (!message) throw new Error('The queue gave no message.')
  return message
}

async function attributesOf(QueueUrl: string): Promise<Record<string, string>> {
  const { Attributes = {} } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
  )
  return Attributes
}

describe('a message', () => {
  it('arrives whole, with its attributes, its fingerprints and a first receive count of 1', async () => {
    const QueueUrl = await makeQueue()
    const body = 'Grüße, 発票 \u{1F4B6} "quoted" \\ <&> \t\r\n end'
    const sent = await client.send(
      new SendMessageCommand({
        QueueUrl,
        MessageBody: body,
        MessageAttributes: {
          kind: { DataType: 'String', StringValue: 'touch' },
          size: { DataType: 'Number', StringValue: '42' },
          raw: { DataType: 'Binary', BinaryValue: new Uint8Array([0, 255, 7]) },
        },
      }),
    )
    const message = await receiveOne(QueueUrl)
    expect(message.Body).toBe(body)
    expect(message.MessageId).toBe(sent.MessageId)
    expect(message.MessageAttributes?.kind).toEqual({ DataType: 'String', StringValue: 'touch' })
    expect(message.MessageAttributes?.size?.StringValue).toBe('42')
    expect(Array.from(message.MessageAttributes?.raw?.BinaryValue ?? [])).toEqual([0, 255, 7])
    expect(message.MD5OfMessageAttributes).toBe('0a246d7d4b4084770eabeb8d49088141')
    expect(sent.MD5OfMessageAttributes).toBe(message.MD5OfMessageAttributes)
    expect(message.Attributes?.ApproximateReceiveCount).toBe('1')
    expect(Number(message.Attributes?.SentTimestamp)).toBeLessThanOrEqual(
      Number(message.Attributes?.ApproximateFirstReceiveTimestamp),
    )
  })

  it('gives only the attributes that are asked for, by name, by prefix, or under the older parameter', async () => {
    const QueueUrl = await makeQueue({ VisibilityTimeout: '0' })
    await client.send(
      new SendMessageCommand({
        QueueUrl,
        MessageBody: 'body',
        MessageAttributes: {
          'trace.id': { DataType: 'String', StringValue: 'a' },
          'trace.span': { DataType: 'String', StringValue: 'b' },
          kind: { DataType: 'String', StringValue: 'touch' },
        },
      }),
    )
    const none = await receiveOne(QueueUrl, { MessageSystemAttributeNames: [], MessageAttributeNames: [] })
    expect(none.Attributes).toBeUndefined()
    expect(none.MessageAttributes).toBeUndefined()
    const some = await receiveOne(QueueUrl, {
      MessageSystemAttributeNames: [],
      AttributeNames: ['All'],
      MessageAttributeNames: ['trace.*'],
    })
    expect(some.Attributes?.SentTimestamp).toMatch(/^\d{13}$/)
    expect(Object.keys(some.MessageAttributes ?? {}).sort()).toEqual(['trace.id', 'trace.span'])
  })

  it('is hidden while in flight, and comes again with a higher count and another handle', async () => {
    const QueueUrl = await makeQueue({ VisibilityTimeout: '2' })
    await send(QueueUrl, 'body')
    const first = await receiveOne(QueueUrl)
    expect(await receive(QueueUrl)).toEqual([])
    await pass(2.5)
    const second = await receiveOne(QueueUrl)
    expect(second.MessageId).toBe(first.MessageId)
    expect(second.Attributes?.ApproximateReceiveCount).toBe('2')
    expect(second.Attributes?.ApproximateFirstReceiveTimestamp).toBe(
      first.Attributes?.ApproximateFirstReceiveTimestamp,
    )
    expect(second.ReceiptHandle).not.toBe(first.ReceiptHandle)
  })

  it('is gone once deleted, and may be deleted twice', async () => {
    const QueueUrl = await makeQueue({ VisibilityTimeout: '1' })
    await send(QueueUrl, 'body')
    const { ReceiptHandle } = await receiveOne(QueueUrl)
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }))
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }))
    await pass(1.5)
    expect(await receive(QueueUrl)).toEqual([])
  })

  onEmbedded('can still be deleted by its newest handle after its visibility ran out', async () => {
    const QueueUrl = await makeQueue({ VisibilityTimeout: '1' })
    await send(QueueUrl, 'body')
    const { ReceiptHandle } = await receiveOne(QueueUrl)
    await pass(5)
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }))
    expect(await receive(QueueUrl)).toEqual([])
    expect((await attributesOf(QueueUrl)).ApproximateNumberOfMessages).toBe('0')
  })

  onEmbedded(
    'is not deleted, nor its visibility changed, by a handle that a later receive replaced',
    async () => {
      const QueueUrl = await makeQueue({ VisibilityTimeout: '10' })
      await send(QueueUrl, 'body')
      const stale = await receiveOne(QueueUrl)
      await pass(10)
      await receiveOne(QueueUrl)
      await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: stale.ReceiptHandle }))
      await expect(
        client.send(
          new ChangeMessageVisibilityCommand({
            QueueUrl,
            ReceiptHandle: stale.ReceiptHandle,
            VisibilityTimeout: 0,
          }),
        ),
      ).rejects.toMatchObject({ name: 'InvalidParameterValue' })
      expect(await receive(QueueUrl)).toEqual([])
      await pass(10)
      expect((await receiveOne(QueueUrl)).Attributes?.ApproximateReceiveCount).toBe('3')
    },
  )

  it('with a handle that no queue ever gave is refused', async () => {
    const QueueUrl = await makeQueue()
    await expect(
      client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: 'made-up' })),
    ).rejects.toBeInstanceOf(ReceiptHandleIsInvalid)
  })

  it('waits out its own delay, which replaces the delay of the queue', async () => {
    const QueueUrl = await makeQueue({ DelaySeconds: '2' })
    await send(QueueUrl, 'at once', 0)
    await send(QueueUrl, 'later')
    expect((await receiveOne(QueueUrl)).Body).toBe('at once')
    await pass(2.5)
    expect((await receiveOne(QueueUrl)).Body).toBe('later')
  })

  it('over the size of its queue is refused, one of exactly that size is not', async () => {
    const QueueUrl = await makeQueue({ MaximumMessageSize: '1024' })
    await send(QueueUrl, 'x'.repeat(1_024))
    await expect(send(QueueUrl, 'x'.repeat(1_025))).rejects.toMatchObject({
      name: 'InvalidParameterValue',
      message: 'One or more parameters are invalid. Reason: Message must be shorter than 1024 bytes.',
    })
    await expect(send(QueueUrl, 'é'.repeat(513))).rejects.toMatchObject({ name: 'InvalidParameterValue' })
  })

  it('with a character outside XML 1.0 is refused', async () => {
    const QueueUrl = await makeQueue()
    await expect(send(QueueUrl, 'a\u0000b')).rejects.toBeInstanceOf(InvalidMessageContents)
    await expect(send(QueueUrl, 'a\uFFFFb')).rejects.toBeInstanceOf(InvalidMessageContents)
    await send(QueueUrl, 'a\u0085b')
    expect((await receiveOne(QueueUrl)).Body).toBe('a\u0085b')
  })

  it('is refused a delay of more than 15 minutes', async () => {
    const QueueUrl = await makeQueue()
    await expect(send(QueueUrl, 'body', 901)).rejects.toMatchObject({ name: 'InvalidParameterValue' })
  })

  onEmbedded('is lost when its retention is over, hidden or not', async () => {
    const QueueUrl = await makeQueue({ MessageRetentionPeriod: '60', VisibilityTimeout: '100' })
    await send(QueueUrl, 'hidden')
    await receiveOne(QueueUrl)
    await pass(30)
    await send(QueueUrl, 'younger')
    await pass(30)
    expect((await receiveOne(QueueUrl)).Body).toBe('younger')
    await pass(100)
    expect(await receive(QueueUrl)).toEqual([])
  })

  onEmbedded('is kept for four days when nothing else is said', async () => {
    const QueueUrl = await makeQueue()
    await send(QueueUrl, 'body')
    await pass(345_599)
    await receiveOne(QueueUrl, { VisibilityTimeout: 0 })
    await pass(1)
    expect(await receive(QueueUrl)).toEqual([])
  })
})

describe('visibility', () => {
  const change = (QueueUrl: string, message: Message, VisibilityTimeout: number) =>
    client.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl,
        ReceiptHandle: message.ReceiptHandle,
        VisibilityTimeout,
      }),
    )

  it('of 0 gives a message back at once; a longer one keeps it hidden past the first', async () => {
    const QueueUrl = await makeQueue({ VisibilityTimeout: '2' })
    await send(QueueUrl, 'body')
    await change(QueueUrl, await receiveOne(QueueUrl), 0)
    const again = await receiveOne(QueueUrl)
    expect(again.Attributes?.ApproximateReceiveCount).toBe('2')
    await change(QueueUrl, again, 5)
    await pass(3)
    expect(await receive(QueueUrl)).toEqual([])
    await pass(2.5)
    expect((await receiveOne(QueueUrl)).Attributes?.ApproximateReceiveCount).toBe('3')
  })

  it('of one receive can be asked for', async () => {
    const QueueUrl = await makeQueue({ VisibilityTimeout: '600' })
    await send(QueueUrl, 'body')
    await receiveOne(QueueUrl, { VisibilityTimeout: 1 })
    await pass(1.5)
    await receiveOne(QueueUrl)
  })

  it('cannot be changed of a message that is not in flight, nor beyond 12 hours', async () => {
    const QueueUrl = await makeQueue({ VisibilityTimeout: '2' })
    await send(QueueUrl, 'body')
    const message = await receiveOne(QueueUrl)
    await expect(change(QueueUrl, message, 43_201)).rejects.toMatchObject({ name: 'InvalidParameterValue' })
    await change(QueueUrl, message, 0)
    await expect(change(QueueUrl, message, 30)).rejects.toMatchObject({
      message: expect.stringMatching(/not (in flight|available)/i),
    })
  })

  onEmbedded('ends 12 hours after the receive, however often it is extended', async () => {
    const QueueUrl = await makeQueue({ VisibilityTimeout: '43200' })
    await send(QueueUrl, 'body')
    const message = await receiveOne(QueueUrl)
    await pass(3_600)
    await change(QueueUrl, message, 39_600)
    await expect(change(QueueUrl, message, 39_601)).rejects.toMatchObject({
      message: expect.stringContaining('beyond the limit [43200 seconds]'),
    })
  })
})

describe('a batch', () => {
  it('sends, deletes and answers each entry under its own id', async () => {
    const QueueUrl = await makeQueue({ MaximumMessageSize: '1024' })
    const sent = await client.send(
      new SendMessageBatchCommand({
        QueueUrl,
        Entries: [
          { Id: 'fits', MessageBody: 'body' },
          { Id: 'late', MessageBody: 'body', DelaySeconds: 901 },
        ],
      }),
    )
    expect(sent.Successful?.map((entry) => entry.Id)).toEqual(['fits'])
    expect(sent.Failed).toMatchObject([{ Id: 'late', SenderFault: true, Code: 'InvalidParameterValue' }])
    const { ReceiptHandle } = await receiveOne(QueueUrl)
    const deleted = await client.send(
      new DeleteMessageBatchCommand({
        QueueUrl,
        Entries: [
          { Id: 'one', ReceiptHandle },
          { Id: 'two', ReceiptHandle: 'made-up' },
        ],
      }),
    )
    expect(deleted.Successful).toEqual([{ Id: 'one' }])
    expect(deleted.Failed).toMatchObject([{ Id: 'two', Code: 'ReceiptHandleIsInvalid' }])
  })

  it('holds 1 to 10 entries with distinct ids', async () => {
    const QueueUrl = await makeQueue()
    const sendIds = (ids: string[]) =>
      client.send(
        new SendMessageBatchCommand({ QueueUrl, Entries: ids.map((Id) => ({ Id, MessageBody: 'body' })) }),
      )
    await expect(sendIds([])).rejects.toBeInstanceOf(EmptyBatchRequest)
    await expect(sendIds(['a', 'b', 'a'])).rejects.toBeInstanceOf(BatchEntryIdsNotDistinct)
    await expect(sendIds('abcdefghijk'.split(''))).rejects.toBeInstanceOf(TooManyEntriesInBatchRequest)
    expect((await sendIds('abcdefghij'.split(''))).Successful).toHaveLength(10)
  })

  it('carries 1 MiB in all and not a byte more', async () => {
    const QueueUrl = await makeQueue({ MaximumMessageSize: '1048576' })
    const sendSizes = (sizes: number[]) =>
      client.send(
        new SendMessageBatchCommand({
          QueueUrl,
          Entries: sizes.map((size, index) => ({ Id: String(index), MessageBody: 'x'.repeat(size) })),
        }),
      )
    await expect(sendSizes([524_288, 524_289])).rejects.toBeInstanceOf(BatchRequestTooLong)
    expect((await sendSizes([524_288, 524_288])).Successful).toHaveLength(2)
    expect((await sendSizes([1_048_576])).Successful).toHaveLength(1)
  })
})

describe('a queue', () => {
  it('starts with the documented attributes', async () => {
    expect(await attributesOf(await makeQueue())).toMatchObject({
      DelaySeconds: '0',
      MessageRetentionPeriod: '345600',
      ReceiveMessageWaitTimeSeconds: '0',
      VisibilityTimeout: '30',
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesNotVisible: '0',
      ApproximateNumberOfMessagesDelayed: '0',
    })
  })

  // The documents of the service now name 1 MiB; a queue made by the hub says its size itself.
  onEmbedded('takes 256 KiB a message when nothing is said', async () => {
    expect((await attributesOf(await makeQueue())).MaximumMessageSize).toBe('262144')
  })

  it('is found by name, and by the start of its name', async () => {
    const QueueUrl = await makeQueue()
    const name = QueueUrl.slice(QueueUrl.lastIndexOf('/') + 1)
    expect((await client.send(new GetQueueUrlCommand({ QueueName: name }))).QueueUrl).toBe(QueueUrl)
    expect((await client.send(new ListQueuesCommand({ QueueNamePrefix: name }))).QueueUrls).toEqual([
      QueueUrl,
    ])
    expect((await attributesOf(QueueUrl)).QueueArn).toMatch(
      new RegExp(`^arn:aws:sqs:[a-z0-9-]+:\\d{12}:${name}$`),
    )
    await expect(client.send(new GetQueueUrlCommand({ QueueName: `${name}-x` }))).rejects.toBeInstanceOf(
      QueueDoesNotExist,
    )
  })

  it('may be made again with the same attributes, not with others', async () => {
    const QueueUrl = await makeQueue({ VisibilityTimeout: '45' })
    const QueueName = QueueUrl.slice(QueueUrl.lastIndexOf('/') + 1)
    const again = await client.send(
      new CreateQueueCommand({ QueueName, Attributes: { VisibilityTimeout: '45' } }),
    )
    expect(again.QueueUrl).toBe(QueueUrl)
    await expect(
      client.send(new CreateQueueCommand({ QueueName, Attributes: { VisibilityTimeout: '46' } })),
    ).rejects.toBeInstanceOf(QueueNameExists)
  })

  it('refuses attributes that do not exist and values out of range', async () => {
    const QueueUrl = await makeQueue()
    const set = (Attributes: Record<string, string>) =>
      client.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }))
    await expect(set({ VisibilityTimeOut: '30' })).rejects.toBeInstanceOf(InvalidAttributeName)
    await expect(set({ VisibilityTimeout: '43201' })).rejects.toBeInstanceOf(InvalidAttributeValue)
    await expect(set({ MessageRetentionPeriod: '59' })).rejects.toBeInstanceOf(InvalidAttributeValue)
    await expect(set({ DelaySeconds: 'soon' })).rejects.toBeInstanceOf(InvalidAttributeValue)
    await set({ VisibilityTimeout: '31' })
    expect((await attributesOf(QueueUrl)).VisibilityTimeout).toBe('31')
  })

  it('counts what is visible, in flight and delayed', async () => {
    const QueueUrl = await makeQueue()
    for (const body of ['a', 'b', 'c']) await send(QueueUrl, body)
    await send(QueueUrl, 'd', 60)
    await receive(QueueUrl, { MaxNumberOfMessages: 1 })
    if (!embedded) await pass(3)
    expect(await attributesOf(QueueUrl)).toMatchObject({
      ApproximateNumberOfMessages: '2',
      ApproximateNumberOfMessagesNotVisible: '1',
      ApproximateNumberOfMessagesDelayed: '1',
    })
  })

  // The real service takes up to a minute to purge.
  onEmbedded('is empty once purged, and can be purged once a minute', async () => {
    const QueueUrl = await makeQueue({ VisibilityTimeout: '1' })
    await send(QueueUrl, 'visible')
    await send(QueueUrl, 'hidden')
    await receive(QueueUrl, { MaxNumberOfMessages: 1 })
    await client.send(new PurgeQueueCommand({ QueueUrl }))
    await pass(1.5)
    expect(await receive(QueueUrl)).toEqual([])
    await send(QueueUrl, 'after')
    await expect(client.send(new PurgeQueueCommand({ QueueUrl }))).rejects.toBeInstanceOf(
      PurgeQueueInProgress,
    )
    expect((await receiveOne(QueueUrl)).Body).toBe('after')
  })

  it('answers a long poll as soon as a message is there', async () => {
    const QueueUrl = await makeQueue()
    const started = performance.now()
    const waiting = receive(QueueUrl, { WaitTimeSeconds: 20 })
    await sleep(100)
    await send(QueueUrl, 'body')
    expect((await waiting).map((message) => message.Body)).toEqual(['body'])
    expect(performance.now() - started).toBeLessThan(5_000)
  })

  it('refuses to give more than 10 messages or to wait longer than 20 seconds', async () => {
    const QueueUrl = await makeQueue()
    await expect(receive(QueueUrl, { MaxNumberOfMessages: 11 })).rejects.toMatchObject({
      name: 'InvalidParameterValue',
    })
    await expect(receive(QueueUrl, { WaitTimeSeconds: 21 })).rejects.toMatchObject({
      name: 'InvalidParameterValue',
    })
  })
})

describe('a dead-letter queue', () => {
  it('gets a message that was received the maximum number of times, with its id and its source', async () => {
    const deadLetters = await makeQueue()
    const { QueueArn } = await attributesOf(deadLetters)
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: QueueArn, maxReceiveCount: 2 })
    const QueueUrl = await makeQueue({ RedrivePolicy, VisibilityTimeout: '1' })
    const sent = await send(QueueUrl, 'poison')
    for (const count of ['1', '2']) {
      expect((await receiveOne(QueueUrl)).Attributes?.ApproximateReceiveCount).toBe(count)
      await pass(1.5)
    }
    expect(await receive(QueueUrl)).toEqual([])
    const dead = await receiveOne(deadLetters)
    expect(dead.MessageId).toBe(sent.MessageId)
    expect(dead.Body).toBe('poison')
    expect(dead.Attributes?.DeadLetterQueueSourceArn).toBe((await attributesOf(QueueUrl)).QueueArn)
    expect((await attributesOf(QueueUrl)).RedrivePolicy).toContain('"maxReceiveCount":2')
  })

  it('must exist, and its policy must be whole', async () => {
    const policy = (value: object) => makeQueue({ RedrivePolicy: JSON.stringify(value) })
    await expect(
      policy({ deadLetterTargetArn: 'arn:aws:sqs:us-east-1:000000000000:none', maxReceiveCount: 2 }),
    ).rejects.toMatchObject({ message: expect.stringContaining('RedrivePolicy') })
    await expect(policy({ maxReceiveCount: 2 })).rejects.toThrow()
  })

  onEmbedded('counts retention from the first sending', async () => {
    const deadLetters = await makeQueue({ MessageRetentionPeriod: '120' })
    const { QueueArn } = await attributesOf(deadLetters)
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: QueueArn, maxReceiveCount: 1 })
    const QueueUrl = await makeQueue({ RedrivePolicy, VisibilityTimeout: '1' })
    await send(QueueUrl, 'poison')
    await receiveOne(QueueUrl)
    await pass(100)
    expect(await receive(QueueUrl)).toEqual([])
    expect((await attributesOf(deadLetters)).ApproximateNumberOfMessages).toBe('1')
    await pass(20)
    expect((await attributesOf(deadLetters)).ApproximateNumberOfMessages).toBe('0')
  })
})
