// Where a distribution stands in front of the API, the API's own address must not be a way around its firewall: a
// request without the distribution's header gets 403 before anything else is looked at.
import { createHash, timingSafeEqual } from 'node:crypto'
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import { EDGE_HEADER, EDGE_SECRET_FIELD } from './edge-header.ts'

type Handler = (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyStructuredResultV2>

/** The name under which a function that stands behind an edge is given its secret. */
export const EDGE_SECRET = 'edge'

/** @param secret JSON of the secret; undefined: this stage has no edge, and the handler stays as it is. */
export function edgeOnly(handler: Handler, secret: (() => Promise<unknown>) | undefined): Handler {
  if (!secret) return handler
  return async (event) => {
    const wanted = headerOf(await secret())
    const given = event.headers[EDGE_HEADER]
    if (given !== undefined && equal(given, wanted)) return handler(event)
    return {
      statusCode: 403,
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      body: 'This address takes requests from its own distribution only. Nothing was stored. Use the address in the output WebhookUrl of the edge stack. [EDGE-ONLY]',
    }
  }
}

function headerOf(secret: unknown): string {
  const value =
    typeof secret === 'object' && secret !== null ? Reflect.get(secret, EDGE_SECRET_FIELD) : undefined
  if (typeof value === 'string' && value !== '') return value
  throw new Error(
    `The secret "${EDGE_SECRET}" must hold {"${EDGE_SECRET_FIELD}": "…"}. Deploy the hub's stack again.`,
  )
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

const equal = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b))
