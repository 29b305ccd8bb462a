// Short forms for the objects' fields: plain data, one function a kind of field.
import type { FieldSchema, FieldType, SObjectSchema } from './schema.ts'

type Extra = Partial<Omit<FieldSchema, 'name' | 'type'>>

const label = (name: string): string => name.replace(/__c$/, '').replaceAll('_', ' ')

export const field = (name: string, type: FieldType, extra: Extra = {}): FieldSchema => ({
  name,
  label: label(name),
  type,
  ...extra,
})
export const text = (name: string, length: number, extra: Extra = {}) =>
  field(name, 'string', { length, ...extra })
export const longText = (name: string, length: number) => field(name, 'textarea', { length })
export const bool = (name: string) => field(name, 'boolean')
export const dateTime = (name: string) => field(name, 'datetime')
export const number = (name: string, precision: number, scale: number) =>
  field(name, 'double', { precision, scale })
export const amount = (name: string) => number(name, 18, 3)
export const currencyCode = () => text('Currency__c', 3)
export const restrictedPicklist = (name: string, ...picklist: string[]) =>
  field(name, 'picklist', { length: 255, picklist, restricted: true })
export const openPicklist = (name: string, picklist: string[], extra: Extra = {}) =>
  field(name, 'picklist', { length: 255, picklist, ...extra })
export const lookup = (name: string, referenceTo: string, extra: Extra = {}) =>
  field(name, 'reference', {
    length: 18,
    referenceTo,
    relationshipName: name.endsWith('__c') ? name.replace(/__c$/, '__r') : name.replace(/Id$/, ''),
    ...extra,
  })

/** A text external id that keeps Stripe's upper and lower case apart. */
export const stripeKey = (name: string, required: boolean) =>
  text(name, 255, { externalId: true, unique: true, caseSensitive: true, required })

export const customObject = (name: string, keyPrefix: string, fields: FieldSchema[]): SObjectSchema => ({
  name,
  label: label(name),
  keyPrefix,
  fields: [
    ...(fields.some(({ name }) => name === 'Name') ? [] : [text('Name', 80)]),
    stripeKey('Stripe_Id__c', true),
    ...fields,
  ],
})

export const percent = (name: string, precision: number, scale: number, extra: Extra = {}) =>
  field(name, 'percent', { precision, scale, ...extra })
export const currency = (name: string, precision = 18, scale = 2, extra: Extra = {}) =>
  field(name, 'currency', { precision, scale, ...extra })
export const date = (name: string) => field(name, 'date')

export const readOnly = (schema: FieldSchema): FieldSchema => ({ ...schema, updateable: false })
export const createOnly = (schema: FieldSchema): FieldSchema => ({ ...schema, createOnly: true })

/** A standard field that field-level security covers, under its own name or that of the address it is a part of. */
export const secured = (schema: FieldSchema, securedAs = schema.name): FieldSchema => ({
  ...schema,
  securedAs,
})

/**
 * In orgs with multiple currencies. Quotes and their lines take it over and cannot change it.
 * https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_quotelineitem.htm
 */
export const currencyIsoCode = () =>
  field('CurrencyIsoCode', 'picklist', {
    length: 3,
    picklist: ['USD', 'EUR', 'GBP', 'JPY', 'KWD'],
    restricted: true,
  })

/** Its parts can be written, the whole (BillingAddress) is what field-level security covers. */
export const address = (kind: 'Billing' | 'Shipping' | 'Mailing'): FieldSchema[] =>
  [
    field(`${kind}Street`, 'textarea', { length: 255 }),
    text(`${kind}City`, 40),
    text(`${kind}State`, 80),
    text(`${kind}PostalCode`, 20),
    text(`${kind}Country`, 80),
  ].map((part) => secured(part, `${kind}Address`))
