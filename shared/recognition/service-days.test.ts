// When a line is earned: its timing by price, parent and policy, and its days in the company's time zone.
import { describe, expect, it } from 'vitest'
import { billedInvoice } from './from-stripe.ts'
import type { RecognitionPolicy } from './policy.ts'
import type { BilledLine } from './revenue-line.ts'
import { at, context, invoice, type LineInput, linesOf, november } from './stripe.fixture.ts'

describe('when a line is earned', () => {
  const item = { type: 'invoice_item_details', invoice_item_details: { proration: false } }
  const once = { price: 'price_once', product: 'prod_set_up', parent: item }
  const prorated = {
    type: 'subscription_item_details',
    subscription_item_details: { proration: true },
    invoice_item_details: null,
  }
  const fullNovember = { from: '2026-11-01', until: '2026-12-01' }

  it.each<[string, LineInput, Partial<RecognitionPolicy>, BilledLine['timing'], BilledLine['service']]>([
    ['a plan: over its period', { amount: 1, ...november }, {}, 'over-period', fullNovember],
    [
      'usage: on the last day of its period, though it is billed the day after',
      { amount: 1, ...november, price: 'price_usage', product: 'prod_usage' },
      {},
      'usage',
      { from: '2026-11-30', until: '2026-12-01' },
    ],
    [
      'one-off: on the invoice’s date',
      { amount: 1, ...once, start: '2026-09-28T00:00:00Z' },
      {},
      'delivery',
      { from: '2026-10-01', until: '2026-10-02' },
    ],
    [
      'one-off, by the line’s date where the company says so',
      { amount: 1, ...once, start: '2026-09-28T00:00:00Z' },
      { oneOffDate: 'line' },
      'delivery',
      { from: '2026-09-28', until: '2026-09-29' },
    ],
    [
      'one-off with a period: a service over it',
      { amount: 1, ...once, ...november },
      {},
      'over-period',
      fullNovember,
    ],
    [
      'one-off with a period, delivered at once where the company says so',
      { amount: 1, ...once, ...november },
      { oneOffWithPeriod: 'at-delivery' },
      'delivery',
      { from: '2026-10-01', until: '2026-10-02' },
    ],
    [
      '… or where it says so of the product',
      { amount: 1, ...once, ...november },
      { oneOffWithPeriod: 'at-delivery', oneOffWithPeriodByProduct: { prod_set_up: 'over-period' } },
      'over-period',
      fullNovember,
    ],
    [
      'a proration: over its own dates, whatever is said of one-off prices',
      { amount: -1, price: 'price_once', ...november, parent: prorated },
      { oneOffWithPeriod: 'at-delivery' },
      'over-period',
      fullNovember,
    ],
    [
      'a proration as an invoice item: the same',
      {
        amount: -1,
        price: 'price_once',
        ...november,
        parent: { type: 'invoice_item_details', invoice_item_details: { proration: true } },
      },
      { oneOffWithPeriod: 'at-delivery' },
      'over-period',
      fullNovember,
    ],
    [
      'a price that was expanded speaks for itself',
      { amount: 1, ...november, price: { id: 'price_new', recurring: { usage_type: 'metered' } } },
      {},
      'usage',
      { from: '2026-11-30', until: '2026-12-01' },
    ],
    [
      'an expanded one-off price too',
      { amount: 1, ...november, price: { id: 'price_new', recurring: null } },
      { oneOffWithPeriod: 'at-delivery' },
      'delivery',
      { from: '2026-10-01', until: '2026-10-02' },
    ],
    [
      'a line without a price is one-off',
      { amount: 1, more: { pricing: null } },
      { revenueKeys: { byProduct: {}, default: 'other' } },
      'delivery',
      { from: '2026-10-01', until: '2026-10-02' },
    ],
  ])('%s', (_name, input, changes, timing, service) => {
    expect(linesOf([input], changes)[0]).toMatchObject({ timing, service })
  })

  it('not before the invoice’s month, where the company says so', () => {
    expect(linesOf([{ amount: 1, ...november }])[0]?.earliest).toBeUndefined()
    expect(linesOf([{ amount: 1, ...november }], { recognizeFrom: 'invoice' })[0]?.earliest).toBe('2026-10')
  })
})

describe('days in the company’s zone', () => {
  const service = (start: string, end: string, timeZone: string) =>
    linesOf([{ amount: 31_00, start, end }], { timeZone })[0]?.service

  it('midnight in London is the evening before in Los Angeles', () => {
    expect(service('2026-11-01T00:00:00Z', '2026-12-01T00:00:00Z', 'America/Los_Angeles')).toEqual({
      from: '2026-10-31',
      until: '2026-11-30',
    })
    expect(service('2026-11-01T00:00:00Z', '2026-12-01T00:00:00Z', 'Asia/Tokyo')).toEqual({
      from: '2026-11-01',
      until: '2026-12-01',
    })
  })

  it('into summer time: the end an hour later by the clock is the same day', () => {
    // 00:00 PST on 1 March to 01:00 PDT on 1 April.
    expect(service('2026-03-01T08:00:00Z', '2026-04-01T08:00:00Z', 'America/Los_Angeles')).toEqual({
      from: '2026-03-01',
      until: '2026-04-01',
    })
  })

  it('out of summer time: a midnight end becomes 23:00 of the day before, and the next period takes that day', () => {
    // 00:00 PDT on 10 October to 23:00 PST on 9 November, and on to 23:00 PST on 9 December.
    expect(service('2026-10-10T07:00:00Z', '2026-11-10T07:00:00Z', 'America/Los_Angeles')).toEqual({
      from: '2026-10-10',
      until: '2026-11-09',
    })
    expect(service('2026-11-10T07:00:00Z', '2026-12-10T07:00:00Z', 'America/Los_Angeles')).toEqual({
      from: '2026-11-09',
      until: '2026-12-09',
    })
  })

  it('renewals at 14:30 share no day: the day they meet on belongs to the new period', () => {
    expect(service('2026-01-15T14:30:00Z', '2026-02-15T14:30:00Z', 'UTC')).toEqual({
      from: '2026-01-15',
      until: '2026-02-15',
    })
    expect(service('2026-02-15T14:30:00Z', '2026-03-15T14:30:00Z', 'UTC')).toEqual({
      from: '2026-02-15',
      until: '2026-03-15',
    })
  })

  it('a period entered as ending at 23:59:59 keeps its last day', () => {
    expect(service('2026-11-01T00:00:00Z', '2026-11-30T23:59:59Z', 'UTC')).toEqual({
      from: '2026-11-01',
      until: '2026-12-01',
    })
  })

  it('renewals at 23:59:59 meet without sharing a day as well', () => {
    expect(service('2026-01-15T23:59:59Z', '2026-02-15T23:59:59Z', 'UTC')).toEqual({
      from: '2026-01-16',
      until: '2026-02-16',
    })
    expect(service('2026-02-15T23:59:59Z', '2026-03-15T23:59:59Z', 'UTC')).toEqual({
      from: '2026-02-16',
      until: '2026-03-16',
    })
  })

  it('some hours of one day are that day', () => {
    expect(service('2026-11-30T09:00:00Z', '2026-11-30T17:00:00Z', 'UTC')).toEqual({
      from: '2026-11-30',
      until: '2026-12-01',
    })
  })

  it('the invoice’s date is in the zone too', () => {
    const late = { status_transitions: { finalized_at: at('2026-11-01T05:00:00Z') } }
    expect(billedInvoice(invoice([], late), context({ timeZone: 'America/New_York' }))).toMatchObject({
      invoicedOn: '2026-11-01',
      bookedIn: '2026-11',
    })
    const evening = { status_transitions: { finalized_at: at('2026-11-01T03:30:00Z') } }
    expect(billedInvoice(invoice([], evening), context({ timeZone: 'America/New_York' }))).toMatchObject({
      invoicedOn: '2026-10-31',
      bookedIn: '2026-10',
    })
  })
})
