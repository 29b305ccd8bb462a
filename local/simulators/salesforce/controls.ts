// What tests and people can do to the org from outside of its API: the functions of the simulator, and the same under
// /_simulator for whoever only has HTTP.
import type { Hono } from 'hono'
import type { Permissions } from './access.ts'
import { wordRefusals } from './answers.ts'
import { ok } from './api-request.ts'
import type { JsonObject } from './json.ts'
import type { OAuth } from './oauth.ts'
import type { People } from './people.ts'
import type { PushTarget, QuotePush, QuotePushes } from './quote-push.ts'
import type { RecordFault } from './record-faults.ts'
import type { Records } from './records.ts'
import type { Store } from './store.ts'
import { presentValue } from './values.ts'

export type PresentedRecord = Record<string, string | number | boolean | null>

export interface Controls {
  /** The records of an object that are not deleted, in order of creation, as the API would answer them. */
  records(objectName: string): PresentedRecord[]
  /** Refuses single records, inside collections too. */
  refuseRecords(fault: RecordFault): void
  clearRecordRefusals(): void
  /** An approval locks a record, and with it its details, until it is unlocked. */
  lock(id: string): void
  unlock(id: string): void
  /** Ends every session: the next call with an old token gets INVALID_SESSION_ID. */
  expireSessions(): void
  /** What the hub's user may do from now on; at first it may do everything. */
  restrict(permissions: Permissions | 'all'): void
  /** Somebody in the org makes a record. @returns its id. */
  put(objectName: string, values: JsonObject): string
  change(id: string, values: JsonObject): void
  remove(id: string): void
  /** Sales accepts a quote, of either kind. */
  closeQuote(id: string): void
  /** Where accepted quotes are told from now on; undefined: nowhere. */
  pushQuotesTo(target: PushTarget | undefined): void
  /** What was told, oldest first, with the answers. */
  pushes: readonly QuotePush[]
  /** Sends again what did not arrive. */
  retryPushes(): void
  /** Every push under way has its answer. */
  pushesSettled(): Promise<void>
}

export const createControls = (parts: {
  store: Store
  records: Records
  people: People
  pushes: QuotePushes
  oauth: OAuth
  restrict: Controls['restrict']
}): Controls => {
  const { store, records, people, pushes, oauth, restrict } = parts
  return {
    records(objectName) {
      const table = store.table(objectName)
      if (!table) throw new Error(`The simulated org has no object ${objectName}.`)
      return [...table.records.values()]
        .filter(({ deleted }) => !deleted)
        .map(({ values }) =>
          Object.fromEntries(
            [...table.fields.values()].map((field) => [field.name, presentValue(field, values[field.name])]),
          ),
        )
    },
    refuseRecords: (fault) => records.faults.add(fault),
    clearRecordRefusals: () => records.faults.clear(),
    lock: (id) => records.faults.lock(id),
    unlock: (id) => records.faults.unlock(id),
    expireSessions: () => oauth.expireAll(),
    restrict,
    put: (objectName, values) => people.put(objectName, values),
    change: (id, values) => people.change(id, values),
    remove: (id) => people.remove(id),
    closeQuote: (id) => people.closeQuote(id),
    pushQuotesTo: (target) => pushes.sendTo(target),
    pushes: pushes.list,
    retryPushes: () => pushes.retry(),
    pushesSettled: () => pushes.settled(),
  }
}

export const controlRoutes = (app: Hono, controls: Controls): void => {
  const done = (work: () => unknown) => {
    const { status, body } = wordRefusals(() => ok(work() ?? null))
    return Response.json(body, { status })
  }
  app.post('/_simulator/record-refusals', async (context) => {
    controls.refuseRecords(await context.req.json<RecordFault>())
    return context.body(null, 204)
  })
  app.delete('/_simulator/record-refusals', (context) => {
    controls.clearRecordRefusals()
    return context.body(null, 204)
  })
  app.post('/_simulator/expire-sessions', (context) => {
    controls.expireSessions()
    return context.body(null, 204)
  })
  app.get('/_simulator/records/:object', (context) =>
    context.json(controls.records(context.req.param('object'))),
  )
  app.post('/_simulator/records/:object', async (context) => {
    const values = await context.req.json<JsonObject>()
    return done(() => ({ id: controls.put(context.req.param('object'), values) }))
  })
  app.post('/_simulator/change/:id', async (context) => {
    const values = await context.req.json<JsonObject>()
    return done(() => controls.change(context.req.param('id'), values))
  })
  app.post('/_simulator/close-quote/:id', (context) =>
    done(() => controls.closeQuote(context.req.param('id'))),
  )
  app.put('/_simulator/locks/:id', (context) => done(() => controls.lock(context.req.param('id'))))
  app.delete('/_simulator/locks/:id', (context) => done(() => controls.unlock(context.req.param('id'))))
}
