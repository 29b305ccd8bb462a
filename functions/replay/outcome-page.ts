// What was done: told to be tried again is not yet in step, and the page says so.
import { html } from 'hono/html'
import type { Manifest } from '../../shared/connector/contract.ts'
import { refKey } from '../../shared/ledger/ledger.ts'
import type { ActRow } from '../../shared/ledger/plans.ts'
import { type Frame, pageOf } from '../../shared/page/page-frame.ts'
import { count, timeText, withoutControls } from '../../shared/page/wording.ts'
import type { Plan } from '../../shared/trace/plan.ts'

const SHOWN = 200

export function outcomePage(
  { act, plan, manifests }: { act: ActRow; plan: Plan; manifests: readonly Manifest[] },
  { hub, site, timeZone }: Pick<Frame, 'hub' | 'site'> & { timeZone: string },
): string {
  const { actor, reason, atMs, planId } = withoutControls(act)
  const at = new Date(atMs).toISOString()
  const title = (connector: string) => manifests.find(({ name }) => name === connector)?.title ?? connector
  const objects = [...Map.groupBy(plan.deliveries, ({ object }) => refKey(object)).values()].flatMap(
    (group) => group[0] ?? [],
  )
  const lanes = [...Map.groupBy(plan.deliveries, ({ connector }) => connector)].map(
    ([connector, group]) => `${title(connector)} ${group.length}`,
  )
  const left = objects.length - SHOWN
  return pageOf({
    title: 'Told to be tried again',
    hub,
    ...(site && { site }),
    main: html`<div class="answer unknown" id="answer"><h1>${count(act.count, 'delivery', 'deliveries')} told to be tried again.</h1>
<p>${lanes.join(', then ')}. Each lane takes them within seconds, or when its pause ends; what comes of it stands on each one's timeline. What fails again is parked again, with its reason.</p></div>
<p class="facts">Recorded: by ${actor}, <time datetime="${at}">${timeText(at, timeZone)}</time>, ${timeZone}; “${reason}”; plan <code>${planId}</code>.</p>
<ul class="steps">${objects
      .slice(0, SHOWN)
      .map(
        ({ object }) =>
          html`<li><a href="/console/timeline?id=${encodeURIComponent(object.id)}">${object.id}</a> <span class="soft">${object.type.replaceAll(/[._]/g, ' ')}</span></li>`,
      )}</ul>
${left > 0 ? html`<p>And ${count(left, 'more', 'more')}.</p>` : ''}
<p><a href="/console/parked">What is parked now</a></p>`,
  })
}
