// The days of service on item lines: for whom they are, and that they are recognition's own.
import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../shared/connector/contract.ts'
import { billedInvoice } from '../../../shared/recognition/from-stripe.ts'
import { serviceDates } from '../../../shared/recognition/service.ts'
import type { NetSuiteConfigInput } from './config.ts'
import { itemFields } from './item-lines.ts'
import { configOf, invoice, type LineInput } from './objects.fixture.ts'
import { invoiceLines } from './stripe-fields.ts'
import { linesOf } from './wire.ts'

const JOURNALS: NetSuiteConfigInput['revenue'] = {
  mode: 'journals',
  firstMonth: '2026-11',
  deferredAccount: '212',
  revenueAccounts: { plans: '411' },
  defaultKey: 'plans',
}
const at = (instant: string): number => Date.parse(instant) / 1_000
const books = { items: { prod_team: '801' }, taxPercentages: {} }

const lineOf = (period: NonNullable<LineInput['period']>, changes: Partial<NetSuiteConfigInput> = {}) => {
  const object = invoice({ total: 1_000, lines: [{ amount: 1_000, period }] })
  const total = { amountMinor: 1_000n, currency: 'USD' }
  const fields = itemFields(
    { document: 'INV-0042', lines: invoiceLines(object), total, books },
    configOf(changes),
  )
  const [line] = linesOf((fields as JsonObject).item)
  return { line, object }
}

const renewal = { start: at('2026-11-15T14:30:00Z'), end: at('2026-12-15T14:30:00Z') }

describe('days of service on a line', () => {
  test('renewals at 14:30 share no day: the one ends on the 14th, the next begins on the 15th', () => {
    const { line } = lineOf(renewal, { revenue: { mode: 'dates-on-lines' } })
    expect(line).toMatchObject({ revRecStartDate: '2026-11-15', revRecEndDate: '2026-12-14' })
    const next = { start: renewal.end, end: at('2027-01-15T14:30:00Z') }
    expect(lineOf(next).line).toMatchObject({ revRecStartDate: '2026-12-15', revRecEndDate: '2027-01-14' })
  })

  test.each([
    ['in the company’s zone', renewal.start, renewal.end, 'Asia/Tokyo', '2026-11-15', '2026-12-14'],
    [
      'midnight in London',
      at('2026-11-01T00:00:00Z'),
      at('2026-12-01T00:00:00Z'),
      'America/Los_Angeles',
      '2026-10-31',
      '2026-11-29',
    ],
    [
      'entered to 23:59:59',
      at('2026-11-01T00:00:00Z'),
      at('2026-11-30T23:59:59Z'),
      'UTC',
      '2026-11-01',
      '2026-11-30',
    ],
    [
      'a point in time',
      at('2026-11-05T10:00:00Z'),
      at('2026-11-05T10:00:00Z'),
      'UTC',
      '2026-11-05',
      '2026-11-05',
    ],
  ])('%s', (_, start, end, timeZone, first, last) => {
    expect(lineOf({ start, end }, { timeZone }).line).toMatchObject({
      revRecStartDate: first,
      revRecEndDate: last,
    })
  })

  test('they are those that the hub’s own schedule goes by', () => {
    const { line, object } = lineOf(renewal, { timeZone: 'America/New_York' })
    const billed = billedInvoice(object, {
      policy: {
        timeZone: 'America/New_York',
        revenueKeys: { byProduct: {}, default: 'plans' },
        oneOffDate: 'invoice',
        oneOffWithPeriod: 'over-period',
        recognizeFrom: 'service',
      },
      subsidiary: '1',
      prices: new Map([['price_1', { recurring: true, metered: false }]]),
    })
    const service = billed?.lines[0]?.service
    if (!service) throw new Error('no line')
    const { first, last } = serviceDates(service)
    expect([line?.revRecStartDate, line?.revRecEndDate]).toEqual([first, last])
  })

  test('with journals a line has none: NetSuite would recognize a second time', () => {
    expect(Object.keys(lineOf(renewal, { revenue: JOURNALS }).line ?? {})).not.toContain('revRecStartDate')
  })
})

describe('the revenue section refuses', () => {
  const refusal = (changes: Partial<NetSuiteConfigInput>): string => {
    try {
      configOf(changes)
    } catch (error) {
      const [issue] = (error as { issues: { path: string[]; message: string }[] }).issues
      return `${issue?.path.join('.')}: ${issue?.message}`
    }
    throw new Error('it was accepted')
  }

  test.each<[string, Partial<NetSuiteConfigInput>]>([
    [
      'revenue.revenueAccounts.usage: there is no account for the revenue key "usage" of product prod_usage: add its internal id [REVREC-ACCOUNT]',
      { revenue: { ...JOURNALS, products: { prod_usage: 'usage' } } },
    ],
    [
      'revenue.revenueAccounts.freight: there is no account for the revenue key "freight" of shippingKey: add its internal id [REVREC-ACCOUNT]',
      { revenue: { ...JOURNALS, shippingKey: 'freight' } },
    ],
    [
      'revenue.revenueAccounts.plans: account 212 is the deferred account too: nothing would ever be revenue [REVREC-ACCOUNT]',
      { revenue: { ...JOURNALS, revenueAccounts: { plans: '212' } } },
    ],
    [
      'billingCredits.liabilityAccount: it is revenue.deferredAccount too: prepaid credits wait for use and not for days, so give them an account of their own [REVREC-ACCOUNT]',
      { revenue: JOURNALS, billingCredits: { liabilityAccount: '212', revenueAccount: '412' } },
    ],
    [
      'serviceDates: revenue.mode "dates-on-lines" needs the two columns that NetSuite recognizes by: leave it out, or name them [REVREC-DATES]',
      { revenue: { mode: 'dates-on-lines' }, serviceDates: false },
    ],
  ])('%s', (sentence, changes) => {
    expect(refusal(changes)).toBe(sentence)
  })
})
