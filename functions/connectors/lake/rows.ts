// From events and fetched objects to the lake's rows, and which of a batch's objects must be fetched because their
// newest payload cannot be trusted. Pure; writing and fetching are elsewhere.
import type { JsonObject, ObjectRef } from '../../../shared/connector/contract.ts'
import { canonicalJson } from '../../../shared/connector/hash.ts'
import { isWhole } from '../../../shared/stripe/access.ts'
import { STRIPE_API_VERSION } from '../../../shared/stripe/client.ts'
import { type HubEvent, idOf, isObject } from '../../../shared/stripe/event.ts'
import { isDeletion, versionOf } from '../../../shared/stripe/version.ts'
import type { ColumnValues } from './columns.ts'
import { manifest } from './manifest.ts'

/** An object as Stripe gave it to a fetch. */
export interface Observation {
  object: JsonObject
  /** Stripe's `Date` of the answer plus one second. */
  asOfSeconds: number
}

/** A row before its JSON columns are rendered, so that a large batch is not held twice. */
export interface LakeRow extends Omit<ColumnValues, 'data' | 'event'> {
  object: JsonObject | undefined
  raw: JsonObject | undefined
}

/** A delete outranks whatever else happened in its second. */
const DELETED_RANK = 100
/**
 * An observation stands at `asOf`, one second after the fetch, so it is newer than all that it can have seen; an
 * event of that very second came after it.
 */
const OBSERVED_RANK = -1

export function eventRow(event: HubEvent, receivedAtMs: number): LakeRow {
  const data = event.raw.data
  const object = isObject(data) && isObject(data.object) ? data.object : undefined
  const deleted = isDeletion(event.type) || object?.deleted === true
  return {
    event_id: event.id,
    type: event.type,
    object_type: event.object?.type ?? (typeof object?.object === 'string' ? object.object : null),
    object_id: event.object?.id ?? null,
    customer_id: event.customer ?? null,
    created: event.createdSeconds * 1000,
    created_s: BigInt(event.createdSeconds),
    rank: deleted ? DELETED_RANK : rankWithinSecond(event),
    deleted,
    whole: object !== undefined && isTrusted(event, object),
    api_version: event.apiVersion,
    livemode: event.livemode,
    account: event.account ?? null,
    arrived: receivedAtMs,
    source: event.style,
    object,
    raw: event.raw,
  }
}

/** @param of the mode and account that the object was fetched in. */
export function observationRow(
  ref: ObjectRef,
  { object, asOfSeconds }: Observation,
  of: Pick<ColumnValues, 'livemode' | 'account'>,
  fetchedAtMs: number,
): LakeRow {
  return {
    event_id: `obs_${ref.id}_${asOfSeconds}`,
    type: 'observation',
    object_type: ref.type,
    object_id: ref.id,
    customer_id: ref.type === 'customer' ? ref.id : (idOf(object.customer) ?? null),
    created: asOfSeconds * 1000,
    created_s: BigInt(asOfSeconds),
    rank: object.deleted === true ? DELETED_RANK : OBSERVED_RANK,
    deleted: object.deleted === true,
    whole: true,
    api_version: STRIPE_API_VERSION,
    livemode: of.livemode,
    account: of.account,
    arrived: fetchedAtMs,
    source: 'observation',
    object,
    raw: undefined,
  }
}

/** Invoice status first; then `*.created` comes before all else about its object, any `*.deleted` after. */
function rankWithinSecond(event: HubEvent): number {
  let phase = 1
  if (
    event.type === `${event.object?.type}.created` ||
    event.type.endsWith(`.${event.object?.type}.created`)
  ) {
    phase = 0
  } else if (event.type.endsWith('.deleted')) phase = 2
  return versionOf(event).rank * 10 + phase
}

/** An object Stripe deleted is small and final: nothing is cut from it. */
function isTrusted(event: HubEvent, object: JsonObject): boolean {
  if (event.apiVersion !== STRIPE_API_VERSION) return false
  const type = event.object?.type
  return type === undefined || isWhole(object, manifest.objects[type])
}

export interface Uncertain {
  ref: ObjectRef
  livemode: boolean
  account: string | null
}

/**
 * Objects whose newest state in this batch cannot be told from their payloads: cut short, at another API version,
 * absent (thin), or two different payloads of the same second and rank. Only the newest matters: an older row that
 * is cut is history, as it came. Where an id can be made again, no rank tells a delete from what came after it.
 */
export function findUncertain(rows: readonly LakeRow[]): Uncertain[] {
  const newest = new Map<string, LakeRow[]>()
  for (const row of rows) {
    if (row.object_id === null || row.object_type === null) continue
    const key = `${row.account ?? ''}/${row.livemode}/${row.object_type}/${row.object_id}`
    const ahead = newest.get(key)
    const order = ahead?.[0] ? compareRows(row, ahead[0], isReusable(row)) : 1
    if (order > 0) newest.set(key, [row])
    else if (order === 0) ahead?.push(row)
  }
  const uncertain: Uncertain[] = []
  for (const ahead of newest.values()) {
    const first = ahead[0]
    if (!first || first.source === 'observation' || (first.deleted && !isReusable(first))) continue
    if (ahead.every((row) => row.whole) && !differ(ahead)) continue
    uncertain.push({
      ref: { type: first.object_type ?? '', id: first.object_id ?? '' },
      livemode: first.livemode,
      account: first.account,
    })
  }
  return uncertain
}

const isReusable = ({ object_type }: LakeRow): boolean =>
  manifest.objects[object_type ?? '']?.reusableId === true

const compareRows = (a: LakeRow, b: LakeRow, reusable: boolean): number => {
  if (a.created_s !== b.created_s) return a.created_s < b.created_s ? -1 : 1
  return reusable ? 0 : a.rank - b.rank
}

function differ([first, ...others]: readonly LakeRow[]): boolean {
  if (!first || others.length === 0) return false
  const payload = canonicalJson(first.object)
  // A deletion shows the object as it was: its payload may be that of the one made anew.
  return others.some((row) => row.deleted !== first.deleted || canonicalJson(row.object) !== payload)
}
