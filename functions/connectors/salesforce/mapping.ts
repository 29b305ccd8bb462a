// Who owns which field: takes the built-in fields and the configured ones of each object, says which of them the hub
// writes, compares or leaves alone, and reads configured values out of Stripe objects. Pure.
import type { Json, JsonObject } from '../../../shared/connector/contract.ts'
import { permanent } from '../../../shared/errors.ts'
import { parseDecimal } from '../../../shared/money/money.ts'
import { amount, checkbox, datetime, multiline, text } from './body.ts'
import type { MappedField, SalesforceConfig } from './config.ts'
import { type Field, isKindName, KINDS, type KindName } from './kinds.ts'

export interface Mapping {
  /** Fields that the hub keeps equal to Stripe: written each time, read back and compared. */
  kept: Readonly<Record<string, Field>>
  /** Fields written only with a new record. */
  createOnly: ReadonlySet<string>
  /** Configured fields with a source in Stripe. */
  extra: Readonly<Record<string, MappedField & { from: string }>>
}

export type Mappings = Readonly<Record<KindName, Mapping>>

export function readMappings(config: SalesforceConfig): Mappings {
  const mappings: Partial<Record<KindName, Mapping>> = {}
  for (const name of Object.keys(KINDS)) {
    if (isKindName(name)) mappings[name] = readMapping(name, config.fields[name] ?? {})
  }
  return mappings as Mappings
}

function readMapping(name: KindName, configured: Readonly<Record<string, MappedField>>): Mapping {
  const kept: Record<string, Field> = {}
  const createOnly = new Set<string>()
  const extra: Record<string, MappedField & { from: string }> = {}
  const byOwner = (field: string, type: Field, owner: MappedField['owner']) => {
    if (owner === 'stripe') kept[field] = type
    if (owner === 'create-only') createOnly.add(field)
  }
  for (const [field, type] of Object.entries(KINDS[name].fields)) {
    byOwner(field, type, configured[field]?.owner ?? (type.once ? 'create-only' : 'stripe'))
  }
  for (const [field, mapped] of Object.entries(configured)) {
    if (mapped.from === undefined) continue
    extra[field] = { ...mapped, from: mapped.from }
    byOwner(field, { type: mapped.type, from: mapped.from }, mapped.owner)
  }
  return { kept, createOnly, extra }
}

/**
 * The body as this mapping wants it; `exists`: the record stands in Salesforce already. `again`: create-only fields that
 * are written all the same this time.
 */
export function applyMapping(
  mapping: Mapping,
  body: JsonObject,
  source: object,
  exists: boolean,
  again: readonly string[] = [],
): JsonObject {
  const currency = typeof body.Currency__c === 'string' ? body.Currency__c : undefined
  const whole: JsonObject = { ...body }
  for (const [field, mapped] of Object.entries(mapping.extra)) {
    whole[field] = readMapped(field, mapped, source, currency)
  }
  return Object.fromEntries(
    Object.entries(whole).filter(
      ([field]) =>
        Object.hasOwn(mapping.kept, field) ||
        (mapping.createOnly.has(field) && (!exists || again.includes(field))),
    ),
  )
}

function readMapped(
  field: string,
  { from, type }: MappedField & { from: string },
  source: object,
  currency: string | undefined,
): Json {
  const value = valueAt(source, from)
  if (value === undefined || value === null || value === '') return type === 'checkbox' ? false : null
  const plain = String(value)
  switch (type) {
    case 'text':
      return text(plain)
    case 'multiline':
      return multiline(plain)
    case 'checkbox':
      return checkbox(plain === 'true')
    case 'decimal': {
      if (parseDecimal(plain, 18) === undefined) throw unfit(field, from, 'a decimal number')
      return shortestDecimal(plain)
    }
    default: {
      const whole = Number(plain)
      if (!/^-?\d+$/.test(plain) || !Number.isSafeInteger(whole)) throw unfit(field, from, 'a whole number')
      if (type === 'integer') return whole
      if (type === 'datetime') return datetime(whole)
      if (currency === undefined) return null
      return amount(whole, currency)
    }
  }
}

/** Drops an exponent and the zeros that mean nothing: "1.50" and 1.5 → "1.5". */
export function shortestDecimal(value: string | number): string {
  const scaled = parseDecimal(value, 18)
  if (scaled === undefined) return String(value)
  const digits = (scaled < 0n ? -scaled : scaled).toString().padStart(19, '0')
  const fraction = digits.slice(-18).replace(/0+$/, '')
  return `${scaled < 0n ? '-' : ''}${digits.slice(0, -18)}${fraction && `.${fraction}`}`
}

function valueAt(source: object, path: string): unknown {
  let value: unknown = source
  // A metadata key may itself hold dots.
  const steps = path.startsWith('metadata.') ? ['metadata', path.slice('metadata.'.length)] : path.split('.')
  for (const step of steps) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined
    value = (value as Record<string, unknown>)[step]
  }
  if (typeof value === 'object' && value !== null) {
    // An expanded or plain reference reads as its id, a Decimal as its digits.
    return 'id' in value ? value.id : Array.isArray(value) ? undefined : String(value)
  }
  return value
}

function unfit(field: string, from: string, wanted: string) {
  return permanent(`Its ${from} is not ${wanted}, which ${field} needs. Nothing was written.`, {
    code: 'SF-MAPPED-VALUE',
    hint: `Field ${from}. Billing: correct it in Stripe; it resumes alone. Or change ${field} in hub.config.ts → salesforce.fields.`,
  })
}
