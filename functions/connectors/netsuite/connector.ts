// NetSuite as a connector: puts the pure projection together with gathering, writing and reading. The rules of each
// are in the files beside this one.
import type Stripe from 'stripe'
import * as z from 'zod'
import type { Clock } from '../../../shared/clock.ts'
import type { Connector, Retiring, Writing } from '../../../shared/connector/contract.ts'
import { hashJson } from '../../../shared/connector/hash.ts'
import { TrafficMeter } from '../../../shared/connector/traffic.ts'
import { permanent } from '../../../shared/errors.ts'
import { amountsOf } from './amounts.ts'
import type { Context } from './books.ts'
import { createNetSuiteClient, inChunks, NAMES_PER_QUERY, type NetSuiteClient, sqlList } from './client.ts'
import type { NetSuiteConfig, NetSuiteCredentials } from './config.ts'
import { createGather } from './gather.ts'
import { manifest } from './manifest.ts'
import { OpenAmounts } from './open-amounts.ts'
import { PeriodBook } from './periods.ts'
import { project, type Root, standInCustomer } from './project.ts'
import { readRecords } from './read.ts'
import { TaxEngines } from './tax-engines.ts'
import { retireCustomer, writeCustomer } from './write-customers.ts'
import { writeDocuments } from './write-documents.ts'

export interface NetSuiteOptions {
  config: NetSuiteConfig
  credentials: NetSuiteCredentials
  stripe: Stripe
  clock: Clock
  livemode: boolean
}

export function createNetSuite(options: NetSuiteOptions): Connector<Root, Context> {
  const { config, credentials, stripe, clock } = options
  const meter = new TrafficMeter()
  const client = createNetSuiteClient(config.account, credentials, clock, meter)
  const periods = new PeriodBook(client, clock, config)
  const openAmounts = new OpenAmounts(client)
  const taxEngines = new TaxEngines(client, config, clock)
  return {
    manifest,
    mapping: hashJson(JSON.stringify(config)),
    gather: createGather({ config, stripe, client, periods, openAmounts, clock }),
    project: (object, context) => project(object, context, config),
    standIn: (missing, dependent) => standInCustomer(missing, dependent, config),
    async write(kind, writings) {
      if (kind === 'customer') return writeCustomers(client, writings)
      return writeDocuments({ client, config, periods, openAmounts, taxEngines }, kind, writings)
    },
    read: (kind, externalIds) => readRecords(client, config, kind, externalIds),
    amounts: (record) => amountsOf(record, config),
    retire: (kind, records) => Promise.all(records.map((record) => retire(client, kind, record))),
    async probe() {
      await client.call({
        method: 'POST',
        path: 'query/v1/suiteql?limit=1',
        body: { q: 'SELECT id FROM currency' },
        heads: { Prefer: 'transient' },
        what: 'probe',
        changes: false,
      })
      const refusal = await taxEngines.refusal()
      if (refusal) throw refusal
    },
    traffic: () => meter.take(),
  }
}

const standingRow = z.object({ id: z.coerce.string(), externalid: z.string() })

async function writeCustomers(client: NetSuiteClient, writings: readonly Writing[]) {
  const standing = new Map<string, string>()
  for (const chunk of inChunks(writings, NAMES_PER_QUERY)) {
    const rows = await client.query(
      `SELECT id, externalid FROM customer WHERE externalid IN (${sqlList(chunk.map(({ record }) => record.externalId))})`,
      standingRow,
      'read which customers stand',
    )
    for (const { id, externalid } of rows) standing.set(externalid, id)
  }
  return Promise.all(
    writings.map((writing) => writeCustomer(client, writing, standing.get(writing.record.externalId))),
  )
}

async function retire(client: NetSuiteClient, kind: string, record: Retiring) {
  if (kind === 'customer') return retireCustomer(client, record)
  // Adjustments of a balance stay in the books when the customer is deleted in Stripe: there is nothing to take away.
  if (record.ref.type === 'customer') return { remoteId: record.remoteId }
  return permanent(
    `${kind} ${record.externalId} is posted in NetSuite and no longer wanted. It was left as it is.`,
    {
      code: 'NS-RETIRE',
      hint: `Accounting: a posted document is never removed by the hub. Look at NetSuite ${kind} ${record.remoteId} and reverse it by hand if it is wrong.`,
    },
  )
}
