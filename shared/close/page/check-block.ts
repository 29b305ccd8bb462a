// One check as a block: its state in a word, what is not known, the figures, each difference with who mends it and how, what
// explains a difference that is no error, and the numbers of its evidence.
import { html } from 'hono/html'
import { amountOf, withCommands } from '../../page/next-step.ts'
import type { Html } from '../../page/page-frame.ts'
import { absolute, atStake, count, minorOf } from '../../page/wording.ts'
import { badge } from './answer.ts'
import type { EvidenceList } from './evidence-list.ts'
import { figuresTable } from './figures-table.ts'
import { openList } from './open-list.ts'
import { waterfallBars } from './waterfall.ts'
import { type BreakPart, type CheckPart, causeName, type TroublePart } from './wording.ts'

/** Of one cause; the JSON has the rest. A person mends the largest first. */
const SHOWN = 50

export function checkBlock(check: CheckPart, troubles: readonly TroublePart[], evidence: EvidenceList): Html {
  const { id, title, state, figures } = check
  const isWaterfall = id === 'deferred' && figures.length > 0
  const extra = isWaterfall ? { title: 'Picture', cell: waterfallBars(figures) } : undefined
  return html`<section aria-labelledby="check-${id}"><h2 id="check-${id}">${title} ${badge(state)}</h2>
${unreadList(check)}
${figuresTable(check, extra)}
${isWaterfall ? html`<p class="soft">Opening + invoiced − recognized − credited = closing: what customers have been invoiced for and not yet received.</p>` : ''}
${id === 'troubles' ? openList(troubles) : breakLists(check)}
${explainedList(check)}
${evidence.cite(check)}
</section>`
}

function unreadList({ unread }: CheckPart): Html | '' {
  if (unread.length === 0) return ''
  return html`<table class="cards"><caption>What is not known</caption>
<thead><tr><th scope="col">Why</th><th scope="col">Who</th><th scope="col">Next</th><th scope="col">Code</th></tr></thead>
<tbody>${unread.map(
    ({ why, owner, next, code }) =>
      html`<tr><td class="why">${why}</td><td data-label="Who">${owner}</td><td data-label="Next">${withCommands(next)}</td><td class="code" data-label="Code"><code>${code}</code></td></tr>`,
  )}</tbody></table>`
}

function breakLists({ breaks }: CheckPart): Html | '' {
  if (breaks.length === 0) return ''
  return html`${[...Map.groupBy(breaks, ({ cause }) => cause)].map(([cause, group]) => causeList(cause, group))}`
}

function causeList(cause: string, group: readonly BreakPart[]): Html {
  const stake = atStake(group)
  const owners = [...new Set(group.map(({ owner }) => owner))]
  const steps = [...new Set(group.map(({ next }) => next))]
  const shared = steps.length === 1 && owners.length === 1 ? group[0] : undefined
  const left = group.length - SHOWN
  return html`<h3>${causeName(cause)}: ${count(group.length, 'difference')}${stake === undefined ? '' : `, ${stake}`}</h3>
${shared ? html`<p class="next"><b>${shared.owner}</b>: ${withCommands(shared.next)}</p>` : ''}
<table class="cards"><thead><tr><th scope="col" class="num">By</th><th scope="col">What differs</th>${shared ? '' : html`<th scope="col">Who</th><th scope="col">Next</th>`}</tr></thead>
<tbody>${largestFirst(group)
    .slice(0, SHOWN)
    .map(
      (found) =>
        html`<tr><td class="num" data-label="By">${amountOf(found)}</td><td class="why">${whatOf(found)}</td>${
          shared
            ? ''
            : html`<td data-label="Who">${found.owner}</td><td class="next" data-label="Next">${withCommands(found.next)}</td>`
        }</tr>
`,
    )}</tbody></table>
${left > 0 ? html`<p>And ${count(left, 'smaller one')}: the JSON document lists them all.</p>` : ''}`
}

/** Not every sentence names its object. */
const whatOf = ({ object, why }: BreakPart): Html =>
  why.includes(object) ? html`${why}` : html`<b>${object}</b>: ${why}`

function largestFirst(group: readonly BreakPart[]): BreakPart[] {
  const size = ({ currency, amount }: BreakPart) =>
    currency === null || amount === null ? 0n : absolute(minorOf(amount, currency))
  return [...group].sort((a, b) => {
    const [currencyA, currencyB] = [a.currency ?? '', b.currency ?? '']
    if (currencyA !== currencyB) return currencyA < currencyB ? -1 : 1
    return size(a) < size(b) ? 1 : size(a) > size(b) ? -1 : 0
  })
}

function explainedList({ explained }: CheckPart): Html | '' {
  if (explained.length === 0) return ''
  const left = explained.length - SHOWN
  return html`<table class="cards"><caption>Differences that are no error</caption>
<thead><tr><th scope="col" class="num">Amount</th><th scope="col">Of</th><th scope="col">Why</th></tr></thead>
<tbody>${explained
    .slice(0, SHOWN)
    .map(
      (found) =>
        html`<tr><td class="num">${amountOf(found)}</td><td data-label="Of">${found.object}</td><td class="why">${found.why}</td></tr>`,
    )}</tbody></table>
${left > 0 ? html`<p>And ${count(left, 'more', 'more')}: the JSON document lists them all.</p>` : ''}`
}
