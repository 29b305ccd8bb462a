// Exact decimal arithmetic for what a quote says: "49.005", "2.5", "12.5 %". A number is a fraction of bigints, and becomes
// minor units in one place, rounded half away from zero as Stripe rounds an amount
// (https://docs.stripe.com/billing/subscriptions/usage-based/pricing-models#decimal-amounts).
import { decimalsOf } from '../../shared/money/money.ts'

export interface Decimal {
  units: bigint
  /** Positive. */
  per: bigint
}

const SHAPE = /^(-?)(\d+)(?:\.(\d+))?$/

/** @returns undefined for what is no decimal number. */
export function decimal(text: string): Decimal | undefined {
  const [, sign, whole = '', fraction = ''] = SHAPE.exec(text.trim()) ?? []
  if (whole === '') return undefined
  const units = BigInt(whole + fraction)
  return reduced({ units: sign === '-' ? -units : units, per: 10n ** BigInt(fraction.length) })
}

export const whole = (value: number | bigint): Decimal => ({ units: BigInt(value), per: 1n })

export const times = (...factors: readonly Decimal[]): Decimal =>
  reduced(
    factors.reduce(
      (product, { units, per }) => ({ units: product.units * units, per: product.per * per }),
      whole(1),
    ),
  )

export const quotient = ({ units, per }: Decimal, divisor: bigint): Decimal =>
  reduced({ units, per: per * divisor })

export const isWhole = ({ units, per }: Decimal): boolean => units % per === 0n

/** Minor units of a major amount, rounded half away from zero. */
export function inMinor({ units, per }: Decimal, currency: string): bigint {
  return rounded({ units: units * 10n ** BigInt(decimalsOf(currency)), per })
}

/** So many percent of an amount, rounded half away from zero. */
export const percentOf = (percent: Decimal, amountMinor: bigint): bigint =>
  rounded(times(whole(amountMinor), percent, { units: 1n, per: 100n }))

function rounded({ units, per }: Decimal): bigint {
  const sign = units < 0n ? -1n : 1n
  const size = units * sign
  return sign * ((2n * size + per) / (2n * per))
}

/**
 * As short as it is exact, with so many decimals at least: "49.00", "49.005". A third is cut after twelve decimals, which is
 * what Stripe takes of a price.
 */
export function toText({ units, per }: Decimal, leastDecimals = 0): string {
  const sign = units < 0n ? '-' : ''
  const size = units < 0n ? -units : units
  const scaled = (size * 10n ** 12n) / per
  const digits = scaled.toString().padStart(13, '0')
  const fraction = digits.slice(-12).replace(/0+$/, '').padEnd(leastDecimals, '0')
  return `${sign}${digits.slice(0, -12)}${fraction && `.${fraction}`}`
}

function reduced({ units, per }: Decimal): Decimal {
  let [a, b] = [units < 0n ? -units : units, per]
  while (b > 0n) [a, b] = [b, a % b]
  return a > 1n ? { units: units / a, per: per / a } : { units, per }
}
