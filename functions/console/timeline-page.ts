// Why is this invoice like this? First the answer and its owner, with what can be done; then its amounts in all systems side
// by side; then where each system stands, and the steps in time.
import { html } from 'hono/html'
import { withCommands } from '../../shared/page/next-step.ts'
import { type Html, pageOf } from '../../shared/page/page-frame.ts'
import { grouped, timeText, withoutControls } from '../../shared/page/wording.ts'
import { type Answer, answerOf, ticketText } from '../../shared/trace/answer.ts'
import type { Standing, Trace } from '../../shared/trace/timeline.ts'
import type { SideBySide } from './amounts.ts'
import { amountsTable } from './amounts-table.ts'
import type { PageContext } from './console.ts'
import type { Described } from './describe.ts'
import { agoText, lookOf, secondText, stateBadge } from './wording.ts'

export interface TimelineParts {
  trace: Trace
  /** As it was asked for. */
  id: string
  described?: Described
  amounts?: SideBySide
  /** So many of the customer's newest events were looked through. */
  lookedThrough: number
}

export function timelinePage(original: TimelineParts, context: PageContext): string {
  const { amounts } = original
  const { trace, described, id, lookedThrough } = withoutControls({ ...original, amounts: undefined })
  const { hub, site, asOf, timeZone } = context
  const name = described?.label ?? trace.object.id
  const answer = answerOf(
    trace,
    described?.amount === undefined ? name : `${name} (${described.currency} ${grouped(described.amount)})`,
  )
  return pageOf({
    title: answer.headline,
    hub,
    site,
    isCopied: true,
    main: html`${answerBox(answer, trace, context)}
<p class="facts">${trace.object.type.replaceAll(/[._]/g, ' ')} <code>${trace.object.id}</code>${
      trace.customer && trace.customer !== trace.object.id
        ? html` of <a href="${timelineOf(trace.customer)}"><code>${trace.customer}</code></a>`
        : ''
    }. As of <time datetime="${asOf}">${timeText(asOf, timeZone)}</time>, ${timeZone}.</p>
${trace.object.type === 'invoice' ? amountsSection(id, amounts, timeZone) : ''}
${systemsSection(trace.systems, context)}
${eventsSection(trace, lookedThrough, timeZone)}`,
  })
}

const timelineOf = (id: string): string => `/console/timeline?id=${encodeURIComponent(id)}`

function answerBox(answer: Answer, trace: Trace, { mayReplay, hub, asOf }: PageContext): Html {
  const { headline, why, owner, next, code, detail, state } = answer
  const ticket = ticketText(trace, answer, { ...hub, at: asOf })
  const canReplay = mayReplay && trace.systems.length > 0
  return html`<div class="answer ${lookOf(state)}" id="answer"><h1>${headline}</h1>
${why.map((text) => html`<p>${text}</p>`)}
${owner === undefined ? '' : html`<p class="next"><b>${owner}</b>${next === undefined ? '' : html`: ${withCommands(withoutOwner(next, owner))}`}${code === undefined ? '' : html` <code>${code}</code>`}</p>`}
${detail === undefined ? '' : html`<details><summary>Detail: the vendor's own words</summary><p><code>${detail}</code></p></details>`}
<div class="deeds">${
    canReplay
      ? html`<a class="button" href="/console/preview?id=${encodeURIComponent(trace.object.id)}">Replay …</a>`
      : ''
  }<button type="button" hidden data-copies="ticket">Copy for ticket</button>
<details><summary>Text for a ticket</summary><textarea id="ticket" readonly rows="9" aria-label="Text for a ticket">${ticket}</textarea></details></div></div>`
}

/** 'NetSuite admin: activate it' beside the owner's name. */
const withoutOwner = (next: string, owner: string): string =>
  next.startsWith(`${owner}: `) ? next.slice(owner.length + 2) : next

function amountsSection(id: string, amounts: SideBySide | undefined, timeZone: string): Html {
  return html`<section id="amounts" aria-labelledby="amounts-title"><h2 id="amounts-title">Amounts in every system</h2>
${
  amounts
    ? amountsTable(amounts, timeZone)
    : html`<form method="get" action="/console/timeline#amounts"><input type="hidden" name="id" value="${id}"><input type="hidden" name="amounts" value="1"><button>Read them now</button> <span class="soft">asks Stripe and every system once</span></form>`
}</section>`
}

function systemsSection(systems: readonly Standing[], { nowMs }: PageContext): Html {
  return html`<section aria-labelledby="systems"><h2 id="systems">Where each system stands</h2>
<table class="cards"><thead><tr><th scope="col">System</th><th scope="col">State</th><th scope="col">Records there</th><th scope="col">Why, and what next</th></tr></thead>
<tbody>${systems.map(
    ({ system, state, standing, records, trouble, hint }) =>
      html`<tr><th scope="row">${system}</th><td>${stateBadge(state)}</td><td class="records" data-label="Records there">${records.map((record) => html`<code>${record}</code> `)}</td><td class="why">${
        trouble
          ? html`${trouble.reason} <code>${trouble.code}</code> ${withCommands(hint ?? '')} <span class="soft">Since ${agoText(trouble.sinceMs, nowMs)}, tried ${trouble.attempts}×.</span>`
          : standing === state
            ? ''
            : standing
      }</td></tr>
`,
  )}</tbody></table></section>`
}

function eventsSection(
  { events, customer, object, systems }: Trace,
  lookedThrough: number,
  timeZone: string,
): Html {
  const none = customer
    ? `None among the customer's newest ${lookedThrough} events.`
    : 'Stripe objects of no customer (a product, a price) have no timeline: look for an event by its id.'
  return html`<section aria-labelledby="steps"><h2 id="steps">Steps in time</h2>
${
  events.length === 0
    ? html`<p class="soft">${none}</p>`
    : html`<table class="cards"><thead><tr><th scope="col">When</th><th scope="col">Event</th><th scope="col">What became of it</th></tr></thead>
<tbody>${events.map(
        ({ event, deliveries }) =>
          html`<tr><th scope="row"><time datetime="${isoOf(event.createdSeconds)}">${secondText(event.createdSeconds, timeZone)}</time></th><td>${event.type} <a href="${timelineOf(event.id)}"><code>${event.id}</code></a>${object.type === 'customer' && event.object && event.object.id !== object.id ? html` of <a href="${timelineOf(event.object.id)}"><code>${event.object.id}</code></a>` : ''}</td><td data-label="Outcome">${deliveries.length === 0 ? html`<span class="soft">${undelivered(event.connectors, systems)}</span>` : ''}${deliveries.map(
            ({ connector, status, code, hint }) =>
              html`<span class="outcome">${connector} ${status}${code ? html` <code${hint ? html` title="${hint}"` : ''}>${code}</code>` : ''}</span> `,
          )}</td></tr>
`,
      )}</tbody></table>
<p class="soft">Of the customer's newest ${lookedThrough} events; what is older is in the lake: <code>hub sql</code>.</p>`
}</section>`
}

/** Lanes that only append keep no outcome of an event. */
function undelivered(connectors: readonly string[], systems: readonly Standing[]): string {
  const expected = connectors.filter((name) => systems.some(({ connector }) => connector === name))
  return expected.length === 0
    ? 'concerns no system but the lake'
    : `sent to ${expected.join(', ')}; no outcome yet`
}

const isoOf = (seconds: number): string => new Date(seconds * 1000).toISOString()
