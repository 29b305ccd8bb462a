// What an HTTP answer above 300 means: NetSuite's codes and sentences to the hub's kinds, with who can mend it.
// Shape: {type, title, status, "o:errorDetails": [{detail, "o:errorCode", "o:errorPath"?}]}; some 5xx are HTML pages.
// https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_156570709583.html
import * as z from 'zod'
import type { ObjectRef } from '../../../shared/connector/contract.ts'
import { ambiguous, credential, type HubError, permanent, transient } from '../../../shared/errors.ts'
import type { Answer } from './transport.ts'

const errorBody = z.object({
  'o:errorDetails': z
    .array(
      z.object({
        detail: z.string(),
        'o:errorCode': z.string().optional(),
        'o:errorPath': z.string().optional(),
      }),
    )
    .min(1),
})

/** Refusals that pass by themselves. */
const BUSY_CODES = new Set([
  'CONCURRENCY_LIMIT_EXCEEDED',
  'SSS_REQUEST_LIMIT_EXCEEDED',
  'REQUEST_LIMIT_EXCEEDED',
])
const LOCK =
  /RCRD_HAS_BEEN_CHANGED|RCRD_LOCKED|record has been changed|being (?:edited|modified) by|locked by/i
/** REST's own words for a closed period are not documented; SOAP's code is CLOSED_TRAN_PRD. */
const CLOSED_PERIOD =
  /CLOSED_TRAN_PRD|closed (?:accounting )?period|period .*(?:is closed|has been closed|is locked)/i
/**
 * Its words are those of public logs of several expense tools; Oracle documents the preference alone ("Disallow").
 * https://payhawk.com/help/document-date-is-outside-of-the-accounting-period-not-allowed
 */
const DATE_OUTSIDE = /date .*not within the date range of your accounting period/i
const SUBSIDIARY = /subsidiar/i
const APPLICATION = /\bapply\b|appl(?:y|ied|ication)|open balance|amount remaining/i

/** The code of a refusal that the next attempt avoids by choosing another posting period. */
export const CLOSED_PERIOD_CODE = 'NS-PERIOD-CLOSED'

/** The code of a refusal that may only say that another document was faster. */
export const APPLICATION_CODE = 'NS-APPLY'

export interface Refused {
  what: string
  changes: boolean
  /** Stripe objects whose next change may mend it. */
  waitsOn?: ObjectRef[]
}

/**
 * NetSuite tells only an administrator how many calls at once it would take: refusals are all there is to count.
 * https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/article_0625010817.html
 */
export function isThrottled({ status, data }: Answer): boolean {
  return status === 429 || BUSY_CODES.has(codeOf(data))
}

const codeOf = (data: unknown): string =>
  errorBody.safeParse(data).data?.['o:errorDetails'][0]?.['o:errorCode'] ?? ''

export function translateRefusal(answer: Answer, { what, changes, waitsOn }: Refused): HubError {
  const parsed = errorBody.safeParse(answer.data)
  const first = parsed.success ? parsed.data['o:errorDetails'][0] : undefined
  const code = codeOf(answer.data)
  const path = first?.['o:errorPath']
  const sentence = (first?.detail ?? '').replace(/^Error while accessing (?:a )?resource[.:]\s*/, '')
  const detail = [answer.status, code, path, withoutPersonalData(sentence)].filter(Boolean).join(' · ')
  const { status } = answer

  if (isThrottled(answer)) {
    return transient(`NetSuite asks to slow down: ${what}.`, {
      code: 'NS-BUSY',
      detail,
      retryAfterSeconds: secondsOf(answer.retryAfter),
    })
  }
  if (status === 401) {
    return credential(`NetSuite refuses our token, also a new one: ${what}. Nothing was written.`, {
      code: 'NS-CRED',
      hint: 'NetSuite admin: look at Setup → Users/Roles → Login Audit Trail, renew the certificate or token, then run hub doctor.',
      detail,
    })
  }
  if (status === 403) {
    return credential(`NetSuite's role for the hub may not do this: ${what}. Nothing was written.`, {
      code: 'NS-ROLE',
      hint: 'NetSuite admin: give the integration role the permission named in the detail, then run hub doctor.',
      detail,
    })
  }
  if (status === 503) return transient(`NetSuite is not available: ${what}.`, { code: 'NS-DOWN', detail })
  if (status >= 500) {
    // A 500 can come after the effect.
    const make = changes ? ambiguous : transient
    return make(`NetSuite failed: ${what}.`, { code: 'NS-5XX', detail })
  }
  if (LOCK.test(`${code} ${sentence}`)) {
    return transient(`NetSuite's record is locked by somebody: ${what}.`, { code: 'NS-LOCK', detail })
  }
  if (CLOSED_PERIOD.test(`${code} ${sentence}`)) {
    return transient(`The period was closed meanwhile; the next attempt takes the first open one: ${what}.`, {
      code: CLOSED_PERIOD_CODE,
      detail,
    })
  }
  if (DATE_OUTSIDE.test(sentence)) {
    return permanent(
      `NetSuite refuses: ${what}. Its date is in a closed period, and this account takes no date outside of the period that it posts to (field tranDate). Nothing was posted.`,
      {
        code: 'NS-DATE-OUTSIDE',
        hint: 'Accounting decides. To date such documents on the first day of the open period, engineering: hub.config.ts → netsuite.datesInClosedPeriods: "move". To keep Stripe\'s date, NetSuite admin: Setup → Accounting → Accounting Preferences → Allow Transaction Date Outside of the Posting Period: Allow. Then: hub replay --parked',
        detail,
      },
    )
  }
  return permanent(`NetSuite refuses: ${what}. ${reason(sentence)} Nothing was posted.`, {
    code: permanentCode(code, sentence, path),
    hint: permanentHint(sentence, path),
    detail,
    ...(waitsOn && isAboutCustomer(sentence, path) && { waitsOn }),
  })
}

/** Of a Retry-After header that says seconds. */
export function secondsOf(retryAfter: string | undefined): number | undefined {
  const seconds = Number(retryAfter)
  return retryAfter !== undefined && Number.isFinite(seconds) ? seconds : undefined
}

const isAboutCustomer = (sentence: string, path: string | undefined): boolean =>
  path === 'entity' || path === 'customer' || SUBSIDIARY.test(`${sentence} ${path ?? ''}`)

function permanentCode(code: string, sentence: string, path: string | undefined): string {
  if (path?.startsWith('apply') || APPLICATION.test(sentence)) return APPLICATION_CODE
  if (SUBSIDIARY.test(`${sentence} ${path ?? ''}`)) return 'NS-SUBSIDIARY'
  if (code === 'INVALID_KEY_OR_REF' || code === 'INVALID_CONTENT') return 'NS-REF'
  return 'NS-REFUSED'
}

function permanentHint(sentence: string, path: string | undefined): string {
  const field = path ?? /for:? ?(?:the following field: )?(\w+)/.exec(sentence)?.[1] ?? 'named in the detail'
  return `Field ${field}. NetSuite admin: mend what it refers to (missing, inactive, or not allowed for this subsidiary or currency), or correct it in hub.config.ts → netsuite. Then: hub replay --parked`
}

const reason = (sentence: string): string => {
  const text = withoutPersonalData(sentence).trim()
  return text === '' ? '' : text.endsWith('.') ? text : `${text}.`
}

/** NetSuite repeats values in its sentences: an email address must not reach the ledger. */
const withoutPersonalData = (text: string): string => text.replace(/\S+@\S+/g, '[email]').slice(0, 300)
