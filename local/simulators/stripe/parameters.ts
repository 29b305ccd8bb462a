// The vocabulary in which each route says what it accepts, and the translation of a mismatch into Stripe's refusal:
// unknown parameter, missing parameter, wrong kind of value (https://docs.stripe.com/error-codes). A route accepts
// what the simulator has a rule for; the rest of Stripe's parameters are refused as unknown, never ignored.
import * as z from 'zod'
import { invalidParameter } from './errors.ts'
import type { FormObject, FormValue } from './form.ts'

export const text = z.string().max(5000)
export const id = z.string().min(1).max(5000)
export const integer = z
  .string()
  .regex(/^-?\d+$/, 'integer')
  .transform(Number)
export const count = z.string().regex(/^\d+$/, 'integer').transform(Number)
export const timestamp = z.string().regex(/^\d+$/, 'timestamp').transform(Number)
export const flag = z.enum(['true', 'false']).transform((value) => value === 'true')
export const decimal = z.string().regex(/^-?\d+(\.\d{1,12})?$/, 'decimal')
export const percentage = z
  .string()
  .regex(/^\d+(\.\d{1,4})?$/, 'decimal')
  .transform(Number)
export const oneOf = <const V extends readonly [string, ...string[]]>(...values: V) => z.enum(values)
/** An empty string unsets the value; it arrives as null. */
export const emptyable = <S extends z.ZodType>(schema: S) =>
  z.preprocess((value) => (value === '' ? null : value), schema.nullable())
export const metadata = emptyable(z.record(z.string(), z.string()))

export const currency = z
  .string()
  .regex(/^[a-zA-Z]{3}$/, 'currency')
  .transform((value) => value.toLowerCase())

export const address = z.strictObject({
  city: text.optional(),
  country: text.optional(),
  line1: text.optional(),
  line2: text.optional(),
  postal_code: text.optional(),
  state: text.optional(),
})

export const range = z.union([
  timestamp,
  z.strictObject({
    gt: timestamp.optional(),
    gte: timestamp.optional(),
    lt: timestamp.optional(),
    lte: timestamp.optional(),
  }),
])
export type Range = z.output<typeof range>

export const inRange = (value: number | null | undefined, wanted: Range | undefined): boolean => {
  if (wanted === undefined) return true
  if (value === null || value === undefined) return false
  if (typeof wanted === 'number') return value === wanted
  const { gt, gte, lt, lte } = wanted
  return (
    (gt === undefined || value > gt) &&
    (gte === undefined || value >= gte) &&
    (lt === undefined || value < lt) &&
    (lte === undefined || value <= lte)
  )
}

/** The parameters every v1 list takes. https://docs.stripe.com/api/pagination */
export const paging = {
  limit: integer.optional(),
  starting_after: id.optional(),
  ending_before: id.optional(),
}

export const discountList = emptyable(
  z.array(z.strictObject({ coupon: id.optional(), discount: id.optional(), promotion_code: id.optional() })),
)
export type DiscountParams = z.output<typeof discountList>

export const priceData = z.strictObject({
  currency,
  product: id.optional(),
  product_data: z
    .strictObject({ name: text, description: text.optional(), metadata: metadata.optional() })
    .optional(),
  recurring: z
    .strictObject({ interval: oneOf('day', 'week', 'month', 'year'), interval_count: count.optional() })
    .optional(),
  tax_behavior: oneOf('exclusive', 'inclusive', 'unspecified').optional(),
  unit_amount: integer.optional(),
  unit_amount_decimal: decimal.optional(),
})
export type PriceData = z.output<typeof priceData>

/** Ties a shape to the SDK's own parameter type: a name that Stripe does not have does not compile. */
export const shape =
  <Params>() =>
  <S extends z.ZodRawShape>(fields: S & { [K in keyof S]: K extends keyof Params ? unknown : never }) =>
    z.strictObject(fields as S)

export function readParameters<S extends z.ZodType>(schema: S, raw: FormObject): z.output<S> {
  const result = schema.safeParse(raw)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  throw issue ? refusalOf(issue, raw) : invalidParameter('Invalid request.', undefined, undefined)
}

function refusalOf(issue: z.core.$ZodIssue, raw: FormObject) {
  const path = issue.path.map(String)
  if (issue.code === 'unrecognized_keys') {
    const name = nameOf([...path, issue.keys[0] ?? ''])
    return invalidParameter(`Received unknown parameter: ${name}`, 'parameter_unknown', name)
  }
  const name = nameOf(path)
  const value = valueAt(raw, path)
  if (value === undefined)
    return invalidParameter(`Missing required param: ${name}.`, 'parameter_missing', name)
  if (value === '') {
    return invalidParameter(
      `You passed an empty string for '${name}'. We assume empty values are an attempt to unset a parameter; however '${name}' cannot be unset. You should remove '${name}' from your request or supply a non-empty value.`,
      'parameter_invalid_empty',
      name,
    )
  }
  if (issue.code === 'invalid_value') {
    const boolean = issue.values.includes('true') && issue.values.length === 2
    if (boolean) return invalidParameter(`Invalid boolean: ${String(value)}`, undefined, name)
    return invalidParameter(`Invalid ${name}: must be one of ${issue.values.join(', ')}`, undefined, name)
  }
  if (issue.message === 'integer') {
    return invalidParameter(`Invalid integer: ${String(value)}`, 'parameter_invalid_integer', name)
  }
  if (issue.message === 'timestamp') {
    return invalidParameter(`Invalid timestamp: must be an integer Unix timestamp`, undefined, name)
  }
  if (issue.message === 'decimal')
    return invalidParameter(`Invalid decimal: ${String(value)}`, undefined, name)
  if (issue.message === 'currency') {
    return invalidParameter(`Invalid currency: ${String(value)}.`, undefined, name)
  }
  if (issue.code === 'too_big') {
    return invalidParameter(`Invalid ${name}: at most ${String(issue.maximum)} are allowed.`, undefined, name)
  }
  if (issue.code === 'custom') return invalidParameter(issue.message, undefined, name)
  const kind = issue.code === 'invalid_type' ? issue.expected : 'value'
  return invalidParameter(`Invalid ${kind === 'record' ? 'object' : kind}`, undefined, name)
}

const nameOf = (path: readonly string[]): string =>
  path.map((segment, index) => (index === 0 ? segment : `[${segment}]`)).join('')

function valueAt(raw: FormObject, path: readonly string[]): FormValue | undefined {
  let value: FormValue | undefined = raw
  for (const segment of path) {
    if (typeof value !== 'object') return undefined
    value = Array.isArray(value) ? value[Number(segment)] : value[segment]
  }
  return value
}

/** https://docs.stripe.com/api/metadata: merged by key, '' removes one key, unsetting all at once removes all. */
export function mergeMetadata(
  existing: Record<string, string> | null,
  patch: Record<string, string> | null | undefined,
): Record<string, string> {
  if (patch === undefined) return { ...existing }
  if (patch === null) return {}
  const merged = { ...existing }
  for (const [key, value] of Object.entries(patch)) {
    if (value === '') {
      delete merged[key]
      continue
    }
    if (key.length > 40) {
      throw invalidParameter(
        `Metadata keys can have up to 40 characters, but you passed in a key that is ${key.length} characters.`,
        undefined,
        `metadata[${key}]`,
      )
    }
    if (value.length > 500) {
      throw invalidParameter(
        `Metadata values can have up to 500 characters, but you passed in a value that is ${value.length} characters.`,
        undefined,
        `metadata[${key}]`,
      )
    }
    merged[key] = value
  }
  if (Object.keys(merged).length > 50) {
    throw invalidParameter('You can have up to 50 metadata keys.', undefined, 'metadata')
  }
  return merged
}
