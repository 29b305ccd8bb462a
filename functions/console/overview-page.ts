// The first page: is everything in step now? The answer, and a line for each lane with a sentence where something is wrong.
import { html } from 'hono/html'
import { type Html, pageOf } from '../../shared/page/page-frame.ts'
import { count, timeText, withoutControls } from '../../shared/page/wording.ts'
import { isSweepSilent, type LaneStanding, type Overview, overallState } from '../../shared/trace/lanes.ts'
import type { PageContext } from './console.ts'
import { agoText, countText, lookOf, stateBadge } from './wording.ts'

export function overviewPage(original: Overview, context: PageContext): string {
  const overview = withoutControls(original)
  const { hub, site, asOf, timeZone, nowMs } = context
  const state = overallState(overview, nowMs / 1000)
  const sentences = sentencesOf(overview, nowMs)
  return pageOf({
    title: 'Overview',
    hub,
    site,
    main: html`<div class="answer ${lookOf(state)}" id="answer"><h1>${headline(overview, nowMs)}</h1>
${sentences.map((text) => html`<p>${text}</p>`)}</div>
<p class="facts">As of <time datetime="${asOf}">${timeText(asOf, timeZone)}</time>, ${timeZone}; from the hub's ledger and queues, at most ten seconds old.</p>
<table class="cards glance"><caption>Lanes</caption>
<thead><tr><th scope="col">System</th><th scope="col">State</th><th scope="col" class="num">Parked</th><th scope="col" class="num">Waiting</th><th scope="col" class="num">In the queue</th><th scope="col">Oldest</th><th scope="col">What it says</th></tr></thead>
<tbody>${overview.lanes.map((lane) => laneRow(lane, nowMs))}</tbody></table>`,
  })
}

function headline(overview: Overview, nowMs: number): string {
  const { lanes } = overview
  const of = (state: LaneStanding['state']) => lanes.filter((lane) => lane.state === state)
  const parked = lanes.reduce((sum, lane) => sum + (lane.parked?.count ?? 0), 0)
  switch (overallState(overview, nowMs / 1000)) {
    case 'in step':
      return 'Yes: everything is in step.'
    case 'working':
      return 'Almost: something is on its way.'
    case 'parked':
      return `No: ${count(parked, 'delivery is', 'deliveries are')} parked and ${parked === 1 ? 'waits' : 'wait'} for a person.`
    case 'paused':
      return `No: ${of('paused')
        .map(({ system }) => system)
        .join(' and ')} ${of('paused').length === 1 ? 'is' : 'are'} paused. Nothing is lost.`
    default:
      return 'Not known whether everything is in step.'
  }
}

function sentencesOf(overview: Overview, nowMs: number): string[] {
  const { sweptAtSeconds } = overview
  if (!isSweepSilent(overview, nowMs / 1000)) return []
  const last =
    sweptAtSeconds === undefined ? 'never yet' : `last ${agoText(sweptAtSeconds * 1000, nowMs)} ago`
  return [
    `The sweep, which looks in Stripe for events that no webhook brought, ran ${last}; it is due each quarter of an hour. Until it has, an event that never came is missed by nobody. Engineering: look at the log of reconcile if it stays so.`,
  ]
}

function laneRow(lane: LaneStanding, nowMs: number): Html {
  const { system, state, parked, waiting, backlog } = lane
  const oldest = [parked?.oldestMs, waiting?.oldestMs].filter((ms) => ms !== undefined)
  const number = (label: string, text: string | undefined) =>
    text === undefined
      ? html`<td class="num none" data-label="${label}">·</td>`
      : html`<td class="num" data-label="${label}">${text}</td>`
  const parkedText = parked && countText(parked)
  return html`<tr><th scope="row">${system}</th><td>${stateBadge(state)}</td>${
    parked && parked.count > 0
      ? html`<td class="num" data-label="Parked"><a href="/console/parked">${parkedText ?? ''}</a></td>`
      : number('Parked', parkedText)
  }${number('Waiting', waiting && countText(waiting))}${number('In the queue', backlog && String(backlog.waiting + backlog.inFlight))}<td data-label="Oldest">${
    oldest.length === 0 ? '' : agoText(Math.min(...oldest), nowMs)
  }</td><td class="why">${sayingOf(lane, nowMs)}</td></tr>
`
}

function sayingOf({ system, state, pause, parked, waiting }: LaneStanding, nowMs: number): string {
  if (state === 'unknown')
    return `The ledger or the queue of ${system} did not answer. Nothing is concluded from that. Open the page again in a minute.`
  const sentences: string[] = []
  if (pause) {
    const since = agoText(pause.pausedSinceMs, nowMs)
    const reason = pause.reason.replace(/[.\s]+$/, '')
    sentences.push(
      pause.by === 'operator'
        ? `PAUSED ${since} by an operator: ${reason}. It stays so until an operator resumes it; nothing is lost. [${pause.code}]`
        : `PAUSED ${since}: ${reason}. It is probed each minute and resumes by itself; nothing is lost. [${pause.code}]`,
    )
  }
  if (parked && parked.count > 0)
    sentences.push('What is parked needs a person: the page Parked says whom, and what to do.')
  if (waiting && waiting.count > 0 && !pause) sentences.push('What waits is tried again by itself.')
  return sentences.join(' ')
}
