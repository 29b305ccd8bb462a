// Sends to the connectors' queues and moves the visibility of what failed. The only code that speaks SQS.
import {
  ChangeMessageVisibilityBatchCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs'
import type { ObjectRef } from '../connector/contract.ts'
import { transient } from '../errors.ts'
import { encodeTouch, type TouchReason } from './message.ts'

export interface Touch {
  object: ObjectRef
  reason: TouchReason
}

/** SQS delays a message by 15 minutes at most. */
const MAX_DELAY_SECONDS = 900
const BATCH = 10

export interface Queues {
  /** Resolves once SQS has confirmed; throws when it has not, and the caller must not acknowledge. */
  send(connector: string, body: string): Promise<void>
  touch(connector: string, touches: readonly Touch[], delaySeconds?: number): Promise<void>
  /** Best effort: a message whose visibility cannot be set comes back by itself a little later. */
  comeBack(connector: string, messages: readonly { receiptHandle: string; seconds: number }[]): Promise<void>
}

/** @param urls queue URL by connector name. */
export function createQueues(sqs: SQSClient, urls: Readonly<Record<string, string>>): Queues {
  const urlOf = (connector: string): string => {
    const url = urls[connector]
    if (!url) throw transient(`There is no queue for the connector ${connector}.`, { code: 'QUEUE-UNKNOWN' })
    return url
  }
  return {
    async send(connector, body) {
      await sqs.send(new SendMessageCommand({ QueueUrl: urlOf(connector), MessageBody: body }))
    },
    async touch(connector, touches, delaySeconds = 0) {
      for (let from = 0; from < touches.length; from += BATCH) {
        const part = touches.slice(from, from + BATCH)
        const answer = await sqs.send(
          new SendMessageBatchCommand({
            QueueUrl: urlOf(connector),
            Entries: part.map((touch, index) => ({
              Id: String(index),
              MessageBody: encodeTouch(touch.object, touch.reason),
              DelaySeconds: Math.min(delaySeconds, MAX_DELAY_SECONDS),
            })),
          }),
        )
        const failed = answer.Failed?.[0]
        if (failed) {
          throw transient(`SQS did not take a touch for ${connector}: ${failed.Code ?? 'no reason given'}.`, {
            code: 'QUEUE-SEND',
          })
        }
      }
    },
    async comeBack(connector, messages) {
      for (let from = 0; from < messages.length; from += BATCH) {
        await sqs.send(
          new ChangeMessageVisibilityBatchCommand({
            QueueUrl: urlOf(connector),
            Entries: messages.slice(from, from + BATCH).map((message, index) => ({
              Id: String(index),
              ReceiptHandle: message.receiptHandle,
              VisibilityTimeout: message.seconds,
            })),
          }),
        )
      }
    },
  }
}
