// A lane as AWS runs it: the poller that makes batches of a queue's messages, and at most so many sandboxes that work
// them. Here batches come in pieces, come again though they were worked, and their messages come again while the first
// worker is still at it.
import type { Context, SQSEvent } from 'aws-lambda'
import { failedMessageIds, sqsRecord } from '../../local/aws/sqs-event.ts'
import type { Queue, ReceivedMessage } from '../../local/aws/sqs-queue.ts'
import type { Manifest } from '../../shared/connector/contract.ts'
import type { Mapping, MappingState } from './aws/lambda.ts'
import type { Dice } from './dice.ts'
import type { Faults } from './faults/faults.ts'
import type { Ending, Process, Scheduler, Source } from './scheduler.ts'

export type WorkerHandler = (event: SQSEvent, context: Context) => Promise<unknown>

/** A sandbox: a process and the handler that was made in it. */
export interface Sandbox {
  process: Process
  handler: WorkerHandler
}

export interface LaneOptions {
  manifest: Manifest
  queue: Queue
  scheduler: Scheduler
  faults: Faults
  dice: Dice
  /** A cold start: @param name of the process. */
  start(name: string): Sandbox
  /** A sandbox has ended its batch. */
  onEnd(process: Process): void
}

const SANDBOXES = 2
const FUNCTION_SECONDS = 60
const SECOND_MS = 1_000

interface Gathering {
  openedMs: number
  messages: ReceivedMessage[]
  limit: number
}

interface Slot {
  sandbox: Sandbox | undefined
  busy: boolean
}

/** Also the event source mapping that the breaker switches. */
export class LanePoller implements Source, Mapping {
  readonly name: string
  private enabled = true
  private readonly options: LaneOptions
  private readonly slots: Slot[] = Array.from({ length: SANDBOXES }, () => ({
    sandbox: undefined,
    busy: false,
  }))
  private gathering: Gathering | undefined
  private started = 0
  /** The next batch goes off at once. */
  private hurries = false

  constructor(options: LaneOptions) {
    this.options = options
    this.name = options.manifest.name
  }

  get functionName(): string {
    return this.name
  }

  get queueArn(): string {
    return this.options.queue.arn
  }

  /** Switched off, it first works off what it has begun. */
  get state(): MappingState {
    if (this.enabled) return 'Enabled'
    return this.gathering || this.slots.some(({ busy }) => busy) ? 'Disabling' : 'Disabled'
  }

  setEnabled(enabled: boolean): void {
    this.enabled = enabled
  }

  /** Every sandbox that is idle now, or will be, starts anew: a deployment. */
  replaceSandboxes(): void {
    for (const slot of this.slots) slot.sandbox = undefined
  }

  dueMs(): number | undefined {
    const { queue, scheduler } = this.options
    const free = this.slots.some(({ busy }) => !busy)
    const moments: number[] = []
    if (this.gathering && free) moments.push(this.batchDueMs(this.gathering))
    if (this.enabled && !this.isFull()) {
      const { visible } = queue.counts()
      moments.push(visible > 0 ? scheduler.clock.now() : (queue.nextVisibleMs() ?? Number.POSITIVE_INFINITY))
    }
    const next = Math.min(...moments)
    return Number.isFinite(next) ? next : undefined
  }

  run(): void {
    const { queue, scheduler } = this.options
    if (this.enabled && !this.isFull() && queue.counts().visible > 0) {
      this.receive()
      return
    }
    const { gathering } = this
    const slot = this.slots.find(({ busy }) => !busy)
    if (!gathering || !slot || this.batchDueMs(gathering) > scheduler.clock.now()) return
    this.gathering = undefined
    this.invoke(slot, gathering.messages)
  }

  private isFull(): boolean {
    return this.gathering !== undefined && this.gathering.messages.length >= this.gathering.limit
  }

  private batchDueMs({ openedMs }: Gathering): number {
    const { manifest, scheduler } = this.options
    const now = scheduler.clock.now()
    return this.isFull() || !this.enabled ? now : openedMs + manifest.queue.batchWindowSeconds * SECOND_MS
  }

  private receive(): void {
    const { dice, faults, manifest, queue, scheduler } = this.options
    const at = `the queue of ${this.name}`
    if (!this.gathering) {
      const split = faults.strikes('sqs-split', 0.3, at)
      if (split) faults.hit('sqs-split')
      const limit = split ? dice.between(1, 3) : manifest.queue.batchSize
      // What comes again at once, and the other pieces, are not gathered for long: many pollers work side by side.
      const openedMs = this.hurries ? 0 : scheduler.clock.now()
      this.hurries = split
      this.gathering = { openedMs, messages: [], limit }
    }
    const received = queue.receive({ limit: this.gathering.limit - this.gathering.messages.length })
    this.gathering.messages.push(...received)
  }

  private invoke(slot: Slot, messages: ReceivedMessage[]): void {
    const { queue, scheduler } = this.options
    if (!slot.sandbox || slot.sandbox.process.dead) {
      this.started += 1
      slot.sandbox = this.options.start(`${this.name}#${this.started}`)
    }
    const { handler, process } = slot.sandbox
    slot.busy = true
    const deadlineMs = scheduler.clock.now() + FUNCTION_SECONDS * SECOND_MS
    const context = {
      getRemainingTimeInMillis: () => Math.max(0, deadlineMs - scheduler.clock.now()),
    } as Context
    const event = { Records: messages.map((message) => sqsRecord(message, queue.arn)) }
    scheduler.trace.write(process.name, `takes ${messages.length} messages`)
    this.mayRedeliver(messages)
    let over = false
    const end = (failed: ReadonlySet<string> | undefined, how: string) => {
      if (over) return
      over = true
      cancelTimeout()
      slot.busy = false
      if (process.dead || process.frozenUntilMs > 0) slot.sandbox = undefined
      scheduler.trace.write(process.name, how)
      this.options.onEnd(process)
      if (failed) this.deleteDone(messages, failed)
    }
    const cancelTimeout = scheduler.at(deadlineMs, () => {
      end(undefined, 'has timed out')
      // One that only stood still lives on, heard by nobody: the worst that a late request can do.
      if (process.frozenUntilMs === 0) scheduler.kill(process, 'is stopped at its deadline')
    })
    scheduler.invoke(
      process,
      () => handler(event, context),
      (ending) => {
        const failed = failedOf(ending, messages)
        end(
          failed,
          failed
            ? `ends its batch, ${failed.size} of ${messages.length} come back`
            : `fails its batch: ${reasonOf(ending)}`,
        )
      },
    )
  }

  /** A standard queue may hand a message out twice: here it does so while the first worker is at it. */
  private mayRedeliver(messages: readonly ReceivedMessage[]): void {
    const { faults, queue } = this.options
    if (!this.enabled || !faults.strikes('sqs-redelivered', 0.12, `the queue of ${this.name}`)) return
    faults.hit('sqs-redelivered')
    this.hurries = true
    for (const { receiptHandle } of messages) queue.changeVisibility(receiptHandle, 0)
  }

  private deleteDone(messages: readonly ReceivedMessage[], failed: ReadonlySet<string>): void {
    const { faults, queue } = this.options
    if (faults.strikes('sqs-repeated', 0.08, `the queue of ${this.name}`)) {
      faults.hit('sqs-repeated')
      return
    }
    for (const { message, receiptHandle } of messages) {
      if (!failed.has(message.id)) queue.delete(receiptHandle)
    }
  }
}

function failedOf(ending: Ending<unknown>, messages: readonly ReceivedMessage[]): Set<string> | undefined {
  if (ending.how !== 'answered') return undefined
  return failedMessageIds(ending.answer, new Set(messages.map(({ message }) => message.id)))
}

function reasonOf(ending: Ending<unknown>): string {
  if (ending.how === 'threw')
    return ending.error instanceof Error ? ending.error.message : String(ending.error)
  return ending.how
}
