// Promise: the ledger tells the whole story of each event and nothing that belongs to a person, and nothing in it still
// waits for somebody: no lease, no doubt, no pause.
import type { WireEvent } from '../../../local/simulators/stripe/wire.ts'
import type { Finding } from '../result.ts'
import { type LedgerRows, nameOf } from './ledger-rows.ts'
import type { JudgedWorld } from './world.ts'

/** Of one write unit; an event's row must cost one. */
const EVENT_BYTES = 1_024
/** DynamoDB takes no larger item. */
const ITEM_BYTES = 400 * 1_024

export function checkEvents(
  { acknowledged, manifests }: Pick<JudgedWorld, 'acknowledged' | 'manifests'>,
  rows: LedgerRows,
): Finding[] {
  // The lake keeps no row for each event.
  const kept = new Set(manifests.filter(({ style }) => style === 'projection').map(({ name }) => name))
  return [...new Set(acknowledged.map(({ eventId }) => eventId))].flatMap((eventId) => {
    const connectors = rows.events.get(eventId)
    if (!connectors) return [finding('hub', `event ${eventId}`, 'its row: it was answered 2xx', 'none')]
    return connectors
      .filter((connector) => kept.has(connector))
      .flatMap((connector) => {
        const status = rows.delivery(eventId, connector)?.status
        if (status !== undefined && status !== 'waiting') return []
        return [finding(connector, `event ${eventId}`, 'a delivery that ended', status ?? 'no row')]
      })
  })
}

/**
 * One lease may be left: of a worker that died over a message that came twice and that another had worked off. Nobody
 * comes back for it; its time is over, and the next claim takes it. That the records stand is for the others to see.
 */
export function checkAtRest(rows: LedgerRows, died: ReadonlySet<string> = new Set()): Finding[] {
  return [
    ...rows.objects().flatMap(({ connector, ref, ...row }) => {
      const at = (expected: string, actual: string, promise = 'ledger') =>
        finding(connector, nameOf(ref), expected, actual, promise)
      const troubled = row.trouble !== undefined
      // Whoever is parked keeps the doubt until somebody mends it.
      const parked = row.trouble?.status === 'parked'
      const isDead = row.leaseOwner !== undefined && died.has(row.leaseOwner.replace(/#\d+$/, ''))
      return [
        ...(row.leaseOwner === undefined || isDead
          ? []
          : [at('no lease', `held by ${row.leaseOwner}`, 'lease')]),
        ...(row.verify && !parked ? [at('no doubt about a late write', 'still to be verified')] : []),
        ...(row.trouble?.status === 'waiting' ? [at('not waiting', `waits [${row.trouble.code}]`)] : []),
        // Without its fingerprint an object is not known to be in step, whatever the vendor has.
        ...(row.revision > 0 && !troubled && row.hash === undefined && !isDead
          ? [at('known to be in step', 'no hash')]
          : []),
      ]
    }),
    ...rows.paused.map((connector) => finding(connector, 'lane', 'not paused', 'paused')),
  ]
}

export function checkShape(rows: LedgerRows): Finding[] {
  return rows.items.flatMap((item) => {
    const name = `${String(item.pk)} ${String(item.sk)}`
    const limit = item.sk === 'EVENT' ? EVENT_BYTES : ITEM_BYTES
    const bytes = textOf(item).length
    return [
      ...(item.v === 1 ? [] : [finding('hub', name, 'format version 1', String(item.v))]),
      ...(bytes <= limit ? [] : [finding('hub', name, `at most ${limit} bytes`, `about ${bytes}`)]),
    ]
  })
}

/** What a person typed into Stripe, ever, and what names a part of a card: it must be in no row. */
export function checkPrivacy(rows: LedgerRows, events: readonly WireEvent[]): Finding[] {
  const personal = personalTexts(events)
  return rows.items.flatMap((item) => {
    const text = textOf(item)
    return [...personal]
      .filter((each) => text.includes(each))
      .map((each) => finding('hub', `${String(item.pk)} ${String(item.sk)}`, 'nothing personal', each))
  })
}

function personalTexts(events: readonly WireEvent[]): Set<string> {
  const texts = new Set<string>(['last4'])
  for (const { data } of events) {
    const { object } = data
    if (object.object === 'tax_id') add(texts, object.value)
    if (object.object !== 'customer') continue
    add(texts, object.email)
    add(texts, object.phone)
    if (!isRecord(object.address)) continue
    add(texts, object.address.line1)
    add(texts, object.address.line2)
  }
  return texts
}

function add(texts: Set<string>, value: unknown): void {
  // As JSON writes it, for it is looked for in JSON.
  if (typeof value === 'string' && value.length >= 5) texts.add(JSON.stringify(value).slice(1, -1))
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

const textOf = (item: Record<string, unknown>): string =>
  JSON.stringify(item, (_key, value: unknown) => (value instanceof Set ? [...value] : value))

const finding = (
  system: string,
  object: string,
  expected: string,
  actual: string,
  promise = 'ledger',
): Finding => ({ promise, system, object, expected, actual })
