// What a replay would do, before it does: which deliveries, what they are worth, how old, in which order; and the form that
// asks for a reason. Its nonce is good once, for one person, for a quarter of an hour.
import { html } from 'hono/html'
import type { Manifest } from '../../shared/connector/contract.ts'
import { refKey } from '../../shared/ledger/ledger.ts'
import { amountOf, withCommands } from '../../shared/page/next-step.ts'
import { type Html, pageOf } from '../../shared/page/page-frame.ts'
import { atStake, count, timeText, withoutControls } from '../../shared/page/wording.ts'
import type { Plan, ReplayFilter } from '../../shared/trace/plan.ts'
import type { PageContext } from './console.ts'
import type { Described } from './describe.ts'
import { agoText } from './wording.ts'

export interface PreviewParts {
  plan: Plan
  filter: ReplayFilter
  worth: ReadonlyMap<string, Described>
  nonce: string
  expiresMs: number
  manifests: readonly Manifest[]
}

const SHOWN = 200

export function previewPage(parts: PreviewParts, context: PageContext): string {
  const { plan, worth, nonce, expiresMs, manifests } = parts
  const filter = withoutControls(parts.filter)
  const deliveries = withoutControls(plan.deliveries)
  const { hub, site, asOf, timeZone, nowMs } = context
  const title = (connector: string) => manifests.find(({ name }) => name === connector)?.title ?? connector
  const objects = new Map(deliveries.map(({ object }) => [refKey(object), object]))
  const stake = atStake(
    [...objects.keys()].map((key) => ({
      currency: worth.get(key)?.currency ?? null,
      amount: worth.get(key)?.amount ?? null,
    })),
  )
  const oldest = Math.min(...deliveries.map(({ trouble }) => trouble?.sinceMs ?? Number.POSITIVE_INFINITY))
  const lanes = [...Map.groupBy(deliveries, ({ connector }) => connector)].map(
    ([connector, group]) => `${title(connector)} ${group.length}`,
  )
  const left = deliveries.length - SHOWN
  const good = new Date(expiresMs).toISOString()
  return pageOf({
    title: `Preview of a replay: ${deliveries.length}`,
    hub,
    site,
    main: html`<div class="answer unknown" id="answer"><h1>Replay ${count(deliveries.length, 'delivery', 'deliveries')}? Nothing is done yet.</h1>
<p>${filter.id === undefined ? `Everything that is parked${filter.connector ? ` for ${title(filter.connector)}` : ''}${filter.code ? ` for ${filter.code}` : ''}` : `${filter.id} in every system that keeps it`}: ${count(objects.size, 'document')}${stake === undefined ? '' : html` over <b>${stake}</b>`}${Number.isFinite(oldest) ? `, the oldest waiting for ${agoText(oldest, nowMs)}` : ''}.</p>
<p>Each object is fetched from Stripe once a lane and brought in step at its newest state: at most one write a document. Documents in the books keep the day and period that they have or would have had. In this order: ${lanes.join(', then ')}.</p></div>
${confirmation(plan.id, nonce, context)}
<p class="facts">As of <time datetime="${asOf}">${timeText(asOf, timeZone)}</time>, ${timeZone}. Plan <code>${plan.id}</code> is good until <time datetime="${good}">${timeText(good, timeZone)}</time>, once, for you; it is refused when another object is parked meanwhile, or one of these is not any more.</p>
<table class="cards"><caption>What would be tried again</caption><thead><tr><th scope="col">System</th><th scope="col">Document</th><th scope="col" class="num">Amount</th><th scope="col">Waits for</th></tr></thead>
<tbody>${deliveries.slice(0, SHOWN).map(({ connector, object, trouble }) => {
      const described = worth.get(refKey(object))
      return html`<tr><td>${title(connector)}</td><th scope="row"><a href="/console/timeline?id=${encodeURIComponent(object.id)}">${described?.label ?? object.id}</a></th><td class="num" data-label="Amount">${amountOf({ currency: described?.currency ?? null, amount: described?.amount ?? null })}</td><td class="why">${trouble ? html`<code>${trouble.code}</code> ${withCommands(trouble.hint ?? '')}` : 'nothing: it is in step or on its way, and would be looked at once more'}</td></tr>
`
    })}</tbody></table>
${left > 0 ? html`<p>And ${count(left, 'more', 'more')}, in the same order.</p>` : ''}`,
  })
}

function confirmation(planId: string, nonce: string, { hub }: PageContext): Html {
  return html`<form class="deed" method="post" action="/console/replay">
<input type="hidden" name="nonce" value="${nonce}"><input type="hidden" name="plan" value="${planId}">
<label>Why? It is recorded with your name. No customer's name.<br><input name="reason" required minlength="5" maxlength="200" placeholder="Ticket or what was mended"></label>
${hub.isLive ? html`<label>This is live. Type the stage, <b>${hub.stage}</b>:<br><input name="stage" required autocomplete="off" spellcheck="false"></label>` : ''}
<button>Replay now</button> <a href="/console/parked">Leave it</a></form>`
}
