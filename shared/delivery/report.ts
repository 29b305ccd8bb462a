// What a batch says to the outside: which messages come back and when, each event's row in the ledger, and the log's
// wide lines. It decides nothing.
import type { Clock } from '../clock.ts'
import type { Traffic } from '../connector/contract.ts'
import type { HubError } from '../errors.ts'
import type { DeliveryRow, DeliveryStatus } from '../ledger/rows.ts'
import type { LogLine } from '../log.ts'
import { counted, joinMetrics, MAX_VALUES, withMetrics } from '../metrics.ts'
import type { Intake, Outcome, Task } from './task.ts'

/** A message that must come back, and when. */
export interface Comeback {
  messageId: string
  seconds: number
}

/** A longer wait is a pause of the lane, not a message's business. */
export const MAX_BACKOFF_SECONDS = 60

export function comebackOf(
  intake: Intake,
  tasks: ReadonlyMap<string, Task>,
  random: () => number,
): Comeback | undefined {
  const seconds = intake.taskKeys.flatMap((key) => {
    const outcome = tasks.get(key)?.outcome
    if (outcome?.status !== 'busy' && outcome?.status !== 'waiting') return []
    return [comesBackInSeconds(outcome) ?? 2 + Math.floor(random() * 4)]
  })
  return seconds.length > 0 ? { messageId: intake.received.id, seconds: Math.max(...seconds) } : undefined
}

function comesBackInSeconds(outcome: Outcome | undefined): number | undefined {
  if (outcome?.status === 'waiting') return outcome.comesBackInSeconds
  if (outcome?.status !== 'busy') return undefined
  const waits = [
    outcome.comesBackInSeconds,
    ...(outcome.behind ?? []).map((on) => comesBackInSeconds(on.outcome)),
  ]
  const known = waits.filter((seconds) => seconds !== undefined)
  return known.length > 0 ? Math.max(...known) : undefined
}

/** Doubles from 2 s, half of it jitter, at most a minute; the vendor's own wish where that is longer. */
export function backoffSeconds(attempts: number, error: HubError, random: () => number): number {
  const full = Math.min(MAX_BACKOFF_SECONDS, 2 ** Math.min(attempts, 10))
  const jittered = Math.ceil(full / 2 + (full / 2) * random())
  return Math.min(MAX_BACKOFF_SECONDS, Math.max(jittered, error.retryAfterSeconds ?? 0))
}

const STATUS_ORDER = ['busy', 'waiting', 'parked', 'applied', 'unchanged', 'superseded'] as const

/** `waiting` is written at the first failure only; `busy` is no attempt and leaves no row. */
export function deliveryRowOf(
  intake: Intake,
  tasks: ReadonlyMap<string, Task>,
  { connector, atMs }: { connector: string; atMs: number },
): DeliveryRow | undefined {
  if (!intake.event) return undefined
  const own = intake.taskKeys.flatMap((key) => tasks.get(key) ?? [])
  const worst = STATUS_ORDER.find((status) => own.some((task) => task.outcome?.status === status))
  if (worst === 'busy' || (worst === 'waiting' && intake.received.receiveCount > 1)) return undefined
  const task = own.find(({ outcome }) => outcome?.status === worst)
  const error = task?.outcome && 'error' in task.outcome ? task.outcome.error : undefined
  return {
    eventId: intake.event.id,
    connector,
    status: worst ?? 'unchanged',
    atMs,
    attempts: intake.received.receiveCount,
    ...(task && { object: task.ref }),
    ...(error && { errorKind: error.kind, code: error.code, reason: error.message }),
    ...(error?.hint && { hint: error.hint }),
  }
}

export function attemptLine(connector: string, task: Task, clock: Clock): LogLine {
  const error = task.outcome && 'error' in task.outcome ? task.outcome.error : undefined
  return {
    line: 'attempt',
    connector,
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
    ...(error &&
      joinMetrics(
        withMetrics(clock, { Errors: 1 }, { connector, kind: error.kind }),
        isNewlyParked(task) ? withMetrics(clock, { NewlyParked: 1 }, { connector }) : {},
      )),
  }
}

const isNewlyParked = ({ outcome, state }: Task): boolean =>
  outcome?.status === 'parked' && state?.trouble?.status !== 'parked'

export interface Batch {
  connector: string
  intakes: readonly Intake[]
  rows: readonly DeliveryRow[]
  traffic: Traffic | undefined
}

export function batchLines({ connector, intakes, rows, traffic }: Batch, clock: Clock): LogLine[] {
  const count = (status: DeliveryStatus) => rows.filter((row) => row.status === status).length
  const created = new Map(intakes.map(({ event }) => [event?.id, event?.createdSeconds]))
  const ended = rows
    .filter(({ status }) => status !== 'waiting' && status !== 'parked')
    .flatMap(({ eventId }) => created.get(eventId) ?? [])
  const line = {
    line: 'batch',
    messages: intakes.length,
    waiting: count('waiting'),
    parked: count('parked'),
    ...withMetrics(
      clock,
      {
        BatchMessages: intakes.length,
        Applied: count('applied'),
        Unchanged: counted(count('unchanged')),
        Superseded: counted(count('superseded')),
        VendorCalls: counted(traffic?.calls ?? 0),
        Throttled: counted(traffic?.throttled ?? 0),
        QuotaLeftPercent: traffic?.quotaLeftPercent,
      },
      { connector },
    ),
  }
  return [line, ...lagLines(connector, ended, clock)]
}

/** How long each of these events took: all of them, since percentiles of a sample would lean to the small batches. */
export function lagLines(connector: string, createdSeconds: readonly number[], clock: Clock): LogLine[] {
  const lags = createdSeconds.map((created) => Math.max(0, Math.round(clock.now() / 1000 - created)))
  const lines: LogLine[] = []
  for (let from = 0; from < lags.length; from += MAX_VALUES) {
    const LagSeconds = lags.slice(from, from + MAX_VALUES)
    lines.push({ line: 'lag', ...withMetrics(clock, { LagSeconds }, { connector }) })
  }
  return lines
}
