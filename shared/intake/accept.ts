// Accepts one authentic Stripe event, whoever brings it: the webhook, EventBridge, or the sweep that found it
// missing. Sends to every queue that wants it, checks each send, and only THEN writes the event row: the row proves
// the sends, and it alone lets a duplicate be acknowledged at once.
import { createHash } from 'node:crypto'
import type { Clock } from '../clock.ts'
import type { Manifest } from '../connector/contract.ts'
import { wants } from '../connector/routes.ts'
import type { Ledger, Scope } from '../ledger/ledger.ts'
import { encodeEvent, type SpillStore } from '../queue/message.ts'
import type { Queues } from '../queue/queues.ts'
import { type HubEvent, parseEvent } from '../stripe/event.ts'

export interface AcceptOptions {
  ledger: Ledger
  queues: Queues
  spill: SpillStore
  /** Of the connectors that are switched on. */
  manifests: readonly Manifest[]
  scope: Scope
  clock: Clock
}

export type Accepted =
  | { outcome: 'accepted' | 'duplicate'; event: HubEvent; connectors: string[] }
  /** Authentic and of no use; kept with its reason so that somebody can look. */
  | { outcome: 'rejected'; reason: string; id: string }

export type Accept = (body: string) => Promise<Accepted>

/** @returns a function that throws when a queue or the ledger does not answer: the caller must then not say 2xx. */
export function createAccept(options: AcceptOptions): Accept {
  const { ledger, queues, spill, manifests, scope, clock } = options
  const reject = async (id: string, reason: string): Promise<Accepted> => {
    await ledger.putRejection({ id, reason, receivedAtMs: clock.now() })
    return { outcome: 'rejected', reason, id }
  }
  return async (body) => {
    const parsed = parseEvent(body)
    if ('unusable' in parsed) return reject(parsed.id ?? hashOf(body), parsed.unusable)
    const { event } = parsed
    const stranger = strangerTo(scope, event)
    if (stranger) return reject(event.id, stranger)
    const known = await ledger.findEvent(event.id)
    if (known) return { outcome: 'duplicate', event, connectors: known.connectors }

    const receivedAtMs = clock.now()
    const connectors = manifests.filter((manifest) => wants(manifest, event.type)).map(({ name }) => name)
    const own = parsed.enveloped ? JSON.stringify(event.raw) : body
    const message = await encodeEvent({ id: event.id, body: own, receivedAtMs }, spill)
    await Promise.all(connectors.map((connector) => queues.send(connector, message)))
    const { raw: _, ...row } = event
    // Lost: a second copy passed the check above at the same moment. It was sent twice, which the queues allow anyway.
    const written = await ledger.putEvent({ ...row, receivedAtMs, connectors })
    return { outcome: written === 'done' ? 'accepted' : 'duplicate', event, connectors }
  }
}

/** Why an event does not belong to this hub, where that is so. */
function strangerTo(scope: Scope, event: HubEvent): string | undefined {
  if (event.livemode !== scope.livemode) {
    return event.livemode
      ? 'A live event reached a hub that is set up for test mode.'
      : 'A test event reached a hub that is set up for live mode.'
  }
  if (event.account !== undefined && event.account !== scope.account) {
    return `The event belongs to account ${event.account}, which this hub does not know.`
  }
  return undefined
}

const hashOf = (body: string): string => createHash('sha256').update(body).digest('hex').slice(0, 32)
