// The README is made from the cases and cannot drift from them; the cases are numbered as their chapters.
import { expect, test } from 'vitest'
import { FAMILIES } from './families.ts'
import { tableOf } from './table.ts'

test('the numbers are unique, and a chapter keeps to its own hundred', () => {
  const numbers = FAMILIES.flatMap(({ cases }) => cases.map(({ number }) => number))
  expect(numbers.length).toBeGreaterThan(60)
  expect(new Set(numbers).size).toBe(numbers.length)
  FAMILIES.forEach(({ cases }, index) => {
    for (const { number } of cases) expect(Math.floor(number / 100), String(number)).toBe(index + 1)
  })
})

test('the README shows these cases', async () => {
  await expect(tableOf(FAMILIES)).toMatchFileSnapshot('README.md')
})
