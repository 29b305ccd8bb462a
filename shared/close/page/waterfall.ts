// The deferred-revenue waterfall's picture: a bar in each row of its table, from where the row before it ended to where this
// one ends. The figures stand beside it, so the picture itself is hidden from screen readers.
import { html } from 'hono/html'
import type { Html } from '../../page/page-frame.ts'
import { minorOf } from '../../page/wording.ts'
import type { FigurePart } from './wording.ts'

/** What each line does to what is deferred; the opening and the closing stand on zero. */
const EFFECTS: Readonly<Record<string, 1n | -1n>> = { invoiced: 1n, recognized: -1n, credited: -1n }

interface Bar {
  from: bigint
  to: bigint
}

/** By currency and label; a currency without a closing has no picture. */
export function waterfallBars(figures: readonly FigurePart[]): (figure: FigurePart) => Html | '' {
  const pictures = new Map<string, Html>()
  for (const [currency, rows] of Map.groupBy(figures, (figure) => figure.currency)) {
    const bars = barsOf(rows)
    const levels = [0n, ...[...bars.values()].flatMap(({ from, to }) => [from, to])]
    const low = levels.reduce((a, b) => (b < a ? b : a))
    const high = levels.reduce((a, b) => (b > a ? b : a))
    for (const [label, bar] of bars) pictures.set(`${currency} ${label}`, draw(bar, low, high))
  }
  return ({ currency, label }) => pictures.get(`${currency} ${label}`) ?? ''
}

function barsOf(rows: readonly FigurePart[]): Map<string, Bar> {
  const bars = new Map<string, Bar>()
  let level = 0n
  for (const { label, amounts, currency } of rows) {
    const amount = minorOf(amounts.waterfall ?? '0', currency)
    if (label === 'opening' || label === 'closing') {
      bars.set(label, { from: 0n, to: amount })
      level = amount
    } else {
      const effect = EFFECTS[label]
      if (effect === undefined) continue
      bars.set(label, { from: level, to: level + effect * amount })
      level += effect * amount
    }
  }
  return bars
}

const WIDTH = 1_000n

function draw({ from, to }: Bar, low: bigint, high: bigint): Html {
  const span = high === low ? 1n : high - low
  const at = (level: bigint) => Number(((level - low) * WIDTH) / span)
  const [left, right] = from < to ? [at(from), at(to)] : [at(to), at(from)]
  const zero = low < 0n ? html`<line class="zero" x1="${at(0n)}" x2="${at(0n)}" y1="0" y2="12"/>` : ''
  return html`<svg viewBox="0 0 1000 12" preserveAspectRatio="none" aria-hidden="true" focusable="false"><rect class="${to < from ? 'less' : 'more'}" x="${left}" y="1" width="${right - left}" height="10"/>${zero}</svg>`
}
