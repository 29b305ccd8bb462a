// For people and tests, beside the vendor's own paths: close, lock or open a period, see what stands. None of it is
// NetSuite's.
import type { Hono } from 'hono'
import type { Company } from './company.ts'
import { recordNotFound } from './errors.ts'
import { renderRecord } from './render.ts'

/**
 * POST /_simulator/periods/{id}/{action}: close, open (reopens later closed months too), lock-receivables, lock-all,
 * allow-non-gl-changes, refuse-non-gl-changes. GET /_simulator/records/{type}: all of a type, lists expanded.
 */
export function controlRoutes(app: Hono, company: Company): void {
  const actions: Record<string, (id: string) => void> = {
    close: (id) => company.periods.closePeriod(id),
    open: (id) => company.periods.openPeriod(id),
    'lock-receivables': (id) => company.periods.lockReceivables(id),
    'lock-all': (id) => company.periods.lockAll(id),
    'allow-non-gl-changes': (id) => company.periods.allowNonGLChanges(id, true),
    'refuse-non-gl-changes': (id) => company.periods.allowNonGLChanges(id, false),
  }
  app.post('/_simulator/periods/:id/:action', (context) => {
    const { id, action } = context.req.param()
    const act = actions[action]
    if (!act || !company.store.get('accountingPeriod', id)) throw recordNotFound()
    act(id)
    return context.body(null, 204)
  })
  app.get('/_simulator/records/:type', (context) => {
    const type = context.req.param('type')
    if (!company.specs.has(type)) throw recordNotFound()
    const options = { origin: new URL(context.req.url).origin, expandSubResources: true }
    return context.json(company.store.list(type).map((record) => renderRecord(company, record, options)))
  })
}
