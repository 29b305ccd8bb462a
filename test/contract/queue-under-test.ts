// The queue that the contract is asserted of, through the AWS SDK. By default it is the embedded SQS, by a clock that the
// tests move themselves. SQS_CONTRACT_ENDPOINT=http://… runs the same assertions against another server in real time
// (SQS_CONTRACT_ENDPOINT=aws: the real service, with the credentials and the region of the environment). What takes
// longer than a few seconds, or has no documented answer, is asserted of the embedded queue only.
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { afterAll, afterEach, expect, it } from 'vitest'
import { clientConfig } from '../../local/aws/account.ts'
import { startSqs } from '../../local/aws/sqs.ts'
import { ManualClock } from '../../shared/clock.ts'

const givenEndpoint = process.env.SQS_CONTRACT_ENDPOINT
const clock = new ManualClock(Date.UTC(2026, 10, 1))
const embedded = givenEndpoint === undefined ? await startSqs({ clock }) : undefined
const endpoint = embedded?.endpoint ?? givenEndpoint
const madeQueues: string[] = []

export const client = new SQSClient(
  endpoint === 'aws' || endpoint === undefined ? {} : clientConfig(endpoint),
)

afterEach(async () => {
  for (const QueueUrl of madeQueues.splice(0)) await client.send(new DeleteQueueCommand({ QueueUrl }))
})

afterAll(async () => {
  client.destroy()
  await embedded?.close()
})

/** A test that needs the embedded queue: hours pass in it, or AWS documents no one answer. */
export const onEmbedded = it.runIf(embedded !== undefined)

/** Lets time pass: at once by the clock of the embedded queue, really anywhere else. */
export async function pass(seconds: number): Promise<void> {
  if (embedded) clock.advance(seconds * 1_000)
  else await sleep(seconds * 1_000)
}

/** Counts of a real queue lag behind its messages. */
export async function letCountsSettle(): Promise<void> {
  if (!embedded) await sleep(3_000)
}

export async function makeQueue(Attributes: Record<string, string> = {}): Promise<string> {
  const { QueueUrl = '' } = await client.send(
    new CreateQueueCommand({ QueueName: `contract-${randomUUID()}`, Attributes }),
  )
  madeQueues.push(QueueUrl)
  return QueueUrl
}

export const send = (QueueUrl: string, MessageBody: string, DelaySeconds?: number) =>
  client.send(new SendMessageCommand({ QueueUrl, MessageBody, DelaySeconds }))

export async function receive(
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

export async function receiveOne(
  QueueUrl: string,
  input: Partial<ReceiveMessageCommandInput> = {},
): Promise<Message> {
  const [message, ...others] = await receive(QueueUrl, input)
  expect(others).toEqual([])
  if (!message) throw new Error('The queue gave no message.')
  return message
}

export async function attributesOf(QueueUrl: string): Promise<Record<string, string>> {
  const { Attributes = {} } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
  )
  return Attributes
}
