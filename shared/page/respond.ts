// How a server sends a page: never kept, never framed, told to nobody where it came from.
import { POLICY } from './page-frame.ts'

export const HTML = 'text/html; charset=utf-8'
export const JSON_TYPE = 'application/json; charset=utf-8'

export function respond(
  body: string | ReadableStream<Uint8Array>,
  status: number,
  type: string = HTML,
  policy: string = POLICY,
): Response {
  return new Response(body, {
    status,
    headers: {
      'Content-Type': type,
      'Content-Security-Policy': `${policy}; form-action 'self'; frame-ancestors 'none'`,
      'X-Content-Type-Options': 'nosniff',
      // Under no-referrer a browser posts the page's own form with `Origin: null`: https://fetch.spec.whatwg.org/#append-a-request-origin-header
      'Referrer-Policy': 'same-origin',
      'Cross-Origin-Resource-Policy': 'same-origin',
      'Cache-Control': 'no-store',
    },
  })
}

export const seeOther = (location: string, headers: Record<string, string> = {}): Response =>
  new Response(null, {
    status: 303,
    headers: { Location: location, 'Cache-Control': 'no-store', ...headers },
  })

/** A form or an image on another site must not make the hub do anything; a link that a person follows may be shown. */
export function isFromElsewhere({ headers, method, url }: Request): boolean {
  const origin = headers.get('origin')
  if (origin !== null && origin !== new URL(url).origin) return true
  const site = headers.get('sec-fetch-site')
  if (site === null || site === 'same-origin' || site === 'none') return false
  return method !== 'GET' || headers.get('sec-fetch-mode') !== 'navigate'
}

/** Errors as UX has them: what failed and what did NOT happen, what to do next, a stable code. */
export interface Refusal {
  what: string
  next: string
  /** Stable, for a ticket. */
  code: string
}
