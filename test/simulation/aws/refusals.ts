// The answers by which AWS refuses a call, worded as each service's protocol words them, so that the SDK raises its real
// exceptions and its own retries see them. When they happen is the faults' choice; batches done in part are batch-part.ts.
import { DynamoDbError } from './dynamodb-error.ts'
import { type AwsResponse, jsonResponse } from './wire.ts'

const sqsRefusal = (status: number, shape: string, queryCode: string, fault: 'Sender' | 'Receiver') =>
  jsonResponse(
    status,
    JSON.stringify({ __type: `com.amazonaws.sqs#${shape}`, message: `${shape}: refused by the simulation.` }),
    { 'x-amzn-query-error': `${queryCode};${fault}` },
  )

const s3Refusal = (status: number, code: string, message: string): AwsResponse => ({
  statusCode: status,
  headers: { 'content-type': 'application/xml' },
  body: Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`,
  ),
})

export const refusals = {
  /** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html */
  dynamodb: {
    throughputExceeded: (): AwsResponse =>
      new DynamoDbError(
        'ProvisionedThroughputExceededException',
        'The level of configured provisioned throughput for the table was exceeded.',
      ).response(),
    throttled: (): AwsResponse =>
      new DynamoDbError('ThrottlingException', 'Rate of requests exceeds the allowed throughput.').response(),
    internalError: (): AwsResponse =>
      new DynamoDbError('InternalServerError', 'Internal server error', 500).response(),
  },
  /** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html */
  sqs: {
    unavailable: (): AwsResponse => sqsRefusal(503, 'ServiceUnavailable', 'ServiceUnavailable', 'Receiver'),
    throttled: (): AwsResponse => sqsRefusal(403, 'RequestThrottled', 'RequestThrottled', 'Sender'),
  },
  /** https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
  s3: {
    slowDown: (): AwsResponse => s3Refusal(503, 'SlowDown', 'Please reduce your request rate.'),
    internalError: (): AwsResponse =>
      s3Refusal(500, 'InternalError', 'We encountered an internal error. Please try again.'),
  },
  /** https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_Errors */
  lambda: {
    tooManyRequests: (): AwsResponse =>
      jsonResponse(
        429,
        JSON.stringify({
          Type: 'User',
          Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
          message: 'Rate Exceeded.',
        }),
        { 'content-type': 'application/json', 'x-amzn-errortype': 'TooManyRequestsException' },
      ),
  },
}
