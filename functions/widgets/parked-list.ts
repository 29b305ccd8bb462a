// The newest of what is parked, each with its cause and what is to be done, for the range that the dashboard shows. What was
// parked before that is said too: a short range must not look like a good day.
import { html } from 'hono/html'
import type { Clock } from '../../shared/clock.ts'
import type { Manifest } from '../../shared/connector/contract.ts'
import type { Ledger } from '../../shared/ledger/ledger.ts'
import { type Parked, parkedObjects } from '../../shared/trace/parked.ts'
import type { ConsoleLinks } from './console-links.ts'
import { age, callsAgain, clockTime, type Html } from './frame.ts'
import type { Look } from './request.ts'

export interface ParkedSources {
  ledger: Pick<Ledger, 'troubled'>
  manifests: readonly Manifest[]
  clock: Clock
  links: ConsoleLinks
  functionArn: string
}

/** As many as one looks at; the graph beside it counts them all. */
const SHOWN = 25

export async function parkedList(
  connector: string | undefined,
  look: Look,
  sources: ParkedSources,
): Promise<Html> {
  const { manifests, clock, links } = sources
  const all = await parkedObjects(sources, { ...(connector !== undefined && { connector }), newest: SHOWN })
  const newest = all.sort((a, b) => b.sinceMs - a.sinceMs).slice(0, SHOWN)
  const { startMs, endMs } = look.range ?? { startMs: 0, endMs: Number.POSITIVE_INFINITY }
  const inRange = newest.filter(({ sinceMs }) => sinceMs >= startMs && sinceMs <= endMs)
  const before = newest.filter(({ sinceMs }) => sinceMs < startMs)
  const asOf = html`<p class="soft">As of ${clockTime(clock.now(), look)}. ${links.parked() ?? ''}</p>`
  if (newest.length === 0)
    return html`<p><span class="state good">Nothing is parked</span>: no object waits for a person.</p>${asOf}`
  const titles = new Map(manifests.map(({ name, title }) => [name, title]))
  return html`${
    inRange.length > 0
      ? html`<table><thead><tr><th>parked for</th><th>system</th><th>object</th><th>why</th><th>what to do</th></tr></thead>
<tbody>${inRange.map((one) => rowOf(one, titles.get(one.connector) ?? one.connector, look, sources))}</tbody></table>`
      : html`<p>Nothing became parked within the range that this dashboard shows.</p>`
  }${before.length > 0 ? beforeThat(before, clock, all.length > newest.length) : ''}${asOf}`
}

function rowOf(
  { connector, object, code, reason, hint, sinceMs }: Parked,
  title: string,
  look: Look,
  { clock, links, functionArn }: ParkedSources,
): Html {
  const console = links.timeline(object.id)
  return html`<tr><td class="short" title="${clockTime(sinceMs, look)}">${age(clock.now() - sinceMs)}</td>
<td class="short">${title}</td>
<td class="id"><a>${object.type} ${object.id}</a>${callsAgain(functionArn, { widget: 'trace', id: object.id, popup: true }, 'popup')}${console ? html` · ${console}` : ''}</td>
<td class="wide">${reason} <span class="short">[${code}]</span></td>
<td class="wide">${hint ?? html`<code>hub replay --parked --connector ${connector} --code ${code} --dry-run</code>`}</td></tr>`
}

function beforeThat(before: readonly Parked[], clock: Clock, isMore: boolean): Html {
  const oldestMs = Math.min(...before.map(({ sinceMs }) => sinceMs))
  const many = `${isMore ? 'at least ' : ''}${before.length}`
  return html`<p><span class="state bad">Parked before that</span>: ${many}, the oldest for ${age(clock.now() - oldestMs)}. Show a longer range to see them.</p>`
}
