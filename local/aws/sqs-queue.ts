// One standard queue in memory: at-least-once delivery with visibility timeouts, delays, receive counts, retention and
// a dead-letter target, all by an injected clock. No operation scans the queue: visible messages stand in a line, all
// others in a heap by the moment they become visible.
//
// It speaks no protocol (sqs.ts does) and checks no request (sqs-operations.ts does), so the event-source poller can
// take messages from it directly, as Lambda's own pollers do beside the public API.
import { randomUUID } from 'node:crypto'
import type { Clock } from '../../shared/clock.ts'
import { queueArn } from './account.ts'
import { type Due, DueHeap } from './due-heap.ts'
import { SqsError } from './sqs-error.ts'
import { type MessageAttributes, md5OfAttributes, md5OfBody } from './sqs-message.ts'
import type { QueueSettings } from './sqs-queue-attributes.ts'

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
const IN_FLIGHT_LIMIT = 120_000
const VISIBILITY_LIMIT_MS = 43_200_000

export interface QueueMessage {
  readonly id: string
  readonly body: string
  readonly md5OfBody: string
  readonly attributes: MessageAttributes
  readonly md5OfAttributes: string | undefined
  readonly traceHeader: string | undefined
  /** Kept when the message moves to a dead-letter queue, where its retention goes on counting from here. */
  readonly sentMs: number
  readonly receiveCount: number
  readonly firstReceivedMs: number | undefined
  readonly deadLetterSourceArn: string | undefined
}

export interface ReceivedMessage {
  message: QueueMessage
  receiptHandle: string
}

export interface NewMessage {
  body: string
  attributes?: MessageAttributes
  traceHeader?: string
  delaySeconds?: number
}

export interface ReceiveOptions {
  /** At most this many messages; the public API allows 10, Lambda's pollers take more with parallel calls. */
  limit: number
  visibilityTimeoutSeconds?: number
  /** Asked before a message is taken; false leaves it untouched and ends the receive. */
  accept?: (message: QueueMessage) => boolean
}

export interface QueueCounts {
  visible: number
  inFlight: number
  delayed: number
}

export interface QueueOptions {
  name: string
  settings: QueueSettings
  clock: Clock
  /** Draws which visible message comes next; absent: the longest visible one. SQS promises neither. */
  random?: () => number
  /** A message id never given before; absent: a random one. */
  newId?: () => string
  /** Finds a dead-letter target. */
  findQueue: (arn: string) => Queue | undefined
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] }

interface StoredMessage extends Mutable<QueueMessage>, Due {
  place: 'visible' | 'delayed' | 'in_flight' | 'gone'
  /** Changes with every receive and every delete: only the newest receipt handle carries it. */
  receipt: number
  lastReceivedMs: number
}

export class Queue {
  readonly name: string
  readonly arn: string
  readonly createdMs: number
  settings: QueueSettings
  private readonly clock: Clock
  private readonly random: (() => number) | undefined
  private readonly newId: () => string
  private readonly findQueue: (arn: string) => Queue | undefined
  private readonly messages = new Map<string, StoredMessage>()
  /** Visible messages from `lineStart` on, those deleted meanwhile included. */
  private line: StoredMessage[] = []
  private lineStart = 0
  private readonly hidden = new DueHeap<StoredMessage>()
  private readonly counted: QueueCounts = { visible: 0, inFlight: 0, delayed: 0 }
  private readonly listeners = new Set<() => void>()
  /** Nothing in the queue was sent before this moment; may be too early, never too late. */
  private oldestSentMs = Number.POSITIVE_INFINITY
  private lastPurgeMs = Number.NEGATIVE_INFINITY

  constructor(options: QueueOptions) {
    this.name = options.name
    this.arn = queueArn(options.name)
    this.settings = options.settings
    this.clock = options.clock
    this.createdMs = options.clock.now()
    this.random = options.random
    this.newId = options.newId ?? randomUUID
    this.findQueue = options.findQueue
  }

  /** Takes a message that has been checked. */
  send(input: NewMessage): QueueMessage {
    const attributes = input.attributes ?? {}
    const now = this.clock.now()
    const message: StoredMessage = {
      id: this.newId(),
      body: input.body,
      md5OfBody: md5OfBody(input.body),
      attributes,
      md5OfAttributes: md5OfAttributes(attributes),
      traceHeader: input.traceHeader,
      sentMs: now,
      receiveCount: 0,
      firstReceivedMs: undefined,
      deadLetterSourceArn: undefined,
      place: 'gone',
      dueMs: now + (input.delaySeconds ?? this.settings.delaySeconds) * 1_000,
      heapIndex: -1,
      heapTurn: 0,
      receipt: 0,
      lastReceivedMs: 0,
    }
    this.store(message, now)
    return message
  }

  receive(options: ReceiveOptions): ReceivedMessage[] {
    const now = this.clock.now()
    this.catchUp(now)
    const visibleAgainMs =
      now + (options.visibilityTimeoutSeconds ?? this.settings.visibilityTimeoutSeconds) * 1_000
    const limit = Math.min(options.limit, IN_FLIGHT_LIMIT - this.counted.inFlight)
    const received: ReceivedMessage[] = []
    while (received.length < limit) {
      const message = this.nextInLine()
      if (!message) break
      if (this.moveToDeadLetters(message, now)) continue
      if (options.accept && !options.accept(message)) break
      this.lineStart += 1
      message.receiveCount += 1
      message.firstReceivedMs ??= now
      message.lastReceivedMs = now
      message.receipt += 1
      this.hide(message, 'in_flight', visibleAgainMs)
      // A copy: later receives must not change what this receiver was told.
      received.push({ message: { ...message }, receiptHandle: this.writeHandle(message) })
    }
    this.tidyLine()
    // Whoever waits for the next message to become visible must learn that there is now an earlier one.
    if (received.length > 0) this.wake()
    return received
  }

  /** Whether the limit of messages in flight is reached. */
  get full(): boolean {
    return this.counts().inFlight >= IN_FLIGHT_LIMIT
  }

  /**
   * A handle that a later receive has replaced deletes nothing and is no error: SQS says that such a message "might
   * not be deleted", and this is the reading that a caller must survive. Deleting twice is no error either.
   */
  delete(receiptHandle: string): void {
    this.catchUp(this.clock.now())
    const { message, receipt } = this.readHandle(receiptHandle)
    if (message && message.receipt === receipt) this.drop(message)
  }

  /** Counted from now. Throws what SQS answers when the message is gone, visible, or held by a newer receive. */
  changeVisibility(receiptHandle: string, seconds: number): void {
    const now = this.clock.now()
    this.catchUp(now)
    const { message, receipt } = this.readHandle(receiptHandle)
    if (!message || message.receipt !== receipt) {
      throw new SqsError(
        'InvalidParameterValue',
        `Value ${receiptHandle} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.`,
      )
    }
    if (message.place !== 'in_flight') {
      throw new SqsError('MessageNotInflight', 'The specified message is not in flight.')
    }
    const dueMs = now + seconds * 1_000
    if (dueMs > message.lastReceivedMs + VISIBILITY_LIMIT_MS) {
      throw new SqsError(
        'InvalidParameterValue',
        `Value ${seconds} for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout for the message is beyond the limit [43200 seconds].`,
      )
    }
    this.leavePlace(message)
    this.place(message, 'in_flight', dueMs, now)
  }

  /** Throws PurgeQueueInProgress within 60 seconds of the last one. */
  purge(): void {
    const now = this.clock.now()
    if (now < this.lastPurgeMs + 60_000) {
      throw new SqsError(
        'PurgeQueueInProgress',
        `Only one PurgeQueue operation on ${this.name} is allowed every 60 seconds.`,
      )
    }
    this.lastPurgeMs = now
    for (const message of this.messages.values()) message.place = 'gone'
    this.messages.clear()
    this.hidden.clear()
    this.line = []
    this.lineStart = 0
    Object.assign(this.counted, { visible: 0, inFlight: 0, delayed: 0 })
    this.oldestSentMs = Number.POSITIVE_INFINITY
  }

  counts(): QueueCounts {
    this.catchUp(this.clock.now())
    return { ...this.counted }
  }

  /** When the next hidden message becomes visible; undefined when none is hidden. */
  nextVisibleMs(): number | undefined {
    this.catchUp(this.clock.now())
    return this.hidden.peek()?.dueMs
  }

  /** Calls the listener whenever a message was sent, hidden or shown by a call; returns how to stop that. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** Tells whoever waits to look again, for example after a manual clock was moved. */
  wake(): void {
    for (const listener of this.listeners) listener()
  }

  private store(message: StoredMessage, now: number): void {
    this.messages.set(message.id, message)
    this.oldestSentMs = Math.min(this.oldestSentMs, message.sentMs)
    this.place(message, 'delayed', message.dueMs, now)
  }

  private place(message: StoredMessage, hiddenAs: 'delayed' | 'in_flight', dueMs: number, now: number): void {
    if (dueMs <= now) this.show(message)
    else this.hide(message, hiddenAs, dueMs)
    this.wake()
  }

  private show(message: StoredMessage): void {
    this.leavePlace(message)
    message.place = 'visible'
    this.counted.visible += 1
    this.line.push(message)
  }

  private hide(message: StoredMessage, as: 'delayed' | 'in_flight', dueMs: number): void {
    this.leavePlace(message)
    message.place = as
    message.dueMs = dueMs
    this.counted[as === 'in_flight' ? 'inFlight' : 'delayed'] += 1
    this.hidden.push(message)
  }

  /** Out of the counts and the heap. The line keeps its entry; `nextInLine` passes over it. */
  private leavePlace(message: StoredMessage): void {
    if (message.place === 'visible') this.counted.visible -= 1
    if (message.place === 'delayed') this.counted.delayed -= 1
    if (message.place === 'in_flight') this.counted.inFlight -= 1
    this.hidden.remove(message)
    message.place = 'gone'
  }

  private drop(message: StoredMessage): void {
    this.leavePlace(message)
    this.messages.delete(message.id)
  }

  private catchUp(now: number): void {
    for (let next = this.hidden.peek(); next && next.dueMs <= now; next = this.hidden.peek()) this.show(next)
    if (now >= this.oldestSentMs + this.settings.retentionSeconds * 1_000) this.expire(now)
  }

  private expire(now: number): void {
    const keepAfterMs = now - this.settings.retentionSeconds * 1_000
    this.oldestSentMs = Number.POSITIVE_INFINITY
    for (const message of this.messages.values()) {
      if (message.sentMs <= keepAfterMs) this.drop(message)
      else this.oldestSentMs = Math.min(this.oldestSentMs, message.sentMs)
    }
  }

  /** The visible message that is to come next, left at the head of the line. */
  private nextInLine(): StoredMessage | undefined {
    while (this.lineStart < this.line.length) {
      if (this.random) {
        const drawn = this.lineStart + Math.floor(this.random() * (this.line.length - this.lineStart))
        const [head, chosen] = [this.line[this.lineStart], this.line[drawn]]
        if (head && chosen) {
          this.line[this.lineStart] = chosen
          this.line[drawn] = head
        }
      }
      const message = this.line[this.lineStart]
      if (message?.place === 'visible') return message
      this.lineStart += 1
    }
    return undefined
  }

  private tidyLine(): void {
    if (this.lineStart < 1_024 || this.lineStart * 2 < this.line.length) return
    this.line = this.line.slice(this.lineStart)
    this.lineStart = 0
  }

  /** A message goes to the dead letters when a receive would exceed its count, and keeps its id and its age. */
  private moveToDeadLetters(message: StoredMessage, now: number): boolean {
    const policy = this.settings.redrivePolicy
    if (!policy || message.receiveCount < policy.maxReceiveCount) return false
    const target = this.findQueue(policy.deadLetterTargetArn)
    if (!target) return false
    this.drop(message)
    this.lineStart += 1
    message.deadLetterSourceArn = this.arn
    message.dueMs = now
    target.store(message, now)
    return true
  }

  private writeHandle(message: StoredMessage): string {
    return Buffer.from(`${this.name} ${message.id} ${message.receipt}`).toString('base64')
  }

  private readHandle(handle: string): { message: StoredMessage | undefined; receipt: number } {
    const [name, id, receipt] = Buffer.from(handle, 'base64').toString().split(' ')
    if (name !== this.name || id === undefined || receipt === undefined) {
      throw new SqsError(
        'ReceiptHandleIsInvalid',
        `The input receipt handle "${handle}" is not a valid receipt handle.`,
      )
    }
    return { message: this.messages.get(id), receipt: Number(receipt) }
  }
}
