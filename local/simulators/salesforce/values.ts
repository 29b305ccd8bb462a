// What each field type accepts, and how the API writes what is stored. A value of a wrong JSON type refuses the
// whole request (see errors.ts); a value that breaks the field's rule refuses its record.
import { digitsOf, readDecimal, roundDecimal } from './decimals.ts'
import { jsonParserError, RecordRefused } from './errors.ts'
import type { FieldSchema } from './schema.ts'
import { formatDateTime, type StoredValue } from './store.ts'

/**
 * Digits after a number field's scale. Public reports agree that Salesforce rounds half up instead of refusing; a
 * hub that sends a cent too many would then go unnoticed, so `refuse` is the simulator's default.
 */
export type ExcessDecimals = 'refuse' | 'round'

const EMAIL = /^[^\s@<>(),;:"]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/

/** The value as it is stored; lookups are resolved by the caller, who knows the other tables. */
export const acceptValue = (field: FieldSchema, input: unknown, excess: ExcessDecimals): StoredValue => {
  if (input === null || input === undefined) return field.type === 'boolean' ? refuseNullBoolean(field) : null
  switch (field.type) {
    case 'boolean':
      if (typeof input !== 'boolean') throw jsonParserError('boolean', input)
      return input
    case 'int':
    case 'double':
    case 'currency':
    case 'percent':
      return acceptNumber(field, input, excess)
    case 'date':
      return acceptDate(input)
    case 'datetime':
      return acceptDateTime(input)
    default:
      return acceptText(field, input)
  }
}

const refuseNullBoolean = (field: FieldSchema): never => {
  throw new RecordRefused('INVALID_TYPE_ON_FIELD_IN_RECORD', `${field.label}: value not of required type: `, [
    field.name,
  ])
}

const acceptNumber = (field: FieldSchema, input: unknown, excess: ExcessDecimals): string | null => {
  if (input === '') return null
  const decimal = readDecimal(input)
  if (decimal === undefined) throw jsonParserError(field.type === 'int' ? 'int' : 'double', input)
  const { precision = 18, scale = 0 } = field
  const digits = digitsOf(decimal)
  if (digits.whole > precision - scale || (digits.fraction > scale && excess === 'refuse')) {
    throw new RecordRefused(
      'NUMBER_OUTSIDE_VALID_RANGE',
      `${field.label}: value outside of valid range on numeric field: ${decimal}`,
      [field.name],
    )
  }
  return roundDecimal(decimal, scale)
}

const acceptDate = (input: unknown): string => {
  if (typeof input === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(input) && !Number.isNaN(Date.parse(input))) {
    return input
  }
  throw jsonParserError('date', input)
}

const acceptDateTime = (input: unknown): string => {
  const iso =
    typeof input === 'string' &&
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:?\d{2})$/.test(input)
      ? Date.parse(input.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'))
      : Number.NaN
  if (Number.isNaN(iso)) throw jsonParserError('datetime', input)
  return formatDateTime(iso)
}

const acceptText = (field: FieldSchema, input: unknown): string | null => {
  if (typeof input === 'object') throw jsonParserError('string', JSON.stringify(input))
  // Salesforce trims text and stores an empty text as null.
  const value = String(input).trim()
  if (value === '') return null
  if (field.length !== undefined && value.length > field.length) {
    throw new RecordRefused(
      'STRING_TOO_LONG',
      `${field.label}: data value too large: ${value} (max length=${field.length})`,
      [field.name],
    )
  }
  if (field.type === 'email' && !EMAIL.test(value)) {
    throw new RecordRefused('INVALID_EMAIL_ADDRESS', `${field.label}: invalid email address: ${value}`, [
      field.name,
    ])
  }
  if (field.type === 'picklist' && field.restricted && !field.picklist?.includes(value)) {
    throw new RecordRefused(
      'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
      `${field.label}: bad value for restricted picklist field: ${value}`,
      [field.name],
    )
  }
  return value
}

export const isNumber = ({ type }: FieldSchema): boolean =>
  type === 'int' || type === 'double' || type === 'currency' || type === 'percent'

/** The value as the API answers it: numbers as JSON numbers, an unset checkbox as false. */
export const presentValue = (
  field: FieldSchema,
  value: StoredValue | undefined,
): string | number | boolean | null => {
  if (value === undefined || value === null) return field.type === 'boolean' ? false : null
  return isNumber(field) && typeof value === 'string' ? Number(value) : value
}
