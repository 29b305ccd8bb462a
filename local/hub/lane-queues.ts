// The queues of each lane, with the settings that the CDK app gives them.
import type { Manifest } from '../../shared/connector/contract.ts'
import type { Queue } from '../aws/sqs-queue.ts'

interface QueueMaker {
  createQueue(name: string, attributes: Record<string, string>): Queue
  queueUrl(queue: Queue): string
}

/** A queue and its dead-letter queue for each lane. @returns queue URLs by connector. */
export function createLaneQueues(sqs: QueueMaker, manifests: readonly Manifest[]): Record<string, string> {
  return Object.fromEntries(
    manifests.map(({ name, queue }) => {
      const dead = sqs.createQueue(`${name}-dead`, {
        MessageRetentionPeriod: '1209600',
        MaximumMessageSize: '1048576',
      })
      const lane = sqs.createQueue(name, {
        MessageRetentionPeriod: '1209600',
        MaximumMessageSize: '1048576',
        VisibilityTimeout: String(360 + queue.batchWindowSeconds),
        RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 1000 }),
      })
      return [name, sqs.queueUrl(lane)]
    }),
  )
}
