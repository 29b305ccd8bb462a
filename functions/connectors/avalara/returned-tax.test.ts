// Shares of a tax that was recorded as included, worked by hand: minor units, `of: gross / tax`. 109.75 in Los Angeles
// contains 9.75; the 50.00 beside it contains none.
import { expect, test } from 'vitest'
import { creditNoteOf, invoiceOf, lineOf, taxOf } from './objects.fixture.ts'
import { sharesOf } from './returned-tax.ts'

const INVOICE = invoiceOf({
  status: 'paid',
  total: 15975,
  lines: [lineOf({ id: 'il_1', amount: 10975 }), lineOf({ id: 'il_2', amount: 5000 })],
})
const INCLUDED = { il_1: '975', il_2: '0' }
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
const shared = (
  notes: ReturnType<typeof creditNoteOf>[],
  invoice = INVOICE,
  included: Record<string, string> = INCLUDED,
) =>
  Object.fromEntries(
    Object.entries(sharesOf(invoice, notes, included)).map(([line, portions]) => [
      line,
      portions.map(({ of, gross, tax }) => `${of}: ${gross} / ${tax}`),
    ]),
  )

test('three thirds of an invoice give back its tax, exactly', () => {
  const [first, second, third] = ['cn_1', 'cn_2', 'cn_3'].map((id) => amountNote(id, 5325))
  if (!first || !second || !third) throw new Error('three notes')
  // 53.25 × 109.75 ÷ 159.75 = 36.583…, 16.666…: the larger remainder takes the cent. 36.58 × 9.75 ÷ 109.75 = 3.2497.
  expect(shared([first])).toEqual({ amount: ['il_1: 3658 / 325', 'il_2: 1667 / 0'] })
  // Half of what is left: 36.585 and 16.665, the tie goes to the first. 36.59 × 6.50 ÷ 73.17 = 3.2504.
  expect(shared([first, second])).toEqual({ amount: ['il_1: 3659 / 325', 'il_2: 1666 / 0'] })
  expect(shared([first, second, third])).toEqual({ amount: ['il_1: 3658 / 325', 'il_2: 1667 / 0'] })
})

test('each line gives back its part, and an amount takes from what is left', () => {
  const half = creditNoteOf({
    id: 'cn_1',
    total: 5488,
    lines: [noteLine('cnli_1', 5488, { invoice_line_item: 'il_1' })],
  })
  // 54.88 × 9.75 ÷ 109.75 = 4.8754.
  expect(shared([half])).toEqual({ cnli_1: ['il_1: 5488 / 488'] })
  const rest = creditNoteOf({
    id: 'cn_2',
    total: 5487,
    lines: [noteLine('cnli_2', 5487, { invoice_line_item: 'il_1' })],
  })
  expect(shared([half, rest])).toEqual({ cnli_2: ['il_1: 5487 / 487'] })
  expect(shared([half, amountNote('cn_2', 10487)])).toEqual({
    amount: ['il_1: 5487 / 487', 'il_2: 5000 / 0'],
  })
})

test('a voided note gave nothing back; the note itself, voided, is still what it was', () => {
  const voided = amountNote('cn_1', 15975, { status: 'void' })
  const whole = { amount: ['il_1: 10975 / 975', 'il_2: 5000 / 0'] }
  expect(shared([voided, amountNote('cn_2', 15975)])).toEqual(whole)
  expect(shared([voided])).toEqual(whole)
})

test('a line of the note’s own shares too', () => {
  const note = creditNoteOf({
    id: 'cn_1',
    total: 5488 + 1000,
    lines: [noteLine('cnli_1', 5488, { invoice_line_item: 'il_1' }), noteLine('cnli_2', 1000)],
  })
  // Left: 54.87 with 4.87, and 50.00. 10.00 × 54.87 ÷ 104.87 = 5.2322; 5.23 × 4.87 ÷ 54.87 = 0.4642.
  expect(shared([note])).toEqual({
    cnli_1: ['il_1: 5488 / 488'],
    cnli_2: ['il_1: 523 / 46', 'il_2: 477 / 0'],
  })
})

test('tax that the invoice itself stated is not shared out: a note states what it gives back of that', () => {
  const invoice = invoiceOf({
    status: 'paid',
    total: 21950,
    lines: [
      lineOf({ id: 'il_1', amount: 10975 }),
      lineOf({ id: 'il_2', amount: 10000, taxes: [taxOf(975)] }),
    ],
  })
  const whole = amountNote('cn_1', 21950)
  expect(shared([whole], invoice, { il_1: '975' })).toEqual({
    amount: ['il_1: 10975 / 975', 'il_2: 10975 / 0'],
  })
})

test('lines that take something off take their tax off as well', () => {
  const invoice = invoiceOf({
    status: 'paid',
    total: 10975,
    lines: [lineOf({ id: 'il_1', amount: 21950 }), lineOf({ id: 'il_2', amount: -10975 })],
  })
  expect(shared([amountNote('cn_1', 10975)], invoice, { il_1: '1950', il_2: '-975' })).toEqual({
    amount: ['il_1: 21950 / 1950', 'il_2: -10975 / -975'],
  })
})

test('yen and dinars, and an invoice that contains no tax', () => {
  const yen = invoiceOf({ currency: 'jpy', total: 1100, lines: [lineOf({ id: 'il_1', amount: 1100 })] })
  // 333 × 100 ÷ 1,100 = 30.27.
  expect(shared([amountNote('cn_1', 333)], yen, { il_1: '100' })).toEqual({ amount: ['il_1: 333 / 30'] })
  const dinar = invoiceOf({ currency: 'kwd', total: 10500, lines: [lineOf({ id: 'il_1', amount: 10500 })] })
  expect(shared([amountNote('cn_1', 5250)], dinar, { il_1: '500' })).toEqual({
    amount: ['il_1: 5250 / 250'],
  })
  const untaxed = invoiceOf({ total: 10000, lines: [lineOf({ id: 'il_1', amount: 10000 })] })
  expect(shared([amountNote('cn_1', 5000)], untaxed, { il_1: '0' })).toEqual({})
})
