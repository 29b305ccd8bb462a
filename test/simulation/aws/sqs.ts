// SQS in memory: the queues and operations of the local hub behind the SDK's JSON protocol, without its server. Message
// ids come from the simulation, so that two runs of one seed name the same messages. A long poll does not wait here: whoever
// moves the clock looks again.
import * as z from 'zod'
import { ACCOUNT_ID, REGION } from '../../../local/aws/account.ts'
import { createQueueDirectory } from '../../../local/aws/sqs-directory.ts'
import { SqsError } from '../../../local/aws/sqs-error.ts'
import { type QueueDirectory, sqsOperations } from '../../../local/aws/sqs-operations.ts'
import type { Queue } from '../../../local/aws/sqs-queue.ts'
import type { Clock } from '../../../shared/clock.ts'
import { type AwsResponse, type AwsService, jsonOf, jsonResponse, targetOf } from './wire.ts'

export interface Sqs extends AwsService {
  createQueue(name: string, attributes?: Record<string, string>): Queue
  queueUrl(queue: Queue): string
  /** By name, URL or ARN. Throws for a queue that there is not. */
  queue(nameUrlOrArn: string): Queue
}

export interface SqsOptions {
  clock: Clock
  /** Draws the order of delivery. */
  random: () => number
  /** A message id never given before. */
  nextId: () => string
}

export function createSqs({ clock, random, nextId }: SqsOptions): Sqs {
  const queues = createQueueDirectory({
    clock,
    random,
    newId: nextId,
    urlOf: (queue) => `https://sqs.${REGION}.amazonaws.com/${ACCOUNT_ID}/${queue.name}`,
  })
  const directory: QueueDirectory = {
    ...queues,
    receiveWithin: async (_waitSeconds, take) => take(),
  }
  return {
    createQueue: (name, attributes = {}) => queues.createQueue(name, attributes),
    queueUrl: queues.urlOf,
    queue: queues.queueNamed,
    operationOf: targetOf,
    handle(request) {
      const name = targetOf(request)
      try {
        const run = sqsOperations.get(name)
        if (!run) throw new SqsError('UnsupportedOperation', `The SQS in memory does not offer ${name}.`)
        const answer = run(directory, jsonOf(request))
        return answer instanceof Promise ? answer.then(succeed, refuse) : succeed(answer)
      } catch (error) {
        return refuse(error)
      }
    },
  }
}

const succeed = (answer: unknown): AwsResponse => jsonResponse(200, JSON.stringify(answer))

function refuse(error: unknown): AwsResponse {
  const refusal =
    error instanceof z.ZodError
      ? new SqsError('InvalidParameterValue', `The request is not well formed: ${z.prettifyError(error)}`)
      : error
  if (!(refusal instanceof SqsError)) throw error
  return jsonResponse(
    refusal.status,
    JSON.stringify({ __type: `com.amazonaws.sqs#${refusal.code}`, message: refusal.message }),
    { 'x-amzn-query-error': `${refusal.queryCode};Sender` },
  )
}
