// expand[]: ids replaced by their objects, and the few lists that are only there when asked for.
// https://docs.stripe.com/api/expanding_objects
import { invalidParameter } from './errors.ts'
import { snapshot } from './events.ts'
import type { Identified, List } from './wire.ts'
import type { World } from './world.ts'

const MAX_DEPTH = 4

/** Lists that Stripe leaves out of an object until they are expanded. */
const INCLUDABLE: Record<string, (world: World, id: string) => List<Identified>> = {
  'customer.subscriptions': (world, id) =>
    listOf(
      world.store.subscriptions
        .of(id)
        .filter((each) => each.status !== 'canceled')
        .toReversed(),
      `/v1/customers/${id}/subscriptions`,
    ),
  'customer.tax_ids': (world, id) =>
    listOf(world.store.taxIds.of(id).toReversed(), `/v1/customers/${id}/tax_ids`),
  'customer.sources': (_world, id) => listOf([], `/v1/customers/${id}/sources`),
  'invoice.payments': (world, id) =>
    listOf(world.store.invoicePayments.of(id).toReversed(), `/v1/invoice_payments?invoice=${id}`),
  'charge.refunds': (world, id) =>
    listOf(world.store.refunds.of(id).toReversed(), `/v1/charges/${id}/refunds`),
}

/** Fields that Stripe leaves out until they are expanded, and that an object may lack even then. */
const OPTIONAL: ReadonlySet<string> = new Set(['coupon.applies_to', 'price.currency_options', 'price.tiers'])

/** Where `type` says which of several references an object has, the others are absent and expand to nothing. */
const isOtherVariant = ({ type }: { [key: string]: unknown }, segment: string): boolean =>
  type === 'payment_record' && (segment === 'payment_intent' || segment === 'charge')

function listOf(all: Identified[], url: string): List<Identified> {
  return { object: 'list', data: all.slice(0, 10).map(snapshot), has_more: all.length > 10, url }
}

/** A copy of an answer with the wanted paths expanded. */
export function expandInto(world: World, answer: object, paths: readonly string[]): object {
  for (const path of paths) {
    const segments = path.split('.')
    if (segments.filter((segment) => segment !== 'data').length > MAX_DEPTH) {
      throw invalidParameter(
        `You cannot expand more than ${MAX_DEPTH} levels of a property. Property: ${path}`,
        undefined,
        'expand',
      )
    }
    walk(world, answer, segments, path)
  }
  return answer
}

function walk(world: World, value: unknown, segments: readonly string[], path: string): void {
  if (Array.isArray(value)) {
    for (const element of value) walk(world, element, segments, path)
    return
  }
  const [segment, ...rest] = segments
  if (segment === undefined || typeof value !== 'object' || value === null) return
  const holder: { [key: string]: unknown } = Object.assign(value)
  const kind = typeof holder.object === 'string' ? holder.object : ''
  const include = INCLUDABLE[`${kind}.${segment}`]
  if (holder[segment] === undefined && include && typeof holder.id === 'string') {
    holder[segment] = include(world, holder.id)
  } else if (OPTIONAL.has(`${kind}.${segment}`) || isOtherVariant(holder, segment)) {
    return
  } else if (!(segment in holder)) {
    throw invalidParameter(`This property cannot be expanded (${segment}).`, undefined, 'expand')
  } else {
    holder[segment] = resolve(world, holder[segment])
  }
  if (rest.length > 0) walk(world, holder[segment], rest, path)
}

function resolve(world: World, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((element) => resolve(world, element))
  if (typeof value !== 'string') return value
  const found = world.store.find(value)
  if (found) return snapshot(found)
  const kind = world.store.deleted.get(value)
  return kind ? { id: value, object: kind, deleted: true } : value
}
