// How the org words what it answers when it does not do what is asked: refusals of its rules, of its limits, and faults
// that a test asks for.
import type { Context } from 'hono'
import type { Fault } from '../simulator.ts'
import type { ApiResponse } from './api-request.ts'
import { RecordRefused, RequestRefused, statusOf } from './errors.ts'

export const unknownVersion: ApiResponse = {
  status: 404,
  body: [{ errorCode: 'NOT_FOUND', message: 'The requested resource does not exist' }],
}

export const wordRefusals = (work: () => ApiResponse): ApiResponse => {
  try {
    return work()
  } catch (error) {
    if (error instanceof RequestRefused) {
      return { status: error.status, body: [{ message: error.message, errorCode: error.errorCode }] }
    }
    if (error instanceof RecordRefused) {
      const { statusCode: errorCode, message, fields } = error
      return { status: statusOf(error), body: [{ message, errorCode, fields }] }
    }
    throw error
  }
}

const refusal = (
  context: Context,
  status: 401 | 403 | 500 | 503,
  errorCode: string,
  message: string,
): Response => context.json([{ message, errorCode }], status)

export const invalidSession = (context: Context): Response =>
  refusal(context, 401, 'INVALID_SESSION_ID', 'Session expired or invalid')

export const limitExceeded = (context: Context, limit: string): Response =>
  refusal(context, 403, 'REQUEST_LIMIT_EXCEEDED', `${limit} Limit exceeded.`)

/** Salesforce has no 429 here: too many calls at once are a 403 too. */
export const wordFault = (fault: Fault, context: Context): Response => {
  if (fault.retryAfterSeconds !== undefined) context.header('Retry-After', String(fault.retryAfterSeconds))
  if (context.req.path === '/services/oauth2/token' && fault.effect === 'expired_credential') {
    return context.json({ error: 'invalid_client', error_description: 'invalid client credentials' }, 400)
  }
  switch (fault.effect) {
    case 'expired_credential':
      return invalidSession(context)
    case 'rate_limited':
      return limitExceeded(context, 'ConcurrentRequests (Concurrent API Requests)')
    case 'unavailable':
      return refusal(context, 503, 'SERVER_UNAVAILABLE', 'The server is too busy to handle this request.')
    default:
      return refusal(
        context,
        500,
        'UNKNOWN_EXCEPTION',
        'An unexpected error occurred. Please include this ErrorId if you contact support',
      )
  }
}
