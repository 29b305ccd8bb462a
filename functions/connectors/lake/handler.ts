// The lake's Lambda: an SQS batch becomes one append, a touch becomes an observation. A batch is taken whole or comes
// back whole; nothing is parked, since no event can be wrong for a lake.
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda'
import type { Clock } from '../../../shared/clock.ts'
import {
  answerBatch,
  answerProbe,
  isProbe,
  type ProbeAnswer,
  type ProbeRequest,
  readBatch,
} from '../../../shared/delivery/handler.ts'
import { lagLines } from '../../../shared/delivery/report.ts'
import type { Received } from '../../../shared/delivery/task.ts'
import { asHubError } from '../../../shared/delivery/write.ts'
import type { HubError } from '../../../shared/errors.ts'
import { type Ledger, refKey } from '../../../shared/ledger/ledger.ts'
import type { Log } from '../../../shared/log.ts'
import { joinMetrics, withMetrics } from '../../../shared/metrics.ts'
import type { SpillStore } from '../../../shared/queue/message.ts'
import type { Queues } from '../../../shared/queue/queues.ts'
import { parseEvent } from '../../../shared/stripe/event.ts'
import type { Appended, Lake, LakeEntry, Unobserved } from './lake.ts'
import { manifest } from './manifest.ts'
import type { Uncertain } from './rows.ts'

export interface LakeHandlerOptions {
  lake: Lake
  ledger: Pick<Ledger, 'readLane' | 'pauseLane'>
  queues: Queues
  spill: SpillStore
  clock: Clock
  log: Log
  /** The mode of the hub's own account, which touches are read in. */
  livemode: boolean
}

/** A longer wait is a pause of the lane. */
const MAX_BACKOFF_SECONDS = 60
/** Of one object that Stripe does not answer for: a thousand receives are ten days then, and it is no event that waits. */
const MAX_OBSERVE_SECONDS = 900

export function createLakeHandler(options: LakeHandlerOptions) {
  const { lake, ledger, queues, clock, log } = options
  const connector = { manifest, probe: lake.probe }
  return async (
    event: SQSEvent | ProbeRequest,
    _context: Context,
  ): Promise<SQSBatchResponse | ProbeAnswer> => {
    if (isProbe(event)) return answerProbe(connector)
    const { received, unreadable } = await readBatch(event, { ...options, connector })
    const comeBack = (messages: readonly Received[], failure?: HubError) =>
      messages.map(({ id, receiveCount }) => ({
        messageId: id,
        seconds: backoffSeconds(receiveCount, failure),
      }))
    const work = async (messages: readonly Received[]) => {
      const lane = await ledger.readLane(manifest.name)
      if (lane && (lane.by === 'operator' || lane.pausedUntilMs > clock.now())) return comeBack(messages)
      const { entries, touched, strange } = sortOut(messages, options.livemode)
      try {
        if (entries.length > 0) {
          const appended = await lake.append(entries)
          report(log, appended)
          // Before the events are done with: who dies here has them come again, and asks again.
          await askLater(queues, appended)
        }
        tellLanded(entries, messages.length, options)
        if (touched.size === 0) return comeBack(strange)
        const observed = await lake.observe([...touched.values()])
        report(log, observed)
        const missed = new Set(observed.unobserved.filter(isAskedAgain).map(({ ref }) => refKey(ref)))
        const again = [...touched]
          .filter(([, { ref }]) => missed.has(refKey(ref)))
          .map(([received]) => received)
        return [...comeBack(strange), ...again.map(observeAgain)]
      } catch (error) {
        const failure = asHubError(error)
        tellFailed(failure, entries, options)
        if (failure.kind === 'credential') await ledger.pauseLane(pauseFor(failure, clock.now()))
        return comeBack(messages, failure)
      }
    }
    return answerBatch(event, [...unreadable, ...(await work(received))], { ...options, connector })
  }
}

/** Ingest refuses what is no event, so a strange one is a defect: it goes round until the dead-letter queue has it. */
function sortOut(messages: readonly Received[], livemode: boolean) {
  const entries: LakeEntry[] = []
  const touched = new Map<Received, Uncertain>()
  const strange: Received[] = []
  for (const received of messages) {
    const { message } = received
    if (message.kind === 'touch') {
      touched.set(received, { ref: message.object, livemode, account: null })
      continue
    }
    const parsed = parseEvent(message.event)
    if ('event' in parsed) entries.push({ event: parsed.event, receivedAtMs: message.receivedAtMs })
    else strange.push(received)
  }
  return { entries, touched, strange }
}

const isAskedAgain = (missed: Unobserved): boolean => missed.isAskedAgain

async function askLater(queues: Queues, { unobserved }: Appended): Promise<void> {
  const touches = unobserved
    .filter(isAskedAgain)
    .map(({ ref }) => ({ object: ref, reason: 'verify' as const }))
  await queues.touch(manifest.name, touches, MAX_BACKOFF_SECONDS)
}

function report(log: Log, { files, observed, unobserved }: Appended): void {
  for (const { key, rows, bytes } of files)
    log({ line: 'appended', connector: manifest.name, key, rows, bytes, observed })
  for (const { ref, why } of unobserved)
    log({ line: 'unobserved', connector: manifest.name, object: refKey(ref), why })
}

function tellLanded(
  entries: readonly LakeEntry[],
  messages: number,
  { clock, log }: Pick<LakeHandlerOptions, 'clock' | 'log'>,
) {
  const connector = manifest.name
  const numbers = { BatchMessages: messages, Applied: entries.length, UnsettledSeconds: 0 }
  log({ line: 'landed', ...withMetrics(clock, numbers, { connector }) })
  const created = entries.map(({ event }) => event.createdSeconds)
  for (const line of lagLines(connector, created, clock)) log(line)
}

/** The lake keeps no row for each event: how long its oldest has waited, only its own batches can tell. */
function tellFailed(
  { kind, code, message }: HubError,
  entries: readonly LakeEntry[],
  { clock, log }: Pick<LakeHandlerOptions, 'clock' | 'log'>,
) {
  const connector = manifest.name
  const oldestMs = Math.min(...entries.map(({ receivedAtMs }) => receivedAtMs), clock.now())
  const UnsettledSeconds = Math.round((clock.now() - oldestMs) / 1000)
  log({
    line: 'failed',
    code,
    reason: message,
    ...joinMetrics(
      withMetrics(clock, { Errors: 1 }, { connector, kind }),
      withMetrics(clock, { UnsettledSeconds }, { connector }),
    ),
  })
}

const backoffSeconds = (receiveCount: number, failure: HubError | undefined): number =>
  Math.min(MAX_BACKOFF_SECONDS, failure?.retryAfterSeconds ?? 2 ** Math.min(receiveCount, 6))

const observeAgain = ({ id, receiveCount }: Received) => ({
  messageId: id,
  seconds: Math.min(MAX_OBSERVE_SECONDS, 60 * 2 ** Math.min(receiveCount - 1, 4)),
})

const pauseFor = (failure: HubError, nowMs: number) => ({
  connector: manifest.name,
  pausedSinceMs: nowMs,
  pausedUntilMs: nowMs + 60_000,
  reason: failure.message,
  code: failure.code,
  by: 'worker' as const,
})
