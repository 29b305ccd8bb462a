// The close as one page for a controller, made from the same document that the JSON is: the answer on top, a block a check,
// what is open, the lines to sign, the evidence. PURE. A page that does not tie has no lines to sign on.
import { createHash } from 'node:crypto'
import { html } from 'hono/html'
import { type Frame, type Html, pageOf } from '../../page/page-frame.ts'
import { timeText, withoutControls } from '../../page/wording.ts'
import { type CloseDocument, closeJson } from '../document.ts'
import { answer, canBeSigned } from './answer.ts'
import { checkBlock } from './check-block.ts'
import { EvidenceList } from './evidence-list.ts'
import { monthName, STATE_WORDS } from './wording.ts'

export function closePage(
  original: CloseDocument,
  { hub, site, navigation }: Pick<Frame, 'hub' | 'site' | 'navigation'>,
): string {
  const document = withoutControls(original)
  const { month, state, checks, troubles, timeZone, from, cutOff, judgedAt } = document
  const evidence = new EvidenceList(document)
  return pageOf({
    title: `Close of ${monthName(month)}: ${STATE_WORDS[state]}`,
    hub,
    ...(site && { site }),
    ...(navigation && { navigation }),
    main: html`${answer(document)}
<p class="facts">From ${timeText(from, timeZone)} up to ${timeText(cutOff, timeZone)}, ${timeZone}. Judged <time datetime="${judgedAt}">${timeText(judgedAt, timeZone)}</time>; every system was read through its own API.</p>
${checks.map((check) => checkBlock(check, troubles, evidence))}
${signing(document, sha256(closeJson(original)))}
${evidence.section(timeZone)}`,
  })
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

function signing(document: CloseDocument, hash: string): Html {
  const name = monthName(document.month)
  const identity = html`<p class="soft">This page shows the JSON document whose SHA-256 is <code>${hash}</code>. Keep both: <code>sha256sum</code> of the file says whether they belong together. Judged again it is another document.</p>`
  if (!canBeSigned(document)) {
    return html`<section class="whole" aria-labelledby="signing"><h2 id="signing">Signing</h2>
<p>There is nothing to sign: ${name} ${document.over ? 'does not tie or is not known' : 'still runs'}. No check can be ticked by hand.</p>
${identity}</section>`
  }
  const lines = (who: string) => html`<div><h3>${who}</h3><p>Name</p><p>Signature</p><p>Date</p></div>`
  return html`<section class="whole" aria-labelledby="signing"><h2 id="signing">Signing</h2>
<p>Preparer and reviewer are two people. Both sign that they have looked at ${name} as it stands on this page.</p>
${identity}
<div class="signing">${lines('Prepared by')}${lines('Reviewed by')}</div></section>`
}
