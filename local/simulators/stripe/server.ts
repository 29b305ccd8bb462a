// The simulated Stripe behind HTTP: authentication, idempotency keys, refusals, expansion, and the clock in the Date
// header. What it does is in routes/ and billing/; what it lets others make happen is in controls.ts.
// https://docs.stripe.com/api
import { type Context, Hono } from 'hono'
import {
  CallLog,
  Faults,
  faultMiddleware,
  faultRoutes,
  type Listening,
  listen,
  type Now,
} from '../simulator.ts'
import { planDailyPayouts } from './billing/payouts.ts'
import { controlRoutes } from './control-routes.ts'
import { type Controls, createControls } from './controls.ts'
import {
  apiError,
  idempotencyError,
  invalidParameter,
  missingInPath,
  Refusal,
  rateLimited,
  unauthorized,
} from './errors.ts'
import { snapshot } from './events.ts'
import { expandInto } from './expand.ts'
import { type FormObject, parseForm } from './form.ts'
import { type RestrictedKey, refuseDenied } from './restricted-keys.ts'
import { accountRoutes } from './routes/account.ts'
import { balanceRoutes } from './routes/balance.ts'
import { catalogRoutes } from './routes/catalog.ts'
import { creditGrantRoutes } from './routes/credit-grants.ts'
import { customerBalanceRoutes } from './routes/customer-balance.ts'
import { customersRoutes } from './routes/customers.ts'
import { disputesRoutes } from './routes/disputes.ts'
import { invoiceItemRoutes } from './routes/invoice-items.ts'
import { invoiceLineRoutes } from './routes/invoice-lines.ts'
import { invoiceRoutes } from './routes/invoices.ts'
import { meterRoutes } from './routes/meters.ts'
import { paymentIntentRoutes } from './routes/payment-intents.ts'
import { paymentRecordRoutes } from './routes/payment-records.ts'
import { paymentsRoutes } from './routes/payments.ts'
import { payoutRoutes } from './routes/payouts.ts'
import { previewRoutes } from './routes/previews.ts'
import { priceChangeRoutes } from './routes/price-changes.ts'
import { refundRoutes } from './routes/refunds.ts'
import { scheduleRoutes } from './routes/schedules.ts'
import { shippingRateRoutes } from './routes/shipping-rates.ts'
import { subscriptionRoutes } from './routes/subscriptions.ts'
import type { Route } from './routing.ts'
import { type Delivery, type EndpointOptions, type TakeOptions, Webhooks } from './webhooks.ts'
import type { Identified, List, WireEvent } from './wire.ts'
import { createWorld, type Dunning, type SettlementRule, type World } from './world.ts'

/** The version the pinned SDK speaks. */
export const API_VERSION = '2026-10-28.endive'

export interface StripeSimulatorOptions {
  now: Now
  seed?: number
  /** The one key that is let in; absent: any key that looks like one. */
  apiKey?: string
  /** Let in as well, less what each is denied. */
  restrictedKeys?: Readonly<Record<string, RestrictedKey>>
  accountId?: string
  accountName?: string
  accountCountry?: string
  defaultCurrency?: string
  livemode?: boolean
  /** The version that events are rendered in: their `api_version` only, the shapes stay those of API_VERSION. */
  eventApiVersion?: string
  dunning?: Partial<Dunning>
  invoiceNumberPrefix?: string
  settleAfterDays?: number
  collectAfterSeconds?: number
  /** Which currencies settle in another one, and at what rate; the others settle in their own. */
  settlement?: Record<string, SettlementRule>
  /** What Stripe charges at least, by currency: { usd: 50 }. Absent: anything can be charged. */
  minimumCharge?: Record<string, number>
  payoutSchedule?: 'daily' | 'manual'
  bankRefundAfterDays?: number
  /** Calls allowed in one second of a clock (the simulator's own unless given). */
  rateLimit?: { perSecond: number; now?: Now }
}

export interface StripeSimulator extends Controls {
  app: Hono
  faults: Faults
  calls: CallLog
  listen(port?: number): Promise<Listening>
  /** Does everything due by now(), in order of time, each at its own time. */
  runDue(): void
  /** Milliseconds of the next thing that will happen by itself. */
  nextDue(): number | undefined
  /** All events, oldest first. */
  events: readonly WireEvent[]
  /** Calls the listener at each event; returns how to stop. */
  onEvent(listener: (event: WireEvent) => void): () => void
  addEndpoint(options: EndpointOptions): { id: string; secret: string; url: string }
  takeDeliveries(options?: TakeOptions): Delivery[]
  deliver(
    options?: TakeOptions & { concurrency?: number; timeoutMs?: number },
  ): Promise<{ delivered: number; failed: number }>
  /** Deliveries that wait for their first try or a retry, and when the next is due (milliseconds). */
  deliveryBacklog(): { waiting: number; nextDue: number | undefined }
  /** The objects as they stand, for assertions. */
  store: World['store']
}

interface SavedAnswer {
  fingerprint: string | null
  status: number
  body: string
  requestId: string
  savedAtMs: number
}

const KEY_LIFE_MS = 24 * 3_600_000

export function createStripeSimulator(options: StripeSimulatorOptions): StripeSimulator {
  const world = createWorld({
    now: options.now,
    seed: options.seed ?? 1,
    accountId: options.accountId ?? 'acct_1SimulatedSwitchy',
    accountName: options.accountName ?? 'Simulated Inc.',
    accountCountry: options.accountCountry ?? 'US',
    defaultCurrency: options.defaultCurrency ?? 'usd',
    livemode: options.livemode ?? false,
    eventApiVersion: options.eventApiVersion ?? API_VERSION,
    dunning: {
      retryAfterDays: [3, 5, 7],
      subscriptionThen: 'cancel',
      invoiceThen: 'uncollectible',
      ...options.dunning,
    },
    invoiceNumberPrefix: options.invoiceNumberPrefix,
    settleAfterDays: options.settleAfterDays ?? 4,
    collectAfterSeconds: options.collectAfterSeconds ?? 3_600,
    settlement: new Map(Object.entries(options.settlement ?? {})),
    minimumCharge: new Map(Object.entries(options.minimumCharge ?? {})),
    payoutSchedule: options.payoutSchedule ?? 'manual',
    bankRefundAfterDays: options.bankRefundAfterDays ?? 0,
  })
  if (world.settings.payoutSchedule === 'daily') planDailyPayouts(world)
  const faults = new Faults()
  const calls = new CallLog()
  const webhooks = new Webhooks(world)
  const controls = createControls(world)
  const answers = new Map<string, SavedAnswer>()
  const app = new Hono()

  app.use(
    '*',
    faultMiddleware(faults, calls, (fault, context) => {
      const requestId = world.ids.next('req')
      const refusal = faultRefusal(fault.effect)
      const response = answer(
        context,
        world,
        refusal.status,
        JSON.stringify({ error: refusal.body }),
        requestId,
      )
      if (fault.retryAfterSeconds !== undefined)
        response.headers.set('retry-after', String(fault.retryAfterSeconds))
      const key = context.req.header('idempotency-key')
      // A 500 under an idempotency key is kept and replayed: https://docs.stripe.com/error-low-level#idempotency
      if (fault.effect === 'server_error' && key && context.req.method === 'POST') {
        answers.set(key, {
          fingerprint: null,
          status: 500,
          body: JSON.stringify({ error: refusal.body }),
          requestId,
          savedAtMs: options.now(),
        })
      }
      return response
    }),
  )
  faultRoutes(app, faults, calls)
  controlRoutes(app, world, controls)

  const limiter = rateLimiter(options)
  const routes = [
    ...previewRoutes,
    ...catalogRoutes,
    ...priceChangeRoutes,
    ...shippingRateRoutes,
    ...customersRoutes,
    ...customerBalanceRoutes,
    ...invoiceRoutes,
    ...invoiceLineRoutes,
    ...invoiceItemRoutes,
    ...subscriptionRoutes,
    ...scheduleRoutes,
    ...paymentsRoutes,
    ...meterRoutes,
    ...creditGrantRoutes,
    ...paymentIntentRoutes,
    ...paymentRecordRoutes,
    ...refundRoutes,
    ...balanceRoutes,
    ...payoutRoutes,
    ...disputesRoutes,
    ...accountRoutes(webhooks),
  ]
  for (const each of routes)
    app.on(each.method, each.path, (context) =>
      serveRoute(context, world, each, { options, answers, limiter }),
    )
  app.notFound((context) => {
    const refusal = new Refusal(404, {
      type: 'invalid_request_error',
      message: `Unrecognized request URL (${context.req.method}: ${context.req.path}). The simulator may not have it, though Stripe does.`,
    })
    return answer(context, world, 404, JSON.stringify({ error: refusal.body }), world.ids.next('req'))
  })

  return {
    ...controls,
    app,
    faults,
    calls,
    store: world.store,
    listen: (port) => listen(app, port),
    runDue: world.runDue,
    nextDue: () => {
      const at = world.agenda.nextAt()
      return at === undefined ? undefined : at * 1000
    },
    events: world.events.log,
    onEvent: (listener) => world.events.onEvent(listener),
    addEndpoint: (endpointOptions) => {
      const endpoint = webhooks.addEndpoint(endpointOptions)
      return { id: endpoint.id, secret: endpoint.secret ?? '', url: endpoint.url }
    },
    takeDeliveries: (takeOptions) => webhooks.takeDeliveries(takeOptions),
    deliver: (deliverOptions) => webhooks.deliver(deliverOptions),
    deliveryBacklog: () => ({ waiting: webhooks.backlog, nextDue: webhooks.nextDue() }),
  }
}

interface Serving {
  options: StripeSimulatorOptions
  answers: Map<string, SavedAnswer>
  limiter: () => void
}

async function serveRoute(context: Context, world: World, each: Route, serving: Serving): Promise<Response> {
  const requestId = world.ids.next('req')
  const url = new URL(context.req.url)
  const body = context.req.method === 'POST' ? await context.req.text() : ''
  const key = context.req.method === 'POST' ? context.req.header('idempotency-key') : undefined
  const fingerprint = `${each.method} ${url.pathname} ${body}`
  try {
    const caller = authenticate(context, serving.options)
    refuseDenied(
      serving.options.restrictedKeys ?? {},
      caller,
      each.method,
      url.pathname,
      world.settings.accountId,
    )
    serving.limiter()
    world.runDue()
    if (key !== undefined) {
      if (key.length > 255)
        throw invalidParameter('Idempotency keys can be at most 255 characters long.', undefined, undefined)
      const saved = serving.answers.get(key)
      if (saved && saved.savedAtMs > serving.options.now() - KEY_LIFE_MS) {
        if (saved.fingerprint !== null && saved.fingerprint !== fingerprint) throw idempotencyError(key)
        const response = answer(context, world, saved.status, saved.body, requestId)
        response.headers.set('idempotent-replayed', 'true')
        response.headers.set('original-request', saved.requestId)
        return response
      }
    }
    const raw = parseForm(body || url.search.slice(1))
    world.request = { id: requestId, idempotencyKey: key ?? null }
    const result = execute(world, each, raw, context.req.param(), url)
    save(200, result)
    return answer(context, world, 200, result, requestId)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const text = JSON.stringify({ error: { ...error.body, request_log_url: undefined } })
    if (!error.beforeExecution) save(error.status, text)
    return answer(context, world, error.status, text, requestId)
  } finally {
    world.request = null
  }

  function save(status: number, text: string): void {
    if (key === undefined) return
    serving.answers.set(key, { fingerprint, status, body: text, requestId, savedAtMs: serving.options.now() })
  }
}

function execute(world: World, each: Route, raw: FormObject, path: Record<string, string>, url: URL): string {
  const { expand, ...rest } = raw
  if (
    expand !== undefined &&
    !(Array.isArray(expand) && expand.every((entry) => typeof entry === 'string'))
  ) {
    throw invalidParameter('Invalid array', undefined, 'expand')
  }
  const result = each.run(world, rest, path, url.pathname)
  const shown = present(result)
  return JSON.stringify(expand ? expandInto(world, shown, expand) : shown)
}

function present(result: object): object {
  if (isList(result)) return { ...result, data: result.data.map(snapshot) }
  return snapshot(result as Identified)
}

const isList = (result: object): result is List<Identified> => 'data' in result && Array.isArray(result.data)

function answer(context: Context, world: World, status: number, body: string, requestId: string): Response {
  const key = context.req.header('idempotency-key')
  return new Response(body, {
    status,
    headers: {
      'content-type': 'application/json',
      date: new Date(world.settings.now()).toUTCString(),
      'request-id': requestId,
      'stripe-version': context.req.header('stripe-version') ?? API_VERSION,
      ...(key ? { 'idempotency-key': key } : {}),
    },
  })
}

/** @returns the key. */
function authenticate(context: Context, { apiKey, restrictedKeys = {} }: StripeSimulatorOptions): string {
  const [scheme, credentials = ''] = (context.req.header('authorization') ?? '').split(' ')
  // Bearer, or the key as the user name of basic auth: https://docs.stripe.com/api/authentication
  const basic =
    scheme === 'Basic' ? Buffer.from(credentials, 'base64').toString('utf8').replace(/:.*$/s, '') : ''
  const given = scheme === 'Bearer' ? credentials : basic
  if (!given) {
    throw unauthorized(
      "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
    )
  }
  const accepted =
    given in restrictedKeys || (apiKey === undefined ? /^(sk|rk)_/.test(given) : given === apiKey)
  if (accepted) return given
  throw unauthorized(`Invalid API Key provided: ${given.slice(0, 8)}****${given.slice(-4)}`)
}

function rateLimiter(options: StripeSimulatorOptions): () => void {
  const limit = options.rateLimit
  if (!limit) return () => undefined
  const now = limit.now ?? options.now
  let second = 0
  let count = 0
  return () => {
    const current = Math.floor(now() / 1000)
    if (current !== second) {
      second = current
      count = 0
    }
    count += 1
    if (count > limit.perSecond) throw rateLimited()
  }
}

function faultRefusal(effect: string): Refusal {
  switch (effect) {
    case 'rate_limited':
      return rateLimited()
    case 'expired_credential':
      return unauthorized('Expired API Key provided: sk_****')
    case 'unavailable':
      return apiError(503)
    case 'server_error':
      return apiError(500)
    default:
      return missingInPath('fault', effect)
  }
}
