// The attributes that SQS itself gives a message, under the names both ReceiveMessage and a Lambda event use.
import type { QueueMessage } from './sqs-queue.ts'

/** AWS names the sender's IAM identity; there is none here. */
const SENDER_ID = 'local'

export interface SystemAttributes {
  SenderId: string
  SentTimestamp: string
  ApproximateReceiveCount: string
  ApproximateFirstReceiveTimestamp: string
  AWSTraceHeader?: string
  DeadLetterQueueSourceArn?: string
}

/** Times are milliseconds since the epoch, in decimal. */
export function describeSystemAttributes(message: QueueMessage): SystemAttributes {
  const attributes: SystemAttributes = {
    SenderId: SENDER_ID,
    SentTimestamp: String(message.sentMs),
    ApproximateReceiveCount: String(message.receiveCount),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedMs ?? message.sentMs),
  }
  if (message.traceHeader !== undefined) attributes.AWSTraceHeader = message.traceHeader
  if (message.deadLetterSourceArn !== undefined)
    attributes.DeadLetterQueueSourceArn = message.deadLetterSourceArn
  return attributes
}
