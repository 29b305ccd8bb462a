import { expect, test } from 'vitest'
import { chargeStep, exactMinor, roundExact, roundToSum, toPercentage } from './rounding.ts'

const yen = (...amounts: string[]) => amounts.map((amount) => exactMinor(amount, 'JPY'))

test('lines that each round down still sum to the rounded document', () => {
  // 100.4 + 100.4 + 100.2 = 301; each alone would round to 100.
  expect(roundToSum(yen('100.4', '100.4', '100.2'), 301n)).toEqual([101n, 100n, 100n])
})

test('credits among the lines keep their sign and the sum', () => {
  expect(roundToSum(yen('100.5', '-50.25', '-0.25'), 50n)).toEqual([100n, -50n, 0n])
})

test('a line without tax never receives the odd unit', () => {
  expect(roundToSum(yen('0', '0.6', '0'), 1n)).toEqual([0n, 1n, 0n])
})

test('dinars end in zero, and so do krónur on the wire', () => {
  expect(chargeStep('kwd')).toBe(10n)
  expect(chargeStep('isk')).toBe(100n)
  expect(roundExact(exactMinor('1.236', 'KWD'), 10n)).toBe(1240n)
  expect(roundToSum([exactMinor('1.236', 'KWD'), exactMinor('1.234', 'KWD')], 2470n, 10n)).toEqual([
    1240n,
    1230n,
  ])
})

test('half a unit rounds away from zero, either way', () => {
  expect(roundExact(exactMinor('0.5', 'JPY'))).toBe(1n)
  expect(roundExact(exactMinor('-0.5', 'JPY'))).toBe(-1n)
  expect(roundExact(exactMinor('-0.49', 'JPY'))).toBe(0n)
})

test('rates become percentages of at most four decimals', () => {
  expect(toPercentage(0.0725)).toBe('7.25')
  expect(toPercentage(0.010625)).toBe('1.0625')
  expect(toPercentage(0.2)).toBe('20')
  expect(toPercentage(0)).toBe('0')
  expect(toPercentage(0.07250000000000001)).toBe('7.25')
  expect(toPercentage('0.12345678')).toBe('12.3457')
})
