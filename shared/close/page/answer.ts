// The answer on top of the page: can I sign, and what stands between me and signing, with sums. Each check has one line here
// and its block below.
import { html } from 'hono/html'
import type { Html } from '../../page/page-frame.ts'
import { atStake, count, timeText } from '../../page/wording.ts'
import type { CheckState } from '../check.ts'
import type { CloseDocument } from '../document.ts'
import { type CheckPart, monthName, STATE_WORDS, type TroublePart } from './wording.ts'

export const canBeSigned = ({ exitCode }: Pick<CloseDocument, 'exitCode'>): boolean => exitCode === 0

export const badge = (state: CheckState): Html =>
  html`<span class="state ${state}">${STATE_WORDS[state]}</span>`

export function answer(document: CloseDocument): Html {
  const { checks, state, over } = document
  // A month that runs can tie so far; green is for what can be signed.
  const look = state === 'ties' && !over ? 'unknown' : state
  return html`<div class="answer ${look}" id="answer"><h1>${headline(document)}</h1>
<p>${explanation(document)}</p></div>
<table class="cards glance"><caption>What stands between you and signing</caption>
<thead><tr><th scope="col">Check</th><th scope="col">State</th><th scope="col">In the way</th></tr></thead>
<tbody>${checks.map(
    (check) =>
      html`<tr><th scope="row"><a href="#check-${check.id}">${check.title}</a></th><td>${badge(check.state)}</td><td>${inTheWay(check, document.troubles)}</td></tr>
`,
  )}</tbody></table>`
}

function headline(document: CloseDocument): string {
  const { state, over, month } = document
  const name = monthName(month)
  if (canBeSigned(document)) return `Yes: ${name} can be signed.`
  if (state === 'differs')
    return over ? `No: ${name} does not tie.` : `No: ${name} still runs, and does not tie so far.`
  if (state === 'unknown') return `Not known yet whether ${name} ties.`
  return `Not yet: ${name} still runs. So far it ties.`
}

function explanation({ checks, state, over, cutOff, timeZone }: CloseDocument): string {
  const tied = checks.filter((check) => check.state === 'ties').length
  const sentences = [`${tied} of ${checks.length} checks ${tied === 1 ? 'ties' : 'tie'}.`]
  const differing = checks.filter((check) => check.state === 'differs')
  // Sums of several checks are not added up: one missing payment is a difference in three of them.
  if (differing.length > 0)
    sentences.push(
      `${count(differing.length, 'does', 'do')} not. What is missing in the books shows in several checks: begin with the first.`,
    )
  const unread = checks.filter((check) => check.state === 'unknown').length
  if (unread > 0)
    sentences.push(
      `${count(unread, 'check')} ${unread === 1 ? 'is' : 'are'} not known; what is not known is not counted as right.`,
    )
  if (!over)
    sentences.push(
      `Everything up to ${timeText(cutOff, timeZone)} is judged; the month can be signed once it has ended.`,
    )
  if (state === 'ties' && over) sentences.push('Nothing is parked, blocked or unread.')
  return sentences.join(' ')
}

function worth(what: string, amounts: readonly { currency: string | null; amount: string | null }[]): string {
  const stake = atStake(amounts)
  return stake === undefined ? what : `${what} over ${stake}`
}

function inTheWay(check: CheckPart, troubles: readonly TroublePart[]): Html | string {
  if (check.state === 'ties') {
    return check.explained.length === 0
      ? 'nothing'
      : `nothing; ${count(check.explained.length, 'difference')} explained`
  }
  if (check.id === 'troubles' && check.breaks.length > 0) {
    const statuses = [...Map.groupBy(troubles, ({ status }) => status)].map(
      ([status, group]) => `${group.length} ${status}`,
    )
    return worth(statuses.join(', '), troubles)
  }
  if (check.state === 'differs') return worth(count(check.breaks.length, 'difference'), check.breaks)
  const reasons = [...new Set(check.unread.map(({ why }) => why))]
  return reasons.join(' ')
}
