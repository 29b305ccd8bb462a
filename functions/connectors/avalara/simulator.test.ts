// The connector against the AvaTax simulator: its jurisdictions, its refusals and its document rules, with the real SDK.
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { KnownRecord } from '../../../shared/connector/contract.ts'
import { isHubError } from '../../../shared/errors.ts'
import { creditNoteOf, lineOf, MARCH_31_EVENING, taxOf } from './objects.fixture.ts'
import type { StripeRoot } from './project.ts'
import { PLACES, type SimulatorBench, startSimulatorBench } from './simulator-bench.fixture.ts'

let bench: SimulatorBench
let connector: SimulatorBench['connector']
let simulator: SimulatorBench['simulator']

beforeEach(async () => {
  bench = await startSimulatorBench({ timeZone: 'Europe/Dublin' })
  ;({ connector, simulator } = bench)
})
afterEach(() => bench.close())

const places = {
  ...PLACES,
  kuwait: { line1: '1', city: 'Kuwait City', state: null, postal_code: '13001', country: 'KW' },
}
const customerAt = (address: object, over?: object) => bench.customerAt(address, over)
const put = (over: Parameters<typeof bench.put>[0]) => bench.put(over)
async function sync(object: StripeRoot, known?: KnownRecord) {
  const ref = { type: object.object, id: object.id }
  const [outcome] = await connector.gather([{ ref, object, keep: undefined, known: {} }])
  if (!outcome || isHubError(outcome)) throw outcome
  const records = connector.project(object, outcome.context)
  const [record] = records
  if (!record) throw new Error('nothing projected')
  for (const each of records) {
    const [written] = await connector.write(each.kind, [{ record: each, references: {}, known }])
    expect(written).toEqual({ remoteId: each.externalId })
  }
  const [read] = await connector.read(record.kind, [object.id])
  return { record, read }
}
const taxesOf = (): { amount: number; taxability_reason: string }[][] =>
  bench.stripePeer.invoice('in_1').lines.data.map((line) => line.taxes)
const vat = (status: string) => ({
  data: [{ type: 'eu_vat', value: 'DE123456789', country: 'DE', created: 1, verification: { status } }],
})

test('California: several jurisdictions, to the cent of AvaTax’s own total, and released', async () => {
  customerAt(places.losAngeles)
  const { record, read } = await sync(
    put({
      lines: [lineOf({ id: 'il_1', amount: 9999 }), lineOf({ id: 'il_2', amount: -1001 })],
      total: 8998,
    }),
  )
  const [first = [], second = []] = taxesOf()
  expect(first.length).toBeGreaterThan(1)
  const sum = (taxes: { amount: number }[]) => taxes.reduce((total, { amount }) => total + amount, 0)
  // 9.75 % in Los Angeles: 974.90 and −97.60 cents, rounded jurisdiction by jurisdiction.
  expect(sum(first)).toBe(975)
  expect(sum(second)).toBe(-98)
  expect(bench.stripePeer.invoice('in_1').status).toBe('open')
  expect(read?.body).toEqual(record.body)
})

test('no nexus, exempt and reverse charge are explicit zeros with their reason', async () => {
  customerAt(places.reno)
  await sync(put({}))
  expect(taxesOf()).toMatchObject([[{ amount: 0, taxability_reason: 'not_collecting' }]])
  customerAt(places.losAngeles, { tax_exempt: 'exempt' })
  await sync(put({}))
  expect(taxesOf()).toMatchObject([[{ amount: 0, taxability_reason: 'customer_exempt' }]])
  customerAt(places.berlin, { tax_ids: vat('verified') })
  await sync(put({ currency: 'eur' }))
  expect(taxesOf()).toMatchObject([[{ amount: 0, taxability_reason: 'reverse_charge' }]])
})

test('a pending VAT number is charged VAT', async () => {
  customerAt(places.berlin, { tax_ids: vat('pending') })
  await sync(put({ currency: 'eur' }))
  expect(taxesOf()).toMatchObject([[{ amount: 1900, taxability_reason: 'standard_rated' }]])
})

test('an inclusive price carries its tax inside', async () => {
  customerAt(places.berlin)
  bench.stripePeer.objects.set('prices/price_1', {
    id: 'price_1',
    object: 'price',
    tax_behavior: 'inclusive',
  })
  const { record, read } = await sync(
    put({ currency: 'eur', lines: [lineOf({ id: 'il_1', amount: 11900 })] }),
  )
  expect(taxesOf()).toMatchObject([[{ amount: 1900, taxable_amount: 10000, tax_behavior: 'inclusive' }]])
  expect(read?.body).toEqual(record.body)
})

test('yen are whole: AvaTax’s decimals are shared out over the lines', async () => {
  customerAt(places.tokyo)
  await sync(
    put({
      currency: 'jpy',
      lines: [lineOf({ id: 'il_1', amount: 1004 }), lineOf({ id: 'il_2', amount: 1004 })],
    }),
  )
  // 100.4 + 100.4 = 200.8, so the document is 201.
  expect(taxesOf()).toMatchObject([[{ amount: 101 }], [{ amount: 100 }]])
})

test('a state that does not exist, and a place nobody finds, are the customer’s to correct', async () => {
  const outcomeAt = async (address: object) => {
    customerAt(address)
    const object = put({})
    const [outcome] = await connector.gather([
      { ref: { type: 'invoice', id: 'in_1' }, object, keep: undefined, known: {} },
    ])
    return outcome
  }
  for (const address of [
    { ...places.losAngeles, state: 'XX' },
    { ...places.berlin, city: 'Berlinn' },
    { country: 'DE' },
    { ...places.berlin, country: 'ZZ' },
  ]) {
    expect(await outcomeAt(address)).toMatchObject({ kind: 'permanent', code: 'TAX-ADDR' })
  }
})

test.each([
  ['usd', 'losAngeles', '100.00', '9.50'],
  ['jpy', 'tokyo', '10000', '950'],
  ['kwd', 'kuwait', '10.000', '0.950'],
] as const)(
  '%s: recorded as charged, read back as projected, totals readable from AvaTax alone',
  async (currency, place, amount, tax) => {
    customerAt(places[place])
    const invoice = put({
      status: 'open',
      number: 'ACME-0001',
      currency,
      customer_address: places[place],
      total: 10950,
      lines: [lineOf({ id: 'il_1', amount: 10000, taxes: [taxOf(950)] })],
    })
    const { record, read } = await sync(invoice)
    expect(record.body.lines).toMatchObject([{ amount, tax }])
    expect(read?.body).toEqual(record.body)
    expect(simulator.documents()).toMatchObject([
      {
        code: 'in_1',
        type: 'SalesInvoice',
        status: 'Committed',
        currencyCode: currency.toUpperCase(),
        totalAmount: Number(amount),
        totalTax: Number(tax),
      },
    ])

    const line = {
      id: 'cnli_1',
      amount: 10000,
      discount_amount: 0,
      discount_amounts: [],
      invoice_line_item: 'il_1',
      pretax_credit_amounts: [],
      taxes: [taxOf(950)],
    }
    const returned = await sync(creditNoteOf({ currency, total: 10950, lines: [line] }))
    expect(returned.read?.body).toEqual(returned.record.body)
    expect(simulator.documents()[1]).toMatchObject({
      code: 'cn_1',
      type: 'ReturnInvoice',
      totalAmount: -Number(amount),
      totalTax: -Number(tax),
    })

    const voided = await sync({ ...invoice, status: 'void' }, { remoteId: 'in_1' })
    expect(voided.read?.body).toEqual(voided.record.body)
    expect(simulator.documents()[0]).toMatchObject({
      status: 'Cancelled',
      totalAmount: Number(amount),
      totalTax: Number(tax),
    })
  },
)

test('a filed document is taken back by its opposite', async () => {
  const invoice = put({
    status: 'open',
    number: 'ACME-0001',
    total: 10950,
    lines: [lineOf({ id: 'il_1', amount: 10000, taxes: [taxOf(950)] })],
  })
  await sync(invoice)
  simulator.lock('in_1')
  const status_transitions = { ...invoice.status_transitions, voided_at: MARCH_31_EVENING }
  const voided = await sync({ ...invoice, status: 'void', status_transitions }, { remoteId: 'in_1' })
  expect(voided.read?.body).toEqual(voided.record.body)
  expect(simulator.documents()[1]).toMatchObject({
    code: 'in_1-void',
    type: 'ReturnInvoice',
    totalAmount: -100,
    totalTax: -9.5,
  })
})

test('a busy AvaTax, whose 429 the SDK takes for success, is transient', async () => {
  customerAt(places.losAngeles)
  simulator.faults.add({ effect: 'rate_limited', times: 1 })
  const object = put({})
  const [outcome] = await connector.gather([
    { ref: { type: 'invoice', id: 'in_1' }, object, keep: undefined, known: {} },
  ])
  expect(outcome).toMatchObject({ kind: 'transient', code: 'TAX-BUSY' })
  await connector.probe()
})
