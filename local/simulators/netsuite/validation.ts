// Reads a request body by a record's description: unknown properties, wrong kinds, too long texts, references that
// do not exist or are inactive. What comes out is a patch of typed values; whether the record makes sense is
// decided in records/.
//
// Validation headers: X-NetSuite-PropertyNameValidation (default Warning) and X-NetSuite-PropertyValueValidation
// (default Error), values Error | Warning | Ignore (REST record API, per operation).
import { invalidContent, invalidFieldValue, invalidKey, userError } from './errors.ts'
import { parseScaled } from './money.ts'
import {
  type FieldSpec,
  type FieldValue,
  type IdGroup,
  isTrue,
  type RecordSpec,
  type Subrecord,
} from './schema.ts'
import type { RecordStore } from './store.ts'

export type LinePatch = Record<string, FieldValue | null>

export interface Patch {
  /** null clears it; undefined leaves it. */
  externalId?: string | null
  fields: Record<string, FieldValue | null>
  sublists: Record<string, LinePatch[]>
}

export interface Strictness {
  names: 'Error' | 'Warning' | 'Ignore'
  values: 'Error' | 'Warning' | 'Ignore'
}

/** What a client may echo from a GET without meaning to write it. */
const ECHOED = new Set(['id', 'links', 'refName', 'totalResults', 'count', 'hasMore', 'offset'])

type JsonObject = Record<string, unknown>

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export class BodyReader {
  private readonly store: RecordStore
  private readonly strictness: Strictness

  constructor(store: RecordStore, strictness: Strictness) {
    this.store = store
    this.strictness = strictness
  }

  read(spec: RecordSpec, body: unknown): Patch {
    if (!isObject(body)) throw invalidContent('The request body must be a JSON object.')
    const patch: Patch = { fields: {}, sublists: {} }
    for (const [name, value] of Object.entries(body)) {
      const field = spec.fields[name]
      const sublist = spec.sublists[name]
      if (name === 'externalId') patch.externalId = this.externalId(value)
      else if (field) this.readField(field, name, value, name, patch.fields)
      else if (sublist) patch.sublists[name] = this.readLines(sublist.fields, name, value)
      else this.unknownProperty(name, name)
    }
    return patch
  }

  private externalId(value: unknown): string | null {
    if (value === null || value === '') return null
    if (typeof value !== 'string' && typeof value !== 'number')
      throw invalidFieldValue(describe(value), 'externalId', 'externalId')
    return String(value)
  }

  private readLines(fields: Record<string, FieldSpec>, name: string, value: unknown): LinePatch[] {
    const items = isObject(value) ? value.items : undefined
    if (!Array.isArray(items)) throw invalidContent(`The sublist ${name} must be an object with items.`, name)
    return items.map((item, index) => {
      const path = `${name}.items[${index}]`
      if (!isObject(item)) throw invalidContent('A sublist line must be an object.', path)
      const line: LinePatch = {}
      for (const [property, propertyValue] of Object.entries(item)) {
        const field = fields[property]
        if (field) this.readField(field, property, propertyValue, `${path}.${property}`, line)
        else this.unknownProperty(property, `${path}.${property}`)
      }
      return line
    })
  }

  private unknownProperty(name: string, path: string): void {
    if (ECHOED.has(name) || this.strictness.names !== 'Error') return
    // Reading: the code and the path are documented for body errors; the sentence is ours.
    throw invalidContent(`Unknown property ${name}.`, path)
  }

  private readField(
    spec: FieldSpec,
    name: string,
    value: unknown,
    path: string,
    into: Record<string, FieldValue | null>,
  ): void {
    if (spec.readOnly) return
    if (value === null) {
      into[name] = null
      return
    }
    const read = this.readValue(spec, name, value, path)
    if (read !== undefined) into[name] = read
    else if (this.strictness.values === 'Error') throw invalidFieldValue(describe(value), name, path)
  }

  private readValue(spec: FieldSpec, name: string, value: unknown, path: string): FieldValue | undefined {
    switch (spec.kind) {
      case 'text':
      case 'email':
        return this.readText(spec, name, value, path)
      case 'boolean':
        return typeof value === 'boolean' ? value : undefined
      case 'date':
        return typeof value === 'string' && isCalendarDate(value) ? value : undefined
      case 'datetime':
        return typeof value === 'string' ? value : undefined
      // Reading: numbers must be JSON numbers; a decimal in quotes is an invalid value.
      case 'decimal':
        return typeof value === 'number' ? parseScaled(value) : undefined
      case 'integer':
        return typeof value === 'number' && Number.isSafeInteger(value) ? parseScaled(value) : undefined
      case 'choice':
        return readChoice(value)
      case 'reference':
        return this.readReference(spec.to, name, value, path)
      case 'subrecord':
        return this.readSubrecord(spec.fields, value, path)
    }
  }

  /** SOAP's sentence for a text that is too long; reading: REST repeats it. */
  private readText(
    spec: { kind: 'text' | 'email'; maxLength: number },
    name: string,
    value: unknown,
    path: string,
  ): string | undefined {
    if (typeof value !== 'string' && typeof value !== 'number') return undefined
    const text = String(value)
    if (text.length > spec.maxLength) {
      throw userError(
        `The field ${name} contained more than the maximum number ( ${spec.maxLength} ) of characters allowed.`,
        path,
      )
    }
    return spec.kind === 'email' && text !== '' && !/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(text) ? undefined : text
  }

  private readReference(group: IdGroup, name: string, value: unknown, path: string): string | undefined {
    const given = isObject(value) ? value : { id: value }
    const { id, externalId } = given
    if (id === undefined && typeof externalId === 'string') {
      const target = this.store.findExternal(group, externalId)
      if (!target) throw invalidKey(name, externalId, path)
      return isTrue(target.fields.isInactive) ? undefined : target.id
    }
    if (typeof id !== 'string' && typeof id !== 'number') return undefined
    const target = this.store.get(group, String(id))
    if (!target || isTrue(target.fields.isInactive)) throw invalidFieldValue(String(id), name, path)
    return target.id
  }

  private readSubrecord(
    fields: Record<string, FieldSpec>,
    value: unknown,
    path: string,
  ): Subrecord | undefined {
    if (!isObject(value)) return undefined
    const values: Record<string, FieldValue | null> = {}
    for (const [property, propertyValue] of Object.entries(value)) {
      const field = fields[property]
      if (field) this.readField(field, property, propertyValue, `${path}.${property}`, values)
      else this.unknownProperty(property, `${path}.${property}`)
    }
    return Object.fromEntries(
      Object.entries(values).filter((entry): entry is [string, FieldValue] => entry[1] !== null),
    )
  }
}

function readChoice(value: unknown): string | undefined {
  const id = isObject(value) ? value.id : value
  return typeof id === 'string' || typeof id === 'number' || typeof id === 'boolean' ? String(id) : undefined
}

function isCalendarDate(value: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return false
  const date = new Date(`${value}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value)
}

function describe(value: unknown): string {
  if (isObject(value)) return String(value.id ?? value.externalId ?? JSON.stringify(value))
  return String(value)
}
