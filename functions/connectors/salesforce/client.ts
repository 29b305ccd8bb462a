// The only file that imports jsforce: a session that renews itself once, one deadline for each whole answer, no
// retries of its own, and answers checked for their shape. Every failure leaves here as a HubError.
import { PassThrough } from 'node:stream'
import { Connection } from 'jsforce/lib/core.js'
import { Transport } from 'jsforce/lib/transport.js'
import type { HttpRequest } from 'jsforce/lib/types/index.js'
import { StreamPromise } from 'jsforce/lib/util/promise.js'
import * as z from 'zod'
import type { TrafficMeter } from '../../../shared/connector/traffic.ts'
import { credential, invariant, transient } from '../../../shared/errors.ts'
import type { SalesforceConfig, SalesforceCredentials } from './config.ts'
import { type ObjectDescription, objectDescription } from './description.ts'
import { RefusedCall, type SalesforceError, translateCall } from './failures.ts'

/** Below the Lambda's 60 s with room for a second call; jsforce would wait 30 minutes. */
const DEADLINE_MS = 20_000

const row = z.record(z.string(), z.unknown())
/** A row of a SOQL answer. */
export type Row = z.output<typeof row>

/** A record as Salesforce takes it. */
export type WireRecord = Record<string, unknown>

export type SaveOutcome = { id: string | undefined; errors: readonly SalesforceError[] }

export interface UpsertOptions {
  /**
   * Without it every REST call that touches a Case runs the assignment rules, and gives it to the default owner where
   * none is active, whoever had it.
   * https://developer.salesforce.com/docs/platform/api-rest/guide/headers-autoassign.html
   * https://help.salesforce.com/s/articleView?id=000395506&type=1
   */
  keepsOwner?: boolean
}

export interface SalesforceClient {
  /** All rows, over as many pages as Salesforce makes. */
  query(soql: string, what: string): Promise<Row[]>
  /** One call for up to 200 records of one object; an external id at most once. Outcomes in order. */
  upsert(
    object: string,
    externalId: string,
    records: readonly WireRecord[],
    options?: UpsertOptions,
  ): Promise<SaveOutcome[]>
  /** Records with their `Id`; one call for up to 200. */
  update(object: string, records: readonly WireRecord[]): Promise<SaveOutcome[]>
  delete(object: string, ids: readonly string[]): Promise<SaveOutcome[]>
  /** As the hub's user may see and write it; undefined: there is none, for this user. */
  describe(object: string): Promise<ObjectDescription | undefined>
}

const errorShape = z.object({
  errorCode: z.string().optional(),
  statusCode: z.string().optional(),
  message: z.string().default(''),
  fields: z.array(z.string()).nullish(),
})
const readError = ({
  errorCode,
  statusCode,
  message,
  fields,
}: z.output<typeof errorShape>): SalesforceError => ({
  code: statusCode ?? errorCode ?? 'UNKNOWN',
  message,
  fields: fields ?? [],
})

const saveAnswer = z.array(
  z.object({ success: z.boolean(), id: z.string().nullish(), errors: z.array(errorShape).default([]) }),
)
const queryAnswer = z.object({
  records: z.array(row),
  done: z.boolean(),
  nextRecordsUrl: z.string().optional(),
})
const tokenAnswer = z.object({ access_token: z.string(), instance_url: z.url(), id: z.string() })

/**
 * jsforce's own transport repeats reads for 15 seconds and its deadline ends with the headers; this one sends once and
 * times the whole answer.
 */
class DeadlineTransport extends Transport {
  private readonly meter: TrafficMeter

  constructor(meter: TrafficMeter) {
    super()
    this.meter = meter
  }

  override httpRequest(request: HttpRequest) {
    return StreamPromise.create(() => ({ stream: new PassThrough(), promise: send(request, this.meter) }))
  }
}

async function send({ url, method, headers, body }: HttpRequest, meter: TrafficMeter) {
  const response = await fetch(url, {
    method,
    headers: headers ?? {},
    signal: AbortSignal.timeout(DEADLINE_MS),
    ...(typeof body === 'string' && { body }),
  })
  const answer = await response.text()
  const refusal = response.status >= 400 ? refused(response, answer) : undefined
  meter.answered({
    throttled: refusal !== undefined && isThrottled(refusal),
    quotaLeftPercent: quotaLeftPercent(response.headers.get('sforce-limit-info')),
  })
  if (refusal) throw refusal
  return { statusCode: response.status, headers: Object.fromEntries(response.headers), body: answer }
}

/** A day's calls used up are a 403: https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/errorcodes.htm */
const isThrottled = ({ status, errors }: RefusedCall): boolean =>
  status === 429 || errors.some(({ code }) => code === 'REQUEST_LIMIT_EXCEEDED')

/**
 * `api-usage=10018/100000`, the day's calls of the whole org.
 * https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/headers_api_usage.htm
 */
function quotaLeftPercent(limitInfo: string | null): number | undefined {
  const [, used, allowed] = /\bapi-usage=(\d+)\/(\d+)/.exec(limitInfo ?? '') ?? []
  if (used === undefined || Number(allowed) === 0) return undefined
  return Math.max(0, Math.round(100 * (1 - Number(used) / Number(allowed))))
}

function refused(response: Response, answer: string): RefusedCall {
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN)
  let parsed: unknown
  try {
    parsed = JSON.parse(answer)
  } catch {
    // A gateway answers in HTML; the status says enough.
    parsed = undefined
  }
  const errors = z.array(errorShape).safeParse(parsed)
  return new RefusedCall(
    response.status,
    errors.success ? errors.data.map(readError) : [],
    Number.isFinite(retryAfter) ? retryAfter : undefined,
  )
}

export function createSalesforceClient(options: {
  config: SalesforceConfig
  credentials: SalesforceCredentials
  livemode: boolean
  meter: TrafficMeter
}): SalesforceClient {
  const { config, credentials, livemode, meter } = options
  const { organization } = config
  if (organization && (organization.mode === 'live') !== livemode) {
    throw invariant(
      `hub.config.ts binds Salesforce org ${organization.id} to Stripe's ${organization.mode} mode, and this stage runs in ${livemode ? 'live' : 'test'} mode.`,
    )
  }
  const transport = new DeadlineTransport(meter)
  let session: Promise<Connection> | undefined

  async function signIn(): Promise<Connection> {
    const { access_token, instance_url, id } = await requestToken(credentials)
    // https://login.salesforce.com/id/<organization>/<user>
    const organizationId = id.split('/').at(-2)
    if (organization && organizationId?.slice(0, 15) !== organization.id.slice(0, 15)) {
      throw credential(
        `The Salesforce credentials belong to org ${organizationId}, not to ${organization.id}. Nothing was written.`,
        {
          code: 'SF-ORG',
          hint: "Salesforce admin: store the connected app's key of the right org for this stage, then run hub doctor.",
        },
      )
    }
    const connection = new Connection({
      instanceUrl: instance_url,
      accessToken: access_token,
      version: config.apiVersion,
    })
    connection._transport = transport
    return connection
  }

  /** Callers that meet an expired session together renew it once. */
  function open(expired?: Promise<Connection>): Promise<Connection> {
    if (session === undefined || session === expired) {
      const opening = signIn()
      session = opening
      opening.catch(() => {
        if (session === opening) session = undefined
      })
    }
    return session
  }

  async function call<T>(
    what: string,
    write: boolean,
    action: (connection: Connection) => Promise<T>,
  ): Promise<T> {
    const first = open()
    const connection = await first
    try {
      return await action(connection)
    } catch (error) {
      if (!(error instanceof RefusedCall) || error.status !== 401) throw translateCall(error, what, write)
    }
    const renewed = await open(first)
    try {
      return await action(renewed)
    } catch (error) {
      throw translateCall(error, what, write)
    }
  }

  async function save(what: string, count: number, action: (connection: Connection) => Promise<unknown>) {
    const answer = saveAnswer.safeParse(await call(what, true, action))
    if (!answer.success || answer.data.length !== count) {
      throw invariant(`${what}: Salesforce's answer has no outcome for each of ${count} records.`)
    }
    return answer.data.map(
      ({ success, id, errors }): SaveOutcome => ({
        id: id ?? undefined,
        errors: success
          ? []
          : errors.length > 0
            ? errors.map(readError)
            : [{ code: 'UNKNOWN', message: '', fields: [] }],
      }),
    )
  }

  const duplicates = config.allowDuplicateAlerts
    ? { 'Sforce-Duplicate-Rule-Header': 'allowSave=true' }
    : undefined

  return {
    async query(soql, what) {
      const rows: Row[] = []
      let url: string | undefined = `/query?q=${encodeURIComponent(soql)}`
      while (url) {
        const next: string = url
        const answer = queryAnswer.parse(
          await call(what, false, async (connection) => connection.requestGet(next)),
        )
        rows.push(...answer.records)
        url = answer.done ? undefined : answer.nextRecordsUrl
      }
      return rows
    },
    upsert: (object, externalId, records, { keepsOwner } = {}) =>
      save(`writing ${records.length} of ${object}`, records.length, (connection) =>
        connection.sobject(object).upsert([...records], externalId, {
          headers: { ...duplicates, ...(keepsOwner && { 'Sforce-Auto-Assign': 'FALSE' }) },
        }),
      ),
    update: (object, records) =>
      save(`marking ${records.length} of ${object}`, records.length, (connection) =>
        connection.sobject(object).update(records.map((record) => ({ ...record, Id: String(record.Id) }))),
      ),
    delete: (object, ids) =>
      save(`deleting ${ids.length} of ${object}`, ids.length, (connection) =>
        connection.sobject(object).destroy([...ids]),
      ),
    async describe(object) {
      const answer = await call(`describing ${object}`, false, async (connection) =>
        connection.requestGet(`/sobjects/${object}/describe`).catch((error: unknown) => {
          if (error instanceof RefusedCall && error.status === 404) return undefined
          throw error
        }),
      )
      return answer === undefined ? undefined : objectDescription.parse(answer)
    },
  }
}

/** https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_client_credentials_flow.htm */
async function requestToken({ loginUrl, clientId, clientSecret }: SalesforceCredentials) {
  const what = 'signing in'
  try {
    const response = await fetch(new URL('/services/oauth2/token', loginUrl), {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: clientSecret,
      }).toString(),
      signal: AbortSignal.timeout(DEADLINE_MS),
    })
    const answer = await response.text()
    if (response.ok) return tokenAnswer.parse(JSON.parse(answer))
    if (response.status === 429 || response.status >= 500) throw refused(response, answer)
    const reason = z.object({ error: z.string() }).safeParse(JSON.parse(answer))
    // Salesforce's own wording for "try again": error=unknown_error, "retry your request".
    const make = reason.data?.error === 'unknown_error' ? transient : credential
    throw make('Salesforce refuses to sign the hub in.', {
      code: 'SF-CRED',
      hint: "Salesforce admin: check the connected app's client id and secret and its run-as user, store the new ones, then run hub doctor.",
      detail: `HTTP ${response.status} ${reason.data?.error ?? ''}`.trim(),
    })
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) {
      throw credential('What answers at loginUrl is not Salesforce.', {
        code: 'SF-CRED',
        hint: "Salesforce admin: loginUrl must be the org's My Domain address, then run hub doctor.",
      })
    }
    throw translateCall(error, what, false)
  }
}
