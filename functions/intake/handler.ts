// The second way in: Stripe's events that EventBridge laid into a queue. AWS has authenticated them (only Stripe can put
// events on its partner source), so there is no signature; account, mode and duplicates are looked at by the same core
// as a webhook's. What fails stays in the queue.
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda'
import { type Clock, nowSeconds } from '../../shared/clock.ts'
import type { Accept } from '../../shared/intake/accept.ts'
import type { Log, LogLine } from '../../shared/log.ts'
import { type MetricName, withMetrics } from '../../shared/metrics.ts'

export interface IntakeOptions {
  accept: Accept
  clock: Clock
  log: Log
}

/** Counted as at the front door, so that one alarm watches both. */
const COUNTED = {
  accepted: 'Accepted',
  duplicate: 'Duplicates',
  rejected: 'Rejected',
  failed: 'Failed',
} as const satisfies Record<string, MetricName>

export function createIntakeHandler({ accept, clock, log }: IntakeOptions) {
  const line = (outcome: keyof typeof COUNTED, fields: LogLine) =>
    log({
      line: 'event',
      way: 'eventbridge',
      outcome,
      ...fields,
      ...withMetrics(clock, { [COUNTED[outcome]]: 1 }),
    })
  const takeIn = async (body: string) => {
    const accepted = await accept(body)
    if (accepted.outcome === 'rejected') {
      line('rejected', { id: accepted.id, reason: accepted.reason })
      return
    }
    const { event, connectors, outcome } = accepted
    line(outcome, {
      id: event.id,
      type: event.type,
      object: event.object?.id,
      customer: event.customer,
      lagSeconds: nowSeconds(clock) - event.createdSeconds,
      connectors,
    })
  }
  return async ({ Records }: SQSEvent): Promise<SQSBatchResponse> => {
    const failed = await Promise.all(
      Records.map(async ({ body, messageId }) => {
        try {
          await takeIn(body)
          return []
        } catch (error) {
          line('failed', {
            reason: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
          })
          return [{ itemIdentifier: messageId }]
        }
      }),
    )
    return { batchItemFailures: failed.flat() }
  }
}
