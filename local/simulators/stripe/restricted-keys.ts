// Restricted keys: which calls a key may not make, and how Stripe says so. The wording is that of answers seen in public code
// (HTTP 403, type invalid_request_error); that it comes before anything is looked up is a reading.
// https://docs.stripe.com/keys/restricted-api-keys
import { Refusal } from './errors.ts'

export interface RestrictedKey {
  /** `GET /v1/payouts`: every call of this method below this path. */
  denied: readonly string[]
}

export function refuseDenied(
  keys: Readonly<Record<string, RestrictedKey>>,
  key: string,
  method: string,
  path: string,
  accountId: string,
): void {
  const denied = keys[key]?.denied.some((call) => {
    const [verb, prefix = ''] = call.split(' ')
    return verb === method && (path === prefix || path.startsWith(`${prefix}/`))
  })
  if (!denied) return
  throw new Refusal(
    403,
    {
      type: 'invalid_request_error',
      message: `The provided key '${key.slice(0, 8)}***${key.slice(-6)}' does not have the required permissions for this endpoint on account '${accountId}'.`,
    },
    true,
  )
}
