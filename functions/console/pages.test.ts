// What a vendor, a customer or a stranger wrote is shown as its letters on every page, and runs nowhere.
import { expect, it } from 'vitest'
import type { Trouble } from '../../shared/ledger/rows.ts'
import { refusalPage } from '../../shared/page/refusal-page.ts'
import type { Overview } from '../../shared/trace/lanes.ts'
import { groupParked } from '../../shared/trace/parked.ts'
import { outcomePage } from '../replay/outcome-page.ts'
import type { SideBySide } from './amounts.ts'
import type { PageContext } from './console.ts'
import { overviewPage } from './overview-page.ts'
import { parkedPage } from './parked-page.ts'
import { previewPage } from './preview-page.ts'
import { timelinePage } from './timeline-page.ts'

const EVIL = `"'><script>alert(1)</script><img src=x onerror=alert(1)>`
/** Turns what follows around: 'evil' would read 'live'. */
const TURNED = `${EVIL}\u202Egnorw`
const NOW_MS = Date.UTC(2026, 9, 6, 12)

const CONTEXT: PageContext = {
  hub: { stage: 'production', isLive: true },
  site: { here: '/console', hasClose: false, search: EVIL, actor: EVIL },
  timeZone: 'UTC',
  asOf: '2026-10-06T12:00:00.000Z',
  nowMs: NOW_MS,
  mayReplay: true,
}

const TROUBLE: Trouble = {
  status: 'parked',
  kind: 'permanent',
  code: EVIL,
  reason: TURNED,
  hint: `NetSuite admin: ${TURNED}`,
  detail: EVIL,
  sinceMs: NOW_MS - 3 * 3_600_000,
  attempts: 2,
  waitsOn: [],
}
const OBJECT = { type: 'invoice', id: EVIL }
const WORTH = new Map([[`invoice/${EVIL}`, { label: EVIL, currency: 'EUR', amount: '1190.00' }]])
const PLAN = {
  id: 'f00d',
  filter: { connector: 'netsuite', code: EVIL },
  deliveries: [{ connector: 'netsuite', object: OBJECT, revision: 3, trouble: TROUBLE }],
}

const PAGES: Record<string, () => string> = {
  overview: () => {
    const overview: Overview = {
      sweptAtSeconds: NOW_MS / 1000,
      lanes: [
        {
          connector: 'netsuite',
          system: EVIL,
          state: 'paused',
          parked: { count: 0, isMore: false },
          waiting: { count: 0, isMore: false },
          backlog: { waiting: 0, inFlight: 0 },
          pause: {
            connector: 'netsuite',
            pausedSinceMs: NOW_MS - 18 * 60_000,
            pausedUntilMs: NOW_MS,
            reason: TURNED,
            code: EVIL,
            by: 'worker',
          },
        },
      ],
    }
    return overviewPage(overview, CONTEXT)
  },
  timeline: () => {
    const amounts: SideBySide = {
      currency: 'EUR',
      readAt: '2026-10-06T12:00:00.000Z',
      systems: [
        { system: 'Stripe', state: 'read', minor: { invoiced: 119_000n } },
        { system: 'NetSuite', state: 'unknown', minor: {}, note: EVIL },
      ],
    }
    const system = {
      connector: 'netsuite',
      system: 'NetSuite',
      state: 'parked' as const,
      standing: EVIL,
      records: [EVIL],
      hint: TROUBLE.hint ?? '',
      trouble: TROUBLE,
    }
    const trace = { object: OBJECT, customer: EVIL, systems: [system], events: [] }
    const described = { label: EVIL, currency: 'EUR', amount: '1190.00' }
    return timelinePage({ trace, id: EVIL, lookedThrough: 200, described, amounts }, CONTEXT)
  },
  parked: () => {
    const objects = [{ connector: 'netsuite', object: OBJECT, revision: 3, ...TROUBLE, hint: TROUBLE.hint }]
    const note = {
      connector: 'netsuite',
      code: EVIL,
      kind: 'assigned' as const,
      to: EVIL,
      reason: TURNED,
      actor: EVIL,
      atMs: NOW_MS,
    }
    const noted = groupParked(objects).map((group) => ({ group, note }))
    return parkedPage({ noted, worth: WORTH, manifests: [] }, CONTEXT)
  },
  preview: () =>
    previewPage(
      { plan: PLAN, filter: PLAN.filter, worth: WORTH, nonce: EVIL, expiresMs: NOW_MS, manifests: [] },
      CONTEXT,
    ),
  outcome: () => {
    const act = { planId: 'f00d', filter: '', count: 1, actor: EVIL, reason: TURNED, atMs: NOW_MS }
    return outcomePage({ act, plan: PLAN, manifests: [] }, { ...CONTEXT })
  },
  refusal: () => refusalPage({ what: TURNED, next: EVIL, code: EVIL }, CONTEXT),
}

it.each(Object.keys(PAGES))('%s: a script in any text is letters', (name) => {
  const html = PAGES[name]?.() ?? ''
  expect(html).toContain('alert(1)')
  expect(html).not.toMatch(/<script>alert|<img|onerror="|" ?'>/)
  expect(html).not.toContain('\u202E')
  // The page's own script, and only where there is something to copy.
  expect(html.match(/<script/g) ?? []).toHaveLength(name === 'timeline' ? 1 : 0)
  expect(html).toContain('stage production · live mode')
})

it('a pause is a sentence; the amount of a parked document is in its group; a live stage is typed', () => {
  expect(PAGES.overview?.()).toContain('PAUSED 18 min: ')
  expect(PAGES.parked?.()).toContain('<b>EUR 1,190.00</b>, the oldest for 3 h.')
  expect(PAGES.preview?.()).toContain('<input name="stage" required')
})

it('what one system says otherwise is named first, with the difference', () => {
  const html = timelinePage(
    {
      trace: { object: { type: 'invoice', id: 'in_1' }, systems: [], events: [] },
      id: 'in_1',
      lookedThrough: 200,
      amounts: {
        currency: 'EUR',
        readAt: '2026-10-06T12:00:00.000Z',
        systems: [
          { system: 'Stripe', state: 'read', minor: { invoiced: 119_000n } },
          { system: 'NetSuite', state: 'read', minor: { invoiced: 119_000n } },
          { system: 'Salesforce', state: 'read', minor: { invoiced: 118_999n } },
        ],
      },
    },
    CONTEXT,
  )
  expect(html).toContain('<span class="state differs">off by −0.01</span>')
})
