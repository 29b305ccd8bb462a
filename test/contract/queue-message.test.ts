// What the hub depends on in a message of a standard SQS queue: its content, its limits, its visibility.
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  InvalidMessageContents,
  type Message,
  ReceiptHandleIsInvalid,
  SendMessageCommand,
} from '@aws-sdk/client-sqs'
import { describe, expect, it } from 'vitest'
import {
  attributesOf,
  client,
  makeQueue,
  onEmbedded,
  pass,
  receive,
  receiveOne,
  send,
} from './queue-under-test.ts'

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
