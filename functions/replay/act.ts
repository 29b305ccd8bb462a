// The console's acting side, host-free: carries out a plan that was previewed. It wants the preview's nonce (once, by the same
// person, within a quarter of an hour), a reason, and on a live hub the stage's name typed; it refuses when the set has
// changed, and does nothing twice under one plan's id. What is done is recorded before it is done.
import type { Clock } from '../../shared/clock.ts'
import type { Manifest } from '../../shared/connector/contract.ts'
import { isHubError } from '../../shared/errors.ts'
import type { Ledger } from '../../shared/ledger/ledger.ts'
import type { ActRow, Plans } from '../../shared/ledger/plans.ts'
import type { Log } from '../../shared/log.ts'
import { respond } from '../../shared/page/respond.ts'
import type { Queues } from '../../shared/queue/queues.ts'
import { planReplay, readFilter } from '../../shared/trace/plan.ts'
import { type Entered, type EntryOptions, enter, reasonIn } from './entry.ts'
import { outcomePage } from './outcome-page.ts'
import * as refusals from './refusals.ts'
import { replay } from './replay.ts'

export interface ActOptions extends EntryOptions {
  timeZone: string
  ledger: Pick<Ledger, 'troubled' | 'readState' | 'findEvent'>
  plans: Plans
  queues: Pick<Queues, 'touch'>
  /** Of the connectors that are switched on. */
  manifests: readonly Manifest[]
  clock: Clock
  log: Log
}

export function createAct(options: ActOptions) {
  const { hub, plans, clock, log, manifests, timeZone } = options

  return async (request: Request): Promise<Response> => {
    const entered = await enter(request, options)
    const answer = entered instanceof Response ? entered : await carryOut(entered)
    log({ line: 'replay', status: answer.status })
    return answer
  }

  async function carryOut({ actor, form, site, refuse }: Entered): Promise<Response> {
    // What a person can mend by going back must not use the nonce up.
    const reason = reasonIn(form)
    if (reason === undefined) return refuse(refusals.REASON, 400)
    if (hub.isLive && form.get('stage')?.trim() !== hub.stage)
      return refuse(refusals.stageNotTyped(hub.stage), 400)
    const nonce = form.get('nonce') ?? ''
    if (!/^[\w-]{16,64}$/.test(nonce)) return refuse(refusals.NONCE, 409)
    const taken = await plans.take(nonce, actor)
    if (!taken) return refuse(refusals.NONCE, 409)
    const former = await plans.readAct(taken.planId)
    if (former?.doneMs !== undefined) return refuse(refusals.alreadyDone(former), 409)
    const filter = readFilter(new URLSearchParams(taken.filter))
    if (!filter) return refuse(refusals.FILTER, 400)
    const plan = await planReplay(filter, { ...options, invoiceOfNumber: async () => undefined })
    if (plan?.id !== taken.planId) return refuse(refusals.CHANGED, 409)
    const act: ActRow = {
      planId: plan.id,
      filter: taken.filter,
      count: plan.deliveries.length,
      actor,
      reason,
      atMs: clock.now(),
    }
    const before = await plans.begin(act)
    if (before?.doneMs !== undefined) return refuse(refusals.alreadyDone(before), 409)
    try {
      await replay(options, plan.deliveries)
    } catch (error) {
      if (!isHubError(error)) throw error
      return refuse(refusals.brokeOff(error.message), 502)
    }
    await plans.end(plan.id)
    log({ line: 'replayed', plan: plan.id, deliveries: act.count })
    return respond(outcomePage({ act, plan, manifests }, { hub, site, timeZone }), 200)
  }
}
