import { setTimeout as sleep } from 'node:timers/promises'
import { CreateQueueCommand, ListQueuesCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ManualClock } from '../../shared/clock.ts'
import { clientConfig } from './account.ts'
import { type EmbeddedSqs, startSqs } from './sqs.ts'

const clock = new ManualClock(Date.UTC(2026, 10, 1))
let sqs: EmbeddedSqs
let client: SQSClient

beforeAll(async () => {
  sqs = await startSqs({ clock })
  client = new SQSClient(clientConfig(sqs.endpoint))
})

afterAll(async () => {
  client.destroy()
  await sqs.close()
})

function longPoll(name: string, abortSignal?: AbortSignal) {
  const queue = sqs.createQueue(name)
  const input = { QueueUrl: sqs.queueUrl(queue), WaitTimeSeconds: 20 }
  return { queue, answer: client.send(new ReceiveMessageCommand(input), { abortSignal }) }
}

describe('a long poll', () => {
  it('sees a delayed message when the clock is moved past its delay', async () => {
    const { queue, answer } = longPoll('delayed')
    queue.send({ body: 'later', delaySeconds: 15 })
    await sleep(50)
    clock.advance(15_000)
    sqs.wake()
    expect((await answer).Messages?.map((message) => message.Body)).toEqual(['later'])
  })

  it('ends empty when 20 seconds are over by the clock', async () => {
    const { answer } = longPoll('empty')
    await sleep(50)
    clock.advance(20_000)
    expect((await answer).Messages).toBeUndefined()
  })

  it('takes nothing once its caller has gone', async () => {
    const caller = new AbortController()
    const { queue, answer } = longPoll('left', caller.signal)
    const refused = expect(answer).rejects.toThrow()
    await sleep(50)
    caller.abort()
    await refused
    await sleep(50)
    queue.send({ body: 'for the next' })
    await sleep(50)
    expect(queue.counts()).toEqual({ visible: 1, inFlight: 0, delayed: 0 })
  })
})

it('lists queues page by page', async () => {
  for (const name of ['page-b', 'page-a', 'page-c']) sqs.createQueue(name)
  const list = (NextToken?: string) =>
    client.send(new ListQueuesCommand({ QueueNamePrefix: 'page-', MaxResults: 2, NextToken }))
  const first = await list()
  expect(first.QueueUrls?.map((url) => url.split('/').at(-1))).toEqual(['page-a', 'page-b'])
  const second = await list(first.NextToken)
  expect(second.QueueUrls?.map((url) => url.split('/').at(-1))).toEqual(['page-c'])
  expect(second.NextToken).toBeUndefined()
})

it('refuses FIFO queues instead of forgetting their order', async () => {
  await expect(
    client.send(new CreateQueueCommand({ QueueName: 'a.fifo', Attributes: { FifoQueue: 'true' } })),
  ).rejects.toMatchObject({ name: 'UnsupportedOperation' })
})
