// What is parked, in the order in which it would be replayed, and which lanes an object has. It reads the ledger alone; who
// acts on it is functions/replay.
import type { Manifest, ObjectRef } from '../connector/contract.ts'
import type { Ledger } from '../ledger/ledger.ts'

export interface ParkedSource {
  ledger: Pick<Ledger, 'troubled'>
  /** Of the connectors that are switched on. */
  manifests: readonly Manifest[]
}

/** Absent: any. */
export interface ParkedFilter {
  connector?: string
  /** 'NS-ITEM'. */
  code?: string
  /** At least the newest so many of each lane, and a few more; absent: all. */
  newest?: number
}

export interface Parked {
  connector: string
  object: ObjectRef
  code: string
  reason: string
  hint: string | undefined
  sinceMs: number
  attempts: number
  /** Of the object's state: another one each time that a worker took it into hand. */
  revision: number
}

/** Finance first: by lane as it would resume, the oldest first. */
export async function parkedObjects(
  { ledger, manifests }: ParkedSource,
  { connector, code, newest }: ParkedFilter = {},
): Promise<Parked[]> {
  const found: Parked[] = []
  for (const { name } of lanesInOrder(manifests)) {
    if (connector !== undefined && name !== connector) continue
    const troubled = await ledger.troubled(name, 'parked', newest)
    const parked = troubled.flatMap(({ ref, trouble, revision }): Parked[] => {
      if (!trouble || (code !== undefined && trouble.code !== code)) return []
      const { reason, hint, sinceMs, attempts } = trouble
      return [{ connector: name, object: ref, code: trouble.code, reason, hint, sinceMs, attempts, revision }]
    })
    found.push(...parked.sort((a, b) => a.sinceMs - b.sinceMs))
  }
  return found
}

/** The lanes that have such objects, whether this one is parked there or not. */
export const lanesOf = (object: ObjectRef, manifests: readonly Manifest[]): string[] =>
  lanesInOrder(manifests)
    .filter(({ objects }) => object.type in objects)
    .map(({ name }) => name)

/** Projecting lanes in the order in which they resume after a pause. */
export const lanesInOrder = (manifests: readonly Manifest[]): Manifest[] =>
  manifests.filter(({ style }) => style === 'projection').sort((a, b) => a.resumeOrder - b.resumeOrder)

/** What one cause holds up in one system: one mend frees all of it. */
export interface ParkedGroup {
  connector: string
  code: string
  /** The oldest's; the others' are of the same kind. */
  reason: string
  hint: string | undefined
  oldestMs: number
  objects: Parked[]
}

/** In the order of `parked`. */
export function groupParked(parked: readonly Parked[]): ParkedGroup[] {
  const groups = Map.groupBy(parked, ({ connector, code }) => `${connector} ${code}`)
  return [...groups.values()].flatMap((objects) => {
    const [oldest] = objects
    if (!oldest) return []
    const { connector, code, reason, hint, sinceMs } = oldest
    return [{ connector, code, reason, hint, oldestMs: sinceMs, objects }]
  })
}
