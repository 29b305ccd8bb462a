import { expect, test } from 'vitest'
import { transactionSchema } from './answer.ts'
import { type AskedLine, toCalculation } from './calculation.ts'
import type { TaxStanding } from './tax-standing.ts'

const detail = (over: object) => ({
  country: 'US', region: 'CA', jurisName: 'CALIFORNIA', jurisType: 'STA', taxName: 'CA STATE TAX',
  taxType: 'Sales', rate: 0.06, tax: 6, taxableAmount: 100, ...over,
}) // biome-ignore format: one jurisdiction a row

const untaxed = (nonTaxableType: string) => detail({ rate: 0, tax: 0, taxableAmount: 0, nonTaxableType })

const answer = (totalTax: number, lines: object[]) =>
  transactionSchema.parse({ code: 'in_1', totalTax, totalAmount: 100, lines })

const asked = (id: string, baseMinor: bigint, inclusive = false): AskedLine => ({ id, baseMinor, inclusive })

const calculate = (
  reply: ReturnType<typeof answer>,
  lines: AskedLine[],
  currency = 'usd',
  standing: TaxStanding = { why: 'ordinary' },
  crossBorderEu = false,
) => toCalculation(reply, lines, { currency, standing, crossBorderEu })

/** Entries with their rate's own fields, so that expectations are readable. */
const entries = (calculation: ReturnType<typeof calculate>, line: string) =>
  calculation.lines[line]?.taxes.map(({ rate, ...entry }) => ({ ...calculation.rates[rate], ...entry }))

test('a Californian line carries state, county and city, in that order and to the cent', () => {
  const reply = answer(7.25, [
    {
      lineNumber: 'il_1', lineAmount: 100, tax: 7.25, taxableAmount: 100,
      details: [
        detail({ jurisName: 'LOS ANGELES', jurisType: 'CIT', taxName: 'CA CITY TAX', rate: 0.01, tax: 1 }),
        detail({}),
        detail({ jurisName: 'LOS ANGELES', jurisType: 'CTY', taxName: 'CA COUNTY TAX', rate: 0.0025, tax: 0.25 }),
      ],
    },
  ]) // biome-ignore format: one jurisdiction a row
  const calculation = calculate(reply, [asked('il_1', 10000n)])
  const place = {
    inclusive: false,
    country: 'US',
    state: 'CA',
    type: 'sales_tax',
    taxable: '10000',
    reason: 'standard_rated',
  }
  expect(entries(calculation, 'il_1')).toEqual([
    {
      ...place,
      name: 'CA STATE TAX',
      percentage: '6',
      jurisdiction: 'CALIFORNIA',
      level: 'state',
      amount: '600',
    },
    {
      ...place,
      name: 'CA COUNTY TAX',
      percentage: '0.25',
      jurisdiction: 'LOS ANGELES',
      level: 'county',
      amount: '25',
    },
    {
      ...place,
      name: 'CA CITY TAX',
      percentage: '1',
      jurisdiction: 'LOS ANGELES',
      level: 'city',
      amount: '100',
    },
  ])
  expect(calculation.lines.il_1?.base).toBe('10000')
})

test('yen: fractions of AvaTax are shared out so that the lines sum to the document', () => {
  const line = (lineNumber: string) => ({
    lineNumber, lineAmount: 1004, tax: 100.4, taxableAmount: 1004,
    details: [detail({ country: 'JP', region: 'JP', taxName: 'Consumption Tax', jurisType: 'CNT', rate: 0.1, tax: 100.4, taxableAmount: 1004 })],
  }) // biome-ignore format: one jurisdiction a row
  const calculation = calculate(
    answer(301.2, ['il_1', 'il_2', 'il_3'].map(line)),
    ['il_1', 'il_2', 'il_3'].map((id) => asked(id, 1004n)),
    'jpy',
  )
  expect(Object.values(calculation.lines).map(({ taxes }) => taxes.map(({ amount }) => amount))).toEqual([
    ['101'], ['100'], ['100'],
  ]) // biome-ignore format: one line a row
})

test.each([
  ['exempt', { why: 'exempt' }, {}, false, 'customer_exempt'],
  ['seller says reverse charge', { why: 'reverse' }, {}, false, 'reverse_charge'],
  [
    'verified VAT number over a border',
    { why: 'ordinary', businessIdentificationNo: 'DE123456789' },
    { details: [detail({ country: 'DE', region: 'DE', rate: 0, tax: 0 })] },
    true,
    'reverse_charge',
  ],
  ['no nexus', { why: 'ordinary' }, { details: [] }, false, 'not_collecting'],
  [
    'no nexus, with details',
    { why: 'ordinary' },
    { details: [untaxed('NexusRule')] },
    false,
    'not_collecting',
  ],
  [
    'no nexus beats a VAT number',
    { why: 'ordinary', businessIdentificationNo: 'DE123456789' },
    { details: [untaxed('NexusRule')] },
    true,
    'not_collecting',
  ],
  [
    'product not taxable',
    { why: 'ordinary' },
    { details: [untaxed('ProductTaxabilityRule')] },
    false,
    'product_exempt',
  ],
  [
    'a certificate that only AvaTax knows',
    { why: 'ordinary' },
    { details: [detail({ tax: 0, taxableAmount: 0, exemptAmount: 100 })] },
    false,
    'customer_exempt',
  ],
  ['zero rate', { why: 'ordinary' }, { details: [detail({ rate: 0, tax: 0 })] }, false, 'zero_rated'],
] as const)('a zero line says why: %s', (_name, standing, line, crossBorderEu, reason) => {
  const reply = answer(0, [{ lineNumber: 'il_1', lineAmount: 100, tax: 0, taxableAmount: 100, ...line }])
  const calculation = calculate(reply, [asked('il_1', 10000n)], 'usd', standing, crossBorderEu)
  const [entry, ...more] = calculation.lines.il_1?.taxes ?? []
  expect(more).toEqual([])
  expect(entry).toMatchObject({ amount: '0', reason })
})

test('more than twenty jurisdictions become twenty entries, the rest in one', () => {
  const details = Array.from({ length: 23 }, (_, index) =>
    detail({
      jurisType: 'STJ',
      jurisName: `DISTRICT ${index + 10}`,
      taxName: `D${index + 10}`,
      rate: 0.0025,
      tax: 0.25,
    }),
  )
  const reply = answer(5.75, [{ lineNumber: 'il_1', lineAmount: 100, tax: 5.75, details }])
  const found = entries(calculate(reply, [asked('il_1', 10000n)]), 'il_1') ?? []
  expect(found).toHaveLength(20)
  expect(found.at(-1)).toMatchObject({
    name: 'Other local taxes',
    percentage: '1',
    level: 'multiple',
    amount: '100',
  })
  expect(found.reduce((sum, { amount }) => sum + Number(amount), 0)).toBe(575)
})

test('an answer that leaves a line out, or does not add up, is refused', () => {
  const line = { lineNumber: 'il_1', lineAmount: 100, tax: 6, details: [detail({})] }
  expect(() => calculate(answer(6, [line]), [asked('il_1', 1n), asked('il_2', 1n)])).toThrow(
    expect.objectContaining({ kind: 'permanent', code: 'TAX-ANSWER' }),
  )
  expect(() => calculate(answer(7, [line]), [asked('il_1', 10000n)])).toThrow(
    expect.objectContaining({ kind: 'permanent', code: 'TAX-ANSWER' }),
  )
})

test('five entries a line, for tax rates: what is past them is one rate of their sum', () => {
  const details = ['A', 'B', 'C', 'D', 'E', 'F', 'G'].map((jurisName) =>
    detail({ jurisType: 'STJ', jurisName, taxName: jurisName, rate: 0.01, tax: 1 }),
  )
  const reply = answer(7, [{ lineNumber: 'il_1', lineAmount: 100, tax: 7, details }])
  const calculation = toCalculation(reply, [asked('il_1', 10000n)], {
    currency: 'usd',
    standing: { why: 'ordinary' },
    crossBorderEu: false,
    entriesPerLine: 5,
  })
  expect(
    entries(calculation, 'il_1')?.map(({ name, percentage, amount }) => [name, percentage, amount]),
  ).toEqual([
    ['A', '1', '100'],
    ['B', '1', '100'],
    ['C', '1', '100'],
    ['D', '1', '100'],
    ['Other local taxes', '3', '300'],
  ])
})
