// The queue that the contract is asserted of, through the AWS SDK. By default it is the embedded SQS, by a clock that the
// tests move themselves. SQS_CONTRACT_ENDPOINT=http://… runs the same assertions against another server in real time
// (SQS_CONTRACT_ENDPOINT=aws: the real service, with the credentials and the region of the environment; memory: the SQS of
// the simulation, whose tests say so themselves). What takes longer than a few seconds, or has no documented answer, is
// asserted of the queues with a clock of ours only.
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
import { awsClients } from '../simulation/aws/clients.ts'
import { createSqs } from '../simulation/aws/sqs.ts'
import { createDice } from '../simulation/dice.ts'

const givenEndpoint = process.env.SQS_CONTRACT_ENDPOINT
const clock = new ManualClock(Date.UTC(2026, 10, 1))
const embedded = givenEndpoint === undefined ? await startSqs({ clock }) : undefined
const hasOurClock = embedded !== undefined || givenEndpoint === 'memory'
const madeQueues: string[] = []

export const client = givenEndpoint === 'memory' ? inMemory() : overHttp(embedded?.endpoint ?? givenEndpoint)

function inMemory(): SQSClient {
  const dice = createDice(1)
  let count = 0
  const nextId = () => {
    count += 1
    return `message-${count}`
  }
  const sqs = createSqs({ clock, random: dice.next, nextId })
  return awsClients({ handle: async (_service, request) => sqs.handle(request), dice }).sqs
}

function overHttp(endpoint: string | undefined): SQSClient {
  return new SQSClient(endpoint === 'aws' || endpoint === undefined ? {} : clientConfig(endpoint))
}

afterEach(async () => {
  for (const QueueUrl of madeQueues.splice(0)) await client.send(new DeleteQueueCommand({ QueueUrl }))
})

afterAll(async () => {
  client.destroy()
  await embedded?.close()
})

/** A test that needs a clock of ours: hours pass in it, or AWS documents no one answer. */
export const onEmbedded = it.runIf(hasOurClock)

/** A test that needs a server: its caller waits while others call. */
export const onServer: (name: string, test: () => Promise<void>) => void =
  givenEndpoint === 'memory' ? () => undefined : it

/** Lets time pass: at once by a clock of ours, really anywhere else. */
export async function pass(seconds: number): Promise<void> {
  if (hasOurClock) clock.advance(seconds * 1_000)
  else await sleep(seconds * 1_000)
}

/** Counts of a real queue lag behind its messages. */
export async function letCountsSettle(): Promise<void> {
  if (!hasOurClock) await sleep(3_000)
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
      WaitTimeSeconds: hasOurClock ? 0 : 1,
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
