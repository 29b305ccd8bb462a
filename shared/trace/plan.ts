// The plan of a replay: which deliveries, and an id that is theirs alone. The id is a fingerprint of the set and of each one's
// state: an object more, less, or taken into hand meanwhile is another plan. A filter says what is wanted; an empty one is none.
import { createHash } from 'node:crypto'
import type { ObjectRef } from '../connector/contract.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { findObject, type ObjectFinder } from './find-object.ts'
import { lanesOf, type ParkedSource, parkedObjects } from './parked.ts'

/** As it stands in an address: `id`, or of what is parked `connector`, `code` or both. */
export interface ReplayFilter {
  /** One object, in every system that has such. */
  id?: string
  connector?: string
  code?: string
}

export interface PlannedDelivery {
  connector: string
  object: ObjectRef
  /** Of the object's state there: another one each time that a worker took it into hand; 0: never. */
  revision: number
  /** Absent where the object is not in trouble there. */
  trouble?: { code: string; hint?: string; sinceMs: number }
}

export interface Plan {
  id: string
  /** The filter with the object that a number stood for: whoever carries the plan out need not ask Stripe again. */
  filter: ReplayFilter
  deliveries: PlannedDelivery[]
}

export interface PlanSource extends ParkedSource {
  ledger: Pick<Ledger, 'troubled' | 'readState' | 'findEvent'>
  invoiceOfNumber: ObjectFinder['invoiceOfNumber']
}

/** @returns undefined for a filter that names nothing: everything is never meant by accident. */
export function readFilter(parameters: URLSearchParams): ReplayFilter | undefined {
  const [id, connector, code] = ['id', 'connector', 'code'].map(
    (name) => parameters.get(name)?.trim().slice(0, LONGEST) || undefined,
  )
  if (id !== undefined) return connector === undefined && code === undefined ? { id } : undefined
  if (connector === undefined && code === undefined) return undefined
  return { ...(connector !== undefined && { connector }), ...(code !== undefined && { code }) }
}

const LONGEST = 120

/** The same filter always reads the same. */
export function writeFilter({ id, connector, code }: ReplayFilter): string {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries({ id, connector, code }))
    if (value !== undefined) parameters.set(name, value)
  return parameters.toString()
}

/** @returns undefined when the id is nobody's. @throws HubError of the search for an invoice's number. */
export async function planReplay(filter: ReplayFilter, source: PlanSource): Promise<Plan | undefined> {
  if (filter.id === undefined) return planOf(filter, await parkedOf(filter, source))
  const { ledger, manifests } = source
  const object = await findObject(filter.id, source)
  if (!object) return undefined
  return planOf(
    { id: filter.id.startsWith('evt_') ? filter.id : object.id },
    await Promise.all(
      lanesOf(object, manifests).map(async (connector): Promise<PlannedDelivery> => {
        const { revision = 0, trouble } = (await ledger.readState(connector, object)) ?? {}
        return { connector, object, revision, ...(trouble && { trouble }) }
      }),
    ),
  )
}

const parkedOf = async (filter: ReplayFilter, source: PlanSource): Promise<PlannedDelivery[]> =>
  (await parkedObjects(source, filter)).map(
    ({ connector, object, revision, code, hint, sinceMs }): PlannedDelivery => ({
      connector,
      object,
      revision,
      trouble: { code, sinceMs, ...(hint !== undefined && { hint }) },
    }),
  )

function planOf(filter: ReplayFilter, deliveries: PlannedDelivery[]): Plan {
  const lines = deliveries.map(
    ({ connector, object, revision }) => `${connector} ${object.type}/${object.id} ${revision}`,
  )
  const id = createHash('sha256').update(lines.sort().join('\n')).digest('hex').slice(0, ID_LENGTH)
  return { id, filter, deliveries }
}

const ID_LENGTH = 20
