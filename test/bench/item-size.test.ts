import { expect, test } from 'vitest'
import { indexUnits, itemBytes, tableUnits } from './item-size.ts'

const KEYS = { partition: 'p', sort: 's' }

test('names and values count, as DynamoDB documents it', () => {
  // 2+3 · 1+1 (ä is two bytes) +2 · 1+1 · nothing for undefined
  expect(itemBytes({ pk: 'abc', ä: 42, b: true, gone: undefined })).toBe(5 + 4 + 2)
  // A map: name 1, container 3, one entry 1, its name 1 and value 2.
  expect(itemBytes({ m: { x: 'yz' } })).toBe(8)
  // A list: name 1, container 3, two entries 2, values 1 + 1. A set has no container.
  expect(itemBytes({ l: ['a', null] })).toBe(8)
  expect(itemBytes({ s: new Set(['ab', 'c']) })).toBe(4)
  expect(itemBytes({ n: 1_790_000_000_000 })).toBe(1 + 3)
})

test('a write is charged by the larger of what stood and what stands, in whole kilobytes', () => {
  expect(tableUnits(undefined, { pk: 'x' })).toBe(1)
  expect(tableUnits(undefined, { pk: 'x'.repeat(1_022) })).toBe(1)
  expect(tableUnits(undefined, { pk: 'x'.repeat(1_023) })).toBe(2)
  expect(tableUnits({ pk: 'x'.repeat(3_000) }, { pk: 'x' })).toBe(3)
  expect(tableUnits({ pk: 'x' }, undefined)).toBe(1)
})

test('an index is charged for entries only: one to come, change or go, two to move', () => {
  const outside = { pk: 'a' }
  const inside = { pk: 'a', p: '1', s: '1' }
  expect(indexUnits(outside, outside, KEYS)).toBe(0)
  expect(indexUnits(outside, inside, KEYS)).toBe(1)
  expect(indexUnits(inside, { ...inside, more: 1 }, KEYS)).toBe(1)
  expect(indexUnits(inside, { ...inside, s: '2' }, KEYS)).toBe(2)
  expect(indexUnits(inside, outside, KEYS)).toBe(1)
})
