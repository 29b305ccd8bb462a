// `hub trace <id>`: first where each system stands with the object, and what to do where it does not; then its events
// in time, with what became of each.
import process from 'node:process'
import { connectorNames } from '../functions/connectors/hub.ts'
import { manifestsOf } from '../functions/connectors/registry.ts'
import hubConfig from '../hub.config.ts'
import { openLedger } from '../local/hub/left-behind.ts'
import { STAGE } from '../local/hub/names.ts'
import { findObject, NOTHING_KNOWN } from '../shared/trace/find-object.ts'
import { type Trace, traceObject } from '../shared/trace/timeline.ts'
import { invoiceInLake } from './invoice-in-lake.ts'

export async function trace(options: { id: string; json: boolean; folder: string }): Promise<number> {
  const { ledger, close } = await openLedger(options.folder)
  try {
    const object = await findObject(options.id, { ledger, invoiceOfNumber: invoiceInLake(options.folder) })
    if (!object) {
      console.error(NOTHING_KNOWN(options.id))
      return 1
    }
    const manifests = manifestsOf(connectorNames(hubConfig(STAGE)))
    const found = await traceObject(object, { ledger, manifests })
    process.stdout.write(options.json ? `${JSON.stringify(found, undefined, 2)}\n` : `${describe(found)}\n`)
    return found.systems.some(({ hint }) => hint) ? 2 : 0
  } finally {
    await close()
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
