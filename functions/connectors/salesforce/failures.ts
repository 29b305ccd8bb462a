// Translates what Salesforce and the network answer into the hub's closed list of errors: for a whole call by HTTP
// status and errorCode, for a record of a collection by errors[].statusCode. Texts of Salesforce that can repeat a
// field's value are not passed on.
// https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/errorcodes.htm
import type { RemoteRecord } from '../../../shared/connector/contract.ts'
import {
  ambiguous,
  credential,
  type HubError,
  invariant,
  isHubError,
  permanent,
  transient,
} from '../../../shared/errors.ts'
import { isKindName, KINDS } from './kinds.ts'

export interface SalesforceError {
  /** `errorCode` of a call, `statusCode` of a record in a collection. */
  code: string
  message: string
  fields: readonly string[]
}

/** An HTTP answer of 400 or more. */
export class RefusedCall extends Error {
  readonly status: number
  readonly errors: readonly SalesforceError[]
  readonly retryAfterSeconds: number | undefined

  constructor(status: number, errors: readonly SalesforceError[], retryAfterSeconds: number | undefined) {
    super(`Salesforce answered ${status} ${errors.map(({ code }) => code).join(', ')}`.trim())
    this.name = 'RefusedCall'
    this.status = status
    this.errors = errors
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** The day's quota rolls over 24 hours: asking again sooner only burns what comes free. */
const DAILY_LIMIT_PAUSE_SECONDS = 3600
const CONCURRENCY_PAUSE_SECONDS = 15

/** Texts that name fields, objects and ids, never their values. */
const SAFE_TEXTS = new Set([
  'INVALID_FIELD',
  'INVALID_TYPE',
  'REQUIRED_FIELD_MISSING',
  'INVALID_FIELD_FOR_INSERT_UPDATE',
  'UNABLE_TO_LOCK_ROW',
  'REQUEST_LIMIT_EXCEEDED',
  'API_DISABLED_FOR_ORG',
  'INSUFFICIENT_ACCESS',
  'INSUFFICIENT_ACCESS_OR_READONLY',
  'NOT_FOUND',
  'SERVER_UNAVAILABLE',
])

function detailOf(errors: readonly SalesforceError[], status?: number): string {
  const parts = errors.map(({ code, message, fields }) =>
    [code, fields.length > 0 && `(${fields.join(', ')})`, SAFE_TEXTS.has(code) && message]
      .filter(Boolean)
      .join(' '),
  )
  return [status && `HTTP ${status}`, ...parts].filter(Boolean).join(' · ')
}

const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

/** @param write the call may have changed something: a lost answer is then `ambiguous`. */
export function translateCall(error: unknown, what: string, write: boolean): HubError {
  if (isHubError(error)) return error
  const lost = write ? ambiguous : transient
  if (!isRefusedCall(error)) {
    if (!(error instanceof Error)) return invariant(`${what}: ${String(error)}`, { cause: error })
    const reason = networkReason(error)
    if (reason === undefined) return invariant(`${what}: ${error.message}`, { cause: error })
    const make = NEVER_SENT.has(reason) ? transient : lost
    return make(`Salesforce did not answer: ${what}.`, { code: 'SF-NETWORK', detail: reason, cause: error })
  }
  const { status, errors, retryAfterSeconds } = error
  const detail = detailOf(errors, status)
  const codes = errors.map(({ code }) => code)
  if (codes.includes('REQUEST_LIMIT_EXCEEDED')) {
    // The same code says that too many long requests run at once, which clears in seconds.
    const concurrent = errors.some(({ message }) => /concurrent/i.test(message))
    return transient(
      concurrent
        ? `Salesforce runs too many requests at once: ${what}.`
        : `Salesforce's daily API limit is used up: ${what}.`,
      {
        code: concurrent ? 'SF-BUSY' : 'SF-DAILY-LIMIT',
        hint: 'Salesforce admin: Setup → Company Information shows the limit and who uses it; it resumes alone.',
        retryAfterSeconds: concurrent ? CONCURRENCY_PAUSE_SECONDS : DAILY_LIMIT_PAUSE_SECONDS,
        detail,
        cause: error,
      },
    )
  }
  if (status === 429) {
    return transient(`Salesforce asks to slow down: ${what}.`, {
      code: 'SF-BUSY',
      retryAfterSeconds,
      detail,
      cause: error,
    })
  }
  if (status === 401 || status === 403) {
    return credential(`Salesforce refuses the hub's access: ${what}.`, {
      code: 'SF-CRED',
      hint: "Salesforce admin: check the connected app, its run-as user and that user's permission set, then run hub doctor.",
      detail,
      cause: error,
    })
  }
  if (status === 503) {
    return transient(`Salesforce is not available: ${what}.`, {
      code: 'SF-5XX',
      retryAfterSeconds,
      detail,
      cause: error,
    })
  }
  if (status >= 500)
    return lost(`Salesforce failed: ${what}.`, { code: 'SF-5XX', retryAfterSeconds, detail, cause: error })
  return permanent(`Salesforce refuses: ${what}. Nothing was written.`, {
    code: codes.some((code) => SCHEMA_CODES.has(code)) ? 'SF-SCHEMA' : 'SF-REFUSED',
    hint: codes.some((code) => SCHEMA_CODES.has(code))
      ? SCHEMA_HINT
      : 'Salesforce admin: look at the detail, mend what it names, then run hub replay --parked.',
    detail,
    cause: error,
  })
}

const SCHEMA_CODES = new Set(['INVALID_FIELD', 'INVALID_TYPE', 'NOT_FOUND'])
const SCHEMA_HINT =
  "Salesforce admin: deploy the objects and fields in salesforce/ and give the hub's user their permission set, then run hub replay --parked."

const isRefusedCall = (error: unknown): error is RefusedCall =>
  error instanceof Error && error.name === 'RefusedCall' && 'status' in error

/** Why no answer came: an error code of the socket, or of the deadline; undefined: no network error at all. */
function networkReason(error: Error): string | undefined {
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return error.name
  const cause = error.cause
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.code
  // fetch says only "fetch failed" or "terminated" where the socket gave no code.
  return error instanceof TypeError && (cause instanceof Error || error.message === 'terminated')
    ? error.message
    : undefined
}

const TRANSIENT_CODES = new Set([
  'UNABLE_TO_LOCK_ROW',
  'SERVER_UNAVAILABLE',
  'QUERY_TIMEOUT',
  'REQUEST_RUNNING_TOO_LONG',
  'UNKNOWN_EXCEPTION',
  'PROCESSING_HALTED',
  'ALL_OR_NONE_OPERATION_ROLLED_BACK',
])

/** One record of a collection was refused. */
export function translateRecord(record: RemoteRecord, errors: readonly SalesforceError[]): HubError {
  const first = errors[0]
  const document = nameRecord(record)
  const detail = detailOf(errors)
  if (!first) return invariant(`Salesforce refused ${document} without a reason.`)
  if (first.code === 'REQUEST_LIMIT_EXCEEDED') {
    return transient(`Salesforce's daily API limit is used up: ${document} is not written.`, {
      code: 'SF-DAILY-LIMIT',
      retryAfterSeconds: DAILY_LIMIT_PAUSE_SECONDS,
      detail,
    })
  }
  // A trigger or flow that meets a lock reports it inside its own error.
  const locked = errors.some(
    ({ code, message }) => TRANSIENT_CODES.has(code) || message.includes('UNABLE_TO_LOCK_ROW'),
  )
  if (locked)
    return transient(`Salesforce could not write ${document} just now.`, { code: 'SF-LOCK', detail })
  const externalId = isKindName(record.kind) ? KINDS[record.kind].externalId : 'Stripe_Id__c'
  if (
    first.code === 'DUPLICATE_VALUE' &&
    errors.some(({ message, fields }) => fields.includes(externalId) || message.includes(externalId))
  ) {
    // Two upserts of one new id at the same moment: the second finds the first's record when it is repeated.
    return transient(`${document} was being written twice at once.`, { code: 'SF-RACE', detail })
  }
  const fields = [...new Set(errors.flatMap((error) => error.fields))]
  return permanent(
    `${document} is not in Salesforce: ${reasonFor(first, fields)}. Nothing was written for it.`,
    {
      code: `SF-${first.code.replaceAll('_', '-')}`,
      hint: hintFor(record, first, fields),
      // Its own next change redrives a record anyway; what it refers to is known only here.
      waitsOn: isMissingReference(first.code, first.message) ? [...record.requires] : [],
      detail,
    },
  )
}

function reasonFor({ code, message }: SalesforceError, fields: readonly string[]): string {
  if (isMissingReference(code, message)) return 'a record that it refers to is not there'
  const where = fields.length > 0 ? `field ${fields.join(', ')}` : 'the record'
  switch (code) {
    case 'REQUIRED_FIELD_MISSING':
      return `${where} is required and empty`
    case 'STRING_TOO_LONG':
      return `${where} is too long`
    case 'INVALID_EMAIL_ADDRESS':
      return `${where} is no e-mail address to Salesforce`
    case 'DUPLICATES_DETECTED':
      return 'a duplicate rule takes it for a record that is there already'
    case 'DUPLICATE_VALUE':
      return `${where} has a value that another record has`
    case 'INVALID_FIELD_FOR_INSERT_UPDATE':
      return `${where} may not be written by the hub's user`
    default:
      return `${where} was refused (${code})`
  }
}

const THEN = 'then run hub replay --parked.'

function hintFor(
  record: RemoteRecord,
  { code, message }: SalesforceError,
  fields: readonly string[],
): string {
  if (isMissingReference(code, message)) {
    return `Somebody deleted the record it refers to. Run hub replay for that Stripe object, ${THEN}`
  }
  const named =
    fields.length > 0 ? `Field ${fields.map((field) => nameField(record.kind, field)).join(', ')}. ` : ''
  switch (code) {
    case 'INVALID_FIELD':
    case 'INVALID_TYPE':
      return named + SCHEMA_HINT
    case 'INVALID_FIELD_FOR_INSERT_UPDATE':
    case 'INSUFFICIENT_ACCESS_OR_READONLY':
    case 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY':
      return `${named}Salesforce admin: give the hub's user write access to ${record.kind} and its fields, or mend the automation on it, ${THEN}`
    case 'DUPLICATES_DETECTED':
      return `Salesforce admin: link the existing record (metadata of the Stripe customer), exempt the hub's user from the duplicate rule, or set allowDuplicateAlerts in hub.config.ts → salesforce, ${THEN}`
    case 'FIELD_CUSTOM_VALIDATION_EXCEPTION':
      return `${named}Salesforce admin: a validation rule of ${record.kind} refuses what Stripe says; exempt the hub's user from it, ${THEN}`
    case 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST':
      return `${named}Salesforce admin: add the value to the picklist, ${THEN}`
    case 'INVALID_CROSS_REFERENCE_KEY':
    case 'MALFORMED_ID':
    case 'ENTITY_IS_DELETED':
      return `${named}The record it points to was deleted or merged. RevOps: put the right Account id into the Stripe customer's metadata, ${THEN}`
    default:
      return `${named}Billing: correct it in Stripe; it resumes alone. Or Salesforce admin: change what ${record.kind} accepts, ${THEN}`
  }
}

/** In Salesforce's words and in Stripe's, for whichever of the two a person looks at. */
function nameField(kind: string, field: string): string {
  const from = isKindName(kind) ? KINDS[kind].fields[field]?.from : undefined
  return from ? `${field} (in Stripe: ${from})` : field
}

const isMissingReference = (code: string, message: string): boolean =>
  code === 'INVALID_FIELD' && message.startsWith('Foreign key external ID')

/** "Stripe_Invoice__c in_1 (INV-0042, EUR 11.90)": the document and its amount (a Case's subject has it), no person. */
export function nameRecord({ kind, externalId, body }: RemoteRecord): string {
  const total = body.Total__c ?? body.Amount__c
  const known = [
    body.Number__c,
    body.Subject,
    total && `${String(body.Currency__c)} ${String(total)}`,
  ].filter(Boolean)
  return `${kind} ${externalId}${known.length > 0 ? ` (${known.join(', ')})` : ''}`
}
