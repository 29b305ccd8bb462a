import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { zstdDecompressSync } from 'node:zlib'
import { S3Client } from '@aws-sdk/client-s3'
import { parquetReadObjects } from 'hyparquet'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ManualClock } from '../../../shared/clock.ts'
import type { JsonObject } from '../../../shared/connector/contract.ts'
import { transient } from '../../../shared/errors.ts'
import { type HubEvent, parseEvent } from '../../../shared/stripe/event.ts'
import { createFetchWhole, createLake, type FetchWhole } from './lake.ts'

const NOON_MS = Date.UTC(2026, 9, 31, 12)

let server: Server
let s3: S3Client
const stored = new Map<string, Uint8Array>()
let answerStatus: number

beforeEach(async () => {
  stored.clear()
  answerStatus = 200
  server = createServer(async (request, response) => {
    const chunks: Uint8Array[] = []
    for await (const chunk of request) chunks.push(chunk)
    if (answerStatus === 200) {
      stored.set(decodeURIComponent(new URL(request.url ?? '', 'http://s3').pathname), Buffer.concat(chunks))
      response.writeHead(200, { etag: '"0"' }).end()
      return
    }
    const code = answerStatus === 403 ? 'AccessDenied' : 'SlowDown'
    response.writeHead(answerStatus, { 'content-type': 'application/xml' })
    response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message></Error>`)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  s3 = new S3Client({
    region: 'eu-central-1',
    endpoint: `http://127.0.0.1:${port}`,
    forcePathStyle: true,
    maxAttempts: 1,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  })
})

afterEach(() => {
  s3.destroy()
  server.close()
})

const lakeWith = (fetchWhole?: FetchWhole) =>
  createLake({ s3, bucket: 'lake', clock: new ManualClock(NOON_MS), fetchWhole })

function makeEvent(
  id: string,
  type: string,
  createdSeconds: number,
  object: JsonObject,
  more: JsonObject = {},
): HubEvent {
  const parsed = parseEvent(
    JSON.stringify({
      id,
      object: 'event',
      type,
      created: createdSeconds,
      api_version: '2026-10-28.endive',
      livemode: false,
      data: { object },
      ...more,
    }),
  )
  if (!('event' in parsed)) throw new Error(parsed.unusable)
  return parsed.event
}

const customer = (name: string): JsonObject => ({ id: 'cus_1', object: 'customer', name })

const invoice = (lines: number[], hasMore: boolean, status = 'open'): JsonObject => ({
  id: 'in_1',
  object: 'invoice',
  customer: 'cus_1',
  status,
  subtotal: 300,
  lines: {
    object: 'list',
    has_more: hasMore,
    url: '/v1/invoices/in_1/lines',
    data: lines.map((amount, index) => ({ id: `il_${index}`, amount })),
  },
})

function bytesOf(key: string | undefined): Uint8Array {
  const bytes = stored.get(`/lake/${key}`)
  if (!bytes) throw new Error(`${key} is not among ${[...stored.keys()].join(', ')}`)
  return bytes
}

async function readFile(key: string | undefined): Promise<Record<string, unknown>[]> {
  const file = new Uint8Array(bytesOf(key)).buffer
  return parquetReadObjects({ file, compressors: { ZSTD: (input) => zstdDecompressSync(input) } })
}

describe('append', () => {
  it('writes every column of an event, typed', async () => {
    const event = makeEvent('evt_1', 'customer.updated', 1_793_000_000, customer('Zoë 🧾'), {
      account: 'acct_9',
    })
    const { files } = await lakeWith().append([{ event, receivedAtMs: NOON_MS }])
    expect(files).toHaveLength(1)
    expect(await readFile(files[0]?.key)).toEqual([
      {
        event_id: 'evt_1',
        type: 'customer.updated',
        object_type: 'customer',
        object_id: 'cus_1',
        customer_id: 'cus_1',
        created: new Date('2026-10-26T07:33:20Z'),
        created_s: 1_793_000_000n,
        rank: 1,
        deleted: false,
        whole: true,
        api_version: '2026-10-28.endive',
        livemode: false,
        account: 'acct_9',
        arrived: new Date('2026-10-31T12:00:00Z'),
        source: 'snapshot',
        data: '{"id":"cus_1","object":"customer","name":"Zoë 🧾"}',
        event: JSON.stringify(event.raw),
      },
    ])
  })

  it('gives the same file, byte for byte, for the same batch in another order and with repeats', async () => {
    const entries = ['evt_b', 'evt_a', 'evt_c'].map((id, index) => ({
      event: makeEvent(id, 'customer.updated', 1_793_000_000 + index, { ...customer(id), id: `cus_${id}` }),
      receivedAtMs: NOON_MS + index,
    }))
    const [first, second, third] = entries
    if (!first || !second || !third) throw new Error('three entries')
    const one = await lakeWith().append([first, second, third])
    const key = one.files[0]?.key
    const bytes = bytesOf(key)
    stored.clear()
    const two = await lakeWith().append([third, first, second, { ...first, receivedAtMs: NOON_MS + 9 }])
    expect(two.files.map((file) => file.key)).toEqual([key])
    expect(bytesOf(key)).toEqual(bytes)
    expect(key).toMatch(/^events\/dt=2026-10-31\/evt_a-[0-9a-f]{16}\.parquet$/)
    expect(one.files[0]?.rows).toBe(3)
  })

  it('puts each event into the day of its arrival, in UTC', async () => {
    const beforeMidnight = Date.UTC(2026, 9, 30, 23, 59, 59, 999)
    const { files } = await lakeWith().append([
      { event: makeEvent('evt_2', 'a.b', 1, { object: 'balance' }), receivedAtMs: beforeMidnight + 1 },
      { event: makeEvent('evt_1', 'a.b', 1, { object: 'balance' }), receivedAtMs: beforeMidnight },
    ])
    expect(files.map(({ key }) => key.slice(0, 27))).toEqual([
      'events/dt=2026-10-30/evt_1-',
      'events/dt=2026-10-31/evt_2-',
    ])
  })

  it('appends what Stripe answers beside an invoice whose lines are cut, and beside a tie', async () => {
    const asked: string[] = []
    const lake = lakeWith(async ({ type, id }) => {
      asked.push(`${type}/${id}`)
      const object = type === 'invoice' ? invoice([100, 200], false) : customer('as fetched')
      return { object, asOfSeconds: 1_793_448_001 }
    })
    const { files, observed } = await lake.append([
      {
        event: makeEvent('evt_1', 'invoice.finalized', 1_793_000_000, invoice([100], true)),
        receivedAtMs: NOON_MS,
      },
      { event: makeEvent('evt_2', 'customer.updated', 1_793_000_000, customer('a')), receivedAtMs: NOON_MS },
      { event: makeEvent('evt_3', 'customer.updated', 1_793_000_000, customer('b')), receivedAtMs: NOON_MS },
    ])
    expect(asked.sort()).toEqual(['customer/cus_1', 'invoice/in_1'])
    expect(observed).toBe(2)
    expect(files).toHaveLength(1)
    const rows = await readFile(files[0]?.key)
    expect(rows.map((row) => [row.event_id, row.source, row.whole])).toEqual([
      ['evt_1', 'snapshot', false],
      ['evt_2', 'snapshot', true],
      ['evt_3', 'snapshot', true],
      ['obs_cus_1_1793448001', 'observation', true],
      ['obs_in_1_1793448001', 'observation', true],
    ])
    expect(JSON.parse(String(rows[4]?.data)).lines.data).toHaveLength(2)
  })

  it('asks about an id that was deleted and made again in the same second: its payloads may even be equal', async () => {
    const product = { id: 'prod_1', object: 'product', name: 'Usage' }
    const lake = lakeWith(async () => ({ object: product, asOfSeconds: 1_793_448_001 }))
    const { observed } = await lake.append(
      ['product.created', 'product.deleted', 'product.created'].map((type, index) => ({
        event: makeEvent(`evt_${index}`, type, 1_793_000_000, product),
        receivedAtMs: NOON_MS - index,
      })),
    )
    expect(observed).toBe(1)
  })

  it('asks nothing where the payload is certain: other rank, same payload, older row cut, another account', async () => {
    const lake = lakeWith(async ({ id }) => {
      throw new Error(`asked for ${id}`)
    })
    const at = 1_793_000_000
    const { unobserved } = await lake.append(
      [
        makeEvent('evt_1', 'invoice.created', at, invoice([100], true, 'draft')),
        makeEvent('evt_2', 'invoice.finalized', at, invoice([100, 200], false, 'open')),
        makeEvent('evt_3', 'invoice.paid', at, invoice([100, 200], false, 'paid')),
        makeEvent('evt_4', 'invoice.payment_succeeded', at, invoice([100, 200], false, 'paid')),
        makeEvent('evt_5', 'customer.created', at, customer('a')),
        makeEvent('evt_6', 'customer.updated', at, customer('b')),
        makeEvent('evt_7', 'customer.deleted', at, customer('b')),
        makeEvent('evt_8', 'customer.updated', at, customer('c'), { account: 'acct_9' }),
        makeEvent('evt_9', 'customer.updated', at, customer('d'), { account: 'acct_9' }),
      ].map((event) => ({ event, receivedAtMs: NOON_MS })),
    )
    expect(unobserved).toEqual([
      { ref: { type: 'customer', id: 'cus_1' }, why: 'not read by the hub', isAskedAgain: false },
    ])
  })

  it('dates an answer by the moment of asking: an event that arrives meanwhile may be news to it', async () => {
    const clock = new ManualClock(NOON_MS)
    const fetchWhole: FetchWhole = async () => {
      clock.advance(400)
      return { object: customer('as fetched'), asOfSeconds: NOON_MS / 1000 + 1 }
    }
    const lake = createLake({ s3, bucket: 'lake', clock, fetchWhole })
    const { files } = await lake.observe([
      { ref: { type: 'customer', id: 'cus_1' }, livemode: false, account: null },
    ])
    const [row] = await readFile(files[0]?.key)
    expect(row?.arrived).toEqual(new Date(NOON_MS))
  })

  it('asks for a payload at another API version, and for a thin event without one', async () => {
    const asked: string[] = []
    const lake = lakeWith(async ({ id }) => {
      asked.push(id)
      return undefined
    })
    const thin = parseEvent(
      JSON.stringify({
        id: 'evt_2',
        object: 'v2.core.event',
        type: 'v1.invoice.paid',
        created: '2026-10-31T11:59:59.500Z',
        livemode: false,
        related_object: { id: 'in_2', type: 'invoice', url: '/v1/invoices/in_2' },
      }),
    )
    if (!('event' in thin)) throw new Error(thin.unusable)
    const old = makeEvent('evt_1', 'customer.updated', 1, customer('a'), { api_version: '2022-11-15' })
    const { files, unobserved } = await lake.append(
      [old, thin.event].map((event) => ({ event, receivedAtMs: NOON_MS })),
    )
    expect(asked).toEqual(['cus_1', 'in_2'])
    const notThere = { why: 'not in Stripe, or of a type the hub does not read', isAskedAgain: false }
    expect(unobserved).toMatchObject([notThere, notThere])
    const rows = await readFile(files[0]?.key)
    expect(rows[1]).toMatchObject({
      event_id: 'evt_2',
      type: 'invoice.paid',
      source: 'thin',
      object_id: 'in_2',
      data: null,
    })
  })

  it('loses no event when the fetch fails', async () => {
    const lake = lakeWith(async () => {
      throw transient('Stripe asks to slow down.', { code: 'STRIPE-BUSY' })
    })
    const event = makeEvent('evt_1', 'invoice.finalized', 1_793_000_000, invoice([100], true))
    const { files, unobserved } = await lake.append([{ event, receivedAtMs: NOON_MS }])
    expect(unobserved).toEqual([
      { ref: { type: 'invoice', id: 'in_1' }, why: 'STRIPE-BUSY', isAskedAgain: true },
    ])
    expect((await readFile(files[0]?.key)).map((row) => row.event_id)).toEqual(['evt_1'])
  })

  it.each([
    [503, 'transient', 'LAKE-S3'],
    [403, 'credential', 'LAKE-S3-DENIED'],
  ])('acknowledges nothing when S3 answers %i', async (status, kind, code) => {
    answerStatus = status
    const event = makeEvent('evt_1', 'customer.updated', 1, customer('a'))
    await expect(lakeWith().append([{ event, receivedAtMs: NOON_MS }])).rejects.toMatchObject({ kind, code })
  })
})

describe('createFetchWhole', () => {
  it('turns a deleted object into a deletion, a missing one into nothing, and skips types the hub does not read', async () => {
    const fetchWhole = createFetchWhole({
      canRead: (type) => type !== 'balance',
      fetch: async ({ id }) =>
        id === 'cus_gone' ? { gone: 'deleted', asOfSeconds: 9 } : { gone: 'not-found', asOfSeconds: 0 },
    })
    expect(await fetchWhole({ type: 'customer', id: 'cus_gone' })).toEqual({
      object: { id: 'cus_gone', object: 'customer', deleted: true },
      asOfSeconds: 9,
    })
    expect(await fetchWhole({ type: 'customer', id: 'cus_never' })).toBeUndefined()
    expect(await fetchWhole({ type: 'balance', id: 'x' })).toBeUndefined()
  })
})
