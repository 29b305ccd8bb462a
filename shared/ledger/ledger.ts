// The ledger: single-item conditional writes on one DynamoDB table, each clause of a condition named here. It knows
// rows and keys; what they mean for a delivery is the engine's.
import { setTimeout as sleep } from 'node:timers/promises'
import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb'
import type { Clock } from '../clock.ts'
import type { JsonObject, KnownRecord, ObjectRef, RecordKey } from '../connector/contract.ts'
import { transient } from '../errors.ts'
import type { DeliveryRow, EventRow, LaneRow, ObjectState, RejectionRow, Trouble } from './rows.ts'
import { TIMELINE_INDEX, TROUBLE_INDEX, TROUBLE_SHARDS } from './table.ts'

const ROW_VERSION = 1
const DAY_SECONDS = 86_400
const EVENT_DAYS = 400
const DELIVERY_DAYS = 120
/** Rounds without any progress, a little over three seconds in all, before the batch is given back to its queue. */
const MAX_FRUITLESS = 6

/** Account and mode are part of every object's key, so that two hubs could never share a row. */
export interface Scope {
  account: string
  livemode: boolean
}

export interface TroubleCount {
  count: number
  /** There are more than were counted. */
  isMore: boolean
  oldestMs?: number
}

/** Of one shard: beyond a few hundred nobody counts. */
const COUNTED = 250

type Item = Record<string, unknown>

export class Ledger {
  private readonly db: DynamoDBDocumentClient
  private readonly table: string
  private readonly clock: Clock
  private readonly scope: Scope

  constructor(options: { db: DynamoDBDocumentClient; table: string; clock: Clock; scope: Scope }) {
    this.db = options.db
    this.table = options.table
    this.clock = options.clock
    this.scope = options.scope
  }

  // ── Events ──────────────────────────────────────────────────────────────────────────────────────────────────

  async findEvent(id: string): Promise<EventRow | undefined> {
    const { Item: item } = await this.db.send(new GetCommand({ TableName: this.table, Key: eventKey(id) }))
    return item ? toEventRow(item) : undefined
  }

  /** Which of these events have a row. Eventually consistent: a miss is sent again, which is harmless. */
  async knownEvents(ids: readonly string[]): Promise<Map<string, EventRow>> {
    const items = await this.batchGet(ids.map(eventKey))
    return new Map(items.map((item) => [String(item.eventId), toEventRow(item)]))
  }

  /** @returns `lost` when the event had a row already: two copies of it were under way at once. */
  async putEvent(row: EventRow): Promise<'done' | 'lost'> {
    return this.conditional(
      new PutCommand({
        TableName: this.table,
        Item: {
          ...eventKey(row.id),
          v: ROW_VERSION,
          eventId: row.id,
          type: row.type,
          created: row.createdSeconds,
          received: row.receivedAtMs,
          apiVersion: row.apiVersion,
          livemode: row.livemode,
          style: row.style,
          ...(row.object && { objectType: row.object.type, objectId: row.object.id }),
          ...(row.customer && {
            customer: row.customer,
            timelinePk: `CUSTOMER#${row.customer}`,
            timelineSk: `${String(row.createdSeconds).padStart(12, '0')}#${row.id}`,
          }),
          connectors: row.connectors,
          expires: this.expiry(EVENT_DAYS),
        },
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    )
  }

  async putRejection(row: RejectionRow): Promise<void> {
    await this.db.send(
      new PutCommand({
        TableName: this.table,
        Item: {
          pk: `REJECTED#${row.id}`,
          sk: 'REJECTION',
          v: ROW_VERSION,
          reason: row.reason,
          received: row.receivedAtMs,
          expires: this.expiry(DELIVERY_DAYS),
        },
      }),
    )
  }

  async findRejection(id: string): Promise<RejectionRow | undefined> {
    const key = { pk: `REJECTED#${id}`, sk: 'REJECTION' }
    const { Item: item } = await this.db.send(new GetCommand({ TableName: this.table, Key: key }))
    return item ? { id, reason: String(item.reason), receivedAtMs: Number(item.received) } : undefined
  }

  /** Newest first, one page. */
  async timeline(customer: string, limit = 200): Promise<EventRow[]> {
    const { Items: items = [] } = await this.db.send(
      new QueryCommand({
        TableName: this.table,
        IndexName: TIMELINE_INDEX,
        KeyConditionExpression: 'timelinePk = :customer',
        ExpressionAttributeValues: { ':customer': `CUSTOMER#${customer}` },
        ScanIndexForward: false,
        Limit: limit,
      }),
    )
    return items.map(toEventRow)
  }

  // ── Deliveries ──────────────────────────────────────────────────────────────────────────────────────────────

  /** An end replaces whatever stood; `waiting` is written only where nothing does: its batch may be slower than another. */
  async putDeliveries(rows: readonly DeliveryRow[]): Promise<void> {
    const waiting = rows.filter(({ status }) => status === 'waiting')
    const putFirst = (row: DeliveryRow) =>
      this.conditional(
        new PutCommand({
          TableName: this.table,
          Item: this.deliveryItem(row),
          ConditionExpression: 'attribute_not_exists(pk)',
        }),
      )
    for (let from = 0; from < waiting.length; from += 25) {
      await Promise.all(waiting.slice(from, from + 25).map(putFirst))
    }
    const items = rows.filter(({ status }) => status !== 'waiting').map((row) => this.deliveryItem(row))
    for (let from = 0; from < items.length; from += 25) {
      let requests = items.slice(from, from + 25).map((item) => ({ PutRequest: { Item: item } }))
      for (let fruitless = 0; requests.length > 0; ) {
        if (fruitless > 0) await this.waitForRoom(fruitless, 'writes to')
        const asked = requests.length
        const answer = await this.db.send(new BatchWriteCommand({ RequestItems: { [this.table]: requests } }))
        requests = (answer.UnprocessedItems?.[this.table] ?? []) as typeof requests
        fruitless = requests.length < asked ? 0 : fruitless + 1
      }
    }
  }

  private deliveryItem(row: DeliveryRow): Item {
    return {
      ...deliveryKey(row.eventId, row.connector),
      v: ROW_VERSION,
      status: row.status,
      at: row.atMs,
      attempts: row.attempts,
      ...(row.object && { objectType: row.object.type, objectId: row.object.id }),
      ...(row.errorKind && { errorKind: row.errorKind }),
      ...(row.code && { code: row.code }),
      ...(row.reason && { reason: row.reason.slice(0, 500) }),
      ...(row.hint && { hint: row.hint.slice(0, 500) }),
      expires: this.expiry(DELIVERY_DAYS),
    }
  }

  async deliveriesOf(eventId: string): Promise<DeliveryRow[]> {
    const { Items: items = [] } = await this.db.send(
      new QueryCommand({
        TableName: this.table,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :delivery)',
        ExpressionAttributeValues: { ':pk': `EVENT#${eventId}`, ':delivery': 'DELIVERY#' },
      }),
    )
    return items.map((item) => toDeliveryRow(eventId, item))
  }

  /** Which of these (event, connector) pairs have a row that ended. */
  async endedDeliveries(pairs: readonly { eventId: string; connector: string }[]): Promise<Set<string>> {
    const items = await this.batchGet(pairs.map((pair) => deliveryKey(pair.eventId, pair.connector)))
    return new Set(
      items
        .filter((item) => item.status !== 'waiting')
        .map(
          (item) => `${String(item.pk).slice('EVENT#'.length)} ${String(item.sk).slice('DELIVERY#'.length)}`,
        ),
    )
  }

  // ── Object states ───────────────────────────────────────────────────────────────────────────────────────────

  async readStates(connector: string, refs: readonly ObjectRef[]): Promise<Map<string, ObjectState>> {
    const items = await this.batchGet(refs.map((ref) => this.stateKey(connector, ref)))
    return new Map(
      items.map((item) => {
        const state = toState(item)
        return [refKey(state.ref), state]
      }),
    )
  }

  /** Strongly consistent. */
  async readState(connector: string, ref: ObjectRef): Promise<ObjectState | undefined> {
    const { Item: item } = await this.db.send(
      new GetCommand({ TableName: this.table, Key: this.stateKey(connector, ref), ConsistentRead: true }),
    )
    return item ? toState(item) : undefined
  }

  /**
   * Takes the lease and clears the hash in the same write, so that a worker that dies from here on leaves an object
   * that is visibly not in step. Taking over the lease of a worker that died counts its death.
   * @param read the state as the caller knows it; the claim fails when it is no longer that.
   */
  async claim(
    connector: string,
    ref: ObjectRef,
    read: ObjectState | undefined,
    lease: { owner: string; untilMs: number },
  ): Promise<'claimed' | 'moved'> {
    const unchangedSinceRead =
      read && read.revision > 0 ? 'revision = :revision' : 'attribute_not_exists(revision)'
    const leaseIsFree = '(attribute_not_exists(leaseOwner) OR leaseUntil < :now)'
    const values: Item = {
      ':owner': lease.owner,
      ':until': lease.untilMs,
      ':now': this.clock.now(),
      ':next': (read?.revision ?? 0) + 1,
      ':type': ref.type,
      ':id': ref.id,
      ':v': ROW_VERSION,
      ':deaths': deathsAfterClaim(read),
    }
    if (read && read.revision > 0) values[':revision'] = read.revision
    return this.conditional(
      new UpdateCommand({
        TableName: this.table,
        Key: this.stateKey(connector, ref),
        UpdateExpression:
          'SET leaseOwner = :owner, leaseUntil = :until, revision = :next, objectType = :type, objectId = :id, v = :v, deaths = :deaths REMOVE #hash',
        ConditionExpression: `${unchangedSinceRead} AND ${leaseIsFree}`,
        ExpressionAttributeNames: { '#hash': 'hash' },
        ExpressionAttributeValues: values,
      }),
    ).then((outcome) => (outcome === 'done' ? 'claimed' : 'moved'))
  }

  /** Remembers records about to be written, before the vendor hears of them. */
  async intend(
    connector: string,
    ref: ObjectRef,
    owner: string,
    records: Readonly<Record<RecordKey, KnownRecord>>,
  ): Promise<'done' | 'lost'> {
    return this.conditional(
      new UpdateCommand({
        TableName: this.table,
        Key: this.stateKey(connector, ref),
        UpdateExpression: 'SET records = :records',
        ConditionExpression: 'leaseOwner = :owner',
        ExpressionAttributeValues: { ':owner': owner, ':records': records },
      }),
    )
  }

  /**
   * Records what a delivery came to and releases the lease. `waiters` is left as it stands in the table.
   * @returns the waiters found, or `lost` when somebody else holds the lease by now.
   */
  async settle(
    connector: string,
    state: ObjectState,
    owner: string,
  ): Promise<{ waiters: string[] } | 'lost'> {
    const set: Item = {
      revision: state.revision,
      records: state.records,
      v: ROW_VERSION,
    }
    const optional: Item = {
      versionCreated: state.version?.createdSeconds,
      versionRank: state.version?.rank,
      asOf: state.asOfSeconds,
      hash: state.hash,
      mapping: state.mapping,
      keep: state.keep,
      tombstoneFinal: state.tombstone?.final,
      tombstoneAt: state.tombstone?.atSeconds,
      deaths: state.deaths,
      verify: state.verify || undefined,
      verifyDue: state.verify ? state.verifyDueMs : undefined,
      trouble: state.trouble,
      customer: state.customer,
      troublePk: state.trouble && this.troublePk(connector, state.trouble.status, state.ref),
      troubleSk: state.trouble && `${new Date(state.trouble.sinceMs).toISOString()}#${refKey(state.ref)}`,
    }
    const remove = ['leaseOwner', 'leaseUntil']
    for (const [name, value] of Object.entries(optional)) {
      if (value === undefined) remove.push(name)
      else set[name] = value
    }
    const names = [...Object.keys(set), ...remove]
    try {
      const { Attributes: after } = await this.db.send(
        new UpdateCommand({
          TableName: this.table,
          Key: this.stateKey(connector, state.ref),
          UpdateExpression:
            `SET ${Object.keys(set)
              .map((name) => `#${name} = :${name}`)
              .join(', ')} ` + `REMOVE ${remove.map((name) => `#${name}`).join(', ')}`,
          ConditionExpression: 'leaseOwner = :owner',
          ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
          ExpressionAttributeValues: {
            ':owner': owner,
            ...Object.fromEntries(Object.entries(set).map(([name, value]) => [`:${name}`, value])),
          },
          ReturnValues: 'ALL_NEW',
        }),
      )
      return { waiters: toWaiters(after?.waiters) }
    } catch (error) {
      if (isConditionFailure(error)) return 'lost'
      throw error
    }
  }

  /** For a worker that finds its lease lost: whoever comes next must not trust what it sees. */
  async markForVerification(connector: string, ref: ObjectRef, dueMs: number): Promise<void> {
    await this.db.send(
      new UpdateCommand({
        TableName: this.table,
        Key: this.stateKey(connector, ref),
        UpdateExpression: 'SET verify = :true, verifyDue = :due REMOVE #hash',
        ExpressionAttributeNames: { '#hash': 'hash' },
        ExpressionAttributeValues: { ':true': true, ':due': dueMs },
      }),
    )
  }

  /** Asks to be redriven when `on` is next in step. @returns the state of `on` right after, to close the race. */
  async waitOn(connector: string, on: ObjectRef, waiter: ObjectRef): Promise<ObjectState> {
    const { Attributes: after } = await this.db.send(
      new UpdateCommand({
        TableName: this.table,
        Key: this.stateKey(connector, on),
        UpdateExpression: 'ADD waiters :waiter SET objectType = :type, objectId = :id, v = :v',
        ExpressionAttributeValues: {
          ':v': ROW_VERSION,
          ':waiter': new Set([refKey(waiter)]),
          ':type': on.type,
          ':id': on.id,
        },
        ReturnValues: 'ALL_NEW',
      }),
    )
    return toState(after ?? {})
  }

  async forgetWaiters(connector: string, on: ObjectRef, waiters: readonly string[]): Promise<void> {
    if (waiters.length === 0) return
    await this.db.send(
      new UpdateCommand({
        TableName: this.table,
        Key: this.stateKey(connector, on),
        UpdateExpression: 'DELETE waiters :waiters',
        ExpressionAttributeValues: { ':waiters': new Set(waiters) },
      }),
    )
  }

  /**
   * Objects of a connector that are parked or waiting, oldest first.
   * @param newest of each shard, where a list to look at is wanted and not all of them.
   */
  async troubled(connector: string, status: Trouble['status'], newest?: number): Promise<ObjectState[]> {
    const found: ObjectState[] = []
    for (let shard = 0; shard < TROUBLE_SHARDS; shard += 1) {
      let from: Record<string, unknown> | undefined
      do {
        const page = await this.db.send(
          new QueryCommand({
            TableName: this.table,
            IndexName: TROUBLE_INDEX,
            KeyConditionExpression: 'troublePk = :pk',
            ExpressionAttributeValues: { ':pk': `${status.toUpperCase()}#${connector}#${shard}` },
            ExclusiveStartKey: from,
            ...(newest !== undefined && { ScanIndexForward: false, Limit: newest }),
          }),
        )
        found.push(...(page.Items ?? []).map(toState))
        from = newest === undefined ? page.LastEvaluatedKey : undefined
      } while (from)
    }
    return found.sort((a, b) => (a.trouble?.sinceMs ?? 0) - (b.trouble?.sinceMs ?? 0))
  }

  /** How many objects of a connector are parked or waiting, and since when the oldest; one page a shard, and no more. */
  async countTroubled(connector: string, status: Trouble['status']): Promise<TroubleCount> {
    const shards = await Promise.all(
      Array.from({ length: TROUBLE_SHARDS }, (_, shard) =>
        this.db.send(
          new QueryCommand({
            TableName: this.table,
            IndexName: TROUBLE_INDEX,
            KeyConditionExpression: 'troublePk = :pk',
            ExpressionAttributeValues: { ':pk': `${status.toUpperCase()}#${connector}#${shard}` },
            ProjectionExpression: 'troubleSk',
            Limit: COUNTED,
          }),
        ),
      ),
    )
    const since = shards.flatMap(({ Items: items = [] }) => items.map(({ troubleSk }) => sinceOf(troubleSk)))
    return {
      count: since.length,
      isMore: shards.some(({ LastEvaluatedKey: next }) => next !== undefined),
      ...(since.length > 0 && { oldestMs: Math.min(...since) }),
    }
  }

  // ── Lanes and cursors ───────────────────────────────────────────────────────────────────────────────────────

  async readLane(connector: string): Promise<LaneRow | undefined> {
    const { Item: item } = await this.db.send(
      new GetCommand({ TableName: this.table, Key: laneKey(connector), ConsistentRead: true }),
    )
    return item && (item.lane as LaneRow)
  }

  /** A worker's pause never shortens or replaces an operator's. */
  async pauseLane(lane: LaneRow): Promise<void> {
    await this.conditional(
      new PutCommand({
        TableName: this.table,
        Item: { ...laneKey(lane.connector), v: ROW_VERSION, lane, pausedBy: lane.by },
        ...(lane.by === 'worker' && {
          ConditionExpression: 'attribute_not_exists(pausedBy) OR pausedBy = :worker',
          ExpressionAttributeValues: { ':worker': 'worker' },
        }),
      }),
    )
  }

  async resumeLane(connector: string): Promise<void> {
    await this.db.send(new DeleteCommand({ TableName: this.table, Key: laneKey(connector) }))
  }

  async readCursor(name: string): Promise<JsonObject | undefined> {
    const { Item: item } = await this.db.send(new GetCommand({ TableName: this.table, Key: cursorKey(name) }))
    return item && (item.cursor as JsonObject)
  }

  async writeCursor(name: string, cursor: JsonObject): Promise<void> {
    await this.db.send(
      new PutCommand({ TableName: this.table, Item: { ...cursorKey(name), v: ROW_VERSION, cursor } }),
    )
  }

  // ── Plumbing ────────────────────────────────────────────────────────────────────────────────────────────────

  private stateKey(connector: string, ref: ObjectRef): { pk: string; sk: string } {
    const mode = this.scope.livemode ? 'live' : 'test'
    return { pk: `OBJECT#${this.scope.account}#${mode}#${connector}#${refKey(ref)}`, sk: 'STATE' }
  }

  private troublePk(connector: string, status: Trouble['status'], ref: ObjectRef): string {
    let sum = 0
    for (const char of ref.id) sum = (sum * 31 + char.charCodeAt(0)) % 65_521
    return `${status.toUpperCase()}#${connector}#${sum % TROUBLE_SHARDS}`
  }

  private expiry(days: number): number {
    return Math.floor(this.clock.now() / 1000) + days * DAY_SECONDS
  }

  private async batchGet(keys: readonly { pk: string; sk: string }[]): Promise<Item[]> {
    const found: Item[] = []
    for (let from = 0; from < keys.length; from += 100) {
      let wanted = keys.slice(from, from + 100)
      for (let fruitless = 0; wanted.length > 0; ) {
        if (fruitless > 0) await this.waitForRoom(fruitless, 'reads of')
        const asked = wanted.length
        const answer = await this.db.send(
          new BatchGetCommand({ RequestItems: { [this.table]: { Keys: wanted } } }),
        )
        found.push(...(answer.Responses?.[this.table] ?? []))
        wanted = (answer.UnprocessedKeys?.[this.table]?.Keys ?? []) as typeof wanted
        fruitless = wanted.length < asked ? 0 : fruitless + 1
      }
    }
    return found
  }

  /** The SDK retries a call that fails, not the items that a batch left undone: those are ours to ask for again. */
  private async waitForRoom(fruitless: number, what: string): Promise<void> {
    if (fruitless > MAX_FRUITLESS) {
      throw transient(`DynamoDB is throttling ${what} the ledger.`, { code: 'LEDGER-BUSY' })
    }
    await sleep(25 * 2 ** fruitless)
  }

  private async conditional(command: UpdateCommand | PutCommand): Promise<'done' | 'lost'> {
    try {
      await (command instanceof UpdateCommand ? this.db.send(command) : this.db.send(command))
      return 'done'
    } catch (error) {
      if (isConditionFailure(error)) return 'lost'
      throw error
    }
  }
}

/** `type/id`: an object within one hub. */
export const refKey = (ref: ObjectRef): string => `${ref.type}/${ref.id}`

export function parseRefKey(key: string): ObjectRef {
  const slash = key.indexOf('/')
  return { type: key.slice(0, slash), id: key.slice(slash + 1) }
}

const eventKey = (id: string) => ({ pk: `EVENT#${id}`, sk: 'EVENT' })
const deliveryKey = (eventId: string, connector: string) => ({
  pk: `EVENT#${eventId}`,
  sk: `DELIVERY#${connector}`,
})
/** A lease that nobody released is that of a worker that died, or is as good as dead. */
export const deathsAfterClaim = (read: ObjectState | undefined): number =>
  (read?.deaths ?? 0) + (read?.lease ? 1 : 0)

/** `troubleSk` begins with the moment: '2026-10-05T09:00:00.000Z#invoice/in_1'. */
const sinceOf = (troubleSk: unknown): number => Date.parse(String(troubleSk).split('#', 1)[0] ?? '')

const laneKey = (connector: string) => ({ pk: `LANE#${connector}`, sk: 'LANE' })
const cursorKey = (name: string) => ({ pk: `CURSOR#${name}`, sk: 'CURSOR' })

function isConditionFailure(error: unknown): boolean {
  return error instanceof Error && error.name === 'ConditionalCheckFailedException'
}

function toEventRow(item: Item): EventRow {
  return {
    id: String(item.eventId),
    type: String(item.type),
    createdSeconds: Number(item.created),
    receivedAtMs: Number(item.received),
    apiVersion: typeof item.apiVersion === 'string' ? item.apiVersion : null,
    livemode: item.livemode === true,
    style: item.style === 'thin' ? 'thin' : 'snapshot',
    ...(typeof item.objectId === 'string' && {
      object: { type: String(item.objectType), id: item.objectId },
    }),
    ...(typeof item.customer === 'string' && { customer: item.customer }),
    connectors: (item.connectors ?? []) as string[],
  }
}

function toDeliveryRow(eventId: string, item: Item): DeliveryRow {
  return {
    eventId,
    connector: String(item.sk).slice('DELIVERY#'.length),
    status: item.status as DeliveryRow['status'],
    atMs: Number(item.at),
    attempts: Number(item.attempts),
    ...(typeof item.objectId === 'string' && {
      object: { type: String(item.objectType), id: item.objectId },
    }),
    ...(typeof item.errorKind === 'string' && { errorKind: item.errorKind as DeliveryRow['errorKind'] }),
    ...(typeof item.code === 'string' && { code: item.code }),
    ...(typeof item.reason === 'string' && { reason: item.reason }),
    ...(typeof item.hint === 'string' && { hint: item.hint }),
  }
}

function toState(item: Item): ObjectState {
  return {
    ref: { type: String(item.objectType), id: String(item.objectId) },
    revision: Number(item.revision ?? 0),
    records: (item.records ?? {}) as ObjectState['records'],
    waiters: toWaiters(item.waiters),
    ...(item.versionCreated !== undefined && {
      version: { createdSeconds: Number(item.versionCreated), rank: Number(item.versionRank ?? 0) },
    }),
    ...(item.asOf !== undefined && { asOfSeconds: Number(item.asOf) }),
    ...(typeof item.hash === 'string' && { hash: item.hash }),
    ...(typeof item.mapping === 'string' && { mapping: item.mapping }),
    ...(item.keep !== undefined && { keep: item.keep as JsonObject }),
    ...(item.tombstoneAt !== undefined && {
      tombstone: { final: item.tombstoneFinal === true, atSeconds: Number(item.tombstoneAt) },
    }),
    ...(typeof item.leaseOwner === 'string' && {
      lease: { owner: item.leaseOwner, untilMs: Number(item.leaseUntil) },
    }),
    ...(Number(item.deaths ?? 0) > 0 && { deaths: Number(item.deaths) }),
    ...(item.verify === true && { verify: true }),
    ...(item.verifyDue !== undefined && { verifyDueMs: Number(item.verifyDue) }),
    ...(item.trouble !== undefined && { trouble: item.trouble as Trouble }),
    ...(typeof item.customer === 'string' && { customer: item.customer }),
  }
}

function toWaiters(value: unknown): string[] {
  return value instanceof Set ? [...value].map(String).sort() : []
}
