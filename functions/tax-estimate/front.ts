// The front door of POST /tax/estimate: who may ask, whether it can be understood, and an honest answer. Host-free; what
// went wrong is said with who mends it, and nothing that the caller may not know.
import { type Clock, nowSeconds } from '../../shared/clock.ts'
import { type HubError, isHubError } from '../../shared/errors.ts'
import type { Log } from '../../shared/log.ts'
import { type Callers, refusalOf } from './authorize.ts'
import type { TaxEstimate } from './estimate.ts'
import { type EstimateRequest, readRequest } from './request.ts'

export interface EstimateCall {
  body: Buffer
  authorization: string | undefined
  signature: string | undefined
}

interface Failure {
  error: { code: string; message: string; hint: string }
}

export interface EstimateAnswer {
  status: 200 | 400 | 401 | 413 | 422 | 502 | 503
  body: TaxEstimate | Failure
  retryAfterSeconds?: number
}

export interface FrontOptions {
  estimate: (request: EstimateRequest) => Promise<TaxEstimate>
  callers: () => Promise<Callers>
  clock: Clock
  log: Log
}

const MAX_BODY_BYTES = 256 * 1024
/** The buyer is waiting at a checkout. */
const RETRY_AFTER_SECONDS = 5

export function createEstimateFront({ estimate, callers, clock, log }: FrontOptions) {
  return async (call: EstimateCall): Promise<EstimateAnswer> => {
    const startedMs = clock.now()
    const answer = await answerTo(call)
    const code = 'error' in answer.body ? answer.body.error.code : undefined
    log({ line: 'tax-estimate', status: answer.status, ...(code && { code }), ms: clock.now() - startedMs })
    return answer
  }

  async function answerTo(call: EstimateCall): Promise<EstimateAnswer> {
    if (call.body.byteLength > MAX_BODY_BYTES) {
      return fail(
        413,
        'TAX-REQUEST',
        'The body is over 256 KB. Nothing was estimated.',
        'The caller: ask about at most 100 lines.',
      )
    }
    const refusal = refusalOf(call, await callers(), nowSeconds(clock))
    if (refusal !== undefined) {
      return fail(
        401,
        'TAX-KEY',
        `${refusal} Nothing was estimated.`,
        'The caller: use a key or a signing secret from the secret tax-estimate of this stage.',
      )
    }
    const read = readRequest(call.body.toString('utf8'))
    if (!('request' in read)) {
      return fail(
        400,
        'TAX-REQUEST',
        `Field ${read.field}: ${read.problem}. Nothing was estimated.`,
        `The caller: correct field ${read.field} of the request.`,
      )
    }
    try {
      return { status: 200, body: await estimate(read.request) }
    } catch (error) {
      if (!isHubError(error)) throw error
      return answerFor(error)
    }
  }
}

function answerFor(error: HubError): EstimateAnswer {
  if (error.kind === 'permanent') {
    return fail(422, error.code, error.message, error.hint ?? 'Engineering: look at the log of tax-estimate.')
  }
  if (error.kind === 'credential') {
    return fail(
      502,
      error.code,
      'The hub is refused by a vendor. Nothing was estimated.',
      error.hint ?? 'Operator: run hub doctor.',
    )
  }
  return {
    ...fail(
      503,
      error.code,
      'AvaTax or Stripe did not answer in time. Nothing was estimated.',
      'The caller: ask again in a few seconds. Sold without these rates, the first invoice is finalized untaxed.',
    ),
    retryAfterSeconds: error.retryAfterSeconds ?? RETRY_AFTER_SECONDS,
  }
}

const fail = (
  status: EstimateAnswer['status'],
  code: string,
  message: string,
  hint: string,
): EstimateAnswer => ({ status, body: { error: { code, message, hint } } })
