// A customer can be in step while an invoice of theirs is parked: what of a customer's is not in step, found by the ends of
// the events that are shown, and asked of the ledger as it is now.
import { html } from 'hono/html'
import type { ObjectRef } from '../../shared/connector/contract.ts'
import { type Ledger, refKey } from '../../shared/ledger/ledger.ts'
import type { Trace } from '../../shared/trace/timeline.ts'
import { callsAgain, type Html } from './frame.ts'

export interface TroubleSource {
  ledger: Pick<Ledger, 'readState'>
  functionArn: string
}

export async function othersInTrouble({ object, events }: Trace, source: TroubleSource): Promise<Html | ''> {
  const suspects = new Map<string, { connector: string; ref: ObjectRef }>()
  for (const { deliveries } of events)
    for (const { connector, status, object: ref } of deliveries) {
      if (!ref || refKey(ref) === refKey(object)) continue
      const key = `${connector} ${refKey(ref)}`
      if (status === 'parked' || status === 'waiting') suspects.set(key, { connector, ref })
    }
  const found = await Promise.all(
    [...suspects.values()].map(async ({ connector, ref }) => {
      const trouble = (await source.ledger.readState(connector, ref))?.trouble
      return trouble
        ? [lineOf(connector, ref, `${trouble.status} [${trouble.code}]`, source.functionArn)]
        : []
    }),
  )
  const lines = found.flat()
  if (lines.length === 0) return ''
  return html`<p><span class="state bad">Not in step</span> of this customer's: ${lines}</p>`
}

const lineOf = (connector: string, { type, id }: ObjectRef, standing: string, functionArn: string): Html =>
  html`<span class="one"><a>${type} ${id}</a>${callsAgain(functionArn, { widget: 'trace', id })} in ${connector}, ${standing}</span> `
