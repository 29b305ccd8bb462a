// Pure decisions about versions: whether there is anything to do, and whether a payload may be trusted without
// asking Stripe. Everything here is a table that a test can walk.
import type { ObjectReading } from '../connector/contract.ts'
import { deathsAfterClaim } from '../ledger/ledger.ts'
import type { ObjectState } from '../ledger/rows.ts'
import { isWhole } from '../stripe/access.ts'
import { compareVersions } from '../stripe/version.ts'
import { type Payload, stands, type Task } from './task.ts'

/** The hash of an object that is gone and whose records are all retired. */
export const GONE = 'gone'
/** The code of an object that has killed too many workers. */
export const WORKER_DIED = 'WORKER-DIED'

/**
 * A fetch at second D has seen every change before D; `asOfSeconds` is D + 1. One more second is left for clocks
 * inside Stripe that differ.
 */
const coveredByFetch = (seconds: number, state: ObjectState): boolean =>
  state.hash !== undefined && state.asOfSeconds !== undefined && seconds < state.asOfSeconds - 2

/** Whether everything this task brings is already known to be older than what stands. */
export function isSuperseded(task: Task, state: ObjectState | undefined): boolean {
  if (!state) return false
  // In step, and somebody waited for that: whoever was to tell them has died, or could not.
  if (state.hash !== undefined && state.waiters.length > 0) return false
  if (state.tombstone?.final && state.hash === GONE) {
    // In doubt, a write may have landed after the record was taken away; and what never stood may be stood in for.
    const isLookedAt = state.verify === true || hasReason(task, 'verify')
    return !isLookedAt && !hasReason(task, 'required')
  }
  // Not in step: who asks may be the one who has to bring it there. A newer event's worker may have been done when an
  // older one's, asked for a dependency, took it up again and failed.
  if (state.hash === undefined && state.trouble?.status !== 'parked') return false
  // Brought in step by somebody else since it was found not to stand.
  const touches = task.touches.filter(({ reason }) => reason !== 'required' || !isInStep(state))
  if (touches.some((touch) => touch.atSeconds === undefined)) return false
  if (task.payloads.some((payload) => payload.deletion)) return false
  const { version } = state
  return (
    touches.every((touch) => coveredByFetch(touch.atSeconds ?? 0, state)) &&
    task.payloads.every(
      (payload) =>
        (version !== undefined && compareVersions(payload.version, version) < 0) ||
        coveredByFetch(payload.version.createdSeconds, state),
    )
  )
}

/**
 * At least two workers died with this object in their hands. One death says little: all objects of the batch share it.
 */
export const isSuspect = (state: ObjectState | undefined): boolean =>
  state?.lease !== undefined && deathsAfterClaim(state) >= 2

const isInStep = ({ hash, records }: ObjectState): boolean => hash !== undefined && stands(records)

const hasReason = (task: Task, wanted: Task['touches'][number]['reason']): boolean =>
  task.touches.some(({ reason }) => reason === wanted)

/** The newest payload's version, or the stored one where that is newer. */
export function newestVersion(task: Task, state: ObjectState | undefined): ObjectState['version'] {
  let newest = state?.version
  for (const { version } of task.payloads) {
    if (!newest || compareVersions(version, newest) > 0) newest = version
  }
  return newest
}

/**
 * The payload that may be used without a fetch: strictly newer than what is stored, made after the last fetch, tied
 * with nothing in the batch, at the pinned API version, and whole.
 */
export function trustedPayload(task: Task, reading: ObjectReading | undefined): Payload | undefined {
  if (reading?.alwaysFetch || task.touches.length > 0) return undefined
  const { state } = task
  if (state?.verify || state?.tombstone) return undefined
  const [newest] = [...task.payloads].sort((a, b) => compareVersions(b.version, a.version))
  // A deletion's payload is the object as it was: only a fetch tells whether its id has come back.
  if (!newest?.pinned || newest.deletion) return undefined
  const tiesWith = (other: Payload) =>
    other.eventId !== newest.eventId && compareVersions(other.version, newest.version) === 0
  if (task.payloads.some(tiesWith)) return undefined
  if (state?.version && compareVersions(newest.version, state.version) <= 0) return undefined
  if (state?.asOfSeconds !== undefined && newest.version.createdSeconds <= state.asOfSeconds) return undefined
  return isWhole(newest.object, reading) ? newest : undefined
}
