// The SQS operations: each checks its request as the service documents and refuses what the service would refuse, then
// acts on a Queue. HTTP is sqs.ts's; storage, time and receive counts are the queue's.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_Operations.html
import * as z from 'zod'
import { SqsError } from './sqs-error.ts'
import {
  checkAttributes,
  checkBody,
  type MessageAttributes,
  md5OfAttributes,
  messageAttributeSchema,
  messageSizeBytes,
} from './sqs-message.ts'
import type { Queue, ReceivedMessage } from './sqs-queue.ts'
import { describeQueueSettings } from './sqs-queue-attributes.ts'
import { describeSystemAttributes } from './sqs-system-attributes.ts'

/** What the operations need of the service around them. */
export interface QueueDirectory {
  createQueue(name: string, attributes: Record<string, string>): Queue
  /** Throws QueueDoesNotExist. */
  queueAt(url: string): Queue
  queueNamed(name: string): Queue
  urlOf(queue: Queue): string
  queues(): Queue[]
  setAttributes(queue: Queue, attributes: Record<string, string>): void
  deleteQueue(queue: Queue): void
  /** Long polling: resolves with messages, or with none when the wait is over or the caller has gone. */
  receiveWithin(waitSeconds: number, take: () => ReceivedMessage[], queue: Queue): Promise<ReceivedMessage[]>
}

type Operation = (directory: QueueDirectory, request: unknown) => Promise<unknown> | unknown

const operation =
  <Schema extends z.ZodType>(
    schema: Schema,
    run: (directory: QueueDirectory, request: z.infer<Schema>) => Promise<unknown> | unknown,
  ): Operation =>
  (directory, request) =>
    run(directory, schema.parse(request))

const stringMap = z.record(z.string(), z.string())
const onQueue = z.object({ QueueUrl: z.string() })
const newMessage = z.object({
  MessageBody: z.string().optional(),
  DelaySeconds: z.number().optional(),
  MessageAttributes: z.record(z.string(), messageAttributeSchema).optional(),
  MessageSystemAttributes: z
    .object({ AWSTraceHeader: z.object({ StringValue: z.string() }).optional() })
    .optional(),
})
const visibilityChange = z.object({ ReceiptHandle: z.string(), VisibilityTimeout: z.number().optional() })
const withId = z.object({ Id: z.string() })

export const sqsOperations: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  [
    'CreateQueue',
    operation(
      z.object({ QueueName: z.string(), Attributes: stringMap.optional() }),
      (directory, { QueueName, Attributes }) => ({
        QueueUrl: directory.urlOf(directory.createQueue(QueueName, Attributes ?? {})),
      }),
    ),
  ],
  [
    'GetQueueUrl',
    operation(z.object({ QueueName: z.string() }), (directory, { QueueName }) => ({
      QueueUrl: directory.urlOf(directory.queueNamed(QueueName)),
    })),
  ],
  [
    'ListQueues',
    operation(
      z.object({
        QueueNamePrefix: z.string().default(''),
        MaxResults: z.number().int().min(1).max(1_000).default(1_000),
        NextToken: z.string().default(''),
      }),
      (directory, request) => {
        const names = directory
          .queues()
          .filter((queue) => queue.name.startsWith(request.QueueNamePrefix) && queue.name > request.NextToken)
          .sort((a, b) => (a.name < b.name ? -1 : 1))
        const page = names.slice(0, request.MaxResults)
        return {
          QueueUrls: page.map((queue) => directory.urlOf(queue)),
          NextToken: page.length < names.length ? page.at(-1)?.name : undefined,
        }
      },
    ),
  ],
  [
    'GetQueueAttributes',
    operation(onQueue.extend({ AttributeNames: z.array(z.string()).default([]) }), (directory, request) => {
      const described = describeQueue(directory.queueAt(request.QueueUrl))
      const wanted = new Set(request.AttributeNames)
      for (const name of wanted) {
        if (name !== 'All' && !READABLE_ATTRIBUTES.has(name)) {
          throw new SqsError('InvalidAttributeName', `Unknown Attribute ${name}.`)
        }
      }
      const shown = Object.entries(described).filter(([name]) => wanted.has('All') || wanted.has(name))
      return { Attributes: Object.fromEntries(shown) }
    }),
  ],
  [
    'SetQueueAttributes',
    operation(onQueue.extend({ Attributes: stringMap }), (directory, request) => {
      directory.setAttributes(directory.queueAt(request.QueueUrl), request.Attributes)
      return {}
    }),
  ],
  [
    'DeleteQueue',
    operation(onQueue, (directory, { QueueUrl }) => {
      directory.deleteQueue(directory.queueAt(QueueUrl))
      return {}
    }),
  ],
  [
    'PurgeQueue',
    operation(onQueue, (directory, { QueueUrl }) => {
      directory.queueAt(QueueUrl).purge()
      return {}
    }),
  ],
  [
    'SendMessage',
    operation(onQueue.extend(newMessage.shape), (directory, request) =>
      send(directory.queueAt(request.QueueUrl), request),
    ),
  ],
  [
    'SendMessageBatch',
    operation(
      onQueue.extend({ Entries: z.array(withId.extend(newMessage.shape)).default([]) }),
      (directory, { QueueUrl, Entries }) => {
        const queue = directory.queueAt(QueueUrl)
        checkEntries(Entries)
        const totalBytes = Entries.reduce(
          (sum, entry) => sum + messageSizeBytes(entry.MessageBody ?? '', entry.MessageAttributes ?? {}),
          0,
        )
        if (totalBytes > BATCH_LIMIT_BYTES) {
          throw new SqsError(
            'BatchRequestTooLong',
            `Batch requests cannot be longer than ${BATCH_LIMIT_BYTES} bytes. You have sent ${totalBytes} bytes.`,
          )
        }
        return eachEntry(Entries, (entry) => send(queue, entry))
      },
    ),
  ],
  [
    'ReceiveMessage',
    operation(
      onQueue.extend({
        MaxNumberOfMessages: z.number().default(1),
        WaitTimeSeconds: z.number().optional(),
        VisibilityTimeout: z.number().optional(),
        MessageSystemAttributeNames: z.array(z.string()).default([]),
        AttributeNames: z.array(z.string()).default([]),
        MessageAttributeNames: z.array(z.string()).default([]),
      }),
      async (directory, request) => {
        const queue = directory.queueAt(request.QueueUrl)
        checkRange('MaxNumberOfMessages', request.MaxNumberOfMessages, 1, 10)
        checkRange('WaitTimeSeconds', request.WaitTimeSeconds, 0, 20)
        checkRange('VisibilityTimeout', request.VisibilityTimeout, 0, VISIBILITY_LIMIT_SECONDS)
        const waitSeconds = request.WaitTimeSeconds ?? queue.settings.receiveWaitSeconds
        // Only short polling is told; a long poll waits for room.
        if (waitSeconds === 0 && queue.full) {
          throw new SqsError('OverLimit', 'The maximum number of in flight messages is reached.')
        }
        const take = () =>
          queue.receive({
            limit: request.MaxNumberOfMessages,
            visibilityTimeoutSeconds: request.VisibilityTimeout,
          })
        const received = await directory.receiveWithin(waitSeconds, take, queue)
        const systemNames = new Set([...request.MessageSystemAttributeNames, ...request.AttributeNames])
        const Messages = received.map((each) =>
          describeReceived(each, systemNames, request.MessageAttributeNames),
        )
        return Messages.length > 0 ? { Messages } : {}
      },
    ),
  ],
  [
    'DeleteMessage',
    operation(onQueue.extend({ ReceiptHandle: z.string() }), (directory, { QueueUrl, ReceiptHandle }) => {
      directory.queueAt(QueueUrl).delete(ReceiptHandle)
      return {}
    }),
  ],
  [
    'DeleteMessageBatch',
    operation(
      onQueue.extend({ Entries: z.array(withId.extend({ ReceiptHandle: z.string() })).default([]) }),
      (directory, { QueueUrl, Entries }) => {
        const queue = directory.queueAt(QueueUrl)
        checkEntries(Entries)
        return eachEntry(Entries, (entry) => {
          queue.delete(entry.ReceiptHandle)
          return {}
        })
      },
    ),
  ],
  [
    'ChangeMessageVisibility',
    operation(onQueue.extend(visibilityChange.shape), (directory, request) =>
      changeVisibility(directory.queueAt(request.QueueUrl), request),
    ),
  ],
  [
    'ChangeMessageVisibilityBatch',
    operation(
      onQueue.extend({ Entries: z.array(withId.extend(visibilityChange.shape)).default([]) }),
      (directory, { QueueUrl, Entries }) => {
        const queue = directory.queueAt(QueueUrl)
        checkEntries(Entries)
        return eachEntry(Entries, (entry) => changeVisibility(queue, entry))
      },
    ),
  ],
])

const BATCH_LIMIT_BYTES = 1_048_576
const VISIBILITY_LIMIT_SECONDS = 43_200

function send(queue: Queue, request: z.infer<typeof newMessage>) {
  const body = request.MessageBody ?? ''
  const attributes = request.MessageAttributes ?? {}
  checkBody(body)
  checkAttributes(attributes)
  checkRange('DelaySeconds', request.DelaySeconds, 0, 900)
  const limitBytes = queue.settings.maximumMessageSizeBytes
  if (messageSizeBytes(body, attributes) > limitBytes) {
    throw new SqsError(
      'InvalidParameterValue',
      `One or more parameters are invalid. Reason: Message must be shorter than ${limitBytes} bytes.`,
    )
  }
  const message = queue.send({
    body,
    attributes,
    traceHeader: request.MessageSystemAttributes?.AWSTraceHeader?.StringValue,
    delaySeconds: request.DelaySeconds,
  })
  return {
    MessageId: message.id,
    MD5OfMessageBody: message.md5OfBody,
    MD5OfMessageAttributes: message.md5OfAttributes,
  }
}

function changeVisibility(queue: Queue, request: z.infer<typeof visibilityChange>) {
  if (request.VisibilityTimeout === undefined) {
    throw new SqsError('MissingParameter', 'The request must contain the parameter VisibilityTimeout.')
  }
  checkRange('VisibilityTimeout', request.VisibilityTimeout, 0, VISIBILITY_LIMIT_SECONDS)
  queue.changeVisibility(request.ReceiptHandle, request.VisibilityTimeout)
  return {}
}

function checkRange(parameter: string, value: number | undefined, min: number, max: number): void {
  if (value === undefined || (Number.isInteger(value) && value >= min && value <= max)) return
  throw new SqsError(
    'InvalidParameterValue',
    `Value ${value} for parameter ${parameter} is invalid. Reason: Must be between ${min} and ${max}, if provided.`,
  )
}

function checkEntries(entries: readonly { Id: string }[]): void {
  if (entries.length === 0) {
    throw new SqsError('EmptyBatchRequest', 'There should be at least one entry in the request.')
  }
  if (entries.length > 10) {
    throw new SqsError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are 10. You have sent ${entries.length}.`,
    )
  }
  const seen = new Set<string>()
  for (const { Id } of entries) {
    if (!/^[A-Za-z0-9_-]{1,80}$/.test(Id)) {
      throw new SqsError(
        'InvalidBatchEntryId',
        'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
      )
    }
    if (seen.has(Id)) throw new SqsError('BatchEntryIdsNotDistinct', `Id ${Id} repeated.`)
    seen.add(Id)
  }
}

/** One entry's refusal is its own: the others go through and the call succeeds. */
function eachEntry<Entry extends { Id: string }>(entries: readonly Entry[], act: (entry: Entry) => object) {
  const Successful: object[] = []
  const Failed: object[] = []
  for (const entry of entries) {
    try {
      Successful.push({ Id: entry.Id, ...act(entry) })
    } catch (error) {
      if (!(error instanceof SqsError)) throw error
      Failed.push({ Id: entry.Id, SenderFault: true, Code: error.queryCode, Message: error.message })
    }
  }
  return { Successful, Failed }
}

const READABLE_ATTRIBUTES = new Set([
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesDelayed',
  'ApproximateNumberOfMessagesNotVisible',
  'CreatedTimestamp',
  'DelaySeconds',
  'KmsDataKeyReusePeriodSeconds',
  'KmsMasterKeyId',
  'LastModifiedTimestamp',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'Policy',
  'QueueArn',
  'ReceiveMessageWaitTimeSeconds',
  'RedriveAllowPolicy',
  'RedrivePolicy',
  'SqsManagedSseEnabled',
  'VisibilityTimeout',
])

function describeQueue(queue: Queue): Record<string, string> {
  const counts = queue.counts()
  const createdSeconds = String(Math.floor(queue.createdMs / 1_000))
  return {
    ...describeQueueSettings(queue.settings),
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(counts.visible),
    ApproximateNumberOfMessagesNotVisible: String(counts.inFlight),
    ApproximateNumberOfMessagesDelayed: String(counts.delayed),
    CreatedTimestamp: createdSeconds,
    LastModifiedTimestamp: createdSeconds,
  }
}

function describeReceived(
  received: ReceivedMessage,
  systemNames: Set<string>,
  attributeNames: readonly string[],
) {
  const { message, receiptHandle } = received
  const system = Object.entries(describeSystemAttributes(message)).filter(
    ([name]) => systemNames.has('All') || systemNames.has(name),
  )
  const attributes: MessageAttributes = Object.fromEntries(
    Object.entries(message.attributes).filter(([name]) => isWanted(name, attributeNames)),
  )
  return {
    MessageId: message.id,
    ReceiptHandle: receiptHandle,
    Body: message.body,
    MD5OfBody: message.md5OfBody,
    Attributes: system.length > 0 ? Object.fromEntries(system) : undefined,
    MessageAttributes: Object.keys(attributes).length > 0 ? attributes : undefined,
    // Of what is answered, not of what was sent: that is what a client can check.
    MD5OfMessageAttributes: md5OfAttributes(attributes),
  }
}

/** `All`, `.*`, a name, or a prefix as `bar.*`. */
const isWanted = (name: string, wanted: readonly string[]): boolean =>
  wanted.some(
    (each) => each === 'All' || each === name || (each.endsWith('.*') && name.startsWith(each.slice(0, -2))),
  )
