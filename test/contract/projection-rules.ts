// What must hold of the bodies a projection makes, told as a list of faults so that a failing test names the field.
import type { Json, JsonObject } from '../../shared/connector/contract.ts'

/** Fields that hold money in one system or another. */
const MONEY_FIELD = /amount|total|tax(?!code)|price|payment|balance|mrr|debit|credit|refunded|discount|base$/i

/** Numbers that could lose a cent: fractions, and money in any form but a string. */
export function bodyFaults(body: JsonObject): string[] {
  const faults: string[] = []
  const walk = (value: Json, path: string, field: string): void => {
    if (Array.isArray(value)) {
      for (const [index, each] of value.entries()) walk(each, `${path}[${index}]`, field)
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, each] of Object.entries(value)) walk(each, `${path}.${name}`, name)
    } else if (typeof value === 'number') {
      if (!Number.isSafeInteger(value)) faults.push(`${path} is ${value}, no whole number`)
      else if (MONEY_FIELD.test(field)) faults.push(`${path} is money as a number`)
    }
  }
  walk(body, '', '')
  return faults
}

/** Keys of the records a body refers to. */
export function referencesIn(value: Json): string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, each]) =>
    name === '$record' && typeof each === 'string' ? [each] : referencesIn(each),
  )
}

export function deepFreeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return
  Object.freeze(value)
  for (const each of Object.values(value)) deepFreeze(each)
}
