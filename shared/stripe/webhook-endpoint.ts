// The webhook endpoint that Stripe should have for a stage: at the hub's address, at the pinned API version, with exactly the
// event types that some connector wants. Looks at what stands and says what is wrong with it; register-endpoint.ts mends it.
//
// Stripe tells an endpoint's secret once, when it is made (https://docs.stripe.com/api/webhook_endpoints/object), and cannot be
// asked whether a stored one belongs to it. So the stage's secret keeps, beside the secrets, which endpoint each is of.
import { createHash } from 'node:crypto'
import type Stripe from 'stripe'
import * as z from 'zod'
import type { Manifest } from '../connector/contract.ts'
import { STRIPE_API_VERSION } from './client.ts'
import { translateStripeError } from './errors.ts'

/** Metadata of an endpoint that is this hub's: which stage's, and from when on (Unix seconds) it may go. */
export const STAGE_KEY = 'switchyard_stage'
export const RETIRE_KEY = 'switchyard_retire_after'

/** The secret `webhook`. `endpoints`: by Stripe's id, the mark of the secret that is its own. */
export const webhookSecretSchema = z.looseObject({
  signingSecrets: z.array(z.string().regex(/^whsec_/, 'a signing secret (whsec_…)')).min(1),
  endpoints: z.record(z.string(), z.string()).default({}),
})
export type WebhookSecret = z.output<typeof webhookSecretSchema>

/** Tells one secret from another without giving it away. */
export const secretMark = (secret: string): string =>
  createHash('sha256').update(secret).digest('hex').slice(0, 16)

export interface WantedEndpoint {
  stage: string
  url: string
  events: string[]
}

/** What the registry wants: every type once, or `*` when a connector takes all of them. */
export function wantedEvents(manifests: readonly Manifest[]): string[] {
  const types = new Set(manifests.flatMap(({ routes }) => routes.flatMap(({ events }) => events)))
  return types.has('*') ? ['*'] : [...types].sort()
}

export interface StandingEndpoints {
  /** Of this stage, whose secret is stored: newest first. */
  usable: Stripe.WebhookEndpoint[]
  /** Of this stage, told to go once its time has come. */
  retiring: Stripe.WebhookEndpoint[]
  /** Of this stage, and nobody has its secret: it can deliver nothing. */
  lost: Stripe.WebhookEndpoint[]
  /** At the hub's address, made by somebody else. */
  foreign: Stripe.WebhookEndpoint[]
  /** Ids in the stored secret that Stripe no longer has. */
  gone: string[]
}

/** @throws HubError when Stripe does not answer, or the key may not list endpoints. */
export async function findEndpoints(
  stripe: Stripe,
  wanted: WantedEndpoint,
  stored: WebhookSecret | undefined,
): Promise<StandingEndpoints> {
  const all: Stripe.WebhookEndpoint[] = []
  try {
    for await (const endpoint of stripe.webhookEndpoints.list({ limit: 100 })) all.push(endpoint)
  } catch (error) {
    throw translateStripeError(error, 'listing webhook endpoints', false)
  }
  const own = all
    .filter(({ metadata }) => metadata[STAGE_KEY] === wanted.stage)
    .sort((a, b) => b.created - a.created)
  const marks = new Set(stored?.signingSecrets.map(secretMark))
  const hasSecret = ({ id }: Stripe.WebhookEndpoint) => marks.has(stored?.endpoints[id] ?? '')
  const ids = new Set(all.map(({ id }) => id))
  return {
    usable: own.filter((each) => hasSecret(each) && each.metadata[RETIRE_KEY] === undefined),
    retiring: own.filter((each) => hasSecret(each) && each.metadata[RETIRE_KEY] !== undefined),
    lost: own.filter((each) => !hasSecret(each)),
    foreign: all.filter(({ url, metadata }) => url === wanted.url && metadata[STAGE_KEY] === undefined),
    gone: Object.keys(stored?.endpoints ?? {}).filter((id) => !ids.has(id)),
  }
}

/** What of an endpoint can be put right in place, in the words of a person. */
export function differences(endpoint: Stripe.WebhookEndpoint, wanted: WantedEndpoint): string[] {
  const has = new Set(endpoint.enabled_events)
  const missing = has.has('*') ? [] : wanted.events.filter((type) => !has.has(type))
  const extra = endpoint.enabled_events.filter((type) => !wanted.events.includes(type))
  return [
    ...(endpoint.url === wanted.url ? [] : [`it points to ${endpoint.url}`]),
    ...(endpoint.status === 'enabled' ? [] : ['it is disabled']),
    ...(missing.length > 0 ? [`it does not send ${missing.join(', ')}`] : []),
    ...(extra.length > 0 ? [`it sends ${extra.join(', ')}, which nobody wants`] : []),
  ]
}

/** Fixed when an endpoint is made: another version needs another endpoint. */
export const hasPinnedVersion = (endpoint: Stripe.WebhookEndpoint): boolean =>
  endpoint.api_version === STRIPE_API_VERSION
