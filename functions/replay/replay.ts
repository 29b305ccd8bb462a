// Replay: what is parked is taken into hand again, at its object's newest state. It is a touch and never an old payload, so
// that replaying twice, or what is in step already, does no harm.
import type { ObjectRef } from '../../shared/connector/contract.ts'
import type { Queues } from '../../shared/queue/queues.ts'

export interface Replayed {
  connector: string
  object: ObjectRef
}

/** In the order given, lane by lane. Resolves once SQS has taken every touch. @throws HubError. */
export async function replay(
  { queues }: { queues: Pick<Queues, 'touch'> },
  chosen: readonly Replayed[],
): Promise<void> {
  for (const [connector, group] of Map.groupBy(chosen, (each) => each.connector)) {
    await queues.touch(
      connector,
      group.map(({ object }) => ({ object, reason: 'replay' as const })),
    )
  }
}
