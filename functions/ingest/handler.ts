// Translates API Gateway's HTTP API (payload format 2.0) into the core's terms, no more.
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
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
