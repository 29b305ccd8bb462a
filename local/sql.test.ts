import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { S3Client } from '@aws-sdk/client-s3'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createLake, type FetchWhole, type Lake, type LakeEntry } from '../functions/connectors/lake/lake.ts'
import { LAKE_TABLES } from '../functions/connectors/lake/tables.ts'
import { ManualClock, systemClock } from '../shared/clock.ts'
import type { Json, JsonObject } from '../shared/connector/contract.ts'
import { type HubEvent, parseEvent } from '../shared/stripe/event.ts'
import { type EmbeddedS3, startS3 } from './aws/s3.ts'
import { queryLake } from './sql.ts'

let embedded: EmbeddedS3
let s3: S3Client
let root: string
let lakes = 0

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'lake-'))
  embedded = await startS3({ clock: systemClock, root })
  s3 = new S3Client({
    region: 'eu-central-1',
    endpoint: embedded.endpoint,
    forcePathStyle: true,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  })
})

afterAll(async () => {
  s3.destroy()
  await embedded.close()
  rmSync(root, { recursive: true, force: true })
})

const START_MS = Date.UTC(2026, 9, 31, 23, 59, 50)

async function newLake(
  clock = new ManualClock(START_MS),
  fetchWhole?: FetchWhole,
): Promise<{ lake: Lake; folder: string }> {
  lakes += 1
  const bucket = `lake-${lakes}`
  await embedded.createBucket(bucket)
  return { lake: createLake({ s3, bucket, clock, fetchWhole }), folder: join(root, bucket) }
}

function makeEvent(id: string, type: string, createdSeconds: number, object: JsonObject): HubEvent {
  const parsed = parseEvent(
    JSON.stringify({
      id,
      object: 'event',
      type,
      created: createdSeconds,
      api_version: '2026-10-28.endive',
      livemode: false,
      data: { object },
    }),
  )
  if (!('event' in parsed)) throw new Error(parsed.unusable)
  return parsed.event
}

const list = (...data: Json[]): JsonObject => ({ object: 'list', has_more: false, url: '/v1/x', data })

async function fill(objects: JsonObject[]): Promise<string> {
  const { lake, folder } = await newLake()
  await lake.append(
    objects.map((object, index) => ({
      event: makeEvent(`evt_${index}`, `${object.object}.updated`, 1_793_000_000 + index, object),
      receivedAtMs: START_MS,
    })),
  )
  return folder
}

describe('the tables', () => {
  it('are all there, empty, before the first file', async () => {
    const names = [
      'events',
      'objects',
      'deleted_objects',
      'unsettled',
      ...LAKE_TABLES.map((table) => table.name),
    ]
    for (const name of names) {
      const { columns, rows } = await queryLake(join(root, 'nothing-here'), `SELECT * FROM ${name}`)
      expect(rows).toEqual([])
      expect(columns.length).toBeGreaterThan(4)
    }
  })

  it('show invoices and their lines with exact amounts, ids of expanded objects and UTC times', async () => {
    const folder = await fill([
      {
        id: 'in_1',
        object: 'invoice',
        number: 'INV-0042',
        status: 'paid',
        currency: 'eur',
        customer: { id: 'cus_1', object: 'customer' },
        subtotal: 9_007_199_254_740_991,
        total: 11_900,
        total_excluding_tax: 10_000,
        amount_due: 11_900,
        amount_paid: 11_900,
        amount_remaining: 0,
        created: 1_793_000_000,
        due_date: null,
        status_transitions: { paid_at: 1_793_000_001 },
        parent: { type: 'subscription_details', subscription_details: { subscription: 'sub_1' } },
        lines: list(
          {
            id: 'il_1',
            amount: 10_000,
            currency: 'eur',
            quantity: 3,
            period: { start: 1_793_000_000, end: 1_795_000_000 },
            parent: {
              type: 'subscription_item_details',
              subscription_item_details: {
                subscription: 'sub_1',
                subscription_item: 'si_1',
                proration: true,
              },
            },
            pricing: {
              price_details: { price: 'price_1', product: 'prod_1' },
              type: 'price_details',
              unit_amount_decimal: '3333.333333333333',
            },
          },
          { id: 'il_2', amount: -100, currency: 'eur', quantity: null, pricing: null },
        ),
      },
    ])
    const invoices = await queryLake(
      folder,
      `SELECT id, number, status, customer_id, subscription_id, subtotal, total, tax, amount_paid, created, due_date,
        status_transitions_paid_at FROM invoices`,
    )
    expect(invoices.rows).toEqual([
      {
        id: 'in_1',
        number: 'INV-0042',
        status: 'paid',
        customer_id: 'cus_1',
        subscription_id: 'sub_1',
        subtotal: 9_007_199_254_740_991n,
        total: 11_900n,
        tax: 1_900n,
        amount_paid: 11_900n,
        created: '2026-10-26T07:33:20.000Z',
        due_date: null,
        status_transitions_paid_at: '2026-10-26T07:33:21.000Z',
      },
    ])
    const lines = await queryLake(
      folder,
      `SELECT id, invoice_id, customer_id, price_id, product_id, subscription_item_id, proration, quantity, amount,
        unit_amount_decimal, period_end FROM invoice_line_items ORDER BY id`,
    )
    expect(lines.rows).toEqual([
      {
        id: 'il_1',
        invoice_id: 'in_1',
        customer_id: 'cus_1',
        price_id: 'price_1',
        product_id: 'prod_1',
        subscription_item_id: 'si_1',
        proration: true,
        quantity: 3n,
        amount: 10_000n,
        unit_amount_decimal: '3333.333333333333',
        period_end: '2026-11-18T11:06:40.000Z',
      },
      {
        id: 'il_2',
        invoice_id: 'in_1',
        customer_id: 'cus_1',
        price_id: null,
        product_id: null,
        subscription_item_id: null,
        proration: null,
        quantity: null,
        amount: -100n,
        unit_amount_decimal: null,
        period_end: null,
      },
    ])
  })

  it('show subscriptions with their items, and money of every other kind', async () => {
    const folder = await fill([
      {
        id: 'sub_1',
        object: 'subscription',
        status: 'active',
        customer: 'cus_1',
        items: list({
          id: 'si_1',
          quantity: 2,
          current_period_end: 1_793_000_000,
          price: {
            id: 'price_1',
            product: 'prod_1',
            currency: 'kwd',
            unit_amount: 1_230,
            recurring: { interval: 'month' },
          },
        }),
      },
      {
        id: 'cn_1',
        object: 'credit_note',
        invoice: 'in_1',
        total: 50,
        total_excluding_tax: 42,
        lines: list(),
      },
      { id: 're_1', object: 'refund', charge: { id: 'ch_1' }, amount: 50, status: 'failed' },
      {
        id: 'inpay_1',
        object: 'invoice_payment',
        amount_paid: 7,
        payment: { type: 'charge', charge: 'ch_1' },
      },
      { id: 'po_1', object: 'payout', amount: -3, arrival_date: 1_793_000_000 },
      { id: 'txi_1', object: 'tax_id', customer: 'cus_1', verification: { status: 'pending' } },
    ])
    const one = async (sql: string) => (await queryLake(folder, sql)).rows
    expect(
      await one(
        'SELECT subscription_id, price_id, price_product_id, price_unit_amount, quantity FROM subscription_items',
      ),
    ).toEqual([
      {
        subscription_id: 'sub_1',
        price_id: 'price_1',
        price_product_id: 'prod_1',
        price_unit_amount: 1_230n,
        quantity: 2n,
      },
    ])
    expect(await one('SELECT invoice_id, total, tax FROM credit_notes')).toEqual([
      { invoice_id: 'in_1', total: 50n, tax: 8n },
    ])
    expect(await one('SELECT charge_id, amount FROM refunds')).toEqual([{ charge_id: 'ch_1', amount: 50n }])
    expect(await one('SELECT payment_charge_id, amount_paid FROM invoice_payments')).toEqual([
      { payment_charge_id: 'ch_1', amount_paid: 7n },
    ])
    expect(await one('SELECT amount, arrival_date FROM payouts')).toEqual([
      { amount: -3n, arrival_date: '2026-10-26T07:33:20.000Z' },
    ])
    expect(await one('SELECT customer_id, verification_status FROM customer_tax_ids')).toEqual([
      { customer_id: 'cus_1', verification_status: 'pending' },
    ])
  })

  it('keep a delete final, and let a product come back', async () => {
    const { lake, folder } = await newLake()
    const at = 1_793_000_000
    const events = [
      makeEvent('evt_1', 'customer.deleted', at, { id: 'cus_1', object: 'customer' }),
      makeEvent('evt_2', 'customer.updated', at, { id: 'cus_1', object: 'customer', name: 'late' }),
      makeEvent('evt_3', 'product.deleted', at, { id: 'gold', object: 'product' }),
      makeEvent('evt_4', 'product.created', at + 1, { id: 'gold', object: 'product', name: 'Gold again' }),
    ]
    await lake.append(events.map((event) => ({ event, receivedAtMs: START_MS })))
    // Read in the second of the delete, but before it.
    const stale = { object: { id: 'cus_1', object: 'customer', name: 'stale' }, asOfSeconds: at + 1 }
    const again = events[1]
    if (!again) throw new Error('four events')
    await lake.append([{ event: again, receivedAtMs: START_MS + 1, observation: stale }])
    expect((await queryLake(folder, 'SELECT id FROM customers')).rows).toEqual([])
    expect((await queryLake(folder, 'SELECT object_type, id FROM deleted_objects')).rows).toEqual([
      { object_type: 'customer', id: 'cus_1' },
    ])
    expect((await queryLake(folder, 'SELECT name FROM products')).rows).toEqual([{ name: 'Gold again' }])
  })

  it('can be read only', async () => {
    const folder = await fill([{ id: 'cus_1', object: 'customer' }])
    const refused = async (sql: string) => expect(queryLake(folder, sql)).rejects.toThrow()
    await refused(`COPY (SELECT 1) TO '${folder}/events/x.parquet'`)
    await refused("SELECT * FROM read_text('/etc/hostname')")
    await refused('SELECT 1; DROP VIEW events')
    expect((await queryLake(folder, 'SELECT count(*) AS n FROM Customers')).rows).toEqual([{ n: 1n }])
  })
})

/**
 * Customers that change, several times a second, and are sometimes deleted; every change is an event, delivered once
 * or twice, up to five seconds late. Batches are cut by time, and fetches read the state of their own moment.
 */
const changes = fc.array(
  fc.record({
    object: fc.integer({ min: 1, max: 2 }),
    afterMs: fc.integer({ min: 0, max: 400 }),
    kind: fc.constantFrom(...Array<string>(9).fill('updated'), 'deleted'),
    delaysMs: fc.array(fc.oneof(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 5_000 })), {
      minLength: 1,
      maxLength: 2,
    }),
  }),
  { minLength: 1, maxLength: 30, size: 'max' },
)

interface Change {
  atMs: number
  id: string
  state: JsonObject
}

function playHistory(drawn: typeof changes extends fc.Arbitrary<infer T> ? T : never) {
  const history: Change[] = []
  const deliveries: LakeEntry[] = []
  const deleted = new Set<string>()
  let atMs = START_MS
  for (const [index, { object, afterMs, kind, delaysMs }] of drawn.entries()) {
    atMs += afterMs
    const id = `cus_${object}`
    if (deleted.has(id)) continue
    if (kind === 'deleted') deleted.add(id)
    const name = `name ${index}`
    const state: JsonObject =
      kind === 'deleted' ? { id, object: 'customer', deleted: true } : { id, object: 'customer', name }
    history.push({ atMs, id, state })
    const payload: JsonObject = kind === 'deleted' ? { id, object: 'customer', name: 'as it was' } : state
    const event = makeEvent(`evt_${index}`, `customer.${kind}`, Math.floor(atMs / 1000), payload)
    for (const delayMs of delaysMs) deliveries.push({ event, receivedAtMs: atMs + delayMs })
  }
  deliveries.sort((a, b) => a.receivedAtMs - b.receivedAtMs)
  return { history, deliveries, endMs: atMs + 10_000 }
}

const stateAt = (history: readonly Change[], id: string, atMs: number): JsonObject | undefined =>
  history.findLast((change) => change.id === id && change.atMs <= atMs)?.state

describe('newest state', () => {
  it('after a fetch: an event of the next second wins, and whatever is of its own second is doubtful', async () => {
    const { lake, folder } = await newLake()
    const at = Math.floor(START_MS / 1000)
    const named = (id: string, second: number, object: string, name: string) =>
      makeEvent(id, 'customer.updated', second, { id: object, object: 'customer', name })
    const observed = (id: string, name: string) => ({
      object: { id, object: 'customer', name },
      asOfSeconds: at + 1,
    })
    const deliver = (event: HubEvent, atMs: number, observation?: LakeEntry['observation']) =>
      lake.append([{ event, receivedAtMs: START_MS + atMs, observation }])
    const first = named('evt_1', at, 'cus_next', 'old')
    await deliver(first, 100, observed('cus_next', 'fetched'))
    await deliver(named('evt_2', at + 1, 'cus_next', 'next second'), 1_100)
    await deliver(named('evt_3', at, 'cus_same', 'old'), 100, observed('cus_same', 'fetched'))
    await deliver(named('evt_4', at, 'cus_same', 'same second'), 200)
    const repeated = named('evt_5', at, 'cus_repeat', 'old')
    await deliver(repeated, 100, observed('cus_repeat', 'fetched'))
    await lake.append([
      { event: repeated, receivedAtMs: START_MS + 300 },
      { event: named('evt_6', at - 9, 'cus_repeat', 'older'), receivedAtMs: START_MS + 300 },
    ])
    expect((await queryLake(folder, 'SELECT id, name FROM customers ORDER BY id')).rows).toEqual([
      { id: 'cus_next', name: 'next second' },
      { id: 'cus_repeat', name: 'fetched' },
      { id: 'cus_same', name: 'fetched' },
    ])
    expect((await queryLake(folder, 'SELECT object_id, reason FROM unsettled ORDER BY 1')).rows).toEqual([
      { object_id: 'cus_next', reason: 'tie' },
      { object_id: 'cus_repeat', reason: 'late' },
      { object_id: 'cus_same', reason: 'late' },
    ])
  })

  it('is what Stripe has, for every object that is not listed as unsettled, and for all once those are observed', async () => {
    let unsettledSeen = 0
    const property = fc.asyncProperty(
      changes,
      fc.constantFrom(100, 400, 3_000),
      fc.boolean(),
      async (drawn, batchMs, fetches) => {
        const { history, deliveries, endMs } = playHistory(drawn)
        const clock = new ManualClock(START_MS)
        let reachable = fetches
        const { lake, folder } = await newLake(clock, async ({ id }) => {
          const object = reachable ? stateAt(history, id, clock.now()) : undefined
          return object && { object, asOfSeconds: Math.floor(clock.now() / 1000) + 1 }
        })
        const batches = Map.groupBy(
          deliveries,
          ({ receivedAtMs }) => Math.ceil(receivedAtMs / batchMs) * batchMs,
        )
        for (const [batchEndMs, batch] of batches) {
          clock.advance(batchEndMs - clock.now())
          await lake.append(batch)
        }
        const ids = [...new Set(history.map(({ id }) => id))].sort()
        const truth = ids.flatMap((id) => {
          const name = stateAt(history, id, endMs)?.name
          return typeof name === 'string' ? [{ id, name }] : []
        })
        const doubtful = await queryLake(folder, 'SELECT object_id FROM unsettled')
        const unsettled = new Set(doubtful.rows.map((row) => String(row.object_id)))
        unsettledSeen += unsettled.size
        const certain = (rows: { id: unknown }[]) => rows.filter(({ id }) => !unsettled.has(String(id)))
        const customers = async () =>
          (await queryLake(folder, 'SELECT id, name FROM customers ORDER BY id')).rows
        expect(certain((await customers()) as { id: unknown }[])).toEqual(certain(truth))

        clock.advance(endMs - clock.now())
        reachable = true
        const of = { livemode: false, account: null }
        await lake.observe([...unsettled].map((id) => ({ ref: { type: 'customer', id }, ...of })))
        expect(await customers()).toEqual(truth)
        expect((await queryLake(folder, 'SELECT * FROM unsettled')).rows).toEqual([])
        const counted = await queryLake(
          folder,
          'SELECT count(*) AS n, count(DISTINCT event_id) AS ids FROM events',
        )
        expect(counted.rows).toEqual([{ n: BigInt(history.length), ids: BigInt(history.length) }])
      },
    )
    await fc.assert(property, { numRuns: 20 })
    expect(unsettledSeen).toBeGreaterThan(0)
  }, 120_000)
})
