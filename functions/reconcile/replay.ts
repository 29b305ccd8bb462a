// Replay: what is parked is taken into hand again, at its object's newest state. It is a touch and never an old payload, so
// that replaying twice, or what is in step already, does no harm. Finance goes first.
import type { Manifest, ObjectRef } from '../../shared/connector/contract.ts'
import type { Ledger } from '../../shared/ledger/ledger.ts'
import type { Queues } from '../../shared/queue/queues.ts'

export interface ReplaySource {
  ledger: Pick<Ledger, 'troubled'>
  queues: Pick<Queues, 'touch'>
  /** Of the connectors that are switched on. */
  manifests: readonly Manifest[]
}

/** Absent: any. */
export interface ParkedFilter {
  connector?: string
  /** 'NS-ITEM'. */
  code?: string
}

export interface Parked {
  connector: string
  object: ObjectRef
  code: string
  reason: string
  hint: string | undefined
  sinceMs: number
}

/** In the order in which they are replayed: by lane as it would resume, the oldest first. */
export async function parkedObjects(
  { ledger, manifests }: Pick<ReplaySource, 'ledger' | 'manifests'>,
  { connector, code }: ParkedFilter = {},
): Promise<Parked[]> {
  const found: Parked[] = []
  for (const { name } of lanesInOrder(manifests)) {
    if (connector !== undefined && name !== connector) continue
    const parked = (await ledger.troubled(name, 'parked')).flatMap(({ ref, trouble }): Parked[] => {
      if (!trouble || (code !== undefined && trouble.code !== code)) return []
      const { reason, hint, sinceMs } = trouble
      return [{ connector: name, object: ref, code: trouble.code, reason, hint, sinceMs }]
    })
    found.push(...parked.sort((a, b) => a.sinceMs - b.sinceMs))
  }
  return found
}

/** One object in every lane that has such objects, parked or not. @returns the lanes. */
export function lanesOf(object: ObjectRef, manifests: readonly Manifest[]): string[] {
  return lanesInOrder(manifests)
    .filter(({ objects }) => object.type in objects)
    .map(({ name }) => name)
}

/** Resolves once SQS has taken every touch. @throws HubError. */
export async function replay(
  { queues }: Pick<ReplaySource, 'queues'>,
  chosen: readonly Pick<Parked, 'connector' | 'object'>[],
): Promise<void> {
  for (const [connector, group] of Map.groupBy(chosen, (each) => each.connector)) {
    await queues.touch(
      connector,
      group.map(({ object }) => ({ object, reason: 'replay' as const })),
    )
  }
}

const lanesInOrder = (manifests: readonly Manifest[]): Manifest[] =>
  manifests.filter(({ style }) => style === 'projection').sort((a, b) => a.resumeOrder - b.resumeOrder)
