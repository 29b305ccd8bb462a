// A look at what stands in a connector's system for some objects, for a person who asks: the records that the ledger knows of
// are read through the connector's own `read`, and each says what it is worth. Nothing is written, and no lease is taken.
import type { Ledger } from '../ledger/ledger.ts'
import type { Connector, ObjectRef, ReadRecord, RecordKey } from './contract.ts'

/** Rows of the table that lays systems side by side. */
export const AMOUNT_LABELS = ['invoiced', 'tax', 'paid', 'credited', 'open'] as const
export type AmountLabel = (typeof AMOUNT_LABELS)[number]

/** Decimal strings of one currency; what a system does not say is left out. */
export interface RecordAmounts {
  /** ISO, upper case. */
  currency: string
  amounts: Partial<Record<AmountLabel, string>>
  /** What a person must know to read them: 'cancelled'. */
  note?: string
}

export interface LookRequest {
  look: ObjectRef[]
}

export interface Looked extends Partial<RecordAmounts> {
  object: ObjectRef
  kind: string
  externalId: string
  /** Absent: it does not stand there, though the ledger knows of it. */
  remoteId?: string
}

export type LookAnswer = { records: Looked[] } | { failed: string }

export async function lookAt(
  objects: readonly ObjectRef[],
  { ledger, connector }: { ledger: Pick<Ledger, 'readState'>; connector: Connector },
): Promise<Looked[]> {
  const known = await Promise.all(
    objects.map(async (object) => {
      const state = await ledger.readState(connector.manifest.name, object)
      const keys = Object.entries(state?.records ?? {}).filter(([, { retired }]) => !retired)
      return keys.map(([key]) => ({ object, ...partsOf(key as RecordKey) }))
    }),
  )
  const groups = [...Map.groupBy(known.flat(), ({ kind }) => kind)]
  const looked = await Promise.all(
    groups.map(async ([kind, records]) => {
      const standing = await readAll(
        connector,
        kind,
        records.map(({ externalId }) => externalId),
      )
      return records.map((record, index): Looked => {
        const found = standing[index]
        if (!found) return record
        return {
          ...record,
          remoteId: found.remoteId,
          ...connector.amounts?.({ ...record, body: found.body }),
        }
      })
    }),
  )
  return looked.flat()
}

async function readAll(
  connector: Connector,
  kind: string,
  externalIds: readonly string[],
): Promise<(ReadRecord | undefined)[]> {
  const found: (ReadRecord | undefined)[] = []
  const { recordsPerCall } = connector.manifest.vendor
  for (let from = 0; from < externalIds.length; from += recordsPerCall)
    found.push(...(await connector.read(kind, externalIds.slice(from, from + recordsPerCall))))
  return found
}

function partsOf(key: RecordKey): { kind: string; externalId: string } {
  const slash = key.indexOf('/')
  return { kind: key.slice(0, slash), externalId: key.slice(slash + 1) }
}
