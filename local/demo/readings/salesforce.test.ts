import { afterAll, beforeAll, expect, it } from 'vitest'
import { createSalesforceSimulator } from '../../simulators/salesforce/server.ts'
import type { Listening } from '../../simulators/simulator.ts'
import type { Reading } from './reading.ts'
import { readSalesforce } from './salesforce.ts'

const SECRET = { clientId: 'demo', clientSecret: 'secret' }
type Row = Record<string, unknown> & { Stripe_Id__c: string }

let server: Listening
let token: string
let reading: Reading

async function upsert(object: string, rows: Row[]): Promise<void> {
  for (let start = 0; start < rows.length; start += 200) {
    const records = rows.slice(start, start + 200).map((row) => ({
      attributes: { type: object },
      Name: row.Stripe_Id__c,
      ...row,
    }))
    const answer = await fetch(
      `${server.url}/services/data/v65.0/composite/sobjects/${object}/Stripe_Id__c`,
      {
        method: 'PATCH',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ allOrNone: true, records }),
      },
    )
    const results = (await answer.json()) as { success: boolean }[]
    if (!results.every(({ success }) => success)) throw new Error(JSON.stringify(results))
  }
}

const CUSTOMER = { Customer__r: { Stripe_Id__c: 'cus_0' } }
const INVOICE = { Invoice__r: { Stripe_Id__c: 'in_paid' } }
const AMOUNTS = { Currency__c: 'KWD', Total__c: '12.34', Tax__c: '1.23', Amount_Paid__c: '12.34' }

beforeAll(async () => {
  const simulator = createSalesforceSimulator({ now: () => Date.UTC(2026, 10, 1), ...SECRET })
  server = await simulator.listen()
  const granted = await fetch(`${server.url}/services/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: 'demo',
      client_secret: 'secret',
    }),
  })
  token = ((await granted.json()) as { access_token: string }).access_token
  await upsert(
    'Stripe_Customer__c',
    Array.from({ length: 2001 }, (_, index) => ({
      Stripe_Id__c: `cus_${index}`,
      Deleted__c: index === 2000,
    })),
  )
  await upsert('Stripe_Subscription__c', [{ Stripe_Id__c: 'sub_1', Status__c: 'past_due', ...CUSTOMER }])
  const rest = { Amount_Remaining__c: 0, Credited__c: '5.01', ...CUSTOMER }
  await upsert('Stripe_Invoice__c', [
    {
      Stripe_Id__c: 'in_paid',
      Status__c: 'paid',
      Finalized_At__c: '2026-10-01T00:00:00Z',
      ...AMOUNTS,
      ...rest,
    },
    { Stripe_Id__c: 'in_draft', Status__c: 'draft', ...AMOUNTS, ...rest },
    { Stripe_Id__c: 'in_deleted', Status__c: 'draft', Deleted__c: true, ...AMOUNTS, ...rest },
  ])
  const paid = { Currency__c: 'KWD', Amount__c: '12.34', ...INVOICE, ...CUSTOMER }
  await upsert('Stripe_Payment__c', [
    { Stripe_Id__c: 'inpay_1', Status__c: 'paid', ...paid },
    { Stripe_Id__c: 'inpay_2', Status__c: 'canceled', ...paid },
  ])
  await upsert('Stripe_Refund__c', [
    { Stripe_Id__c: 're_1', Status__c: 'succeeded', Currency__c: 'JPY', Amount__c: 501 },
    { Stripe_Id__c: 're_2', Status__c: 'failed', Currency__c: 'JPY', Amount__c: 99, ...CUSTOMER },
  ])
  const credited = { Currency__c: 'KWD', Total__c: '5.01', Tax__c: '0.5', ...INVOICE, ...CUSTOMER }
  await upsert('Stripe_Credit_Note__c', [
    { Stripe_Id__c: 'cn_1', Status__c: 'issued', ...credited },
    { Stripe_Id__c: 'cn_2', Status__c: 'void', ...credited },
  ])
  reading = await readSalesforce({ loginUrl: server.url, ...SECRET })
})

afterAll(() => server.close())

it('reads past the first page', () => {
  expect(reading.customers?.size).toBe(2001)
  expect(reading.customers?.get('cus_1999')).toEqual({ state: 'alive' })
  expect(reading.customers?.get('cus_2000')).toEqual({ state: 'deleted' })
})

it('reads invoices in minor units, and no deleted drafts', () => {
  const facts = {
    currency: 'KWD',
    totalMinor: 12340n,
    taxMinor: 1230n,
    paidMinor: 12340n,
    openMinor: 0n,
    creditedMinor: 5010n,
    customer: 'cus_0',
  }
  expect([...reading.invoices]).toEqual([
    ['in_paid', { ...facts, status: 'paid', issued: true }],
    ['in_draft', { ...facts, status: 'draft', issued: false }],
  ])
})

it('reads subscriptions, payments, refunds and credit notes', () => {
  expect([...(reading.subscriptions ?? [])]).toEqual([['sub_1', { status: 'past_due', customer: 'cus_0' }]])
  expect([...(reading.payments ?? [])]).toEqual([
    ['inpay_1', { currency: 'KWD', amountMinor: 12340n, invoice: 'in_paid', customer: 'cus_0' }],
  ])
  expect([...(reading.refunds ?? [])]).toEqual([
    ['re_1', { currency: 'JPY', amountMinor: 501n, status: 'succeeded', customer: undefined }],
    ['re_2', { currency: 'JPY', amountMinor: 99n, status: 'failed', customer: 'cus_0' }],
  ])
  const note = { currency: 'KWD', amountMinor: 5010n, taxMinor: 500n, invoice: 'in_paid', customer: 'cus_0' }
  expect([...(reading.creditNotes ?? [])]).toEqual([
    ['cn_1', { ...note, status: 'issued' }],
    ['cn_2', { ...note, status: 'void' }],
  ])
})

it('adds up what counts', () => {
  expect(reading.totals).toEqual({
    KWD: { invoicedMinor: 12340n, taxMinor: 1230n, paidMinor: 12340n, creditedMinor: 5010n },
    JPY: { refundedMinor: 501n },
  })
  expect(reading.records).toBe(2001 + 1 + 2 + 1 + 2 + 2)
})

it('says why it cannot sign in', async () => {
  await expect(
    readSalesforce({ loginUrl: server.url, clientId: 'demo', clientSecret: 'wrong' }),
  ).rejects.toThrow('/services/oauth2/token answered 400: {"error":"invalid_client"')
})
