// What needs me, and what do I do? Everything that is parked, by cause: how many, what it is worth, how old, who mends it and
// how, and the preview of a replay once it is mended.
import { html } from 'hono/html'
import { ownerOf } from '../../shared/close/troubles.ts'
import type { Manifest } from '../../shared/connector/contract.ts'
import { refKey } from '../../shared/ledger/ledger.ts'
import { amountOf, withCommands } from '../../shared/page/next-step.ts'
import { type Html, pageOf } from '../../shared/page/page-frame.ts'
import { atStake, count, timeText, withoutControls } from '../../shared/page/wording.ts'
import { writeFilter } from '../../shared/trace/plan.ts'
import type { PageContext } from './console.ts'
import { type Described, MOST_DESCRIBED } from './describe.ts'
import { isSetAside, type NotedGroup, noteForm, noteText } from './parked-note.ts'
import { agoText } from './wording.ts'

export interface ParkedParts {
  noted: NotedGroup[]
  /** By `type/id`; missing: not known. */
  worth: ReadonlyMap<string, Described>
  manifests: readonly Manifest[]
}

/** Of one cause; the others are counted. */
const SHOWN = 50

export function parkedPage({ noted, worth, manifests }: ParkedParts, context: PageContext): string {
  const { hub, site, asOf, timeZone, nowMs } = context
  const title = (connector: string) => manifests.find(({ name }) => name === connector)?.title ?? connector
  const causes = withoutControls(noted)
  const aside = causes.filter((each) => isSetAside(each, nowMs))
  const open = causes.filter((each) => !isSetAside(each, nowMs))
  const sections = (list: readonly NotedGroup[]) =>
    list.map((each) => groupSection(each, title(each.group.connector), worth, context))
  const all = countOf(causes)
  return pageOf({
    title: 'Parked',
    hub,
    site,
    main: html`<div class="answer ${open.length === 0 ? (all === 0 ? 'ties' : 'unknown') : 'differs'}" id="answer"><h1>${headline(open, all)}</h1>
${all === 0 ? '' : html`<p>Mend the cause where it says; much of it then resumes by itself, and a replay brings the rest. A replay takes each object's newest state, never an old event.</p>`}</div>
<p class="facts">As of <time datetime="${asOf}">${timeText(asOf, timeZone)}</time>, ${timeZone}.${all > MOST_DESCRIBED ? ` Amounts are asked of Stripe for the first ${MOST_DESCRIBED} only.` : ''}</p>
${sections(open)}
${aside.length === 0 ? '' : html`<h2 id="aside">Set aside: ${count(countOf(aside), 'delivery', 'deliveries')}, not in step all the same</h2>`}
${sections(aside)}`,
  })
}

const countOf = (list: readonly NotedGroup[]): number =>
  list.reduce((sum, { group }) => sum + group.objects.length, 0)

function headline(open: readonly NotedGroup[], all: number): string {
  if (all === 0) return 'Nothing is parked: nobody has to act.'
  const waiting = countOf(open)
  if (waiting === 0) return `All ${all} that are parked are set aside.`
  const rest = all - waiting
  return `${count(waiting, 'delivery waits', 'deliveries wait')} for a person, for ${count(open.length, 'cause')}${rest === 0 ? '' : `; ${rest} more set aside`}.`
}

function groupSection(
  noted: NotedGroup,
  system: string,
  worth: ReadonlyMap<string, Described>,
  context: PageContext,
): Html {
  const { nowMs, mayReplay } = context
  const { group } = noted
  const { connector, code, hint = 'Engineering: hub trace <id> says more.', objects, oldestMs } = group
  const amounts = objects.map(({ object }) => amountsIn(worth.get(refKey(object))))
  const stake = atStake(amounts)
  const unpriced = amounts.filter(({ amount }) => amount === null).length
  const left = objects.length - SHOWN
  const shared = objects.every((each) => each.hint === hint)
  return html`<section aria-labelledby="${connector}-${code}"><h2 id="${connector}-${code}">${system}: <code>${code}</code> <span class="state differs">${count(objects.length, 'parked', 'parked')}</span></h2>
<p>${stake === undefined ? 'Amount not known' : html`<b>${stake}</b>`}${stake !== undefined && unpriced > 0 ? ` (and ${unpriced} without an amount)` : ''}, the oldest for ${agoText(oldestMs, nowMs)}.</p>
<p class="next"><b>${ownerOf({ hint, status: 'parked' })}</b>: ${withCommands(hint.replace(/^[A-Z][\w' ]{1,30}: /, ''))}</p>
${noteText(noted, context)}
${mayReplay ? html`<p><a class="button" href="/console/preview?${writeFilter({ connector, code })}">Preview replay of ${objects.length}</a></p>` : ''}
${noteForm(noted, context)}
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
