import { describe, expect, it } from 'vitest'
import { nextBoundary } from './calendar.ts'

const at = (year: number, month: number, day: number, hour = 0): number =>
  Date.UTC(year, month - 1, day, hour) / 1000
const monthly = { interval: 'month', interval_count: 1 }

describe('billing period boundaries', () => {
  it('bills the last day of a short month and returns to the anchor day', () => {
    const anchor = at(2026, 1, 31, 9)
    expect(nextBoundary(anchor, monthly, anchor)).toBe(at(2026, 2, 28, 9))
    expect(nextBoundary(anchor, monthly, at(2026, 2, 28, 9))).toBe(at(2026, 3, 31, 9))
  })

  it('counts from an anchor that lies ahead', () => {
    expect(nextBoundary(at(2026, 10, 1), monthly, at(2026, 9, 17))).toBe(at(2026, 10, 1))
  })

  it('keeps 29 February for yearly prices', () => {
    const anchor = at(2028, 2, 29)
    expect(nextBoundary(anchor, { interval: 'year', interval_count: 1 }, anchor)).toBe(at(2029, 2, 28))
    expect(nextBoundary(anchor, { interval: 'year', interval_count: 1 }, at(2031, 6, 1))).toBe(
      at(2032, 2, 29),
    )
  })
})
