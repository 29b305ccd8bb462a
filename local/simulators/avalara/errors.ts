// AvaTax's refusals: one error object with details, each with the number of its code. Which HTTP status belongs to a
// code is not documented; the ones here are a reading, and a client should decide on the code.
// https://developer.avalara.com/avatax/errors/
import type { Context } from 'hono'

/** Numbers as in the SDK's ErrorCodeId. */
const NUMBERS = {
  EntityNotFoundError: 4,
  ValueRequiredError: 5,
  StringLengthError: 13,
  InvalidQueryField: 17,
  InvalidQueryValue: 18,
  SyntaxError: 19,
  AuthenticationException: 30,
  JsonFormatError: 47,
  ModelStateInvalid: 70,
  InvalidEnumValue: 164,
  CannotAdjustDocumentType: 195,
  TransactionAlreadyCancelled: 198,
  InternalServerError: 209,
  GetTaxError: 300,
  DocumentCodeConflict: 303,
  MissingAddress: 304,
  InvalidAddress: 309,
  MissingLine: 311,
  DocumentNotCommitted: 313,
  InvalidDocumentTypeForRefund: 702,
  RefundTypeAndLineMismatch: 703,
  RefundLinesRequired: 704,
  LineNoOutOfRange: 707,
  RefundPercentageOutOfRange: 708,
  RefundPercentageMissing: 709,
  CannotModifyLockedTransaction: 1100,
  TransactionNotCancelled: 1300,
  DateMismatch: 1305,
  InvalidDocumentStatusForVerify: 1306,
  TotalAmountMismatch: 1307,
  TotalTaxMismatch: 1308,
  TransactionIsCommitted: 1313,
  InvalidDocumentStatus: 1314,
} as const

export type ErrorCode = keyof typeof NUMBERS

interface Extra {
  description?: string
  /** For GetTaxError: which of the tax engine's own errors it was. https://developer.avalara.com/avatax/common-errors/ */
  faultSubCode?: string
  refersTo?: string
  target?: string
  status?: 400 | 401 | 404 | 500
}

export class AvaTaxRefused extends Error {
  readonly code: ErrorCode
  readonly extra: Extra

  constructor(code: ErrorCode, message: string, extra: Extra = {}) {
    super(message)
    this.code = code
    this.extra = extra
  }
}

export const notFound = (what: string, key: string): AvaTaxRefused =>
  new AvaTaxRefused('EntityNotFoundError', `${what} with ID '${key}' not found.`, {
    status: 404,
    target: 'HttpRequest',
  })

export const required = (field: string): AvaTaxRefused =>
  new AvaTaxRefused('ValueRequiredError', `Field ${field} is required.`, { refersTo: field })

export const notAuthenticated = (): AvaTaxRefused =>
  new AvaTaxRefused('AuthenticationException', 'Authentication failed.', {
    status: 401,
    target: 'HttpRequestHeaders',
    description: 'Missing authentication or unable to authenticate the user or the account.',
  })

export const answerRefusal = (context: Context, { code, message, extra }: AvaTaxRefused): Response =>
  context.json(
    {
      error: {
        code,
        message,
        target: extra.target ?? 'Unknown',
        details: [
          {
            code,
            number: NUMBERS[code],
            message,
            ...(extra.description === undefined ? {} : { description: extra.description }),
            faultCode: code === 'InternalServerError' ? 'Server' : 'Client',
            ...(extra.faultSubCode === undefined ? {} : { faultSubCode: extra.faultSubCode }),
            ...(extra.refersTo === undefined ? {} : { refersTo: extra.refersTo }),
            helpLink: `http://developer.avalara.com/avatax/errors/${code}`,
            severity: 'Error',
          },
        ],
      },
    },
    extra.status ?? 400,
  )
