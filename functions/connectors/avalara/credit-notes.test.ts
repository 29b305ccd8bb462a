// Credit notes in their splits, as they stand in the AvaTax simulator. Los Angeles is taxed at 9.75 %.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { creditNoteOf, lineOf, MARCH_31_EVENING, taxOf } from './objects.fixture.ts'
import { type SimulatorBench, startSimulatorBench } from './simulator-bench.fixture.ts'

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

test('an amount without lines gives back the charged tax of what was sold, product by product', async () => {
  await bench.sync(bench.put(INVOICE))
  const credited = await bench.sync(put(creditNoteOf({ total: 17073, lines: [] })))
  expect(linesOf('cn_1')).toEqual([
    'amount.1 prod_1 SW056000 -100 -9.75',
    'amount.2 prod_2 NT -50 0',
    'amount.3  FR020100 -10 -0.98',
  ])
  expect(bench.documents()[1]).toBe('cn_1 ReturnInvoice Committed 2026-04-01 -160 -10.73')
  await bench.requireStanding(credited)
})

test('an amount in two halves, between them a line: together the whole tax, and no share ever moves', async () => {
  await bench.sync(bench.put(INVOICE))
  const first = put(creditNoteOf({ id: 'cn_1', number: 'CN-1', total: 8000, lines: [] }))
  const before = await bench.sync(first)
  // 80.00 × 109.75 ÷ 170.73 = 51.4262, × 50.00 = 23.4288, × 10.98 = 5.1450: two cents are left, for the larger remainders.
  // Tax: 51.43 × 9.75 ÷ 109.75 = 4.5690, and 5.14 × 0.98 ÷ 10.98 = 0.4588.
  expect(linesOf('cn_1')).toEqual([
    'amount.1 prod_1 SW056000 -46.86 -4.57',
    'amount.2 prod_2 NT -23.43 0',
    'amount.3  FR020100 -4.68 -0.46',
  ])
  const rest = put(
    creditNoteOf({ id: 'cn_2', number: 'CN-2', created: MARCH_31_EVENING + 90_000, total: 9073, lines: [] }),
  )
  await bench.sync(rest)
  expect(bench.documents().slice(1)).toEqual([
    'cn_1 ReturnInvoice Committed 2026-04-01 -74.97 -5.03',
    'cn_2 ReturnInvoice Committed 2026-04-01 -85.03 -5.7',
  ])
  // A later look shares nothing anew, even if an older note has turned up since.
  put(creditNoteOf({ id: 'cn_0', created: MARCH_31_EVENING + 10, total: 1000, lines: [] }))
  const again = await bench.sync(first, before)
  expect(again.records).toEqual(before.records)
})

test('configured as stated, an amount gives back no tax', async () => {
  bench.reconfigure({ untaxedCredits: 'as-stated' })
  await bench.sync(bench.put(INVOICE))
  await bench.sync(put(creditNoteOf({ total: 8000, lines: [] })))
  expect(linesOf('cn_1')).toEqual(['amount  SW056000 -80 0'])
})

test('a line credited without its tax says so in Stripe, and is returned so', async () => {
  await bench.sync(bench.put(INVOICE))
  const line = {
    id: 'cnli_1', amount: 10000, discount_amount: 0, discount_amounts: [], invoice_line_item: 'il_1',
    pretax_credit_amounts: [], taxes: [], type: 'invoice_line_item',
  } // biome-ignore format: one object
  await bench.sync(put(creditNoteOf({ total: 10000, lines: [line] })))
  expect(linesOf('cn_1')).toEqual(['cnli_1 prod_1 SW056000 -100 0'])
})
