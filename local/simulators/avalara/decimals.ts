// Money and rates as bigint millionths: no tax is worked out with floats. JSON numbers come in through their shortest
// decimal text and go out the same way.

/** Millionths of a currency unit, or of one (rates: 0.0725 = 72,500). */
export type Millionths = bigint

const SCALE = 6
const ONE = 1_000_000n

export const ZERO: Millionths = 0n

export const fromNumber = (value: number | string): Millionths => {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:e(-?\d+))?$/i.exec(String(value).replace('e+', 'e'))
  if (!match) throw new RangeError(`${value} is no decimal number.`)
  const [, sign, whole = '0', fraction = '', exponent = '0'] = match
  const shift = SCALE + Number(exponent) - fraction.length
  const digits = BigInt(whole + fraction)
  const millionths = shift >= 0 ? digits * 10n ** BigInt(shift) : divideRounded(digits, 10n ** BigInt(-shift))
  return sign === '-' ? -millionths : millionths
}

export const toNumber = (value: Millionths): number => {
  const digits = (value < 0n ? -value : value).toString().padStart(SCALE + 1, '0')
  return Number(`${value < 0n ? '-' : ''}${digits.slice(0, -SCALE)}.${digits.slice(-SCALE)}`)
}

/** Half away from zero. */
const divideRounded = (dividend: bigint, divisor: bigint): bigint => {
  const negative = dividend < 0n !== divisor < 0n
  const [a, b] = [dividend < 0n ? -dividend : dividend, divisor < 0n ? -divisor : divisor]
  const quotient = (2n * a + b) / (2n * b)
  return negative ? -quotient : quotient
}

/** `amount × factor ÷ divisor`, rounded once to the given decimals. */
export const multiplyRounded = (
  amount: Millionths,
  factor: Millionths,
  decimals: number,
  divisor: Millionths = ONE,
): Millionths => {
  const unit = 10n ** BigInt(SCALE - decimals)
  return divideRounded(amount * factor, divisor * unit) * unit
}

export const sum = (values: readonly Millionths[]): Millionths =>
  values.reduce((total, value) => total + value, ZERO)

/** Splits a total by weights so that the parts add up to it; the last part takes the remainder. */
export const allocate = (
  total: Millionths,
  weights: readonly Millionths[],
  decimals: number,
): Millionths[] => {
  const all = sum(weights)
  let left = total
  return weights.map((weight, index) => {
    const part =
      index === weights.length - 1 ? left : all === 0n ? ZERO : multiplyRounded(total, weight, decimals, all)
    left -= part
    return part
  })
}
