import { afterAll, beforeAll, expect, it } from 'vitest'
import { createAvalaraSimulator } from '../../simulators/avalara/avalara.ts'
import type { Listening } from '../../simulators/simulator.ts'
import { readAvalara } from './avalara.ts'
import type { Reading } from './reading.ts'

const ACCOUNT = { accountId: '1100000000', licenseKey: 'key' }
const BERLIN = { line1: 'Torstr. 1', city: 'Berlin', country: 'DE', postalCode: '10119' }

let server: Listening
let reading: Reading

async function call(path: string, body: object): Promise<void> {
  const answer = await fetch(`${server.url}/api/v2${path}`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from('1100000000:key').toString('base64')}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
}

const record = (type: string, code: string, amount: number, tax: number, more: object = {}) =>
  call('/transactions/create', {
    type,
    code,
    commit: true,
    companyCode: 'DEFAULT',
    customerCode: 'cus_1',
    currencyCode: 'KWD',
    // Long before the 30 days that a list covers by itself.
    date: '2026-01-15',
    addresses: { shipFrom: BERLIN, shipTo: BERLIN },
    lines: [
      { number: '1', amount, taxOverride: { type: 'TaxAmount', taxAmount: tax, reason: 'As charged' } },
    ],
    ...more,
  })

beforeAll(async () => {
  const simulator = createAvalaraSimulator({
    now: () => Date.UTC(2026, 10, 1),
    companyCode: 'DEFAULT',
    ...ACCOUNT,
  })
  server = await simulator.listen()
  await record('SalesInvoice', 'in_1', 10.25, 1.02)
  await record('SalesInvoice', 'in_void', 5, 0)
  await call('/companies/DEFAULT/transactions/in_void/void', { code: 'DocVoided' })
  await record('SalesInvoice', 'in_filed', 7, 0.7)
  simulator.lock('in_filed')
  await record('ReturnInvoice', 'in_filed-void', -7, -0.7)
  await record('SalesInvoice', 'in_wrong', 3, 0)
  simulator.lock('in_wrong')
  await record('ReturnInvoice', 'in_wrong-void', -2, 0)
  await record('SalesInvoice', 'in_saved', 4, 0, { commit: false, referenceCode: 'FINALIZED_UNTAXED' })
  await record('ReturnInvoice', 'cn_1', -1.25, -0.02)
  // Not filed; 2.00 and 0.20 of it were credited.
  await record('SalesInvoice', 'in_rest', 6, 0.6)
  await record('ReturnInvoice', 'cn_rest', -2, -0.2, {
    date: '2026-01-20',
    taxOverride: { type: 'TaxDate', taxDate: '2026-01-15', reason: 'Return' },
  })
  await record('ReturnInvoice', 'in_rest-void', -4, -0.4, { date: '2026-01-25' })
  await record('SalesInvoice', 'by-hand', 1, 0)
  for (let index = 0; index < 250; index += 1) {
    await record('SalesInvoice', `in_many${index}`, 1, 0, { currencyCode: 'JPY' })
  }
  reading = await readAvalara({ baseUrl: server.url, ...ACCOUNT, companyCode: 'DEFAULT' })
})

afterAll(() => server.close())

it('reads what was charged, tax included, and what became of it', () => {
  const facts = { currency: 'KWD', customer: 'cus_1', issued: true, untaxed: false }
  expect([...reading.invoices].slice(0, 6)).toEqual([
    ['in_1', { ...facts, totalMinor: 11270n, taxMinor: 1020n, status: 'issued' }],
    ['in_void', { ...facts, totalMinor: 5000n, taxMinor: 0n, status: 'void' }],
    ['in_filed', { ...facts, totalMinor: 7700n, taxMinor: 700n, status: 'void' }],
    ['in_wrong', { ...facts, totalMinor: 3000n, taxMinor: 0n, status: 'issued' }],
    ['in_saved', { ...facts, totalMinor: 4000n, taxMinor: 0n, status: 'Saved', untaxed: true }],
    ['in_rest', { ...facts, totalMinor: 6600n, taxMinor: 600n, status: 'void' }],
  ])
})

it('turns returns round', () => {
  expect([...(reading.creditNotes ?? [])]).toEqual([
    ['cn_1', { currency: 'KWD', amountMinor: 1270n, taxMinor: 20n, customer: 'cus_1', status: 'issued' }],
    ['cn_rest', { currency: 'KWD', amountMinor: 2200n, taxMinor: 200n, customer: 'cus_1', status: 'issued' }],
  ])
})

it('reads how much a void took back where credit notes had left less than the whole', () => {
  expect([...(reading.voids ?? [])]).toEqual([
    ['in_rest', { currency: 'KWD', customer: 'cus_1', amountMinor: 4400n, taxMinor: 400n }],
  ])
})

it('names what stands for nothing: by hand, or a reversal that reverses another amount', () => {
  expect(reading.strangers).toEqual([
    'ReturnInvoice in_wrong-void (Committed)',
    'SalesInvoice by-hand (Committed)',
  ])
})

it('reads past the first page, and adds up', () => {
  expect(reading.totals).toEqual({
    KWD: { invoicedMinor: 37570n, taxMinor: 2320n, creditedMinor: 3470n },
    JPY: { invoicedMinor: 250n, taxMinor: 0n },
  })
})
