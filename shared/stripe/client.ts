// The one place that says which Stripe API version the hub speaks and how its client is set up.
import Stripe from 'stripe'

/** The version stripe 23.1.0 is typed for. The webhook endpoint is created at this version too. */
export const STRIPE_API_VERSION = '2026-10-28.endive'

export interface StripeAddress {
  apiKey: string
  /** Absent: Stripe itself. Given: `http://127.0.0.1:4242`, a simulator. */
  baseUrl?: string
}

export interface StripeClientOptions extends StripeAddress {
  /** Absent: Node's own sockets. */
  httpClient?: Stripe.HttpClient
}

/** Stripe keeps answering up to 80 s by default; a Lambda of 60 s must know the outcome sooner. */
const TIMEOUT_MS = 20_000

/**
 * SDK retries are off: the delivery engine alone decides when a call is repeated, and says so in the ledger.
 */
export function createStripeClient({ apiKey, baseUrl, httpClient }: StripeClientOptions): Stripe {
  const address = baseUrl ? new URL(baseUrl) : undefined
  return new Stripe(apiKey, {
    apiVersion: STRIPE_API_VERSION,
    maxNetworkRetries: 0,
    timeout: TIMEOUT_MS,
    telemetry: false,
    appInfo: { name: 'Switchyard' },
    ...(httpClient && { httpClient }),
    ...(address && {
      host: address.hostname,
      port: Number(address.port),
      protocol: address.protocol === 'https:' ? 'https' : 'http',
    }),
  })
}

/** @param secret the secret `stripe`: {"apiKey": "rk_live_…"}, and "baseUrl" for a simulator. */
export function stripeAddress(secret: unknown): StripeAddress {
  if (
    typeof secret === 'object' &&
    secret !== null &&
    'apiKey' in secret &&
    typeof secret.apiKey === 'string'
  ) {
    const baseUrl = 'baseUrl' in secret && typeof secret.baseUrl === 'string' ? secret.baseUrl : undefined
    return { apiKey: secret.apiKey, ...(baseUrl && { baseUrl }) }
  }
  throw new Error('The secret "stripe" must hold {"apiKey": "rk_…"}. Store it, then try again.')
}
