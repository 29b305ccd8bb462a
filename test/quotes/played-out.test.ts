// What the hub says that Stripe will bill for a quote, and what the simulated Stripe bills when the term is played out, day for
// day and cent for cent. The two share no arithmetic.
import { afterEach, beforeEach, expect, it } from 'vitest'
import { deal, type Given } from '../../functions/quotes/deal.fixture.ts'
import type { Deal } from '../../functions/quotes/deal.ts'
import { phasesOf } from '../../functions/quotes/phases.ts'
import { planInvoices } from '../../functions/quotes/plan.ts'
import { scheduleOf } from '../../functions/quotes/schedule.ts'
import { type Play, startPlay } from '../../local/simulators/stripe/play.fixture.ts'
import { dayOf, startOfDay } from '../../shared/calendar.ts'

const ZONE = 'America/Los_Angeles'

let play: Play
beforeEach(async () => {
  play = await startPlay()
})
afterEach(() => play.close())

interface Case {
  name: string
  terms?: Partial<Deal>
  lines: Given[]
  /** Of each invoice, by hand: its day and its total. */
  bills: [day: string, totalMinor: number][]
  /** Only so many of them are written out. */
  first?: number
  trialFrom?: string
}

const segment = (from: string, until: string, quantity: string, totalMinor: bigint): Given => ({
  unitPrice: '20.00',
  segmentKey: 'k1',
  from,
  until,
  quantity,
  totalMinor,
})

const CASES: Case[] = [
  {
    name: 'a year by the month',
    lines: [{ quantity: '12', unitPrice: '49.00', totalMinor: 705_600n }],
    bills: [
      ['2027-01-01', 58_800],
      ['2027-02-01', 58_800],
    ],
    first: 2,
  },
  {
    name: 'a remainder of four cents on the first invoice',
    lines: [{ unitPrice: '1000.00', unitMonths: 12, totalMinor: 100_000n }],
    bills: [
      ['2027-01-01', 8_337],
      ['2027-02-01', 8_333],
    ],
    first: 2,
  },
  {
    name: 'a remainder below nothing',
    lines: [{ unitPrice: '500.00', unitMonths: 12, totalMinor: 50_000n }],
    bills: [
      ['2027-01-01', 4_163],
      ['2027-02-01', 4_167],
    ],
    first: 2,
  },
  {
    // 7 × 33.33 = 233.31; less 10 % (23.33) = 209.98 a month, which is no multiple of 7.
    name: 'an amount that its quantity does not divide',
    lines: [{ quantity: '7', unitPrice: '33.33', discounts: ['10'], totalMinor: 251_976n }],
    bills: [['2027-01-01', 20_998]],
    first: 1,
  },
  {
    name: 'a decimal quantity',
    lines: [{ quantity: '2.5', unitPrice: '10.005', totalMinor: 30_012n }],
    bills: [['2027-01-01', 2_501]],
    first: 1,
  },
  {
    name: 'a ramp of three years by the quarter',
    terms: { until: '2030-01-01', billingMonths: 3 },
    lines: [
      segment('2027-01-01', '2028-01-01', '10', 240_000n),
      segment('2028-01-01', '2029-01-01', '20', 480_000n),
      segment('2029-01-01', '2030-01-01', '35', 840_000n),
    ],
    bills: [
      ['2027-01-01', 60_000],
      ['2027-04-01', 60_000],
      ['2027-07-01', 60_000],
      ['2027-10-01', 60_000],
      ['2028-01-01', 120_000],
      ['2028-04-01', 120_000],
      ['2028-07-01', 120_000],
      ['2028-10-01', 120_000],
      ['2029-01-01', 210_000],
      ['2029-04-01', 210_000],
      ['2029-07-01', 210_000],
      ['2029-10-01', 210_000],
    ],
  },
  {
    name: 'a ramp cut within a month, with support beside it',
    terms: { until: '2027-06-10' },
    lines: [
      segment('2027-01-01', '2027-03-10', '10', 45_806n),
      segment('2027-03-10', '2027-06-10', '20', 120_000n),
      { unitPrice: '31.00', product: '01t2', totalMinor: 16_400n },
    ],
    bills: [
      ['2027-01-01', 23_100],
      ['2027-02-01', 23_100],
      ['2027-03-01', 6_706],
      ['2027-03-10', 43_100],
      ['2027-04-10', 43_100],
      ['2027-05-10', 43_100],
    ],
  },
  {
    name: 'from the 17th, billed on the 1st',
    terms: { from: '2027-01-17', until: '2027-07-01', billingDay: 1 },
    lines: [{ unitPrice: '100.00', totalMinor: 54_839n }],
    bills: [
      ['2027-01-17', 4_839],
      ['2027-02-01', 10_000],
      ['2027-03-01', 10_000],
      ['2027-04-01', 10_000],
      ['2027-05-01', 10_000],
      ['2027-06-01', 10_000],
    ],
  },
  {
    name: 'fourteen months by the quarter, the last two a share',
    terms: { until: '2028-03-01', billingMonths: 3 },
    lines: [{ unitPrice: '30.00', totalMinor: 42_000n }],
    bills: [
      ['2027-01-01', 9_000],
      ['2027-04-01', 9_000],
      ['2027-07-01', 9_000],
      ['2027-10-01', 9_000],
      ['2028-01-01', 6_000],
    ],
  },
  {
    name: 'a fee in mid-term',
    terms: { until: '2027-07-01' },
    lines: [
      { unitPrice: '100.00', totalMinor: 60_000n },
      {
        unitPrice: '250.00',
        charge: 'one-off',
        from: '2027-03-15',
        until: '2027-03-16',
        totalMinor: 25_000n,
      },
    ],
    bills: [
      ['2027-01-01', 10_000],
      ['2027-02-01', 10_000],
      ['2027-03-01', 35_000],
      ['2027-04-01', 10_000],
      ['2027-05-01', 10_000],
      ['2027-06-01', 10_000],
    ],
  },
  {
    name: 'from the last day of January',
    terms: { from: '2027-01-31', until: '2027-05-31' },
    lines: [{ unitPrice: '10.00', totalMinor: 4_000n }],
    bills: [
      ['2027-01-31', 1_000],
      ['2027-02-28', 1_000],
      ['2027-03-31', 1_000],
      ['2027-04-30', 1_000],
    ],
  },
  {
    name: 'after a trial of 30 days, which costs nothing',
    terms: { from: '2027-01-31', until: '2027-04-30' },
    trialFrom: '2027-01-01',
    lines: [{ unitPrice: '10.00', totalMinor: 3_000n }],
    bills: [
      ['2027-01-01', 0],
      ['2027-01-31', 1_000],
      ['2027-02-28', 1_000],
      ['2027-03-31', 1_000],
    ],
  },
  {
    name: 'three years by the year',
    terms: { until: '2030-01-01', billingMonths: 12 },
    lines: [{ quantity: '10', unitPrice: '49.00', totalMinor: 1_764_000n }],
    bills: [
      ['2027-01-01', 588_000],
      ['2028-01-01', 588_000],
      ['2029-01-01', 588_000],
    ],
  },
]

it.each(CASES)('$name', async (given) => {
  const sold = deal(given.lines, given.terms)
  const plan = planInvoices(sold)
  if ('objections' in plan) throw new Error(plan.objections.map(({ text }) => text).join('\n'))
  const planned = plan.invoices.map(({ day, totalMinor }) => [day, Number(totalMinor)])
  const trial = given.trialFrom === undefined ? [] : [[given.trialFrom, 0]]
  expect([...trial, ...planned].slice(0, given.first)).toEqual(given.bills)

  const customer = await play.customer()
  await play.stripe.products.create({ id: 'prod_team', name: 'Team plan' })
  const schedule = scheduleOf(sold, phasesOf(plan.invoices), {
    customer: customer.id,
    quoteId: '0Q0000000000001',
    timeZone: ZONE,
    productOf: () => 'prod_team',
    netDays: 30,
    renews: false,
    ...(given.trialFrom && { trialFrom: given.trialFrom }),
  })
  const { id } = await play.stripe.subscriptionSchedules.create(schedule)
  play.to(startOfDay(sold.until, ZONE) + 86_400)
  const billed = play.simulator.store.invoices
    .all()
    .map(({ created, total }) => [dayOf(created, ZONE), total])
  expect(billed).toEqual([...trial, ...planned])
  expect(await play.stripe.subscriptionSchedules.retrieve(id)).toMatchObject({ status: 'completed' })
  expect(play.simulator.store.subscriptions.all()).toMatchObject([
    { status: 'canceled', metadata: { switchyard_quote: '0Q0000000000001' } },
  ])
})
