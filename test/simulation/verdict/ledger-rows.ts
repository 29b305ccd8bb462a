// The ledger's raw rows, sorted by what they are about. It reads the keys as they lie in the table and nothing through
// the hub's own ledger, so that a row which the hub would not find again is still seen.
import * as z from 'zod'
import type { JsonObject, KnownRecord, ObjectRef, RecordKey } from '../../../shared/connector/contract.ts'

type Item = Record<string, unknown>

export interface ObjectRow {
  connector: string
  ref: ObjectRef
  /** 0: nothing but waiters so far. */
  revision: number
  hash: string | undefined
  mapping: string | undefined
  records: Readonly<Record<RecordKey, KnownRecord>>
  keep: JsonObject | undefined
  trouble: z.output<typeof trouble> | undefined
  tombstone: boolean
  leaseOwner: string | undefined
  verify: boolean
  item: Item
}

export interface DeliveryItem {
  eventId: string
  connector: string
  status: string
  code: string
  hint: string
  objectId?: string | undefined
}

const trouble = z.object({
  status: z.string(),
  code: z.string(),
  hint: z.string().optional(),
  reason: z.string().optional(),
  waitsOn: z.array(z.object({ type: z.string(), id: z.string() })).default([]),
})
const known = z.object({
  remoteId: z.string().optional(),
  hash: z.string().optional(),
  retired: z.boolean().optional(),
})
const objectItem = z.object({
  revision: z.number().default(0),
  hash: z.string().optional(),
  mapping: z.string().optional(),
  records: z.record(z.string(), known).default({}),
  keep: z.custom<JsonObject>((value) => typeof value === 'object').optional(),
  trouble: trouble.optional(),
  tombstoneAt: z.number().optional(),
  leaseOwner: z.string().optional(),
  verify: z.boolean().optional(),
})
const eventItem = z.object({ eventId: z.string(), connectors: z.array(z.string()) })
const deliveryItem = z.object({
  status: z.string(),
  code: z.string().default(''),
  hint: z.string().default(''),
  objectId: z.string().optional(),
})

export const nameOf = (ref: ObjectRef): string => `${ref.type} ${ref.id}`

export class LedgerRows {
  readonly items: readonly Item[]
  /** By connector, then by `nameOf`. */
  private readonly byConnector = new Map<string, Map<string, ObjectRow>>()
  /** Which connectors' queues took the event. */
  readonly events = new Map<string, readonly string[]>()
  readonly deliveries: DeliveryItem[] = []
  private readonly deliveryByName = new Map<string, DeliveryItem>()
  /** Connectors with a row that says that their lane stands still. */
  readonly paused: string[] = []

  constructor(items: readonly Item[]) {
    this.items = items
    for (const item of items) this.sortIn(item)
  }

  /** Rows of one connector, waiters-only rows included. */
  of(connector: string): ObjectRow[] {
    return [...(this.byConnector.get(connector)?.values() ?? [])]
  }

  row(connector: string, ref: ObjectRef): ObjectRow | undefined {
    return this.byConnector.get(connector)?.get(nameOf(ref))
  }

  objects(): ObjectRow[] {
    return [...this.byConnector.values()].flatMap((rows) => [...rows.values()])
  }

  isParked(connector: string, ref: ObjectRef): boolean {
    return this.row(connector, ref)?.trouble?.status === 'parked'
  }

  delivery(eventId: string, connector: string): DeliveryItem | undefined {
    return this.deliveryByName.get(`${eventId} ${connector}`)
  }

  private sortIn(item: Item): void {
    const [kind = '', ...rest] = String(item.pk).split('#')
    if (kind === 'OBJECT') this.addObject(rest, item)
    else if (kind === 'LANE') this.paused.push(rest.join('#'))
    else if (kind === 'EVENT' && item.sk === 'EVENT') {
      const { eventId, connectors } = eventItem.parse(item)
      this.events.set(eventId, connectors)
    } else if (kind === 'EVENT') {
      const connector = String(item.sk).slice('DELIVERY#'.length)
      const delivery = { eventId: rest.join('#'), connector, ...deliveryItem.parse(item) }
      this.deliveries.push(delivery)
      this.deliveryByName.set(`${delivery.eventId} ${connector}`, delivery)
    }
  }

  private addObject([, , connector = '', ...key]: string[], item: Item): void {
    const [type = '', ...id] = key.join('#').split('/')
    const { tombstoneAt, verify, ...row } = objectItem.parse(item)
    const ref = { type, id: id.join('/') }
    const rows = this.byConnector.get(connector) ?? new Map<string, ObjectRow>()
    this.byConnector.set(connector, rows)
    rows.set(nameOf(ref), {
      connector,
      ref,
      revision: row.revision,
      hash: row.hash,
      mapping: row.mapping,
      records: row.records as ObjectRow['records'],
      keep: row.keep,
      trouble: row.trouble,
      tombstone: tombstoneAt !== undefined,
      leaseOwner: row.leaseOwner,
      verify: verify === true,
      item,
    })
  }
}
