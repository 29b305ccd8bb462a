// What else the close's address answers: the months to choose from.
import { html } from 'hono/html'
import { type Frame, type Html, pageOf } from '../../page/page-frame.ts'
import type { CheckState } from '../check.ts'
import { badge } from './answer.ts'
import { monthName } from './wording.ts'

export interface MonthChoice {
  month: string
  isOver: boolean
  /** Of a judgement that is fresh enough to be shown. */
  state?: CheckState
}

/** Choosing a month is a GET; judging it again is a POST, since it asks every vendor anew. */
export function monthNavigation(
  months: readonly MonthChoice[],
  shown?: { month: string; isJudged: boolean },
): Html {
  return html`<nav aria-label="Months">
<form method="get" action="/close"><label>Month <select name="month">${months.map(
    ({ month, isOver }) =>
      html`<option value="${month}"${month === shown?.month ? html` selected` : ''}>${monthName(month)}${isOver ? '' : ' (still runs)'}</option>`,
  )}</select></label> <button>Show</button></form>
${
  shown?.isJudged
    ? html`<form method="post" action="/close?month=${shown.month}"><button>Judge again</button></form>
<a href="/close?month=${shown.month}&amp;format=json" download="close-${shown.month}.json">JSON</a>`
    : ''
}</nav>`
}

export function monthsPage(
  months: readonly MonthChoice[],
  frame: Pick<Frame, 'hub' | 'site' | 'navigation'>,
): string {
  return pageOf({
    ...frame,
    title: 'Close of a month',
    main: html`<div id="answer"><h1>Which month?</h1><p>Each is read from every system when you open it; that changes nothing anywhere.</p></div>
<ul class="steps">${months.map(
      ({ month, isOver, state }) =>
        html`<li><b><a href="/close?month=${month}">${monthName(month)}</a></b> <span class="soft">${isOver ? 'over' : 'still runs'}</span> ${state ? badge(state) : ''}</li>`,
    )}</ul>`,
  })
}
