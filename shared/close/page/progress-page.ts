// While a month is read: what was asked and answered so far, in each system. No bar and no percentage, since nobody knows how
// many rows are still to come. The browser asks again by itself; nothing is shown as judged before everything was read.
import { html } from 'hono/html'
import { type Frame, pageOf } from './page-frame.ts'
import { count, monthName } from './wording.ts'

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

const REFRESH_SECONDS = 3

/** In the order in which they are asked. */
const SYSTEMS = ['Stripe', 'NetSuite', 'AvaTax', 'lake', 'ledger']

export function progressPage(
  { month, runningSeconds, waitsFor, lastSeconds, systems }: ReadingProgress,
  frame: Pick<Frame, 'hub' | 'navigation'>,
): string {
  const name = monthName(month)
  const told = new Map(systems.map((system) => [system.source, system]))
  const names = [...SYSTEMS, ...[...told.keys()].filter((source) => !SYSTEMS.includes(source))]
  const last = names.findLastIndex((source) => told.has(source))
  const headline =
    runningSeconds === undefined
      ? `${name} waits for its turn`
      : `${name} is being read, for ${runningSeconds} s now`
  return pageOf({
    ...frame,
    title: `Reading ${name}`,
    refreshSeconds: REFRESH_SECONDS,
    main: html`<div class="answer unknown" id="answer"><h1>${headline}</h1>
<p>Nothing is judged before everything is read. ${waitsFor === undefined ? '' : `${monthName(waitsFor)} is read first.`} ${lastSeconds === undefined ? 'A large account takes minutes.' : `Last time it took ${lastSeconds} s.`} This page looks again every ${REFRESH_SECONDS} seconds; you may close it and come back.</p></div>
<ol class="steps">${names.map((source, index) => {
      const { questions = 0, rows = 0, pending } = told.get(source) ?? {}
      const isNext = index > last
      const word = isNext ? 'to come' : pending ? 'reading' : 'read'
      return html`<li><b>${source}</b> <span class="state ${word === 'read' ? 'ties' : 'unknown'}">${word}</span> <span class="soft">${isNext ? '' : `${count(questions, 'answer')}, ${count(rows, 'row')}`}</span>${pending ? html` <code>${pending.query.slice(0, 120)}</code> <span class="soft">${count(pending.rows, 'row')} so far</span>` : ''}</li>
`
    })}</ol>
<p><a href="?month=${month}">Look again now</a></p>`,
  })
}
