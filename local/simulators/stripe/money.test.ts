import { describe, expect, it } from 'vitest'
import { allocate, inclusivePart, multiplyDecimal, percentOf, proportion } from './money.ts'

describe('money in whole minor units', () => {
  it('rounds half away from zero, on both sides of zero', () => {
    expect(proportion(1, 1, 2)).toBe(1)
    expect(proportion(-1, 1, 2)).toBe(-1)
    expect(proportion(1000, 1_705_972, 2_592_000)).toBe(658)
  })

  it('multiplies a decimal unit amount without a float', () => {
    expect(multiplyDecimal('0.1', 3)).toBe(0)
    expect(multiplyDecimal('83.335', 1000)).toBe(83_335)
    expect(multiplyDecimal('1.005', 100)).toBe(101)
  })

  it('takes percentages with up to four decimals', () => {
    expect(percentOf(10_000, 8.875)).toBe(888)
    expect(percentOf(1_000_000, 0.0001)).toBe(1)
    expect(inclusivePart(11_900, 19)).toBe(1_900)
  })

  it('splits by largest remainder so that the parts sum to the whole', () => {
    expect(allocate(100, [1, 1, 1])).toEqual([34, 33, 33])
    expect(allocate(5, [10, 0, 20])).toEqual([2, 0, 3])
    expect(allocate(0, [0, 0])).toEqual([0, 0])
  })
})
