// What should stand in each connector's system, projected anew from Stripe's final objects as a touch would: with what
// the ledger keeps and knows. What stands in for an object that Stripe no longer has is that object's own: the ledger
// knows it, and it looks like one taken away. Parked objects are left out.
import type {
  Connector,
  JsonObject,
  Manifest,
  ObjectRef,
  RemoteRecord,
} from '../../../shared/connector/contract.ts'
import { type HubError, isHubError } from '../../../shared/errors.ts'
import type { FinalStripe } from './final-stripe.ts'
import { type LedgerRows, nameOf, type ObjectRow } from './ledger-rows.ts'
import type { JudgedWorld } from './world.ts'

export interface Projected {
  ref: ObjectRef
  row: ObjectRow | undefined
  /** Whose mapping the records are of. */
  connector: Connector
  records: RemoteRecord[]
  /** Posted documents as the other deployed mappings have them: what is posted is never remapped. */
  otherwise: RemoteRecord[]
  /** Why there are none. */
  error?: HubError
}

export interface LaneProjection {
  manifest: Manifest
  /**
   * Live objects that are not parked, and gone ones that the ledger knows (they project nothing). An object that Stripe
   * never told of and that nothing required (the price of a one-off line) is nobody's.
   */
  roots: Projected[]
}

export async function projectAll(
  { manifests, connectors }: Pick<JudgedWorld, 'manifests' | 'connectors'>,
  final: FinalStripe,
  rows: LedgerRows,
): Promise<LaneProjection[]> {
  const lanes: LaneProjection[] = []
  for (const manifest of manifests) {
    if (manifest.style !== 'projection') continue
    // A deployment that left this connector's mapping alone made no other one of it.
    const byMapping = new Map<string, Connector>()
    for (const connector of connectors) {
      if (connector.manifest.name !== manifest.name) continue
      byMapping.delete(connector.mapping)
      byMapping.set(connector.mapping, connector)
    }
    lanes.push(await projectLane(manifest, [...byMapping.values()], final, rows))
  }
  return lanes
}

async function projectLane(
  manifest: Manifest,
  deployed: readonly Connector[],
  final: FinalStripe,
  rows: LedgerRows,
): Promise<LaneProjection> {
  const newest = deployed.at(-1)
  if (!newest) throw new Error(`There is no connector to judge ${manifest.name} with.`)
  const roots: Projected[] = []
  const told = final.toldOf(manifest)
  const live: { root: Projected; object: JsonObject }[] = []
  for (const [type, reading] of Object.entries(manifest.objects)) {
    for (const [id, object] of await final.objects(type, reading)) {
      const ref = { type, id }
      const row = rows.row(manifest.name, ref)
      if (row?.trouble?.status === 'parked' || (!row && !told.has(id))) continue
      const connector = deployed.find(({ mapping }) => mapping === row?.mapping) ?? newest
      live.push({ root: { ref, row, connector, records: [], otherwise: [] }, object })
    }
  }
  for (const row of rows.of(manifest.name)) {
    if (row.trouble?.status === 'parked' || final.stands(row.ref)) continue
    roots.push({ ref: row.ref, row, connector: newest, records: [], otherwise: [] })
  }
  for (const [connector, group] of Map.groupBy(live, ({ root }) => root.connector)) {
    await gatherAndProject(connector, group)
  }
  for (const connector of deployed) await projectOtherwise(connector, live)
  roots.push(...live.map(({ root }) => root))
  return { manifest, roots }
}

async function gatherAndProject(
  connector: Connector,
  group: readonly { root: Projected; object: JsonObject }[],
): Promise<void> {
  const gathered = await connector.gather(
    group.map(({ root, object }) => ({
      ref: root.ref,
      object,
      keep: root.row?.keep,
      known: root.row?.records ?? {},
    })),
  )
  group.forEach(({ root, object }, index) => {
    const outcome = gathered[index]
    try {
      if (!outcome) throw new Error(`gather gave no outcome for ${nameOf(root.ref)}`)
      if (isHubError(outcome)) root.error = outcome
      else root.records = connector.project(object, outcome.context)
    } catch (error) {
      if (!isHubError(error)) throw error
      root.error = error
    }
  })
}

/** For documents that may have been posted before, or between, deployments. */
async function projectOtherwise(
  connector: Connector,
  live: readonly { root: Projected; object: JsonObject }[],
): Promise<void> {
  const posted = live.filter(
    ({ root }) => root.connector !== connector && root.records.some(({ frozen }) => frozen),
  )
  const group = posted.map(({ root, object }) => ({
    root: { ...root, records: [] as RemoteRecord[] },
    object,
  }))
  if (group.length > 0) await gatherAndProject(connector, group)
  posted.forEach(({ root }, index) => {
    root.otherwise.push(...(group[index]?.root.records.filter(({ frozen }) => frozen) ?? []))
  })
}
