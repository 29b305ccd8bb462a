// Promise: when all is quiet, every vendor's record equals the projection of its object's final state, and a record that
// the ledger knows and the projection does not have is retired. What stands without any reason is strangers.ts.
import type {
  Connector,
  JsonObject,
  ReadRecord,
  RecordKey,
  RemoteRecord,
} from '../../../shared/connector/contract.ts'
import { recordKey } from '../../../shared/connector/contract.ts'
import { canonicalJson } from '../../../shared/connector/hash.ts'
import type { Finding } from '../result.ts'
import { nameOf } from './ledger-rows.ts'
import type { LaneProjection } from './projections.ts'
import { isRetired, retiredForm } from './retirement.ts'

/** A record to be looked up, and what may stand there. */
interface Wanted {
  connector: Connector
  object: string
  /** Any of these; more than one where mappings were deployed. None: it is to be retired. */
  bodies: JsonObject[]
}

export async function checkInStep(lane: LaneProjection): Promise<Finding[]> {
  const system = lane.manifest.name
  const wanted = wantedOf(lane)
  const findings: Finding[] = lane.roots.flatMap(({ ref, error }) =>
    error
      ? [
          {
            promise: 'in step',
            system,
            object: nameOf(ref),
            expected: `parked: ${error.message} [${error.code}]`,
            actual: 'not parked',
          },
        ]
      : [],
  )
  for (const [key, standing] of await readAll(lane, wanted)) {
    const want = wanted.get(key)
    if (!want || isAsWanted(system, key, want, standing)) continue
    const [body] = want.bodies
    findings.push({
      promise: 'in step',
      system,
      object: want.object,
      expected: `${key} ${body ? describe(body, standing?.body) : `retired: ${retiredForm(system, key)}`}`,
      actual: standing ? describe(standing.body, body) : 'nothing stands there',
    })
  }
  return findings
}

function wantedOf({ roots }: LaneProjection): Map<RecordKey, Wanted> {
  const wanted = new Map<RecordKey, Wanted>()
  const want = (record: RemoteRecord, connector: Connector, object: string) => {
    const key = recordKey(record)
    const bodies = [...(wanted.get(key)?.bodies ?? []), record.body]
    wanted.set(key, { connector, object, bodies })
  }
  for (const { ref, connector, records, otherwise } of roots) {
    for (const record of records) want(record, connector, nameOf(ref))
    for (const record of otherwise) {
      if (wanted.has(recordKey(record))) want(record, connector, nameOf(ref))
    }
  }
  for (const { ref, connector, row } of roots) {
    for (const key of Object.keys(row?.records ?? {}) as RecordKey[]) {
      if (wanted.has(key)) continue
      wanted.set(key, { connector, object: nameOf(ref), bodies: [] })
    }
  }
  return wanted
}

function isAsWanted(system: string, key: RecordKey, want: Wanted, standing: ReadRecord | undefined): boolean {
  if (want.bodies.length === 0) return isRetired(system, key, standing)
  if (!standing) return false
  const found = canonicalJson(standing.body)
  return want.bodies.some((body) => canonicalJson(body) === found)
}

/** In the vendor's largest calls, one after the other. */
async function readAll(
  { manifest }: LaneProjection,
  wanted: ReadonlyMap<RecordKey, Wanted>,
): Promise<Map<RecordKey, ReadRecord | undefined>> {
  const found = new Map<RecordKey, ReadRecord | undefined>()
  for (const [connector, entries] of Map.groupBy(wanted, ([, want]) => want.connector)) {
    for (const [kind, ofKind] of Map.groupBy(entries, ([key]) => kindOf(key))) {
      for (let from = 0; from < ofKind.length; from += manifest.vendor.recordsPerCall) {
        const keys = ofKind.slice(from, from + manifest.vendor.recordsPerCall).map(([key]) => key)
        const read = await connector.read(kind, keys.map(externalIdOf))
        keys.forEach((key, index) => {
          found.set(key, read[index])
        })
      }
    }
  }
  return found
}

const kindOf = (key: RecordKey): string => key.slice(0, key.indexOf('/'))
const externalIdOf = (key: RecordKey): string => key.slice(key.indexOf('/') + 1)

/** Only what the other one has otherwise. */
function describe(body: JsonObject, other: JsonObject | undefined): string {
  const fields = Object.keys({ ...body, ...other }).filter(
    (field) => other === undefined || canonicalJson(body[field]) !== canonicalJson(other[field]),
  )
  return fields
    .map((field) => `${field}: ${field in body ? JSON.stringify(body[field]) : 'nothing'}`)
    .join(', ')
    .slice(0, 600)
}
