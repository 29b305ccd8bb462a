// Worked by hand: round counts, so that each line can be checked in the head.
import { expect, it } from 'vitest'
import { billOf, sumOf } from './bill.ts'
import type { Month } from './counts.ts'
import { ALTERNATIVES } from './prices.ts'

const month: Month = {
  events: 1_000_000,
  // A hundred events, so each count is ten thousand times that in the month.
  counts: {
    events: 100,
    writeUnits: 1_000,
    readUnits: 400,
    sqsSends: 300,
    sqsReceives: 150,
    laneInvocations: 200,
    vendorCalls: { stripe: 100, salesforce: 10, netsuite: 20, avalara: 10 },
    lakeFiles: 50,
    lakeBytes: 100_000,
    logBytes: 70_000,
    storedBytes: 500_000,
  },
  standing: { queues: 5, functions: 10, alarms: 28, dashboards: 0, secrets: 6, metrics: 40 },
}

const dollars = (service: string, what: string, given = month): string =>
  (
    billOf(given).find((line) => line.service === service && line.what === what)?.dollars ?? Number.NaN
  ).toFixed(4)

it('charges requests by what was counted', () => {
  expect(dollars('API Gateway', 'webhooks')).toBe('1.0000')
  // A million of ingest, two of lanes.
  expect(dollars('Lambda', 'invocations of ingest and lanes')).toBe('0.6000')
  // Three million sends; 1.5 million receives and as many deletes.
  expect(dollars('SQS', 'sends and delays')).toBe('1.2000')
  expect(dollars('SQS', 'receives and deletes')).toBe('1.2000')
  // Ten million units at 0.625, four million at 0.125.
  expect(dollars('DynamoDB', 'writes')).toBe('6.2500')
  expect(dollars('DynamoDB', 'reads')).toBe('0.5000')
  // Half a million files at 0.005 a thousand.
  expect(dollars('S3', 'lake files written')).toBe('2.5000')
})

it('charges time by the calls that were counted and what each is assumed to take', () => {
  // Of a hundred events: ingest 4 s, lanes 12 s, files 4 s, Stripe 15 s, Salesforce 5 s, NetSuite 24 s, AvaTax 2.5 s: 66.5 s.
  // Ten thousand times that at 0.0000133334.
  expect(dollars('Lambda', 'time of ingest and lanes')).toBe('8.8667')
})

it('charges what is kept: a year of rows and files, three months of logs', () => {
  // 5,000 bytes an event: 5 GB a month, 60 GB a year, at 0.25 and 0.20.
  expect(dollars('DynamoDB', "a year's rows")).toBe('15.0000')
  expect(dollars('DynamoDB', 'their backup')).toBe('12.0000')
  // 1 GB a month, 12 GB at 0.023.
  expect(dollars('S3', "a year's lake")).toBe('0.2760')
  // 0.7 GB of lines, 3 million × 350 bytes, a million × 330 bytes: 2.08 GB at 0.50.
  expect(dollars('CloudWatch', 'logs taken in')).toBe('1.0400')
  // 2.08 × 3 × 0.15 GB at 0.03.
  expect(dollars('CloudWatch', 'logs kept three months')).toBe('0.0281')
})

it('traces every request of a hub that has less than one a second, and a twentieth of the rest', () => {
  // 3,000,000 invocations: 2,592,000 seconds of a month, and 408,000 × 0.05.
  expect(dollars('X-Ray', 'traces')).toBe('13.0620')
  expect(dollars('X-Ray', 'traces', { ...month, events: 100_000 })).toBe('1.5000')
})

it('charges what stands, whether events come or not', () => {
  // 5 queues × 648,000 polls.
  expect(dollars('SQS', 'polls of empty queues')).toBe('1.2960')
  expect(dollars('CloudWatch', 'custom metrics')).toBe('12.0000')
  expect(dollars('CloudWatch', 'alarms')).toBe('2.8000')
  expect(dollars('Secrets Manager', 'secrets')).toBe('2.4000')
  // 43,200 × 0.3 s × half a GB, and 2,880 × 5 s: 20,880 GB-seconds.
  expect(dollars('Lambda', 'their time')).toBe('0.2784')
  const standing = (events: number) => sumOf(billOf({ ...month, events }).filter(({ perEvent }) => !perEvent))
  expect(standing(1)).toBe(standing(10_000_000))
})

it('knows what others ask', () => {
  const monthly = (name: string, events: number) =>
    ALTERNATIVES.find((alternative) => alternative.name === name)?.monthly(events)
  expect(monthly('Svix, Professional', 50_000)).toBe(490)
  expect(monthly('Svix, Professional', 1_050_000)).toBeCloseTo(590, 6)
  expect(monthly('Svix, Free', 1_050_000)).toBeCloseTo(100, 6)
  expect(monthly('Hookdeck, Team', 1_000_000)).toBeUndefined()
})
