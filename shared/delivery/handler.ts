// A connector's Lambda: translates an SQS batch into the engine's terms and its answer back, and answers the
// breaker's probe. The same handler serves every connector.
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda'
import type { Clock } from '../clock.ts'
import type { Connector } from '../connector/contract.ts'
import type { Log } from '../log.ts'
import { decodeMessage, type SpillStore } from '../queue/message.ts'
import type { Queues } from '../queue/queues.ts'
import type { Delivery } from './delivery.ts'
import type { Comeback } from './report.ts'
import type { Received } from './task.ts'
import { asHubError } from './write.ts'

export interface ProbeRequest {
  probe: true
}

export interface ProbeAnswer {
  working: boolean
  reason?: string
}

export const isProbe = (event: unknown): event is ProbeRequest =>
  typeof event === 'object' && event !== null && 'probe' in event

export interface HandlerOptions {
  connector: Pick<Connector, 'manifest' | 'probe'>
  deliver: Delivery['deliver']
  queues: Queues
  spill: SpillStore
  clock: Clock
  log: Log
}

export function createConnectorHandler(options: HandlerOptions) {
  const { connector, deliver, clock } = options
  return async (
    event: SQSEvent | ProbeRequest,
    context: Context,
  ): Promise<SQSBatchResponse | ProbeAnswer> => {
    if (isProbe(event)) return answerProbe(connector)
    const { received, unreadable } = await readBatch(event, options)
    const comebacks = await deliver(received, clock.now() + context.getRemainingTimeInMillis())
    return answerBatch(event, [...unreadable, ...comebacks], options)
  }
}

export async function answerProbe(connector: Pick<Connector, 'probe'>): Promise<ProbeAnswer> {
  try {
    await connector.probe()
    return { working: true }
  } catch (error) {
    return { working: false, reason: asHubError(error).message }
  }
}

/** A message that cannot be decoded goes round until the dead-letter queue takes it: it is a defect, not an event. */
export async function readBatch(
  event: SQSEvent,
  { connector, spill, log }: Pick<HandlerOptions, 'connector' | 'spill' | 'log'>,
): Promise<{ received: Received[]; unreadable: Comeback[] }> {
  const received: Received[] = []
  const unreadable: Comeback[] = []
  await Promise.all(
    event.Records.map(async (record: SQSRecord) => {
      try {
        const message = await decodeMessage(record.body, spill)
        received.push({
          id: record.messageId,
          receiveCount: Number(record.attributes.ApproximateReceiveCount),
          message,
        })
      } catch (error) {
        log({
          line: 'undecodable',
          connector: connector.manifest.name,
          message: record.messageId,
          reason: String(error),
        })
        unreadable.push({ messageId: record.messageId, seconds: 60 })
      }
    }),
  )
  return { received, unreadable }
}

export async function answerBatch(
  event: SQSEvent,
  comebacks: readonly Comeback[],
  { connector, queues, log }: Pick<HandlerOptions, 'connector' | 'queues' | 'log'>,
): Promise<SQSBatchResponse> {
  const handles = new Map(event.Records.map((record) => [record.messageId, record.receiptHandle]))
  try {
    await queues.comeBack(
      connector.manifest.name,
      comebacks.map(({ messageId, seconds }) => ({ receiptHandle: handles.get(messageId) ?? '', seconds })),
    )
  } catch (error) {
    // Their visibility then runs out by itself, some minutes later; the work of this batch is done either way.
    log({ line: 'comeback-failed', connector: connector.manifest.name, reason: String(error) })
  }
  return { batchItemFailures: comebacks.map(({ messageId }) => ({ itemIdentifier: messageId })) }
}
