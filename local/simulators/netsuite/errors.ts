// How NetSuite words a refusal: RFC 9110 problem fields plus o:errorDetails, each with a code and, where one
// field is to blame, its JSON path. What is refused and why is decided elsewhere.
//
// Shape and codes: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_156570709583.html
// The help still shows W3C links as `type`; accounts answer with rfc-editor ones (seen in public logs of 2025–26).

const PROBLEM: Record<number, { title: string; section: string }> = {
  400: { title: 'Bad Request', section: '15.5.1' },
  401: { title: 'Unauthorized', section: '15.5.2' },
  404: { title: 'Not Found', section: '15.5.5' },
  405: { title: 'Method Not Allowed', section: '15.5.6' },
  415: { title: 'Unsupported Media Type', section: '15.5.16' },
  429: { title: 'Too Many Requests', section: '15.5' },
  500: { title: 'Internal Server Error', section: '15.6.1' },
}

interface ErrorDetail {
  detail: string
  'o:errorCode': string
  'o:errorPath'?: string
  'o:errorQueryParam'?: string
}

interface ErrorBody {
  type: string
  title: string
  status: number
  'o:errorDetails': ErrorDetail[]
}

/** A refusal on its way to the client; thrown by the rules, worded by the server. */
export class ApiError extends Error {
  readonly status: number
  readonly detail: ErrorDetail

  constructor(status: number, detail: ErrorDetail) {
    super(detail.detail)
    this.status = status
    this.detail = detail
  }
}

export function errorBody(status: number, detail: ErrorDetail): ErrorBody {
  const problem = PROBLEM[status] ?? { title: 'Error', section: '15' }
  return {
    type: `https://www.rfc-editor.org/rfc/rfc9110.html#section-${problem.section}`,
    title: problem.title,
    status,
    'o:errorDetails': [detail],
  }
}

/** Every refusal of a record's content starts with these words. */
const PREFIX = 'Error while accessing a resource. '

/** A business rule says no. NetSuite gives most of them this one code and a sentence. */
export function userError(sentence: string, path?: string): ApiError {
  return new ApiError(400, {
    detail: PREFIX + sentence,
    'o:errorCode': 'USER_ERROR',
    ...(path === undefined ? {} : { 'o:errorPath': path }),
  })
}

export function invalidContent(sentence: string, path?: string): ApiError {
  return new ApiError(400, {
    detail: PREFIX + sentence,
    'o:errorCode': 'INVALID_CONTENT',
    ...(path === undefined ? {} : { 'o:errorPath': path }),
  })
}

/** The documented answer to a reference that does not exist, is inactive, or is not allowed here. */
export function invalidFieldValue(value: string, field: string, path: string): ApiError {
  return invalidContent(
    `You have entered an Invalid Field Value ${value} for the following field: ${field}`,
    path,
  )
}

/** NetSuite's text for a missing mandatory field names it by its label. */
export const missingValue = (label: string, path?: string): ApiError =>
  userError(`Please enter value(s) for: ${label}`, path)

/** Reading: REST keeps SOAP's code and text for a reference by an external id that nobody has. */
export function invalidKey(kind: string, key: string, path: string): ApiError {
  return new ApiError(400, {
    detail: `${PREFIX}Invalid ${kind} reference key ${key}.`,
    'o:errorCode': 'INVALID_KEY_OR_REF',
    'o:errorPath': path,
  })
}

export const recordNotFound = (): ApiError =>
  new ApiError(404, {
    detail: 'The record instance does not exist. Provide a valid record instance ID.',
    'o:errorCode': 'NONEXISTENT_ID',
  })

export function invalidParameter(detail: string, queryParam: string): ApiError {
  return new ApiError(400, { detail, 'o:errorCode': 'INVALID_PARAMETER', 'o:errorQueryParam': queryParam })
}
