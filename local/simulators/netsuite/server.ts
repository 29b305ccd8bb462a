// NetSuite's REST face: sign-in, the record API and SuiteQL over HTTP. It translates; the rules are in the files
// beside it and in records/.
//
// Record API: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/book_1559132836.html
// Concurrency: "Web Services and RESTlet Concurrency Governance"; the answer's code is seen in public logs only, and
// comes without Retry-After.
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Context, Hono } from 'hono'
import { type CallLog, type FaultResponse, type Faults, faultMiddleware, faultRoutes } from '../simulator.ts'
import { type Company, specOf } from './company.ts'
import { controlRoutes } from './controls.ts'
import { ApiError, errorBody, invalidContent, recordNotFound, userError } from './errors.ts'
import { parseFilter } from './filter.ts'
import { type M2mTokens, TOKEN_PATH } from './oauth.ts'
import { page } from './paging.ts'
import { fieldsFromDeposit } from './records/customer-deposit.ts'
import { deleteRecord } from './records/deleting.ts'
import { writeRecord } from './records/writing.ts'
import { type Json, RECORD_PATH, renderRecord } from './render.ts'
import type { RecordSpec, StoredRecord } from './schema.ts'
import type { SuiteQl } from './suiteql.ts'
import type { TbaSignatures } from './tba.ts'
import { BodyReader, type Strictness } from './validation.ts'

const SUITEQL_PATH = '/services/rest/query/v1/suiteql'
const JSON_TYPE = 'application/vnd.oracle.resource+json; type=singular-resource; charset=UTF-8'
const ERROR_TYPE = 'application/vnd.oracle.resource+json; type=error; charset=UTF-8'

interface ServerParts {
  company: Company
  suiteQl: SuiteQl
  m2m: M2mTokens
  tba: TbaSignatures
  faults: Faults
  calls: CallLog
  account: string
  concurrencyLimit: number
  /** Real milliseconds that every request takes, so that concurrent ones meet. */
  latencyMs: number
}

export function createApp(parts: ServerParts): Hono {
  const { company, suiteQl, faults, calls } = parts
  const app = new Hono()
  faultRoutes(app, faults, calls)
  app.use('/services/*', faultMiddleware(faults, calls, wordFault(parts.account)))
  app.post(TOKEN_PATH, async (context) => {
    const answer = parts.m2m.exchange(new URLSearchParams(await context.req.text()), originOf(context))
    return context.json(answer.body, answer.status)
  })
  limitConcurrency(app, parts)
  requireSignIn(app, parts)
  recordRoutes(app, company)
  controlRoutes(app, company)
  app.post(SUITEQL_PATH, async (context) => answerQuery(context, suiteQl, await readJson(context)))
  app.notFound(() => errorResponse(recordNotFound()))
  app.onError((error) => {
    if (error instanceof ApiError) return errorResponse(error)
    console.error('NetSuite simulator failed', error)
    return errorResponse(unexpected())
  })
  return app
}

const originOf = (context: Context): string => new URL(context.req.url).origin

const errorResponse = (error: ApiError): Response =>
  new Response(JSON.stringify(errorBody(error.status, error.detail)), {
    status: error.status,
    headers: { 'content-type': ERROR_TYPE },
  })

const unexpected = (): ApiError =>
  new ApiError(500, {
    detail: `An unexpected error occurred. Error ID: ${randomUUID()}`,
    'o:errorCode': 'UNEXPECTED_ERROR',
  })

const tooManyRequests = (): ApiError =>
  new ApiError(429, {
    detail: 'Concurrent request limit exceeded. Request blocked.',
    'o:errorCode': 'CONCURRENCY_LIMIT_EXCEEDED',
  })

const invalidLogin = (): ApiError =>
  new ApiError(401, {
    detail:
      'Invalid login attempt. For more details, see the Login Audit Trail in the NetSuite UI at Setup > Users/Roles > User Management > View Login Audit Trail.',
    'o:errorCode': 'INVALID_LOGIN',
  })

/** What stands in front of NetSuite answers in HTML when NetSuite itself does not. */
const UNAVAILABLE_PAGE =
  '<html><head><title>503 Service Unavailable</title></head><body><h1>Service Unavailable</h1></body></html>'

const wordFault =
  (account: string): FaultResponse =>
  (fault, context) => {
    switch (fault.effect) {
      case 'rate_limited': {
        const response = errorResponse(tooManyRequests())
        if (fault.retryAfterSeconds !== undefined)
          response.headers.set('retry-after', String(fault.retryAfterSeconds))
        return response
      }
      case 'expired_credential':
        return unauthorized(context, account, context.req.header('authorization') ?? '')
      case 'unavailable':
        return context.html(UNAVAILABLE_PAGE, 503)
      default:
        return errorResponse(unexpected())
    }
  }

function unauthorized(_context: Context, account: string, authorization: string): Response {
  const bearer = authorization.startsWith('Bearer ')
  const response = errorResponse(invalidLogin())
  response.headers.set(
    'www-authenticate',
    `${bearer ? 'Bearer' : 'OAuth'} realm="${account}", error="${bearer ? 'invalid_token' : 'token_rejected'}", error_description="Invalid login attempt."`,
  )
  return response
}

/** All of an account's web-service requests share one limit; the token endpoint is not one of them. */
function limitConcurrency(app: Hono, { concurrencyLimit, latencyMs }: ServerParts): void {
  let inFlight = 0
  app.use('/services/*', async (_context, next) => {
    if (inFlight >= concurrencyLimit) return errorResponse(tooManyRequests())
    inFlight += 1
    try {
      if (latencyMs > 0) await sleep(latencyMs)
      await next()
    } finally {
      inFlight -= 1
    }
  })
}

function requireSignIn(app: Hono, { account, m2m, tba }: ServerParts): void {
  app.use('/services/*', async (context, next) => {
    const authorization = context.req.header('authorization') ?? ''
    const known = authorization.startsWith('Bearer ')
      ? m2m.isValid(authorization.slice('Bearer '.length))
      : authorization.startsWith('OAuth ') &&
        tba.check(context.req.method, new URL(context.req.url), authorization) === 'ok'
    if (!known) return unauthorized(context, account, authorization)
    return next()
  })
}

function recordRoutes(app: Hono, company: Company): void {
  const collection = `${RECORD_PATH}/:type`
  const single = `${RECORD_PATH}/:type/:key`

  app.get(collection, (context) => {
    const spec = wantedSpec(company, context)
    const query = context.req.query('q')
    const test = query === undefined ? () => true : parseFilter(company, spec.type, query)
    const items = company.store.list(spec.type).filter(test)
    return page(
      context,
      items.map(({ id }): Json => ({ links: link(context, `${spec.type}/${id}`), id })),
    )
  })
  app.get(single, (context) => {
    const record = existing(company, context)
    const expandSubResources = context.req.query('expandSubResources')?.toLowerCase() === 'true'
    const body = renderRecord(company, record, { origin: originOf(context), expandSubResources })
    return context.body(JSON.stringify(chosenFields(body, context.req.query('fields'))), {
      headers: { 'content-type': JSON_TYPE },
    })
  })
  app.post(collection, async (context) => {
    const spec = wantedSpec(company, context)
    return saved(context, await write(company, context, { spec, previous: undefined, externalId: undefined }))
  })
  app.post(`${single}/!transform/:target`, async (context) => transform(company, context))
  app.patch(single, async (context) => {
    const previous = existing(company, context)
    const spec = specOf(company, previous.type)
    return saved(context, await write(company, context, { spec, previous, externalId: undefined }))
  })
  app.put(single, async (context) => {
    const spec = wantedSpec(company, context)
    const externalId = externalKey(context)
    // Upsert is documented for external ids only.
    if (externalId === undefined)
      throw invalidContent('An upsert requires an external ID: use eid:<external ID>.')
    const previous = findRecord(company, spec, context)
    return saved(context, await write(company, context, { spec, previous, externalId }))
  })
  app.delete(single, (context) => {
    deleteRecord(company, existing(company, context))
    return context.body(null, 204)
  })
}

/**
 * Of NetSuite's transformations the one that has no other road: a customer deposit into its application.
 * https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_157901123882.html
 */
async function transform(company: Company, context: Context): Promise<Response> {
  const source = existing(company, context)
  const target = param(context, 'target').toLowerCase()
  if (source.type !== 'customerDeposit' || target !== 'depositapplication') {
    throw userError(`The transformation of ${source.type} into ${target} is not part of this simulator.`)
  }
  const spec = specOf(company, 'depositApplication')
  const base = fieldsFromDeposit(source)
  return saved(
    context,
    await write(company, context, { spec, previous: undefined, externalId: undefined, base }),
  )
}

async function write(
  company: Company,
  context: Context,
  target: {
    spec: RecordSpec
    previous: StoredRecord | undefined
    externalId: string | undefined
    base?: StoredRecord['fields']
  },
): Promise<StoredRecord> {
  if (context.req.header('prefer')?.includes('respond-async')) {
    throw userError('Asynchronous requests are not part of this simulator.')
  }
  const body = await readJson(context)
  // The record may have been written by another request while the body was read.
  const previous = target.previous ? existing(company, context) : undefined
  const late = target.externalId === undefined ? undefined : findRecord(company, target.spec, context)
  const reader = new BodyReader(company.store, strictness(context))
  const replace = new Set((context.req.query('replace') ?? '').split(',').map((name) => name.trim()))
  const patch = reader.read(target.spec, body)
  return writeRecord(company, { ...target, previous: previous ?? late, patch, replace })
}

function strictness(context: Context): Strictness {
  const read = (header: string, otherwise: 'Error' | 'Warning'): 'Error' | 'Warning' | 'Ignore' => {
    const value = context.req.header(header)
    if (value === undefined) return otherwise
    if (value === 'Error' || value === 'Warning' || value === 'Ignore') return value
    throw invalidContent(`Invalid value ${value} of the header ${header}.`)
  }
  return {
    names: read('X-NetSuite-PropertyNameValidation', 'Warning'),
    values: read('X-NetSuite-PropertyValueValidation', 'Error'),
  }
}

async function readJson(context: Context): Promise<unknown> {
  if (!/json/i.test(context.req.header('content-type') ?? '')) {
    throw new ApiError(415, {
      detail: 'Unsupported media type. Use application/json.',
      'o:errorCode': 'UNSUPPORTED_MEDIA_TYPE',
    })
  }
  try {
    return JSON.parse(await context.req.text())
  } catch {
    throw invalidContent('The request body is not valid JSON.')
  }
}

/** Path parameters are optional to hono's types and always there on these routes. */
const param = (context: Context, name: string): string => context.req.param(name) ?? ''

function wantedSpec(company: Company, context: Context): RecordSpec {
  const type = param(context, 'type')
  // Oracle's samples write the type in any case: customerPayment, customerpayment.
  const spec =
    company.specs.get(type) ??
    [...company.specs.values()].find((each) => each.type.toLowerCase() === type.toLowerCase())
  if (spec && !spec.systemMade) return spec
  // Sentence as in a public client's tests.
  throw new ApiError(404, {
    detail: `Record type '${type}' does not exist.`,
    'o:errorCode': 'NONEXISTENT_ID',
  })
}

function externalKey(context: Context): string | undefined {
  const key = param(context, 'key')
  return key.startsWith('eid:') ? key.slice('eid:'.length) : undefined
}

/** Transactions of all types share their ids; asking for one as another type is an error of its own (public logs). */
function findRecord(company: Company, spec: RecordSpec, context: Context): StoredRecord | undefined {
  const externalId = externalKey(context)
  const record =
    externalId === undefined
      ? company.store.get(spec.group, param(context, 'key'))
      : company.store.findExternal(spec.group, externalId)
  if (!record || record.type === spec.type) return record
  if (spec.group === 'transaction') throw userError('Transaction type specified is incorrect.')
  return undefined
}

function existing(company: Company, context: Context): StoredRecord {
  const record = findRecord(company, wantedSpec(company, context), context)
  if (!record) throw recordNotFound()
  return record
}

const link = (context: Context, path: string): Json => [
  { rel: 'self', href: `${originOf(context)}${RECORD_PATH}/${path}` },
]

/** A write answers with no body; the record's address is in Location. */
const saved = (context: Context, record: StoredRecord): Response =>
  context.body(null, 204, { Location: `${originOf(context)}${RECORD_PATH}/${record.type}/${record.id}` })

function chosenFields(body: { [name: string]: Json }, fields: string | undefined): { [name: string]: Json } {
  if (fields === undefined) return body
  const wanted = new Set(['links', 'id', ...fields.split(',')])
  return Object.fromEntries(Object.entries(body).filter(([name]) => wanted.has(name)))
}

function answerQuery(context: Context, suiteQl: SuiteQl, body: unknown): Response {
  if (!context.req.header('prefer')?.includes('transient')) {
    throw new ApiError(400, {
      detail: "Required request header 'Prefer' is missing or its value is invalid. Use 'transient'.",
      'o:errorCode': 'INVALID_HEADER',
    })
  }
  const query = typeof body === 'object' && body !== null && 'q' in body ? body.q : undefined
  if (typeof query !== 'string') throw invalidContent('The request body must have a query in q.', 'q')
  return page(
    context,
    suiteQl.run(query).map((row): Json => ({ links: [], ...row })),
  )
}
