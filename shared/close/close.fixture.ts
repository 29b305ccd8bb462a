// October 2026 of a seller in Los Angeles, for this folder's tests, and readings of what was read whole.
import type { Check, Reading } from './check.ts'
import type { BookDocument, Movement, MovementKind } from './facts.ts'
import { periodOf } from './period.ts'

export const NOVEMBER_3 = Date.parse('2026-11-03T12:00:00Z') / 1_000
export const OCTOBER = periodOf('2026-10', 'America/Los_Angeles', NOVEMBER_3)

export const read = <T>(value: T, query = 'a question'): Reading<T> => ({
  value,
  evidence: [{ source: 'test', query, rows: 1, hash: 'h', asOf: '2026-11-03T12:00:00.000Z' }],
})

export const UNREAD = {
  source: 'NetSuite',
  why: 'NetSuite did not answer.',
  owner: 'nobody',
  next: 'Ask again.',
  code: 'NS-NETWORK',
}

export function movement(
  kind: MovementKind,
  id: string,
  currency: string,
  amountMinor: bigint,
  more: Partial<Movement> = {},
): Movement {
  return {
    kind,
    id,
    label: id,
    day: '2026-10-05',
    currency,
    amountMinor,
    taxMinor: 0n,
    document: id,
    events: [`${kind}.happened`],
    ...more,
  }
}

export const document = (
  externalId: string,
  currency: string,
  amountMinor: bigint,
  more: Partial<BookDocument> = {},
): BookDocument => ({
  externalId,
  type: 'CustInvc',
  day: '2026-10-05',
  periodMonth: '2026-10',
  currency,
  amountMinor,
  ...more,
})

/** What the lake has when it has everything. */
export const eventsOf = (movements: readonly Movement[]): Set<string> =>
  new Set(movements.flatMap(({ events, id }) => events.map((type) => `${type} ${id}`)))

/** Breaks in one line each: 'not-posted invoice INV-1: EUR 11.90 → Billing', amounts in minor units. */
export const told = ({ breaks }: Pick<Check, 'breaks'>): string[] =>
  breaks.map(
    ({ cause, object, currency, amountMinor, owner }) =>
      `${cause} ${object}${currency ? ` ${currency}` : ''} ${amountMinor ?? ''} → ${owner}`,
  )
