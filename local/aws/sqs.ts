// Standard-queue SQS over HTTP, in the AWS JSON 1.0 protocol of @aws-sdk/client-sqs, for a laptop and for tests.
//
// It is our own because every timeout, delay and retention must follow an injected clock, which the published emulators
// do not take; and because the order of delivery must be random when asked, by a seed, as a standard queue promises no
// order. Nothing is kept on disk. FIFO queues, tags, permissions and move tasks are refused.
import type { IncomingMessage, ServerResponse } from 'node:http'
import * as z from 'zod'
import type { Clock } from '../../shared/clock.ts'
import { ACCOUNT_ID } from './account.ts'
import { listenOnLoopback, readBody, sendJson } from './loopback-server.ts'
import { createQueueDirectory } from './sqs-directory.ts'
import { SqsError } from './sqs-error.ts'
import { type QueueDirectory, sqsOperations } from './sqs-operations.ts'
import type { Queue } from './sqs-queue.ts'

export interface SqsOptions {
  clock: Clock
  /** Draws the order of delivery; absent: the longest visible message first. */
  random?: () => number
}

export interface EmbeddedSqs {
  endpoint: string
  createQueue(name: string, attributes?: Record<string, string>): Queue
  /** By name, URL or ARN; undefined when there is none. */
  queue(nameUrlOrArn: string): Queue | undefined
  queues(): Queue[]
  queueUrl(queue: Queue): string
  /** After a manual clock was moved: whoever waits for a message looks again at once. */
  wake(): void
  close(): Promise<void>
}

/** How often a long poll looks again unasked, in real time: only a clock that moves without `wake` needs it. */
const LOOK_AGAIN_MS = 20

export async function startSqs(options: SqsOptions): Promise<EmbeddedSqs> {
  let closed = false
  const queues = createQueueDirectory({
    ...options,
    urlOf: (queue) => `${server.endpoint}/${ACCOUNT_ID}/${queue.name}`,
  })

  const directoryFor = (gone: () => boolean): QueueDirectory => ({
    ...queues,
    receiveWithin: async (waitSeconds, take, queue) => {
      // Ends with whichever clock runs out first: a manual clock may stand still for ever.
      const untilMs = options.clock.now() + waitSeconds * 1_000
      const untilRealMs = performance.now() + waitSeconds * 1_000
      for (;;) {
        // What a caller who has gone would take could be seen by nobody until its visibility runs out.
        if (gone()) return []
        const received = take()
        if (received.length > 0) return received
        if (options.clock.now() >= untilMs || performance.now() >= untilRealMs) return []
        await changeOr(queue, LOOK_AGAIN_MS)
      }
    },
  })

  const server = await listenOnLoopback((request, response) =>
    answer(
      request,
      response,
      directoryFor(() => closed || response.destroyed),
    ),
  )
  return {
    endpoint: server.endpoint,
    createQueue: (name, attributes = {}) => queues.createQueue(name, attributes),
    queue: queues.find,
    queues: queues.queues,
    queueUrl: queues.urlOf,
    wake: () => {
      for (const queue of queues.queues()) queue.wake()
    },
    close: () => {
      closed = true
      return server.close()
    },
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  directory: QueueDirectory,
): Promise<void> {
  const contentType = 'application/x-amz-json-1.0'
  const name = String(request.headers['x-amz-target']).replace(/^AmazonSQS\./, '')
  const run = sqsOperations.get(name)
  const body = await readBody(request)
  try {
    if (!run) throw new SqsError('UnsupportedOperation', `The embedded SQS does not offer ${name}.`)
    sendJson(response, 200, contentType, await run(directory, JSON.parse(body.toString())))
  } catch (error) {
    const refusal = error instanceof z.ZodError ? refuseShape(error) : error
    if (!(refusal instanceof SqsError)) throw error
    const type = { __type: `com.amazonaws.sqs#${refusal.code}`, message: refusal.message }
    sendJson(response, refusal.status, contentType, type, {
      'x-amzn-query-error': `${refusal.queryCode};Sender`,
    })
  }
}

const refuseShape = (error: z.ZodError): SqsError =>
  new SqsError('InvalidParameterValue', `The request is not well formed: ${z.prettifyError(error)}`)

/** Resolves when the queue has changed, or after `ms` of real time. */
function changeOr(queue: Queue, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      stopListening()
      resolve()
    }
    const timer = setTimeout(done, ms)
    const stopListening = queue.onChange(done)
  })
}
