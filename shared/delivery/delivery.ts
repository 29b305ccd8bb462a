// The delivery engine: makes every remote record equal the projection of its object, whatever order, however often
// and with whatever failures events arrive. One batch, step by step:
//
//   take in → read states → claim (clears the hash) → obtain the newest object → gather, project → dependencies
//   → remember what is about to be written → write, retire → settle (sets the hash) → deliveries
//
// It knows no AWS and no vendor. What a message's failure means for SQS is told by the returned `Comeback`s.
import pLimit from 'p-limit'
import type { Clock } from '../clock.ts'
import type { Connector, Manifest, ObjectRef } from '../connector/contract.ts'
import { recordKey } from '../connector/contract.ts'
import { hashProjection } from '../connector/hash.ts'
import { HubError, invariant, isHubError, permanent } from '../errors.ts'
import { type Ledger, parseRefKey, refKey } from '../ledger/ledger.ts'
import type { DeliveryRow, DeliveryStatus, ObjectState, Trouble } from '../ledger/rows.ts'
import type { Log } from '../log.ts'
import { withMetrics } from '../metrics.ts'
import type { Queues } from '../queue/queues.ts'
import type { StripeReader } from '../stripe/access.ts'
import { GONE, isSuperseded } from './decide.ts'
import { LaneMonitor } from './lane-monitor.ts'
import { customerOf, obtainNewest } from './obtain.ts'
import { type Intake, newTask, type Received, type Task, takeIn } from './task.ts'
import {
  asHubError,
  comparesWithVendor,
  fail,
  recordsToRetire,
  recordsToWrite,
  retireRecords,
  waitsFor,
  writeRecords,
} from './write.ts'

export interface DeliveryOptions {
  connector: Connector
  ledger: Ledger
  reader: StripeReader
  queues: Queues
  clock: Clock
  /** In [0, 1): jitter. */
  random: () => number
  log: Log
  /** Unique per worker process. */
  workerId: string
}

/** A message that must come back, and when. */
export interface Comeback {
  messageId: string
  seconds: number
}

/** Longer than a Lambda may run (60 s), shorter than a message's visibility. */
const LEASE_MS = 90_000
/** A vendor may still perform a request minutes after its client gave up. */
const VERIFY_AFTER_SECONDS = 900
/** A longer wait is a pause of the lane, not a message's business. */
const MAX_BACKOFF_SECONDS = 60
/** Left of the Lambda's time when nothing new is begun: one vendor time-out plus settling. */
const DEADLINE_MARGIN_MS = 25_000
/** From this receive on, a message whose worker died is worked alone. */
const SUSPECT_RECEIVES = 3
/** A message that keeps killing its worker is parked. */
const DEADLY_RECEIVES = 10
/** Below the SDK's 50 sockets, which the sends need as well. */
const PARALLEL_LEDGER_WRITES = 40
const LONE_FAILURE_MS = 24 * 3_600_000
const MAX_DEPENDENCY_ROUNDS = 6

export class Delivery {
  private readonly options: DeliveryOptions
  private readonly monitor: LaneMonitor
  private claims = 0
  private readonly ledgerLimit = pLimit(PARALLEL_LEDGER_WRITES)

  constructor(options: DeliveryOptions) {
    this.options = options
    this.monitor = new LaneMonitor(options.connector.manifest.name, options.clock)
  }

  /**
   * @param deadlineMs when the worker will be stopped.
   * @returns the messages that must come back; every other one is done for good.
   */
  async deliver(batch: readonly Received[], deadlineMs: number): Promise<Comeback[]> {
    const { clock, connector, ledger } = this.options
    const { manifest } = connector
    if (manifest.pausable) {
      const lane = await ledger.readLane(manifest.name)
      if (lane && (lane.by === 'operator' || lane.pausedUntilMs > clock.now())) {
        return batch.map(({ id }) => ({ messageId: id, seconds: MAX_BACKOFF_SECONDS }))
      }
    }
    const tasks = new Map<string, Task>()
    const comebacks: Comeback[] = []
    const intakes: Intake[] = []
    await Promise.all(
      batch.map(async (received) => {
        try {
          intakes.push(
            await takeIn(received, tasks, { manifest, reader: this.options.reader, nowMs: clock.now() }),
          )
        } catch (error) {
          const failure = asHubError(error)
          this.options.log({
            line: 'unreadable',
            connector: manifest.name,
            code: failure.code,
            reason: failure.message,
          })
          comebacks.push({ messageId: received.id, seconds: this.backoff(received.receiveCount, failure) })
        }
      }),
    )
    await this.workOff([...tasks.values()], deadlineMs)

    const pause = manifest.pausable && this.monitor.observe([...tasks.values()])
    if (pause) {
      await ledger.pauseLane(pause)
      this.options.log({ line: 'paused', connector: manifest.name, code: pause.code, reason: pause.reason })
    }
    // The same event can be in a batch twice; its row is one.
    const rows = new Map(
      intakes.flatMap((intake) => this.deliveryRow(intake, tasks) ?? []).map((row) => [row.eventId, row]),
    )
    await ledger.putDeliveries([...rows.values()])
    this.logBatch(intakes, [...rows.values()])
    return [...comebacks, ...intakes.flatMap((intake) => this.comeback(intake, tasks) ?? [])]
  }

  /** A message whose worker died before is worked alone, last: should it kill again, its neighbours are done. */
  private async workOff(tasks: readonly Task[], deadlineMs: number): Promise<void> {
    await this.readStates(tasks)
    const suspects = tasks.filter((task) => task.receiveCount >= SUSPECT_RECEIVES && task.state?.lease)
    const others = tasks.filter((task) => !suspects.includes(task))
    if (others.length > 0) await this.work(others, deadlineMs)
    for (const suspect of suspects) await this.work([suspect], deadlineMs)
  }

  private async work(roots: readonly Task[], deadlineMs: number): Promise<void> {
    const { connector, clock } = this.options
    const limit = pLimit(connector.manifest.vendor.parallelCalls)
    const outOfTime = () => clock.now() > deadlineMs - DEADLINE_MARGIN_MS
    const all = new Map(roots.map((task) => [task.key, task]))

    let fresh: Task[] = [...roots]
    for (let round = 0; fresh.length > 0 && round < MAX_DEPENDENCY_ROUNDS; round += 1) {
      await this.prepare(fresh, limit, outOfTime)
      fresh = await this.addDependencies(fresh, all)
    }
    const ready = [...all.values()].filter((task) => task.claimed)
    this.replaceGone(ready)
    await this.rememberIntentions(ready)
    const context = { connector, limit, outOfTime }
    await writeRecords(ready, context)
    await retireRecords(ready, context)
    await this.ledgerLimit.map(ready, (task) => this.settle(task))
    for (const task of all.values()) this.logAttempt(task)
  }

  private async readStates(tasks: readonly Task[]): Promise<void> {
    const { connector, ledger } = this.options
    const states = await ledger.readStates(
      connector.manifest.name,
      tasks.map((task) => task.ref),
    )
    for (const task of tasks) adopt(task, states.get(task.key))
  }

  /** Claims, obtains, gathers and projects; afterwards a task has records or an outcome. */
  private async prepare(
    tasks: readonly Task[],
    limit: ReturnType<typeof pLimit>,
    outOfTime: () => boolean,
  ): Promise<void> {
    await this.ledgerLimit.map(
      tasks.filter((task) => !task.claimed),
      (task) => this.claim(task, outOfTime),
    )
    const { connector, reader } = this.options
    const open = () => tasks.filter((task) => task.claimed && !task.outcome)
    await Promise.all(
      open().map((task) =>
        limit(async () => {
          if (task.receiveCount >= DEADLY_RECEIVES && task.takenOver) return fail(task, workerDied(task))
          await obtainNewest(task, connector.manifest, reader).catch((error) => fail(task, asHubError(error)))
        }),
      ),
    )
    await this.gatherAndProject(open().filter((task) => !task.gone))
    for (const task of open()) this.compareWithBefore(task)
  }

  private async claim(task: Task, outOfTime: () => boolean): Promise<void> {
    const { clock, connector, ledger } = this.options
    for (let attempt = 0; attempt < 3; attempt += 1) {
      if (isSuperseded(task, task.state)) {
        task.outcome = { status: 'superseded' }
        return
      }
      if (outOfTime()) {
        task.outcome = { status: 'busy', why: 'deadline' }
        return
      }
      const { state } = task
      if (state?.lease && state.lease.untilMs >= clock.now()) break
      const lease = { owner: this.ownerOf(task), untilMs: clock.now() + LEASE_MS }
      const claimed = await ledger.claim(connector.manifest.name, task.ref, state, lease)
      if (claimed === 'claimed') {
        task.claimed = true
        task.takenOver = state?.lease !== undefined
        return
      }
      adopt(task, await ledger.readState(connector.manifest.name, task.ref))
    }
    task.outcome = { status: 'busy', why: 'leased' }
  }

  private async gatherAndProject(tasks: readonly Task[]): Promise<void> {
    const { connector } = this.options
    if (tasks.length === 0) return
    const outcomes = await this.gather(tasks)
    tasks.forEach((task, index) => {
      const outcome = outcomes[index]
      if (!outcome || isHubError(outcome)) {
        fail(task, outcome ?? asHubError(new Error('gather gave no outcome')))
        return
      }
      task.keep = outcome.keep ?? task.state?.keep
      try {
        task.records = connector.project(task.object, outcome.context)
        checkProjection(task, connector.manifest)
      } catch (error) {
        fail(task, asHubError(error))
      }
    })
  }

  /** One look-up for the batch; when a defect makes it throw, object by object, so that one harms no other. */
  private async gather(tasks: readonly Task[]): ReturnType<Connector['gather']> {
    const gatherings = tasks.map((task) => ({
      ref: task.ref,
      object: task.object,
      keep: task.state?.keep,
      known: task.known,
    }))
    const { connector } = this.options
    try {
      return await connector.gather(gatherings)
    } catch (error) {
      const failure = asHubError(error)
      const divisible = failure.kind === 'invariant' || failure.kind === 'permanent'
      if (!divisible || tasks.length === 1) return tasks.map(() => failure)
      return Promise.all(
        gatherings.map(async (gathering) => {
          const [outcome] = await connector.gather([gathering]).catch((reason) => [asHubError(reason)])
          return outcome ?? failure
        }),
      )
    }
  }

  /** The same projection as before, and no worker died since: nothing to write. */
  private compareWithBefore(task: Task): void {
    task.hashed = hashProjection(task.records)
    const { state } = task
    const before = task.takenOver || state?.verify ? undefined : state?.hash
    if (
      !task.gone &&
      !comparesWithVendor(task) &&
      before === task.hashed.hash &&
      recordsToRetire(task).length === 0
    ) {
      task.outcome = { status: 'unchanged' }
    }
  }

  /**
   * Finds what the new tasks' records require. What does not stand yet joins the batch as a touch of its own (to be
   * prepared next); what cannot stand now sends the dependent back or parks it on that.
   */
  private async addDependencies(prepared: readonly Task[], all: Map<string, Task>): Promise<Task[]> {
    const requirements = prepared
      .filter((task) => task.claimed && !task.outcome && recordsToWrite(task).length > 0)
      .map((task) => ({ task, refs: requiredBy(task) }))
    const outside = new Map<string, Task>()
    for (const ref of requirements.flatMap(({ refs }) => refs)) {
      if (!all.has(refKey(ref))) outside.set(refKey(ref), newTask(ref, this.options.clock.now()))
    }
    await this.readStates([...outside.values()])
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
        if (stands(dependency.state)) continue
        if (dependency.state?.tombstone?.final) {
          this.standIn(task, ref)
        } else if (dependency.state?.trouble?.status === 'parked') {
          fail(task, waitsFor(task, ref))
        } else if (inBatch) {
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

  /** A dependency of this batch turned out to be gone from Stripe without ever having been written. */
  private replaceGone(tasks: readonly Task[]): void {
    for (const task of tasks) {
      if (task.outcome) continue
      for (const dependency of task.dependencies.values()) {
        if (dependency.gone && !hasRecords(dependency)) this.standIn(task, dependency.ref)
      }
    }
  }

  private standIn(task: Task, missing: ObjectRef): void {
    const { connector } = this.options
    const records = connector.standIn?.(missing, task.object) ?? []
    if (records.length === 0) {
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

  /** Remote records about to be made, before the vendor hears of them: a crash then leaves no orphan. */
  private async rememberIntentions(tasks: readonly Task[]): Promise<void> {
    const { connector, ledger } = this.options
    await this.ledgerLimit.map(
      tasks.filter((task) => !task.outcome),
      async (task) => {
        const unknown = recordsToWrite(task)
          .map(recordKey)
          .filter((key) => !task.known[key])
        if (unknown.length === 0) return
        for (const key of unknown) task.known[key] = {}
        const done = await ledger.intend(connector.manifest.name, task.ref, this.ownerOf(task), task.known)
        if (done === 'lost') await this.leaseLost(task)
      },
    )
  }

  private async settle(task: Task): Promise<void> {
    const { connector, ledger, queues, clock } = this.options
    const { name } = connector.manifest
    if (task.outcome?.status === 'busy' && task.outcome.why === 'lease-lost') return
    task.outcome ??= { status: 'applied' }
    this.parkLoneFailure(task)
    const { outcome } = task
    const inStep = outcome.status === 'applied' || outcome.status === 'unchanged'
    const verified = inStep && comparesWithVendor(task)
    const doubt = task.unknownOutcome || task.takenOver
    const state: ObjectState = {
      ref: task.ref,
      revision: (task.state?.revision ?? 0) + 1,
      version: task.version ?? task.state?.version,
      asOfSeconds: task.asOfSeconds ?? task.state?.asOfSeconds,
      records: task.known,
      keep: task.keep ?? task.state?.keep,
      verify: doubt || (task.state?.verify === true && !verified),
      customer: customerOf(task),
      waiters: [],
    }
    if (inStep) {
      state.hash = task.gone ? GONE : task.hashed?.hash
      state.mapping = connector.mapping
    } else if (outcome.status === 'waiting' || outcome.status === 'parked') {
      state.trouble = this.troubleOf(task, outcome)
    } else if (task.state?.trouble) {
      state.trouble = task.state.trouble
    }
    if (task.gone) {
      const reusable = connector.manifest.objects[task.ref.type]?.reusableId === true
      state.tombstone = { final: !reusable, atSeconds: Math.floor(clock.now() / 1000) }
    }
    // Before the flag: a flag whose touch was never sent would wait for ever.
    if (doubt) await queues.touch(name, [{ object: task.ref, reason: 'verify' }], VERIFY_AFTER_SECONDS)
    const settled = await ledger.settle(name, state, this.ownerOf(task))
    if (settled === 'lost') return this.leaseLost(task)
    if (inStep && settled.waiters.length > 0) {
      await queues.touch(
        name,
        settled.waiters.map((key) => ({ object: parseRefKey(key), reason: 'dependency' })),
      )
      await ledger.forgetWaiters(name, task.ref, settled.waiters)
    }
    if (outcome.status === 'parked') await this.waitForMending(task, outcome.error)
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
      attempts: (before?.attempts ?? 0) + 1,
      waitsOn: error.waitsOn,
    }
  }

  /** An object that alone has failed for a day, while others succeed, is not waiting for an outage to end. */
  private parkLoneFailure(task: Task): void {
    const { clock } = this.options
    if (task.outcome?.status !== 'waiting' || task.outcome.error.kind === 'credential') return
    const { error } = task.outcome
    const failingForMs = clock.now() - (task.state?.trouble?.sinceMs ?? clock.now())
    const othersSucceed =
      this.monitor.lastSuccessMs !== undefined && clock.now() - this.monitor.lastSuccessMs < 3_600_000
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

  private async leaseLost(task: Task): Promise<void> {
    const { connector, ledger, queues } = this.options
    task.outcome = { status: 'busy', why: 'lease-lost' }
    await queues.touch(
      connector.manifest.name,
      [{ object: task.ref, reason: 'verify' }],
      VERIFY_AFTER_SECONDS,
    )
    await ledger.markForVerification(connector.manifest.name, task.ref)
  }

  private comeback(intake: Intake, tasks: ReadonlyMap<string, Task>): Comeback | undefined {
    const seconds = intake.taskKeys.flatMap((key) => {
      const outcome = tasks.get(key)?.outcome
      if (outcome?.status === 'busy') return [2 + Math.floor(this.options.random() * 4)]
      if (outcome?.status === 'waiting') return [this.backoff(intake.received.receiveCount, outcome.error)]
      return []
    })
    return seconds.length > 0 ? { messageId: intake.received.id, seconds: Math.max(...seconds) } : undefined
  }

  /** Doubles from 2 s, half of it jitter, at most a minute; the vendor's own wish where that is longer. */
  private backoff(receiveCount: number, error: HubError): number {
    const full = Math.min(MAX_BACKOFF_SECONDS, 2 ** Math.min(receiveCount, 10))
    const jittered = Math.ceil(full / 2 + (full / 2) * this.options.random())
    return Math.min(MAX_BACKOFF_SECONDS, Math.max(jittered, error.retryAfterSeconds ?? 0))
  }

  /** `waiting` is written at the first failure only; `busy` is no attempt and leaves no row. */
  private deliveryRow(intake: Intake, tasks: ReadonlyMap<string, Task>): DeliveryRow | undefined {
    if (!intake.event) return undefined
    const own = intake.taskKeys.flatMap((key) => tasks.get(key) ?? [])
    const worst = STATUS_ORDER.find((status) => own.some((task) => task.outcome?.status === status))
    if (worst === 'busy' || (worst === 'waiting' && intake.received.receiveCount > 1)) return undefined
    const task = own.find(({ outcome }) => outcome?.status === worst)
    const error = task?.outcome && 'error' in task.outcome ? task.outcome.error : undefined
    return {
      eventId: intake.event.id,
      connector: this.options.connector.manifest.name,
      status: worst ?? 'unchanged',
      atMs: this.options.clock.now(),
      attempts: intake.received.receiveCount,
      ...(task && { object: task.ref }),
      ...(error && { errorKind: error.kind, code: error.code, reason: error.message }),
      ...(error?.hint && { hint: error.hint }),
    }
  }

  private logBatch(intakes: readonly Intake[], rows: readonly DeliveryRow[]): void {
    const { clock, connector, log } = this.options
    const count = (status: DeliveryStatus) => rows.filter((row) => row.status === status).length
    const oldest = Math.min(...intakes.map(({ event }) => event?.createdSeconds ?? Number.POSITIVE_INFINITY))
    log({
      line: 'batch',
      messages: intakes.length,
      ...withMetrics(
        clock,
        {
          Applied: count('applied'),
          Unchanged: count('unchanged'),
          Superseded: count('superseded'),
          Waiting: count('waiting'),
          Parked: count('parked'),
          ...(Number.isFinite(oldest) && { LagSeconds: Math.max(0, clock.now() / 1000 - oldest) }),
        },
        { connector: connector.manifest.name },
      ),
    })
  }

  private logAttempt(task: Task): void {
    const { clock, connector, log } = this.options
    const error = task.outcome && 'error' in task.outcome ? task.outcome.error : undefined
    log({
      line: 'attempt',
      connector: connector.manifest.name,
      object: task.key,
      status: task.outcome?.status,
      events: task.payloads.length,
      touches: task.touches.length,
      receives: task.receiveCount,
      writes: task.vendorWrites,
      fetched: task.fetched,
      ms: clock.now() - task.startedMs,
      kind: error?.kind,
      code: error?.code,
      // Only of our own defects: a vendor's words may repeat what a customer typed.
      reason: error?.kind === 'invariant' ? error.message : undefined,
    })
  }

  /** The same worker may claim an object again in a later batch: each batch is an owner of its own. */
  private ownerOf(task: Task): string {
    const known = this.owners.get(task)
    if (known) return known
    this.claims += 1
    const owner = `${this.options.workerId}#${this.claims}`
    this.owners.set(task, owner)
    return owner
  }

  private readonly owners = new WeakMap<Task, string>()
}

/** When a record that was just parked on another object looks once more. */
const RECHECK_SECONDS = 30

const STATUS_ORDER = ['busy', 'waiting', 'parked', 'applied', 'unchanged', 'superseded'] as const

function adopt(task: Task, state: ObjectState | undefined): void {
  if (state) task.state = state
  else delete task.state
  task.known = { ...state?.records }
}

/**
 * Written once: something another record can refer to. In step without any record is not enough: a customer who had
 * none before the first invoice may have one now.
 */
function stands(state: ObjectState | undefined): boolean {
  return Object.values(state?.records ?? {}).some((known) => known.remoteId !== undefined)
}

/** @throws invariant for a projection that the engine could not write in order. */
function checkProjection(task: Task, manifest: Manifest): void {
  const keys = task.records.map(recordKey)
  const twice = keys.find((key, index) => keys.indexOf(key) !== index)
  if (twice) throw invariant(`${manifest.name} projects ${twice} twice for ${task.key}.`)
  const undeclared = task.records.find(({ kind }) => !manifest.kinds.includes(kind))
  if (undeclared) throw invariant(`${manifest.name} projects a kind it does not declare: ${undeclared.kind}.`)
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
  !hasRecords(task)

const hasRecords = (task: Task): boolean =>
  Object.values(task.known).some((known) => known.remoteId !== undefined)

function requiredBy(task: Task): ObjectRef[] {
  const refs = new Map(task.records.flatMap(({ requires }) => requires.map((ref) => [refKey(ref), ref])))
  refs.delete(task.key)
  return [...refs.values()]
}

function workerDied(task: Task): HubError {
  return permanent(
    `The worker died ${task.receiveCount} times while working on ${task.ref.type} ${task.ref.id}. Nothing more is tried.`,
    {
      code: 'WORKER-DIED',
      hint: `Engineering: look for out-of-memory or time-out lines of this connector around now, mend the cause, then hub replay ${task.ref.id}.`,
    },
  )
}
