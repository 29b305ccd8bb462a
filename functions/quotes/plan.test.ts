// Quotes and the invoices that they become, each amount worked out by hand.
import { describe, expect, it } from 'vitest'
import { addMonths, cyclesOf } from './cycles.ts'
import { deal, type Given, number } from './deal.fixture.ts'
import type { Deal } from './deal.ts'
import { decimal, inMinor, toText } from './decimal.ts'
import { objectionsToPhases, phasesOf } from './phases.ts'
import { planInvoices } from './plan.ts'

function invoicesOf(given: Deal) {
  const plan = planInvoices(given)
  if ('objections' in plan) throw new Error(plan.objections.map(({ text }) => text).join('\n'))
  return plan.invoices
}

const bills = (given: Deal) => invoicesOf(given).map(({ day, totalMinor }) => [day, totalMinor])

function refusals(given: Deal): string[] {
  const plan = planInvoices(given)
  return 'objections' in plan ? plan.objections.map(({ text }) => text) : []
}

describe('a quote with one line', () => {
  it('of a year, billed each month: twelve invoices alike, one phase', () => {
    // 12 seats × 49.00 = 588.00 a month, 7,056.00 a year.
    const given = deal([{ quantity: '12', unitPrice: '49.00', totalMinor: 705_600n }])
    const invoices = invoicesOf(given)
    expect(invoices).toHaveLength(12)
    expect(invoices.every(({ totalMinor }) => totalMinor === 58_800n)).toBe(true)
    expect(phasesOf(invoices)).toEqual([
      {
        from: '2027-01-01',
        until: '2028-01-01',
        cycles: 12,
        recurring: [{ line: 1, amountMinor: 58_800n }],
        once: [],
      },
    ])
  })

  it('of three years, billed by the year, at a price for a month', () => {
    // 10 × 49.00 × 12 = 5,880.00 a year.
    const given = deal([{ quantity: '10', unitPrice: '49.00', totalMinor: 1_764_000n }], {
      until: '2030-01-01',
      billingMonths: 12,
    })
    expect(bills(given)).toEqual([
      ['2027-01-01', 588_000n],
      ['2028-01-01', 588_000n],
      ['2029-01-01', 588_000n],
    ])
  })

  it('takes discounts one after the other, each rounded', () => {
    // 3 × 33.33 = 99.99; less 10 % (10.00) = 89.99; less 5 % (4.50) = 85.49; twelve of them 1,025.88.
    const given = deal([{ quantity: '3', unitPrice: '33.33', discounts: ['10', '5'], totalMinor: 102_588n }])
    expect(bills(given)[0]).toEqual(['2027-01-01', 8_549n])
  })

  it('of a decimal quantity and of a price with thousandths', () => {
    // 2.5 × 10.005 = 25.0125, 25.01 a month, 300.12 a year.
    const given = deal([{ quantity: '2.5', unitPrice: '10.005', totalMinor: 30_012n }])
    expect(bills(given)[0]).toEqual(['2027-01-01', 2_501n])
  })

  it('of yen, which have no cents', () => {
    // 7 × 1,490 = 10,430; less 15 % (1,564.5, rounded 1,565) = 8,865; a year 106,380.
    const given = deal([{ quantity: '7', unitPrice: '1490', discounts: ['15'], totalMinor: 106_380n }], {
      currency: 'JPY',
    })
    expect(bills(given)[11]).toEqual(['2027-12-01', 8_865n])
  })

  it('whose year does not divide by twelve: the remainder is a line of its own, on the first invoice', () => {
    // 1,000.00 a year: 12 × 83.33 = 999.96, and 0.04.
    const given = deal([{ unitPrice: '1000.00', unitMonths: 12, totalMinor: 100_000n }])
    const invoices = invoicesOf(given)
    expect(invoices[0]?.items).toEqual([
      { line: 1, kind: 'recurring', amountMinor: 8_333n, from: '2027-01-01', until: '2027-02-01' },
      { line: 1, kind: 'rounding', amountMinor: 4n, from: '2027-01-01', until: '2027-02-01' },
    ])
    expect(bills(given)[1]).toEqual(['2027-02-01', 8_333n])
    expect(phasesOf(invoices).map(({ cycles, once }) => [cycles, once.length])).toEqual([[12, 1]])
  })

  it('and the same where the months come to too much', () => {
    // 500.00 a year: 12 × 41.67 = 500.04, and −0.04.
    const [first] = bills(deal([{ unitPrice: '500.00', unitMonths: 12, totalMinor: 50_000n }]))
    expect(first).toEqual(['2027-01-01', 4_163n])
  })
})

describe('a ramp', () => {
  const years = (
    ...segments: [from: string, until: string, quantity: string, totalMinor: bigint][]
  ): Given[] =>
    segments.map(([from, until, quantity, totalMinor]) => ({
      unitPrice: '20.00',
      segmentKey: 'k1',
      from,
      until,
      quantity,
      totalMinor,
    }))

  it('of three years, more seats each year, billed by the quarter: a phase a year', () => {
    // 10, 20, 35 seats × 20.00 × 3 = 600.00, 1,200.00, 2,100.00 a quarter.
    const given = deal(
      years(
        ['2027-01-01', '2028-01-01', '10', 240_000n],
        ['2028-01-01', '2029-01-01', '20', 480_000n],
        ['2029-01-01', '2030-01-01', '35', 840_000n],
      ),
      { until: '2030-01-01', billingMonths: 3 },
    )
    expect(bills(given).map(([, amount]) => amount)).toEqual([
      ...Array(4).fill(60_000n),
      ...Array(4).fill(120_000n),
      ...Array(4).fill(210_000n),
    ])
    expect(phasesOf(invoicesOf(given)).map(({ from, cycles }) => [from, cycles])).toEqual([
      ['2027-01-01', 4],
      ['2028-01-01', 4],
      ['2029-01-01', 4],
    ])
  })

  it('whose segment ends within a month: what begins then is billed then, what is short is the quote’s own', () => {
    // January to 10 March at 10 seats: 200.00, 200.00 and 9 of 31 days; the quote says 458.06, so 58.06.
    // Then 20 seats from 10 March: 400.00 on the 10th of each month, three times.
    const given = deal(
      years(['2027-01-01', '2027-03-10', '10', 45_806n], ['2027-03-10', '2027-06-10', '20', 120_000n]),
      { until: '2027-06-10' },
    )
    expect(bills(given)).toEqual([
      ['2027-01-01', 20_000n],
      ['2027-02-01', 20_000n],
      ['2027-03-01', 5_806n],
      ['2027-03-10', 40_000n],
      ['2027-04-10', 40_000n],
      ['2027-05-10', 40_000n],
    ])
  })

  it('with a line beside it that goes on: it is billed its share where the ramp is cut', () => {
    // Support, 31.00 a month, from January to 10 June: 2 whole months, 9 days of March, then 3 whole months.
    const given = deal(
      [
        ...years(['2027-01-01', '2027-03-10', '10', 45_806n], ['2027-03-10', '2027-06-10', '20', 120_000n]),
        { unitPrice: '31.00', product: '01t2', totalMinor: 16_400n },
      ],
      { until: '2027-06-10' },
    )
    // 5 × 31.00 = 155.00; the quote says 164.00: 9.00 for nine days.
    expect(bills(given)[2]).toEqual(['2027-03-01', 6_706n])
    expect(bills(given)[3]).toEqual(['2027-03-10', 43_100n])
  })

  it('with a gap, or with two segments at once, is refused with both lines', () => {
    const gap = years(
      ['2027-01-01', '2027-06-01', '10', 100_000n],
      ['2027-07-01', '2028-01-01', '20', 240_000n],
    )
    expect(refusals(deal(gap))).toEqual([
      'Line 2: its segment begins on 2027-07-01 and leaves a gap after that of line 1, which ends on 2027-06-01.',
    ])
    const twice = years(
      ['2027-01-01', '2027-08-01', '10', 140_000n],
      ['2027-07-01', '2028-01-01', '20', 240_000n],
    )
    expect(refusals(deal(twice))).toEqual([
      'Line 2: its segment begins on 2027-07-01 and overlaps that of line 1, which ends on 2027-08-01.',
    ])
  })
})

describe('a billing day', () => {
  it('that is not the first: the days before it are a short cycle with its own share', () => {
    // From the 17th, billed on the 1st; 100.00 a month until 1 July: 15 of 31 days, then five months.
    // The quote says 548.39: 500.00 and 48.39.
    const given = deal([{ unitPrice: '100.00', totalMinor: 54_839n }], {
      from: '2027-01-17',
      until: '2027-07-01',
      billingDay: 1,
    })
    expect(bills(given)).toEqual([
      ['2027-01-17', 4_839n],
      ['2027-02-01', 10_000n],
      ['2027-03-01', 10_000n],
      ['2027-04-01', 10_000n],
      ['2027-05-01', 10_000n],
      ['2027-06-01', 10_000n],
    ])
    expect(phasesOf(invoicesOf(given)).map(({ from, cycles }) => [from, cycles])).toEqual([
      ['2027-01-17', 0],
      ['2027-02-01', 5],
    ])
  })

  it('of the 31st is the last of a shorter month, and the 31st again', () => {
    const days = cyclesOf(
      deal([{ unitPrice: '1', totalMinor: 400n }], { from: '2027-01-31', until: '2027-05-31' }),
    ).map(({ from }) => from)
    expect(days).toEqual(['2027-01-31', '2027-02-28', '2027-03-31', '2027-04-30'])
    expect(addMonths('2028-01-31', 1)).toBe('2028-02-29')
    expect(addMonths('2027-11-30', 3)).toBe('2028-02-29')
  })
})

describe('a term', () => {
  it('that is no whole number of cycles ends with a share', () => {
    // Billed by the quarter for 14 months at 30.00 a month: 4 × 90.00, and 60.00 for two months.
    const given = deal([{ unitPrice: '30.00', totalMinor: 42_000n }], {
      until: '2028-03-01',
      billingMonths: 3,
    })
    expect(bills(given)).toEqual([
      ['2027-01-01', 9_000n],
      ['2027-04-01', 9_000n],
      ['2027-07-01', 9_000n],
      ['2027-10-01', 9_000n],
      ['2028-01-01', 6_000n],
    ])
  })

  it('with a fee once, in its middle, and usage that has no amount', () => {
    const given = deal([
      { unitPrice: '100.00', totalMinor: 120_000n },
      {
        unitPrice: '250.00',
        charge: 'one-off',
        from: '2027-03-15',
        until: '2027-03-16',
        totalMinor: 25_000n,
      },
      { unitPrice: '0.002', charge: 'usage', totalMinor: 0n },
    ])
    expect(bills(given).slice(1, 4)).toEqual([
      ['2027-02-01', 10_000n],
      ['2027-03-01', 35_000n],
      ['2027-04-01', 10_000n],
    ])
    expect(phasesOf(invoicesOf(given)).map(({ cycles }) => cycles)).toEqual([2, 10])
  })
})

describe('a quote that does not add up', () => {
  it('says which line, what Stripe would bill and what the quote says', () => {
    const given = deal([
      { unitPrice: '49.00', totalMinor: 58_800n },
      { quantity: '1', unitPrice: '49.00', discounts: ['10'], totalMinor: 53_000n },
    ])
    // 49.00 less 10 % (4.90) = 44.10, twelve times 529.20.
    expect(refusals(given)).toEqual(['Line 2: 12 × 49.00 less 10 % is 529.20; the quote says 530.00.'])
  })

  it('nor one whose share of a month is out of all proportion', () => {
    const given = deal([{ unitPrice: '100.00', totalMinor: 60_000n }], {
      from: '2027-01-17',
      until: '2027-07-01',
      billingDay: 1,
    })
    expect(refusals(given)).toEqual([
      'Line 1: 5 × 100.00 and 15 days by days is about 548.38; the quote says 600.00.',
    ])
  })

  it('nor one whose total is not that of its lines', () => {
    const given = deal([{ unitPrice: '10.00', totalMinor: 12_000n }], { totalMinor: 11_000n })
    expect(refusals(given)).toEqual([
      'The lines come to 120.00; the quote says 110.00. A discount or a charge of the whole quote belongs on its lines.',
    ])
  })

  it('nor one that ends before it begins, costs nothing, or sells less than nothing', () => {
    const given = deal([{ quantity: '-2', unitPrice: '10.00', totalMinor: -24_000n }], {
      until: '2026-01-01',
    })
    expect(refusals(given)).toEqual([
      'The term ends on 2026-01-01, before it begins on 2027-01-01.',
      'The quote comes to -240.00. A subscription is made of what costs something.',
      'Line 1: it ends on 2026-01-01, before it begins on 2027-01-01.',
      'Line 1: its quantity is -2.',
    ])
  })

  it('nor one that Stripe has no room for', () => {
    const lines = Array.from({ length: 11 }, (_, index) => {
      const from = addMonths('2027-01-01', index)
      const until = addMonths('2027-01-01', index + 1)
      return {
        unitPrice: '10.00',
        segmentKey: 'k',
        quantity: String(index + 1),
        from,
        until,
        totalMinor: BigInt(index + 1) * 1_000n,
      }
    })
    const given = deal(lines, { until: '2027-12-01' })
    expect(objectionsToPhases(phasesOf(invoicesOf(given))).map(({ text }) => text)).toEqual([
      'The quote needs 11 phases, and Stripe takes 10: let its segments begin and end on billing days, or split it into two quotes.',
    ])
  })
})

describe('a decimal', () => {
  it('is exact, whatever a float would make of it', () => {
    expect(inMinor(number('1.005'), 'USD')).toBe(101n)
    expect(inMinor(number('-1.005'), 'USD')).toBe(-101n)
    expect(inMinor(number('0.0005'), 'KWD')).toBe(1n)
    expect(toText(number('49.0050'))).toBe('49.005')
    expect(decimal('1e3')).toBeUndefined()
    expect(decimal('12,5')).toBeUndefined()
    expect(decimal('')).toBeUndefined()
  })
})
