// Stripe's webhook signature, checked on the raw body with node:crypto (the stripe package would add 36 ms to every
// cold start). Any of several secrets may match, so that a secret can be rolled without losing an event.
// https://docs.stripe.com/webhooks#verify-manually
import { createHmac, timingSafeEqual } from 'node:crypto'

export type SignatureProblem =
  | { code: 'SIG-MISSING' | 'SIG-MALFORMED' | 'SIG-WRONG'; message: string }
  | { code: 'SIG-STALE' | 'SIG-FUTURE'; message: string }

/** Stripe's own default. Applied to the future too: stripe-node accepts any future time, a replay's best friend. */
export const TOLERANCE_SECONDS = 300

/** A header holds one timestamp and, during a roll, a few signatures. More is somebody making us work. */
const MAX_SIGNATURES = 10
const MAX_HEADER_LENGTH = 2_000

/**
 * @param body the raw bytes as they came; one changed byte and no signature matches.
 * @returns undefined when the signature holds.
 */
export function checkSignature(
  body: Uint8Array,
  header: string | undefined,
  secrets: readonly string[],
  nowSeconds: number,
): SignatureProblem | undefined {
  if (!header) {
    return { code: 'SIG-MISSING', message: 'The request has no Stripe-Signature header. Nothing was stored.' }
  }
  const parsed = header.length <= MAX_HEADER_LENGTH ? parseHeader(header) : undefined
  if (!parsed) {
    return {
      code: 'SIG-MALFORMED',
      message: 'The Stripe-Signature header is not of the form t=…,v1=…. Nothing was stored.',
    }
  }
  if (!secrets.some((secret) => matches(body, parsed, secret))) {
    return {
      code: 'SIG-WRONG',
      message:
        'The signature matches none of the endpoint secrets. Nothing was stored. Check that the sender uses this endpoint’s secret and that nothing between rewrites the body.',
    }
  }
  // Only an authentic time is worth a precise answer.
  const ageSeconds = nowSeconds - parsed.timestampSeconds
  if (ageSeconds > TOLERANCE_SECONDS) {
    return {
      code: 'SIG-STALE',
      message: `Webhook refused: signed ${describeSeconds(ageSeconds)} ago, limit ${describeSeconds(TOLERANCE_SECONDS)}. Nothing was stored. Check the sender's clock.`,
    }
  }
  if (ageSeconds < -TOLERANCE_SECONDS) {
    return {
      code: 'SIG-FUTURE',
      message: `Webhook refused: signed ${describeSeconds(-ageSeconds)} in the future, limit ${describeSeconds(TOLERANCE_SECONDS)}. Nothing was stored. Check the sender's clock.`,
    }
  }
  return undefined
}

interface SignatureHeader {
  timestamp: string
  timestampSeconds: number
  signatures: Buffer[]
}

function parseHeader(header: string): SignatureHeader | undefined {
  let timestamp: string | undefined
  const signatures: Buffer[] = []
  for (const part of header.split(',')) {
    const equals = part.indexOf('=')
    const name = part.slice(0, equals).trim()
    const value = part.slice(equals + 1).trim()
    if (name === 't') {
      if (timestamp !== undefined || !/^\d{1,12}$/.test(value)) return undefined
      timestamp = value
    } else if (name === 'v1' && /^[0-9a-f]{64}$/.test(value)) {
      signatures.push(Buffer.from(value, 'hex'))
    }
  }
  if (timestamp === undefined || signatures.length === 0 || signatures.length > MAX_SIGNATURES)
    return undefined
  return { timestamp, timestampSeconds: Number(timestamp), signatures }
}

function matches(body: Uint8Array, { timestamp, signatures }: SignatureHeader, secret: string): boolean {
  const expected = createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest()
  return signatures.some((signature) => timingSafeEqual(signature, expected))
}

const describeSeconds = (seconds: number): string =>
  seconds < 120 ? `${seconds} s` : `${Math.floor(seconds / 60)} min`
