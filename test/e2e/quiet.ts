// When the hub has nothing left to do: Stripe's webhooks are out, no queue holds a message, nothing waits in the ledger; and
// that for some looks in a row, since one lane's work in Stripe is the next lane's event. Messages that are sent for later
// are the looks after a killed worker's late writes, a quarter of an hour on: counted, not waited for.
import { setTimeout as sleep } from 'node:timers/promises'
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs'
import type { Ledger } from '../../shared/ledger/ledger.ts'
import type { Carrier } from './carrier.ts'
import type { Deployment } from './deployment.ts'
import type { EmulatedAccount } from './emulated-account.ts'

export interface QueueCounts {
  visible: number
  inFlight: number
  delayed: number
}

export interface QuietOptions {
  account: EmulatedAccount
  deployment: Deployment
  ledger: Ledger
  carrier: Carrier
  /** Connectors that keep rows in the ledger. */
  projecting: readonly string[]
  /** Told now and then how much is left. */
  say: (text: string) => void
}

const LOOKS_IN_A_ROW = 4
const LOOK_EVERY_MS = 1_000
const SAY_EVERY_MS = 20_000
/** A machine may be slow, but a killed function's messages come back within this, and then something moves. */
const STUCK_AFTER_MS = 300_000
/** Something that moves for ever comes to no end either. */
const LIMIT_MS = 1_800_000

/** @throws Error with what is left, when nothing moves any more, or when it never ends. */
export async function waitUntilQuiet(options: QuietOptions): Promise<Record<string, QueueCounts>> {
  const { account, carrier, say } = options
  const sqs = new SQSClient(account.clients)
  const startedMs = performance.now()
  let quiet = 0
  let saidMs = startedMs
  let movedMs = startedMs
  let before = ''
  try {
    for (;;) {
      const counts = await countMessages(sqs, options.deployment)
      const busy = Object.values(counts).some(({ visible, inFlight }) => visible + inFlight > 0)
      const waiting = busy ? 0 : await countWaiting(options)
      quiet = busy || waiting > 0 || !carrier.isQuiet(Date.now()) ? 0 : quiet + 1
      if (quiet >= LOOKS_IN_A_ROW) return counts
      const nowMs = performance.now()
      const now = `${describe(counts)}, ${waiting} waiting, ${carrier.carried.accepted} events accepted`
      if (now !== before) movedMs = nowMs
      before = now
      if (nowMs - movedMs > STUCK_AFTER_MS || nowMs - startedMs > LIMIT_MS)
        throw new Error(
          `The hub does not come to rest (${Math.round((nowMs - startedMs) / 1_000)} s): ${now}. The emulator's log says what its functions did.`,
        )
      if (nowMs - saidMs > SAY_EVERY_MS) {
        say(now)
        saidMs = nowMs
      }
      await sleep(LOOK_EVERY_MS)
    }
  } finally {
    sqs.destroy()
  }
}

async function countMessages(sqs: SQSClient, { queues }: Deployment): Promise<Record<string, QueueCounts>> {
  const counts: Record<string, QueueCounts> = {}
  for (const [name, QueueUrl] of Object.entries(queues)) {
    const { Attributes = {} } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
    )
    counts[name] = {
      visible: Number(Attributes.ApproximateNumberOfMessages),
      inFlight: Number(Attributes.ApproximateNumberOfMessagesNotVisible),
      delayed: Number(Attributes.ApproximateNumberOfMessagesDelayed),
    }
  }
  return counts
}

async function countWaiting({ ledger, projecting }: QuietOptions): Promise<number> {
  let waiting = 0
  for (const name of projecting) waiting += (await ledger.troubled(name, 'waiting')).length
  return waiting
}

const describe = (counts: Record<string, QueueCounts>): string =>
  Object.entries(counts)
    .map(([name, { visible, inFlight }]) => `${name} ${visible}+${inFlight}`)
    .join(', ')
