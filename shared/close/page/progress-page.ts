// While a month is read: what was asked and answered so far, in each system. No bar and no percentage, since nobody knows how
// many rows are still to come; nothing is shown as judged before everything was read. The page is one answer that is sent
// piece by piece: each piece covers the one before it, so that it needs neither a script nor reloading, and the last one leads
// to the close.
import { html, raw } from 'hono/html'
import { type Frame, type Html, pageOf } from '../../page/page-frame.ts'
import { count } from '../../page/wording.ts'
import { monthName } from './wording.ts'

/** What was asked of one system so far. */
export interface SystemProgress {
  source: string
  questions: number
  rows: number
  /** Asked and not answered yet: the query and its rows so far. */
  pending?: { query: string; rows: number }
}

export interface ReadingProgress {
  month: string
  /** Absent: another month is read first. */
  runningSeconds?: number
  waitsFor?: string
  /** How long this month took before. */
  lastSeconds?: number
  systems: readonly SystemProgress[]
}

const QUERY_SHOWN = 120

/** In the order in which they are asked. */
const SYSTEMS = ['Stripe', 'NetSuite', 'AvaTax', 'lake', 'ledger']

/** What is sent first, and what ends the page. */
export function progressFrame(
  month: string,
  frame: Pick<Frame, 'hub' | 'site' | 'navigation'>,
): { opening: string; ending: string } {
  const place = '<!-- progress -->'
  const page = pageOf({
    ...frame,
    title: `Reading ${monthName(month)}`,
    main: html`<span id="answer"></span>${raw(place)}`,
  })
  const at = page.indexOf(place)
  return { opening: page.slice(0, at), ending: page.slice(at + place.length) }
}

/** One state of the reading: it covers the one sent before it. */
export function progressNow({
  month,
  runningSeconds,
  waitsFor,
  lastSeconds,
  systems,
}: ReadingProgress): string {
  const name = monthName(month)
  const told = new Map(systems.map((system) => [system.source, system]))
  const last = SYSTEMS.findLastIndex((source) => told.has(source))
  const headline =
    runningSeconds === undefined
      ? `${name} waits for its turn`
      : `${name} is being read, for ${runningSeconds} s now`
  return String(html`<div class="now"><div class="answer unknown"><h1>${headline}</h1>
<p>Nothing is judged before everything is read. ${waitsFor === undefined ? '' : `${monthName(waitsFor)} is read first.`} ${
    lastSeconds === undefined ? 'A large account takes minutes.' : `Last time it took ${lastSeconds} s.`
  } The answer comes here by itself; you may close this page and come back.</p></div>
<ol class="steps">${SYSTEMS.map((source, index) => systemLine(source, told.get(source), index - last))}</ol></div>
`)
}

/** @param place behind 0: to come; 0: asked just now; before it: done. */
function systemLine(source: string, system: SystemProgress | undefined, place: number): Html {
  const word = place > 0 ? 'to come' : place === 0 ? 'reading' : 'read'
  const { questions = 0, rows = 0, pending } = system ?? {}
  return html`<li><b>${source}</b> <span class="state unknown">${word}</span>${
    place > 0 ? '' : html` <span class="soft">${count(questions, 'answer')}, ${count(rows, 'row')}</span>`
  }${
    pending
      ? html` <code>${pending.query.slice(0, QUERY_SHOWN)}</code> <span class="soft">${count(pending.rows, 'row')} so far</span>`
      : ''
  }</li>
`
}

/** An immediate redirect, once there is something to go to; the link is for a browser that does not follow it. */
export const progressEnd = (month: string): string =>
  String(html`<div class="now"><div class="answer unknown"><h1><a href="/close?month=${month}">${monthName(month)} was read</a></h1></div></div>
<meta http-equiv="refresh" content="0;url=/close?month=${month}">
`)
