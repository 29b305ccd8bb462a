// One Lambda function and one invocation of it: its context and its timeout, by an injected clock. What an error means
// is for the caller to say: an event source keeps the batch, Invoke answers it.
// https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html
import { randomUUID } from 'node:crypto'
import type { Context } from 'aws-lambda'
import type { Clock } from '../../shared/clock.ts'
import { functionArn } from './account.ts'

export interface LambdaFunction<Event> {
  functionName: string
  handler: (event: Event, context: Context) => Promise<unknown>
  /** 1 to 900; after this long by the clock, the invocation has failed. */
  timeoutSeconds: number
}

/** How often the clock is read for a timeout, in real time: it may be one that jumps. */
const LOOK_AGAIN_MS = 20

/**
 * The answer of the handler; throws what it throws, or the timeout. Lambda would kill a handler that has timed out;
 * here it runs on and nobody hears it, so it can still do what the last request of a killed one can: arrive late.
 */
export async function invoke<Event>(
  invoked: LambdaFunction<Event>,
  event: Event,
  clock: Clock,
): Promise<unknown> {
  const deadlineMs = clock.now() + invoked.timeoutSeconds * 1_000
  const timeout = Promise.withResolvers<never>()
  const timer = setInterval(() => {
    if (clock.now() < deadlineMs) return
    timeout.reject(new Error(`Task timed out after ${invoked.timeoutSeconds} seconds`))
  }, LOOK_AGAIN_MS).unref()
  try {
    const run = async () => invoked.handler(event, contextOf(invoked.functionName, deadlineMs, clock))
    return await Promise.race([run(), timeout.promise])
  } finally {
    clearInterval(timer)
  }
}

function contextOf(functionName: string, deadlineMs: number, clock: Clock): Context {
  const refuse = () => {
    throw new Error('The callback style is gone from the runtime: return a promise.')
  }
  return {
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: functionArn(functionName),
    memoryLimitInMB: '512',
    awsRequestId: randomUUID(),
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: 'local',
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, deadlineMs - clock.now()),
    done: refuse,
    fail: refuse,
    succeed: refuse,
  }
}
