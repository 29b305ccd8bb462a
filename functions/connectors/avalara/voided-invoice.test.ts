// An invoice voided after a part of it was credited, or after its sale was filed: sale, returns and void come to nothing.
// Los Angeles is taxed at 9.75 %. Sold on 31 March, credited on 1 April, voided on 8 April, all in New York.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { creditNoteOf, lineOf, MARCH_31_EVENING, taxOf } from './objects.fixture.ts'
import { PLACES, type SimulatorBench, startSimulatorBench } from './simulator-bench.fixture.ts'

let bench: SimulatorBench
beforeEach(async () => {
  bench = await startSimulatorBench()
})
afterEach(() => bench.close())

const DAY = 86_400
const FORTY_DAYS_MS = 40 * DAY * 1000
const OPEN = {
  finalized_at: MARCH_31_EVENING,
  marked_uncollectible_at: null,
  paid_at: null,
  voided_at: null,
}
const VOID = { status: 'void', status_transitions: { ...OPEN, voided_at: MARCH_31_EVENING + 8 * DAY } }
/** 100.00 + 9.75 and 50.00 + 4.88. */
const TWO_LINES = {
  status: 'open',
  number: 'ACME-0001',
  total: 16463,
  status_transitions: OPEN,
  lines: [
    lineOf({ id: 'il_1', amount: 10000, taxes: [taxOf(975)] }),
    lineOf({ id: 'il_2', amount: 5000, taxes: [taxOf(488)] }),
  ],
}
const noteLine = (amount: number, tax: number, over: object = {}) => ({
  id: 'cnli_1',
  amount,
  discount_amount: 0,
  discount_amounts: [],
  invoice_line_item: 'il_1',
  pretax_credit_amounts: [],
  taxes: [taxOf(tax)],
  type: 'invoice_line_item',
  ...over,
})
const halfOfFirst = (over: object = {}) =>
  creditNoteOf({ total: 5488, lines: [noteLine(5000, 488)], ...over })
const note = (made: ReturnType<typeof creditNoteOf>) => {
  bench.stripePeer.objects.set(`credit_notes/${made.id}`, structuredClone(made))
  return made
}
const linesOf = (code: string) =>
  bench.simulator
    .documents()
    .find((document) => document.code === code)
    ?.lines?.map(({ lineNumber, taxCode, lineAmount, tax }) =>
      [lineNumber, taxCode, lineAmount, tax].join(' '),
    )
/** In hundredths, over all committed documents. */
const sums = () => {
  const all: Record<string, number> = {}
  const add = (what: string, amount: number | undefined) => {
    all[what] = (all[what] ?? 0) + Math.round((amount ?? 0) * 100)
  }
  for (const document of bench.simulator.documents().filter(({ status }) => status === 'Committed')) {
    add('amount', document.totalAmount)
    add('tax', document.totalTax)
    add('taxable', document.totalTaxable)
    add('exempt', document.totalExempt)
  }
  return all
}
const NOTHING = { amount: 0, tax: 0, taxable: 0, exempt: 0 }
/** The most that any jurisdiction is left with, in hundredths. */
const worstJurisdiction = () => {
  const left = new Map<string, number>()
  for (const { lines, status } of bench.simulator.documents()) {
    if (status !== 'Committed') continue
    for (const { jurisName = '', tax = 0 } of (lines ?? []).flatMap(({ details }) => details ?? [])) {
      left.set(jurisName, (left.get(jurisName) ?? 0) + tax * 100)
    }
  }
  expect(left.size).toBeGreaterThan(1)
  return Math.max(...[...left.values()].map(Math.abs))
}

const SALE = 'in_1 SalesInvoice Committed 2026-03-31 150 14.63'
const RETURN = 'cn_1 ReturnInvoice Committed 2026-04-01 -50 -4.88'
// 100.00 - 50.00 and 50.00; 9.75 - 4.88 and 4.88.
const REST = 'in_1-void ReturnInvoice Committed 2026-04-08 -100 -9.75'

describe('half of a line was credited', () => {
  test('the sale stays, and the void takes back what the note has left of each line', async () => {
    const recorded = await bench.sync(bench.put(TWO_LINES))
    await bench.sync(note(halfOfFirst()))
    bench.clock.advance(FORTY_DAYS_MS)
    const voided = await bench.sync(bench.put({ ...TWO_LINES, ...VOID }), recorded)
    expect(voided.trouble).toBeUndefined()
    expect(bench.documents()).toEqual([SALE, RETURN, REST])
    expect(linesOf('in_1-void')).toEqual(['il_1 SW056000 -50 -4.87', 'il_2 SW056000 -50 -4.88'])
    expect(bench.simulator.documents()[2]).toMatchObject({
      taxDate: '2026-03-31',
      referenceCode: 'ACME-0001',
    })
    expect(sums()).toEqual(NOTHING)
    // AvaTax spreads an overridden tax itself, document by document.
    expect(worstJurisdiction()).toBeLessThan(1.5)
    await bench.requireStanding(voided)
    // Nothing of it is told as a drift a second time.
    expect(bench.log).toEqual([])
  })

  test('the void is heard of first, before the sale and the note: the same stands', async () => {
    note(halfOfFirst())
    const voided = await bench.sync(bench.put({ ...TWO_LINES, ...VOID }))
    await bench.sync(halfOfFirst())
    await bench.sync(bench.put({ ...TWO_LINES, ...VOID }), voided)
    expect(bench.documents().sort()).toEqual([RETURN, SALE, REST].sort())
    await bench.requireStanding(voided)
  })

  test('the sale was filed before: the same, dated as Stripe voided it', async () => {
    const recorded = await bench.sync(bench.put(TWO_LINES))
    bench.simulator.lock('in_1')
    await bench.sync(note(halfOfFirst()))
    bench.clock.advance(FORTY_DAYS_MS)
    const voided = await bench.sync(bench.put({ ...TWO_LINES, ...VOID }), recorded)
    const again = await bench.sync(bench.put({ ...TWO_LINES, ...VOID }), voided)
    expect(bench.documents()).toEqual([SALE, RETURN, REST])
    expect(sums()).toEqual(NOTHING)
    await bench.requireStanding(again)
  })

  test('filed after it was voided, each document: nothing moves, and nothing takes the place of the sale', async () => {
    const recorded = await bench.sync(bench.put(TWO_LINES))
    await bench.sync(note(halfOfFirst()))
    const voided = await bench.sync(bench.put({ ...TWO_LINES, ...VOID }), recorded)
    bench.simulator.lock('in_1')
    await bench.requireStanding(voided)
    bench.simulator.lock('in_1-void', 'ReturnInvoice')
    bench.clock.advance(FORTY_DAYS_MS)
    const again = await bench.sync(bench.put({ ...TWO_LINES, ...VOID }), voided)
    await bench.requireStanding(again)
    // Otherwise a filed sale that says something new is replaced.
    await bench.sync(bench.put({ ...TWO_LINES, ...VOID, number: 'ACME-0001-B' }), again)
    expect(bench.documents().slice(0, 3)).toEqual([SALE, RETURN, REST])
    expect(bench.documents().map((line) => line.split(' ')[0])).not.toContain('in_1-r1')
  })

  test('a sale that was filed and replaced is taken back where it stands by now', async () => {
    const recorded = await bench.sync(bench.put(TWO_LINES))
    bench.simulator.lock('in_1')
    const renumbered = { ...TWO_LINES, number: 'ACME-0001-B' }
    const replaced = await bench.sync(bench.put(renumbered), recorded)
    await bench.sync(note(halfOfFirst()))
    const voided = await bench.sync(bench.put({ ...renumbered, ...VOID }), replaced)
    expect(bench.documents().slice(1)).toEqual([
      'in_1-void ReturnInvoice Committed 2026-03-31 -150 -14.63',
      'in_1-r1 SalesInvoice Committed 2026-03-31 150 14.63',
      RETURN,
      'in_1-r1-void ReturnInvoice Committed 2026-04-08 -100 -9.75',
    ])
    expect(sums()).toEqual(NOTHING)
    await bench.requireStanding(voided)
    bench.simulator.lock('in_1-r1')
    await bench.requireStanding(await bench.sync(bench.put({ ...renumbered, ...VOID }), voided))
    expect(bench.documents()).toHaveLength(5)
  })

  test('the note was voided before the invoice: nothing stands against the sale, so it is cancelled', async () => {
    const recorded = await bench.sync(bench.put(TWO_LINES))
    const credited = await bench.sync(note(halfOfFirst()))
    await bench.sync(note(halfOfFirst({ status: 'void' })), credited)
    await bench.sync(bench.put({ ...TWO_LINES, ...VOID }), recorded)
    expect(bench.documents()).toEqual([
      'in_1 SalesInvoice Cancelled 2026-03-31 150 14.63',
      'cn_1 ReturnInvoice Cancelled 2026-04-01 -50 -4.88',
    ])
  })

  test('a void that is no longer wanted is cancelled with the sale', async () => {
    const recorded = await bench.sync(bench.put(TWO_LINES))
    await bench.sync(note(halfOfFirst()))
    const voided = await bench.sync(bench.put({ ...TWO_LINES, ...VOID }), recorded)
    expect(bench.documents().at(-1)).toBe(REST)
    note(halfOfFirst({ status: 'void' }))
    await bench.sync(bench.put({ ...TWO_LINES, ...VOID }), voided)
    expect(bench.documents().map((line) => line.split(' ').slice(0, 3).join(' '))).toEqual([
      'in_1 SalesInvoice Cancelled',
      'cn_1 ReturnInvoice Committed',
      'in_1-void ReturnInvoice Cancelled',
    ])
  })

  test('a sale that an earlier version has cancelled stays cancelled', async () => {
    const recorded = await bench.sync(bench.put(TWO_LINES))
    await bench.sync(bench.put({ ...TWO_LINES, ...VOID }), recorded)
    await bench.sync(note(halfOfFirst()))
    const voided = await bench.sync(bench.put({ ...TWO_LINES, ...VOID }), recorded)
    expect(bench.documents()).toEqual(['in_1 SalesInvoice Cancelled 2026-03-31 150 14.63', RETURN])
    await bench.requireStanding(voided)
  })
})

test('a note that states no tax left all of it: the sold line comes back whole, the money under the note’s tax code', async () => {
  const sale = {
    ...TWO_LINES,
    total: 10975,
    lines: [lineOf({ id: 'il_1', amount: 10000, taxes: [taxOf(975)] })],
  }
  const recorded = await bench.sync(bench.put(sale))
  await bench.sync(note(creditNoteOf({ total: 3000, lines: [] })))
  await bench.sync(note(creditNoteOf({ id: 'cn_2', total: 1000, lines: [] })))
  const voided = await bench.sync(bench.put({ ...sale, ...VOID }), recorded)
  expect(bench.documents()).toEqual([
    'in_1 SalesInvoice Committed 2026-03-31 100 9.75',
    'cn_1 ReturnInvoice Committed 2026-04-01 -30 0',
    'cn_2 ReturnInvoice Committed 2026-04-01 -10 0',
    'in_1-void ReturnInvoice Committed 2026-04-08 -60 -9.75',
  ])
  expect(linesOf('in_1-void')).toEqual(['cn_1 NT 30 0', 'cn_2 NT 10 0', 'il_1 SW056000 -100 -9.75'])
  expect(sums()).toEqual(NOTHING)
  await bench.requireStanding(voided)
})

test('yen', async () => {
  const sale = {
    ...TWO_LINES,
    currency: 'jpy',
    total: 3666,
    customer_address: PLACES.tokyo,
    lines: [lineOf({ id: 'il_1', amount: 3333, taxes: [taxOf(333)] })],
  }
  const recorded = await bench.sync(bench.put(sale))
  const lines = [noteLine(1000, 100)]
  await bench.sync(note(creditNoteOf({ total: 1100, currency: 'jpy', lines })))
  const voided = await bench.sync(bench.put({ ...sale, ...VOID }), recorded)
  expect(bench.documents()).toEqual([
    'in_1 SalesInvoice Committed 2026-03-31 3333 333',
    'cn_1 ReturnInvoice Committed 2026-04-01 -1000 -100',
    'in_1-void ReturnInvoice Committed 2026-04-08 -2333 -233',
  ])
  await bench.requireStanding(voided)
})

describe('recorded as tax included', () => {
  const sale = { ...TWO_LINES, total: 10975, lines: [lineOf({ id: 'il_1', amount: 10975 })] }
  beforeEach(() => bench.reconfigure({ neverDraft: { policy: 'record-as-included', since: '2026-01-01' } }))

  test('what its note left of the tax that the price contains', async () => {
    const recorded = await bench.sync(bench.put(sale))
    // 54.88 × 9.75 ÷ 109.75 = 4.8754.
    await bench.sync(note(creditNoteOf({ total: 5488, lines: [] })))
    const voided = await bench.sync(bench.put({ ...sale, ...VOID }), recorded)
    expect(bench.documents()).toEqual([
      'in_1 SalesInvoice Committed 2026-03-31 100 9.75',
      'cn_1 ReturnInvoice Committed 2026-04-01 -50 -4.88',
      'in_1-void ReturnInvoice Committed 2026-04-08 -50 -4.87',
    ])
    expect(sums()).toEqual(NOTHING)
    await bench.requireStanding(voided)
  })

  test('what the note did return, although it would be shared otherwise by now', async () => {
    const recorded = await bench.sync(bench.put(sale))
    const first = creditNoteOf({ total: 3333, lines: [] })
    const second = creditNoteOf({ id: 'cn_2', created: MARCH_31_EVENING + 2 * DAY, total: 3333, lines: [] })
    // 33.33 × 9.75 ÷ 109.75 = 2.961; of what is left 33.33 × 6.79 ÷ 76.42 = 2.9614.
    const credited = await bench.sync(note(first))
    await bench.sync(note(second))
    await bench.sync(note({ ...first, status: 'void' }), credited)
    const voided = await bench.sync(bench.put({ ...sale, ...VOID }), recorded)
    // 109.75 - 33.33 = 76.42, of which 9.75 - 2.96 = 6.79 is tax.
    expect(bench.documents().at(-1)).toBe('in_1-void ReturnInvoice Committed 2026-04-08 -69.63 -6.79')
    expect(sums()).toEqual(NOTHING)
    await bench.requireStanding(voided)
  })
})
