// Whether the org is as the connector needs it, by Salesforce's own description of each object to the hub's user: what a user
// may not see is missing from it, and what may not be written says so.
// https://developer.salesforce.com/docs/platform/api-rest/guide/resources-sobject-describe.html
// https://developer.salesforce.com/docs/platform/object-reference/guide/access-for-fields.html
import { TrafficMeter } from '../../../shared/connector/traffic.ts'
import { examine, type Finding } from '../../../shared/doctor/finding.ts'
import { createSalesforceClient } from './client.ts'
import type { SalesforceConfig, SalesforceCredentials } from './config.ts'
import type { ObjectDescription } from './description.ts'
import { type Field, isKindName, KINDS, type KindName } from './kinds.ts'
import { type Mapping, readMappings } from './mapping.ts'

export interface SalesforceExamination {
  config: SalesforceConfig
  credentials: SalesforceCredentials
  livemode: boolean
}

const { ok, failed, look } = examine('salesforce')
const SET_UP = 'functions/connectors/salesforce/README.md lists what an admin sets up'

export async function examineSalesforce(options: SalesforceExamination): Promise<Finding[]> {
  const { config } = options
  const mappings = readMappings(config)
  const open = () => createSalesforceClient({ ...options, meter: new TrafficMeter() })
  const signIn = await look('sign-in and API version', async () => {
    const client = open()
    await client.describe('Account')
    return ok('sign-in and API version', `v${config.apiVersion}`)
  })
  if (signIn.some(({ verdict }) => verdict !== 'ok')) return signIn
  const client = open()
  const findings: Finding[] = [...signIn]
  for (const name of Object.keys(KINDS)) {
    if (!isKindName(name) || !isWanted(name, config)) continue
    findings.push(
      ...(await look(name, async () =>
        examineKind(name, mappings[name], config, await client.describe(name)),
      )),
    )
  }
  return findings
}

/** Cases and Accounts only where the configuration makes the hub write them. */
function isWanted(kind: KindName, { cases, createAccounts }: SalesforceConfig): boolean {
  if (kind === 'Case') return cases.disputes || cases.fraudWarnings || cases.reviews
  return kind !== 'Account' || createAccounts !== 'never'
}

function examineKind(
  name: KindName,
  mapping: Mapping,
  config: SalesforceConfig,
  description: ObjectDescription | undefined,
): Finding[] {
  const kind = KINDS[name]
  if (!description)
    return [
      failed(name, {
        why: `There is no object ${name}, or the hub's user may not see it. Its records would all be parked.`,
        next: `Salesforce admin: deploy it, and give the permission set to the hub's user; ${SET_UP}.`,
        code: 'SF-OBJECT',
      }),
    ]
  const findings: Finding[] = []
  const rights = [
    ...(description.createable ? [] : ['create']),
    ...(description.updateable ? [] : ['edit']),
    ...(kind.whenGone === 'delete' && !description.deletable ? ['delete'] : []),
    ...(description.queryable ? [] : ['read']),
  ]
  if (rights.length > 0)
    findings.push(
      failed(name, {
        why: `The hub's user may not ${rights.join(', ')} it.`,
        next: `Salesforce admin: permission set of the hub's user → ${name} → ${rights.join(', ')}.`,
        code: 'SF-RIGHTS',
      }),
    )
  const key = description.fields.find((field) => field.name === kind.externalId)
  if (!key?.externalId || !key.unique || !key.caseSensitive)
    findings.push(
      failed(`${name}.${kind.externalId}`, {
        why: key
          ? `It must be an external id, unique and case-sensitive (it is ${key.externalId ? '' : 'no external id, '}${key.unique ? '' : 'not unique, '}${key.caseSensitive ? '' : 'not case-sensitive'}): two records could stand for one object of Stripe.`.replace(
              ', )',
              ')',
            )
          : 'It is missing, or hidden from the hub’s user: no record could be found again.',
        next: `Salesforce admin: field ${kind.externalId} of ${name} → External ID, Unique, "ABC" and "abc" are different values.`,
        code: 'SF-KEY',
      }),
    )
  findings.push(...examineFields(name, mapping, config, description))
  return findings.length > 0 ? findings : [ok(name, `${wantedFields(name, mapping, config).size} fields`)]
}

interface WantedField {
  field: Field | undefined
  /** Only ever written with a new record. */
  createOnly: boolean
}

function wantedFields(name: KindName, mapping: Mapping, config: SalesforceConfig): Map<string, WantedField> {
  const wanted = new Map<string, WantedField>()
  for (const [field, type] of Object.entries(mapping.kept))
    wanted.set(field, { field: type, createOnly: false })
  for (const field of mapping.createOnly)
    wanted.set(field, { field: KINDS[name].fields[field], createOnly: true })
  // Sent only where the configuration names one.
  if (name === 'Case' && config.cases.recordTypeId === undefined) wanted.delete('RecordTypeId')
  if (name === 'Account') {
    const isPerson = config.createAccounts === 'person'
    if (config.personAccountRecordTypeId === undefined || !isPerson) wanted.delete('RecordTypeId')
    for (const field of isPerson ? ['Name'] : ['LastName', 'PersonEmail']) wanted.delete(field)
  }
  return wanted
}

function examineFields(
  name: KindName,
  mapping: Mapping,
  config: SalesforceConfig,
  { fields }: ObjectDescription,
): Finding[] {
  const described = new Map(fields.map((field) => [field.name, field]))
  const missing: string[] = []
  const readOnly: string[] = []
  const wrongTarget: string[] = []
  for (const [field, { field: type, createOnly }] of wantedFields(name, mapping, config)) {
    const found = described.get(field)
    if (!found) missing.push(field)
    else if (!found.createable || (!createOnly && !found.updateable)) readOnly.push(field)
    else if (type?.refersTo && !found.referenceTo.includes(type.refersTo)) wrongTarget.push(field)
  }
  const trouble = (names: string[], code: string, why: string, next: string): Finding[] =>
    names.length === 0 ? [] : [failed(`fields of ${name}`, { why: `${names.join(', ')} ${why}`, next, code })]
  return [
    ...trouble(
      missing,
      'SF-FIELD',
      `${missing.length === 1 ? 'is' : 'are'} missing, or hidden from the hub's user. Its records would be parked.`,
      `Salesforce admin: deploy the fields, and give the permission set to the hub's user; ${SET_UP}.`,
    ),
    ...trouble(
      readOnly,
      'SF-FIELD',
      `may not be written by the hub's user. Its records would be parked.`,
      `Salesforce admin: permission set of the hub's user → ${name} → Edit Access. Or give them to your people: hub.config.ts → salesforce.fields.${name}.`,
    ),
    ...trouble(
      wrongTarget,
      'SF-FIELD',
      `${wrongTarget.length === 1 ? 'looks' : 'look'} up another object than the hub refers to.`,
      `Salesforce admin: make them again with the right object; ${SET_UP}.`,
    ),
  ]
}
