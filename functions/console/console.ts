// The console's reading side, host-free: a request in, a page out. It changes nothing but to keep a plan under a nonce when a
// preview is shown; what acts is functions/replay. Every page says its stage, its mode and as of when it is.
import type { Clock } from '../../shared/clock.ts'
import type { Manifest } from '../../shared/connector/contract.ts'
import { isHubError } from '../../shared/errors.ts'
import type { Ledger } from '../../shared/ledger/ledger.ts'
import type { Notes } from '../../shared/ledger/notes.ts'
import type { Plans } from '../../shared/ledger/plans.ts'
import type { Log } from '../../shared/log.ts'
import { COPYING_POLICY, type Hub, type Site } from '../../shared/page/page-frame.ts'
import { refusalPage } from '../../shared/page/refusal-page.ts'
import { HTML, isFromElsewhere, type Refusal, respond, seeOther } from '../../shared/page/respond.ts'
import type { Authenticate, Session } from '../../shared/sign-in/session.ts'
import { findObject, NOTHING_KNOWN, type ObjectFinder } from '../../shared/trace/find-object.ts'
import { type Backlog, readOverview } from '../../shared/trace/lanes.ts'
import { groupParked, parkedObjects } from '../../shared/trace/parked.ts'
import { planReplay, readFilter, writeFilter } from '../../shared/trace/plan.ts'
import { traceObject } from '../../shared/trace/timeline.ts'
import type { Amounts } from './amounts.ts'
import { Cache } from './cache.ts'
import type { Describe } from './describe.ts'
import { overviewPage } from './overview-page.ts'
import { parkedPage } from './parked-page.ts'
import { previewPage } from './preview-page.ts'
import { timelinePage } from './timeline-page.ts'

export interface ConsoleOptions {
  hub: Hub
  /** The seller's: in which times are told. */
  timeZone: string
  ledger: Ledger
  plans: Plans
  notes: Pick<Notes, 'read'>
  /** Of the connectors that are switched on. */
  manifests: readonly Manifest[]
  invoiceOfNumber: ObjectFinder['invoiceOfNumber']
  describe: Describe
  amounts: Amounts
  backlog(connector: string): Promise<Backlog>
  authenticate: Authenticate
  /** Where a browser goes to sign in; absent: nobody has to. */
  signIn?: string
  hasClose: boolean
  /** Not to be guessed: 16 bytes of it are enough. */
  nonce(): string
  clock: Clock
  log: Log
}

/** What a page is made with, beside what it shows. */
export interface PageContext {
  hub: Hub
  site: Site
  timeZone: string
  /** ISO. */
  asOf: string
  nowMs: number
  mayReplay: boolean
}

/** Shown, then gone. */
const PLAN_MINUTES = 15
/** Several people look at the overview during an outage: it is read at most so often. */
const OVERVIEW_MS = 10_000
/** Of a customer's newest events so many are looked through: each shown one costs a query for its deliveries. */
const EVENTS = 200

export function createConsole(options: ConsoleOptions) {
  const { ledger, plans, manifests, clock, log } = options
  const overview = new Cache(clock, OVERVIEW_MS, () => readOverview(options))

  return async (request: Request): Promise<Response> => {
    const startedMs = clock.now()
    const { pathname, searchParams } = new URL(request.url)
    const answer = await respondTo(request, pathname, searchParams)
    log({ line: 'console', path: pathname, status: answer.status, ms: clock.now() - startedMs })
    return answer
  }

  async function respondTo(request: Request, path: string, parameters: URLSearchParams): Promise<Response> {
    const nobody = contextOf(undefined, path, parameters)
    const refuseWith =
      ({ site }: PageContext): Refuse =>
      (refusal, status) =>
        respond(refusalPage(refusal, { hub: options.hub, site }), status)
    if (isFromElsewhere(request)) return refuseWith(nobody)(ELSEWHERE, 403)
    if (request.method !== 'GET') return refuseWith(nobody)(METHOD, 405)
    try {
      const session = await options.authenticate(request.headers)
      if (!session) {
        if (options.signIn === undefined) return refuseWith(nobody)(NOBODY, 401)
        return seeOther(`${options.signIn}?to=${encodeURIComponent(`${path}?${parameters}`)}`)
      }
      const context = contextOf(session, path, parameters)
      const refuse = refuseWith(context)
      if (!session.roles.has('view')) return refuse(noRole('look at the console'), 403)
      if (path === '/console' || path === '/console/')
        return respond(overviewPage(await overview.get(''), context), 200)
      if (path === '/console/timeline') return await timeline(parameters, context, refuse)
      if (path === '/console/parked') return await parked(context)
      if (path === '/console/preview') return await preview(parameters, session, context, refuse)
      return refuse(NO_PAGE, 404)
    } catch (error) {
      if (!isHubError(error)) throw error
      return refuseWith(nobody)(brokeOff(error.message, error.hint, error.code), 502)
    }
  }

  async function timeline(
    parameters: URLSearchParams,
    context: PageContext,
    refuse: Refuse,
  ): Promise<Response> {
    const id = parameters.get('id')?.trim().slice(0, 120) ?? ''
    if (id === '') return refuse(NO_ID, 400)
    const object = await findObject(id, { ledger, invoiceOfNumber: options.invoiceOfNumber })
    if (!object)
      return refuse(
        { what: NOTHING_KNOWN(id), next: 'Look for another id above.', code: 'TRACE-UNKNOWN' },
        404,
      )
    const wantsAmounts = parameters.has('amounts')
    const [trace, names, amounts] = await Promise.all([
      traceObject(object, { ledger, manifests, events: EVENTS }),
      options.describe([object]),
      wantsAmounts ? options.amounts(object) : undefined,
    ])
    const described = names.get(`${object.type}/${object.id}`)
    return respond(
      timelinePage(
        { trace, id, lookedThrough: EVENTS, ...(described && { described }), ...(amounts && { amounts }) },
        context,
      ),
      200,
      HTML,
      COPYING_POLICY,
    )
  }

  async function parked(context: PageContext): Promise<Response> {
    const objects = await parkedObjects({ ledger, manifests })
    const groups = groupParked(objects)
    const [worth, notes] = await Promise.all([
      options.describe(objects.map(({ object }) => object)),
      Promise.all(groups.map((group) => options.notes.read(group))),
    ])
    const noted = groups.map((group, index) => ({ group, note: notes[index] }))
    return respond(parkedPage({ noted, worth, manifests }, context), 200)
  }

  async function preview(
    parameters: URLSearchParams,
    { actor, roles }: Session,
    context: PageContext,
    refuse: Refuse,
  ): Promise<Response> {
    if (!roles.has('replay')) return refuse(noRole('replay'), 403)
    const filter = readFilter(parameters)
    if (!filter) return refuse(EMPTY_FILTER, 400)
    const plan = await planReplay(filter, { ledger, manifests, invoiceOfNumber: options.invoiceOfNumber })
    if (!plan || plan.deliveries.length === 0) return refuse(NOTHING_TO_REPLAY, 404)
    const worth = await options.describe(plan.deliveries.map(({ object }) => object))
    const nonce = options.nonce()
    const expiresMs = clock.now() + PLAN_MINUTES * 60_000
    await plans.keep({ nonce, planId: plan.id, filter: writeFilter(plan.filter), actor, expiresMs })
    return respond(previewPage({ plan, filter, worth, nonce, expiresMs, manifests }, context), 200)
  }

  function contextOf(session: Session | undefined, path: string, parameters: URLSearchParams): PageContext {
    const { hub, timeZone, hasClose, signIn } = options
    const here = (['/console', '/console/parked', '/console/timeline'] as const).find((each) => each === path)
    const nowMs = clock.now()
    return {
      hub,
      timeZone,
      nowMs,
      asOf: new Date(nowMs).toISOString(),
      mayReplay: session?.roles.has('replay') ?? false,
      site: {
        here,
        hasClose,
        ...(parameters.get('id') && { search: parameters.get('id') ?? '' }),
        ...(signIn && session && { actor: session.actor }),
      },
    }
  }
}

type Refuse = (refusal: Refusal, status: number) => Response

const ELSEWHERE: Refusal = {
  what: 'Another site asked for this. Nothing was read.',
  next: "Open the console's own address in the browser.",
  code: 'CONSOLE-ORIGIN',
}
const METHOD: Refusal = {
  what: 'The console is read with GET. Nothing was read and nothing was done.',
  next: 'Open /console.',
  code: 'CONSOLE-METHOD',
}
const NOBODY: Refusal = {
  what: 'Nobody is signed in. Nothing was read.',
  next: 'Open /console in a browser and sign in.',
  code: 'CONSOLE-SIGN-IN',
}
const NO_PAGE: Refusal = { what: 'There is no such page.', next: 'Open /console.', code: 'CONSOLE-PAGE' }
const NO_ID: Refusal = {
  what: 'No id was given. Nothing was read.',
  next: 'Give an invoice number or an id of Stripe above.',
  code: 'TRACE-ID',
}
const EMPTY_FILTER: Refusal = {
  what: 'A replay of everything is never meant. Nothing was planned.',
  next: 'Choose one cause on the page Parked, or one document; the address says id, or connector and code.',
  code: 'REPLAY-WHAT',
}
const NOTHING_TO_REPLAY: Refusal = {
  what: 'Nothing of that kind is parked. Nothing was planned.',
  next: 'It may have been mended meanwhile: look at the page Parked.',
  code: 'REPLAY-NOTHING',
}

const noRole = (deed: string): Refusal => ({
  what: `You are signed in, and may not ${deed}. Nothing was done.`,
  next: 'Whoever runs your sign-in: give the group that hub.config.ts → console.roles names.',
  code: 'CONSOLE-ROLE',
})

const brokeOff = (message: string, hint: string | undefined, code: string): Refusal => ({
  what: `${message} Nothing was changed.`,
  next: hint ?? 'Open the page again in a minute.',
  code,
})
