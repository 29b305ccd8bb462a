// Tax by jurisdiction of a month, over the AvaTax simulator, worked by hand; and on which day a document lies where a month
// or a year ends in the seller's time zone.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { AvaTax } from './client.ts'
import { readTaxLiability } from './liability.ts'
import { creditNoteOf, lineOf, taxOf } from './objects.fixture.ts'
import { PLACES, type SimulatorBench, startSimulatorBench } from './simulator-bench.fixture.ts'

let bench: SimulatorBench
let avatax: AvaTax
beforeEach(async () => {
  bench = await startSimulatorBench()
  avatax = new AvaTax({
    credentials: { accountId: '11', licenseKey: 'key', environment: bench.server.url },
    companyCode: 'ACME',
  })
})
afterEach(() => bench.close())

const finalizedAt = (iso: string) => {
  const seconds = Date.parse(iso) / 1000
  return {
    status: 'open',
    created: seconds,
    status_transitions: {
      finalized_at: seconds,
      marked_uncollectible_at: null,
      paid_at: null,
      voided_at: null,
    },
  }
}
const sale = (id: string, iso: string, amount: number, tax: number, over: object = {}) =>
  bench.put({
    id,
    number: id,
    ...finalizedAt(iso),
    total: amount + tax,
    lines: [lineOf({ id: `il_${id}`, amount, taxes: [taxOf(tax)] })],
    ...over,
  })

describe('the liability of a month', () => {
  test('sums committed sales and returns by jurisdiction, voided ones apart, currency by currency', async () => {
    await bench.sync(sale('in_1', '2026-03-10T12:00:00Z', 10000, 975))
    const other = await bench.sync(sale('in_2', '2026-03-31T12:00:00Z', 20000, 1950))
    await bench.sync(sale('in_3', '2026-04-01T12:00:00Z', 50000, 4875))
    const voided = await bench.sync(sale('in_4', '2026-03-12T12:00:00Z', 40000, 3900))
    await bench.sync({ ...sale('in_4', '2026-03-12T12:00:00Z', 40000, 3900), status: 'void' }, voided)
    await bench.sync(
      sale('in_5', '2026-03-15T12:00:00Z', 10000, 1900, { currency: 'eur', customer_address: PLACES.berlin }),
    )
    await bench.sync(
      sale('in_6', '2026-03-16T12:00:00Z', 1004, 100, { currency: 'jpy', customer_address: PLACES.tokyo }),
    )
    const note = creditNoteOf({
      total: 5488,
      created: Date.parse('2026-03-20T12:00:00Z') / 1000,
      lines: [
        {
          id: 'cnli_1', amount: 5000, discount_amount: 0, discount_amounts: [], invoice_line_item: 'il_in_1',
          pretax_credit_amounts: [], taxes: [taxOf(488)], type: 'invoice_line_item',
        }, // biome-ignore format: one object
      ],
    })
    await bench.sync(note)
    expect(other.trouble).toBeUndefined()
    const liability = await readTaxLiability(avatax, '2026-03')
    expect(liability.currencies).toEqual([
      { currency: 'EUR', documents: 1, amount: '100.00', tax: '19.00', calculated: '19.00' },
      { currency: 'JPY', documents: 1, amount: '1004', tax: '100', calculated: '100' },
      // 100 + 200 − 50; 9.75 + 19.50 − 4.88.
      { currency: 'USD', documents: 3, amount: '250.00', tax: '24.37', calculated: '24.37' },
    ])
    const rows = liability.jurisdictions.map(
      ({ currency, country, region, level, jurisdiction, tax, taxable, documents }) =>
        [currency, country, region, level, jurisdiction, tax, taxable, documents].join(' '),
    )
    expect(rows).toEqual([
      'EUR DE DE CNT GERMANY 19.00 100.00 1',
      'JPY JP JP CNT JAPAN 100 1004 1',
      // Half a return is 3.00 + 0.13 + 0.50 + 1.25 = 4.88.
      'USD US CA CIT LOS ANGELES 2.50 250.00 3',
      'USD US CA CTY LOS ANGELES 0.62 250.00 3',
      'USD US CA STA CALIFORNIA 15.00 250.00 3',
      'USD US CA STJ LOS ANGELES CO LOCAL TAX SL 6.25 250.00 3',
    ])
    expect(liability.drifted).toEqual([])
    expect((await readTaxLiability(avatax, '2026-04')).currencies).toMatchObject([
      { documents: 1, tax: '48.75' },
    ])
    expect((await readTaxLiability(avatax, '2026-02')).currencies).toEqual([])
  })

  test('names documents whose recalculation differs, and says by how much a jurisdiction does', async () => {
    bench.simulator.changeRate({ country: 'US', region: 'CA', percent: '6.5' })
    await bench.sync(sale('in_1', '2026-03-10T12:00:00Z', 10000, 975))
    const liability = await readTaxLiability(avatax, '2026-03')
    expect(liability.drifted).toEqual([{ code: 'in_1', currency: 'USD', tax: '9.75', calculated: '10.25' }])
    expect(liability.jurisdictions.find(({ level }) => level === 'STA')).toMatchObject({ calculated: '6.50' })
  })

  test('counts exempt sales where they were made, without tax', async () => {
    await bench.sync(
      sale('in_1', '2026-03-10T12:00:00Z', 10000, 0, {
        customer_tax_exempt: 'exempt',
        lines: [
          lineOf({ id: 'il_1', amount: 10000, taxes: [taxOf(0, { taxability_reason: 'customer_exempt' })] }),
        ],
      }),
    )
    const { jurisdictions } = await readTaxLiability(avatax, '2026-03')
    expect(jurisdictions[0]).toMatchObject({ tax: '0.00', taxable: '0.00', exempt: '100.00' })
  })

  test('of more documents than one page holds is whole', async () => {
    const model = (index: number) => ({
      type: 'SalesInvoice', code: `in_${index}`, companyCode: 'ACME', commit: true, date: '2026-03-31', customerCode: 'cus_1',
      addresses: { shipFrom: { city: 'Berlin', country: 'DE' }, shipTo: { city: 'Berlin', country: 'DE' } },
      currencyCode: 'EUR', lines: [{ number: '1', amount: 1 }],
    }) // biome-ignore format: one document
    for (let index = 0; index < 260; index += 1) await avatax.record(model(index), `in_${index}`)
    expect((await readTaxLiability(avatax, '2026-03')).currencies).toEqual([
      { currency: 'EUR', documents: 260, amount: '260.00', tax: '49.40', calculated: '49.40' },
    ])
  })

  test('refuses what is no month, and tells an outage', async () => {
    await expect(readTaxLiability(avatax, '2026-13')).rejects.toThrow('is no month')
    bench.simulator.faults.add({ effect: 'unavailable' })
    await expect(readTaxLiability(avatax, '2026-03')).rejects.toMatchObject({
      kind: 'transient',
      code: 'TAX-DOWN',
    })
  })
})

describe('the day of a document, in the seller’s time zone', () => {
  test.each([
    ['America/New_York', '2027-01-01T04:59:59Z', '2026-12-31'],
    ['America/New_York', '2027-01-01T05:00:00Z', '2027-01-01'],
    ['Pacific/Auckland', '2026-12-31T10:59:59Z', '2026-12-31'],
    ['Pacific/Auckland', '2026-12-31T11:00:00Z', '2027-01-01'],
    // Clocks went forward on 8 March and 29 March: the end of March is in summer time.
    ['America/Los_Angeles', '2026-04-01T06:59:59Z', '2026-03-31'],
    ['Europe/Berlin', '2026-03-31T22:00:00Z', '2026-04-01'],
    ['Europe/Berlin', '2026-02-28T23:00:00Z', '2026-03-01'],
    ['Asia/Kolkata', '2028-02-29T18:30:00Z', '2028-03-01'],
    ['UTC', '2028-02-29T23:59:59Z', '2028-02-29'],
  ])('%s %s → %s', async (timeZone, iso, day) => {
    bench.reconfigure({ timeZone })
    const { records, keep } = await bench.sync(sale('in_1', iso, 10000, 975))
    expect(records[0]?.body.date).toBe(day)
    // The zone was chosen with the first document: another one later moves no date.
    bench.reconfigure({ timeZone: 'Pacific/Kiritimati' })
    const again = await bench.sync(sale('in_1', iso, 10000, 975), {
      keep,
      known: {},
      records: [],
      trouble: undefined,
    })
    expect(again.records[0]?.body.date).toBe(day)
  })

  test('a return is dated by the credit note, and taxed as of the invoice’s day, in the same zone', async () => {
    await bench.sync(sale('in_1', '2027-01-01T04:30:00Z', 10000, 975))
    const note = creditNoteOf({
      total: 10975,
      created: Date.parse('2027-02-01T04:30:00Z') / 1000,
      lines: [
        {
          id: 'cnli_1', amount: 10000, discount_amount: 0, discount_amounts: [], invoice_line_item: 'il_in_1',
          pretax_credit_amounts: [], taxes: [taxOf(975)], type: 'invoice_line_item',
        }, // biome-ignore format: one object
      ],
    })
    const { records } = await bench.sync(note)
    expect(records[0]?.body).toMatchObject({ date: '2027-01-31', taxDate: '2026-12-31' })
  })
})
