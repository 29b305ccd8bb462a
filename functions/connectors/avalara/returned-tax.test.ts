// Shares of the charged tax, worked by hand: minor units, `of: gross / tax`.
import { expect, test } from 'vitest'
import { creditNoteOf, invoiceOf, lineOf, taxOf } from './objects.fixture.ts'
import { sharesOf } from './returned-tax.ts'

/** 100.00 + 9.75, and 50.00 that is not taxed: 159.75. */
const INVOICE = invoiceOf({
  status: 'paid',
  total: 15975,
  lines: [
    lineOf({ id: 'il_1', amount: 10000, taxes: [taxOf(975)] }),
    lineOf({ id: 'il_2', amount: 5000, taxes: [taxOf(0, { taxability_reason: 'product_exempt' })] }),
  ],
})
const noteLine = (id: string, amount: number, over: object = {}) => ({
  id,
  amount,
  discount_amount: 0,
  discount_amounts: [],
  pretax_credit_amounts: [],
  taxes: [],
  type: 'custom_line_item',
  ...over,
})
const amountNote = (id: string, amount: number, over: object = {}) =>
  creditNoteOf({ id, total: amount, lines: [], ...over })
const say = (shares: ReturnType<typeof sharesOf>) =>
  Object.fromEntries(
    Object.entries(shares).map(([line, portions]) => [
      line,
      portions.map(({ of, gross, tax }) => `${of}: ${gross} / ${tax}`),
    ]),
  )
const shared = (invoice: typeof INVOICE, ...notes: ReturnType<typeof creditNoteOf>[]) =>
  say(sharesOf(invoice, notes, { included: undefined, sharesAmounts: true }))

test('three thirds of an invoice give back its tax, exactly', () => {
  const [first, second, third] = ['cn_1', 'cn_2', 'cn_3'].map((id) => amountNote(id, 5325))
  if (!first || !second || !third) throw new Error('three notes')
  // 53.25 × 109.75 ÷ 159.75 = 36.583…, 16.666…: the larger remainder takes the cent. 36.58 × 9.75 ÷ 109.75 = 3.2497.
  expect(shared(INVOICE, first)).toEqual({ amount: ['il_1: 3658 / 325', 'il_2: 1667 / 0'] })
  // Half of what is left: 36.585 and 16.665, the tie goes to the first. 36.59 × 6.50 ÷ 73.17 = 3.2504.
  expect(shared(INVOICE, first, second)).toEqual({ amount: ['il_1: 3659 / 325', 'il_2: 1666 / 0'] })
  expect(shared(INVOICE, first, second, third)).toEqual({ amount: ['il_1: 3658 / 325', 'il_2: 1667 / 0'] })
})

test('after half a line with its stated tax, an amount takes from what is left', () => {
  const half = creditNoteOf({
    id: 'cn_1',
    total: 5488,
    lines: [noteLine('cnli_1', 5000, { invoice_line_item: 'il_1', taxes: [taxOf(488)] })],
  })
  expect(shared(INVOICE, half)).toEqual({})
  expect(shared(INVOICE, half, amountNote('cn_2', 10487))).toEqual({
    amount: ['il_1: 5487 / 487', 'il_2: 5000 / 0'],
  })
})

test('a voided note gave nothing back; the note itself, voided, is still what it was', () => {
  const voided = amountNote('cn_1', 15975, { status: 'void' })
  expect(shared(INVOICE, voided, amountNote('cn_2', 15975))).toEqual({
    amount: ['il_1: 10975 / 975', 'il_2: 5000 / 0'],
  })
  expect(shared(INVOICE, voided)).toEqual({ amount: ['il_1: 10975 / 975', 'il_2: 5000 / 0'] })
})

test('a line of the note’s own shares too, beside a line that states its tax; configured, it states none', () => {
  const note = creditNoteOf({
    id: 'cn_1',
    total: 5488 + 1000,
    lines: [
      noteLine('cnli_1', 5000, { invoice_line_item: 'il_1', taxes: [taxOf(488)] }),
      noteLine('cnli_2', 1000),
    ],
  })
  // Left: 54.87 with 4.87, and 50.00. 10.00 × 54.87 ÷ 104.87 = 5.2322; 5.23 × 4.87 ÷ 54.87 = 0.4642.
  expect(shared(INVOICE, note)).toEqual({ cnli_2: ['il_1: 523 / 46', 'il_2: 477 / 0'] })
  expect(sharesOf(INVOICE, [note], { included: undefined, sharesAmounts: false })).toEqual({})
})

test('lines that take something off take their tax off as well', () => {
  const invoice = invoiceOf({
    status: 'paid',
    total: 10975,
    lines: [
      lineOf({ id: 'il_1', amount: 20000, taxes: [taxOf(1950)] }),
      lineOf({ id: 'il_2', amount: -10000, taxes: [taxOf(-975)] }),
    ],
  })
  expect(shared(invoice, amountNote('cn_1', 10975))).toEqual({
    amount: ['il_1: 21950 / 1950', 'il_2: -10975 / -975'],
  })
})

test('shipping gives back its own', () => {
  const invoice = invoiceOf({
    status: 'paid',
    total: 12073,
    lines: [lineOf({ id: 'il_1', amount: 10000, taxes: [taxOf(975)] })],
    shipping_cost: { amount_subtotal: 1000, amount_tax: 98, amount_total: 1098, shipping_rate: null },
  })
  expect(shared(invoice, amountNote('cn_1', 12073))).toEqual({
    amount: ['il_1: 10975 / 975', 'shipping: 1098 / 98'],
  })
})

test('yen and dinars, and an invoice without any tax', () => {
  const yen = invoiceOf({
    currency: 'jpy',
    total: 1100,
    lines: [lineOf({ id: 'il_1', amount: 1000, taxes: [taxOf(100)] })],
  })
  // 333 × 100 ÷ 1,100 = 30.27.
  expect(shared(yen, amountNote('cn_1', 333))).toEqual({ amount: ['il_1: 333 / 30'] })
  const dinar = invoiceOf({
    currency: 'kwd',
    total: 10500,
    lines: [lineOf({ id: 'il_1', amount: 10000, taxes: [taxOf(500)] })],
  })
  expect(shared(dinar, amountNote('cn_1', 5250))).toEqual({ amount: ['il_1: 5250 / 250'] })
  const untaxed = invoiceOf({ total: 10000, lines: [lineOf({ id: 'il_1', amount: 10000 })] })
  expect(shared(untaxed, amountNote('cn_1', 5000))).toEqual({})
})

test('of tax that was recorded as included, each line gives back its part', () => {
  const invoice = invoiceOf({ total: 10975, lines: [lineOf({ id: 'il_1', amount: 10975 })] })
  const half = creditNoteOf({
    id: 'cn_1',
    total: 5488,
    lines: [noteLine('cnli_1', 5488, { invoice_line_item: 'il_1' })],
  })
  const rest = creditNoteOf({
    id: 'cn_2',
    total: 5487,
    lines: [noteLine('cnli_2', 5487, { invoice_line_item: 'il_1' })],
  })
  const options = { included: { il_1: '975' }, sharesAmounts: true }
  // 54.88 × 9.75 ÷ 109.75 = 4.8754.
  expect(say(sharesOf(invoice, [half], options))).toEqual({ cnli_1: ['il_1: 5488 / 488'] })
  expect(say(sharesOf(invoice, [half, rest], options))).toEqual({ cnli_2: ['il_1: 5487 / 487'] })
})
