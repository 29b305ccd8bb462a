// How a route is written down (method, path, accepted parameters, what it does) and how lists are paged.
import * as z from 'zod'
import { invalidParameter } from './errors.ts'
import type { FormObject } from './form.ts'
import { id, inRange, paging, range, readParameters } from './parameters.ts'
import type { Collection, Store } from './store.ts'
import type { Identified, List } from './wire.ts'
import type { World } from './world.ts'

export interface Call<Params> {
  world: World
  params: Params
  /** Path parameters by name. */
  path: Record<string, string>
  url: string
}

export interface Route {
  method: 'GET' | 'POST' | 'DELETE'
  path: string
  run(world: World, raw: FormObject, path: Record<string, string>, url: string): object
}

export function route<S extends z.ZodType>(
  method: Route['method'],
  path: string,
  schema: S,
  handle: (call: Call<z.output<S>>) => object,
): Route {
  return {
    method,
    path,
    run: (world, raw, pathParameters, url) =>
      handle({ world, params: readParameters(schema, raw), path: pathParameters, url }),
  }
}

/**
 * A list that takes a time and the objects it may belong to.
 * @param owners by parameter, the collection's index of them; of several that are given the first one counts.
 */
export function listRoute<T extends Identified & { created: number }>(
  path: string,
  collectionOf: (store: Store) => Collection<T>,
  owners: Readonly<Record<string, number>>,
): Route {
  const names = Object.keys(owners)
  const shape = z.strictObject({
    ...paging,
    created: range.optional(),
    ...(Object.fromEntries(names.map((name) => [name, id.optional()])) as Record<string, z.ZodOptional>),
  })
  return route('GET', path, shape, ({ world, params, url }) => {
    const collection = collectionOf(world.store)
    const given: Readonly<Record<string, unknown>> = params
    const name = names.find((each) => given[each] !== undefined)
    const found = name === undefined ? collection.all() : collection.of(String(given[name]), owners[name])
    return page(
      found.filter(({ created }) => inRange(created, params.created)),
      params,
      url,
    )
  })
}

interface PageParams {
  limit?: number | undefined
  starting_after?: string | undefined
  ending_before?: string | undefined
}

/**
 * One page of a list. `objects` come in the order they were made; Stripe lists the newest first (lines of an invoice
 * excepted). https://docs.stripe.com/api/pagination
 */
export function page<T extends Identified>(
  objects: readonly T[],
  params: PageParams,
  url: string,
  order: 'newest first' | 'as given' = 'newest first',
): List<T> {
  const limit = params.limit ?? 10
  if (limit < 1 || limit > 100) {
    throw invalidParameter(
      `This value must be between 1 and 100 (inclusive).`,
      'parameter_invalid_integer',
      'limit',
    )
  }
  const ordered = order === 'newest first' ? objects.toReversed() : objects
  const cursor = params.starting_after ?? params.ending_before
  const at = cursor === undefined ? -1 : ordered.findIndex((object) => object.id === cursor)
  if (cursor !== undefined && at < 0) {
    const param = params.starting_after === undefined ? 'ending_before' : 'starting_after'
    throw invalidParameter(`No such object: '${cursor}'`, 'resource_missing', param)
  }
  if (params.ending_before !== undefined) {
    const from = Math.max(0, at - limit)
    return { object: 'list', data: ordered.slice(from, at), has_more: from > 0, url }
  }
  const data = ordered.slice(at + 1, at + 1 + limit)
  return { object: 'list', data, has_more: at + 1 + limit < ordered.length, url }
}
