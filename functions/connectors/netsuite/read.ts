// What stands in NetSuite, in the projection's own terms. A GET for each record, for only that shows every field as
// it was written; the names behind internal ids in two queries for the whole call.
import * as z from 'zod'
import type { ReadRecord } from '../../../shared/connector/contract.ts'
import type { DocumentName } from './books.ts'
import { inChunks, NAMES_PER_QUERY, type NetSuiteClient } from './client.ts'
import type { NetSuiteConfig } from './config.ts'
import { customerFromWire, documentFromWire, isObject, linesOf } from './wire.ts'
import { recordPath } from './write-customers.ts'
import { QUERY_TYPES } from './write-documents.ts'

const customerRow = z.object({ id: z.coerce.string(), externalid: z.string().optional() })
const documentRow = customerRow.extend({ type: z.string() })

export async function readRecords(
  client: NetSuiteClient,
  config: NetSuiteConfig,
  kind: string,
  externalIds: readonly string[],
): Promise<(ReadRecord | undefined)[]> {
  const records: (Record<string, unknown> | undefined)[] = await Promise.all(
    externalIds.map((externalId) => readOne(client, kind, externalId)),
  )
  if (kind === 'customer') {
    return records.map(
      (record) => record && { remoteId: String(record.id), body: customerFromWire(record, config) },
    )
  }
  const standing = records.filter((record) => record !== undefined)
  const customerIds = standing.flatMap((record) => [
    ...referenced(record.entity ?? record.customer),
    ...linesOf(record.line).flatMap((line) => referenced(line.entity)),
  ])
  const documentIds = standing.flatMap((record) =>
    linesOf(record.apply).flatMap((line) => (line.apply === true ? referenced(line.doc) : [])),
  )
  const [customers, documents] = await Promise.all([
    customerNames(client, customerIds),
    documentNames(client, documentIds),
  ])
  return records.map(
    (record) =>
      record && {
        remoteId: String(record.id),
        body: documentFromWire(kind, record, { customers, documents }, config),
      },
  )
}

async function readOne(
  client: NetSuiteClient,
  kind: string,
  externalId: string,
): Promise<Record<string, unknown> | undefined> {
  const answer = await client.call({
    method: 'GET',
    path: `${recordPath(kind, externalId)}?expandSubResources=true`,
    what: `read ${kind} ${externalId}`,
    changes: false,
  })
  return answer.status === 404 || !isObject(answer.data) ? undefined : answer.data
}

const referenced = (value: unknown): string[] =>
  isObject(value) && /^\d+$/.test(String(value.id)) ? [String(value.id)] : []

/** External id by internal id; records without one are left out. */
async function customerNames(client: NetSuiteClient, ids: readonly string[]): Promise<Map<string, string>> {
  const names = new Map<string, string>()
  for (const chunk of inChunks([...new Set(ids)], NAMES_PER_QUERY)) {
    const rows = await client.query(
      `SELECT id, externalid FROM customer WHERE id IN (${chunk.join(', ')})`,
      customerRow,
      'read external ids of customers',
    )
    for (const { id, externalid } of rows) if (externalid !== undefined) names.set(id, externalid)
  }
  return names
}

/** The same, with what kind of document it is. */
async function documentNames(
  client: NetSuiteClient,
  ids: readonly string[],
): Promise<Map<string, DocumentName>> {
  const names = new Map<string, DocumentName>()
  for (const chunk of inChunks([...new Set(ids)], NAMES_PER_QUERY)) {
    const rows = await client.query(
      `SELECT id, externalid, type FROM transaction WHERE id IN (${chunk.join(', ')})`,
      documentRow,
      'read external ids of transactions',
    )
    for (const { id, externalid, type } of rows) {
      const kind = Object.keys(QUERY_TYPES).find((each) => QUERY_TYPES[each] === type)
      if (externalid !== undefined && kind !== undefined) names.set(id, { kind, externalId: externalid })
    }
  }
  return names
}
