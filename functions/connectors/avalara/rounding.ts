// Rounds AvaTax's decimals to what Stripe can charge, so that the parts sum to the rounded whole. Integers only: an
// exact amount is minor units × PRECISION.
import { invariant } from '../../../shared/errors.ts'
import { decimalsOf, parseDecimal } from '../../../shared/money/money.ts'

const DIGITS = 20
const PRECISION = 10n ** BigInt(DIGITS)

/**
 * The smallest step Stripe charges, in its own minor units: three-decimal currencies end in 0, and ISK and UGX are
 * sent with two decimals that are always 00. https://docs.stripe.com/currencies#special-cases
 */
export function chargeStep(currency: string): bigint {
  if (['ISK', 'UGX'].includes(currency.toUpperCase())) return 100n
  return decimalsOf(currency) === 3 ? 10n : 1n
}

/** @param major AvaTax's JSON number or a decimal string, in major units. */
export function exactMinor(major: number | string, currency: string): bigint {
  const exact = parseDecimal(major, decimalsOf(currency) + DIGITS)
  if (exact === undefined) throw invariant(`"${major}" is no decimal number.`)
  return exact
}

/** Half away from zero, as AvaTax does, to a multiple of `step` minor units. */
export function roundExact(exact: bigint, step = 1n): bigint {
  const unit = step * PRECISION
  const sign = exact < 0n ? -1n : 1n
  return sign * ((exact * sign * 2n + unit) / (unit * 2n)) * step
}

const floorDivide = (a: bigint, b: bigint): bigint => {
  const quotient = a / b
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient
}

/**
 * Largest remainder over amounts of either sign: every part is its exact amount rounded down or up, and the parts
 * sum to `target`. Ties go to the earlier part. Exact parts move only when the rest cannot make up the target.
 */
export function roundToSum(exact: readonly bigint[], target: bigint, step = 1n): bigint[] {
  const unit = step * PRECISION
  const parts = exact.map((amount, index) => {
    const floor = floorDivide(amount, unit)
    return { index, rounded: floor, remainder: amount - floor * unit }
  })
  let left = target / step - parts.reduce((total, { rounded }) => total + rounded, 0n)
  if (target % step !== 0n || (parts.length === 0 && left !== 0n)) {
    throw invariant(`${target} cannot be split into ${parts.length} parts of whole steps of ${step}.`)
  }
  const order = [...parts].sort((a, b) =>
    a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1,
  )
  if (left < 0n) order.reverse()
  while (left !== 0n) {
    for (const part of order) {
      if (left === 0n) break
      const one = left > 0n ? 1n : -1n
      part.rounded += one
      left -= one
    }
  }
  return parts.map(({ rounded }) => rounded * step)
}

/** Splits a total by weights of either sign, to the unit. The weights must not sum to zero. */
export function shareOut(total: bigint, weights: readonly bigint[]): bigint[] {
  const whole = weights.reduce((sum, weight) => sum + weight, 0n)
  return roundToSum(
    weights.map((weight) => (total * weight * PRECISION) / whole),
    total,
  )
}

/** A rate as a fraction (0.0725) → the percentage Stripe takes ("7.25"): at most four decimals, no trailing zeros. */
export function toPercentage(rate: number | string): string {
  const scaled = parseDecimal(rate, DIGITS)
  if (scaled === undefined) throw invariant(`"${rate}" is no decimal number.`)
  const tenThousandths = roundExact(scaled * 1_000_000n)
  const digits = tenThousandths.toString().padStart(5, '0')
  return `${digits.slice(0, -4)}.${digits.slice(-4)}`.replace(/\.?0+$/, '')
}
