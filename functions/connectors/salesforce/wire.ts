// Between a record's body and Salesforce's JSON: references become look-ups by external id, decimal strings become
// numbers that say exactly the same, and answers come back in the body's own terms. Pure.
import type { Json, JsonObject, RecordKey, RemoteRecord } from '../../../shared/connector/contract.ts'
import { permanent } from '../../../shared/errors.ts'
import { currencyDecimals } from '../../../shared/money/currencies.ts'
import { fromDecimal, toDecimal, toWireNumber } from '../../../shared/money/money.ts'
import { multiline, text } from './body.ts'
import type { Row, WireRecord } from './client.ts'
import { nameRecord } from './failures.ts'
import { type Field, KINDS, type KindName, relationshipOf } from './kinds.ts'
import { type Mapping, shortestDecimal } from './mapping.ts'

/** What Salesforce is sent for a record: its external id and the fields of its body. */
export function toWire(kind: KindName, mapping: Mapping, record: RemoteRecord): WireRecord {
  const wire: WireRecord = { [KINDS[kind].externalId]: record.externalId }
  for (const [name, value] of Object.entries(record.body)) {
    const field = fieldOf(kind, mapping, name)
    const target = referencedRecord(value)
    if (target) {
      // By external id, so that a record may be written without knowing Salesforce's id of what it refers to.
      wire[relationshipOf(name)] = { [KINDS[field.refersTo ?? kind].externalId]: target }
    } else {
      wire[name] = wireValue(field, value, record)
    }
  }
  return wire
}

function fieldOf(kind: KindName, mapping: Mapping, name: string): Field {
  const extra = mapping.extra[name]
  return (
    mapping.kept[name] ??
    KINDS[kind].fields[name] ?? { type: extra?.type ?? 'text', from: extra?.from ?? name }
  )
}

function wireValue(field: Field, value: Json, record: RemoteRecord): Json {
  if (typeof value !== 'string') return value
  if (field.type === 'money')
    return toWireNumber(fromDecimal(value, String(record.body[field.currency ?? 'Currency__c'])))
  if (field.type !== 'decimal') return value
  const wire = Number(value)
  if (shortestDecimal(wire) !== value) {
    throw permanent(
      `${nameRecord(record)} is not in Salesforce: ${field.from} has more digits than a JSON number keeps. Nothing was written.`,
      {
        code: 'SF-DIGITS',
        hint: `Field ${field.from}. Billing: shorten the number in Stripe; it resumes alone.`,
      },
    )
  }
  return wire
}

/** The external id inside a `recordRef`. */
function referencedRecord(value: Json | undefined): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const key = value.$record
  return typeof key === 'string' ? key.slice(key.indexOf('/') + 1) : undefined
}

/** The columns that bring back what the hub keeps equal. */
export function columnsOf(kind: KindName, mapping: Mapping): string[] {
  const columns = new Set(['Id', KINDS[kind].externalId])
  for (const [name, field] of Object.entries(mapping.kept)) {
    if (field.type !== 'reference') columns.add(name)
    if (field.refersTo) columns.add(`${relationshipOf(name)}.${KINDS[field.refersTo].externalId}`)
  }
  return [...columns]
}

/** Only fields the projection writes, in its own terms. */
export function fromWire(kind: KindName, mapping: Mapping, row: Row): JsonObject {
  const externalId = String(row[KINDS[kind].externalId])
  const body: JsonObject = {}
  for (const [name, field] of Object.entries(mapping.kept)) {
    body[name] = readValue(name, field, row, externalId)
  }
  return body
}

function readValue(name: string, field: Field, row: Row, externalId: string): Json {
  const value = row[name]
  switch (field.type) {
    case 'reference':
    case 'account':
      return readReference(name, field, row, externalId)
    case 'checkbox':
      return value === true
    case 'datetime':
      return typeof value === 'string' ? new Date(value).toISOString().replace('Z', '+0000') : null
    case 'integer':
      return typeof value === 'number' ? value : null
    case 'decimal':
      return typeof value === 'number' ? shortestDecimal(value) : null
    case 'money':
      return typeof value === 'number' ? readMoney(value, row[field.currency ?? 'Currency__c']) : null
    case 'multiline':
      return typeof value === 'string' ? multiline(value) : null
    case 'text':
      return typeof value === 'string' ? text(value) : null
  }
}

/** A figure that the currency cannot hold (somebody typed it) stays as it is: it then differs, and is found. */
function readMoney(value: number, currency: unknown): string {
  if (typeof currency !== 'string' || currencyDecimals(currency) === undefined) return String(value)
  try {
    return toDecimal(fromDecimal(value, currency))
  } catch {
    return String(value)
  }
}

function readReference(name: string, { refersTo, type }: Field, row: Row, externalId: string): Json {
  if (refersTo === undefined) return null
  const related = row[relationshipOf(name)]
  const key =
    typeof related === 'object' && related !== null
      ? (related as Record<string, unknown>)[KINDS[refersTo].externalId]
      : undefined
  if (type === 'account') {
    // Only the Account made under this customer's own id is a record of ours; any other is known by its id.
    const id = row[name]
    if (key !== externalId) return typeof id === 'string' ? id : null
  }
  return typeof key === 'string' ? { $record: `${refersTo}/${key}` satisfies RecordKey } : null
}
