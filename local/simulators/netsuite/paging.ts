// One page of a list, as every collection and every query answers it.
import type { Context } from 'hono'
import { invalidParameter } from './errors.ts'
import type { Json } from './render.ts'

const MAX_PAGE = 1000

/**
 * Pages of at most 1,000; the offset must be a multiple of the limit (reading for SuiteQL, documented for collections):
 * https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_156414087576.html
 */
export function page(context: Context, all: Json[]): Response {
  const limit = pageNumber(context, 'limit', MAX_PAGE)
  const offset = pageNumber(context, 'offset', 0)
  if (limit < 1 || limit > MAX_PAGE)
    throw invalidParameter(`The limit must be between 1 and ${MAX_PAGE}.`, 'limit')
  if (offset % limit !== 0) throw invalidParameter('The offset must be divisible by the limit.', 'offset')
  const items = all.slice(offset, offset + limit)
  const hasMore = offset + limit < all.length
  const { origin, pathname } = new URL(context.req.url)
  const at = (start: number): string => `${origin}${pathname}?limit=${limit}&offset=${start}`
  const links = [
    ...(hasMore ? [{ rel: 'next', href: at(offset + limit) }] : []),
    ...(offset > 0 ? [{ rel: 'previous', href: at(offset - limit) }] : []),
    { rel: 'self', href: at(offset) },
  ]
  const body = { links, count: items.length, hasMore, items, offset, totalResults: all.length }
  return context.body(JSON.stringify(body), {
    headers: { 'content-type': 'application/vnd.oracle.resource+json; type=collection; charset=UTF-8' },
  })
}

function pageNumber(context: Context, name: string, otherwise: number): number {
  const value = context.req.query(name)
  if (value === undefined) return otherwise
  if (!/^\d+$/.test(value)) throw invalidParameter(`Invalid value ${value} of the parameter ${name}.`, name)
  return Number(value)
}
