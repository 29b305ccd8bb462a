// API Gateway's HTTP API (payload format 2.0) as the web's own Request and Response, so that what answers knows no AWS.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda'

export type Answer = (request: Request) => Promise<Response>

/** @param address where people reach the API, when that is not its own name. */
export function createHttpHandler(answer: Answer, address?: string) {
  return async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> =>
    fromResponse(await answer(toRequest(event, address)))
}

function toRequest(event: APIGatewayProxyEventV2, address: string | undefined): Request {
  const { rawPath, rawQueryString, requestContext, body, isBase64Encoded, cookies } = event
  const { method } = requestContext.http
  const headers = new Headers()
  for (const [name, value] of Object.entries(event.headers)) if (value !== undefined) headers.set(name, value)
  // This format takes cookies out of the headers.
  if (cookies && cookies.length > 0) headers.set('cookie', cookies.join('; '))
  const origin = address === undefined ? `https://${requestContext.domainName}` : new URL(address).origin
  const hasBody = body !== undefined && method !== 'GET' && method !== 'HEAD'
  return new Request(`${origin}${rawPath}${rawQueryString ? `?${rawQueryString}` : ''}`, {
    method,
    headers,
    ...(hasBody && { body: Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8') }),
  })
}

async function fromResponse(response: Response): Promise<APIGatewayProxyStructuredResultV2> {
  const cookies = response.headers.getSetCookie()
  const headers = Object.fromEntries([...response.headers].filter(([name]) => name !== 'set-cookie'))
  return {
    statusCode: response.status,
    headers,
    body: await response.text(),
    ...(cookies.length > 0 && { cookies }),
  }
}
