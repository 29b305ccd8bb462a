// What each refund of a payment pays, worked by hand. cn_1 names re_1.
import { expect, test } from 'vitest'
import { type PastRefund, partsOf } from './refund-parts.ts'

const refund = (
  id: string,
  atSeconds: number,
  amountMinor: bigint,
  more: Partial<PastRefund> = {},
): PastRefund => ({
  id,
  atSeconds,
  amountMinor,
  notes: [],
  ...more,
})
const named = (amountMinor: bigint) => ({ notes: [{ noteId: 'cn_1', amountMinor }] })
const failed = (atSeconds: number, isPosted = true) => ({ failure: { atSeconds, isPosted } })

test('named whole, named in part, named by nobody', () => {
  const parts = partsOf([
    refund('re_1', 1, 100n, named(100n)),
    refund('re_2', 2, 60n, named(54n)),
    refund('re_3', 3, 20n),
  ])
  expect([...parts.values()].map(({ restMinor }) => restMinor)).toEqual([0n, 6n, 20n])
})

test('one made again pays what the failure left, and the next what that left', () => {
  const parts = partsOf([
    refund('re_3', 50, 100n),
    refund('re_1', 10, 100n, { ...named(100n), ...failed(20) }),
    refund('re_2', 30, 100n, failed(40)),
  ])
  expect(parts.get('re_2')).toEqual({
    notes: [],
    again: [{ refundId: 're_1', amountMinor: 100n }],
    restMinor: 0n,
  })
  expect(parts.get('re_3')?.again).toEqual([{ refundId: 're_2', amountMinor: 100n }])
})

test('what was never posted left the note itself, also at the second try', () => {
  const parts = partsOf([
    refund('re_1', 10, 100n, { ...named(100n), ...failed(20, false) }),
    refund('re_2', 30, 100n, failed(40, false)),
    refund('re_3', 50, 100n),
  ])
  const note = { refundId: 're_1', noteId: 'cn_1', amountMinor: 100n }
  expect([parts.get('re_2')?.again, parts.get('re_3')?.again]).toEqual([[note], [note]])
})

test('an equal amount is meant before an older one; without an equal one the oldest are used up', () => {
  const old = refund('re_1', 10, 70n, { ...named(70n), ...failed(20) })
  const equal = refund('re_2', 11, 30n, { ...named(30n), ...failed(21) })
  const both = partsOf([old, equal, refund('re_3', 30, 30n), refund('re_4', 31, 80n)])
  expect(both.get('re_3')?.again).toEqual([{ refundId: 're_2', amountMinor: 30n }])
  expect(both.get('re_4')).toMatchObject({ again: [{ refundId: 're_1', amountMinor: 70n }], restMinor: 10n })
  const spread = partsOf([old, equal, refund('re_3', 30, 80n)])
  expect(spread.get('re_3')?.again).toEqual([
    { refundId: 're_1', amountMinor: 70n },
    { refundId: 're_2', amountMinor: 10n },
  ])
})

test('a refund made before the other one failed is not made in its place', () => {
  const parts = partsOf([
    refund('re_1', 10, 100n, { ...named(100n), ...failed(40) }),
    refund('re_2', 30, 100n),
  ])
  expect(parts.get('re_2')).toEqual({ notes: [], again: [], restMinor: 100n })
})

test('one that nothing explained and that was never posted left nothing', () => {
  const parts = partsOf([refund('re_1', 10, 20n, failed(20, false)), refund('re_2', 30, 20n)])
  expect(parts.get('re_2')?.restMinor).toBe(20n)
})
