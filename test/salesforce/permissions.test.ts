// The hub with the permission sets that an administrator deploys, and nothing else: it can write and read all that its
// code names, and no more.
import { Connection } from 'jsforce/lib/core.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type Field,
  KINDS,
  type KindName,
  relationshipOf,
} from '../../functions/connectors/salesforce/kinds.ts'
import { QUOTE_FIELDS, QUOTE_READS, type QuoteFields } from '../../functions/quotes/fields.ts'
import type { Permissions, Right } from '../../local/simulators/salesforce/access.ts'
import { createSalesforceSimulator } from '../../local/simulators/salesforce/server.ts'
import type { Listening } from '../../local/simulators/simulator.ts'
import {
  listFiles,
  type MetadataField,
  type PermissionSet,
  readFields,
  readPermissionSet,
} from './metadata.ts'

const HUB = [
  'force-app/main/default/permissionsets/Switchyard_Hub',
  'quotes/main/default/permissionsets/Switchyard_Hub_Quotes',
  'cpq/main/default/permissionsets/Switchyard_Hub_CPQ',
]
const SALES = [
  'force-app/main/default/permissionsets/Switchyard_Sales',
  'quotes/main/default/permissionsets/Switchyard_Sales_Quotes',
  'cpq/main/default/permissionsets/Switchyard_Sales_CPQ',
]

/**
 * Fields that no permission set can name: field-level security does not cover them, as published permission sets show
 * (https://github.com/mshanemc/profile-example-for-conversion-testing). PersonEmail is covered, but exists in orgs with
 * person accounts only: there the administrator adds it by hand (salesforce/README.md).
 */
const NOT_COVERED = new Set(['Name', 'LastName', 'RecordTypeId', 'PersonEmail', 'IsActive', 'Status'])

const securedAs = (object: string, field: string): string =>
  `${object}.${field.replace(/^(Billing|Shipping)(Street|City|State|PostalCode|Country)$/, '$1Address')}`

const fieldsOfSets = async (paths: string[]): Promise<Map<string, 'read' | 'edit'>> => {
  const sets = await Promise.all(paths.map((path) => readPermissionSet(`${path}.permissionset-meta.xml`)))
  return new Map(
    sets.flatMap(({ fieldPermissions }) =>
      fieldPermissions.map(({ field, editable }): [string, 'read' | 'edit'] => [
        field,
        editable ? 'edit' : 'read',
      ]),
    ),
  )
}

const rightsOf = (permission: PermissionSet['objectPermissions'][number]): Right[] => [
  ...(permission.allowCreate ? (['create'] as const) : []),
  ...(permission.allowRead ? (['read'] as const) : []),
  ...(permission.allowEdit ? (['edit'] as const) : []),
  ...(permission.allowDelete ? (['delete'] as const) : []),
]

const grantedTo = async (paths: string[]): Promise<Permissions> => {
  const sets = await Promise.all(paths.map((path) => readPermissionSet(`${path}.permissionset-meta.xml`)))
  const objects: Record<string, Right[]> = {}
  for (const permission of sets.flatMap(({ objectPermissions }) => objectPermissions)) {
    objects[permission.object] = [
      ...new Set([...(objects[permission.object] ?? []), ...rightsOf(permission)]),
    ].sort()
  }
  return { objects, fields: Object.fromEntries(await fieldsOfSets(paths)) }
}

let metadata: MetadataField[]
let permissions: Permissions

beforeAll(async () => {
  metadata = await readFields()
  permissions = await grantedTo(HUB)
})

const isRequired = (object: string, name: string): boolean =>
  metadata.some((field) => field.object === object && field.fullName === name && field.required)

describe('the permission sets', () => {
  it('give the hub exactly the fields that its code names', () => {
    const expected = new Map<string, 'read' | 'edit'>()
    for (const [object, reads] of Object.entries(QUOTE_READS)) {
      for (const name of reads) expected.set(securedAs(object, name), 'read')
    }
    for (const [object, fields] of Object.entries<QuoteFields>(QUOTE_FIELDS)) {
      for (const [name, { owner }] of Object.entries(fields)) {
        expected.set(`${object}.${name}`, owner === 'stripe' ? 'edit' : 'read')
      }
    }
    for (const [object, { externalId, fields }] of Object.entries(KINDS)) {
      for (const name of [externalId, ...Object.keys(fields)]) {
        // Required fields are everybody's, and a deployment that names one fails.
        if (NOT_COVERED.has(name) || isRequired(object, name)) continue
        expected.set(securedAs(object, name), 'edit')
      }
    }
    expect(new Map(Object.entries(permissions.fields))).toEqual(expected)
  })

  it('give the hub these objects and rights', () => {
    const record = ['create', 'edit', 'read']
    expect(permissions.objects).toEqual({
      Account: record,
      Case: record,
      Product2: record,
      Stripe_Customer__c: record,
      Stripe_Price__c: record,
      Stripe_Subscription__c: record,
      // An item that was removed in Stripe is deleted.
      Stripe_Subscription_Item__c: ['create', 'delete', 'edit', 'read'],
      Stripe_Invoice__c: record,
      Stripe_Payment__c: record,
      Stripe_Credit_Note__c: record,
      Stripe_Refund__c: record,
      Stripe_Dispute__c: record,
      Opportunity: ['edit', 'read'],
      Pricebook2: ['read'],
      Quote: ['edit', 'read'],
      SBQQ__Quote__c: ['edit', 'read'],
      SBQQ__QuoteLine__c: ['read'],
    })
  })

  it('let nobody change records that are not theirs by the set alone', async () => {
    for (const path of listFiles('.permissionset-meta.xml')) {
      const { objectPermissions } = await readPermissionSet(path)
      expect(objectPermissions.filter(({ modifyAllRecords }) => modifyAllRecords)).toEqual([])
    }
  })

  it('mark the hub alone as the hub', async () => {
    const marked: string[] = []
    for (const path of listFiles('.permissionset-meta.xml')) {
      const { customPermissions } = await readPermissionSet(path)
      if (customPermissions.some(({ name }) => name === 'Switchyard_Is_Hub')) marked.push(path)
    }
    expect(marked).toEqual([`${HUB[0]}.permissionset-meta.xml`])
  })

  it('let sales read everything of Stripe, write the terms of a quote, and send it', async () => {
    const { objects, fields } = await grantedTo(SALES)
    expect(
      Object.values(objects)
        .flat()
        .filter((right) => right !== 'read'),
    ).toEqual([])
    const editable = Object.entries(fields).flatMap(([name, right]) => (right === 'edit' ? [name] : []))
    const terms = ['Quote', 'QuoteLineItem', 'SBQQ__Quote__c'].flatMap((object) =>
      Object.entries(
        Object.entries<QuoteFields>(QUOTE_FIELDS).find(([name]) => name === object)?.[1] ?? {},
      ).flatMap(([name, { owner }]) => (owner === 'salesforce' ? [`${object}.${name}`] : [])),
    )
    expect(editable.sort()).toEqual(terms.sort())
    const unseen = metadata.filter(
      ({ object, fullName, required }) =>
        !object.endsWith('__e') && !required && !fields[`${object}.${fullName}`],
    )
    expect(unseen.map(({ object, fullName }) => `${object}.${fullName}`)).toEqual([])
    const { classAccesses } = await readPermissionSet(`${SALES[0]}.permissionset-meta.xml`)
    expect(classAccesses).toEqual([{ apexClass: 'SwitchyardQuotePush', enabled: true }])
  })
})

describe('with its permission sets alone, the hub', () => {
  let server: Listening
  let connection: Connection
  let simulator: ReturnType<typeof createSalesforceSimulator>

  beforeAll(async () => {
    simulator = createSalesforceSimulator({
      now: () => Date.UTC(2026, 4, 1),
      clientId: 'hub',
      clientSecret: 'secret',
      permissions,
    })
    server = await simulator.listen()
    connection = new Connection({
      version: '65.0',
      oauth2: { loginUrl: server.url, clientId: 'hub', clientSecret: 'secret' },
    })
    await connection.authorize({ grant_type: 'client_credentials' })
  })
  afterAll(() => server.close())

  /** Person accounts and record types are not in the simulated org. */
  const fieldsOf = (kind: KindName): [string, Field][] =>
    Object.entries(KINDS[kind].fields).filter(
      ([name]) => !['LastName', 'RecordTypeId', 'PersonEmail'].includes(name),
    )

  const sampleOf = (kind: KindName, name: string, { type, refersTo }: Field): [string, unknown] => {
    const choices = metadata.find((field) => field.object === kind && field.fullName === name)?.valueSet
      ?.values
    if (refersTo) return [relationshipOf(name), { [KINDS[refersTo].externalId]: 'one' }]
    if (name === 'AccountId') return ['Account', { Stripe_Key__c: 'one' }]
    if (type === 'checkbox') return [name, true]
    if (type === 'datetime') return [name, '2026-05-01T00:00:00Z']
    if (type === 'money' || type === 'decimal' || type === 'integer') return [name, 1]
    return [name, choices?.[0] ?? (/mail/i.test(name) ? 'a@b.example' : 'DE')]
  }

  it('writes every field of every kind, and reads it back', async () => {
    const written: KindName[] = [
      'Account',
      'Stripe_Customer__c',
      'Product2',
      'Stripe_Price__c',
      'Stripe_Subscription__c',
      'Stripe_Subscription_Item__c',
      'Stripe_Invoice__c',
      'Stripe_Payment__c',
      'Stripe_Credit_Note__c',
      'Stripe_Refund__c',
      'Stripe_Dispute__c',
      'Case',
    ]
    expect([...written].sort()).toEqual(Object.keys(KINDS).sort())
    for (const kind of written) {
      const { externalId } = KINDS[kind]
      const row = Object.fromEntries(fieldsOf(kind).map(([name, field]) => sampleOf(kind, name, field)))
      const results = await connection.sobject(kind).upsert([{ [externalId]: 'one', ...row }], externalId)
      expect(results, kind).toMatchObject([{ success: true, errors: [] }])
      const names = fieldsOf(kind).map(([name]) => name)
      const { records } = await connection.query(`SELECT ${[externalId, ...names].join(', ')} FROM ${kind}`)
      expect(Object.entries(records[0] ?? {}).filter(([, value]) => value === null)).toEqual([])
    }
  })

  it('reads quotes of both kinds whole, and writes its own fields on them alone', async () => {
    const opportunity = simulator.put('Opportunity', {
      Name: 'Deal',
      StageName: 'Closed Won',
      CloseDate: '2026-05-01',
    })
    const ids = {
      Quote: simulator.put('Quote', { Name: 'Quote', OpportunityId: opportunity }),
      SBQQ__Quote__c: simulator.put('SBQQ__Quote__c', { SBQQ__Opportunity2__c: opportunity }),
      Opportunity: opportunity,
    }
    for (const [object, lines] of [
      ['Quote', 'QuoteLineItem'],
      ['SBQQ__Quote__c', 'SBQQ__QuoteLine__c'],
    ] as const) {
      for (const name of [object, lines] as const) {
        const parts = QUOTE_READS[name].flatMap((field) =>
          String(field).endsWith('Address') ? [String(field).replace('Address', 'City')] : [field],
        )
        const own = Object.keys(
          Object.entries<QuoteFields>(QUOTE_FIELDS).find(([key]) => key === name)?.[1] ?? {},
        )
        await expect(
          connection.query(`SELECT ${[...parts, ...own].join(', ')} FROM ${name}`),
        ).resolves.toBeDefined()
      }
    }
    for (const object of ['Quote', 'SBQQ__Quote__c', 'Opportunity'] as const) {
      for (const [name, { type, owner }] of Object.entries<QuoteFields[string]>(QUOTE_FIELDS[object])) {
        const value = {
          amount: 1,
          whole: 1,
          checkbox: true,
          date: '2026-05-01',
          datetime: '2026-05-01T00:00:00Z',
        }
        const [result] = await connection
          .sobject(object)
          .update([
            { Id: ids[object], [name]: Object.entries(value).find(([key]) => key === type)?.[1] ?? 'USD' },
          ])
        if (owner === 'stripe') expect(result, `${object}.${name}`).toMatchObject({ success: true })
        else
          expect(result, `${object}.${name}`).toMatchObject({
            errors: [{ statusCode: 'INVALID_FIELD_FOR_INSERT_UPDATE' }],
          })
      }
    }
  })
})
