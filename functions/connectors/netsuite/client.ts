// NetSuite's REST API in the hub's terms: records by external id, SuiteQL rows, and every refusal translated into
// the closed list of errors. Calls in flight stay within the manifest's share. Knows nothing of Stripe.
import pLimit from 'p-limit'
import * as z from 'zod'
import type { Clock } from '../../../shared/clock.ts'
import type { Json, ObjectRef } from '../../../shared/connector/contract.ts'
import { TrafficMeter } from '../../../shared/connector/traffic.ts'
import {
  ambiguous,
  credential,
  type HubError,
  invariant,
  isHubError,
  transient,
} from '../../../shared/errors.ts'
import type { NetSuiteCredentials } from './config.ts'
import { manifest } from './manifest.ts'
import { isThrottled, secondsOf, translateRefusal } from './refusals.ts'
import { type Answer, NetSuiteTransport, TokenRefused } from './transport.ts'

/** Rows of one SuiteQL page; NetSuite's own maximum. */
const PAGE_ROWS = 1_000
/** Names in one IN (…); NetSuite's parser is slow beyond, and pages stay small. */
export const NAMES_PER_QUERY = 200

export interface Call {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Below /services/rest/. */
  path: string
  body?: Json
  heads?: Record<string, string>
  /** For people, inside error texts: 'write invoice in_1'. */
  what: string
  /** Whether a lost answer leaves a change in doubt. */
  changes: boolean
  /** Stripe objects whose next change may mend a refusal. */
  waitsOn?: ObjectRef[]
}

const suiteqlPage = z.object({ items: z.array(z.unknown()), hasMore: z.boolean() })

export interface NetSuiteClient {
  /** @throws HubError, but for a 404: it is an answer (except to an upsert). */
  call(call: Call): Promise<Answer>
  /** All pages. @throws HubError. */
  query<Row>(sql: string, row: z.ZodType<Row>, what: string): Promise<Row[]>
}

export function createNetSuiteClient(
  account: string,
  credentials: NetSuiteCredentials,
  clock: Clock,
  meter = new TrafficMeter(),
): NetSuiteClient {
  const transport = new NetSuiteTransport(account, credentials, clock)
  const limit = pLimit(manifest.vendor.parallelCalls)

  async function send(call: Call): Promise<Answer> {
    const exchange = {
      path: call.path,
      method: call.method,
      ...(call.body !== undefined && { body: JSON.stringify(call.body) }),
      heads: {
        // By default a misspelt field is only a warning, and the value is lost.
        'X-NetSuite-PropertyNameValidation': 'Error',
        ...call.heads,
      },
    }
    const ask = async () => {
      const answer = await attempt(call, () => transport.request(exchange))
      meter.answered({ throttled: isThrottled(answer) })
      return answer
    }
    let answer = await ask()
    if (answer.status === 401) {
      // An expired or revoked token; and an account under load was seen to answer "Invalid login attempt" to a good
      // one. Nothing was done, so one more try with a new token or nonce is safe.
      transport.forgetToken()
      answer = await ask()
    }
    if (answer.status < 300 || (answer.status === 404 && call.method !== 'PUT' && call.method !== 'POST'))
      return answer
    throw translateRefusal(answer, call)
  }

  const call = (asked: Call) => limit(() => send(asked))

  return {
    call,
    async query(sql, row, what) {
      const rows: z.infer<typeof row>[] = []
      for (let offset = 0; ; offset += PAGE_ROWS) {
        const answer = await call({
          method: 'POST',
          path: `query/v1/suiteql?limit=${PAGE_ROWS}&offset=${offset}`,
          body: { q: sql },
          heads: { Prefer: 'transient' },
          what,
          changes: false,
        })
        const page = suiteqlPage.safeParse(answer.data)
        if (!page.success) {
          throw transient(`NetSuite answered a query with something else: ${what}.`, {
            code: 'NS-ANSWER',
            cause: page.error,
          })
        }
        for (const item of page.data.items) {
          const parsed = row.safeParse(item)
          if (!parsed.success)
            throw invariant(`NetSuite's row has another shape: ${what}.`, { cause: parsed.error })
          rows.push(parsed.data)
        }
        if (!page.data.hasMore) return rows
      }
    },
  }
}

async function attempt(call: Call, request: () => Promise<Answer>): Promise<Answer> {
  try {
    return await request()
  } catch (error) {
    throw translateFailure(error, call)
  }
}

/** Codes of a connection that never came about: nothing was sent. */
const NEVER_CONNECTED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'])

function translateFailure(error: unknown, call: Call): HubError {
  if (isHubError(error)) return error
  if (error instanceof TokenRefused) {
    const { status, data, retryAfter } = error.answer
    if (status === 429 || status >= 500) {
      return transient(`NetSuite's token endpoint is not available: ${call.what}.`, {
        code: 'NS-BUSY',
        retryAfterSeconds: secondsOf(retryAfter),
        cause: error,
      })
    }
    return credential(
      `NetSuite refuses our certificate or client id (${status}): ${call.what}. Nothing was written.`,
      {
        code: 'NS-CRED',
        hint: 'NetSuite admin: Setup → Integration → OAuth 2.0 Client Credentials: the certificate may have expired or been revoked. Store the new one, then run hub doctor.',
        detail: JSON.stringify(data)?.slice(0, 300),
        cause: error,
      },
    )
  }
  if (error instanceof TypeError || (error instanceof DOMException && error.name === 'TimeoutError')) {
    const cause = error.cause
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : error.name
    if (call.changes && !NEVER_CONNECTED.has(code)) {
      return ambiguous(`NetSuite did not answer; it may or may not have done it: ${call.what}.`, {
        code: 'NS-UNKNOWN',
        hint: 'Nothing to do: NetSuite is read before anything is sent again.',
        detail: code,
        cause: error,
      })
    }
    return transient(`NetSuite did not answer: ${call.what}.`, {
      code: 'NS-NETWORK',
      detail: code,
      cause: error,
    })
  }
  return invariant(`${call.what}: ${error instanceof Error ? error.message : String(error)}`, {
    cause: error,
  })
}

/** The internal id at the end of a 204's Location. */
export function idFromLocation(location: string | undefined): string | undefined {
  return /\/(\d+)(?:\?.*)?$/.exec(location ?? '')?.[1]
}

/** A list for IN (…). Our names are ids; a quote inside is doubled all the same. */
export const sqlList = (names: readonly string[]): string =>
  names.map((name) => `'${name.replaceAll("'", "''")}'`).join(', ')

export function inChunks<T>(items: readonly T[], size: number): T[][] {
  const chunks: T[][] = []
  for (let start = 0; start < items.length; start += size) chunks.push(items.slice(start, start + size))
  return chunks
}
