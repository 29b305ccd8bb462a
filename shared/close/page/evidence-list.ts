// What the close rests on, each question once, numbered: the same list of invoices serves four checks. A check names its
// numbers; the query, the rows, their hash and the time stand at the end of the page.
import { html } from 'hono/html'
import type { Html } from '../../page/page-frame.ts'
import { count, grouped, timeText } from '../../page/wording.ts'
import type { CloseDocument } from '../document.ts'
import type { CheckPart, EvidencePart } from './wording.ts'

/** One payout a day asks one question a day: the JSON has them all. */
const SHOWN = 250

export class EvidenceList {
  private readonly numbers = new Map<string, number>()
  private readonly questions: EvidencePart[] = []

  constructor({ checks }: CloseDocument) {
    for (const { evidence } of checks) {
      for (const each of evidence) {
        if (this.numbers.has(keyOf(each))) continue
        this.questions.push(each)
        this.numbers.set(keyOf(each), this.questions.length)
      }
    }
  }

  /** 'Rests on 12 answers with 4,211 rows: E1–E11, E14'. */
  cite({ evidence }: CheckPart): Html | '' {
    if (evidence.length === 0) return ''
    const numbers = [...new Set(evidence.flatMap((each) => this.numbers.get(keyOf(each)) ?? []))].sort(
      (a, b) => a - b,
    )
    const rows = numbers.reduce((total, number) => total + (this.questions[number - 1]?.rows ?? 0), 0)
    const ranges = rangesOf(numbers).map(
      ([first, last], index) =>
        html`${index === 0 ? '' : ', '}<a href="#evidence-${first}">E${first}${last === first ? '' : `–E${last}`}</a>`,
    )
    return html`<p class="soft">Rests on ${count(numbers.length, 'answer')} with ${count(rows, 'row')}: ${ranges}.</p>`
  }

  section(timeZone: string): Html {
    const left = this.questions.length - SHOWN
    return html`<section aria-labelledby="evidence"><h2 id="evidence">Evidence</h2>
<p class="soft">Each question that was asked, so that it can be asked again. The hash is of the rows in the order in which they came: the first 32 digits of their SHA-256.</p>
<details class="evidence"><summary>${count(this.questions.length, 'question')} to all systems</summary>
<table class="cards"><thead><tr><th scope="col">No.</th><th scope="col">System</th><th scope="col">Query or call</th><th scope="col" class="num">Rows</th><th scope="col">Hash</th><th scope="col">Asked</th></tr></thead>
<tbody>${this.questions.slice(0, SHOWN).map(
      ({ source, query, rows, hash, asOf }, index) =>
        html`<tr id="evidence-${index + 1}"><th scope="row">E${index + 1}</th><td data-label="System">${source}</td><td data-label="Query"><code>${query}</code></td><td class="num" data-label="Rows">${grouped(String(rows))}</td><td class="hash" data-label="Hash"><code>${hash}</code></td><td data-label="Asked"><time datetime="${asOf}">${timeText(asOf, timeZone)}</time></td></tr>
`,
    )}</tbody></table>
${left > 0 ? html`<p>And ${count(left, 'question')} more: the JSON document lists them all.</p>` : ''}</details></section>`
  }
}

const keyOf = ({ source, query, hash, asOf }: EvidencePart): string => [source, query, hash, asOf].join('\n')

function rangesOf(numbers: readonly number[]): [number, number][] {
  const ranges: [number, number][] = []
  for (const number of numbers) {
    const last = ranges.at(-1)
    if (last && last[1] === number - 1) last[1] = number
    else ranges.push([number, number])
  }
  return ranges
}
