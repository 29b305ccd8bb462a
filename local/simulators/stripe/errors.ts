// Refusals in Stripe's own shape: https://docs.stripe.com/api/errors. `beforeExecution` marks the ones that Stripe
// does not remember under an idempotency key (https://docs.stripe.com/api/idempotent_requests): the request never
// began to execute.

export interface StripeErrorBody {
  type: string
  code?: string
  param?: string
  message: string
  doc_url?: string
  decline_code?: string
  charge?: string
  payment_intent?: unknown
}

export class Refusal extends Error {
  readonly status: number
  readonly body: StripeErrorBody
  readonly beforeExecution: boolean

  constructor(status: number, body: StripeErrorBody, beforeExecution = false) {
    super(body.message)
    this.name = 'Refusal'
    this.status = status
    this.body = body.code
      ? { ...body, doc_url: `https://stripe.com/docs/error-codes/${body.code.replaceAll('_', '-')}` }
      : body
    this.beforeExecution = beforeExecution
  }
}

export const invalidRequest = (message: string, options: { code?: string; param?: string } = {}): Refusal =>
  new Refusal(400, { type: 'invalid_request_error', message, ...options })

/** A parameter that is refused before anything is done. */
export const invalidParameter = (
  message: string,
  code: string | undefined,
  param: string | undefined,
): Refusal =>
  new Refusal(
    400,
    { type: 'invalid_request_error', message, ...(code ? { code } : {}), ...(param ? { param } : {}) },
    true,
  )

/** https://docs.stripe.com/error-codes#resource-missing: 404 for the object in the path, 400 for one in a parameter. */
export const missingInPath = (kind: string, id: string): Refusal =>
  new Refusal(404, {
    type: 'invalid_request_error',
    code: 'resource_missing',
    param: kind === 'subscription_exposed_id' ? 'subscription_exposed_id' : 'id',
    message: `No such ${kind.replaceAll('_', ' ')}: '${id}'`,
  })

export const missingInParameter = (kind: string, id: string, param: string): Refusal =>
  new Refusal(400, {
    type: 'invalid_request_error',
    code: 'resource_missing',
    param,
    message: `No such ${kind.replaceAll('_', ' ')}: '${id}'`,
  })

export const unauthorized = (message: string): Refusal =>
  new Refusal(401, { type: 'invalid_request_error', message }, true)

/**
 * 429. Stripe documents the code `rate_limit` and no type of its own for it; `invalid_request_error` is the reading
 * taken here. The SDKs decide on the status alone. https://docs.stripe.com/rate-limits
 */
export const rateLimited = (): Refusal =>
  new Refusal(
    429,
    {
      type: 'invalid_request_error',
      code: 'rate_limit',
      message:
        'Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits.',
    },
    true,
  )

export const apiError = (status = 500): Refusal =>
  new Refusal(status, {
    type: 'api_error',
    message:
      'An unknown error occurred. Please retry your request or contact support if the problem persists.',
  })

export const idempotencyError = (key: string): Refusal =>
  new Refusal(
    400,
    {
      type: 'idempotency_error',
      message: `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
    },
    true,
  )
