// The shapes between SQS and Lambda: messages as the records of an event, and the answer of a function as the messages
// that failed. When to receive, invoke and delete is event-source.ts's.
// https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
import type { SQSMessageAttributes, SQSRecord } from 'aws-lambda'
import * as z from 'zod'
import { REGION } from './account.ts'
import type { MessageAttributes } from './sqs-message.ts'
import type { ReceivedMessage } from './sqs-queue.ts'
import { describeSystemAttributes } from './sqs-system-attributes.ts'

export function sqsRecord({ message, receiptHandle }: ReceivedMessage, queueArn: string): SQSRecord {
  const record: SQSRecord = {
    messageId: message.id,
    receiptHandle,
    body: message.body,
    attributes: { ...describeSystemAttributes(message) },
    messageAttributes: recordAttributes(message.attributes),
    md5OfBody: message.md5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: REGION,
  }
  if (message.md5OfAttributes !== undefined) record.md5OfMessageAttributes = message.md5OfAttributes
  return record
}

function recordAttributes(attributes: MessageAttributes): SQSMessageAttributes {
  const shaped: SQSMessageAttributes = {}
  for (const [name, { DataType, StringValue, BinaryValue }] of Object.entries(attributes)) {
    shaped[name] = {
      stringValue: StringValue,
      binaryValue: BinaryValue,
      stringListValues: [],
      binaryListValues: [],
      dataType: DataType,
    }
  }
  return shaped
}

const answerSchema = z
  .object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string().min(1) })).nullish() })
  .nullish()

/**
 * The ids that a function reports as failed; undefined when the whole batch counts as failed: the answer has another
 * shape, or names a message that is not in the batch.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
 */
export function failedMessageIds(answer: unknown, batchIds: ReadonlySet<string>): Set<string> | undefined {
  const parsed = answerSchema.safeParse(answer)
  if (!parsed.success) return undefined
  const failed = new Set(parsed.data?.batchItemFailures?.map((failure) => failure.itemIdentifier))
  return [...failed].every((id) => batchIds.has(id)) ? failed : undefined
}
