// What the user that the API runs as may see and write: object permissions and field-level security, as permission
// sets grant them. What may not be read does not exist for that user: an object is an unknown object, a field an unknown
// field. https://developer.salesforce.com/docs/atlas.en-us.securityImplGuide.meta/securityImplGuide/users_profiles_field_perms.htm
//
// Not simulated: sharing (every record is everybody's), record types, "view all" and "modify all".
import { RecordRefused } from './errors.ts'
import type { FieldSchema } from './schema.ts'
import type { Store, Table } from './store.ts'

export type Right = 'create' | 'read' | 'edit' | 'delete'

export interface Permissions {
  /** By object. */
  objects: Readonly<Record<string, readonly Right[]>>
  /** By `Object.Field`; an address by its whole: `Account.BillingAddress`. Editing includes reading. */
  fields: Readonly<Record<string, 'read' | 'edit'>>
}

/** Objects that a user may read, with the fields that a user may read. */
export interface ReadableOrg {
  table(name: string): Table | undefined
  allTables(): Table[]
}

export interface Access {
  readable: ReadableOrg
  mayEditField(table: Table, field: FieldSchema): boolean
  /** Refuses a record whose object the user may not write in this way. */
  check(table: Table, right: Exclude<Right, 'read'>): void
}

/** Somebody with every permission. */
export const fullAccess = (store: Store): Access => ({
  readable: store,
  mayEditField: () => true,
  check: () => undefined,
})

/** Required fields, the name and what Salesforce sets itself are not subject to field-level security. */
const securedName = (field: FieldSchema): string | undefined =>
  field.securedAs ?? (field.name.endsWith('__c') && field.required !== true ? field.name : undefined)

const PARTICIPLES = { create: 'inserted', edit: 'updated', delete: 'deleted' } as const

export const restrictedAccess = (store: Store, { objects, fields }: Permissions): Access => {
  const rightsOn = ({ schema }: Table): readonly Right[] =>
    objects[schema.permissionsOf ?? schema.name] ?? objects[schema.name] ?? []
  const grant = ({ schema }: Table, field: FieldSchema): 'read' | 'edit' | undefined => {
    const name = securedName(field)
    return name === undefined ? 'edit' : fields[`${schema.name}.${name}`]
  }
  const narrow = (table: Table): Table => {
    const keep = (entries: ReadonlyMap<string, FieldSchema>) =>
      new Map([...entries].filter(([, field]) => grant(table, field) !== undefined))
    return { ...table, fields: keep(table.fields), relationships: keep(table.relationships) }
  }
  const readable = (table: Table): boolean => rightsOn(table).includes('read')
  return {
    readable: {
      table(name) {
        const table = store.table(name)
        return table && readable(table) ? narrow(table) : undefined
      },
      allTables: () => store.allTables().filter(readable).map(narrow),
    },
    mayEditField: (table, field) => grant(table, field) === 'edit',
    check(table, right) {
      // Lines go with their quote: whoever may edit it may add, change and delete them.
      const needed = table.schema.permissionsOf === undefined ? right : 'edit'
      if (rightsOn(table).includes(needed)) return
      // The code is for permissions on the object; those on a record are INSUFFICIENT_ACCESS_OR_READONLY.
      // https://experienceleague.adobe.com/docs/marketo/using/product-docs/crm-sync/salesforce-sync/sfdc-sync-details/salesforce-sync-errors.html
      throw new RecordRefused(
        'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY',
        `entity type cannot be ${PARTICIPLES[right]}: ${table.schema.label}`,
      )
    },
  }
}
