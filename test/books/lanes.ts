// The hub's lanes for tax and books around one ledger: events are accepted as ingest accepts them, and worked off by the
// real delivery engine and the real connectors, which reach the simulated vendors over HTTP. Queues are lists in memory; a
// message comes back when the engine says so. AWS itself has tests of its own.
import type Stripe from 'stripe'
import type { HubConfig } from '../../functions/connectors/hub.ts'
import { manifestsOf } from '../../functions/connectors/registry.ts'
import { createLocalConnector } from '../../local/hub/connectors.ts'
import { LEDGER_TABLE } from '../../local/hub/names.ts'
import type { Vendors } from '../../local/hub/vendors.ts'
import type { Clock } from '../../shared/clock.ts'
import type { ObjectRef } from '../../shared/connector/contract.ts'
import { Delivery } from '../../shared/delivery/delivery.ts'
import type { Received } from '../../shared/delivery/task.ts'
import { type Accepted, createAccept } from '../../shared/intake/accept.ts'
import { Ledger } from '../../shared/ledger/ledger.ts'
import { ledgerTable } from '../../shared/ledger/table.ts'
import { decodeMessage, type SpillStore, type TouchReason } from '../../shared/queue/message.ts'
import type { Queues } from '../../shared/queue/queues.ts'
import { createStripeReader } from '../../shared/stripe/access.ts'
import { awsClients } from '../simulation/aws/clients.ts'
import { createDynamoDb } from '../simulation/aws/dynamodb.ts'
import { createDice } from '../simulation/dice.ts'

/** In the order in which they are asked to work: a draft is held before it is taxed, and taxed before it is posted. */
export const LANES = ['tax-hold', 'avalara', 'netsuite'] as const
type Lane = (typeof LANES)[number]

const MANIFESTS = manifestsOf([...LANES])
/** What Stripe's endpoint is set to send: nothing that no lane asks for. */
export const WANTED_EVENTS: readonly string[] = MANIFESTS.flatMap(({ routes }) =>
  routes.flatMap(({ events }) => events),
)

const FUNCTION_MS = 60_000
/** A lane that still has work at one moment after so many batches works in a circle. */
const MOST_BATCHES = 60

interface Waiting extends Received {
  visibleMs: number
}

export interface LaneOptions {
  config: HubConfig
  clock: Clock
  stripe: Stripe
  vendors: Pick<Vendors, 'urls' | 'netsuitePrivateKey'>
}

export class Lanes {
  readonly ledger: Ledger
  private readonly options: LaneOptions
  private readonly waiting = new Map<string, Waiting[]>(LANES.map((lane) => [lane, []]))
  private readonly accept: (body: string) => Promise<Accepted>
  private readonly queues: Queues
  private workers: Map<Lane, Delivery>
  private sequence = 0

  constructor(options: LaneOptions) {
    this.options = options
    const { clock, config } = options
    const scope = { account: config.stripe.account, livemode: config.livemode }
    this.ledger = new Ledger({ db: ledgerDatabase(), table: LEDGER_TABLE, clock, scope })
    const spilled = new Map<string, Uint8Array>()
    const spill: SpillStore = {
      put: async (key, body) => void spilled.set(key, body),
      get: async (key) => spilled.get(key) ?? new Uint8Array(),
    }
    this.queues = {
      send: async (lane, body) => this.enqueue(lane, await decodeMessage(body, spill), 0),
      touch: async (lane, touches, delaySeconds = 0) => {
        for (const { object, reason } of touches)
          this.enqueue(lane, { kind: 'touch', object, reason }, delaySeconds)
      },
      comeBack: async () => undefined,
    }
    this.accept = createAccept({
      ledger: this.ledger,
      queues: this.queues,
      spill,
      manifests: MANIFESTS,
      scope,
      clock,
    })
    this.workers = this.startWorkers(config)
  }

  /** New workers with another configuration: a deployment. What the ledger knows stays. */
  deploy(config: HubConfig): void {
    this.workers = this.startWorkers(config)
  }

  /** @throws Error for an event that ingest would not take. */
  async takeIn(body: string): Promise<void> {
    const accepted = await this.accept(body)
    if (accepted.outcome === 'rejected') throw new Error(accepted.reason)
  }

  async touch(lane: Lane, object: ObjectRef, reason: TouchReason): Promise<void> {
    await this.queues.touch(lane, [{ object, reason }])
  }

  /** When the next message can be seen, in milliseconds. */
  nextDueMs(): number | undefined {
    const moments = [...this.waiting.values()].flat().map(({ visibleMs }) => visibleMs)
    return moments.length === 0 ? undefined : Math.min(...moments)
  }

  /** One batch of what can be seen now, lane by lane. @returns whether there was any. */
  async workOnce(): Promise<boolean> {
    let worked = false
    for (const lane of LANES) {
      for (let batches = 0; ; batches += 1) {
        if (batches === MOST_BATCHES) throw new Error(`The lane ${lane} does not come to rest.`)
        const batch = this.takeVisible(lane)
        if (batch.length === 0) break
        worked = true
        await this.deliver(lane, batch)
      }
    }
    return worked
  }

  private async deliver(lane: Lane, batch: Waiting[]): Promise<void> {
    const { clock } = this.options
    const worker = this.workers.get(lane)
    const comebacks = (await worker?.deliver(batch, clock.now() + FUNCTION_MS)) ?? []
    for (const { messageId, seconds } of comebacks) {
      const message = batch.find(({ id }) => id === messageId)
      if (!message) continue
      const { receiveCount } = message
      const visibleMs = clock.now() + Math.max(seconds, 1) * 1_000
      this.waiting.get(lane)?.push({ ...message, receiveCount: receiveCount + 1, visibleMs })
    }
  }

  private takeVisible(lane: Lane): Waiting[] {
    const now = this.options.clock.now()
    const all = this.waiting.get(lane) ?? []
    this.waiting.set(
      lane,
      all.filter(({ visibleMs }) => visibleMs > now),
    )
    return all.filter(({ visibleMs }) => visibleMs <= now)
  }

  private enqueue(lane: string, message: Received['message'], delaySeconds: number): void {
    this.sequence += 1
    const visibleMs = this.options.clock.now() + delaySeconds * 1_000
    this.waiting.get(lane)?.push({ id: `message-${this.sequence}`, receiveCount: 1, message, visibleMs })
  }

  private startWorkers(config: HubConfig): Map<Lane, Delivery> {
    const { clock, stripe, vendors } = this.options
    const reader = createStripeReader(stripe)
    return new Map(
      LANES.map((lane) => [
        lane,
        new Delivery({
          connector: createLocalConnector(lane, {
            config,
            vendors,
            stripe,
            clock,
            livemode: config.livemode,
            ledger: this.ledger,
            log: () => undefined,
          }),
          ledger: this.ledger,
          reader,
          queues: this.queues,
          clock,
          random: () => 0.5,
          log: () => undefined,
          workerId: lane,
        }),
      ]),
    )
  }
}

function ledgerDatabase() {
  const dynamoDb = createDynamoDb()
  dynamoDb.createTable(ledgerTable(LEDGER_TABLE))
  const { dynamoDb: client } = awsClients({
    dice: createDice(1),
    handle: async (_service, request) => dynamoDb.handle(request),
  })
  return client
}
