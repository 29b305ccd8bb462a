// Webhook endpoints: made, changed, listed, deleted. https://docs.stripe.com/api/webhook_endpoints
import type Stripe from 'stripe'
import * as z from 'zod'
import { invalidRequest } from '../errors.ts'
import * as p from '../parameters.ts'
import { page, type Route, route } from '../routing.ts'
import type { Webhooks } from '../webhooks.ts'
import { change, fetchByPath, type World } from '../world.ts'

/** https://docs.stripe.com/webhooks: "You can register up to 16 webhook endpoints per Stripe account"; each mode is its own here. */
const ENDPOINTS_MAX = 16

/** Which types there are is a long list; here their form is checked. Reading: `*` stands alone. */
const eventType = z.string().regex(/^(\*|[a-z0-9_]+(\.[a-z0-9_]+)+)$/)
const enabledEvents = z
  .array(eventType)
  .min(1)
  .refine((types) => types.length === 1 || !types.includes('*'), "'*' stands for all events and alone")
/** https://docs.stripe.com/api/versioning. An endpoint's version cannot be changed: the update has no such parameter. */
const apiVersion = z.string().regex(/^\d{4}-\d{2}-\d{2}(\.[a-z]+)?$/)

/** Live endpoints must be HTTPS: https://docs.stripe.com/webhooks#best-practices */
function checkUrl(world: World, text: string): string {
  const { protocol } = URL.canParse(text) ? new URL(text) : { protocol: '' }
  if (protocol === 'https:' || (protocol === 'http:' && !world.settings.livemode)) return text
  throw invalidRequest('Invalid URL: URLs must use HTTPS in live mode, and HTTP or HTTPS in test mode.', {
    code: 'url_invalid',
    param: 'url',
  })
}

export function webhookEndpointRoutes(webhooks: Webhooks): Route[] {
  return [
    route(
      'POST',
      '/v1/webhook_endpoints',
      p.shape<Stripe.WebhookEndpointCreateParams>()({
        api_version: apiVersion.optional(),
        description: p.emptyable(p.text).optional(),
        enabled_events: enabledEvents,
        metadata: p.metadata.optional(),
        url: p.text,
      }),
      ({ world, params }) => {
        if (world.store.webhookEndpoints.all().length >= ENDPOINTS_MAX)
          throw invalidRequest(`You have reached the maximum of ${ENDPOINTS_MAX} webhook endpoints.`)
        return webhooks.addEndpoint({
          url: checkUrl(world, params.url),
          enabledEvents: params.enabled_events,
          apiVersion: params.api_version ?? null,
          description: params.description ?? null,
          metadata: p.mergeMetadata(null, params.metadata),
        })
      },
    ),
    route(
      'POST',
      '/v1/webhook_endpoints/:id',
      p.shape<Stripe.WebhookEndpointUpdateParams>()({
        description: p.emptyable(p.text).optional(),
        disabled: p.flag.optional(),
        enabled_events: enabledEvents.optional(),
        metadata: p.metadata.optional(),
        url: p.text.optional(),
      }),
      ({ world, params, path }) => {
        const endpoint = fetchByPath(world.store.webhookEndpoints, 'webhook_endpoint', path.id ?? '')
        change(world, endpoint, null, (it) => {
          if (params.url) it.url = checkUrl(world, params.url)
          if (params.enabled_events) it.enabled_events = params.enabled_events
          if (params.disabled !== undefined) it.status = params.disabled ? 'disabled' : 'enabled'
          if (params.description !== undefined) it.description = params.description
          it.metadata = p.mergeMetadata(it.metadata, params.metadata)
        })
        return withoutSecret(endpoint)
      },
    ),
    route('GET', '/v1/webhook_endpoints', z.strictObject(p.paging), ({ world, params, url }) =>
      page(world.store.webhookEndpoints.all().map(withoutSecret), params, url),
    ),
    route('GET', '/v1/webhook_endpoints/:id', z.strictObject({}), ({ world, path }) =>
      withoutSecret(fetchByPath(world.store.webhookEndpoints, 'webhook_endpoint', path.id ?? '')),
    ),
    route('DELETE', '/v1/webhook_endpoints/:id', z.strictObject({}), ({ world, path }) => {
      const endpoint = fetchByPath(world.store.webhookEndpoints, 'webhook_endpoint', path.id ?? '')
      world.store.webhookEndpoints.delete(endpoint)
      return { id: endpoint.id, object: 'webhook_endpoint', deleted: true }
    }),
  ]
}

/** The secret is told once, when the endpoint is made: https://docs.stripe.com/api/webhook_endpoints/object */
function withoutSecret<T extends { secret?: string }>(endpoint: T): T {
  const { secret: _secret, ...shown } = endpoint
  return shown as T
}
