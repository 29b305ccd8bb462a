// The front door: one webhook request in, one honest answer out. Forged or stale → 400 before any I/O. Authentic but
// unusable → 2xx, kept and counted (Stripe would retry a 4xx for three days). Our own failure → 500, so that Stripe
// tries again. A 2xx means that the event is in every queue that wants it, and in the ledger.
import { type Clock, nowSeconds } from '../../shared/clock.ts'
import type { Accept } from '../../shared/intake/accept.ts'
import type { Log } from '../../shared/log.ts'
import { type MetricName, withMetrics } from '../../shared/metrics.ts'
import { checkSignature } from './signature.ts'

export interface WebhookRequest {
  /** The raw bytes, decoded if the gateway had encoded them. */
  body: Buffer
  signature: string | undefined
}

export interface WebhookAnswer {
  status: 200 | 400 | 413 | 500
  body: string
}

export interface IngestOptions {
  accept: Accept
  /** Every secret that is valid now. Cached by whoever provides it: a flood of forgeries must not reach the store. */
  secrets: () => Promise<readonly string[]>
  clock: Clock
  log: Log
}

/** Lambda itself takes no larger request: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MAX_BODY_BYTES = 6 * 1024 * 1024

/** What is counted as what: a body over the limit was refused like a forged one, before anything was looked at. */
const COUNTED = {
  accepted: 'Accepted',
  duplicate: 'Duplicates',
  rejected: 'Rejected',
  refused: 'Refused',
  'too-large': 'Refused',
  failed: 'Failed',
} as const satisfies Record<string, MetricName>

export function createIngest({ accept, secrets, clock, log }: IngestOptions) {
  return async (request: WebhookRequest): Promise<WebhookAnswer> => {
    const startedMs = clock.now()
    const line = (outcome: keyof typeof COUNTED, fields: Parameters<Log>[0] = {}) =>
      log({
        line: 'event',
        outcome,
        bytes: request.body.byteLength,
        ms: clock.now() - startedMs,
        ...fields,
        ...withMetrics(clock, { [COUNTED[outcome]]: 1 }),
      })

    if (request.body.byteLength > MAX_BODY_BYTES) {
      line('too-large')
      return { status: 413, body: 'The body is over 6 MB, more than the hub can take. Nothing was stored.' }
    }
    const problem = checkSignature(request.body, request.signature, await secrets(), nowSeconds(clock))
    if (problem) {
      line('refused', { code: problem.code })
      return { status: 400, body: `${problem.message} [${problem.code}]` }
    }
    try {
      const accepted = await accept(request.body.toString('utf8'))
      if (accepted.outcome === 'rejected') {
        line('rejected', { id: accepted.id, reason: accepted.reason })
        return { status: 200, body: `Recorded as rejected: ${accepted.reason}` }
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
      return { status: 200, body: outcome }
    } catch (error) {
      line('failed', { reason: error instanceof Error ? `${error.name}: ${error.message}` : String(error) })
      return {
        status: 500,
        body: 'The hub could not store the event. Stripe will send it again. [INGEST-STORE]',
      }
    }
  }
}
