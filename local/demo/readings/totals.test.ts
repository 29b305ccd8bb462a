import { describe, expect, it } from 'vitest'
import { formatMinor, parseMinor } from './totals.ts'

describe('a decimal becomes minor units', () => {
  it.each([
    ['12.5', 'USD', 1250n],
    ['-7', 'USD', -700n],
    ['0.07', 'EUR', 7n],
    ['1190.000', 'EUR', 119000n],
    ['500', 'JPY', 500n],
    ['500.00', 'JPY', 500n],
    ['1.23', 'KWD', 1230n],
    // As a float these are 90071992547409.9 and 4.34999….
    ['90071992547409.93', 'USD', 9007199254740993n],
    ['4.35', 'USD', 435n],
  ])('%s %s', (decimal, currency, amountMinor) => {
    expect(parseMinor(decimal, currency)).toBe(amountMinor)
  })

  it.each([
    ['12.345', 'USD'],
    ['0.5', 'JPY'],
    ['1.2345', 'KWD'],
    ['1e3', 'USD'],
    ['1,190.00', 'USD'],
    ['.5', 'USD'],
    ['', 'USD'],
  ])('never guesses: %s %s', (decimal, currency) => {
    expect(() => parseMinor(decimal, currency)).toThrow(`${decimal} is no amount in ${currency}.`)
  })
})

describe('minor units are shown', () => {
  it.each([
    [119000n, 'EUR', 'EUR 1190.00'],
    [-7n, 'USD', 'USD -0.07'],
    [500n, 'JPY', 'JPY 500'],
    [1230n, 'KWD', 'KWD 1.230'],
  ])('%s %s', (amountMinor, currency, shown) => {
    expect(formatMinor(amountMinor, currency)).toBe(shown)
  })
})
