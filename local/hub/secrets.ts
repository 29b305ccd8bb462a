// What Secrets Manager holds in the cloud, held by the embedded one: the same secrets under the same names and in the same
// shape, with the simulated vendors' made-up credentials inside; and the webhook endpoint as `hub register` would have made it.
import type { Manifest } from '../../shared/connector/contract.ts'
import {
  STAGE_KEY,
  secretMark,
  wantedEvents,
  webhookSecretSchema,
} from '../../shared/stripe/webhook-endpoint.ts'
import type { EmbeddedSecrets } from '../aws/secrets.ts'
import { avalaraCredentials, netsuiteCredentials } from './connectors.ts'
import { SALESFORCE, SIGNING_SECRETS, STRIPE_API_KEY, TAX_ESTIMATE } from './credentials.ts'
import { STAGE } from './names.ts'
import type { Vendors } from './vendors.ts'

export interface OwnSecrets {
  /** Given: Stripe itself is read instead of the simulator. */
  stripeApiKey?: string
  /** Accepted besides the local ones: the secret that `stripe listen` prints. */
  signingSecret?: string
}

export function storeSecrets(
  secrets: EmbeddedSecrets,
  { urls, netsuitePrivateKey }: Pick<Vendors, 'urls' | 'netsuitePrivateKey'>,
  { stripeApiKey, signingSecret }: OwnSecrets,
): void {
  const put = (name: string, value: object) => secrets.put(name, JSON.stringify(value))
  put('stripe', stripeApiKey ? { apiKey: stripeApiKey } : { apiKey: STRIPE_API_KEY, baseUrl: urls.stripe })
  put('webhook', { signingSecrets: [...SIGNING_SECRETS, ...(signingSecret ? [signingSecret] : [])] })
  put('salesforce', { loginUrl: urls.salesforce, ...SALESFORCE })
  put('netsuite', netsuiteCredentials(netsuitePrivateKey, urls.netsuite))
  put('avalara', avalaraCredentials({ urls }))
  put('tax-estimate', TAX_ESTIMATE)
}

/** Every secret that is valid now. */
export const signingSecretsOf = (secrets: EmbeddedSecrets): readonly string[] =>
  webhookSecretSchema.parse(JSON.parse(secrets.current('webhook') ?? '{}')).signingSecrets

export const localEndpoint = (url: string, manifests: readonly Manifest[]) => ({
  url,
  secret: SIGNING_SECRETS[0],
  enabledEvents: wantedEvents(manifests),
  metadata: { [STAGE_KEY]: STAGE },
})

/** Which endpoint the stored secret is of. */
export function noteEndpoint(secrets: EmbeddedSecrets, id: string): void {
  const stored = webhookSecretSchema.parse(JSON.parse(secrets.current('webhook') ?? '{}'))
  const endpoints = { [id]: secretMark(SIGNING_SECRETS[0]) }
  secrets.put('webhook', JSON.stringify({ ...stored, endpoints }))
}
