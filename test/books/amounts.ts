// Decimal texts as a vendor's API shows them, written as an accountant writes them: the currency's own digits after the
// point, never fewer and never more than were there. Exact: a sum is one of bigints.

const DIGITS: Readonly<Record<string, number>> = { JPY: 0, KWD: 3 }
/** What no currency here has more of. */
const PLACES = 8

const digitsOf = (currency: string): number => DIGITS[currency] ?? 2

/** '109.5' → 10950000000n */
export function scaledOf(decimal: string): bigint {
  const [, sign = '', whole = '0', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(decimal) ?? []
  if (fraction.length > PLACES) throw new RangeError(`${decimal} has more than ${PLACES} digits.`)
  const scaled = BigInt(whole) * 10n ** BigInt(PLACES) + BigInt(fraction.padEnd(PLACES, '0'))
  return sign === '-' ? -scaled : scaled
}

/** 10950000000n in USD → '109.50'; digits that the currency does not have are shown all the same. */
export function written(scaled: bigint, currency: string): string {
  const digits = (scaled < 0n ? -scaled : scaled).toString().padStart(PLACES + 1, '0')
  const own = digitsOf(currency)
  const fraction = digits.slice(-PLACES)
  const kept = fraction.slice(0, own) + fraction.slice(own).replace(/0+$/, '')
  return `${scaled < 0n ? '-' : ''}${digits.slice(0, -PLACES)}${kept === '' ? '' : `.${kept}`}`
}

/** '109.5' in USD → '109.50' */
export const writtenDecimal = (decimal: string, currency: string): string =>
  written(scaledOf(decimal), currency)

/** Stripe's integers: 10950 in USD → 10950000000n */
export const scaledMinor = (minor: number, currency: string): bigint =>
  BigInt(minor) * 10n ** BigInt(PLACES - digitsOf(currency))
