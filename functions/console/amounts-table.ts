// Systems side by side, the difference first, as in the close: each row says in a word whether it is the same everywhere.
import { html } from 'hono/html'
import { AMOUNT_LABELS, type AmountLabel } from '../../shared/connector/look.ts'
import type { Html } from '../../shared/page/page-frame.ts'
import { absolute, decimalOf, grouped, timeText } from '../../shared/page/wording.ts'
import type { SideBySide, SystemAmounts } from './amounts.ts'

const NAMES: Readonly<Record<AmountLabel, string>> = {
  invoiced: 'Invoiced, with tax',
  tax: 'of it tax',
  paid: 'Paid',
  credited: 'Credited',
  open: 'Open',
}

export function amountsTable({ currency, systems, readAt }: SideBySide, timeZone: string): Html {
  const rows = AMOUNT_LABELS.filter((label) => systems.some(({ minor }) => minor[label] !== undefined))
  return html`<div class="scroll" role="region" tabindex="0" aria-label="Amounts in every system"><table class="figures">
<thead><tr><th scope="col">${currency}</th><th scope="col">Same?</th>${systems.map(({ system }) => html`<th scope="col" class="num">${system}</th>`)}</tr></thead>
<tbody>${rows.map((label) => row(label, systems, currency))}
<tr><th scope="row" class="soft">says</th><td></td>${systems.map((each) => html`<td class="num soft says">${saying(each)}</td>`)}</tr></tbody></table></div>
<p class="soft">Read from each system's own API at <time datetime="${readAt}">${timeText(readAt, timeZone)}</time>, kept for a minute.</p>`
}

function row(label: AmountLabel, systems: readonly SystemAmounts[], currency: string): Html {
  const [stripe, ...others] = systems
  const base = stripe?.minor[label] ?? 0n
  const said = others.flatMap(({ minor }) => minor[label] ?? [])
  const off =
    said.map((amount) => amount - base).sort((a, b) => (absolute(a) < absolute(b) ? 1 : -1))[0] ?? 0n
  const word =
    said.length === 0
      ? html`<span class="state unknown">Stripe only</span>`
      : off === 0n
        ? html`<span class="state ties">same</span>`
        : html`<span class="state differs">off by ${grouped(decimalOf(off, currency))}</span>`
  return html`<tr class="${off === 0n ? '' : 'off'}"><th scope="row">${NAMES[label]}</th><td>${word}</td>${systems.map(
    ({ minor, state }) => cell(minor[label], state, currency),
  )}</tr>
`
}

function cell(amount: bigint | undefined, state: SystemAmounts['state'], currency: string): Html {
  if (amount !== undefined) return html`<td class="num">${grouped(decimalOf(amount, currency))}</td>`
  return html`<td class="num none">${state === 'unknown' ? 'not known' : '·'}</td>`
}

const saying = ({ state, note }: SystemAmounts): string =>
  note ?? (state === 'none' ? 'nothing of it stands here' : '')
