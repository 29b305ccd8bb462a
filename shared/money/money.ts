// Money is a bigint of minor units and its currency, from Stripe's wire to the vendor's. Vendors that take major
// units get a decimal string; a float is made only by `toWireNumber`, where its decimal string round-trips.
import { invariant, permanent } from '../errors.ts'
import { currencyDecimals } from './currencies.ts'

export interface Money {
  amountMinor: bigint
  /** ISO 4217, upper case. */
  currency: string
}

/** @param amount whole minor units, as Stripe sends them. @throws permanent for a currency Stripe does not list. */
export function money(amount: number | bigint, currency: string): Money {
  if (typeof amount === 'number' && !Number.isSafeInteger(amount)) {
    throw invariant(`${amount} is no whole number of minor units.`)
  }
  decimalsOf(currency)
  return { amountMinor: BigInt(amount), currency: currency.toUpperCase() }
}

/** @throws permanent, with a hint, for a currency that is not in the table. */
export function decimalsOf(currency: string): 0 | 2 | 3 {
  const decimals = currencyDecimals(currency)
  if (decimals === undefined) {
    throw permanent(`The currency "${currency}" is not one that Stripe lists. Nothing was written.`, {
      code: 'MONEY-CURRENCY',
      hint: `Field currency: "${currency}". Engineering: add it to shared/money/currencies.ts with its decimals, then replay.`,
    })
  }
  return decimals
}

/** Major units as a decimal string with all decimals of the currency: 1190n EUR → "11.90", −5n KWD → "-0.005". */
export function toDecimal({ amountMinor, currency }: Money): string {
  const decimals = decimalsOf(currency)
  if (decimals === 0) return amountMinor.toString()
  const sign = amountMinor < 0n ? '-' : ''
  const digits = (amountMinor < 0n ? -amountMinor : amountMinor).toString().padStart(decimals + 1, '0')
  return `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`
}

/**
 * Minor units from a vendor's major-unit decimal ("11.9", 11.9, "1.19E1").
 * @throws invariant when it has more decimals than the currency: a vendor's fraction of a cent is never rounded away.
 */
export function fromDecimal(value: string | number, currency: string): Money {
  const decimals = decimalsOf(currency)
  const scaled = parseDecimal(value, decimals)
  if (scaled === undefined) {
    throw invariant(`"${value}" is no amount of ${currency.toUpperCase()} with at most ${decimals} decimals.`)
  }
  return { amountMinor: scaled, currency: currency.toUpperCase() }
}

const DECIMAL = /^([+-]?)(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/

/** The value × 10^decimals when that is whole, else undefined. */
export function parseDecimal(value: string | number, decimals: number): bigint | undefined {
  const match = DECIMAL.exec(String(value).trim())
  if (!match) return undefined
  const [, sign, whole = '', fraction = '', exponent = '0'] = match
  const digits = whole + fraction
  const shift = decimals - fraction.length + Number(exponent)
  let scaled: bigint
  if (shift >= 0) {
    if (shift > 40) return undefined
    scaled = BigInt(digits) * 10n ** BigInt(shift)
  } else {
    const cut = digits.padStart(-shift + 1, '0')
    if (/[1-9]/.test(cut.slice(shift))) return undefined
    scaled = BigInt(cut.slice(0, shift))
  }
  return sign === '-' ? -scaled : scaled
}

/**
 * The JSON number for an SDK that insists on one. Its shortest decimal form must say the same amount, or it throws:
 * beyond 2^53 minor units a float would lie.
 */
export function toWireNumber(value: Money): number {
  const decimal = toDecimal(value)
  const wire = Number(decimal)
  if (fromDecimal(wire, value.currency).amountMinor !== value.amountMinor) {
    throw invariant(`${decimal} ${value.currency} cannot be written as a JSON number without loss.`)
  }
  return wire
}

/** @throws invariant when the currencies differ. */
export function addMoney(first: Money, ...rest: Money[]): Money {
  let amountMinor = first.amountMinor
  for (const next of rest) {
    if (next.currency !== first.currency) throw invariant(`Cannot add ${next.currency} to ${first.currency}.`)
    amountMinor += next.amountMinor
  }
  return { amountMinor, currency: first.currency }
}

/**
 * Splits an amount by weights so that the parts sum to it exactly (largest remainder; ties to the earlier part).
 * @throws invariant when all weights are zero and the amount is not, or a weight is negative.
 */
export function allocate(amountMinor: bigint, weights: readonly bigint[]): bigint[] {
  const totalWeight = weights.reduce((sum, weight) => sum + weight, 0n)
  if (weights.some((weight) => weight < 0n)) throw invariant('A weight cannot be negative.')
  if (totalWeight === 0n) {
    if (amountMinor !== 0n) throw invariant(`Nothing to allocate ${amountMinor} to.`)
    return weights.map(() => 0n)
  }
  const sign = amountMinor < 0n ? -1n : 1n
  const amount = amountMinor * sign
  const parts = weights.map((weight) => (amount * weight) / totalWeight)
  const remainders = weights.map((weight, index) => ({ index, remainder: (amount * weight) % totalWeight }))
  remainders.sort((a, b) =>
    a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1,
  )
  let left = amount - parts.reduce((sum, part) => sum + part, 0n)
  for (const { index } of remainders) {
    if (left === 0n) break
    parts[index] = (parts[index] ?? 0n) + 1n
    left -= 1n
  }
  return parts.map((part) => part * sign)
}
