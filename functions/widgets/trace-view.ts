// Where one object stands in every system, and its events in time, with what became of each: what `hub trace` prints. Found
// by customer, by any other Stripe object, by an invoice's number, or by an event.
import { html } from 'hono/html'
import type { Manifest, ObjectRef } from '../../shared/connector/contract.ts'
import type { Ledger } from '../../shared/ledger/ledger.ts'
import type { DeliveryRow, EventRow } from '../../shared/ledger/rows.ts'
import { findObject, NOTHING_KNOWN } from '../../shared/trace/find-object.ts'
import { type Standing, type Trace, traceObject } from '../../shared/trace/timeline.ts'
import type { ConsoleLinks } from './console-links.ts'
import { callsAgain, clockTime, type Html } from './frame.ts'
import { othersInTrouble } from './others-in-trouble.ts'
import type { Look } from './request.ts'

export interface TraceSources {
  ledger: Pick<Ledger, 'findEvent' | 'findRejection' | 'readState' | 'timeline' | 'deliveriesOf'>
  manifests: readonly Manifest[]
  invoiceOfNumber(number: string): Promise<string | undefined>
  links: ConsoleLinks
  functionArn: string
}

/** Of the customer's newest events: each asks the ledger what became of it. */
const LOOKED_THROUGH = 60

export const searchForm = (id: string | undefined, functionArn: string): Html =>
  html`<form><input name="id" value="${id ?? ''}" placeholder="cus_…, in_…, evt_… or an invoice number"></form><a class="btn btn-primary">Look</a>${callsAgain(functionArn, { widget: 'trace' })}`

export async function traceView(id: string, look: Look, sources: TraceSources): Promise<Html> {
  const { ledger } = sources
  const isEvent = id.startsWith('evt_')
  const event = isEvent ? await ledger.findEvent(id) : undefined
  if (isEvent && !event) return unknownEvent(id, look, sources)
  const object = event ? event.object : await findObject(id, sources)
  if (event && !object) return html`<h3>${event.type} ${id}</h3>${await eventTable([event], look, sources)}`
  if (!object) return unknown(NOTHING_KNOWN(id))
  const trace = await traceObject(object, { ...sources, events: LOOKED_THROUGH })
  const whole = await withEvent(trace, event, sources)
  const others = object.type === 'customer' ? await othersInTrouble(whole, sources) : ''
  return show(whole, others, look, sources)
}

/** The event that was asked for is shown, however old it is, and whether or not its object has a customer. */
async function withEvent(
  trace: Trace,
  event: EventRow | undefined,
  { ledger }: TraceSources,
): Promise<Trace> {
  if (!event || trace.events.some((one) => one.event.id === event.id)) return trace
  return { ...trace, events: [{ event, deliveries: await ledger.deliveriesOf(event.id) }, ...trace.events] }
}

async function unknownEvent(id: string, look: Look, { ledger }: TraceSources): Promise<Html> {
  const rejection = await ledger.findRejection(id)
  if (!rejection) return unknown(NOTHING_KNOWN(id))
  return html`<p><span class="state bad">rejected</span> ${id} came at ${clockTime(rejection.receivedAtMs, look)} and was of no use: ${rejection.reason} It is in no system; Stripe does not send it again.</p>`
}

/** Not known here is no good news and no bad news. */
const unknown = (sentence: string): Html => html`<p><span class="state grey">unknown</span> ${sentence}</p>`

const ANSWERS: Readonly<Record<Standing['state'], 'good' | 'bad' | 'grey'>> = {
  'in step': 'good',
  deleted: 'good',
  parked: 'bad',
  waiting: 'bad',
  working: 'grey',
  nothing: 'grey',
}

function show(trace: Trace, others: Html | '', look: Look, sources: TraceSources): Html {
  const { object, customer, systems, events } = trace
  const link = sources.links.timeline(object.id)
  return html`<h3>${nameOf(object)}${customer && customer !== object.id ? ` of ${customer}` : ''}${link ? html` · ${link}` : ''}</h3>
${systems.length === 0 ? unknown(`No system keeps objects of the type ${object.type}.`) : ''}
<table><tbody>${systems.map(
    ({ system, state, standing, records, hint }) => html`<tr><td class="short">${system}</td>
<td class="wide"><span class="state ${ANSWERS[state]}">${state}</span>${wordsOf(state, standing)}${hint ? html`<br>→ ${hint}` : ''}</td>
<td>${records.length > 0 ? records.join(', ') : html`<span class="soft">no record</span>`}</td></tr>`,
  )}</tbody></table>${others}
<h3>Events, in time</h3>
${
  events.length > 0
    ? eventRows(events, look)
    : html`<p class="soft">None among the newest ${LOOKED_THROUGH} of its customer. Objects of no customer (products, prices) are found by event id.</p>`
}`
}

const nameOf = ({ type, id }: ObjectRef): string => `${type} ${id}`

/** The state stands beside it already. */
const wordsOf = (state: string, standing: string): string =>
  standing === state ? '' : standing.startsWith(`${state}: `) ? standing.slice(state.length) : `: ${standing}`

const eventTable = async (events: readonly EventRow[], look: Look, { ledger }: TraceSources): Promise<Html> =>
  eventRows(
    await Promise.all(
      events.map(async (event) => ({ event, deliveries: await ledger.deliveriesOf(event.id) })),
    ),
    look,
  )

const eventRows = (events: Trace['events'], look: Look): Html =>
  html`<table><thead><tr><th>Stripe's time</th><th>event</th><th>id</th><th>what became of it</th></tr></thead>
<tbody>${events.map(
    ({ event, deliveries }) => html`<tr><td class="short">${clockTime(event.createdSeconds * 1000, look)}</td>
<td class="short">${event.type}</td><td><code>${event.id}</code></td><td>${outcomesOf(event, deliveries)}</td></tr>`,
  )}</tbody></table>`

/** A system that wants the event and says nothing has not come to an end with it. The lake keeps no rows. */
function outcomesOf({ connectors }: EventRow, deliveries: readonly DeliveryRow[]): string {
  const told = new Map(deliveries.map((row) => [row.connector, row]))
  const words = connectors.flatMap((connector) => {
    const row = told.get(connector)
    if (!row) return connector === 'lake' ? [] : [`${connector}: no end yet`]
    return [`${connector} ${row.status}${row.code ? ` [${row.code}]` : ''}`]
  })
  return words.length > 0 ? words.join(' · ') : 'wanted by no system but the lake'
}
