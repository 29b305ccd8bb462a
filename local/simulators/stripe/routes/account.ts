// The account itself, its events in both forms, and its webhook endpoints.
import type Stripe from 'stripe'
import * as z from 'zod'
import { missingInPath } from '../errors.ts'
import * as p from '../parameters.ts'
import { page, type Route, route } from '../routing.ts'
import { snapshotIdOf, thinEvent, thinIdOf, type Webhooks } from '../webhooks.ts'
import type { Account, WireEvent } from '../wire.ts'
import type { World } from '../world.ts'
import { webhookEndpointRoutes } from './webhook-endpoints.ts'

function account(world: World): Account {
  return {
    id: world.settings.accountId,
    object: 'account',
    business_type: 'company',
    charges_enabled: true,
    country: world.settings.accountCountry,
    default_currency: world.settings.defaultCurrency,
    details_submitted: true,
    email: null,
    metadata: {},
    payouts_enabled: true,
    type: 'standard',
  }
}

/** Kept events, oldest first, from the newest that can match: the log is long and most questions are about its end. */
function keptEvents(
  world: World,
  params: {
    created?: p.Range | undefined
    types?: readonly string[] | undefined
    delivered?: boolean | undefined
  },
): WireEvent[] {
  const oldest = world.events.oldestKept(world.seconds())
  const types = params.types ? new Set(params.types) : undefined
  return world.events.log.filter(
    (event) =>
      event.created > oldest &&
      (!types || types.has(event.type)) &&
      p.inRange(event.created, params.created) &&
      (params.delivered === undefined || (event.pending_webhooks === 0) === params.delivered),
  )
}

const eventRoutes: Route[] = [
  route(
    'GET',
    '/v1/events',
    p.shape<Stripe.EventListParams>()({
      ...p.paging,
      created: p.range.optional(),
      delivery_success: p.flag.optional(),
      type: p.text.optional(),
      types: z.array(p.text).max(20).optional(),
    }),
    ({ world, params, url }) => {
      const matching = keptEvents(world, {
        created: params.created,
        types: params.types ?? (params.type ? [params.type] : undefined),
        delivered: params.delivery_success,
      })
      const cursorId = params.starting_after ?? params.ending_before
      const cursor = cursorId ? world.events.position(cursorId) : undefined
      // The cursor need not match the filter, so pages are cut by place in the log.
      if (cursorId === undefined || cursor === undefined) return page(matching, params, url)
      const limit = params.limit ?? 10
      const placed = matching.map((event) => ({ event, at: world.events.position(event.id) ?? 0 }))
      if (params.ending_before) {
        const newer = placed.filter((each) => each.at > cursor)
        return {
          object: 'list',
          data: newer
            .slice(0, limit)
            .map((each) => each.event)
            .toReversed(),
          has_more: newer.length > limit,
          url,
        }
      }
      const older = placed.filter((each) => each.at < cursor).toReversed()
      return {
        object: 'list',
        data: older.slice(0, limit).map((each) => each.event),
        has_more: older.length > limit,
        url,
      }
    },
  ),
  route('GET', '/v1/events/:id', z.strictObject({}), ({ world, path }) => {
    const event = world.events.get(path.id ?? '', world.seconds())
    if (!event) throw missingInPath('event', path.id ?? '')
    return event
  }),
  route('GET', '/v2/core/events/:id', z.strictObject({}), ({ world, path }) => {
    const event = world.events.get(snapshotIdOf(path.id ?? ''), world.seconds())
    if (!event) throw missingInPath('event', path.id ?? '')
    return thinEvent(event)
  }),
  route(
    'GET',
    '/v2/core/events',
    z.strictObject({
      limit: p.integer.optional(),
      object_id: p.id.optional(),
      page: p.text.optional(),
      types: z.array(p.text).max(20).optional(),
    }),
    ({ world, params }) => {
      const types = params.types?.map((type) => type.replace(/^v1\./, ''))
      const found = keptEvents(world, { types })
        .filter((event) => !params.object_id || event.data.object.id === params.object_id)
        .toReversed()
      const from = params.page ? found.findIndex((event) => thinIdOf(event.id) === params.page) + 1 : 0
      const limit = params.limit ?? 20
      const data = found.slice(from, from + limit).map(thinEvent)
      const last = data.at(-1)
      const query = `limit=${limit}${(params.types ?? []).map((type, index) => `&types[${index}]=${type}`).join('')}`
      return {
        data,
        next_page_url:
          from + limit < found.length && last ? `/v2/core/events?${query}&page=${String(last.id)}` : null,
        previous_page_url: null,
      }
    },
  ),
]

export function accountRoutes(webhooks: Webhooks): Route[] {
  return [
    route('GET', '/v1/account', z.strictObject({}), ({ world }) => account(world)),
    route('GET', '/v1/accounts/:id', z.strictObject({}), ({ world, path }) => {
      if (path.id !== world.settings.accountId) throw missingInPath('account', path.id ?? '')
      return account(world)
    }),
    ...eventRoutes,
    ...webhookEndpointRoutes(webhooks),
  ]
}
