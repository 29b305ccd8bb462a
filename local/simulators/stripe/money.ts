// Integer arithmetic on minor units: products and quotients go through bigint, so no amount ever passes through a
// fraction. Amounts come in and go out as the integers that Stripe's JSON carries.

/** `amount × numerator ÷ denominator`, rounded half away from zero. */
export function proportion(amount: number, numerator: number, denominator: number): number {
  return Number(divideHalfUp(BigInt(amount) * BigInt(numerator), BigInt(denominator)))
}

export function divideHalfUp(dividend: bigint, divisor: bigint): bigint {
  const negative = dividend < 0n !== divisor < 0n
  const top = dividend < 0n ? -dividend : dividend
  const bottom = divisor < 0n ? -divisor : divisor
  const rounded = (2n * top + bottom) / (2n * bottom)
  return negative ? -rounded : rounded
}

/** A decimal string or a JSON number such as 8.875 as digits and scale: 8875n over 10^3. */
export function scaled(value: string | number): { digits: bigint; scale: bigint } {
  const text = String(value)
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text)
  if (!match) throw new RangeError(`Not a plain decimal: ${text}`)
  const fraction = match[3] ?? ''
  const digits = BigInt(`${match[1] ?? ''}${match[2] ?? '0'}${fraction}`)
  return { digits, scale: 10n ** BigInt(fraction.length) }
}

/** `unitAmountDecimal × quantity` in whole minor units, rounded half away from zero. */
export function multiplyDecimal(unitAmountDecimal: string, quantity: number): number {
  const { digits, scale } = scaled(unitAmountDecimal)
  return Number(divideHalfUp(digits * BigInt(quantity), scale))
}

/** `percent` per cent of an amount, rounded half away from zero. */
export function percentOf(amount: number, percent: number | string): number {
  const { digits, scale } = scaled(percent)
  return Number(divideHalfUp(BigInt(amount) * digits, 100n * scale))
}

/** One of the taxes that are inside a gross amount: gross × p ÷ (100 + the sum of all that are inside). */
export function inclusivePart(gross: number, percent: number, inside: readonly number[] = [percent]): number {
  const parts = inside.map(scaled)
  const scale = parts.reduce((widest, part) => (part.scale > widest ? part.scale : widest), 1n)
  const all = parts.reduce((total, part) => total + part.digits * (scale / part.scale), 0n)
  const own = scaled(percent)
  return Number(divideHalfUp(BigInt(gross) * own.digits * scale, own.scale * (100n * scale + all)))
}

/** Splits a total over weights so that the parts sum to it: whole units first, then the largest remainders. */
export function allocate(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((all, weight) => all + BigInt(weight), 0n)
  if (sum === 0n) return weights.map(() => 0)
  const shares = weights.map((weight, index) => {
    const exact = BigInt(total) * BigInt(weight)
    return { index, whole: exact / sum, remainder: exact % sum }
  })
  let left = BigInt(total) - shares.reduce((all, share) => all + share.whole, 0n)
  const byRemainder = [...shares].sort((a, b) =>
    b.remainder > a.remainder ? 1 : b.remainder < a.remainder ? -1 : a.index - b.index,
  )
  for (const share of byRemainder) {
    if (left <= 0n) break
    share.whole += 1n
    left -= 1n
  }
  return shares.map((share) => Number(share.whole))
}

export const sum = (amounts: Iterable<number>): number => {
  let total = 0
  for (const amount of amounts) total += amount
  return total
}

const ZERO_DECIMAL = new Set('bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf'.split(' '))
const THREE_DECIMAL = new Set('bhd jod kwd omr tnd'.split(' '))

/** How many digits of an API amount stand behind the point: https://docs.stripe.com/currencies#zero-decimal */
export const decimalsOf = (currency: string): number =>
  ZERO_DECIMAL.has(currency) ? 0 : THREE_DECIMAL.has(currency) ? 3 : 2
