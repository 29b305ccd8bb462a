// Who may ask: whoever holds one of the API keys, or signs the body with one of the signing secrets as Stripe signs its
// webhooks (t=…,v1=…; five minutes). Several of each may be valid, so that one can be rolled.
import { createHash, timingSafeEqual } from 'node:crypto'
import * as z from 'zod'
import { checkSignature } from '../ingest/signature.ts'

/** The secret `tax-estimate`: {"apiKeys": ["…"], "signingSecrets": ["…"]}; one of the two lists may be left out. */
export const callersSchema = z
  .strictObject({
    apiKeys: z.array(z.string().min(24, 'at least 24 characters')).default([]),
    signingSecrets: z.array(z.string().min(24, 'at least 24 characters')).default([]),
  })
  .refine(({ apiKeys, signingSecrets }) => apiKeys.length + signingSecrets.length > 0, 'it holds no key')
export type Callers = z.output<typeof callersSchema>

export interface Credentials {
  body: Uint8Array
  authorization: string | undefined
  signature: string | undefined
}

/** @returns undefined when the caller is known; else why not, for the caller to read. */
export function refusalOf(
  { body, authorization, signature }: Credentials,
  { apiKeys, signingSecrets }: Callers,
  nowSeconds: number,
): string | undefined {
  if (signature !== undefined) {
    const problem = checkSignature(body, signature, signingSecrets, nowSeconds)
    if (!problem) return undefined
    const stale = problem.code === 'SIG-STALE' || problem.code === 'SIG-FUTURE'
    return stale
      ? "The signature's time is more than five minutes off. Check the sender's clock."
      : 'The Switchyard-Signature header matches none of the signing secrets for this body.'
  }
  const key = /^Bearer (\S+)$/.exec(authorization ?? '')?.[1]
  if (key === undefined)
    return 'The request has neither a Switchyard-Signature header nor an Authorization header of the form "Bearer …".'
  // Every key is looked at, whichever matches: the time it takes tells nothing.
  const matches = apiKeys.map((each) => timingSafeEqual(digest(each), digest(key)))
  return matches.includes(true) ? undefined : 'The API key is not one of those that this hub knows.'
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
