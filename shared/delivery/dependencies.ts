// What must stand before a record can: finds it, brings it in step within the same batch, or says why it cannot stand
// now. A dependency that Stripe no longer has is stood in for by its dependent's own copy of the fields.
import type { Connector, Json, ObjectRef } from '../connector/contract.ts'
import { recordKey } from '../connector/contract.ts'
import { hashProjection } from '../connector/hash.ts'
import { permanent } from '../errors.ts'
import { refKey } from '../ledger/ledger.ts'
import { isObject } from '../stripe/event.ts'
import { isSuspect } from './decide.ts'
import { newTask, stands, type Task } from './task.ts'
import { fail, recordsToWrite, waitsFor } from './write.ts'

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
      if (stands(dependency.state?.records)) continue
      // Gone: what stands in for it is seen once all that this one requires is known.
      if (dependency.state?.tombstone?.final) continue
      if (dependency.state?.trouble?.status === 'parked') {
        fail(task, waitsFor(task, ref))
      } else if (inBatch) {
        task.outcome ??= { status: 'busy', why: 'dependency' }
      } else if (isSuspect(dependency.state)) {
        task.suspects.push(ref)
        task.outcome ??= { status: 'busy', why: 'dependency' }
      } else {
        dependency.touches.push({ reason: 'dependency' })
        fresh.set(key, dependency)
      }
    }
  }
  for (const [key, task] of fresh) all.set(key, task)
  return [...fresh.values()]
}

/**
 * Dependencies that Stripe no longer has and that were never written: others of what is required may have stood in for
 * them already (an invoice for its customer, whom its credit note and its refund need too), else the dependent does.
 */
export function replaceGone(tasks: readonly Task[], connector: Connector): void {
  for (const task of tasks) {
    if (task.outcome) continue
    for (const dependency of task.dependencies.values()) {
      const gone = dependency.gone || dependency.state?.tombstone?.final === true
      if (gone && !stands(dependency.known)) standIn(task, dependency.ref, connector)
    }
  }
}

function standIn(task: Task, missing: ObjectRef, connector: Connector): void {
  const records = connector.standIn?.(missing, task.object) ?? []
  if (records.length === 0) {
    if (hasAllReferences(task)) return
    fail(
      task,
      permanent(
        `${task.ref.type} ${task.ref.id} needs ${missing.type} ${missing.id}, which Stripe has deleted. Nothing was written.`,
        {
          code: 'DEPENDENCY-GONE',
          hint: `Billing: ${missing.type} ${missing.id} no longer exists in Stripe; create the record by hand in ${connector.manifest.title}, then hub replay ${task.ref.id}.`,
        },
      ),
    )
    return
  }
  task.records = [
    ...records,
    ...task.records.filter((own) => !records.some((r) => recordKey(r) === recordKey(own))),
  ]
  task.hashed = hashProjection(task.records)
}

/** Whatever its records refer to stands, or will by the time they are written. */
function hasAllReferences(task: Task): boolean {
  const given = new Set<string>()
  for (const { known, records } of [...task.dependencies.values(), task]) {
    for (const key of Object.keys(known)) given.add(key)
    for (const record of records) given.add(recordKey(record))
  }
  return task.records.every(({ body }) => referencesIn(body).every((key) => given.has(key)))
}

function referencesIn(value: Json): string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn)
  if (!isObject(value)) return []
  return typeof value.$record === 'string' ? [value.$record] : Object.values(value).flatMap(referencesIn)
}

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
