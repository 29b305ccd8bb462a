// The console's acting side, host-free: carries out a plan that was previewed. It wants the preview's nonce (once, by the same
// person, within a quarter of an hour), a reason, and on a live hub the stage's name typed; it refuses when the set has
// changed, and does nothing twice under one plan's id. What is done is recorded before it is done.
import type { Clock } from '../../shared/clock.ts'
import type { Manifest } from '../../shared/connector/contract.ts'
import { isHubError } from '../../shared/errors.ts'
import type { Ledger } from '../../shared/ledger/ledger.ts'
import type { ActRow, Plans } from '../../shared/ledger/plans.ts'
import type { Log } from '../../shared/log.ts'
import type { Hub, Site } from '../../shared/page/page-frame.ts'
import { refusalPage } from '../../shared/page/refusal-page.ts'
import { type Refusal, respond } from '../../shared/page/respond.ts'
import type { Queues } from '../../shared/queue/queues.ts'
import type { Authenticate, Session } from '../../shared/sign-in/session.ts'
import { planReplay, readFilter } from '../../shared/trace/plan.ts'
import { outcomePage } from './outcome-page.ts'
import * as refusals from './refusals.ts'
import { replay } from './replay.ts'

export interface ActOptions {
  hub: Hub
  timeZone: string
  ledger: Pick<Ledger, 'troubled' | 'readState' | 'findEvent'>
  plans: Plans
  queues: Pick<Queues, 'touch'>
  /** Of the connectors that are switched on. */
  manifests: readonly Manifest[]
  authenticate: Authenticate
  signsIn: boolean
  hasClose: boolean
  clock: Clock
  log: Log
}

const MOST_BYTES = 4_096
const REASON = { least: 5, most: 200 }

export function createAct(options: ActOptions) {
  const { hub, plans, clock, log } = options

  return async (request: Request): Promise<Response> => {
    const answer = await respondTo(request)
    log({ line: 'replay', status: answer.status })
    return answer
  }

  async function respondTo(request: Request): Promise<Response> {
    let site: Site = { here: undefined, hasClose: options.hasClose }
    const refuse = (refusal: Refusal, status: number) => respond(refusalPage(refusal, { hub, site }), status)
    // A browser names the page that a form was on; whoever names none is no browser, and not asked in.
    if (request.headers.get('origin') !== new URL(request.url).origin) return refuse(refusals.ELSEWHERE, 403)
    if (request.method !== 'POST') return refuse(refusals.METHOD, 405)
    let session: Session | undefined
    try {
      session = await options.authenticate(request.headers)
    } catch (error) {
      if (!isHubError(error)) throw error
      return refuse(refusals.notSignedIn(error.message), 502)
    }
    if (!session) return refuse(refusals.NOBODY, 401)
    if (options.signsIn) site = { ...site, actor: session.actor }
    if (!session.roles.has('replay')) return refuse(refusals.ROLE, 403)
    const body = await request.text()
    if (body.length > MOST_BYTES) return refuse(refusals.FORM, 413)
    const form = new URLSearchParams(body)
    const reason = (form.get('reason') ?? '').trim()
    if (reason.length < REASON.least || reason.length > REASON.most) return refuse(refusals.REASON, 400)
    if (hub.isLive && form.get('stage')?.trim() !== hub.stage)
      return refuse(refusals.stageNotTyped(hub.stage), 400)
    return carryOut({ nonce: form.get('nonce') ?? '', reason, actor: session.actor }, site, refuse)
  }

  async function carryOut(
    { nonce, reason, actor }: { nonce: string; reason: string; actor: string },
    site: Site,
    refuse: (refusal: Refusal, status: number) => Response,
  ): Promise<Response> {
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
    return respond(
      outcomePage({ act, plan, manifests: options.manifests }, { hub, site, timeZone: options.timeZone }),
      200,
    )
  }
}
