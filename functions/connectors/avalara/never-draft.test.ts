// Invoices that were never a draft, by each policy, against the AvaTax simulator. Los Angeles is taxed at 9.75 %.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { creditNoteOf, lineOf, MARCH_31_EVENING, taxOf } from './objects.fixture.ts'
import { PLACES, type SimulatorBench, startSimulatorBench } from './simulator-bench.fixture.ts'

let bench: SimulatorBench
beforeEach(async () => {
  bench = await startSimulatorBench()
})
afterEach(() => bench.close())

const neverDraft = (over: object = {}) => ({
  status: 'paid',
  number: 'ACME-0001',
  total: 10975,
  status_transitions: {
    finalized_at: MARCH_31_EVENING,
    marked_uncollectible_at: null,
    paid_at: MARCH_31_EVENING,
    voided_at: null,
  },
  lines: [lineOf({ id: 'il_1', amount: 10975 })],
  ...over,
})
const told = () =>
  bench.log.filter(({ line }) => line === 'finalized-untaxed').map(({ _aws: _, line: __, ...rest }) => rest)
const referenceOf = (code: string) =>
  bench.simulator.documents().find((document) => document.code === code)?.referenceCode

describe('report-only', () => {
  test('records it as charged, flagged, and tells the tax that is missing', async () => {
    const { keep } = await bench.sync(bench.put(neverDraft()))
    expect(keep).toMatchObject({ neverDraft: true, policy: 'report-only' })
    expect(bench.documents()).toEqual(['in_1 SalesInvoice Committed 2026-03-31 109.75 0'])
    expect(told()).toEqual([
      {
        connector: 'avalara',
        document: 'in_1',
        currency: 'USD',
        charged: '0.00',
        calculated: '10.70',
        as: 'FINALIZED_UNTAXED',
        FinalizedUntaxed: 1,
      },
    ])
  })
})

describe('record-as-included', () => {
  beforeEach(() => {
    bench.reconfigure({ neverDraft: { policy: 'record-as-included', since: '2026-03-31' } })
  })

  test('takes the tax out of what was charged, once: later rates and configurations move nothing', async () => {
    const recorded = await bench.sync(bench.put(neverDraft()))
    // 109.75 ÷ 1.0975 = 100.00.
    expect(bench.documents()).toEqual(['in_1 SalesInvoice Committed 2026-03-31 100 9.75'])
    expect(referenceOf('in_1')).toBe('FINALIZED_UNTAXED TAX_INCLUDED')
    expect(told()).toMatchObject([{ charged: '9.75', as: 'FINALIZED_UNTAXED TAX_INCLUDED' }])
    await bench.requireStanding(recorded)

    bench.simulator.changeRate({ country: 'US', region: 'CA', percent: '8' })
    bench.reconfigure({ neverDraft: { policy: 'report-only' } })
    const again = await bench.sync(bench.put(neverDraft()), recorded)
    expect(again.records).toEqual(recorded.records)
    const voided = await bench.sync(bench.put(neverDraft({ status: 'void' })), again)
    expect(bench.documents()).toEqual(['in_1 SalesInvoice Cancelled 2026-03-31 100 9.75'])
    await bench.requireStanding(voided)
  })

  test('only touches lines that nobody decided about, and shares yen out whole', async () => {
    bench.customerAt(PLACES.tokyo)
    const lines = [
      lineOf({ id: 'il_1', amount: 1004 }),
      lineOf({ id: 'il_2', amount: 1004 }),
      lineOf({ id: 'il_3', amount: 1000, taxes: [taxOf(100)] }),
    ]
    const yen = neverDraft({ currency: 'jpy', total: 3108, lines, customer_address: PLACES.tokyo })
    const recorded = await bench.sync(bench.put(yen))
    // 1,004 ÷ 1.1 = 912.73 with 91.27 tax, twice: 182.54 → 183 = 92 + 91.
    expect(recorded.records[0]?.body.lines).toMatchObject([
      { number: 'il_1', amount: '912', tax: '92' },
      { number: 'il_2', amount: '913', tax: '91' },
      { number: 'il_3', amount: '1000', tax: '100' },
    ])
    expect(bench.documents()).toEqual(['in_1 SalesInvoice Committed 2026-03-31 2825 283'])
    await bench.requireStanding(recorded)
  })

  test('finds no tax in the price of who owes none', async () => {
    const vat = {
      data: [
        {
          type: 'eu_vat',
          value: 'DE123456789',
          country: 'DE',
          created: 1,
          verification: { status: 'verified' },
        },
      ],
    }
    bench.customerAt(PLACES.berlin, { tax_ids: vat })
    const invoice = neverDraft({
      currency: 'eur',
      customer_address: PLACES.berlin,
      customer_tax_ids: [{ type: 'eu_vat', value: 'DE123456789' }],
    })
    const recorded = await bench.sync(bench.put(invoice))
    expect(bench.documents()).toEqual(['in_1 SalesInvoice Committed 2026-03-31 109.75 0'])
    await bench.requireStanding(recorded)
    bench.customerAt(PLACES.berlin, {
      tax_ids: { data: [{ ...vat.data[0], verification: { status: 'pending' } }] },
    })
    await bench.sync(bench.put({ ...invoice, id: 'in_2' }))
    // A pending number is no reverse charge: 109.75 ÷ 1.19 = 92.23.
    expect(bench.documents()[1]).toBe('in_2 SalesInvoice Committed 2026-03-31 92.23 17.52')
  })

  test('leaves invoices from before its first day as they were charged', async () => {
    bench.reconfigure({ neverDraft: { policy: 'record-as-included', since: '2026-04-01' } })
    await bench.sync(bench.put(neverDraft()))
    expect(referenceOf('in_1')).toBe('FINALIZED_UNTAXED')
  })

  test('asks at the customer’s corrected address when the invoice’s is unknown, and parks when that is too', async () => {
    bench.customerAt(PLACES.berlinn)
    const invoice = neverDraft({ currency: 'eur', customer_address: PLACES.berlinn })
    const parked = await bench.sync(bench.put(invoice))
    expect(parked.trouble).toMatchObject({
      kind: 'permanent',
      code: 'TAX-ADDR',
      message:
        'ACME-0001 (EUR 109.75) is not in AvaTax: AvaTax cannot find the address in "Berlinn", DE. Nothing was recorded.',
      waitsOn: [{ type: 'customer', id: 'cus_1' }],
    })
    expect(bench.documents()).toEqual([])
    bench.customerAt(PLACES.berlin)
    const recorded = await bench.sync(bench.put(invoice), parked)
    expect(bench.documents()).toEqual(['in_1 SalesInvoice Committed 2026-03-31 92.23 17.52'])
    await bench.requireStanding(recorded)
  })

  test.each([
    ['recorded before its credit notes', true],
    ['not yet recorded when they come', false],
  ])('%s: they give the included tax back, to the cent', async (_name, first) => {
    const invoice = bench.put(neverDraft())
    if (first) await bench.sync(invoice)
    const note = (id: string, amount: number, createdLater: number) => {
      const made = creditNoteOf({
        id,
        number: id,
        created: MARCH_31_EVENING + createdLater,
        total: amount,
        lines: [
          {
            id: `${id}_line`, amount, discount_amount: 0, discount_amounts: [], invoice_line_item: 'il_1',
            pretax_credit_amounts: [], taxes: [], type: 'invoice_line_item',
          }, // biome-ignore format: one object
        ],
      })
      bench.stripePeer.objects.set(`credit_notes/${id}`, made)
      return made
    }
    const half = await bench.sync(note('cn_1', 5488, 10))
    await bench.sync(note('cn_2', 5487, 20))
    await bench.sync(invoice)
    // 54.88 × 9.75 ÷ 109.75 = 4.8754.
    expect(bench.documents().sort()).toEqual([
      'cn_1 ReturnInvoice Committed 2026-03-31 -50 -4.88',
      'cn_2 ReturnInvoice Committed 2026-03-31 -50 -4.87',
      'in_1 SalesInvoice Committed 2026-03-31 100 9.75',
    ])
    await bench.requireStanding(half)
  })

  test('finds no tax in an invoice that a person released, nor in what is credited of it, whichever comes first', async () => {
    const metadata = { switchyard_tax_note: 'released untaxed by jane.doe: TAX-PAUSED' }
    const invoice = bench.put(neverDraft({ metadata }))
    const note = creditNoteOf({ total: 5488, lines: [] })
    bench.stripePeer.objects.set('credit_notes/cn_1', note)
    await bench.sync(note)
    await bench.sync(invoice)
    expect(bench.documents()).toEqual([
      'cn_1 ReturnInvoice Committed 2026-04-01 -54.88 0',
      'in_1 SalesInvoice Committed 2026-03-31 109.75 0',
    ])
    expect(referenceOf('in_1')).toBe('FINALIZED_UNTAXED RELEASED_BY jane.doe')
  })

  test('needs the first day of the invoices it changes', () => {
    expect(() => bench.reconfigure({ neverDraft: { policy: 'record-as-included', since: 'soon' } })).toThrow(
      'is no day (YYYY-MM-DD)',
    )
  })
})
