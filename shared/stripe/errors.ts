// Translates what the stripe package throws into the hub's closed list. By HTTP status and Stripe's `type`, never
// by class: bundles can hold two copies of a class. https://docs.stripe.com/error-low-level
import { ambiguous, credential, type HubError, invariant, permanent, transient } from '../errors.ts'

interface StripeFailure {
  type?: string
  rawType?: string
  statusCode?: number
  code?: string
  param?: string
  message?: string
  requestId?: string
  headers?: Record<string, string>
}

/**
 * @param write whether the call could have changed something: a lost answer is then `ambiguous`, else `transient`.
 */
export function translateStripeError(error: unknown, what: string, write: boolean): HubError {
  if (!(error instanceof Error) || !('type' in error))
    return invariant(`${what}: ${String(error)}`, { cause: error })
  const failure = error as Error & StripeFailure
  const detail = [failure.statusCode, failure.code, failure.param, failure.message]
    .filter(Boolean)
    .join(' · ')
  const status = failure.statusCode
  if (status === undefined) {
    const make = write ? ambiguous : transient
    return make(`Stripe did not answer: ${what}.`, { code: 'STRIPE-NETWORK', detail, cause: error })
  }
  if (status === 429 || failure.code === 'lock_timeout') {
    const retryAfterSeconds = Number(failure.headers?.['retry-after'])
    return transient(`Stripe asks to slow down: ${what}.`, {
      code: 'STRIPE-BUSY',
      detail,
      cause: error,
      ...(Number.isFinite(retryAfterSeconds) && { retryAfterSeconds }),
    })
  }
  if (status === 401 || status === 403) {
    return credential(`Stripe refuses the API key: ${what}.`, {
      code: 'STRIPE-CRED',
      hint: 'Stripe admin: check the restricted key and its permissions, store the new key, then run hub doctor.',
      detail,
      cause: error,
    })
  }
  if (status === 409 || status >= 500) {
    // A 500 of Stripe may come after the effect: "treat the result as indeterminate".
    const make = write ? ambiguous : transient
    return make(`Stripe failed: ${what}.`, { code: 'STRIPE-5XX', detail, cause: error })
  }
  return permanent(`Stripe refuses: ${what}. ${failure.message ?? ''}`.trim(), {
    code: `STRIPE-${(failure.code ?? 'refused').toUpperCase().replaceAll('_', '-')}`,
    hint: failure.param
      ? `Field ${failure.param}. Look at the object in the Stripe dashboard, mend it there, then replay.`
      : 'Look at the object in the Stripe dashboard, mend it there, then replay.',
    detail,
    cause: error,
  })
}

export function isStripeNotFound(error: unknown): boolean {
  return error instanceof Error && (error as Error & StripeFailure).statusCode === 404
}
