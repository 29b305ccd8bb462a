// A simulated Salesforce org over HTTP: what jsforce needs to log in, write, read and query, with Salesforce's
// refusals. The routes are here; each resource has a file of its own.
//
// A URL longer than 16 KB with its headers gets 431 from Node's server itself: Salesforce has the same limit
// (https://developer.salesforce.com/docs/atlas.en-us.salesforce_app_limits_cheatsheet.meta/).
//
// Not simulated: Bulk API, platform events, validation rules, sharing, record types; of Apex and flows only the push of
// quotes (quote-push.ts).
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
import { type Access, fullAccess, type Permissions, restrictedAccess } from './access.ts'
import { invalidSession, limitExceeded, unknownVersion, wordFault, wordRefusals } from './answers.ts'
import { type ApiHandler, type ApiRequest, type ApiResponse, methodNotAllowed, ok } from './api-request.ts'
import { Collections } from './collections.ts'
import { handleComposite } from './composite.ts'
import { type Controls, controlRoutes, createControls } from './controls.ts'
import { notFound, RequestRefused } from './errors.ts'
import { ORGANIZATION_ID } from './identifiers.ts'
import { OAuth } from './oauth.ts'
import { People } from './people.ts'
import { Queries } from './query.ts'
import { QuotePushes } from './quote-push.ts'
import { Records, type SaveOptions } from './records.ts'
import { type SObjectSchema, salesforceSchema } from './schema.ts'
import { SObjects } from './sobjects.ts'
import { Store } from './store.ts'
import type { ExcessDecimals } from './values.ts'

export type { PresentedRecord } from './controls.ts'

export interface SalesforceSimulatorOptions {
  now: Now
  clientId: string
  clientSecret: string
  /** The org's objects; copied. Default: `salesforceSchema`. */
  schema?: readonly SObjectSchema[]
  accessTokenSeconds?: number
  /** Requests under way at once before Salesforce refuses more; it counts only those that take long. */
  concurrencyLimit?: number
  /** Calls a day. Salesforce counts a rolling 24 hours; here the count begins anew at midnight UTC. */
  dailyLimit?: number
  excessDecimals?: ExcessDecimals
  /** PEM of the certificate's key when JWT assertions are to be checked. */
  jwtPublicKey?: string
  /** What the hub's user may do. Default: everything. */
  permissions?: Permissions
}

export interface SalesforceSimulator extends Controls {
  app: Hono
  faults: Faults
  calls: CallLog
  /** This simulator's own copy: a test may take away write access or shorten a field. */
  schema: SObjectSchema[]
  listen(port?: number): Promise<Listening>
  /** Calls counted against the daily limit today. */
  usedToday(): number
}

/** Behaviour differs in versions before this one; older ones are answered as if they did not exist. */
const OLDEST_VERSION = 65
const NEWEST_VERSION = 67
const DAY_MS = 86_400_000

export const createSalesforceSimulator = (options: SalesforceSimulatorOptions): SalesforceSimulator => {
  const { now, accessTokenSeconds = 7200, concurrencyLimit = 25, dailyLimit = 100_000 } = options
  const schema = structuredClone([...(options.schema ?? salesforceSchema)])
  const faults = new Faults()
  const calls = new CallLog()
  const store = new Store(schema, now)
  const records = new Records(store)
  const oauth = new OAuth({ ...options, accessTokenSeconds })
  const queries = new Queries(store)
  const pushes = new QuotePushes(now)
  let access: Access
  const restrict = (permissions: Permissions | 'all'): void => {
    access = permissions === 'all' ? fullAccess(store) : restrictedAccess(store, permissions)
  }
  restrict(options.permissions ?? 'all')
  const controls = createControls({
    store,
    records,
    people: new People(store, records, pushes),
    pushes,
    oauth,
    restrict,
  })
  const saveOptions = (request: ApiRequest): SaveOptions => ({
    excessDecimals: options.excessDecimals ?? 'refuse',
    allowDuplicateSave: /allowSave\s*=\s*true/i.test(request.header('Sforce-Duplicate-Rule-Header') ?? ''),
    // https://developer.salesforce.com/docs/platform/api-rest/guide/headers-autoassign.html
    autoAssign: !/^false$/i.test(request.header('Sforce-Auto-Assign') ?? ''),
    access: request.access,
  })
  const sobjects = new SObjects(store, records, saveOptions)
  const collections = new Collections(store, records, saveOptions)

  let underWay = 0
  let day = -1
  let used = 0
  const usedToday = (): number => (day === Math.floor(now() / DAY_MS) ? used : 0)

  const route = (request: ApiRequest): ApiResponse => {
    const [resource, second] = request.segments
    switch (resource) {
      case undefined:
      case '':
        return ok({
          identity: `/id/${ORGANIZATION_ID}`,
          sobjects: `${request.basePath}/sobjects`,
          query: `${request.basePath}/query`,
          composite: `${request.basePath}/composite`,
          limits: `${request.basePath}/limits`,
        })
      case 'sobjects':
        return sobjects.handle(request)
      case 'composite':
        if (second === 'sobjects') return collections.handle(request)
        if (second !== undefined) throw notFound()
        if (request.method !== 'POST') throw methodNotAllowed(request.method)
        return handleComposite(store, request, answer)
      case 'query':
      case 'queryAll':
        return queries.handle(request)
      case 'limits':
        return ok({ DailyApiRequests: { Max: dailyLimit, Remaining: dailyLimit - usedToday() } })
      default:
        throw notFound()
    }
  }

  const answer: ApiHandler = (request) => wordRefusals(() => route(request))

  const app = new Hono()
  faultRoutes(app, faults, calls)
  controlRoutes(app, controls)

  // A request that a fault holds open is a long-running one, so the count stands outside the faults.
  app.use('/services/data/*', async (context, next) => {
    if (underWay >= concurrencyLimit)
      return limitExceeded(context, 'ConcurrentRequests (Concurrent API Requests)')
    underWay += 1
    try {
      await next()
    } finally {
      underWay -= 1
    }
  })
  app.use('*', faultMiddleware(faults, calls, wordFault))
  app.post('/services/oauth2/token', (context) => oauth.handleToken(context))
  app.get('/services/data', (context) =>
    context.json(
      [OLDEST_VERSION, OLDEST_VERSION + 1, NEWEST_VERSION].map((version) => ({
        label: `v${version}.0`,
        url: `/services/data/v${version}.0`,
        version: `${version}.0`,
      })),
    ),
  )
  app.all('/services/data/:version/*', (context) => handleData(context))
  app.all('/services/data/:version', (context) => handleData(context))

  const handleData = async (context: Context): Promise<Response> => {
    if (!oauth.isValid(context.req.header('Authorization'))) return invalidSession(context)
    if (usedToday() >= dailyLimit) return limitExceeded(context, 'TotalRequests')
    used = usedToday() + 1
    day = Math.floor(now() / DAY_MS)
    const url = new URL(context.req.url)
    const [, , , version = '', ...segments] = url.pathname.split('/')
    const text = ['POST', 'PATCH', 'PUT'].includes(context.req.method) ? await context.req.text() : ''
    const response = isServed(version)
      ? wordRefusals(() =>
          route({
            method: context.req.method,
            segments: segments.map(decodeURIComponent),
            query: url.searchParams,
            body: readJson(text),
            access,
            header: (name) => context.req.header(name),
            basePath: `/services/data/${version}`,
          }),
        )
      : unknownVersion
    const hasBody = response.body !== undefined
    return new Response(hasBody ? JSON.stringify(response.body) : null, {
      status: response.status,
      headers: {
        ...(hasBody ? { 'content-type': 'application/json;charset=UTF-8' } : {}),
        'Sforce-Limit-Info': `api-usage=${used}/${dailyLimit}`,
        ...response.headers,
      },
    })
  }

  return {
    ...controls,
    app,
    faults,
    calls,
    schema,
    listen: (port) => listen(app, port),
    usedToday,
  }
}

const isServed = (version: string): boolean => {
  const number = Number(/^v(\d+)\.0$/.exec(version)?.[1])
  return number >= OLDEST_VERSION && number <= NEWEST_VERSION
}

const readJson = (text: string): unknown => {
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new RequestRefused(400, 'JSON_PARSER_ERROR', error.message)
  }
}
