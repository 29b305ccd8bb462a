import { expect, it } from 'vitest'
import { dayOf } from '../calendar.ts'
import { isWithin, periodOf, periodUntilYesterday } from './period.ts'

const at = (iso: string): number => Date.parse(iso) / 1_000
const LATER = at('2027-03-01T00:00:00Z')

it('ends at midnight of the seller, not of UTC', () => {
  // Los Angeles is seven hours behind UTC in October; its clocks change on 1 November, after midnight.
  const october = periodOf('2026-10', 'America/Los_Angeles', LATER)
  expect(october.fromSeconds).toBe(at('2026-10-01T07:00:00Z'))
  expect(october.untilSeconds).toBe(at('2026-11-01T07:00:00Z'))
  expect(periodOf('2026-11', 'America/Los_Angeles', LATER).untilSeconds).toBe(at('2026-12-01T08:00:00Z'))
  expect(periodOf('2026-10', 'Pacific/Kiritimati', LATER).fromSeconds).toBe(at('2026-09-30T10:00:00Z'))
  expect(periodOf('2026-10', 'UTC', LATER).untilSeconds).toBe(at('2026-11-01T00:00:00Z'))
})

it('23:30 on the 31st is the month; half past midnight is not', () => {
  const october = periodOf('2026-10', 'America/Los_Angeles', LATER)
  const late = at('2026-11-01T06:30:00Z')
  expect(isWithin(dayOf(late, october.timeZone), october)).toBe(true)
  expect(isWithin(dayOf(late + 3_600, october.timeZone), october)).toBe(false)
})

it('a month that still runs ends now', () => {
  const now = at('2026-11-01T06:30:00Z')
  expect(periodOf('2026-10', 'America/Los_Angeles', now)).toMatchObject({
    isOver: false,
    untilSeconds: now + 1,
    lastDay: '2026-10-31',
  })
  expect(periodOf('2026-10', 'UTC', now)).toMatchObject({ isOver: true, lastDay: '2026-10-31' })
})

it('refuses what is no month, or has not begun', () => {
  expect(() => periodOf('2026-13', 'UTC', LATER)).toThrow('no month')
  expect(() => periodOf('October', 'UTC', LATER)).toThrow('no month')
  expect(() => periodOf('2027-04', 'UTC', LATER)).toThrow('not begun')
})

it('until yesterday: the seller’s midnight, and on the first of a month the whole month before', () => {
  // 05:00 on 6 October in Los Angeles.
  expect(periodUntilYesterday('America/Los_Angeles', at('2026-10-06T12:00:00Z'))).toMatchObject({
    month: '2026-10',
    firstDay: '2026-10-01',
    lastDay: '2026-10-05',
    untilSeconds: at('2026-10-06T07:00:00Z'),
    isOver: false,
  })
  // 23:00 on 31 October there, though 1 November in UTC: the 31st is not over.
  expect(periodUntilYesterday('America/Los_Angeles', at('2026-11-01T06:00:00Z'))).toMatchObject({
    month: '2026-10',
    lastDay: '2026-10-30',
  })
  expect(periodUntilYesterday('America/Los_Angeles', at('2026-11-01T12:00:00Z'))).toMatchObject({
    month: '2026-10',
    lastDay: '2026-10-31',
    untilSeconds: at('2026-11-01T07:00:00Z'),
  })
})
