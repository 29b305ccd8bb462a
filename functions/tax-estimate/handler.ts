// Translates API Gateway's HTTP API (payload format 2.0) into the front's terms, no more.
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import type { EstimateAnswer, EstimateCall } from './front.ts'

export function createTaxEstimateHandler(front: (call: EstimateCall) => Promise<EstimateAnswer>) {
  return async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
    const { status, body, retryAfterSeconds } = await front({
      body: Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8'),
      authorization: event.headers.authorization,
      signature: event.headers['switchyard-signature'],
    })
    return {
      statusCode: status,
      body: JSON.stringify(body),
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'cache-control': 'no-store',
        ...(retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }),
      },
    }
  }
}
