// Promise: the lake has every acknowledged event as it came, and the newest state that its views would show is Stripe's
// final one, but for objects that it says itself are unsettled. The views' rule is written anew here, over plain rows.
import { snapshot } from '../../../local/simulators/stripe/events.ts'
import type { StripeSimulator } from '../../../local/simulators/stripe/server.ts'
import type { WireEvent } from '../../../local/simulators/stripe/wire.ts'
import { canonicalJson } from '../../../shared/connector/hash.ts'
import type { Finding } from '../result.ts'
import type { LakeRow } from './lake-files.ts'
import type { JudgedWorld } from './world.ts'

/** Ids that the caller chooses: they can be made again. */
const REUSABLE: ReadonlySet<string> = new Set(['coupon', 'plan', 'product'])

export function checkLakeEvents(
  acknowledged: JudgedWorld['acknowledged'],
  told: readonly WireEvent[],
  rows: readonly LakeRow[],
): Finding[] {
  const stored = new Map<string, LakeRow>()
  for (const row of rows) if (row.source !== 'observation') stored.set(row.event_id, row)
  const events = new Map(told.map((event) => [event.id, event]))
  return [...new Set(acknowledged.map(({ eventId }) => eventId))].flatMap((id) => {
    const [row, event] = [stored.get(id), events.get(id)]
    if (!row) return [finding(`event ${id}`, 'in the lake: it was acknowledged', 'missing')]
    if (event && isAsItCame(row, event)) return []
    return [finding(`event ${id}`, 'its payload as Stripe made it', 'another one')]
  })
}

/** The number of endpoints that still wait for it is the one field that differs between deliveries. */
const isAsItCame = (row: LakeRow, event: WireEvent): boolean =>
  row.data === JSON.stringify(event.data.object) &&
  withoutPending(row.event ?? '') === withoutPending(JSON.stringify(event))

const withoutPending = (text: string): string => text.replace(/"pending_webhooks":\d+/, '')

/** Stripe as the lake can be compared with it: what it told, and what stands. */
export interface StripeTruth {
  events: readonly WireEvent[]
  store: Pick<StripeSimulator['store'], 'find'>
}

export function checkLakeStates(stripe: StripeTruth, rows: readonly LakeRow[]): Finding[] {
  const entries = onceEach(rows).filter(({ object_id }) => object_id !== null)
  const lastTold = new Map(stripe.events.map(({ data: { object } }) => [object.id, object]))
  return [...Map.groupBy(entries, objectOf).values()].flatMap((ofObject) => {
    const newest = newestOf(ofObject)
    if (!newest || isUnsettled(newest, ofObject)) return []
    return compareWithStripe(newest, stripe, lastTold.get(newest.object_id ?? ''))
  })
}

const objectOf = (row: LakeRow): string =>
  JSON.stringify([row.account, row.livemode, row.object_type, row.object_id])

/** Each event once, as it first arrived. */
function onceEach(rows: readonly LakeRow[]): LakeRow[] {
  const first = new Map<string, LakeRow>()
  for (const row of rows) {
    const key = `${row.object_type} ${row.event_id}`
    const known = first.get(key)
    if (!known || row.arrived < known.arrived) first.set(key, row)
  }
  return [...first.values()]
}

/** A delete is final; then the later second, the higher rank within it, the later arrival, the greater id. */
function newestOf(entries: readonly LakeRow[]): LakeRow | undefined {
  const isFinal = (row: LakeRow) => row.deleted && !REUSABLE.has(row.object_type ?? '')
  const order = (a: LakeRow, b: LakeRow): number =>
    Number(isFinal(b)) - Number(isFinal(a)) ||
    Number(b.created_s - a.created_s) ||
    b.rank - a.rank ||
    b.arrived.getTime() - a.arrived.getTime() ||
    (a.event_id < b.event_id ? 1 : -1)
  return entries.filter(({ data }) => data !== null).sort(order)[0]
}

/** Whether the lake itself says that it does not know the newest state. */
function isUnsettled(newest: LakeRow, entries: readonly LakeRow[]): boolean {
  const reusable = REUSABLE.has(newest.object_type ?? '')
  if (newest.deleted && !reusable) return false
  const observed = newest.source === 'observation'
  if (!observed && !newest.whole) return true
  return entries.some((entry) => {
    const later = entry.arrived > newest.arrived
    if (entry.data === null && entry.created_s >= newest.created_s && later) return true
    if (observed) return entry.source !== 'observation' && entry.created_s >= newest.created_s - 1n
    if (entry.event_id === newest.event_id || entry.created_s !== newest.created_s) return false
    const ties = reusable || entry.rank === newest.rank
    const differs = entry.data !== newest.data || entry.deleted !== newest.deleted
    return entry.source === 'observation' || (ties && differs)
  })
}

/**
 * Some fields change without an event (a customer's next invoice number): what Stripe told last is as right as what
 * stands, and a fetch may have seen anything between the two.
 */
function compareWithStripe(newest: LakeRow, stripe: StripeTruth, lastTold: object | undefined): Finding[] {
  const { object_type: type, object_id: id, data } = newest
  const object = `${type} ${id}`
  const found = stripe.store.find(id ?? '')
  const standing = found?.object === type ? found : undefined
  if (newest.deleted || !standing) {
    const [inLake, inStripe] = [newest.deleted ? 'deleted' : 'alive', standing ? 'alive' : 'deleted']
    return inLake === inStripe ? [] : [finding(object, inStripe, inLake)]
  }
  if (data === JSON.stringify(lastTold)) return []
  const observed = newest.source === 'observation'
  // An event holds the first lines only; a fetch has brought all of them.
  const wanted = fieldsOf(observed ? standing : snapshot(standing))
  const shown = fieldsOf(snapshot(standing))
  const told = fieldsOf(lastTold)
  const got = fieldsOf(JSON.parse(data ?? 'null'))
  const different = [...new Set([...wanted.keys(), ...got.keys()])].filter((field) => {
    const value = got.get(field)
    if (value === wanted.get(field) || value === told.get(field)) return false
    return !(observed && told.get(field) !== shown.get(field))
  })
  if (different.length === 0) return []
  const say = (fields: ReadonlyMap<string, string>) =>
    different
      .map((field) => `${field}: ${fields.get(field)}`)
      .join(', ')
      .slice(0, 600)
  return [finding(object, say(wanted), `${say(got)} (${newest.type} ${newest.event_id})`)]
}

function fieldsOf(object: unknown): Map<string, string> {
  const fields = new Map<string, string>()
  if (typeof object !== 'object' || object === null) return fields
  for (const [name, value] of Object.entries(object)) fields.set(name, canonicalJson(value))
  return fields
}

const finding = (object: string, expected: string, actual: string): Finding => ({
  promise: 'lake',
  system: 'lake',
  object,
  expected,
  actual,
})
