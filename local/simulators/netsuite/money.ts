// Exact decimals for the simulated books: bigint, eight decimal places, for amounts, rates and quantities alike.
// JSON numbers exist on the wire only, and always as the shortest text of the decimal they stand for.

/** A decimal number times 10^8. */
export type Scaled = bigint

export const SCALE = 8
const ONE = 10n ** BigInt(SCALE)

/** Reads "12.5", 12.5 or "-3"; undefined for anything that is not a plain decimal of at most eight places. */
export function parseScaled(input: string | number): Scaled | undefined {
  const match = /^(-?)(\d{1,20})(?:\.(\d{1,8})0*)?$/.exec(String(input))
  if (!match) return undefined
  const [, sign, whole = '0', fraction = ''] = match
  const value = BigInt(whole) * ONE + BigInt(fraction.padEnd(SCALE, '0'))
  return sign === '-' ? -value : value
}

/** For literals in this folder's own data, where a bad one is a mistake of ours. */
export function scaled(literal: string): Scaled {
  const value = parseScaled(literal)
  if (value === undefined) throw new RangeError(`Not a decimal: ${literal}`)
  return value
}

export function formatScaled(value: Scaled): string {
  const digits = (value < 0n ? -value : value).toString().padStart(SCALE + 1, '0')
  const fraction = digits.slice(-SCALE).replace(/0+$/, '')
  return `${value < 0n ? '-' : ''}${digits.slice(0, -SCALE)}${fraction === '' ? '' : `.${fraction}`}`
}

/** The JSON number NetSuite would send. */
export const toJsonNumber = (value: Scaled): number => Number(formatScaled(value))

/** Half away from zero, as NetSuite rounds amounts. */
function divideRounded(dividend: bigint, divisor: bigint): bigint {
  const negative = dividend < 0n !== divisor < 0n
  const top = dividend < 0n ? -dividend : dividend
  const bottom = divisor < 0n ? -divisor : divisor
  const rounded = (2n * top + bottom) / (2n * bottom)
  return negative ? -rounded : rounded
}

export function roundTo(value: Scaled, places: number): Scaled {
  const unit = 10n ** BigInt(SCALE - places)
  return divideRounded(value, unit) * unit
}

export const multiply = (left: Scaled, right: Scaled): Scaled => divideRounded(left * right, ONE)

export const divide = (left: Scaled, right: Scaled): Scaled => divideRounded(left * ONE, right)

export const fitsPlaces = (value: Scaled, places: number): boolean => roundTo(value, places) === value

export const sum = (values: Iterable<Scaled>): Scaled => {
  let total = 0n
  for (const value of values) total += value
  return total
}
