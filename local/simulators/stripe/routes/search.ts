// The search query language, as far as it is needed: field:"value", metadata["key"]:"value" and numeric comparisons,
// joined with AND. https://docs.stripe.com/search#search-query-language. Found at once, where Stripe takes a minute.
import { invalidRequest } from '../errors.ts'
import type { Identified } from '../wire.ts'

interface Clause {
  field: string
  key: string | undefined
  operator: string
  value: string
}

export function search<T extends Identified>(
  objects: readonly T[],
  params: { query: string; limit?: number | undefined; page?: string | undefined },
  url: string,
): object {
  const clauses = params.query.split(/\s+AND\s+/i).map(readClause)
  const found = objects.filter((object) => clauses.every((clause) => satisfies(object, clause))).toReversed()
  const start = params.page ? Number(params.page) : 0
  const end = start + (params.limit ?? 10)
  return {
    object: 'search_result',
    data: found.slice(start, end),
    has_more: end < found.length,
    next_page: end < found.length ? String(end) : null,
    url,
  }
}

function readClause(text: string): Clause {
  const match =
    /^\s*([a-z_]+)(?:\[["']([^"']+)["']\])?\s*(:|>=|<=|>|<)\s*(?:["']((?:[^"'\\]|\\.)*)["']|(\S+))\s*$/.exec(
      text,
    )
  if (!match) throw invalidRequest(`We were unable to parse your search query: ${text}`, { param: 'query' })
  return {
    field: match[1] ?? '',
    key: match[2],
    operator: match[3] ?? ':',
    value: (match[4] ?? match[5] ?? '').replaceAll('\\', ''),
  }
}

function satisfies(object: Identified, clause: Clause): boolean {
  const fields = new Map<string, unknown>(Object.entries(object))
  let value = fields.get(clause.field)
  if (clause.key !== undefined && typeof value === 'object' && value !== null)
    value = new Map<string, unknown>(Object.entries(value)).get(clause.key)
  if (clause.field === 'subscription' && value === undefined && 'parent' in object) {
    return JSON.stringify(object.parent).includes(`"subscription":"${clause.value}"`)
  }
  if (value === undefined || value === null) return clause.value === 'null'
  if (typeof value !== 'number') return String(value).toLowerCase() === clause.value.toLowerCase()
  const wanted = Number(clause.value)
  switch (clause.operator) {
    case '>':
      return value > wanted
    case '>=':
      return value >= wanted
    case '<':
      return value < wanted
    case '<=':
      return value <= wanted
    default:
      return value === wanted
  }
}
