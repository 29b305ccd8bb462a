// One root through gather, project, write and retire, as the engine does it: the ledger's `keep` and `known` are handed on
// from one step to the next.
import { isDeepStrictEqual } from 'node:util'
import type {
  Connector,
  JsonObject,
  KnownRecord,
  RecordKey,
  RemoteRecord,
} from '../../../shared/connector/contract.ts'
import { recordKey } from '../../../shared/connector/contract.ts'
import { type HubError, isHubError } from '../../../shared/errors.ts'

/** What the ledger remembers between two steps. */
export interface Synced {
  keep: JsonObject | undefined
  known: Record<RecordKey, KnownRecord>
  records: RemoteRecord[]
  trouble: HubError | undefined
}
const NEW: Synced = { keep: undefined, known: {}, records: [], trouble: undefined }

export async function syncObject<T extends { object: string; id: string }, C>(
  connector: Connector<T, C>,
  object: T,
  before: Synced = NEW,
): Promise<Synced> {
  const ref = { type: object.object, id: object.id }
  const [outcome] = await connector.gather([{ ref, object, keep: before.keep, known: before.known }])
  if (!outcome || isHubError(outcome)) return { ...before, trouble: outcome, records: [] }
  const records = connector.project(object, outcome.context)
  const known = { ...before.known }
  let trouble: HubError | undefined
  for (const record of records) {
    const key = recordKey(record)
    const [written] = await connector.write(record.kind, [{ record, references: {}, known: known[key] }])
    if (!written || isHubError(written)) trouble ??= written
    else known[key] = written
  }
  const wanted = new Set(records.map(recordKey))
  for (const key of (Object.keys(known) as RecordKey[]).filter((each) => !wanted.has(each))) {
    const [kind = '', externalId = ''] = key.split('/')
    const remoteId = known[key]?.remoteId ?? externalId
    await connector.retire(kind, [{ key, kind, externalId, remoteId, ref }])
  }
  return { keep: outcome.keep, known, records, trouble }
}

/** @throws when what is read back is not what was projected. */
export async function requireStanding<T, C>(connector: Connector<T, C>, { records }: Synced): Promise<void> {
  for (const record of records) {
    const [read] = await connector.read(record.kind, [record.externalId])
    if (!isDeepStrictEqual(read?.body, record.body)) {
      throw new Error(
        `projected ${JSON.stringify(record.body)}, and there stands ${JSON.stringify(read?.body)}`,
      )
    }
  }
}
