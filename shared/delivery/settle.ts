// The end of a task: records what it came to, releases the lease, and sees to what follows: whoever waited is redriven,
// a doubtful write is looked at again, a record that waits for somebody asks to be told.
import type { Clock } from '../clock.ts'
import type { Connector, ObjectRef } from '../connector/contract.ts'
import { HubError } from '../errors.ts'
import { deathsAfterClaim, type Ledger, parseRefKey } from '../ledger/ledger.ts'
import type { ObjectState, Trouble } from '../ledger/rows.ts'
import type { Queues } from '../queue/queues.ts'
import { GONE, WORKER_DIED } from './decide.ts'
import { customerOf } from './obtain.ts'
import { backoffSeconds } from './report.ts'
import type { Outcome, Task } from './task.ts'
import { comparesWithVendor } from './write.ts'

/** A vendor may still perform a request minutes after its client gave up. */
export const VERIFY_AFTER_SECONDS = 900
/** When a record that waits for another object, or watches it, looks once more. */
const RECHECK_SECONDS = 30
/** Clocks of Stripe and of a worker may differ by this much. */
const WATCH_MARGIN_SECONDS = 30
const LONE_FAILURE_MS = 24 * 3_600_000
const RECENT_SUCCESS_MS = 3_600_000

export interface SettlementOptions {
  connector: Connector
  ledger: Ledger
  queues: Queues
  clock: Clock
  /** In [0, 1): jitter. */
  random: () => number
  /** Of this worker; undefined before its first. */
  lastSuccessMs: () => number | undefined
}

export class Settlement {
  private readonly options: SettlementOptions

  constructor(options: SettlementOptions) {
    this.options = options
  }

  async settle(task: Task): Promise<void> {
    const { connector, ledger, queues, clock } = this.options
    const { name } = connector.manifest
    if (task.outcome?.status === 'busy' && task.outcome.why === 'lease-lost') return
    task.outcome ??= { status: 'applied' }
    this.parkLoneFailure(task)
    const { outcome } = task
    const inStep = outcome.status === 'applied' || outcome.status === 'unchanged'
    const verified = inStep && comparesWithVendor(task)
    // The look for a late write has come and looked at nothing: the object was parked then.
    const overdue = task.state?.verify === true && (task.state.verifyDueMs ?? 0) <= clock.now()
    const doubt = task.unknownOutcome || task.takenOver || (inStep && !verified && overdue)
    const state: ObjectState = {
      ref: task.ref,
      revision: (task.state?.revision ?? 0) + 1,
      version: task.version ?? task.state?.version,
      asOfSeconds: task.asOfSeconds ?? task.state?.asOfSeconds,
      records: task.known,
      keep: task.keep ?? task.state?.keep,
      verify: doubt || (task.state?.verify === true && !verified),
      verifyDueMs: task.state?.verifyDueMs,
      customer: customerOf(task),
      waiters: [],
    }
    // Only who has come to an end with it has survived it.
    const ended = inStep || (outcome.status === 'parked' && outcome.error.code !== WORKER_DIED)
    if (!ended) state.deaths = deathsAfterClaim(task.state) || undefined
    if (inStep) {
      state.hash = task.gone ? GONE : task.hashed?.hash
      state.mapping = connector.mapping
    } else if (outcome.status === 'waiting' || outcome.status === 'parked') {
      state.trouble = this.troubleOf(task, outcome)
      if (outcome.status === 'waiting') this.backOff(outcome, state.trouble)
    } else if (task.state?.trouble) {
      state.trouble = task.state.trouble
    }
    if (task.gone) {
      const reusable = connector.manifest.objects[task.ref.type]?.reusableId === true
      state.tombstone = { final: !reusable, atSeconds: Math.floor(clock.now() / 1000) }
    }
    // Before the flag: a flag whose touch was never sent would wait for ever.
    if (doubt) state.verifyDueMs = await this.lookAgainLater(task.ref)
    // Before the lease goes: who dies after it might find its message superseded, and ask for nothing any more.
    if (outcome.status === 'parked') await this.waitForMending(task, outcome.error)
    if (inStep) await this.watch(task)
    const settled = await ledger.settle(name, state, task.owner)
    if (settled === 'lost') return this.leaseLost(task)
    if (inStep && settled.waiters.length > 0 && !isNoNews(task, state)) {
      await queues.touch(
        name,
        settled.waiters.map((key) => ({ object: parseRefKey(key), reason: 'dependency' })),
      )
      await ledger.forgetWaiters(name, task.ref, settled.waiters)
    }
  }

  /** Somebody else holds the lease by now: what stands at the vendor is looked at again. */
  async leaseLost(task: Task): Promise<void> {
    const { connector, ledger } = this.options
    task.outcome = { status: 'busy', why: 'lease-lost' }
    const dueMs = await this.lookAgainLater(task.ref)
    await ledger.markForVerification(connector.manifest.name, task.ref, dueMs)
  }

  /** @returns when that look is due. */
  private async lookAgainLater(object: ObjectRef): Promise<number> {
    const { clock, connector, queues } = this.options
    await queues.touch(connector.manifest.name, [{ object, reason: 'verify' }], VERIFY_AFTER_SECONDS)
    return clock.now() + VERIFY_AFTER_SECONDS * 1000
  }

  /** Parked with somebody to wait for: asks to be redriven, and closes the gap in which that one was just mended. */
  private async waitForMending(task: Task, error: HubError): Promise<void> {
    const { connector, ledger, queues } = this.options
    const { name } = connector.manifest
    for (const on of error.waitsOn) {
      const state = await ledger.waitOn(name, on, task.ref)
      const newlyParked = task.state?.trouble?.code !== error.code
      const mended = error.code === 'WAITS' ? state.hash !== undefined : newlyParked
      if (mended) await queues.touch(name, [{ object: task.ref, reason: 'dependency' }], RECHECK_SECONDS)
    }
  }

  /** Asks to be touched when what the projection was read from changes, and closes the gap since it was read. */
  private async watch(task: Task): Promise<void> {
    const { connector, ledger, queues } = this.options
    const { name } = connector.manifest
    for (const on of task.watches) {
      const { version } = await ledger.waitOn(name, on, task.ref)
      const changed =
        version !== undefined && version.createdSeconds >= task.startedMs / 1000 - WATCH_MARGIN_SECONDS
      if (changed) await queues.touch(name, [{ object: task.ref, reason: 'dependency' }], RECHECK_SECONDS)
    }
  }

  private troubleOf(task: Task, outcome: { status: 'waiting' | 'parked'; error: HubError }): Trouble {
    const { error } = outcome
    const before = task.state?.trouble
    return {
      status: outcome.status,
      kind: error.kind,
      code: error.code,
      reason: error.message.slice(0, 600),
      ...(error.hint && { hint: error.hint }),
      ...(error.detail && { detail: error.detail.slice(0, 300) }),
      sinceMs: before?.sinceMs ?? this.options.clock.now(),
      lastMs: this.options.clock.now(),
      attempts: (before?.attempts ?? 0) + 1,
      waitsOn: error.waitsOn,
    }
  }

  /** One backoff an object, not one a message: ten events about a locked record do not ask for it ten times as often. */
  private backOff(outcome: Outcome & { status: 'waiting' }, trouble: Trouble): void {
    const { clock, random } = this.options
    outcome.comesBackInSeconds = backoffSeconds(trouble.attempts, outcome.error, random)
    trouble.notBeforeMs = clock.now() + outcome.comesBackInSeconds * 1000
  }

  /** An object that alone has failed for a day, while others succeed, is not waiting for an outage to end. */
  private parkLoneFailure(task: Task): void {
    const { clock } = this.options
    if (task.outcome?.status !== 'waiting' || task.outcome.error.kind === 'credential') return
    const { error } = task.outcome
    const failingForMs = clock.now() - (task.state?.trouble?.sinceMs ?? clock.now())
    const lastSuccessMs = this.options.lastSuccessMs()
    const othersSucceed = lastSuccessMs !== undefined && clock.now() - lastSuccessMs < RECENT_SUCCESS_MS
    if (failingForMs < LONE_FAILURE_MS || !othersSucceed) return
    task.outcome = {
      status: 'parked',
      error: new HubError(error.kind, `${error.message} It has failed for 24 hours while others succeeded.`, {
        code: error.code,
        detail: error.detail,
        hint:
          error.hint ??
          `Engineering: look at the vendor's own log for ${task.ref.id}, then hub replay ${task.ref.id}.`,
        cause: error,
      }),
    }
  }
}

/** A look for late writes that found all as it was: whoever waits for a change would be tried in vain, and wait again. */
function isNoNews(task: Task, state: ObjectState): boolean {
  const onlyLooked = task.payloads.length === 0 && task.touches.every(({ reason }) => reason === 'verify')
  return onlyLooked && task.state?.hash === state.hash && !task.state?.trouble
}
