// `hub trace <id>`: first where each system stands with the object, and what to do where it does not; then its events
// in time, with what became of each.
import process from 'node:process'
import { connectorNames } from '../functions/connectors/hub.ts'
import { manifestsOf } from '../functions/connectors/registry.ts'
import hubConfig from '../hub.config.ts'
import { openLedger } from '../local/hub/left-behind.ts'
import { STAGE } from '../local/hub/names.ts'
import type { ObjectRef } from '../shared/connector/contract.ts'
import type { Ledger } from '../shared/ledger/ledger.ts'
import type { DeliveryRow, EventRow, ObjectState } from '../shared/ledger/rows.ts'
import { findObject, NOTHING_KNOWN } from './find-object.ts'

export interface Trace {
  object: ObjectRef
  customer?: string
  systems: { system: string; standing: string; records: string[]; hint?: string }[]
  events: { event: EventRow; deliveries: DeliveryRow[] }[]
}

export async function trace(options: { id: string; json: boolean; folder: string }): Promise<number> {
  const { ledger, close } = await openLedger(options.folder)
  try {
    const object = await findObject(options.id, ledger, options.folder)
    if (!object) {
      console.error(NOTHING_KNOWN(options.id))
      return 1
    }
    const found = await traceObject(object, ledger)
    process.stdout.write(options.json ? `${JSON.stringify(found, undefined, 2)}\n` : `${describe(found)}\n`)
    return found.systems.some(({ hint }) => hint) ? 2 : 0
  } finally {
    await close()
  }
}

async function traceObject(object: ObjectRef, ledger: Ledger): Promise<Trace> {
  const manifests = manifestsOf(connectorNames(hubConfig(STAGE))).filter(
    ({ style, objects }) => style === 'projection' && object.type in objects,
  )
  const states = await Promise.all(
    manifests.map(async ({ name, title }) => ({ title, state: await ledger.readState(name, object) })),
  )
  const customer = states.flatMap(({ state }) => state?.customer ?? [])[0]
  const timeline = customer ? await ledger.timeline(customer, 1_000) : []
  const own = timeline.filter((row) => object.type === 'customer' || row.object?.id === object.id)
  return {
    object,
    ...(customer && { customer }),
    systems: states.map(({ title, state }) => standingOf(title, state)),
    events: await Promise.all(
      own.sort(inTime).map(async (event) => ({ event, deliveries: await ledger.deliveriesOf(event.id) })),
    ),
  }
}

/** Of one second, in the order in which things happen to an object: Stripe gives no finer time. */
const STEPS = [
  'created',
  'attached',
  'updated',
  'finalized',
  'sent',
  'payment_failed',
  'paid',
  'payment_succeeded',
]

function inTime(a: EventRow, b: EventRow): number {
  const step = ({ type }: EventRow) => {
    const index = STEPS.indexOf(type.slice(type.lastIndexOf('.') + 1))
    return index < 0 ? STEPS.length : index
  }
  return a.createdSeconds - b.createdSeconds || step(a) - step(b)
}

function standingOf(system: string, state: ObjectState | undefined): Trace['systems'][number] {
  const records = Object.entries(state?.records ?? {})
    .filter(([, { remoteId, retired }]) => remoteId && !retired)
    .map(([key, { remoteId }]) => `${key.slice(0, key.indexOf('/'))} ${remoteId}`)
  if (state?.trouble) {
    const { status, code, reason, hint } = state.trouble
    return {
      system,
      standing: `${status}: ${reason} [${code}]`,
      records,
      hint: hint ?? 'It is tried again by itself.',
    }
  }
  if (state?.tombstone) return { system, standing: 'deleted in Stripe', records }
  if (state?.hash)
    return { system, standing: records.length > 0 ? 'in step' : 'in step: nothing to record', records }
  return {
    system,
    standing: state?.lease
      ? 'being worked on'
      : 'nothing delivered: none of its events so far concern this system',
    records,
  }
}

function describe({ object, customer, systems, events }: Trace): string {
  const lines = [
    `${object.type} ${object.id}${customer && customer !== object.id ? ` of ${customer}` : ''}`,
    '',
  ]
  for (const { system, standing, records, hint } of systems) {
    lines.push(`  ${system.padEnd(12)} ${standing}${records.length > 0 ? `  (${records.join(', ')})` : ''}`)
    if (hint) lines.push(`  ${''.padEnd(12)} → ${hint}`)
  }
  lines.push('')
  for (const { event, deliveries } of events) {
    const outcomes = deliveries.map(
      ({ connector, status, code }) => `${connector} ${status}${code ? ` [${code}]` : ''}`,
    )
    const when = new Date(event.createdSeconds * 1000).toISOString().slice(0, 19).replace('T', ' ')
    lines.push(`  ${when}  ${event.type.padEnd(32)} ${event.id}  ${outcomes.join(' · ')}`)
  }
  if (events.length === 0) {
    lines.push(
      '  No event stands in a customer’s timeline. Objects of no customer (products, prices) are traced by event id.',
    )
  }
  return lines.join('\n')
}
