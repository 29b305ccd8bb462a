import { generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createNetSuiteSimulator } from '../../simulators/netsuite/netsuite.ts'
import type { Listening } from '../../simulators/simulator.ts'
import { readNetSuite, signIn } from './netsuite.ts'
import type { Reading } from './reading.ts'

const NOW_MS = Date.UTC(2026, 10, 1)
const CLIENT = { clientId: 'demo', certificateId: 'certificate' }
const TAX_ITEM = '808'

let server: Listening
let token: string
let reading: Reading
let journaling: Reading

async function post(path: string, body: Record<string, unknown>): Promise<void> {
  const answer = await fetch(`${server.url}/services/rest/record/v1/${path}`, {
    method: path.includes('eid:') ? 'PUT' : 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'X-NetSuite-PropertyNameValidation': 'Error',
    },
    body: JSON.stringify(body),
  })
  if (answer.status !== 204) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
}

const EUR = { currency: { id: '2' } }
const items = (net: number, tax = 0) => ({
  item: {
    items: [
      { item: { id: '801' }, amount: net },
      ...(tax === 0 ? [] : [{ item: { id: TAX_ITEM }, amount: tax }]),
    ],
  },
})
const to = (externalId: string, amount: number) => ({
  apply: { items: [{ doc: { externalId }, apply: true, amount }] },
})
const entity = { entity: { externalId: 'cus_1' }, ...EUR }
const invoice = (id: string, net: number, tax: number) =>
  post(`invoice/eid:${id}?replace=item`, { ...entity, ...items(net, tax) })
const memo = (id: string, net: number, tax: number, applied = {}) =>
  post(`creditMemo/eid:${id}?replace=item`, { ...entity, ...items(net, tax), ...applied })

beforeAll(async () => {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const simulator = createNetSuiteSimulator({
    now: () => NOW_MS,
    clients: { m2m: [{ ...CLIENT, publicKey: keys.publicKey }] },
  })
  server = await simulator.listen()
  const access = {
    baseUrl: server.url,
    ...CLIENT,
    privateKey: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    now: () => NOW_MS,
    taxItems: [TAX_ITEM],
  }
  token = await signIn(access)
  for (let index = 0; index <= 200; index += 1) {
    await post(`customer/eid:cus_${index}`, {
      companyName: `Customer ${index}`,
      subsidiary: { id: '2' },
      ...EUR,
      isInactive: index === 200,
    })
  }
  await post('customer/eid:walk-in', { companyName: 'Not of Stripe', subsidiary: { id: '2' }, ...EUR })
  await invoice('in_paid', 100.1, 19.02)
  const customer = { customer: { externalId: 'cus_1' }, ...EUR }
  await post('customerPayment/eid:inpay_1', {
    ...customer,
    account: { id: '122' },
    payment: 119.12,
    ...to('in_paid', 119.12),
  })
  await memo('cn_1', 50, 9.5)
  await post('customerRefund/eid:re_1', { ...customer, account: { id: '122' }, ...to('cn_1', 59.5) })
  await invoice('in_void', 10, 0)
  await memo('in_void-void', 10, 0, to('in_void', 10))
  await invoice('in_lost', 20, 0)
  await memo('in_lost-writeoff', 15, 0, to('in_lost', 15))
  await memo('in_lost-reversal', 1, 0)
  await post('creditMemo', { ...entity, ...items(2) })
  await post('journalEntry/eid:revrec-2-EUR-2026-10-1', {
    subsidiary: { id: '2' },
    ...EUR,
    line: {
      items: [
        { account: { id: '212' }, debit: 100.1 },
        { account: { id: '411' }, credit: 100.1 },
      ],
    },
  })
  reading = await readNetSuite(access, new Map())
  journaling = await readNetSuite({ ...access, journalsRevenue: true }, new Map())
})

afterAll(() => server.close())

it("reads past the first page, and only Stripe's customers", () => {
  expect(reading.customers?.size).toBe(201)
  expect(reading.customers?.get('cus_199')).toEqual({ state: 'alive' })
  expect(reading.customers?.get('cus_200')).toEqual({ state: 'deleted' })
})

it('reads invoices with their tax lines and what is open', () => {
  const facts = { currency: 'EUR', customer: 'cus_1', issued: true }
  expect([...reading.invoices]).toEqual([
    ['in_paid', { ...facts, totalMinor: 11912n, taxMinor: 1902n, openMinor: 0n }],
    ['in_void', { ...facts, totalMinor: 1000n, taxMinor: 0n, openMinor: 0n }],
    ['in_lost', { ...facts, totalMinor: 2000n, taxMinor: 0n, openMinor: 500n }],
  ])
})

it('tells credit notes, voids and write-offs apart, and names what is none of them', () => {
  const facts = { currency: 'EUR', customer: 'cus_1' }
  expect([...(reading.creditNotes ?? [])]).toEqual([
    ['cn_1', { ...facts, amountMinor: 5950n, taxMinor: 950n }],
  ])
  expect([...(reading.voids ?? [])]).toEqual([['in_void', { ...facts, amountMinor: 1000n }]])
  expect([...(reading.writeOffs ?? [])]).toEqual([['in_lost', { ...facts, amountMinor: 1500n }]])
  expect(reading.strangers).toEqual([
    'CustCred in_lost-reversal',
    'CustCred without an external id (internal id 10010)',
    'Journal revrec-2-EUR-2026-10-1',
  ])
})

it('knows journals of revenue where the hub posts them, and nothing less beside', () => {
  expect(journaling.strangers).toEqual([
    'CustCred in_lost-reversal',
    'CustCred without an external id (internal id 10010)',
  ])
  expect(journaling.totals).toEqual(reading.totals)
})

it('reads payments with the invoice that they settle, and refunds', () => {
  expect([...(reading.payments ?? [])]).toEqual([
    ['inpay_1', { currency: 'EUR', amountMinor: 11912n, customer: 'cus_1', invoice: 'in_paid' }],
  ])
  expect([...(reading.refunds ?? [])]).toEqual([
    ['re_1', { currency: 'EUR', amountMinor: 5950n, customer: 'cus_1' }],
  ])
})

it('adds up without voids and write-offs', () => {
  expect(reading.totals).toEqual({
    EUR: {
      invoicedMinor: 14912n,
      taxMinor: 1902n,
      paidMinor: 11912n,
      refundedMinor: 5950n,
      creditedMinor: 5950n,
    },
  })
})
