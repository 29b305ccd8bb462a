// What an administrator deploys and what the hub writes, held together in both directions: a field that a projection
// names and the org would not have, or a field that the org has and nobody writes, fails here.
import { beforeAll, describe, expect, it } from 'vitest'
import type { Field } from '../../functions/connectors/salesforce/fields.ts'
import { isKindName, KINDS, type KindName } from '../../functions/connectors/salesforce/kinds.ts'
import { QUOTE_FIELDS, type QuoteField, type QuoteFields } from '../../functions/quotes/fields.ts'
import { type FieldSchema, salesforceSchema } from '../../local/simulators/salesforce/schema.ts'
import { listFiles, type MetadataField, readFields, readText, readXml } from './metadata.ts'

let fields: MetadataField[]

beforeAll(async () => {
  fields = await readFields()
})

const find = (object: string, name: string): MetadataField | undefined =>
  fields.find((field) => field.object === object && field.fullName === name)

const quoteFieldsOf = (object: string): QuoteFields =>
  Object.entries(QUOTE_FIELDS).find(([name]) => name === object)?.[1] ?? {}

const customKindFields = (): [object: KindName, name: string, field: Field][] =>
  Object.entries(KINDS).flatMap(([object, kind]) =>
    Object.entries(kind.fields).flatMap(([name, field]): [KindName, string, Field][] =>
      isKindName(object) && name.endsWith('__c') ? [[object, name, field]] : [],
    ),
  )

/** What a type of kinds.ts fits into. Three decimals are the most a currency has; a price has six. */
const takes = (field: MetadataField, { type, refersTo }: Field): boolean => {
  switch (type) {
    case 'text':
      return ['Text', 'Picklist', 'Email', 'LongTextArea'].includes(field.type)
    case 'multiline':
      return field.type === 'LongTextArea'
    case 'money':
      return field.type === 'Number' && field.precision === 18 && field.scale === 3
    case 'decimal':
      return field.type === 'Number' && field.scale === 6
    case 'integer':
      return field.type === 'Number' && field.scale === 0
    case 'checkbox':
      return field.type === 'Checkbox'
    case 'datetime':
      return field.type === 'DateTime'
    case 'reference':
    case 'account':
      return field.type === 'Lookup' && field.referenceTo === refersTo
  }
}

describe('the connector', () => {
  it('writes no custom field that is not deployed in a type that takes it', () => {
    const misfits = customKindFields().flatMap(([object, name, field]) => {
      const deployed = find(object, name)
      return deployed && takes(deployed, field) ? [] : [`${object}.${name}`]
    })
    expect(misfits).toEqual([])
    expect(customKindFields()).toHaveLength(122)
  })

  it('finds each record by an external id that is unique, with upper and lower case apart', () => {
    for (const [object, { externalId }] of Object.entries(KINDS)) {
      expect(find(object, externalId), `${object}.${externalId}`).toMatchObject({
        type: 'Text',
        length: 255,
        externalId: true,
        unique: true,
        caseSensitive: true,
      })
    }
  })

  it('brings the objects of its own, named by text', async () => {
    const own = Object.keys(KINDS).filter((name) => name.endsWith('__c'))
    const paths = listFiles('.object-meta.xml').filter((path) => !path.endsWith('__e.object-meta.xml'))
    expect(paths).toEqual(
      own.sort().map((name) => `force-app/main/default/objects/${name}/${name}.object-meta.xml`),
    )
    for (const path of paths) {
      const { element, body } = await readXml(path)
      expect(element).toBe('CustomObject')
      expect(body.nameField).toMatchObject([{ type: ['Text'] }])
    }
  })
})

describe('quotes', () => {
  const shapes: Record<QuoteField['type'], (field: QuoteField) => Partial<MetadataField>> = {
    text: ({ length }) => ({ type: 'Text', length }),
    prose: ({ length }) => ({ type: 'LongTextArea', length }),
    choice: ({ choices = [] }) => ({
      type: 'Picklist',
      valueSet: { restricted: true, values: [...choices] },
    }),
    amount: () => ({ type: 'Number', precision: 18, scale: 3 }),
    whole: () => ({ type: 'Number', precision: 4, scale: 0 }),
    date: () => ({ type: 'Date' }),
    datetime: () => ({ type: 'DateTime' }),
    checkbox: () => ({ type: 'Checkbox' }),
  }

  it.each(Object.keys(QUOTE_FIELDS))(
    '%s has each of its fields, in the type that the list says',
    (object) => {
      for (const [name, field] of Object.entries(quoteFieldsOf(object))) {
        expect(find(object, name), `${object}.${name}`).toMatchObject({
          ...shapes[field.type](field),
          required: false,
          unique: false,
        })
      }
    },
  )

  it('are in a directory of their own, so that an org without quotes or without CPQ can deploy the rest', () => {
    const objectsIn = (directory: string) => [
      ...new Set(fields.filter((field) => field.directory === directory).map(({ object }) => object)),
    ]
    expect(objectsIn('quotes')).toEqual(['Quote', 'QuoteLineItem'])
    expect(objectsIn('cpq')).toEqual(['SBQQ__Quote__c'])
    expect(objectsIn('event-relay')).toEqual([])
    expect(objectsIn('force-app').filter((name) => /^(SBQQ|Quote)/.test(name))).toEqual([])
  })
})

describe('the metadata', () => {
  it('has no custom field that the code does not name', () => {
    const strangers = fields.filter(({ object, fullName }) => {
      if (object.endsWith('__e')) return false
      if (fullName in quoteFieldsOf(object)) return false
      return (
        !isKindName(object) || (fullName !== KINDS[object].externalId && !(fullName in KINDS[object].fields))
      )
    })
    expect(strangers.map(({ object, fullName }) => `${object}.${fullName}`)).toEqual([])
  })

  it('is as strict as the simulated org: what is refused here is refused there', () => {
    const types: Partial<Record<FieldSchema['type'], string>> = {
      string: 'Text',
      textarea: 'LongTextArea',
      email: 'Email',
      boolean: 'Checkbox',
      double: 'Number',
      date: 'Date',
      datetime: 'DateTime',
      picklist: 'Picklist',
      reference: 'Lookup',
    }
    const simulated = (object: string, name: string) =>
      salesforceSchema.find((schema) => schema.name === object)?.fields.find((field) => field.name === name)
    for (const field of fields.filter(({ object }) => !object.endsWith('__e'))) {
      const twin = simulated(field.object, field.fullName)
      const isText = field.type === 'Text' || field.type === 'LongTextArea'
      expect(twin, `${field.object}.${field.fullName}`).toBeDefined()
      expect(
        {
          type: twin && types[twin.type],
          required: twin?.required === true,
          unique: twin?.unique === true,
          externalId: twin?.externalId === true,
          caseSensitive: twin?.caseSensitive === true,
          length: isText ? twin?.length : undefined,
          scale: twin?.scale,
          precision: twin?.precision,
          referenceTo: twin?.referenceTo,
          values: twin?.picklist,
          restricted: twin?.picklist && twin.restricted === true,
        },
        `${field.object}.${field.fullName}`,
      ).toEqual({
        type: field.type,
        required: field.required,
        unique: field.unique,
        externalId: field.externalId,
        caseSensitive: field.caseSensitive,
        length: isText ? field.length : undefined,
        scale: field.scale,
        precision: field.precision,
        referenceTo: field.referenceTo,
        values: field.valueSet?.values,
        restricted: field.valueSet?.restricted,
      })
    }
  })

  // Else the deployment fails: "Required lookups cannot be set to null", two relationships of one name, labels of 41.
  it('keeps to what Salesforce takes', async () => {
    for (const field of fields.filter(({ type }) => type === 'Lookup')) {
      expect(field.deleteConstraint).toBe(field.required ? 'Restrict' : 'SetNull')
    }
    const relationships = fields.flatMap(({ referenceTo, relationshipName }) =>
      referenceTo ? [`${referenceTo}.${relationshipName}`] : [],
    )
    expect(new Set(relationships).size).toBe(relationships.length)
    expect(fields.filter(({ label }) => label.length > 40)).toEqual([])
    for (const path of listFiles('-meta.xml')) {
      const [, suffix = ''] = /\.([A-Za-z]+)-meta\.xml$/.exec(path) ?? []
      const { element, body } = await readXml(path)
      expect(body.$, path).toEqual({ xmlns: 'http://soap.sforce.com/2006/04/metadata' })
      expect(element, path).toBe(ELEMENTS[suffix])
    }
  })

  const ELEMENTS: Record<string, string> = {
    cls: 'ApexClass',
    customPermission: 'CustomPermission',
    externalCredential: 'ExternalCredential',
    field: 'CustomField',
    flow: 'Flow',
    js: 'LightningComponentBundle',
    layout: 'Layout',
    namedCredential: 'NamedCredential',
    object: 'CustomObject',
    permissionset: 'PermissionSet',
    platformEventChannel: 'PlatformEventChannel',
    platformEventChannelMember: 'PlatformEventChannelMember',
  }
})

describe('what names fields without being a field', () => {
  it('the component shows fields that all four objects have', () => {
    const shown = readText(
      'force-app/main/default/lwc/switchyardStripeState/switchyardStripeState.js',
    ).matchAll(/'(\w+__c)'/g)
    const names = [...shown].map(([, name = '']) => name)
    expect(names).toHaveLength(11)
    for (const object of ['Quote', 'SBQQ__Quote__c', 'Opportunity', 'Account']) {
      expect(names.filter((name) => quoteFieldsOf(object)[name]?.owner !== 'stripe')).toEqual([])
    }
  })

  it('Apex writes on a quote only fields that a quote has', () => {
    const written = readText('force-app/main/default/classes/SwitchyardQuotePush.cls').matchAll(
      /put\(\s*'(\w+)'/g,
    )
    const names = [...written].map(([, name = '']) => name)
    expect(names).toEqual(['Stripe_Error_Code__c', 'Stripe_Last_Error__c'])
    for (const name of names) {
      expect(quoteFieldsOf('Quote')[name]).toBeDefined()
      expect(quoteFieldsOf('SBQQ__Quote__c')[name]).toBeDefined()
    }
  })

  it('each page layout shows the whole of its object', async () => {
    const layouts = listFiles('.layout-meta.xml')
    expect(layouts).toHaveLength(9)
    for (const path of layouts) {
      const object = /layouts\/(\w+)-/.exec(path)?.[1] ?? ''
      const shown = [...readText(path).matchAll(/<field>(\w+)<\/field>/g)].map(([, name]) => name)
      expect(shown.sort()).toEqual(
        ['Name', ...fields.filter((field) => field.object === object).map(({ fullName }) => fullName)].sort(),
      )
    }
  })

  it('every flow leaves alone what the hub changed, and is switched on by the administrator', async () => {
    const flows = listFiles('.flow-meta.xml')
    expect(flows).toHaveLength(7)
    for (const path of flows) {
      const { body } = await readXml(path)
      expect(body.status, path).toEqual(['Draft'])
      expect(body.start, path).toMatchObject([{ connector: [{ targetReference: ['Whose_Change'] }] }])
      // The outcome for the hub leads nowhere; everybody else's change is sent.
      expect(body.decisions, path).toMatchObject([
        {
          name: ['Whose_Change'],
          defaultConnector: [{ targetReference: ['Send'] }],
          rules: [{ conditions: [{ leftValueReference: ['$Permission.Switchyard_Is_Hub'] }] }],
        },
      ])
      expect(JSON.stringify(body.decisions).match(/targetReference/g), path).toHaveLength(1)
    }
  })

  it('a flow starts when a quote becomes accepted, not at each later save', async () => {
    for (const [path, object, field] of [
      ['quotes/main/default/flows/Switchyard_Quote_Accepted.flow-meta.xml', 'Quote', 'Status'],
      [
        'cpq/main/default/flows/Switchyard_CPQ_Quote_Accepted.flow-meta.xml',
        'SBQQ__Quote__c',
        'SBQQ__Status__c',
      ],
      ['event-relay/main/default/flows/Switchyard_Quote_Event.flow-meta.xml', 'Quote', 'Status'],
    ] as const) {
      const { body } = await readXml(path)
      expect(body.start).toMatchObject([
        {
          object: [object],
          triggerType: ['RecordAfterSave'],
          doesRequireRecordChangedToMeetCriteria: ['true'],
          filters: expect.arrayContaining([
            expect.objectContaining({ field: [field], value: [{ stringValue: ['Accepted'] }] }),
          ]),
        },
      ])
    }
  })

  it('flows name only fields that their object has', async () => {
    for (const path of listFiles('.flow-meta.xml')) {
      const object = /<object>(Quote|SBQQ__Quote__c)<\/object>/.exec(readText(path))?.[1] ?? ''
      const own = [...readText(path).matchAll(/<field>(Stripe_\w+)<\/field>/g)].map(([, name = '']) => name)
      for (const name of own) expect(find(object, name), `${path}: ${name}`).toBeDefined()
      for (const [, name = ''] of readText(path).matchAll(
        /<field>(\w+__c)<\/field>\s+<value>\s+<(?:string|element)/g,
      )) {
        if (readText(path).includes('Switchyard_Quote_Closed__e') && !name.startsWith('Stripe_'))
          expect(find('Switchyard_Quote_Closed__e', name), `${path}: ${name}`).toBeDefined()
      }
    }
  })
})
