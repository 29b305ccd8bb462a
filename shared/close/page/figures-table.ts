// A check's figures side by side, one block a currency, the difference first. Where the rows are a roll-forward they keep their
// order; elsewhere what differs comes first.
import { html } from 'hono/html'
import type { Html } from '../../page/page-frame.ts'
import { absolute, decimalOf, grouped, minorOf } from '../../page/wording.ts'
import type { CheckId } from '../check.ts'
import { type CheckPart, columnName, type FigurePart } from './wording.ts'

/** Rows that add up: opening, movements, closing. */
const ROLLS_FORWARD: ReadonlySet<CheckId> = new Set(['clearing', 'deferred'])
const TOTALS: ReadonlySet<string> = new Set(['closing', 'all'])
/** Their columns are parts of one sum, not sayings of one thing. */
const NOT_COMPARED: ReadonlySet<CheckId> = new Set(['troubles'])

/** A further column: a picture of the row. */
export interface Extra {
  title: string
  cell: (figure: FigurePart) => Html | ''
}

/**
 * What the last columns say more than the one that they are held against ('expected' where there is one, else the first): of
 * several the furthest. Undefined where only one system says anything.
 */
export function differenceOf({ amounts, currency }: FigurePart): bigint | undefined {
  const all = Object.entries(amounts).map(([name, amount]) => [name, minorOf(amount, currency)] as const)
  const at = Math.max(
    all.findIndex(([name]) => name === 'expected'),
    0,
  )
  const [, base = 0n] = all[at] ?? []
  const others = all.slice(at + 1).map(([, amount]) => amount - base)
  return others.length === 0 ? undefined : others.reduce((a, b) => (absolute(b) > absolute(a) ? b : a))
}

export function figuresTable(check: CheckPart, extra?: Extra): Html | '' {
  const { figures, title, id, state } = check
  if (figures.length === 0) return emptyText(check)
  const columns = [...new Set(figures.flatMap(({ amounts }) => Object.keys(amounts)))]
  const isCompared = !NOT_COMPARED.has(id)
  const groups = [...Map.groupBy(figures, ({ currency }) => currency)]
  return html`<div class="scroll" role="region" tabindex="0" aria-label="Figures: ${title}"><table class="figures">
<thead><tr><th scope="col">Currency</th><th scope="col">Line</th>${
    isCompared ? html`<th scope="col" class="num">Difference</th>` : ''
  }${columns.map((column) => html`<th scope="col" class="num">${columnName(column)}</th>`)}${
    extra ? html`<th scope="col">${extra.title}</th>` : ''
  }</tr></thead>
${groups.map(
  ([currency, rows]) => html`<tbody>
${inOrder(id, rows).map((figure, index) => {
  const difference = differenceOf(figure)
  const isOff = state === 'differs' && difference !== undefined && difference !== 0n
  const classes = [isCompared && isOff ? 'off' : '', TOTALS.has(figure.label) ? 'total' : ''].join(' ').trim()
  return html`<tr class="${classes}">${
    index === 0 ? html`<th scope="rowgroup" class="currency" rowspan="${rows.length}">${currency}</th>` : ''
  }<th scope="row">${figure.label}</th>${isCompared ? differenceCell(difference, currency) : ''}${columns.map(
    (column) => amountCell(figure.amounts[column]),
  )}${extra ? html`<td class="bar">${extra.cell(figure)}</td>` : ''}</tr>
`
})}</tbody>`,
)}</table></div>`
}

function inOrder(id: CheckId, rows: readonly FigurePart[]): FigurePart[] {
  if (ROLLS_FORWARD.has(id)) return [...rows]
  const isEqual = (figure: FigurePart) => Number((differenceOf(figure) ?? 0n) === 0n)
  return [...rows].sort((a, b) => isEqual(a) - isEqual(b))
}

function differenceCell(difference: bigint | undefined, currency: string): Html {
  if (difference === undefined) return html`<td class="num none">·</td>`
  const sign = difference > 0n ? '+' : ''
  return html`<td class="num ${difference === 0n ? 'none' : 'difference'}">${sign}${grouped(decimalOf(difference, currency))}</td>`
}

const amountCell = (amount: string | undefined): Html =>
  amount === undefined ? html`<td class="num none">·</td>` : html`<td class="num">${grouped(amount)}</td>`

function emptyText({ state, id }: CheckPart): Html | '' {
  const say = (text: string) => html`<p class="soft">${text}</p>`
  if (id === 'troubles') return state === 'ties' ? say('Nothing is open.') : ''
  if (state === 'unknown') return say('No figures: not everything that they rest on could be read.')
  return say('Nothing of this kind happened in the month.')
}
