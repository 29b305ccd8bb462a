// Obtains the newest rendering of a claimed object: the payload where it may be trusted, else one fetch, always
// AFTER the claim (a fetch before it could be stale by the time the lease is held).
import type { Manifest } from '../connector/contract.ts'
import { permanent } from '../errors.ts'
import type { StripeReader } from '../stripe/access.ts'
import { idOf } from '../stripe/event.ts'
import { newestVersion, trustedPayload } from './decide.ts'
import type { Task } from './task.ts'

/** Sets `object` or `gone`, `version` and `asOfSeconds`. @throws HubError when Stripe cannot be read. */
export async function obtainNewest(task: Task, manifest: Manifest, reader: StripeReader): Promise<void> {
  const reading = manifest.objects[task.ref.type]
  task.version = newestVersion(task, task.state)
  task.asOfSeconds = task.state?.asOfSeconds
  if (
    task.state?.tombstone?.final ||
    (!reading?.reusableId && task.payloads.some((payload) => payload.deletion))
  ) {
    task.gone = true
    return
  }
  const payload = task.mustFetch ? undefined : trustedPayload(task, reading)
  if (payload) {
    task.object = payload.object
    return
  }
  const fetched = await reader.fetch(task.ref, reading)
  task.fetched = true
  task.asOfSeconds = Math.max(fetched.asOfSeconds, task.asOfSeconds ?? 0)
  if ('object' in fetched) {
    task.object = fetched.object
    return
  }
  if (!reading?.deletable) {
    throw permanent(
      `Stripe has no ${task.ref.type} ${task.ref.id} (any more), and objects of this type are not deleted there. Nothing was written.`,
      {
        code: 'STRIPE-GONE',
        hint: `Engineering: check that the hub's Stripe key belongs to the account that sent the event, then hub replay ${task.ref.id}.`,
      },
    )
  }
  task.gone = true
}

/** The customer whose timeline an object belongs to. */
export function customerOf(task: Task): string | undefined {
  if (task.ref.type === 'customer') return task.ref.id
  return idOf(task.object?.customer) ?? task.state?.customer
}
