// The delivery engine: makes every remote record equal the projection of its object, whatever order, however often
// and with whatever failures events arrive. One batch, step by step:
//
//   take in → read states → claim (clears the hash) → obtain the newest object → gather, project → dependencies
//   → remember what is about to be written → write, retire → settle (sets the hash) → deliveries
//
// It knows no AWS and no vendor. What a message's failure means for SQS is told by the returned `Comeback`s.
import pLimit from 'p-limit'
import type { Clock } from '../clock.ts'
import type { Connector, Manifest } from '../connector/contract.ts'
import { recordKey } from '../connector/contract.ts'
import { hashProjection } from '../connector/hash.ts'
import { type HubError, invariant, isHubError, permanent } from '../errors.ts'
import { deathsAfterClaim, type Ledger } from '../ledger/ledger.ts'
import type { ObjectState } from '../ledger/rows.ts'
import type { Log } from '../log.ts'
import type { Queues } from '../queue/queues.ts'
import type { StripeReader } from '../stripe/access.ts'
import { isSuperseded, isSuspect, WORKER_DIED } from './decide.ts'
import { addDependencies, replaceGone } from './dependencies.ts'
import { LaneMonitor } from './lane-monitor.ts'
import { obtainNewest } from './obtain.ts'
import {
  attemptLine,
  backoffSeconds,
  batchLines,
  type Comeback,
  comebackOf,
  deliveryRowOf,
  MAX_BACKOFF_SECONDS,
} from './report.ts'
import { Settlement, VERIFY_AFTER_SECONDS } from './settle.ts'
import { type Intake, isGone, newTask, type Received, renewTask, type Task, takeIn } from './task.ts'
import {
  asHubError,
  comparesWithVendor,
  fail,
  recordsToRetire,
  recordsToWrite,
  retireRecords,
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

/** Longer than a Lambda may run (60 s), shorter than a message's visibility. */
const LEASE_MS = 90_000
/** Left of the Lambda's time when nothing new is begun: one vendor time-out plus settling. */
const DEADLINE_MARGIN_MS = 25_000
/** An object that keeps killing its workers is parked. */
const DEADLY = 10
/** Below the SDK's 50 sockets, which the sends need as well. */
const PARALLEL_LEDGER_WRITES = 40
const MAX_DEPENDENCY_ROUNDS = 6

export class Delivery {
  private readonly options: DeliveryOptions
  private readonly monitor: LaneMonitor
  private readonly settlement: Settlement
  private claims = 0
  private readonly ledgerLimit = pLimit(PARALLEL_LEDGER_WRITES)

  constructor(options: DeliveryOptions) {
    this.options = options
    this.monitor = new LaneMonitor(options.connector.manifest.name, options.clock)
    this.settlement = new Settlement({ ...options, lastSuccessMs: () => this.monitor.lastSuccessMs })
  }

  /**
   * @param deadlineMs when the worker will be stopped.
   * @returns the messages that must come back; every other one is done for good.
   */
  async deliver(batch: readonly Received[], deadlineMs: number): Promise<Comeback[]> {
    const { clock, connector, ledger, log, random } = this.options
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
          log({
            line: 'unreadable',
            connector: manifest.name,
            code: failure.code,
            reason: failure.message,
          })
          comebacks.push({
            messageId: received.id,
            seconds: backoffSeconds(received.receiveCount, failure, random),
          })
        }
      }),
    )
    await this.workOff([...tasks.values()], deadlineMs)

    const pause = manifest.pausable && this.monitor.observe([...tasks.values()])
    if (pause) {
      await ledger.pauseLane(pause)
      log({ line: 'paused', connector: manifest.name, code: pause.code, reason: pause.reason })
    }
    // The same event can be in a batch twice; its row is one.
    const rows = new Map(
      intakes
        .flatMap(
          (intake) => deliveryRowOf(intake, tasks, { connector: manifest.name, atMs: clock.now() }) ?? [],
        )
        .map((row) => [row.eventId, row]),
    )
    await ledger.putDeliveries([...rows.values()])
    const traffic = connector.traffic?.()
    const done = { connector: manifest.name, intakes, rows: [...rows.values()], traffic }
    for (const line of batchLines(done, clock)) log(line)
    return [...comebacks, ...intakes.flatMap((intake) => comebackOf(intake, tasks, random) ?? [])]
  }

  /** What killed its workers before is worked alone, last: should it kill again, its neighbours are done. */
  private async workOff(tasks: readonly Task[], deadlineMs: number): Promise<void> {
    await this.readStates(tasks)
    // Who has killed most comes last: all that died beside it are done by then.
    const suspects = tasks
      .filter((task) => isSuspect(task.state))
      .sort((a, b) => deathsAfterClaim(a.state) - deathsAfterClaim(b.state))
    const others = tasks.filter((task) => !suspects.includes(task))
    if (others.length > 0) await this.work(others, deadlineMs)
    for (const task of others) await this.tryAgainWithoutSuspects(task, deadlineMs)
    for (const task of suspects) await this.workAlone(task, deadlineMs)
  }

  private async workAlone(task: Task, deadlineMs: number): Promise<void> {
    await this.work([task], deadlineMs)
    await this.tryAgainWithoutSuspects(task, deadlineMs)
  }

  /** Nothing else is held while a suspect is worked: who dies with it has died of nothing else. */
  private async tryAgainWithoutSuspects(task: Task, deadlineMs: number): Promise<void> {
    if (task.suspects.length === 0) return
    for (const ref of task.suspects) {
      const suspect = newTask(ref, this.options.clock.now())
      suspect.touches.push({ reason: 'required' })
      await this.readStates([suspect])
      await this.workAlone(suspect, deadlineMs)
    }
    renewTask(task)
    await this.readStates([task])
    await this.work([task], deadlineMs)
  }

  private async work(roots: readonly Task[], deadlineMs: number): Promise<void> {
    const { connector, clock, log } = this.options
    const limit = pLimit(connector.manifest.vendor.parallelCalls)
    const outOfTime = () => clock.now() > deadlineMs - DEADLINE_MARGIN_MS
    const all = new Map(roots.map((task) => [task.key, task]))

    let fresh: Task[] = [...roots]
    for (let round = 0; fresh.length > 0 && round < MAX_DEPENDENCY_ROUNDS; round += 1) {
      await this.prepare(fresh, limit, outOfTime)
      fresh = await addDependencies(fresh, all, {
        connector,
        nowMs: clock.now(),
        readStates: (tasks) => this.readStates(tasks),
      })
    }
    const ready = [...all.values()].filter((task) => task.claimed)
    replaceGone(ready, connector)
    await this.rememberIntentions(ready)
    await this.lookAgainAtRetired(ready)
    const context = { connector, limit, outOfTime }
    await writeRecords(ready, context)
    await retireRecords(ready, context)
    await this.ledgerLimit.map(ready, (task) => this.settlement.settle(task))
    for (const task of all.values()) log(attemptLine(connector.manifest.name, task, clock))
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
          if (isDeadly(task)) return fail(task, workerDied(task))
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
      const secondsLeft = backoffLeft(task, clock.now())
      if (secondsLeft > 0) {
        task.outcome = { status: 'busy', why: 'backoff', comesBackInSeconds: secondsLeft }
        return
      }
      const { state } = task
      if (state?.lease && state.lease.untilMs >= clock.now()) break
      // The same worker may claim an object again in a later batch: each claim is an owner of its own.
      this.claims += 1
      task.owner = `${this.options.workerId}#${this.claims}`
      const lease = { owner: task.owner, untilMs: clock.now() + LEASE_MS }
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
      task.watches = outcome.watches ?? []
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
   * A vendor may have to bring back what was taken away for as long as it takes a late dependent (NetSuite posts nothing
   * for an inactive customer). Asked for before: whoever dies in between leaves somebody who will look.
   */
  private async lookAgainAtRetired(tasks: readonly Task[]): Promise<void> {
    const { connector, queues } = this.options
    const retired = new Map<string, Task>()
    for (const task of tasks) {
      if (task.outcome || recordsToWrite(task).length === 0) continue
      for (const [key, dependency] of task.dependencies) {
        const { known, records } = dependency
        const isRetired = records.length > 0 || Object.values(known).some((record) => record.retired)
        if (isGone(dependency) && isRetired) retired.set(key, dependency)
      }
    }
    const touches = [...retired.values()].map(({ ref }) => ({ object: ref, reason: 'verify' as const }))
    await queues.touch(connector.manifest.name, touches, VERIFY_AFTER_SECONDS)
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
        const done = await ledger.intend(connector.manifest.name, task.ref, task.owner, task.known)
        if (done === 'lost') await this.settlement.leaseLost(task)
      },
    )
  }
}

function adopt(task: Task, state: ObjectState | undefined): void {
  if (state) task.state = state
  else delete task.state
  task.known = { ...state?.records }
}

/** Seconds until it may be tried again after a failure; a person who asks for it does not wait. */
function backoffLeft({ state, touches }: Task, nowMs: number): number {
  if (touches.some(({ reason }) => reason === 'replay')) return 0
  const seconds = Math.ceil(((state?.trouble?.notBeforeMs ?? nowMs) - nowMs) / 1000)
  // Written by a worker whose clock was ahead.
  return Math.min(seconds, MAX_BACKOFF_SECONDS)
}

/** @throws invariant for a projection that the engine could not write in order. */
function checkProjection(task: Task, manifest: Manifest): void {
  const keys = task.records.map(recordKey)
  const twice = keys.find((key, index) => keys.indexOf(key) !== index)
  if (twice) throw invariant(`${manifest.name} projects ${twice} twice for ${task.key}.`)
  const undeclared = task.records.find(({ kind }) => !manifest.kinds.includes(kind))
  if (undeclared) throw invariant(`${manifest.name} projects a kind it does not declare: ${undeclared.kind}.`)
}

/** Nobody but a person has it tried again, and then once. */
function isDeadly(task: Task): boolean {
  const replayed = task.receiveCount === 1 && task.touches.some(({ reason }) => reason === 'replay')
  return deathsAfterClaim(task.state) >= DEADLY && !replayed
}

function workerDied(task: Task): HubError {
  return permanent(
    `Workers died ${deathsAfterClaim(task.state)} times over ${task.ref.type} ${task.ref.id}. Nothing more is tried.`,
    {
      code: WORKER_DIED,
      hint: `Engineering: look for out-of-memory or time-out lines of this connector around now, mend the cause, then hub replay ${task.ref.id}.`,
    },
  )
}
