// Drafts that nobody could have held: the hub heard of them too late, or could not reach Stripe until they were
// finalized. They are to be flagged as finalized untaxed, and are no broken promise.
import type { WireEvent } from '../../local/simulators/stripe/wire.ts'
import type { Outage } from './faults/outages.ts'

/** Stripe leaves a draft for an hour; with this much of it, whatever else goes wrong, the hub must hold it. */
const ENOUGH_MS = 45 * 60_000

/** @param acknowledged when the hub took each event, by its id. @returns ids of invoices. */
export function draftsOutOfReach(
  events: readonly WireEvent[],
  acknowledged: ReadonlyMap<string, number>,
  outages: readonly Outage[],
): Set<string> {
  const finalizedMs = new Map<string, number>()
  const heardMs = new Map<string, number>()
  for (const { id, type, created, data } of events) {
    if (data.object.object !== 'invoice') continue
    const invoice = data.object.id
    if (type === 'invoice.finalized') finalizedMs.set(invoice, created * 1_000)
    // Its owner kept it and lets it go: whoever has not heard of that believes it kept still.
    if (isLetGo(data)) heardMs.delete(invoice)
    const heard = Math.min(heardMs.get(invoice) ?? Infinity, acknowledged.get(id) ?? Infinity)
    heardMs.set(invoice, heard)
  }
  const away = outages.filter(({ vendor }) => vendor === 'stripe')
  const outOfReach = [...finalizedMs].filter(([invoice, untilMs]) => {
    const fromMs = heardMs.get(invoice) ?? Infinity
    const unreachable = away.map((outage) =>
      Math.max(0, Math.min(outage.untilMs, untilMs) - Math.max(outage.fromMs, fromMs)),
    )
    return untilMs - fromMs - unreachable.reduce((sum, each) => sum + each, 0) < ENOUGH_MS
  })
  return new Set(outOfReach.map(([invoice]) => invoice))
}

const isLetGo = ({ object, previous_attributes }: WireEvent['data']): boolean =>
  object.object === 'invoice' &&
  object.status === 'draft' &&
  object.auto_advance === true &&
  previous_attributes?.auto_advance === false
