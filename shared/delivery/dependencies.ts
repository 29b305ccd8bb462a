// What must stand before a record can: finds it, brings it in step within the same batch, or says why it cannot stand
// now. A dependency that Stripe no longer has is projected from its dependent's own copy of the fields; the record is
// the gone object's all the same, under its own lease.
import type { Connector, ObjectRef } from '../connector/contract.ts'
import { recordKey } from '../connector/contract.ts'
import { hashProjection } from '../connector/hash.ts'
import { permanent } from '../errors.ts'
import { refKey } from '../ledger/ledger.ts'
import { isSuspect } from './decide.ts'
import { isGone, newTask, stands, type Task } from './task.ts'
import { fail, failDependents, recordsToWrite, waitsFor } from './write.ts'

export interface DependencyContext {
  connector: Connector
  nowMs: number
  /** Fills in the tasks' states from the ledger. */
  readStates(tasks: readonly Task[]): Promise<void>
}

/**
 * Finds what the new tasks' records require. What does not stand yet joins the batch as a touch of its own (to be
 * prepared next); what cannot stand now sends the dependent back or parks it on that.
 */
export async function addDependencies(
  prepared: readonly Task[],
  all: Map<string, Task>,
  context: DependencyContext,
): Promise<Task[]> {
  const requirements = prepared
    .filter((task) => task.claimed && !task.outcome && recordsToWrite(task).length > 0)
    .map((task) => ({ task, refs: requiredBy(task) }))
  const outside = new Map<string, Task>()
  for (const ref of requirements.flatMap(({ refs }) => refs)) {
    if (!all.has(refKey(ref))) outside.set(refKey(ref), newTask(ref, context.nowMs))
  }
  await context.readStates([...outside.values()])
  const fresh = new Map<string, Task>()
  for (const { task, refs } of requirements) {
    for (const ref of refs) {
      const key = refKey(ref)
      const inBatch = all.get(key) ?? fresh.get(key)
      const dependency = inBatch ?? outside.get(key)
      if (!dependency) continue
      task.dependencies.set(key, dependency)
      if (inBatch && (inBatch.claimed || !inBatch.outcome)) {
        if (mayStandByNow(inBatch)) {
          inBatch.mustFetch = true
          delete inBatch.outcome
          fresh.set(key, inBatch)
        }
        continue
      }
      if (canBeReferredTo(dependency, task, context.connector)) continue
      // In another worker's hands, or in backoff: seen once all that this one needs is known.
      if (inBatch && inBatch.outcome?.status !== 'superseded') continue
      if (dependency.state?.trouble?.status === 'parked' && !isGone(dependency)) {
        fail(task, waitsFor(task, ref))
      } else if (isSuspect(dependency.state)) {
        task.suspects.push(ref)
        dependency.outcome ??= { status: 'busy', why: 'leased' }
      } else {
        dependency.touches.push({ reason: 'required' })
        delete dependency.outcome
        fresh.set(key, dependency)
      }
    }
  }
  for (const [key, task] of fresh) all.set(key, task)
  return [...fresh.values()]
}

/**
 * Gives what Stripe no longer has and what was never written the records that stand in for it, from the first dependent
 * that has a copy of its fields (an invoice for the customer whom its credit note and its refund need too).
 */
export function replaceGone(tasks: readonly Task[], connector: Connector): void {
  const missingIn = (task: Task): Task[] =>
    task.outcome
      ? []
      : [...task.dependencies.values()].filter(
          (other) => isGone(other) && !canBeReferredTo(other, task, connector),
        )
  for (const task of tasks) {
    for (const missing of missingIn(task)) {
      if (!missing.claimed || missing.outcome || missing.records.length > 0) continue
      missing.records = connector.standIn?.(missing.ref, task.object) ?? []
      missing.hashed = hashProjection(missing.records)
    }
  }
  // Who comes back anyhow may find it standing then.
  failDependents(tasks)
  for (const task of tasks) {
    const missing = missingIn(task).find(({ records }) => records.length === 0)
    if (missing) fail(task, dependencyGone(task.ref, missing.ref, connector.manifest.title))
  }
}

/** Of what is gone, only what would stand in for it counts: the rest may have been taken away without ever having stood. */
function canBeReferredTo(dependency: Task, task: Task, connector: Connector): boolean {
  const { known, ref } = dependency
  const wanted = isGone(dependency) ? (connector.standIn?.(ref, task.object) ?? []) : []
  if (wanted.length === 0) return stands(known)
  return wanted.every((record) => known[recordKey(record)]?.remoteId !== undefined)
}

const dependencyGone = (ref: ObjectRef, missing: ObjectRef, system: string) =>
  permanent(
    `${ref.type} ${ref.id} needs ${missing.type} ${missing.id}, which Stripe has deleted. Nothing was written.`,
    {
      code: 'DEPENDENCY-GONE',
      hint: `Billing: ${missing.type} ${missing.id} no longer exists in Stripe; create the record by hand in ${system}, then hub replay ${ref.id}.`,
    },
  )

/**
 * Projected to nothing from its event's payload, and required: an older payload of it may be all that the batch has
 * (a customer gets the currency that decides its record with the very invoice that requires it).
 */
const mayStandByNow = (task: Task): boolean =>
  task.claimed &&
  !task.fetched &&
  !task.gone &&
  (!task.outcome || task.outcome.status === 'unchanged') &&
  task.records.length === 0 &&
  !stands(task.known)

function requiredBy(task: Task): ObjectRef[] {
  const refs = new Map(task.records.flatMap(({ requires }) => requires.map((ref) => [refKey(ref), ref])))
  refs.delete(task.key)
  return [...refs.values()]
}
