// What is parked, blocked or still on its way: amount, whose it is, for how long, why, and what to do next. Oldest first.
import { html } from 'hono/html'
import { amountOf, withCommands } from '../../page/next-step.ts'
import type { Html } from '../../page/page-frame.ts'
import { ageText, count } from '../../page/wording.ts'
import type { TroublePart } from './wording.ts'

const SHOWN = 200

export function openList(troubles: readonly TroublePart[]): Html | '' {
  if (troubles.length === 0) return ''
  const left = troubles.length - SHOWN
  return html`<table class="cards"><caption>What is open</caption>
<thead><tr><th scope="col">Document</th><th scope="col">State</th><th scope="col" class="num">Amount</th><th scope="col" class="num">Age</th><th scope="col">Owner</th><th scope="col">Why, and what next</th></tr></thead>
<tbody>${troubles.slice(0, SHOWN).map(
    (trouble) =>
      html`<tr><th scope="row"><code>${trouble.object}</code></th><td>${trouble.status} for ${trouble.system}</td><td class="num" data-label="Amount">${amountOf(trouble)}</td><td class="num" data-label="Age"><time datetime="${trouble.since}">${ageText(trouble.ageHours)}</time></td><td data-label="Owner">${trouble.owner}</td><td class="why">${trouble.reason} ${withCommands(trouble.next)} <code>${trouble.code}</code></td></tr>
`,
  )}</tbody></table>
${left > 0 ? html`<p>And ${count(left, 'newer one')}: the JSON document lists them all.</p>` : ''}`
}
