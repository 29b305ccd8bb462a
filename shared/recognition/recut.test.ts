// Credit notes, voids and what does not touch revenue, worked by hand. After a change a line has earned the same share of
// its new amount as it had of the old one; the month of the change bears the difference.
import { describe, expect, it } from 'vitest'
import { type CreditInput, type InvoiceInput, revenueOf, sold } from './recognition.fixture.ts'

const year: InvoiceInput = {
  lines: [{ id: 'il_1', net: '1000.00', from: '2026-01-01', until: '2027-01-01' }],
}
const quarter: InvoiceInput = {
  lines: [{ id: 'il_1', net: '90.00', from: '2026-01-01', until: '2026-04-01' }],
}
const month: InvoiceInput = {
  lines: [{ id: 'il_1', net: '100.00', from: '2026-01-15', until: '2026-02-15' }],
}

interface Case {
  name: string
  invoice: InvoiceInput
  credits?: CreditInput[]
  revenue: Record<string, string>
}

const cases: Case[] = [
  {
    // https://docs.stripe.com/revenue-recognition/examples/credit-notes: revenue +14.00 and 15.50 taken back in February.
    name: '25 half of a quarter credited on 1 February, Stripe’s example',
    invoice: quarter,
    credits: [{ on: '2026-02-01', parts: { il_1: '45.00' } }],
    revenue: { '2026-01': '31.00', '2026-02': '-1.50', '2026-03': '15.50' },
  },
  {
    // The same page: 120.00 less 30.00 before anything was recognized.
    name: '26 credited on the first day: as if it had been sold for 90.00',
    invoice: { lines: [{ id: 'il_1', net: '120.00', from: '2026-01-01', until: '2026-04-01' }] },
    credits: [{ on: '2026-01-01', parts: { il_1: '30.00' } }],
    revenue: { '2026-01': '31.00', '2026-02': '28.00', '2026-03': '31.00' },
  },
  {
    // April: 700 × 120/365 = 230.14 less 246.58; July: 500 × 212/365 = 290.41 less 347.12.
    name: '27 two credit notes on one line, 300.00 in April and 200.00 in July; January to March stand',
    invoice: year,
    credits: [
      { on: '2026-04-20', parts: { il_1: '300.00' } },
      { on: '2026-07-02', parts: { il_1: '200.00' } },
    ],
    revenue: {
      '2026-01': '84.93',
      '2026-02': '76.71',
      '2026-03': '84.94',
      '2026-04': '-16.44',
      '2026-05': '59.45',
      '2026-06': '57.53',
      '2026-07': '-56.71',
      '2026-08': '42.47',
      '2026-09': '41.09',
      '2026-10': '42.47',
      '2026-11': '41.09',
      '2026-12': '42.47',
    },
  },
  {
    name: '28 a credit note voided in August gives back in August what it took in May',
    invoice: year,
    credits: [{ on: '2026-05-10', parts: { il_1: '250.00' }, voidedOn: '2026-08-20' }],
    revenue: {
      '2026-01': '84.93',
      '2026-02': '76.71',
      '2026-03': '84.94',
      '2026-04': '82.19',
      '2026-05': '-18.50',
      '2026-06': '61.65',
      '2026-07': '63.70',
      '2026-08': '230.13',
      '2026-09': '82.20',
      '2026-10': '84.93',
      '2026-11': '82.19',
      '2026-12': '84.93',
    },
  },
  {
    name: '29 the whole line credited in its third month: what was recognized goes back, nothing follows',
    invoice: { lines: [{ id: 'il_1', net: '365.00', from: '2026-01-01', until: '2027-01-01' }] },
    credits: [{ on: '2026-03-31', parts: { il_1: '365.00' } }],
    revenue: { '2026-01': '31.00', '2026-02': '28.00', '2026-03': '-59.00' },
  },
  {
    name: '30 credited after the service ended: all of it comes out of revenue, in the credit note’s month',
    invoice: month,
    credits: [{ on: '2026-03-09', parts: { il_1: '25.00' } }],
    revenue: { '2026-01': '54.84', '2026-02': '45.16', '2026-03': '-25.00' },
  },
  {
    name: '31 credited in two months after its end, until nothing is left',
    invoice: month,
    credits: [
      { on: '2026-03-09', parts: { il_1: '25.00' } },
      { on: '2026-04-01', parts: { il_1: '75.00' } },
    ],
    revenue: { '2026-01': '54.84', '2026-02': '45.16', '2026-03': '-25.00', '2026-04': '-75.00' },
  },
  {
    name: '32 credited before the service begins: nothing to take back',
    invoice: {
      on: '2025-12-20',
      lines: [{ id: 'il_1', net: '90.00', from: '2026-01-01', until: '2026-04-01' }],
    },
    credits: [{ on: '2025-12-30', parts: { il_1: '90.00' } }],
    revenue: {},
  },
  {
    // 548 in January; then 667 − 548.
    name: '33 JPY: 333 of 1,000 credited in the second month',
    invoice: {
      currency: 'JPY',
      lines: [{ id: 'il_1', net: '1000', from: '2026-01-15', until: '2026-02-15' }],
    },
    credits: [{ on: '2026-02-03', parts: { il_1: '333' } }],
    revenue: { '2026-01': '548', '2026-02': '119' },
  },
  {
    // 79.999 × 59/90 = 52.4438: 52.444 less 31.000.
    name: '34 KWD: 10.001 of 90.000 credited in February',
    invoice: {
      currency: 'KWD',
      lines: [{ id: 'il_1', net: '90.000', from: '2026-01-01', until: '2026-04-01' }],
    },
    credits: [{ on: '2026-02-11', parts: { il_1: '10.001' } }],
    revenue: { '2026-01': '31.000', '2026-02': '21.444', '2026-03': '27.555' },
  },
  {
    name: '35 a void takes everything back in its month: 413.70 in June',
    invoice: { ...year, voidedOn: '2026-06-30' },
    revenue: {
      '2026-01': '84.93',
      '2026-02': '76.71',
      '2026-03': '84.94',
      '2026-04': '82.19',
      '2026-05': '84.93',
      '2026-06': '-413.70',
    },
  },
  {
    name: '36 voided in the month it was billed in: nothing was ever recognized',
    invoice: { ...year, voidedOn: '2026-01-31' },
    revenue: {},
  },
  {
    name: '37 voided after a credit note: the rest goes back, and voiding the credit note later changes nothing',
    invoice: { ...quarter, voidedOn: '2026-03-05' },
    credits: [{ on: '2026-02-01', parts: { il_1: '45.00' }, voidedOn: '2026-03-20' }],
    revenue: { '2026-01': '31.00', '2026-02': '-1.50', '2026-03': '-29.50' },
  },
  {
    name: '38 usage credited in the next month comes out of the next month',
    invoice: { on: '2026-05-01', lines: [{ id: 'il_1', net: '77.00', from: '2026-04-30' }] },
    credits: [{ on: '2026-05-12', parts: { il_1: '7.00' } }],
    revenue: { '2026-04': '77.00', '2026-05': '-7.00' },
  },
  {
    // 10.00 of 40.00: 7.50 from the plan of 30.00, 2.50 from the set-up of 10.00.
    name: '39 a credit that names no line is spread by what is left: plan 30 days of January and February, set-up at once',
    invoice: {
      lines: [
        { id: 'il_1', net: '30.00', from: '2026-01-17', until: '2026-02-16' },
        { id: 'il_2', net: '10.00', from: '2026-01-17', key: 'set-up' },
      ],
    },
    credits: [{ on: '2026-02-01', spread: '10.00' }],
    // January 15.00 + 10.00; February 22.50 − 15.00, and −2.50.
    revenue: { '2026-01': '25.00', '2026-02': '5.00' },
  },
  {
    name: '40 all of an upgrade’s invoice credited without naming a line: the negative line goes back too',
    invoice: {
      lines: [
        { id: 'il_1', net: '-60.00', from: '2026-04-25', until: '2026-05-15' },
        { id: 'il_2', net: '80.00', from: '2026-04-25', until: '2026-05-15' },
      ],
    },
    credits: [{ on: '2026-05-02', spread: '20.00' }],
    revenue: { '2026-04': '6.00', '2026-05': '-6.00' },
  },
  {
    // 1.00 over 0.67 : 0.67 : 0.66 of 2.00 gives 0.34, 0.33, 0.33 by the running total.
    name: '41 a spread that does not divide loses no cent',
    invoice: {
      lines: [
        { id: 'il_1', net: '0.67', from: '2026-01-05' },
        { id: 'il_2', net: '0.67', from: '2026-01-05' },
        { id: 'il_3', net: '0.66', from: '2026-01-05' },
      ],
    },
    credits: [{ on: '2026-03-02', spread: '1.00' }],
    revenue: { '2026-01': '2.00', '2026-03': '-1.00' },
  },
  {
    // Late: dated 28 February, posted to March because February was closed. 59/90 of 90.00 stand at February's end.
    name: '42 a credit note booked a month after its date takes from the month it is booked in',
    invoice: quarter,
    credits: [{ on: '2026-02-28', bookedIn: '2026-03', parts: { il_1: '45.00' } }],
    revenue: { '2026-01': '31.00', '2026-02': '28.00', '2026-03': '-14.00' },
  },
]

describe('a change takes effect in its month and leaves the months before alone', () => {
  it.each(cases)('$name', ({ invoice, credits = [], revenue }) => {
    const cut = sold(invoice, credits)
    expect(revenueOf(cut.invoice)).toEqual(revenue)
    expect(cut.breaks).toEqual([])
  })

  it('43 unused time of one invoice, credited on the next: two invoices, each with its own schedule', () => {
    // 30.00 a month; cancelled on 21 April, unused 10 days = −10.00 on the invoice of 1 May.
    const april = sold({ id: 'in_april', lines: [{ net: '30.00', from: '2026-04-01', until: '2026-05-01' }] })
    const may = sold({
      id: 'in_may',
      on: '2026-05-01',
      lines: [
        { net: '-10.00', from: '2026-04-21', until: '2026-05-01' },
        { net: '62.00', from: '2026-05-01', until: '2026-06-01' },
      ],
    })
    expect(revenueOf(april.invoice)).toEqual({ '2026-04': '30.00' })
    expect(revenueOf(may.invoice)).toEqual({ '2026-04': '-10.00', '2026-05': '62.00' })
  })

  it('44 names the line of which more is credited than it ever was, with both amounts', () => {
    const cut = sold(quarter, [
      { id: 'cn_1', on: '2026-02-01', parts: { il_1: '60.00' } },
      { id: 'cn_2', on: '2026-02-02', parts: { il_1: '60.00' } },
    ])
    expect(cut.breaks).toEqual([
      {
        code: 'over-credited',
        where: 'il_1',
        currency: 'USD',
        expectedMinor: 90_00n,
        actualMinor: 120_00n,
        text: 'Of line il_1 of INV-0042 (USD 90.00) 120.00 is credited.',
      },
    ])
  })

  it('… and one that a credit would make larger, or turn round', () => {
    const lines = [
      { id: 'il_1', net: '90.00', from: '2026-01-01', until: '2026-04-01' },
      { id: 'il_2', net: '-20.00', from: '2026-01-01', until: '2026-04-01' },
    ]
    const where = (parts: Record<string, string>) =>
      sold({ lines }, [{ on: '2026-02-01', parts }]).breaks.map((each) => [each.where, each.actualMinor])
    expect(where({ il_1: '-0.01' })).toEqual([['il_1', -1n]])
    expect(where({ il_2: '0.01' })).toEqual([['il_2', 1n]])
    expect(where({ il_2: '-20.01' })).toEqual([['il_2', -20_01n]])
    expect(where({ il_1: '90.00', il_2: '-20.00' })).toEqual([])
  })

  it('45 says which credit found no line, and leaves the revenue as it is', () => {
    const cut = sold(quarter, [{ id: 'cn_1', on: '2026-02-01', parts: { il_of_another: '60.00' } }])
    expect(revenueOf(cut.invoice)).toEqual({ '2026-01': '31.00', '2026-02': '28.00', '2026-03': '31.00' })
    expect(cut.breaks).toMatchObject([
      { code: 'credit-names-no-line', where: 'cn_1', month: '2026-02', actualMinor: 60_00n },
    ])
  })

  it('a credit that names a line and more besides spreads the rest over what it leaves', () => {
    // 30.00 and 10.00: 10.00 off the first; the other 12.00 over 20.00 and 10.00 are 8.00 and 4.00.
    const lines = [
      { id: 'il_1', net: '30.00', from: '2026-01-05' },
      { id: 'il_2', net: '10.00', from: '2026-01-05' },
    ]
    const cut = sold({ lines }, [{ on: '2026-01-20', parts: { il_1: '10.00' }, spread: '12.00' }])
    expect(cut.invoice.lines.map((line) => line.changes.map((change) => change.deltaMinor))).toEqual([
      [-18_00n],
      [-4_00n],
    ])
  })

  it('credits are cut in as they were booked, not as they are dated', () => {
    const lines = [
      { id: 'il_1', net: '30.00', from: '2026-01-05' },
      { id: 'il_2', net: '10.00', from: '2026-01-05' },
    ]
    const cut = sold({ lines }, [
      { id: 'cn_late', on: '2026-01-20', bookedIn: '2026-03', spread: '10.00' },
      { id: 'cn_early', on: '2026-02-05', parts: { il_1: '20.00' } },
    ])
    // In March 10.00 of each line is left.
    expect(cut.invoice.lines.map((line) => line.changes.map((change) => change.deltaMinor))).toEqual([
      [-20_00n, -5_00n],
      [-5_00n],
    ])
  })

  it('a void on the day of a credit note takes what the credit note left, whatever their ids', () => {
    const cut = sold({ ...quarter, id: 'a_1', voidedOn: '2026-02-01' }, [
      { id: 'z_1', on: '2026-02-01', parts: { il_1: '30.00' } },
    ])
    expect(cut.invoice.lines[0]?.changes.map(({ cause, deltaMinor }) => [cause, deltaMinor])).toEqual([
      ['credit', -30_00n],
      ['void', -60_00n],
    ])
  })

  it('a credit note voided on its own day leaves everything as it was', () => {
    const cut = sold(quarter, [{ on: '2026-02-01', parts: { il_1: '30.00' }, voidedOn: '2026-02-01' }])
    expect(revenueOf(cut.invoice)).toEqual({ '2026-01': '31.00', '2026-02': '28.00', '2026-03': '31.00' })
    expect(cut.invoice.lines[0]?.changes.map((change) => change.deltaMinor)).toEqual([-30_00n, 30_00n])
  })

  it('46 orders two credits of one day by what they are, not by how they arrive', () => {
    const both: CreditInput[] = [
      { id: 'cn_a', on: '2026-02-01', spread: '10.00' },
      { id: 'cn_b', on: '2026-02-01', spread: '20.01' },
    ]
    const lines = [
      { id: 'il_1', net: '33.33', from: '2026-01-01', until: '2026-04-01' },
      { id: 'il_2', net: '66.67', from: '2026-01-01', until: '2027-01-01' },
    ]
    expect(sold({ lines }, both)).toEqual(sold({ lines }, both.toReversed()))
  })
})
