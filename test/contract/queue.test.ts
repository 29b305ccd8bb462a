// What the hub depends on in a standard SQS queue as a whole: batches, attributes, counts, dead letters.
import { setTimeout as sleep } from 'node:timers/promises'
import {
  BatchEntryIdsNotDistinct,
  BatchRequestTooLong,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  EmptyBatchRequest,
  GetQueueUrlCommand,
  InvalidAttributeName,
  InvalidAttributeValue,
  ListQueuesCommand,
  PurgeQueueCommand,
  PurgeQueueInProgress,
  QueueDoesNotExist,
  QueueNameExists,
  SendMessageBatchCommand,
  SetQueueAttributesCommand,
  TooManyEntriesInBatchRequest,
} from '@aws-sdk/client-sqs'
import { describe, expect, it } from 'vitest'
import {
  attributesOf,
  client,
  letCountsSettle,
  makeQueue,
  onEmbedded,
  onServer,
  pass,
  receive,
  receiveOne,
  send,
} from './queue-under-test.ts'

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
    await letCountsSettle()
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

  onServer('answers a long poll as soon as a message is there', async () => {
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
