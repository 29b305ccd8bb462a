// Credit notes in their splits, as they stand in the AvaTax simulator. Los Angeles is taxed at 9.75 %.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { creditNoteOf, lineOf, MARCH_31_EVENING, taxOf } from './objects.fixture.ts'
import { PLACES, type SimulatorBench, startSimulatorBench } from './simulator-bench.fixture.ts'

let bench: SimulatorBench
beforeEach(async () => {
  bench = await startSimulatorBench()
  bench.stripePeer.objects.set('products/prod_2', {
    id: 'prod_2',
    object: 'product',
    metadata: { avatax_tax_code: 'NT' },
    tax_code: null,
  })
})
afterEach(() => bench.close())

const FINALIZED = {
  finalized_at: MARCH_31_EVENING,
  marked_uncollectible_at: null,
  paid_at: null,
  voided_at: null,
}
const ofProduct2 = { type: 'price_details', price_details: { price: 'price_1', product: 'prod_2' } }
/** 100.00 + 9.75, 50.00 of a product that is not taxed, 10.00 + 0.98 shipping: 170.73. */
const INVOICE = {
  status: 'paid',
  number: 'ACME-0001',
  total: 17073,
  status_transitions: FINALIZED,
  lines: [
    lineOf({ id: 'il_1', amount: 10000, taxes: [taxOf(975)] }),
    lineOf({
      id: 'il_2',
      amount: 5000,
      pricing: ofProduct2,
      taxes: [taxOf(0, { taxability_reason: 'product_exempt' })],
    }),
  ],
  shipping_cost: { amount_subtotal: 1000, amount_tax: 98, amount_total: 1098, shipping_rate: null },
}
const put = (note: ReturnType<typeof creditNoteOf>) => {
  bench.stripePeer.objects.set(`credit_notes/${note.id}`, note)
  return note
}
/** Of the state: tax, taxable sales, sales that are not. */
const stateOf = (code: string) => {
  const document = bench.simulator.documents().find((each) => each.code === code)
  const details = (document?.lines ?? []).flatMap((line) => line.details ?? [])
  const sum = (amounts: (number | undefined)[]) =>
    amounts.reduce((total: number, amount) => total + Math.round((amount ?? 0) * 100), 0) / 100
  const state = details.filter(({ jurisdictionType, jurisType }) =>
    ['STA', 'State'].includes(jurisType ?? jurisdictionType ?? ''),
  )
  return [
    sum(state.map(({ tax }) => tax)),
    sum(state.map(({ taxableAmount }) => taxableAmount)),
    sum(state.map(({ exemptAmount, nonTaxableAmount }) => (exemptAmount ?? 0) + (nonTaxableAmount ?? 0))),
  ]
}
const linesOf = (code: string) =>
  bench.simulator
    .documents()
    .find((document) => document.code === code)
    ?.lines?.map(({ lineNumber, itemCode, taxCode, lineAmount, tax }) =>
      [lineNumber, itemCode, taxCode, lineAmount, tax].join(' '),
    )

test('shipping that is credited gives back its tax, as a line of its own', async () => {
  const recorded = await bench.sync(bench.put(INVOICE))
  await bench.requireStanding(recorded)
  expect(bench.documents()).toEqual(['in_1 SalesInvoice Committed 2026-03-31 160 10.73'])
  const note = creditNoteOf({
    total: 1098,
    lines: [],
    shipping_cost: { amount_subtotal: 1000, amount_tax: 98, amount_total: 1098, shipping_rate: null },
  })
  const credited = await bench.sync(put(note))
  expect(linesOf('cn_1')).toEqual(['shipping  FR020100 -10 -0.98'])
  await bench.requireStanding(credited)
})

test('an amount without lines gives back none of the tax, as Stripe states none, and leaves the taxable sales alone', async () => {
  await bench.sync(bench.put(INVOICE))
  const credited = await bench.sync(put(creditNoteOf({ total: 8000, lines: [] })))
  expect(linesOf('cn_1')).toEqual(['amount  NT -80 0'])
  expect(bench.documents()[1]).toBe('cn_1 ReturnInvoice Committed 2026-04-01 -80 0')
  // 6 % of 100.00 and of the shipping's 10.00 is California's; the 50.00 and the 80.00 are not taxable there.
  expect(stateOf('in_1')).toEqual([6.6, 110, 50])
  expect(stateOf('cn_1')).toEqual([0, 0, -80])
  await bench.requireStanding(credited)
  expect(bench.log.map(({ _aws: _, ...line }) => line)).toEqual([
    {
      line: 'untaxed-credit',
      connector: 'avalara',
      document: 'cn_1',
      currency: 'USD',
      amount: '80.00',
      of: 'in_1',
      UntaxedCredit: 1,
    },
  ])
})

test('an amount whose note states tax after all gives back that tax, and no other', async () => {
  await bench.sync(bench.put(INVOICE))
  const total_taxes = [taxOf(650, { taxable_amount: 6667 })]
  const credited = await bench.sync(put(creditNoteOf({ total: 8000, total_taxes, lines: [] })))
  expect(linesOf('cn_1')).toEqual(['amount  SW056000 -73.5 -6.5'])
  await bench.requireStanding(credited)
  expect(bench.log.map(({ line }) => line)).not.toContain('untaxed-credit')
})

test('an amount needs no tax code of a product, and takes the one that is configured for it, once', async () => {
  bench.reconfigure({ taxCodes: { byProduct: { prod_1: 'SW056000' }, untaxedCredit: 'SW050000' } })
  await bench.sync(bench.put(INVOICE))
  const credited = await bench.sync(put(creditNoteOf({ total: 8000, lines: [] })))
  expect(credited.trouble).toBeUndefined()
  expect(linesOf('cn_1')).toEqual(['amount  SW050000 -80 0'])
  bench.reconfigure({ taxCodes: { byProduct: { prod_1: 'SW056000' } } })
  const again = await bench.sync(put(creditNoteOf({ total: 8000, lines: [] })), credited)
  expect(again.records).toEqual(credited.records)
})

test('of an invoice that bore no tax an amount is nothing to tell', async () => {
  const exempt = [
    lineOf({ id: 'il_1', amount: 10000, taxes: [taxOf(0, { taxability_reason: 'not_collecting' })] }),
  ]
  await bench.sync(
    bench.put({
      ...INVOICE,
      total: 10000,
      lines: exempt,
      shipping_cost: null,
      customer_address: PLACES.reno,
    }),
  )
  await bench.sync(put(creditNoteOf({ total: 8000, lines: [] })))
  expect(linesOf('cn_1')).toEqual(['amount  NT -80 0'])
  expect(bench.log).toEqual([])
})

test('a line credited without its tax says so in Stripe: its money is no taxable sale taken back', async () => {
  await bench.sync(bench.put(INVOICE))
  const line = {
    id: 'cnli_1', amount: 10000, discount_amount: 0, discount_amounts: [], invoice_line_item: 'il_1',
    pretax_credit_amounts: [], taxes: [], type: 'invoice_line_item',
  } // biome-ignore format: one object
  await bench.sync(put(creditNoteOf({ total: 10000, lines: [line] })))
  expect(linesOf('cn_1')).toEqual(['cnli_1 prod_1 NT -100 0'])
  expect(bench.log.map(({ line, amount }) => [line, amount])).toEqual([['untaxed-credit', '100.00']])
})
