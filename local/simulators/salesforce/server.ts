// A simulated Salesforce org over HTTP: what jsforce needs to log in, write, read and query, with Salesforce's
// refusals. The routes are here; each resource has a file of its own.
//
// A URL longer than 16 KB with its headers gets 431 from Node's server itself: Salesforce has the same limit
// (https://developer.salesforce.com/docs/atlas.en-us.salesforce_app_limits_cheatsheet.meta/).
//
// Not simulated: Bulk API, Apex, platform events, triggers, validation rules, sharing, record types.
import { type Context, Hono } from 'hono'
import {
  CallLog,
  type Fault,
  Faults,
  faultMiddleware,
  faultRoutes,
  type Listening,
  listen,
  type Now,
} from '../simulator.ts'
import { type ApiHandler, type ApiRequest, type ApiResponse, methodNotAllowed, ok } from './api-request.ts'
import { Collections } from './collections.ts'
import { handleComposite } from './composite.ts'
import { notFound, RecordRefused, RequestRefused, statusOf } from './errors.ts'
import { ORGANIZATION_ID } from './identifiers.ts'
import { OAuth } from './oauth.ts'
import { Queries } from './query.ts'
import { type RecordFault, Records, type SaveOptions } from './records.ts'
import { type SObjectSchema, salesforceSchema } from './schema.ts'
import { SObjects } from './sobjects.ts'
import { Store } from './store.ts'
import { type ExcessDecimals, presentValue } from './values.ts'

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
}

export type PresentedRecord = Record<string, string | number | boolean | null>

export interface SalesforceSimulator {
  app: Hono
  faults: Faults
  calls: CallLog
  /** This simulator's own copy: a test may take away write access or shorten a field. */
  schema: SObjectSchema[]
  listen(port?: number): Promise<Listening>
  /** The records of an object that are not deleted, in order of creation, as the API would answer them. */
  records(objectName: string): PresentedRecord[]
  /** Refuses single records, inside collections too. */
  refuseRecords(fault: RecordFault): void
  clearRecordRefusals(): void
  /** Ends every session: the next call with an old token gets INVALID_SESSION_ID. */
  expireSessions(): void
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
  const saveOptions = (request: ApiRequest): SaveOptions => ({
    excessDecimals: options.excessDecimals ?? 'refuse',
    allowDuplicateSave: /allowSave\s*=\s*true/i.test(request.header('Sforce-Duplicate-Rule-Header') ?? ''),
    // https://developer.salesforce.com/docs/platform/api-rest/guide/headers-autoassign.html
    autoAssign: !/^false$/i.test(request.header('Sforce-Auto-Assign') ?? ''),
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
  app.post('/_simulator/record-refusals', async (context) => {
    refuseRecords(await context.req.json<RecordFault>())
    return context.body(null, 204)
  })
  app.delete('/_simulator/record-refusals', (context) => {
    records.faults.length = 0
    return context.body(null, 204)
  })
  app.post('/_simulator/expire-sessions', (context) => {
    oauth.expireAll()
    return context.body(null, 204)
  })
  app.get('/_simulator/records/:object', (context) => context.json(listRecords(context.req.param('object'))))

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

  const listRecords = (objectName: string): PresentedRecord[] => {
    const table = store.table(objectName)
    if (!table) throw new Error(`The simulated org has no object ${objectName}.`)
    return [...table.records.values()]
      .filter(({ deleted }) => !deleted)
      .map(({ values }) =>
        Object.fromEntries(
          [...table.fields.values()].map((field) => [field.name, presentValue(field, values[field.name])]),
        ),
      )
  }

  const refuseRecords = (fault: RecordFault): void => {
    records.faults.push({ ...fault, left: fault.times ?? Number.POSITIVE_INFINITY })
  }

  return {
    app,
    faults,
    calls,
    schema,
    listen: (port) => listen(app, port),
    records: listRecords,
    refuseRecords,
    clearRecordRefusals: () => {
      records.faults.length = 0
    },
    expireSessions: () => oauth.expireAll(),
    usedToday,
  }
}

const isServed = (version: string): boolean => {
  const number = Number(/^v(\d+)\.0$/.exec(version)?.[1])
  return number >= OLDEST_VERSION && number <= NEWEST_VERSION
}

const unknownVersion: ApiResponse = {
  status: 404,
  body: [{ errorCode: 'NOT_FOUND', message: 'The requested resource does not exist' }],
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

const wordRefusals = (work: () => ApiResponse): ApiResponse => {
  try {
    return work()
  } catch (error) {
    if (error instanceof RequestRefused) {
      return { status: error.status, body: [{ message: error.message, errorCode: error.errorCode }] }
    }
    if (error instanceof RecordRefused) {
      const { statusCode: errorCode, message, fields } = error
      return { status: statusOf(error), body: [{ message, errorCode, fields }] }
    }
    throw error
  }
}

const refusal = (
  context: Context,
  status: 401 | 403 | 500 | 503,
  errorCode: string,
  message: string,
): Response => context.json([{ message, errorCode }], status)

const invalidSession = (context: Context): Response =>
  refusal(context, 401, 'INVALID_SESSION_ID', 'Session expired or invalid')

const limitExceeded = (context: Context, limit: string): Response =>
  refusal(context, 403, 'REQUEST_LIMIT_EXCEEDED', `${limit} Limit exceeded.`)

/** Salesforce has no 429 here: too many calls at once are a 403 too. */
const wordFault = (fault: Fault, context: Context): Response => {
  if (fault.retryAfterSeconds !== undefined) context.header('Retry-After', String(fault.retryAfterSeconds))
  if (context.req.path === '/services/oauth2/token' && fault.effect === 'expired_credential') {
    return context.json({ error: 'invalid_client', error_description: 'invalid client credentials' }, 400)
  }
  switch (fault.effect) {
    case 'expired_credential':
      return invalidSession(context)
    case 'rate_limited':
      return limitExceeded(context, 'ConcurrentRequests (Concurrent API Requests)')
    case 'unavailable':
      return refusal(context, 503, 'SERVER_UNAVAILABLE', 'The server is too busy to handle this request.')
    default:
      return refusal(
        context,
        500,
        'UNKNOWN_EXCEPTION',
        'An unexpected error occurred. Please include this ErrorId if you contact support',
      )
  }
}
