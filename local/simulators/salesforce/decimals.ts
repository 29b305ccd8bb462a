// Exact decimals for number fields: read from JSON numbers or strings, compared and summed as scaled integers. The
// store keeps the canonical text ("12.5"), the API answers with a JSON number.

/** Plain decimal text of a JSON number or numeric string, without exponent; undefined when it is neither. */
export const readDecimal = (input: unknown): string | undefined => {
  const source = typeof input === 'number' ? String(input) : typeof input === 'string' ? input.trim() : ''
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/.exec(source)
  if (!match) return undefined
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match
  if (whole === '' && fraction === '') return undefined
  const point = whole.length + Number(exponent)
  const digits = (whole + fraction).padEnd(point, '0')
  const padded = point < 0 ? '0'.repeat(-point) + digits : digits
  const cut = Math.max(point, 0)
  return canonical(`${sign === '-' ? '-' : ''}${padded.slice(0, cut) || '0'}.${padded.slice(cut)}`)
}

const canonical = (text: string): string => {
  const negative = text.startsWith('-')
  const [whole = '', fraction = ''] = text.replace('-', '').split('.')
  const head = whole.replace(/^0+(?=\d)/, '')
  const tail = fraction.replace(/0+$/, '')
  const plain = tail === '' ? head : `${head}.${tail}`
  return negative && plain !== '0' ? `-${plain}` : plain
}

/** Digits before and after the point. */
export const digitsOf = (decimal: string): { whole: number; fraction: number } => {
  const [whole = '', fraction = ''] = decimal.replace('-', '').split('.')
  return { whole: whole === '0' ? 0 : whole.length, fraction: fraction.length }
}

const scaled = (decimal: string, scale: number): bigint => {
  const [whole = '', fraction = ''] = decimal.split('.')
  return BigInt(whole + fraction.padEnd(scale, '0'))
}

const commonScale = (...decimals: string[]): number =>
  Math.max(...decimals.map((decimal) => digitsOf(decimal).fraction))

export const compareDecimals = (left: string, right: string): number => {
  const scale = commonScale(left, right)
  const difference = scaled(left, scale) - scaled(right, scale)
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

export const addDecimals = (left: string, right: string): string => {
  const scale = commonScale(left, right)
  return unscale(scaled(left, scale) + scaled(right, scale), scale)
}

export const subtractDecimals = (left: string, right: string): string => {
  const scale = commonScale(left, right)
  return unscale(scaled(left, scale) - scaled(right, scale), scale)
}

export const multiplyDecimals = (left: string, right: string): string => {
  const scale = commonScale(left, right)
  return unscale(scaled(left, scale) * scaled(right, scale), scale * 2)
}

/** Rounded half away from zero to so many digits. */
export const divideDecimals = (left: string, right: string, scale: number): string => {
  const common = commonScale(left, right)
  const guard = scale + 20
  return roundDecimal(
    unscale((scaled(left, common) * 10n ** BigInt(guard)) / scaled(right, common), guard),
    scale,
  )
}

/** Half away from zero, as Salesforce rounds numbers. */
export const roundDecimal = (decimal: string, scale: number): string => {
  const { fraction } = digitsOf(decimal)
  if (fraction <= scale) return decimal
  const units = scaled(decimal, fraction)
  const divisor = 10n ** BigInt(fraction - scale)
  const half = units < 0n ? -divisor / 2n : divisor / 2n
  return unscale((units + half) / divisor, scale)
}

const unscale = (units: bigint, scale: number): string => {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0')
  const cut = digits.length - scale
  return canonical(`${units < 0n ? '-' : ''}${digits.slice(0, cut)}.${digits.slice(cut)}`)
}
