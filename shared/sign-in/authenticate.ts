// From a request to who asks: the identity token is in a cookie that no script can read, or, for programs, in the Authorization
// header. API Gateway's own JWT authorizer takes a token from a header or the query only
// (https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-authorizers-authorizerid.html), and a browser that opens a page
// can send neither; so each of the console's functions checks the token itself, before it does anything else.
import type { JWTPayload } from 'jose'
import type { ConsoleConfig } from './config.ts'
import type { Provider } from './provider.ts'
import type { Authenticate, Role, Session } from './session.ts'

/** `__Host-`: for this host alone, over TLS alone. https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#name-the-__host-prefix */
export const TOKEN_COOKIE = '__Host-switchyard'

export function createAuthenticate(provider: Provider, config: ConsoleConfig): Authenticate {
  return async (headers) => {
    const token =
      /^Bearer (\S+)$/i.exec(headers.get('authorization') ?? '')?.[1] ?? cookieOf(headers, TOKEN_COOKIE)
    if (token === undefined) return undefined
    const claims = await provider.verify(token)
    return claims && sessionOf(claims, config)
  }
}

export function cookieOf(headers: Headers, name: string): string | undefined {
  for (const part of (headers.get('cookie') ?? '').split(';')) {
    const at = part.indexOf('=')
    if (part.slice(0, at).trim() === name) return part.slice(at + 1).trim()
  }
  return undefined
}

function sessionOf(claims: JWTPayload, { rolesClaim, roles }: ConsoleConfig): Session {
  const listed = claims[rolesClaim]
  const groups = new Set(
    Array.isArray(listed) ? listed.map(String) : typeof listed === 'string' ? [listed] : [],
  )
  const has = (names: readonly string[]) => names.some((name) => groups.has(name))
  const own: Role[] = has(roles.replay) ? ['view', 'replay'] : has(roles.view) ? ['view'] : []
  // The subject is who it is; an address can change hands, and is there to be read.
  const { sub = '', email } = claims
  return { actor: typeof email === 'string' ? `${email} (${sub})` : sub, roles: new Set(own) }
}
