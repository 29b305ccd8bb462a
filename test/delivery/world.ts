// One hub lane around the notebook: the real engine and the real ledger (on an embedded DynamoDB), a Stripe whose
// objects the test sets, and a queue that keeps what it is given. Time stands still until the test moves it.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { clientConfig } from '../../local/aws/account.ts'
import { type EmbeddedDynamoDb, startDynamoDb } from '../../local/aws/dynamodb.ts'
import { ManualClock } from '../../shared/clock.ts'
import type { JsonObject, ObjectRef } from '../../shared/connector/contract.ts'
import { Delivery } from '../../shared/delivery/delivery.ts'
import type { Comeback } from '../../shared/delivery/report.ts'
import type { Received } from '../../shared/delivery/task.ts'
import { Ledger, refKey } from '../../shared/ledger/ledger.ts'
import { ledgerTable } from '../../shared/ledger/table.ts'
import type { Log } from '../../shared/log.ts'
import type { QueueMessage, TouchReason } from '../../shared/queue/message.ts'
import type { Queues } from '../../shared/queue/queues.ts'
import type { StripeReader } from '../../shared/stripe/access.ts'
import { STRIPE_API_VERSION } from '../../shared/stripe/client.ts'
import { Notebook } from './notebook.ts'

export const START_SECONDS = 1_790_000_000

export interface SentTouch {
  object: ObjectRef
  reason: TouchReason
  delaySeconds: number
}

export class World {
  readonly clock = new ManualClock(START_SECONDS * 1000)
  readonly notebook = new Notebook()
  readonly touches: SentTouch[] = []
  /** What Stripe would answer; `undefined` inside: deleted. */
  readonly stripe = new Map<string, JsonObject | 'deleted'>()
  fetches = 0
  readonly ledger: Ledger
  private readonly db: DynamoDBDocumentClient
  private sequence = 0

  constructor(endpoint: string, table: string) {
    this.db = DynamoDBDocumentClient.from(new DynamoDBClient(clientConfig(endpoint)), {
      marshallOptions: { removeUndefinedValues: true },
    })
    this.ledger = new Ledger({
      db: this.db,
      table,
      clock: this.clock,
      scope: { account: 'acct_1', livemode: false },
    })
  }

  readonly queues: Queues = {
    send: async () => undefined,
    touch: async (_connector, touches, delaySeconds = 0) => {
      this.touches.push(...touches.map((touch) => ({ ...touch, delaySeconds })))
    },
    comeBack: async () => undefined,
  }

  readonly reader: StripeReader = {
    canRead: () => true,
    fetch: async (ref) => {
      this.fetches += 1
      const asOfSeconds = Math.floor(this.clock.now() / 1000) + 1
      const object = this.stripe.get(refKey(ref))
      if (object === undefined) return { gone: 'not-found', asOfSeconds: 0 }
      return object === 'deleted' ? { gone: 'deleted', asOfSeconds } : { object, asOfSeconds }
    },
  }

  /** A worker of its own, as another Lambda instance would be. */
  worker(overrides: { queues?: Queues; ledger?: Ledger; log?: Log } = {}): Delivery {
    this.sequence += 1
    return new Delivery({
      connector: this.notebook.connector(),
      ledger: overrides.ledger ?? this.ledger,
      reader: this.reader,
      queues: overrides.queues ?? this.queues,
      clock: this.clock,
      random: () => 0.5,
      log: overrides.log ?? (() => undefined),
      workerId: `worker-${this.sequence}`,
    })
  }

  /** Delivers in one batch by a fresh worker. */
  deliver(messages: readonly Received[], worker = this.worker()): Promise<Comeback[]> {
    return worker.deliver(messages, this.clock.now() + 60_000)
  }

  /** Sends every touch that is due through a worker, until none is left. */
  async runTouches(): Promise<void> {
    for (let round = 0; this.touches.length > 0 && round < 10; round += 1) {
      const due = this.touches.splice(0)
      await this.deliver(due.map((touch) => this.touch(touch.object, touch.reason)))
    }
  }

  event(
    type: string,
    object: JsonObject,
    options: { at?: number; apiVersion?: string; receiveCount?: number; id?: string } = {},
  ): Received {
    this.sequence += 1
    const body = {
      id: options.id ?? `evt_${String(this.sequence).padStart(6, '0')}`,
      object: 'event',
      type,
      created: options.at ?? Math.floor(this.clock.now() / 1000),
      livemode: false,
      api_version: options.apiVersion ?? STRIPE_API_VERSION,
      data: { object },
    }
    return this.received(
      { kind: 'event', event: JSON.stringify(body), receivedAtMs: 0 },
      options.receiveCount,
    )
  }

  touch(object: ObjectRef, reason: TouchReason = 'replay'): Received {
    return this.received({ kind: 'touch', object, reason })
  }

  private received(message: QueueMessage, receiveCount = 1): Received {
    this.sequence += 1
    return { id: `m${this.sequence}`, receiveCount, message }
  }
}

/** Gives each test a world with a table of its own on one embedded DynamoDB. */
export class Worlds {
  private dynamo: EmbeddedDynamoDb | undefined
  private count = 0

  async start(): Promise<void> {
    this.dynamo = await startDynamoDb()
  }

  async create(): Promise<World> {
    if (!this.dynamo) throw new Error('start() first')
    this.count += 1
    const table = `ledger-${this.count}`
    await this.dynamo.createTable(ledgerTable(table))
    return new World(this.dynamo.endpoint, table)
  }

  async stop(): Promise<void> {
    await this.dynamo?.close()
  }
}

export const customer = (id: string, name: string | null = 'Ada'): JsonObject => ({
  id,
  object: 'customer',
  name,
})

export const invoice = (
  id: string,
  status: string,
  lines: [string, number][] = [],
  of = 'cus_1',
): JsonObject => ({
  id,
  object: 'invoice',
  status,
  customer: of,
  customer_name: 'Ada (from the invoice)',
  subtotal: lines.reduce((sum, [, amount]) => sum + amount, 0),
  lines: {
    object: 'list',
    url: `/v1/invoices/${id}/lines`,
    has_more: false,
    data: lines.map(([lineId, amount]) => ({ id: lineId, object: 'line_item', amount })),
  },
})
