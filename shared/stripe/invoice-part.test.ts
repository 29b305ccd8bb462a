// A part of an invoice, worked by hand: rounded down everywhere, the remainder on the largest net amount.
import { expect, test } from 'vitest'
import { inProportion, sumOf } from './invoice-part.ts'

const line = (id: string, netMinor: bigint, ...taxes: bigint[]) => ({
  id,
  netMinor,
  taxes: taxes.map((amountMinor) => ({ amountMinor })),
})

test('a fifth of 100.00 with 6.00, 0.25, 1.00 and 2.50', () => {
  expect(inProportion([line('il_1', 10_000n, 600n, 25n, 100n, 250n)], 2_195n)).toEqual([
    line('il_1', 2_000n, 120n, 5n, 20n, 50n),
  ])
})

test('10.00 of 109.75 over two lines: 0.02 of rounding go to the larger one', () => {
  // 70.00 × 1000 / 10975 = 6.378, 30.00 → 2.733; 6.83 → 0.622, 2.92 → 0.266: 6.37 + 2.73 + 0.62 + 0.26 = 9.98.
  const parts = inProportion([line('il_1', 3_000n, 292n), line('il_2', 7_000n, 683n)], 1_000n)
  expect(parts).toEqual([line('il_1', 273n, 26n), line('il_2', 639n, 62n)])
  expect(sumOf(parts)).toBe(1_000n)
})

test('all of it is as it was', () => {
  const lines = [line('il_1', 3_333n, 333n), line('il_2', -100n)]
  expect(inProportion(lines, 3_566n)).toEqual(lines)
})
