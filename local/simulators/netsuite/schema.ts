// The words for describing a record type: its fields, what each may hold, and its sublists. The descriptions
// themselves are in records/; validation.ts reads request bodies by them and render.ts writes answers by them.
import type { Scaled } from './money.ts'

/** A reference is kept as the target's internal id; a number, an amount or a rate as a scaled bigint. */
export type FieldValue = string | boolean | Scaled | Subrecord
export interface Subrecord {
  [field: string]: FieldValue | undefined
}
export type Line = Record<string, FieldValue | undefined>

/** Record types whose internal and external ids must not collide with one another. */
export type IdGroup =
  | 'entity'
  | 'transaction'
  | 'item'
  | 'account'
  | 'subsidiary'
  | 'currency'
  | 'accountingPeriod'
  | 'department'
  | 'classification'
  | 'location'
  | 'taxType'
  | 'taxCode'
  | 'taxRegistration'

export interface StoredRecord {
  type: string
  id: string
  externalId: string | undefined
  fields: Record<string, FieldValue | undefined>
  sublists: Record<string, Line[]>
}

export type FieldSpec = (
  | { kind: 'text' | 'email'; maxLength: number }
  | { kind: 'date' | 'datetime' | 'boolean' | 'integer' | 'decimal' }
  | { kind: 'reference'; to: IdGroup }
  /** One of NetSuite's own lists: `{id}` in and out, not checked against a record. */
  | { kind: 'choice' }
  | { kind: 'subrecord'; fields: Record<string, FieldSpec> }
) & {
  /** NetSuite computes it; what a request says is ignored. */
  readOnly?: boolean
  /** How NetSuite's own messages name it, where the rules check that it is there. */
  label?: string
}

export interface SublistSpec {
  /** The field that identifies a line; a line without it, or of a sublist without one, is appended. */
  key?: string
  /** The number of the first line; 1 unless said. */
  firstLine?: number
  fields: Record<string, FieldSpec>
}

export interface RecordSpec {
  type: string
  group: IdGroup
  fields: Record<string, FieldSpec>
  sublists: Record<string, SublistSpec>
  /** NetSuite writes it by itself: SuiteQL shows it, the record API does not know it. */
  systemMade?: boolean
}

/** A custom field somebody has made in the account, e.g. custbody_stripe_id. Its prefix says where it stands. */
export interface CustomField {
  scriptId: string
  kind: 'text' | 'date' | 'boolean' | 'integer' | 'decimal'
}

export const text = (maxLength: number): FieldSpec => ({ kind: 'text', maxLength })
export const reference = (to: IdGroup): FieldSpec => ({ kind: 'reference', to })
export const date: FieldSpec = { kind: 'date' }
export const boolean: FieldSpec = { kind: 'boolean' }
export const integer: FieldSpec = { kind: 'integer' }
export const decimal: FieldSpec = { kind: 'decimal' }
export const choice: FieldSpec = { kind: 'choice' }
export const computed = (spec: FieldSpec): FieldSpec => ({ ...spec, readOnly: true })

/** Free-form text custom fields hold 300 characters (Oracle help, "Custom Field Types"). */
const customFieldSpec = (field: CustomField): FieldSpec =>
  field.kind === 'text' ? text(300) : { kind: field.kind }

/** The custom fields with this prefix (custbody, custcol, custentity, custitem), as specs. */
export function customFieldSpecs(fields: CustomField[], prefix: string): Record<string, FieldSpec> {
  return Object.fromEntries(
    fields
      .filter((field) => field.scriptId.startsWith(`${prefix}_`))
      .map((field) => [field.scriptId, customFieldSpec(field)]),
  )
}

export const asText = (value: FieldValue | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined
export const asScaled = (value: FieldValue | undefined): Scaled | undefined =>
  typeof value === 'bigint' ? value : undefined
export const isTrue = (value: FieldValue | undefined): boolean => value === true
