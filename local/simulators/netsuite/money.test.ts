import { describe, expect, it } from 'vitest'
import { divide, formatScaled, multiply, parseScaled, roundTo, scaled, toJsonNumber } from './money.ts'

describe('scaled decimals', () => {
  it('read and write what they stand for, and nothing else', () => {
    expect(['0.1', '-3', '12.50', '166002.10'].map((text) => formatScaled(scaled(text)))).toEqual([
      '0.1',
      '-3',
      '12.5',
      '166002.1',
    ])
    expect([1e21, Number.NaN, '1e5', '', '1.123456789', '0x1'].map(parseScaled)).toEqual(
      Array(6).fill(undefined),
    )
    expect(toJsonNumber(scaled('90071992547409.91'))).toBe(90071992547409.91)
  })

  it('round half away from zero', () => {
    const round = (text: string, places: number) => formatScaled(roundTo(scaled(text), places))
    expect([round('1.005', 2), round('-1.005', 2), round('2.5', 0), round('1.0049', 2)]).toEqual([
      '1.01',
      '-1.01',
      '3',
      '1',
    ])
  })

  it('multiply and divide without a float between', () => {
    expect(formatScaled(multiply(scaled('19.99'), scaled('3')))).toBe('59.97')
    expect(formatScaled(divide(scaled('-100'), scaled('3')))).toBe('-33.33333333')
  })
})
