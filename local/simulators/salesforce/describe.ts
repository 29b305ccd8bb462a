// Describe: the schema in the words of the API, as far as a connector asks for it (types, lengths, keys, picklists,
// what may be written).
// https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_sobject_describe.htm
import type { Access } from './access.ts'
import type { JsonObject } from './json.ts'
import type { FieldSchema } from './schema.ts'
import type { Table } from './store.ts'

export const summarizeObject = ({ schema }: Table, basePath: string): JsonObject => ({
  name: schema.name,
  label: schema.label,
  keyPrefix: schema.keyPrefix,
  custom: schema.name.endsWith('__c'),
  createable: true,
  updateable: true,
  deletable: true,
  queryable: true,
  retrieveable: true,
  urls: {
    sobject: `${basePath}/sobjects/${schema.name}`,
    describe: `${basePath}/sobjects/${schema.name}/describe`,
    rowTemplate: `${basePath}/sobjects/${schema.name}/{ID}`,
  },
})

export const describeObject = (access: Access, table: Table, basePath: string): JsonObject => ({
  ...summarizeObject(table, basePath),
  fields: [...table.fields.values()].map((field) => describeField(field, access.mayEditField(table, field))),
  childRelationships: [],
  recordTypeInfos: [],
})

export const isFilterable = (field: FieldSchema): boolean =>
  !(field.type === 'textarea' && (field.length ?? 0) > 255)

const describeField = (field: FieldSchema, mayEdit: boolean): JsonObject => {
  const settable = field.updateable !== false
  const writeable = settable && mayEdit
  const filterable = isFilterable(field)
  return {
    name: field.name,
    label: field.label,
    type: field.type,
    length: field.length ?? 0,
    byteLength: (field.length ?? 0) * 3,
    precision: field.precision ?? 0,
    scale: field.scale ?? 0,
    digits: field.type === 'int' ? (field.precision ?? 0) : 0,
    nillable: field.required !== true && field.type !== 'boolean' && settable,
    defaultedOnCreate: field.type === 'boolean' || !settable,
    createable: writeable,
    updateable: writeable && field.createOnly !== true,
    custom: field.name.endsWith('__c'),
    unique: field.unique === true,
    caseSensitive: field.caseSensitive === true,
    externalId: field.externalId === true,
    idLookup: field.externalId === true || field.type === 'id',
    nameField: field.name === 'Name',
    filterable,
    sortable: filterable,
    groupable: filterable && !['double', 'currency', 'percent'].includes(field.type),
    referenceTo: field.referenceTo === undefined ? [] : [field.referenceTo],
    relationshipName: field.relationshipName ?? null,
    restrictedPicklist: field.restricted === true,
    picklistValues: (field.picklist ?? []).map((value) => ({
      value,
      label: value,
      active: true,
      defaultValue: false,
    })),
  }
}
