// What needs me, and what do I do? Everything that is parked, by cause: how many, what it is worth, how old, who mends it and
// how, and the preview of a replay once it is mended.
import { html } from 'hono/html'
import { ownerOf } from '../../shared/close/troubles.ts'
import type { Manifest } from '../../shared/connector/contract.ts'
import { refKey } from '../../shared/ledger/ledger.ts'
import { amountOf, withCommands } from '../../shared/page/next-step.ts'
import { type Html, pageOf } from '../../shared/page/page-frame.ts'
import { atStake, count, timeText, withoutControls } from '../../shared/page/wording.ts'
import { groupParked, type Parked, type ParkedGroup } from '../../shared/trace/parked.ts'
import { writeFilter } from '../../shared/trace/plan.ts'
import type { PageContext } from './console.ts'
import { type Described, MOST_DESCRIBED } from './describe.ts'
import { agoText } from './wording.ts'

export interface ParkedParts {
  objects: Parked[]
  /** By `type/id`; missing: not known. */
  worth: ReadonlyMap<string, Described>
  manifests: readonly Manifest[]
}

/** Of one cause; the others are counted. */
const SHOWN = 50

export function parkedPage({ objects, worth, manifests }: ParkedParts, context: PageContext): string {
  const { hub, site, asOf, timeZone } = context
  const groups = groupParked(withoutControls(objects))
  const title = (connector: string) => manifests.find(({ name }) => name === connector)?.title ?? connector
  const causes = `${count(groups.length, 'cause')}`
  return pageOf({
    title: 'Parked',
    hub,
    site,
    main: html`<div class="answer ${objects.length === 0 ? 'ties' : 'differs'}" id="answer"><h1>${
      objects.length === 0
        ? 'Nothing is parked: nobody has to act.'
        : `${count(objects.length, 'delivery waits', 'deliveries wait')} for a person, for ${causes}.`
    }</h1>
${objects.length === 0 ? '' : html`<p>Mend the cause where it says; much of it then resumes by itself, and a replay brings the rest. A replay takes each object's newest state, never an old event.</p>`}</div>
<p class="facts">As of <time datetime="${asOf}">${timeText(asOf, timeZone)}</time>, ${timeZone}.${objects.length > MOST_DESCRIBED ? ` Amounts are asked of Stripe for the first ${MOST_DESCRIBED} only.` : ''}</p>
${groups.map((group) => groupSection(group, title(group.connector), worth, context))}`,
  })
}

function groupSection(
  group: ParkedGroup,
  system: string,
  worth: ReadonlyMap<string, Described>,
  { nowMs, mayReplay }: PageContext,
): Html {
  const { connector, code, hint = 'Engineering: hub trace <id> says more.', objects, oldestMs } = group
  const amounts = objects.map(({ object }) => amountsIn(worth.get(refKey(object))))
  const stake = atStake(amounts)
  const unpriced = amounts.filter(({ amount }) => amount === null).length
  const left = objects.length - SHOWN
  const shared = objects.every((each) => each.hint === hint)
  return html`<section id="${connector}" aria-labelledby="${connector}-${code}"><h2 id="${connector}-${code}">${system}: <code>${code}</code> <span class="state differs">${count(objects.length, 'parked', 'parked')}</span></h2>
<p>${stake === undefined ? 'Amount not known' : html`<b>${stake}</b>`}${stake !== undefined && unpriced > 0 ? ` (and ${unpriced} without an amount)` : ''}, the oldest for ${agoText(oldestMs, nowMs)}.</p>
<p class="next"><b>${ownerOf({ hint, status: 'parked' })}</b>: ${withCommands(hint.replace(/^[A-Z][\w' ]{1,30}: /, ''))}</p>
${mayReplay ? html`<p><a class="button" href="/console/preview?${writeFilter({ connector, code })}">Preview replay of ${objects.length}</a></p>` : ''}
<table class="cards"><thead><tr><th scope="col">Document</th><th scope="col" class="num">Amount</th><th scope="col" class="num">Age</th><th scope="col">Why</th></tr></thead>
<tbody>${objects.slice(0, SHOWN).map((each, index) => {
    const described = worth.get(refKey(each.object))
    return html`<tr><th scope="row"><a href="/console/timeline?id=${encodeURIComponent(each.object.id)}">${described?.label ?? each.object.id}</a></th><td class="num" data-label="Amount">${amounts[index] ? amountOf(amounts[index]) : ''}</td><td class="num" data-label="Age">${agoText(each.sinceMs, nowMs)}</td><td class="why">${each.reason}${shared || !each.hint ? '' : html` ${withCommands(each.hint)}`}</td></tr>
`
  })}</tbody></table>
${left > 0 ? html`<p>And ${count(left, 'newer one')}; the preview names them all.</p>` : ''}</section>`
}

const amountsIn = (described: Described | undefined) => ({
  currency: described?.currency ?? null,
  amount: described?.amount ?? null,
})
