// Salesforce's two ways to refuse: a whole request (an array of {errorCode, message, fields} under its HTTP status)
// and one record (the same thing, but inside a collection's result it is called statusCode and stands under HTTP 200).
// https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/errorcodes.htm

/** One record was refused. A single-record request turns it into its HTTP answer, a collection into a row. */
export class RecordRefused extends Error {
  readonly statusCode: string
  readonly fields: string[]

  constructor(statusCode: string, message: string, fields: string[] = []) {
    super(message)
    this.statusCode = statusCode
    this.fields = fields
  }
}

/** The whole request was refused. */
export class RequestRefused extends Error {
  readonly status: number
  readonly errorCode: string

  constructor(status: number, errorCode: string, message: string) {
    super(message)
    this.status = status
    this.errorCode = errorCode
  }
}

export const notFound = (): RequestRefused =>
  new RequestRefused(404, 'NOT_FOUND', 'The requested resource does not exist')

// A value of the wrong JSON type is refused while the body is read, before any record is looked at, so that a
// collection fails as a whole and not in one row.
export const jsonParserError = (type: string, value: unknown): RequestRefused =>
  new RequestRefused(
    400,
    'JSON_PARSER_ERROR',
    `Cannot deserialize instance of ${type} from VALUE_${typeof value === 'string' ? 'STRING' : typeof value === 'boolean' ? 'BOOLEAN' : 'NUMBER'} value ${String(value)} or request may be missing a required field`,
  )

/** How a single-record request answers with this refusal. */
export const statusOf = (error: RecordRefused): number =>
  error.statusCode === 'ENTITY_IS_DELETED' || error.statusCode === 'NOT_FOUND' ? 404 : 400
