// Decimal strings → the JSON numbers that AvaTax wants, at the last moment and without loss.
import type { Json, JsonObject } from '../../../shared/connector/contract.ts'
import { fromDecimal, toWireNumber } from '../../../shared/money/money.ts'

const MONEY_FIELDS = new Set(['amount', 'taxAmount'])

/** A copy in which every money field is a number. @throws invariant when a number would say another amount. */
export function wireModel(model: JsonObject, currency: string): JsonObject {
  return Object.fromEntries(
    Object.entries(model).map(([key, value]) => [key, wireValue(key, value, currency)]),
  )
}

function wireValue(key: string, value: Json, currency: string): Json {
  if (MONEY_FIELDS.has(key) && typeof value === 'string') return toWireNumber(fromDecimal(value, currency))
  if (Array.isArray(value)) return value.map((one) => wireValue(key, one, currency))
  if (value !== null && typeof value === 'object') return wireModel(value, currency)
  return value
}
