// Translates API Gateway's HTTP API (payload format 2.0) and EventBridge-over-SQS into the core's terms, no more.
import type {
  APIGatewayProxyEventV2,
  APIGatewayProxyStructuredResultV2,
  SQSBatchResponse,
  SQSEvent,
} from 'aws-lambda'
import type { Accept } from '../../shared/intake/accept.ts'
import type { Log } from '../../shared/log.ts'
import type { WebhookAnswer, WebhookRequest } from './ingest.ts'

export function createWebhookHandler(ingest: (request: WebhookRequest) => Promise<WebhookAnswer>) {
  return async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
    const { status, body } = await ingest({
      body: Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8'),
      signature: event.headers['stripe-signature'],
    })
    return { statusCode: status, body, headers: { 'content-type': 'text/plain; charset=utf-8' } }
  }
}

/** Events that came through EventBridge wait in a queue of their own; AWS has authenticated them already. */
export function createIntakeHandler(accept: Accept, log: Log) {
  return async (event: SQSEvent): Promise<SQSBatchResponse> => {
    const failed = await Promise.all(
      event.Records.map(async (record) => {
        try {
          const accepted = await accept(record.body)
          log({ line: 'event', way: 'eventbridge', outcome: accepted.outcome })
          return []
        } catch (error) {
          log({ line: 'event', way: 'eventbridge', outcome: 'failed', reason: String(error) })
          return [{ itemIdentifier: record.messageId }]
        }
      }),
    )
    return { batchItemFailures: failed.flat() }
  }
}
