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
import type { Ledger } from '../../../shared/ledger/ledger.ts'
import type { Log } from '../../../shared/log.ts'
import { joinMetrics, withMetrics } from '../../../shared/metrics.ts'
import type { SpillStore } from '../../../shared/queue/message.ts'
import type { Queues } from '../../../shared/queue/queues.ts'
import { parseEvent } from '../../../shared/stripe/event.ts'
import type { Appended, Lake, LakeEntry } from './lake.ts'
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

export function createLakeHandler(options: LakeHandlerOptions) {
  const { lake, ledger, clock, log } = options
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
        report(log, await lake.append(entries))
        if (touched.length > 0) report(log, await lake.observe(touched))
        tellLanded(entries, messages.length, options)
        return comeBack(strange)
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
  const touched: Uncertain[] = []
  const strange: Received[] = []
  for (const received of messages) {
    const { message } = received
    if (message.kind === 'touch') {
      touched.push({ ref: message.object, livemode, account: null })
      continue
    }
    const parsed = parseEvent(message.event)
    if ('event' in parsed) entries.push({ event: parsed.event, receivedAtMs: message.receivedAtMs })
    else strange.push(received)
  }
  return { entries, touched, strange }
}

function report(log: Log, { files, observed, unobserved }: Appended): void {
  for (const { key, rows, bytes } of files)
    log({ line: 'appended', connector: manifest.name, key, rows, bytes, observed })
  for (const { type, id, why } of unobserved)
    log({ line: 'unobserved', connector: manifest.name, object: `${type}/${id}`, why })
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

const pauseFor = (failure: HubError, nowMs: number) => ({
  connector: manifest.name,
  pausedSinceMs: nowMs,
  pausedUntilMs: nowMs + 60_000,
  reason: failure.message,
  code: failure.code,
  by: 'worker' as const,
})
