// What Lambda's event source mapping does between a queue and a function: gathers messages into a batch until it is
// full, its window is over or 6 MB are reached, invokes the function with it, and deletes what did not fail. What
// failed stays hidden until its visibility runs out; nothing here retries.
// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
//
// It takes messages from the embedded queue directly, as Lambda's many pollers do together: by the public API a batch
// of 1,000 would be 100 calls. All waiting is by the injected clock.
import type { SQSEvent, SQSRecord } from 'aws-lambda'
import type { Clock } from '../../shared/clock.ts'
import { invoke, type LambdaFunction } from './lambda-function.ts'
import { failedMessageIds, sqsRecord } from './sqs-event.ts'
import type { Queue, QueueMessage, ReceivedMessage } from './sqs-queue.ts'

/** The answer of the function is read with ReportBatchItemFailures switched on: nothing at all means that all is done. */
export interface EventSourceOptions extends LambdaFunction<SQSEvent> {
  queue: Queue
  clock: Clock
  /** 1 to 10,000; over 10 needs a window of at least one second. */
  batchSize: number
  /** 0 to 300 seconds, counted from the first message of a batch. */
  windowSeconds: number
  /** Batches at work at once, 2 to 1,000; absent: 1,000, the concurrency of a fresh AWS account. */
  maximumConcurrency?: number
  /** Absent: true. */
  enabled?: boolean
  /** Told of every batch when it is over; absent: failures are written to stderr. */
  onBatch?: (outcome: BatchOutcome) => void
}

export interface BatchOutcome {
  functionName: string
  messages: number
  /** How many of them stay in the queue. */
  failed: number
  /** Set when the batch failed as a whole. */
  error: Error | undefined
}

export type EventSourceState = 'Enabled' | 'Disabling' | 'Disabled'

export interface EventSource {
  readonly functionName: string
  readonly queue: Queue
  readonly enabled: boolean
  readonly state: EventSourceState
  readonly batchSize: number
  readonly windowSeconds: number
  readonly maximumConcurrency: number
  enable(): void
  /** No message is received any more; batches that have begun, one still gathering included, are worked to their end. */
  disable(): void
  /** No message is held: none is being worked and none waits in a batch for its window. */
  readonly idle: boolean
  /** Nothing more happens until the clock moves or a message is sent. */
  readonly quiet: boolean
  /** The next moment at which the clock alone makes something happen; undefined when there is none. */
  nextDueMs(): number | undefined
  /** Disables, and resolves when the last batch is over. */
  stop(): Promise<void>
}

/** Synchronous invocations carry 6 MB: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const PAYLOAD_LIMIT_BYTES = 6 * 1_024 * 1_024
/** `{"Records":[` and `]}`. */
const ENVELOPE_BYTES = 14
/** Longest real time between two looks at a clock that may jump. */
const LOOK_AGAIN_MS = 20

interface Batch {
  openedMs: number
  messages: ReceivedMessage[]
  records: SQSRecord[]
  bytes: number
}

/** Refuses, in AWS's words, what CreateEventSourceMapping refuses. */
export function startEventSource(options: EventSourceOptions): EventSource {
  checkOptions(options)
  const { queue, clock, batchSize, windowSeconds, onBatch = reportFailure } = options
  const maximumConcurrency = options.maximumConcurrency ?? 1_000
  let enabled = options.enabled ?? true
  let atWork = 0
  let gathering: Batch | undefined
  let timer: NodeJS.Timeout | undefined
  let soon: NodeJS.Immediate | undefined
  let stopped: (() => void) | undefined

  const windowEndMs = (batch: Batch) => batch.openedMs + windowSeconds * 1_000

  /** Moves visible messages into the gathering batch; true when it can take no more. */
  function gather(): boolean {
    let payloadFull = false
    const taken = gathering?.messages.length ?? 0
    let bytes = gathering?.bytes ?? ENVELOPE_BYTES
    const accept = (message: QueueMessage) => {
      const record = sqsRecord({ message, receiptHandle: RECEIPT_HANDLE_OF_USUAL_LENGTH }, queue.arn)
      const recordBytes = Buffer.byteLength(JSON.stringify(record)) + 1
      payloadFull = bytes > ENVELOPE_BYTES && bytes + recordBytes > PAYLOAD_LIMIT_BYTES
      if (!payloadFull) bytes += recordBytes
      return !payloadFull
    }
    const received = queue.receive({ limit: batchSize - taken, accept })
    if (received.length > 0) {
      gathering ??= { openedMs: clock.now(), messages: [], records: [], bytes }
      gathering.bytes = bytes
      for (const each of received) {
        gathering.messages.push(each)
        gathering.records.push(sqsRecord(each, queue.arn))
      }
    }
    return payloadFull || gathering?.messages.length === batchSize
  }

  function look(): void {
    clearTimeout(timer)
    clearImmediate(soon)
    soon = undefined
    while (atWork < maximumConcurrency) {
      const full = enabled && gather()
      if (!gathering || (enabled && !full && clock.now() < windowEndMs(gathering))) break
      const batch = gathering
      gathering = undefined
      void work(batch)
    }
    const dueMs = nextDueMs()
    if (dueMs !== undefined && atWork < maximumConcurrency) {
      timer = setTimeout(look, Math.min(Math.max(dueMs - clock.now(), 1), LOOK_AGAIN_MS))
    }
    if (!enabled && isIdle()) stopped?.()
  }

  function lookSoon(): void {
    soon ??= setImmediate(look)
  }

  async function work(batch: Batch): Promise<void> {
    atWork += 1
    const ids = new Set(batch.messages.map(({ message }) => message.id))
    let failed: Set<string> | undefined
    let error: Error | undefined
    try {
      const answer = await invoke(options, { Records: batch.records }, clock)
      failed = failedMessageIds(answer, ids)
      if (!failed)
        error = new Error(`Not a batch response for this batch: ${JSON.stringify(answer)?.slice(0, 200)}`)
    } catch (thrown) {
      error = thrown instanceof Error ? thrown : new Error(String(thrown))
    }
    for (const { message, receiptHandle } of batch.messages) {
      if (failed && !failed.has(message.id)) queue.delete(receiptHandle)
    }
    atWork -= 1
    onBatch({
      functionName: options.functionName,
      messages: ids.size,
      failed: failed?.size ?? ids.size,
      error,
    })
    lookSoon()
  }

  function nextDueMs(): number | undefined {
    const moments = [
      gathering ? windowEndMs(gathering) : undefined,
      enabled ? queue.nextVisibleMs() : undefined,
    ].filter((moment) => moment !== undefined)
    return moments.length > 0 ? Math.min(...moments) : undefined
  }

  const isIdle = () => atWork === 0 && !gathering
  const stopListening = queue.onChange(lookSoon)
  lookSoon()

  return {
    functionName: options.functionName,
    queue,
    batchSize,
    windowSeconds,
    maximumConcurrency,
    get enabled() {
      return enabled
    },
    get state() {
      if (enabled) return 'Enabled'
      return isIdle() ? 'Disabled' : 'Disabling'
    },
    enable: () => {
      enabled = true
      lookSoon()
    },
    disable: () => {
      enabled = false
      lookSoon()
    },
    get idle() {
      return isIdle()
    },
    get quiet() {
      if (atWork > 0 || soon !== undefined) return false
      if (enabled && queue.counts().visible > 0) return false
      const dueMs = nextDueMs()
      return dueMs === undefined || dueMs > clock.now()
    },
    nextDueMs,
    stop: async () => {
      enabled = false
      stopListening()
      await new Promise<void>((resolve) => {
        stopped = resolve
        look()
      })
      clearTimeout(timer)
      clearImmediate(soon)
    },
  }
}

/** Stands in while a message is weighed: its own handle exists only once it is received. */
const RECEIPT_HANDLE_OF_USUAL_LENGTH = 'x'.repeat(180)

function checkOptions(options: EventSourceOptions): void {
  const { batchSize, windowSeconds, maximumConcurrency, timeoutSeconds, queue } = options
  const refuse = (reason: string) => {
    throw new RangeError(`InvalidParameterValueException: ${reason} (${options.functionName})`)
  }
  const within = (value: number, min: number, max: number) =>
    Number.isInteger(value) && value >= min && value <= max
  if (!within(batchSize, 1, 10_000)) refuse(`Batch size ${batchSize} is not from 1 to 10000.`)
  if (!within(windowSeconds, 0, 300)) refuse(`Batching window ${windowSeconds} is not from 0 to 300 seconds.`)
  if (batchSize > 10 && windowSeconds < 1) {
    refuse('Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10.')
  }
  if (maximumConcurrency !== undefined && !within(maximumConcurrency, 2, 1_000)) {
    refuse(`Maximum concurrency ${maximumConcurrency} is not from 2 to 1000.`)
  }
  if (!within(timeoutSeconds, 1, 900)) refuse(`Timeout ${timeoutSeconds} is not from 1 to 900 seconds.`)
  if (queue.settings.visibilityTimeoutSeconds < timeoutSeconds) {
    refuse(
      `Queue visibility timeout: ${queue.settings.visibilityTimeoutSeconds} seconds is less than Function timeout: ${timeoutSeconds} seconds.`,
    )
  }
}

function reportFailure(outcome: BatchOutcome): void {
  if (outcome.error)
    console.error(`${outcome.functionName}: a batch of ${outcome.messages} failed.`, outcome.error)
}
