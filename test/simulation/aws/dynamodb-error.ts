// What DynamoDB refuses, in its own words.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
import { type AwsResponse, jsonResponse } from './wire.ts'

export class DynamoDbError extends Error {
  readonly code: string
  readonly status: number

  constructor(code: string, message: string, status = 400) {
    super(message)
    this.code = code
    this.status = status
  }

  response(): AwsResponse {
    const shape =
      this.code === 'ValidationException' || this.code === 'ThrottlingException'
        ? 'com.amazon.coral.validate'
        : 'com.amazonaws.dynamodb.v20120810'
    return jsonResponse(
      this.status,
      JSON.stringify({ __type: `${shape}#${this.code}`, message: this.message }),
    )
  }
}

export const invalid = (message: string): DynamoDbError => new DynamoDbError('ValidationException', message)

/** Something that DynamoDB may offer and this one does not: never passed over in silence. */
export const notOffered = (what: string): DynamoDbError =>
  invalid(`The DynamoDB in memory does not offer ${what}.`)
