// What happens to a document after it was recorded, and after its return was filed: every change is a dated document
// beside it. Los Angeles is taxed at 9.75 %. The invoice is of 31 March; "today" is 10 May, unless a test says otherwise.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { creditNoteOf, lineOf, MARCH_31_EVENING, taxOf } from './objects.fixture.ts'
import { type SimulatorBench, startSimulatorBench } from './simulator-bench.fixture.ts'

let bench: SimulatorBench
beforeEach(async () => {
  bench = await startSimulatorBench()
})
afterEach(() => bench.close())

const FORTY_DAYS_MS = 40 * 86_400_000
const INVOICE = {
  status: 'open',
  number: 'ACME-0001',
  total: 10975,
  status_transitions: {
    finalized_at: MARCH_31_EVENING,
    marked_uncollectible_at: null,
    paid_at: null,
    voided_at: null,
  },
  lines: [lineOf({ id: 'il_1', amount: 10000, taxes: [taxOf(975)] })],
}
const halfCredited = (over: object = {}) =>
  creditNoteOf({
    total: 5488,
    lines: [
      {
        id: 'cnli_1',
        amount: 5000,
        discount_amount: 0,
        discount_amounts: [],
        invoice_line_item: 'il_1',
        pretax_credit_amounts: [],
        taxes: [taxOf(488)],
        type: 'invoice_line_item',
      },
    ],
    ...over,
  })

describe('an invoice', () => {
  test('is committed on the seller’s day, and voided before anything was filed', async () => {
    const recorded = await bench.sync(bench.put(INVOICE))
    expect(bench.documents()).toEqual(['in_1 SalesInvoice Committed 2026-03-31 100 9.75'])
    const voided = await bench.sync(bench.put({ ...INVOICE, status: 'void' }), recorded)
    expect(bench.documents()).toEqual(['in_1 SalesInvoice Cancelled 2026-03-31 100 9.75'])
    await bench.requireStanding(voided)
  })

  test('that is uncollectible keeps its document: who does not pay has still bought', async () => {
    const recorded = await bench.sync(bench.put(INVOICE))
    bench.clock.advance(FORTY_DAYS_MS)
    const writtenOff = await bench.sync(bench.put({ ...INVOICE, status: 'uncollectible' }), recorded)
    await bench.sync(bench.put({ ...INVOICE, status: 'paid' }), writtenOff)
    expect(bench.documents()).toEqual(['in_1 SalesInvoice Committed 2026-03-31 100 9.75'])
  })

  test('voided after its return was filed is taken back by its opposite of today, once', async () => {
    const recorded = await bench.sync(bench.put(INVOICE))
    bench.simulator.lock('in_1')
    bench.clock.advance(FORTY_DAYS_MS)
    const voidedToday = {
      ...INVOICE,
      status: 'void',
      status_transitions: { ...INVOICE.status_transitions, voided_at: MARCH_31_EVENING + 40 * 86_400 },
    }
    const voided = await bench.sync(bench.put(voidedToday), recorded)
    await bench.sync(bench.put(voidedToday), voided)
    expect(bench.documents()).toEqual([
      'in_1 SalesInvoice Committed 2026-03-31 100 9.75',
      'in_1-void ReturnInvoice Committed 2026-05-10 -100 -9.75',
    ])
    expect(bench.simulator.documents()[1]).toMatchObject({
      taxDate: '2026-03-31',
      taxOverrideType: 'TaxDate',
    })
    await bench.requireStanding(voided)
  })

  test('that changes after filing is taken back and recorded anew, both today, at the old tax date', async () => {
    const recorded = await bench.sync(bench.put(INVOICE))
    bench.simulator.lock('in_1')
    bench.clock.advance(FORTY_DAYS_MS)
    const renumbered = await bench.sync(bench.put({ ...INVOICE, number: 'ACME-0001-B' }), recorded)
    expect(bench.documents()).toEqual([
      'in_1 SalesInvoice Committed 2026-03-31 100 9.75',
      'in_1-void ReturnInvoice Committed 2026-05-10 -100 -9.75',
      'in_1-r1 SalesInvoice Committed 2026-05-10 100 9.75',
    ])
    expect(bench.simulator.documents()[2]).toMatchObject({
      referenceCode: 'ACME-0001-B',
      taxDate: '2026-03-31',
    })
    await bench.requireStanding(renumbered)

    // Not filed yet, the replacement itself is simply adjusted; filed too, the chain goes on.
    const again = await bench.sync(bench.put({ ...INVOICE, number: 'ACME-0001-C' }), renumbered)
    expect(bench.documents()).toHaveLength(3)
    await bench.requireStanding(again)
    bench.simulator.lock('in_1-r1')
    bench.clock.advance(FORTY_DAYS_MS)
    const third = await bench.sync(bench.put({ ...INVOICE, number: 'ACME-0001-D' }), again)
    expect(bench.documents().slice(3)).toEqual([
      'in_1-r1-void ReturnInvoice Committed 2026-06-19 -100 -9.75',
      'in_1-r2 SalesInvoice Committed 2026-06-19 100 9.75',
    ])
    await bench.requireStanding(third)

    const voided = await bench.sync(bench.put({ ...INVOICE, status: 'void', number: 'ACME-0001-D' }), third)
    expect(bench.documents().at(-1)).toBe('in_1-r2 SalesInvoice Cancelled 2026-06-19 100 9.75')
    await bench.requireStanding(voided)
  })

  test('whose replacement was interrupted after the opposite gets the rest at the next attempt', async () => {
    const recorded = await bench.sync(bench.put(INVOICE))
    bench.simulator.lock('in_1')
    // The refused adjustment, then the opposite goes through, then the connection is gone.
    const changed = bench.put({ ...INVOICE, number: 'ACME-0001-B' })
    let calls = 0
    const failing = bench.simulator.faults
    const take = failing.take.bind(failing)
    failing.take = (method, path) => {
      if (!path.endsWith('createoradjust')) return take(method, path)
      calls += 1
      return calls === 3 ? { effect: 'server_error' } : undefined
    }
    const first = await bench.sync(changed, recorded)
    expect(first.trouble).toMatchObject({ kind: 'ambiguous', code: 'TAX-DOWN' })
    expect(bench.documents().map((line) => line.split(' ')[0])).toEqual(['in_1', 'in_1-void'])
    await bench.sync(changed, recorded)
    expect(bench.documents().map((line) => line.split(' ')[0])).toEqual(['in_1', 'in_1-void', 'in_1-r1'])
  })

  test('that should no longer stand although it is filed is taken back, not left', async () => {
    const recorded = await bench.sync(bench.put(INVOICE))
    bench.simulator.lock('in_1')
    bench.clock.advance(FORTY_DAYS_MS)
    await bench.sync(bench.put({ ...INVOICE, automatic_tax: { enabled: true } }), recorded)
    expect(bench.documents()[1]).toBe('in_1-void ReturnInvoice Committed 2026-05-10 -100 -9.75')
  })
})

describe('a credit note', () => {
  test('returns what was charged on the half of a line; voided, the return is voided', async () => {
    await bench.sync(bench.put(INVOICE))
    const credited = await bench.sync(halfCredited())
    expect(bench.documents()[1]).toBe('cn_1 ReturnInvoice Committed 2026-04-01 -50 -4.88')
    const voided = await bench.sync(halfCredited({ status: 'void' }), credited)
    expect(bench.documents()[1]).toBe('cn_1 ReturnInvoice Cancelled 2026-04-01 -50 -4.88')
    await bench.requireStanding(voided)
  })

  test('voided after its return was filed is taken back by a sale of today', async () => {
    await bench.sync(bench.put(INVOICE))
    const credited = await bench.sync(halfCredited())
    bench.simulator.lock('cn_1', 'ReturnInvoice')
    bench.clock.advance(FORTY_DAYS_MS)
    const voided = await bench.sync(halfCredited({ status: 'void' }), credited)
    expect(bench.documents().slice(1)).toEqual([
      'cn_1 ReturnInvoice Committed 2026-04-01 -50 -4.88',
      'cn_1-void SalesInvoice Committed 2026-05-10 50 4.88',
    ])
    expect(bench.simulator.documents()[2]).toMatchObject({ taxDate: '2026-03-31' })
    await bench.requireStanding(voided)
  })

  test('of a filed invoice is a return in its own month, and leaves the invoice alone', async () => {
    await bench.sync(bench.put(INVOICE))
    bench.simulator.lock('in_1')
    await bench.sync(halfCredited({ created: MARCH_31_EVENING + 40 * 86_400 }))
    expect(bench.documents()).toEqual([
      'in_1 SalesInvoice Committed 2026-03-31 100 9.75',
      'cn_1 ReturnInvoice Committed 2026-05-10 -50 -4.88',
    ])
  })
})

describe('a recalculation that differs', () => {
  const drifts = () =>
    bench.log.filter(({ line }) => line === 'tax-drift').map(({ _aws: _, ...fields }) => fields)

  test('changes nothing of what was charged, and is told with both amounts', async () => {
    // 9.75 % became 10.25 % between the estimate and the commit.
    bench.simulator.changeRate({ country: 'US', region: 'CA', percent: '6.5' })
    await bench.sync(bench.put(INVOICE))
    expect(bench.documents()).toEqual(['in_1 SalesInvoice Committed 2026-03-31 100 9.75'])
    expect(drifts()).toEqual([
      {
        line: 'tax-drift',
        connector: 'avalara',
        document: 'in_1',
        currency: 'USD',
        charged: '9.75',
        calculated: '10.25',
        TaxDrift: 1,
      },
    ])
    expect(bench.log.at(-1)?._aws).toMatchObject({
      CloudWatchMetrics: [{ Metrics: [{ Name: 'TaxDrift', Unit: 'Count' }] }],
    })
    await bench.sync(halfCredited())
    expect(drifts()[1]).toMatchObject({ document: 'cn_1', charged: '-4.88', calculated: '-5.13' })
  })

  test('by the rounding of a line is none', async () => {
    const lines = [lineOf({ id: 'il_1', amount: 10000, taxes: [taxOf(976)] })]
    await bench.sync(bench.put({ ...INVOICE, total: 10976, lines }))
    expect(drifts()).toEqual([])
    await bench.sync(
      bench.put({
        ...INVOICE,
        total: 10977,
        lines: [lineOf({ id: 'il_1', amount: 10000, taxes: [taxOf(977)] })],
      }),
    )
    expect(drifts()).toMatchObject([{ charged: '9.77', calculated: '9.75' }])
  })
})
