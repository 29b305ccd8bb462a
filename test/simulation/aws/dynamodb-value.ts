// DynamoDB's attribute values: which are valid, which are equal, which comes first, and how large they are. Numbers
// are decimal texts of up to 38 digits and are compared as such, never as floats.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
import { invalid } from './dynamodb-error.ts'

const TYPES = ['S', 'N', 'BOOL', 'NULL', 'M', 'L', 'SS', 'NS', 'B', 'BS'] as const
export type ValueType = (typeof TYPES)[number]

/** Exactly one member is there. */
export interface AttributeValue {
  S?: string
  N?: string
  B?: string
  BOOL?: boolean
  NULL?: boolean
  SS?: string[]
  NS?: string[]
  BS?: string[]
  L?: AttributeValue[]
  M?: Item
}

export type Item = Record<string, AttributeValue>

export function typeOf(value: AttributeValue): ValueType {
  for (const type of TYPES) if (value[type] !== undefined) return type
  throw invalid('Supplied AttributeValue is empty, must contain exactly one of the supported datatypes')
}

/** Checks what a request brings. Throws ValidationException. */
export function readItem(json: unknown): Item {
  if (!isObject(json)) throw invalid('Start of structure or map expected')
  for (const name in json) readValue(json[name])
  return json as Item
}

export function readValue(json: unknown): AttributeValue {
  if (!isObject(json)) throw invalid('Start of structure or map expected')
  const [type, more] = Object.keys(json)
  if (type === undefined || more !== undefined) {
    throw invalid('Supplied AttributeValue must contain exactly one of the supported datatypes')
  }
  const content = json[type]
  switch (type) {
    case 'S':
    case 'B':
      if (typeof content === 'string') return json
      break
    case 'N':
      if (typeof content === 'string') {
        readNumber(content)
        return json
      }
      break
    case 'BOOL':
      if (typeof content === 'boolean') return json
      break
    case 'NULL':
      if (content === true) return json
      break
    case 'M':
      readItem(content)
      return json
    case 'L':
      if (Array.isArray(content)) {
        content.forEach(readValue)
        return json
      }
      break
    case 'SS':
    case 'NS':
    case 'BS':
      if (Array.isArray(content) && content.every((element) => typeof element === 'string')) {
        if (content.length === 0) {
          throw invalid('One or more parameter values were invalid: An string set  may not be empty')
        }
        const elements = type === 'NS' ? content.map(readNumber).map(describeNumber) : content
        if (new Set(elements).size < elements.length) {
          throw invalid('One or more parameter values were invalid: Input collection contains duplicates')
        }
        return json
      }
      break
  }
  throw invalid(`One or more parameter values were invalid: ${type} has no such value`)
}

/** unscaled × 10^-scale */
interface Decimal {
  unscaled: bigint
  scale: number
}

const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/

function readNumber(text: string): Decimal {
  const match = NUMBER.exec(text)
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match ?? []
  const digits = whole + fraction
  if (!match || digits === '') {
    throw invalid(`The parameter cannot be converted to a numeric value: ${text}`)
  }
  if (digits.replace(/^0+|0+$/g, '').length > 38) {
    throw invalid('Attempting to store more than 38 significant digits in a Number')
  }
  const unscaled = BigInt(digits) * (sign === '-' ? -1n : 1n)
  return { unscaled, scale: fraction.length - Number(exponent) }
}

function describeNumber({ unscaled, scale }: Decimal): string {
  let [value, places] = [unscaled, scale]
  while (value !== 0n && value % 10n === 0n) {
    value /= 10n
    places -= 1
  }
  return value === 0n ? '0' : `${value}e${-places}`
}

function compareNumbers(a: string, b: string): number {
  if (a === b) return 0
  const [left, right] = [readNumber(a), readNumber(b)]
  const scale = Math.max(left.scale, right.scale)
  const difference =
    left.unscaled * 10n ** BigInt(scale - left.scale) - right.unscaled * 10n ** BigInt(scale - right.scale)
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

/** In the order of their UTF-8 bytes, which for ASCII is that of JavaScript. */
export function compareTexts(a: string, b: string): number {
  return a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b))
}

/** Undefined when the two have no order: other types, or a type that has none. */
export function compareValues(a: AttributeValue, b: AttributeValue): number | undefined {
  if (a.N !== undefined && b.N !== undefined) return compareNumbers(a.N, b.N)
  if (a.S !== undefined && b.S !== undefined) return compareTexts(a.S, b.S)
  if (a.B !== undefined && b.B !== undefined) {
    return Buffer.compare(Buffer.from(a.B, 'base64'), Buffer.from(b.B, 'base64'))
  }
  return undefined
}

export function areEqual(a: AttributeValue, b: AttributeValue): boolean {
  const type = typeOf(a)
  if (type !== typeOf(b)) return false
  switch (type) {
    case 'S':
    case 'N':
    case 'B':
      return compareValues(a, b) === 0
    case 'BOOL':
      return a.BOOL === b.BOOL
    case 'NULL':
      return true
    case 'SS':
    case 'BS':
      return hasSameElements(a[type] ?? [], b[type] ?? [])
    case 'NS':
      return hasSameElements(
        (a.NS ?? []).map(readNumber).map(describeNumber),
        (b.NS ?? []).map(readNumber).map(describeNumber),
      )
    case 'L': {
      const [left, right] = [a.L ?? [], b.L ?? []]
      return left.length === right.length && left.every((each, index) => isEqualTo(each, right[index]))
    }
    case 'M': {
      const [left, right] = [a.M ?? {}, b.M ?? {}]
      const names = Object.keys(left)
      return (
        names.length === Object.keys(right).length &&
        names.every((name) => isEqualTo(left[name], right[name]))
      )
    }
  }
}

const isEqualTo = (a: AttributeValue | undefined, b: AttributeValue | undefined): boolean =>
  a !== undefined && b !== undefined && areEqual(a, b)

function hasSameElements(a: readonly string[], b: readonly string[]): boolean {
  const right = new Set(b)
  return a.length === b.length && a.every((element) => right.has(element))
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html */
export function itemBytes(item: Item): number {
  let bytes = 0
  for (const name in item) {
    const value = item[name]
    if (value) bytes += Buffer.byteLength(name) + valueBytes(value)
  }
  return bytes
}

function valueBytes(value: AttributeValue): number {
  if (value.S !== undefined) return Buffer.byteLength(value.S)
  if (value.N !== undefined) return Math.ceil(value.N.length / 2) + 1
  if (value.M !== undefined) return 3 + itemBytes(value.M) + Object.keys(value.M).length
  if (value.L !== undefined) return value.L.reduce((sum, each) => sum + 1 + valueBytes(each), 3)
  if (value.B !== undefined) return Buffer.byteLength(value.B, 'base64')
  const elements = value.SS ?? value.NS ?? value.BS
  return elements ? elements.reduce((sum, each) => sum + Buffer.byteLength(each), 0) : 1
}

/** As the document client shows it to the hub by default: numbers as numbers, sets as Sets. */
export const toNative = (item: Item): Record<string, unknown> =>
  Object.fromEntries(Object.entries(item).map(([name, value]) => [name, nativeOf(value)]))

function nativeOf(value: AttributeValue): unknown {
  const type = typeOf(value)
  switch (type) {
    case 'N':
      return Number(value.N)
    case 'NULL':
      return null
    case 'M':
      return toNative(value.M ?? {})
    case 'L':
      return (value.L ?? []).map(nativeOf)
    case 'SS':
    case 'BS':
      return new Set(value[type])
    case 'NS':
      return new Set((value.NS ?? []).map(Number))
    default:
      return value[type]
  }
}

const isObject = (json: unknown): json is Record<string, unknown> =>
  typeof json === 'object' && json !== null && !Array.isArray(json)
