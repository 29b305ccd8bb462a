// A share of an amount in whole minor units. Everything here that splits money rounds the RUNNING total and takes
// differences, so that parts always sum to the whole and an earlier part never depends on a later one.
import { invariant } from '../errors.ts'

/**
 * amount × numerator ÷ denominator to the nearest minor unit, halves away from zero: a negative amount gets exactly
 * the negative of what the positive one gets, so that a proration credit mirrors the charge it undoes.
 */
export function proportion(amountMinor: bigint, numerator: bigint, denominator: bigint): bigint {
  if (denominator === 0n) throw invariant('A share of nothing.')
  const scaled = denominator < 0n ? -amountMinor * numerator : amountMinor * numerator
  const divisor = denominator < 0n ? -denominator : denominator
  const size = scaled < 0n ? -scaled : scaled
  const rounded = (size * 2n + divisor) / (divisor * 2n)
  return scaled < 0n ? -rounded : rounded
}

/**
 * Splits an amount by signed weights. Of a part no larger than the weights' sum, no share exceeds its weight: what is
 * credited on a line is never more than the line.
 */
export function spread(amountMinor: bigint, weights: readonly bigint[]): bigint[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0n)
  let running = 0n
  let given = 0n
  return weights.map((weight) => {
    running += weight
    const share = proportion(amountMinor, running, total) - given
    given += share
    return share
  })
}
