// The simulated org's objects and fields as plain data: what a Salesforce administrator would have set up for
// billing records and quotes, next to the standard objects and those of Salesforce CPQ. Behaviour of the field types is
// in values.ts, of quotes in quotes.ts and cpq-quotes.ts.
//
// Limits kept from Salesforce: Text and URL fields hold 255 characters at most, longer ones are long text areas, which
// can be neither filtered nor unique (https://help.salesforce.com/s/articleView?id=platform.custom_field_types.htm).
import { billingObjects } from './billing-objects.ts'
import { cpqObjects } from './cpq-objects.ts'
import { dateTime, field, readOnly } from './field-builders.ts'
import { quoteObjects } from './quote-objects.ts'
import { standardObjects } from './standard-objects.ts'

export type FieldType =
  | 'id'
  | 'string'
  | 'textarea'
  | 'email'
  | 'phone'
  | 'url'
  | 'boolean'
  | 'int'
  | 'double'
  | 'currency'
  | 'percent'
  | 'date'
  | 'datetime'
  | 'picklist'
  | 'reference'

export interface FieldSchema {
  name: string
  label: string
  type: FieldType
  /** Longest text, in characters. */
  length?: number
  /** Digits in all, and digits after the point. */
  precision?: number
  scale?: number
  /** Must have a value on create, and cannot be cleared. */
  required?: boolean
  unique?: boolean
  /** For unique text: whether `cus_a` and `cus_A` are two values. Salesforce's default is no; Stripe ids need yes. */
  caseSensitive?: boolean
  externalId?: boolean
  referenceTo?: string
  relationshipName?: string
  /** Of a lookup: what its parent calls the records that refer to it, in a subquery. */
  childRelationshipName?: string
  picklist?: readonly string[]
  /** A restricted picklist refuses values that are not on its list. */
  restricted?: boolean
  /** False: set by Salesforce, or read-only for everybody. */
  updateable?: boolean
  /** Of a lookup: the record is a part of its parent, and goes and is locked with it. */
  masterDetail?: boolean
  /** Given with a new record and never changed. */
  createOnly?: boolean
  /** The name by which field-level security covers a standard field; the parts of an address share one. */
  securedAs?: string
}

export interface SObjectSchema {
  name: string
  label: string
  /** First three characters of every id of this object. */
  keyPrefix: string
  fields: FieldSchema[]
  /** The object whose permissions decide over this one too. */
  permissionsOf?: string
}

/**
 * Status values that count as closed; an administrator says so of each value in the setup of Case Status.
 * https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_casestatus.htm
 */
export const CLOSED_CASE_STATUSES: readonly string[] = ['Closed']

/** The org that the simulator has when it is given no other. Copied at start, so a test may change its copy. */
export const salesforceSchema: readonly SObjectSchema[] = [
  ...standardObjects,
  ...billingObjects,
  ...quoteObjects,
  ...cpqObjects,
]

/** Fields that every object has and only Salesforce sets. */
export const systemFields: readonly FieldSchema[] = [
  readOnly(field('Id', 'id', { length: 18 })),
  readOnly(field('IsDeleted', 'boolean')),
  readOnly(dateTime('CreatedDate')),
  readOnly(dateTime('LastModifiedDate')),
  readOnly(dateTime('SystemModstamp')),
]
