// The Salesforce connector: gathers, projects, and makes records stand with one collection call per 200 of them.
// Retries, order, leases and comparison are the delivery engine's.
import type Stripe from 'stripe'
import type { Clock } from '../../../shared/clock.ts'
import {
  type Connector,
  type ReadRecord,
  type Retiring,
  recordKey,
  type Writing,
  type Written,
} from '../../../shared/connector/contract.ts'
import { hashJson } from '../../../shared/connector/hash.ts'
import { TrafficMeter } from '../../../shared/connector/traffic.ts'
import { type HubError, invariant, isHubError } from '../../../shared/errors.ts'
import { amountsOf } from './amounts.ts'
import { createSalesforceClient, type SalesforceClient, type SaveOutcome, type WireRecord } from './client.ts'
import type { SalesforceConfig, SalesforceCredentials } from './config.ts'
import type { Context, Root } from './context.ts'
import { translateRecord } from './failures.ts'
import { createGather } from './gather.ts'
import { isKindName, KINDS, type KindName } from './kinds.ts'
import { manifest } from './manifest.ts'
import { readMappings } from './mapping.ts'
import { PROJECTION_VERSION, project, standIn } from './project.ts'
import { inList, splitForQuery } from './soql.ts'
import { columnsOf, fromWire, toWire } from './wire.ts'

type SalesforceConnector = Connector<Root, Context>

export function createSalesforce(options: {
  config: SalesforceConfig
  credentials: SalesforceCredentials
  stripe: Stripe
  clock: Clock
  livemode: boolean
}): SalesforceConnector {
  const { config, credentials, stripe, livemode } = options
  const meter = new TrafficMeter()
  const client = createSalesforceClient({ config, credentials, livemode, meter })
  const mappings = readMappings(config)

  async function write(kindName: string, writings: readonly Writing[]): Promise<(Written | HubError)[]> {
    const kind = knownKind(kindName)
    const standing = kind === 'Account' ? await findAccounts(client, writings) : undefined
    const outcomes: (Written | HubError)[] = []
    const open: Sending[] = []
    for (const [index, writing] of writings.entries()) {
      const { record } = writing
      const remoteId = standing?.get(record.externalId)
      outcomes[index] = remoteId
        ? { remoteId }
        : invariant(`${recordKey(record)} was left without an outcome.`)
      // An Account that stands is never written again, whoever made it stand.
      if (remoteId) continue
      try {
        open.push({ index, writing, wire: toWire(kind, mappings[kind], record) })
      } catch (error) {
        if (!isHubError(error)) throw error
        outcomes[index] = error
      }
    }
    for (const { call, ...options } of splitByOwner(kind, open)) {
      const saved = await client.upsert(
        kind,
        KINDS[kind].externalId,
        call.map(({ wire }) => wire),
        options,
      )
      for (const [position, { index, writing }] of call.entries()) {
        outcomes[index] = writtenOf(writing, saved[position])
      }
    }
    return outcomes
  }

  return {
    manifest,
    mapping: hashMapping(config),
    gather: createGather({ config, mappings, client, stripe }),
    project: (object, context) => project(object, context, config, mappings),
    standIn: (missing, dependent) => standIn(missing, dependent, mappings),
    write,

    async read(kindName, externalIds): Promise<(ReadRecord | undefined)[]> {
      const kind = knownKind(kindName)
      const { externalId } = KINDS[kind]
      const found = new Map<string, ReadRecord>()
      for (const ids of splitForQuery(externalIds)) {
        const rows = await client.query(
          `SELECT ${columnsOf(kind, mappings[kind]).join(', ')} FROM ${kind} WHERE ${inList(externalId, ids)}`,
          `reading ${kind}`,
        )
        for (const row of rows) {
          found.set(String(row[externalId]), {
            remoteId: String(row.Id),
            body: fromWire(kind, mappings[kind], row),
          })
        }
      }
      return externalIds.map((id) => found.get(id))
    },

    amounts: amountsOf,

    async retire(kindName, records): Promise<(Written | HubError)[]> {
      const { whenGone } = KINDS[knownKind(kindName)]
      if (records.length === 0 || whenGone === 'leave') return records.map(({ remoteId }) => ({ remoteId }))
      const saved =
        whenGone === 'delete'
          ? await client.delete(
              kindName,
              records.map(({ remoteId }) => remoteId),
            )
          : await client.update(
              kindName,
              records.map(({ remoteId }) => ({ Id: remoteId, ...whenGone })),
            )
      return records.map((record, index) => retiredOf(record, saved[index]))
    },

    async probe() {
      // Proves the token, the API limit and the user's access to the hub's own objects in one call.
      await client.query('SELECT Id FROM Stripe_Customer__c LIMIT 1', 'probing')
    },

    traffic: () => meter.take(),
  }
}

interface Sending {
  index: number
  writing: Writing
  wire: WireRecord
}

/** A new Case goes to whom the org's assignment rules give it; one that stands stays with whoever has it. */
function splitByOwner(
  kind: KindName,
  sendings: readonly Sending[],
): { call: Sending[]; keepsOwner: boolean }[] {
  const isNew = ({ writing }: Sending) => 'Stripe_Opened__c' in writing.record.body
  const calls = (part: readonly Sending[], keepsOwner: boolean) =>
    splitIntoCalls(part).map((call) => ({ call, keepsOwner }))
  if (kind !== 'Case') return calls(sendings, false)
  return [
    ...calls(sendings.filter(isNew), false),
    ...calls(
      sendings.filter((each) => !isNew(each)),
      true,
    ),
  ]
}

/** Salesforce fails every row whose external id comes twice in one call: the second goes into a call after it. */
function splitIntoCalls(sendings: readonly Sending[]): Sending[][] {
  const calls: Map<string, Sending>[] = []
  for (const sending of sendings) {
    const id = sending.writing.record.externalId
    let call = calls.find((other) => !other.has(id) && other.size < manifest.vendor.recordsPerCall)
    if (!call) {
      call = new Map()
      calls.push(call)
    }
    call.set(id, sending)
  }
  return calls.map((call) => [...call.values()])
}

function knownKind(name: string): KindName {
  if (!isKindName(name)) throw invariant(`Salesforce has no record kind ${name}.`)
  return name
}

async function findAccounts(
  client: SalesforceClient,
  writings: readonly Writing[],
): Promise<Map<string, string>> {
  const standing = new Map<string, string>()
  for (const keys of splitForQuery(writings.map(({ record }) => record.externalId))) {
    const rows = await client.query(
      `SELECT Id, Stripe_Key__c FROM Account WHERE ${inList('Stripe_Key__c', keys)}`,
      'looking for Accounts before making them',
    )
    for (const row of rows) standing.set(String(row.Stripe_Key__c), String(row.Id))
  }
  return standing
}

function writtenOf({ record, known }: Writing, saved: SaveOutcome | undefined): Written | HubError {
  if (saved && saved.errors.length > 0) return translateRecord(record, saved.errors)
  const remoteId = saved?.id ?? known?.remoteId
  return remoteId ? { remoteId } : invariant(`Salesforce wrote ${recordKey(record)} without naming its id.`)
}

/** What says that the record is gone already, or that its object is. */
const GONE = new Set(['ENTITY_IS_DELETED', 'INVALID_CROSS_REFERENCE_KEY', 'NOT_FOUND', 'INVALID_ID_FIELD'])

function retiredOf(record: Retiring, saved: SaveOutcome | undefined): Written | HubError {
  const errors = saved?.errors ?? []
  if (errors.length === 0 || errors.every(({ code }) => GONE.has(code))) return { remoteId: record.remoteId }
  return translateRecord({ ...record, body: {}, requires: [] }, errors)
}

/** Changes with what is written, not with who may be linked. */
function hashMapping({ fields, personAccountRecordTypeId, createAccounts, cases }: SalesforceConfig): string {
  const parts = { version: PROJECTION_VERSION, fields, personAccountRecordTypeId, createAccounts, cases }
  return hashJson(JSON.stringify(parts))
}
