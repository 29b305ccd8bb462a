// Worked by hand: days of each month over days of service. Every amount is written out; none comes from the code.
import { describe, expect, it } from 'vitest'
import { type InvoiceInput, revenueOf, sold } from './recognition.fixture.ts'
import { serviceDates } from './service.ts'

interface Case {
  name: string
  invoice: InvoiceInput
  revenue: Record<string, string>
}

const cases: Case[] = [
  {
    name: '01 USD, a calendar month: all of it in that month',
    invoice: { lines: [{ net: '99.00', from: '2026-10-01', until: '2026-11-01' }] },
    revenue: { '2026-10': '99.00' },
  },
  {
    // https://docs.stripe.com/revenue-recognition/methodology/subscriptions-and-invoicing: 17 days and 14 days.
    name: '02 USD, Stripe’s own example: 31.00 from 15 January to 14 February',
    invoice: { lines: [{ net: '31.00', from: '2026-01-15', until: '2026-02-15' }] },
    revenue: { '2026-01': '17.00', '2026-02': '14.00' },
  },
  {
    // 31/365 = 84.9315; 59/365 = 161.6438; 90/365 = 246.5753; 120/365 = 328.7671; 151/365 = 413.6986; …
    name: '03 USD, 1,000.00 a year from 1 January: no month is a twelfth, the year is whole',
    invoice: { lines: [{ net: '1000.00', from: '2026-01-01', until: '2027-01-01' }] },
    revenue: {
      '2026-01': '84.93',
      '2026-02': '76.71',
      '2026-03': '84.94',
      '2026-04': '82.19',
      '2026-05': '84.93',
      '2026-06': '82.19',
      '2026-07': '84.93',
      '2026-08': '84.93',
      '2026-09': '82.20',
      '2026-10': '84.93',
      '2026-11': '82.19',
      '2026-12': '84.93',
    },
  },
  {
    name: '04 EUR, 1,000.00 a year from mid-month: 17 days in the first March, 14 in the last',
    invoice: { currency: 'EUR', lines: [{ net: '1000.00', from: '2026-03-15', until: '2027-03-15' }] },
    revenue: {
      '2026-03': '46.58',
      '2026-04': '82.19',
      '2026-05': '84.93',
      '2026-06': '82.19',
      '2026-07': '84.93',
      '2026-08': '84.93',
      '2026-09': '82.20',
      '2026-10': '84.93',
      '2026-11': '82.19',
      '2026-12': '84.93',
      '2027-01': '84.93',
      '2027-02': '76.71',
      '2027-03': '38.36',
    },
  },
  {
    name: '05 USD, a leap year has 366 days: 366.00 is 1.00 a day, 29.00 in February',
    invoice: { lines: [{ net: '366.00', from: '2028-01-01', until: '2029-01-01' }] },
    revenue: {
      '2028-01': '31.00',
      '2028-02': '29.00',
      '2028-03': '31.00',
      '2028-04': '30.00',
      '2028-05': '31.00',
      '2028-06': '30.00',
      '2028-07': '31.00',
      '2028-08': '31.00',
      '2028-09': '30.00',
      '2028-10': '31.00',
      '2028-11': '30.00',
      '2028-12': '31.00',
    },
  },
  {
    name: '06 USD, half a leap February: 29 days, 14 of them',
    invoice: { lines: [{ net: '29.00', from: '2028-02-16', until: '2028-03-16' }] },
    revenue: { '2028-02': '14.00', '2028-03': '15.00' },
  },
  {
    name: '07 JPY has no decimals: 17/31 of 1,000 is 548.39',
    invoice: { currency: 'JPY', lines: [{ net: '1000', from: '2026-01-15', until: '2026-02-15' }] },
    revenue: { '2026-01': '548', '2026-02': '452' },
  },
  {
    name: '08 KWD has three: a quarter of 12.345',
    invoice: { currency: 'KWD', lines: [{ net: '12.345', from: '2026-01-01', until: '2026-04-01' }] },
    revenue: { '2026-01': '4.252', '2026-02': '3.841', '2026-03': '4.252' },
  },
  {
    // Stripe renews a subscription of the 31st on the last day of a shorter month.
    name: '09 a month that starts on 31 January ends on 28 February: one day and 27',
    invoice: { lines: [{ net: '28.00', from: '2026-01-31', until: '2026-02-28' }] },
    revenue: { '2026-01': '1.00', '2026-02': '27.00' },
  },
  {
    name: '10 … and the next one has 28 February and 30 days of March',
    invoice: { lines: [{ net: '29.99', from: '2026-02-28', until: '2026-03-31' }] },
    revenue: { '2026-02': '0.97', '2026-03': '29.02' },
  },
  {
    name: '11 a single cent over a year falls in the month that passes its half',
    invoice: { lines: [{ net: '0.01', from: '2026-01-01', until: '2027-01-01' }] },
    revenue: { '2026-07': '0.01' },
  },
  {
    name: '12 an exact half goes away from zero, so the cent is January’s',
    invoice: { lines: [{ net: '0.01', from: '2026-01-31', until: '2026-02-02' }] },
    revenue: { '2026-01': '0.01' },
  },
  {
    name: '13 … and a negative one mirrors it',
    invoice: { lines: [{ net: '-0.01', from: '2026-01-31', until: '2026-02-02' }] },
    revenue: { '2026-01': '-0.01' },
  },
  {
    name: '14 a zero line recognizes nothing',
    invoice: { lines: [{ net: '0.00', from: '2026-01-15', until: '2026-02-15' }] },
    revenue: {},
  },
  {
    name: '15 a negative proration line has its own dates: 6 of 20 days in April',
    invoice: { lines: [{ net: '-60.00', from: '2026-04-25', until: '2026-05-15' }] },
    revenue: { '2026-04': '-18.00', '2026-05': '-42.00' },
  },
  {
    // The example of the page above: 60.00 for 20 days of the old plan, 40.00 for 10 days of the new one.
    name: '16 an upgrade inside April, Stripe’s example: 90.00, −30.00 and +40.00 are 100.00',
    invoice: {
      lines: [
        { net: '90.00', from: '2026-04-01', until: '2026-05-01' },
        { net: '-30.00', from: '2026-04-21', until: '2026-05-01' },
        { net: '40.00', from: '2026-04-21', until: '2026-05-01' },
      ],
    },
    revenue: { '2026-04': '100.00' },
  },
  {
    // Old plan 3.00 a day, new plan 4.00 from the 25th. April: 10 × 3 + 6 × 4; May: 14 × 4.
    name: '17 an upgrade whose month runs into May: 16 × 3.00 − 18.00 + 24.00, then 42.00 − 42.00 + 56.00',
    invoice: {
      lines: [
        { net: '90.00', from: '2026-04-15', until: '2026-05-15' },
        { net: '-60.00', from: '2026-04-25', until: '2026-05-15' },
        { net: '80.00', from: '2026-04-25', until: '2026-05-15' },
      ],
    },
    revenue: { '2026-04': '54.00', '2026-05': '56.00' },
  },
  {
    name: '18 a point in time (usage, delivery) is one day: all of it in its month',
    invoice: { lines: [{ net: '123.45', from: '2026-10-31' }] },
    revenue: { '2026-10': '123.45' },
  },
  {
    name: '19 service before the invoice is revenue of the months it was given in',
    invoice: { on: '2026-04-10', lines: [{ net: '90.00', from: '2026-01-01', until: '2026-04-01' }] },
    revenue: { '2026-01': '31.00', '2026-02': '28.00', '2026-03': '31.00' },
  },
  {
    name: '20 … unless the company recognizes nothing before it bills: then the invoice’s month catches up',
    invoice: {
      on: '2026-03-10',
      lines: [{ net: '120.00', from: '2026-01-01', until: '2026-05-01', earliest: '2026-03' }],
    },
    revenue: { '2026-03': '90.00', '2026-04': '30.00' },
  },
  {
    // 22/365 = 6,027.40; 52/365 = 14,246.58; 83/365 = 22,739.73; …
    name: '21 JPY, 100,000 a year from 10 October',
    invoice: { currency: 'JPY', lines: [{ net: '100000', from: '2026-10-10', until: '2027-10-10' }] },
    revenue: {
      '2026-10': '6027',
      '2026-11': '8220',
      '2026-12': '8493',
      '2027-01': '8493',
      '2027-02': '7671',
      '2027-03': '8493',
      '2027-04': '8219',
      '2027-05': '8494',
      '2027-06': '8219',
      '2027-07': '8493',
      '2027-08': '8493',
      '2027-09': '8219',
      '2027-10': '2466',
    },
  },
  {
    name: '22 EUR, a year over a leap February from July: 29 days of 366',
    invoice: { currency: 'EUR', lines: [{ net: '1200.00', from: '2027-07-01', until: '2028-07-01' }] },
    revenue: {
      '2027-07': '101.64',
      '2027-08': '101.64',
      '2027-09': '98.36',
      '2027-10': '101.64',
      '2027-11': '98.36',
      '2027-12': '101.64',
      '2028-01': '101.64',
      '2028-02': '95.08',
      '2028-03': '101.64',
      '2028-04': '98.36',
      '2028-05': '101.64',
      '2028-06': '98.36',
    },
  },
]

describe('a line is recognized by the day', () => {
  it.each(cases)('$name', ({ invoice, revenue }) => {
    const cut = sold(invoice)
    expect(revenueOf(cut.invoice)).toEqual(revenue)
    expect(cut.breaks).toEqual([])
  })

  it('23 sixty lines of 0.10 over two months round each by itself, and the invoice is whole', () => {
    // 30/61 of 0.10 is 0.0492: 5 cents in June, 5 in July, sixty times.
    const lines = Array.from({ length: 60 }, () => ({ net: '0.10', from: '2026-06-01', until: '2026-08-01' }))
    expect(revenueOf(sold({ lines }).invoice)).toEqual({ '2026-06': '3.00', '2026-07': '3.00' })
  })

  it('24 tells a ledger that recognizes by itself the first and the last day', () => {
    expect(serviceDates({ from: '2026-01-15', until: '2026-02-15' })).toEqual({
      first: '2026-01-15',
      last: '2026-02-14',
    })
    expect(serviceDates({ from: '2028-02-29', until: '2028-03-01' })).toEqual({
      first: '2028-02-29',
      last: '2028-02-29',
    })
  })
})
