// The hold over HTTP with the real stripe package, against a peer that knows one invoice and replays saved answers.
import { Hono } from 'hono'
import type Stripe from 'stripe'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  CallLog,
  Faults,
  faultMiddleware,
  type Listening,
  listen,
} from '../../../local/simulators/simulator.ts'
import { ManualClock } from '../../../shared/clock.ts'
import type { Connector } from '../../../shared/connector/contract.ts'
import { createStripeClient } from '../../../shared/stripe/client.ts'
import { createTaxHold } from './connector.ts'
import type { HoldContext } from './project.ts'

interface Peer {
  id: string
  object: 'invoice'
  status: string
  auto_advance: boolean
  automatic_tax: { enabled: boolean }
  metadata: Record<string, string>
}

let invoice: Peer | undefined
let refusesUpdates: boolean
let faults: Faults
let calls: CallLog
let server: Listening
let connector: Connector<Stripe.Invoice, HoldContext>

beforeEach(async () => {
  faults = new Faults()
  calls = new CallLog()
  refusesUpdates = false
  invoice = {
    id: 'in_1',
    object: 'invoice',
    status: 'draft',
    auto_advance: true,
    automatic_tax: { enabled: false },
    metadata: {},
  }
  const app = new Hono()
  app.use(
    '*',
    faultMiddleware(faults, calls, (fault) =>
      Response.json(
        {
          error: {
            type: fault.effect === 'rate_limited' ? 'invalid_request_error' : 'api_error',
            message: 'peer',
          },
        },
        { status: fault.effect === 'rate_limited' ? 429 : 500, headers: { 'retry-after': '7' } },
      ),
    ),
  )
  const missing = () =>
    Response.json({ error: { type: 'invalid_request_error', code: 'resource_missing' } }, { status: 404 })
  app.get('/v1/invoices/:id', () => (invoice ? Response.json(invoice) : missing()))
  app.get('/v1/invoices', () => Response.json({ object: 'list', data: [], has_more: false }))
  const saved = new Map<string, string>()
  app.post('/v1/invoices/:id', async (c) => {
    if (!invoice) return missing()
    if (refusesUpdates)
      return Response.json(
        { error: { type: 'invalid_request_error', code: 'invoice_not_editable' } },
        { status: 400 },
      )
    const key = c.req.header('idempotency-key') ?? ''
    const replay = saved.get(key)
    if (replay) return c.body(replay, 200, { 'content-type': 'application/json' })
    const form = new URLSearchParams(await c.req.text())
    invoice.auto_advance = form.get('auto_advance') === 'true'
    invoice.metadata.switchyard_hold = form.get('metadata[switchyard_hold]') ?? ''
    saved.set(key, JSON.stringify(invoice))
    return Response.json(invoice)
  })
  server = await listen(app)
  connector = createTaxHold({
    config: {},
    stripe: createStripeClient({ apiKey: 'rk_test_1', baseUrl: server.url }),
    clock: new ManualClock(Date.UTC(2026, 3, 1)),
  })
})
afterEach(() => server.close())

async function hold() {
  const object = invoice as unknown as Stripe.Invoice
  const ref = { type: 'invoice', id: 'in_1' }
  const [gathered] = await connector.gather([{ ref, object, keep: undefined, known: {} }])
  if (!gathered || !('context' in gathered)) throw new Error('nothing gathered')
  const [record] = connector.project(structuredClone(object), gathered.context)
  if (!record) throw new Error('nothing projected')
  const [outcome] = await connector.write('hold', [{ record, references: {}, known: undefined }])
  return { record, outcome }
}

test('a draft is held in one call, and reads back as projected; twice changes nothing', async () => {
  const { record, outcome } = await hold()
  expect(outcome).toEqual({ remoteId: 'in_1' })
  expect(invoice).toMatchObject({ auto_advance: false, metadata: { switchyard_hold: 'true' } })
  expect(calls.total).toBe(1)
  expect(await connector.read('hold', ['in_1'])).toEqual([{ remoteId: 'in_1', body: record.body }])
  await hold()
  expect(invoice).toMatchObject({ auto_advance: false, metadata: { switchyard_hold: 'true' } })
})

test('a draft that does not advance is marked, so that a release leaves it so', async () => {
  if (invoice) invoice.auto_advance = false
  const { record } = await hold()
  expect(invoice).toMatchObject({ auto_advance: false, metadata: { switchyard_hold: 'false' } })
  expect(await connector.read('hold', ['in_1'])).toEqual([{ remoteId: 'in_1', body: record.body }])
})

test('a draft switched on again by hand is held again, although Stripe knows the first key', async () => {
  await hold()
  if (invoice) invoice.auto_advance = true
  const { outcome } = await hold()
  expect(outcome).toEqual({ remoteId: 'in_1' })
  expect(invoice?.auto_advance).toBe(false)
})

test('a draft finalized or deleted meanwhile is nothing to hold', async () => {
  refusesUpdates = true
  const write = () =>
    connector.write('hold', [
      {
        record: { kind: 'hold', externalId: 'in_1', body: { held: true, former: 'true' }, requires: [] },
        references: {},
        known: undefined,
      },
    ])
  expect((await write())[0]).toMatchObject({ kind: 'permanent' })
  if (invoice) invoice.status = 'open'
  expect(await write()).toEqual([{ remoteId: 'in_1' }])
  invoice = undefined
  expect(await write()).toEqual([{ remoteId: 'in_1' }])
  expect(await connector.read('hold', ['in_1'])).toEqual([undefined])
})

test('a draft handed to Stripe’s own tax advances again as it did', async () => {
  await hold()
  const retiring = {
    key: 'hold/in_1',
    kind: 'hold',
    externalId: 'in_1',
    remoteId: 'in_1',
    ref: { type: 'invoice', id: 'in_1' },
  } as const
  expect(await connector.retire('hold', [retiring])).toEqual([{ remoteId: 'in_1' }])
  expect(invoice).toMatchObject({ auto_advance: true, metadata: { switchyard_hold: 'lifted' } })
})

test('a hold that lands after the release is taken off, but not where Stripe itself stopped collecting', async () => {
  await hold()
  const released = { held: false }
  const record = { kind: 'hold', externalId: 'in_1', body: released, requires: [] }
  const lookAndMend = async () => {
    const [standing] = await connector.read('hold', ['in_1'])
    if (!standing) throw new Error('nothing stands')
    if (JSON.stringify(standing.body) === JSON.stringify(released)) return
    await connector.write('hold', [{ record, references: {}, known: undefined, standing }])
  }
  Object.assign(invoice ?? {}, { status: 'open', auto_advance: false, attempt_count: 0 })
  const canceled = { subscription_details: { subscription: { id: 'sub_1', status: 'canceled' } } }
  Object.assign(invoice ?? {}, { parent: canceled })
  await lookAndMend()
  expect(invoice?.auto_advance).toBe(false)
  Object.assign(invoice ?? {}, { parent: null, customer: { id: 'cus_1', deleted: true } })
  await lookAndMend()
  expect(invoice?.auto_advance).toBe(false)
  Object.assign(invoice ?? {}, { customer: { id: 'cus_1' }, attempt_count: 4 })
  await lookAndMend()
  expect(invoice?.auto_advance).toBe(false)
  Object.assign(invoice ?? {}, { attempt_count: 0 })
  await lookAndMend()
  expect(invoice).toMatchObject({ auto_advance: true, metadata: { switchyard_hold: 'lifted' } })
  expect(await connector.read('hold', ['in_1'])).toEqual([{ remoteId: 'in_1', body: released }])
})

test('an ordinary release costs Stripe no call', async () => {
  await hold()
  const before = calls.total
  const record = { kind: 'hold', externalId: 'in_1', body: { held: false }, requires: [] }
  expect(await connector.write('hold', [{ record, references: {}, known: undefined }])).toEqual([
    { remoteId: 'in_1' },
  ])
  expect(calls.total).toBe(before)
})

test('failures keep their kind, and the next attempt holds', async () => {
  faults.add({ effect: 'rate_limited', times: 1 })
  expect((await hold()).outcome).toMatchObject({ kind: 'transient', code: 'STRIPE-BUSY' })
  // The stripe package itself resends once on a closed connection, even with retries off.
  faults.add({ effect: 'reset_before', times: 2 })
  expect((await hold()).outcome).toMatchObject({ kind: 'ambiguous', code: 'STRIPE-NETWORK' })
  faults.add({ effect: 'server_error', times: 3 })
  expect((await hold()).outcome).toMatchObject({ code: 'STRIPE-5XX' })
  faults.clear()
  expect((await hold()).outcome).toEqual({ remoteId: 'in_1' })
  expect(invoice?.auto_advance).toBe(false)
})
