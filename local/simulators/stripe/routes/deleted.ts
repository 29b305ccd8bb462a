// A deleted customer or product is still found, as a stub that says so; other deleted things are a 404.
// https://docs.stripe.com/api/customers/retrieve
import { missingInPath } from '../errors.ts'
import type { Collection } from '../store.ts'
import type { Identified } from '../wire.ts'
import type { World } from '../world.ts'

export function getOrDeleted<T extends Identified>(
  world: World,
  collection: Collection<T>,
  kind: string,
  id: string,
): Identified {
  const object = collection.get(id)
  if (object) return object
  if (world.store.deleted.get(id) === kind) return { id, object: kind, deleted: true } as Identified
  throw missingInPath(kind, id)
}
