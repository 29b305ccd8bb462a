// Signing a browser in: authorization code with PKCE at the user's OpenID provider. What comes back is exchanged here, never in
// the page; the identity token is checked and becomes the session itself, in a cookie that no script reads and that ends when
// the token ends. The hub keeps no session and no user. https://datatracker.ietf.org/doc/html/rfc9700
import { createHash, randomBytes } from 'node:crypto'
import * as z from 'zod'
import { type Clock, nowSeconds } from '../../shared/clock.ts'
import { credential, isHubError, transient } from '../../shared/errors.ts'
import type { Hub } from '../../shared/page/page-frame.ts'
import { refusalPage } from '../../shared/page/refusal-page.ts'
import { type Refusal, respond, seeOther } from '../../shared/page/respond.ts'
import { cookieOf, TOKEN_COOKIE } from '../../shared/sign-in/authenticate.ts'
import type { ConsoleConfig } from '../../shared/sign-in/config.ts'
import type { Provider } from '../../shared/sign-in/provider.ts'

export interface SignInOptions {
  hub: Hub
  provider: Provider
  config: Pick<ConsoleConfig, 'clientId' | 'scopes'>
  /** Of a client that has one; absent: PKCE alone. */
  clientSecret(): Promise<string | undefined>
  clock: Clock
}

/** Kept by the browser between leaving and coming back. */
const attemptSchema = z.object({ state: z.string(), nonce: z.string(), verifier: z.string(), to: z.string() })
const ATTEMPT_COOKIE = '__Host-switchyard-sign-in'
const ATTEMPT_SECONDS = 600
const TIMEOUT_MS = 10_000
/** Browsers keep 4,096 bytes of name, value and attributes: https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#section-6.1 */
const LONGEST_TOKEN = 3_900

export const SIGN_IN_PATHS = ['/console/sign-in', '/console/signed-in', '/console/sign-out']

export function createSignIn({ hub, provider, config, clientSecret, clock }: SignInOptions) {
  const refuse = (refusal: Refusal, status: number) =>
    respond(refusalPage(refusal, { hub, site: { here: undefined, hasClose: false } }), status)

  return async (request: Request): Promise<Response> => {
    const url = new URL(request.url)
    try {
      if (url.pathname === '/console/sign-in') return await leave(url)
      if (url.pathname === '/console/signed-in') return await comeBack(request, url)
    } catch (error) {
      if (!isHubError(error)) throw error
      return refuse(
        { what: error.message, next: error.hint ?? 'Open /console again in a minute.', code: error.code },
        502,
      )
    }
    const answer = refuse(SIGNED_OUT, 200)
    answer.headers.append('Set-Cookie', cookie(TOKEN_COOKIE, '', 0))
    return answer
  }

  async function leave(url: URL): Promise<Response> {
    const { authorization } = await provider.addresses()
    const attempt = {
      state: random(),
      nonce: random(),
      verifier: random(),
      to: ownPath(url.searchParams.get('to')),
    }
    const address = new URL(authorization)
    for (const [name, value] of Object.entries({
      response_type: 'code',
      client_id: config.clientId,
      redirect_uri: backAt(url),
      scope: config.scopes.join(' '),
      state: attempt.state,
      nonce: attempt.nonce,
      code_challenge: createHash('sha256').update(attempt.verifier).digest('base64url'),
      code_challenge_method: 'S256',
    }))
      address.searchParams.set(name, value)
    const kept = Buffer.from(JSON.stringify(attempt)).toString('base64url')
    return seeOther(address.href, { 'Set-Cookie': cookie(ATTEMPT_COOKIE, kept, ATTEMPT_SECONDS) })
  }

  async function comeBack(request: Request, url: URL): Promise<Response> {
    const attempt = readAttempt(cookieOf(request.headers, ATTEMPT_COOKIE))
    const [code, state, error] = ['code', 'state', 'error'].map((name) => url.searchParams.get(name))
    if (error) return refuse(refusedBy(error), 403)
    if (!attempt || !code || state !== attempt.state) return refuse(NOT_BEGUN, 400)
    const token = await exchange(code, attempt.verifier, backAt(url))
    const claims = await provider.verify(token)
    if (!claims || claims.nonce !== attempt.nonce) return refuse(NOT_GOOD, 403)
    if (token.length > LONGEST_TOKEN) return refuse(TOO_LONG, 403)
    const seconds = Math.max(0, (claims.exp ?? 0) - nowSeconds(clock))
    const answer = seeOther(attempt.to)
    answer.headers.append('Set-Cookie', cookie(TOKEN_COOKIE, token, seconds))
    answer.headers.append('Set-Cookie', cookie(ATTEMPT_COOKIE, '', 0))
    return answer
  }

  async function exchange(code: string, verifier: string, redirectUri: string): Promise<string> {
    const { token } = await provider.addresses()
    const secret = await clientSecret()
    const answer = await fetch(token, {
      method: 'POST',
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        code,
        redirect_uri: redirectUri,
        client_id: config.clientId,
        code_verifier: verifier,
        ...(secret !== undefined && { client_secret: secret }),
      }),
    }).catch((cause: unknown) => {
      throw transient('Your OpenID provider did not answer. Nobody was signed in.', {
        code: 'CONSOLE-PROVIDER',
        cause,
      })
    })
    const told = tokenAnswer.safeParse(await answer.json().catch(() => undefined))
    if (!answer.ok || !told.success) {
      throw credential(
        `Your OpenID provider gave no identity token (${answer.status}). Nobody was signed in.`,
        {
          code: 'CONSOLE-CLIENT',
          hint: `Engineering: compare client, secret and redirect address (${redirectUri}) with what is registered there.`,
        },
      )
    }
    return told.data.id_token
  }
}

const tokenAnswer = z.object({ id_token: z.string() })

const backAt = ({ origin }: URL): string => `${origin}/console/signed-in`

/** Back to a page of the console, never to an address that somebody put into a link. */
const ownPath = (to: string | null): string =>
  to !== null && /^\/console(?:[/?][\w\-./?=&%+~]*)?$/.test(to) ? to : '/console'

const random = (): string => randomBytes(32).toString('base64url')

/** Lax: it comes along when a person follows a link from a ticket, and with no form of another site. */
const cookie = (name: string, value: string, seconds: number): string =>
  `${name}=${value}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=${seconds}`

function readAttempt(kept: string | undefined): z.output<typeof attemptSchema> | undefined {
  if (kept === undefined) return undefined
  try {
    return attemptSchema.parse(JSON.parse(Buffer.from(kept, 'base64url').toString('utf8')))
  } catch {
    // Another version's, or nobody's: the person signs in once more.
    return undefined
  }
}

const SIGNED_OUT: Refusal = {
  what: 'You are signed out of the console.',
  next: "Your provider's own session goes on; end it there, if others use this browser. Open /console to sign in again.",
  code: 'CONSOLE-SIGNED-OUT',
}
const NOT_BEGUN: Refusal = {
  what: 'This sign-in was not begun in this browser, or more than ten minutes ago. Nobody was signed in.',
  next: 'Open /console and sign in again.',
  code: 'CONSOLE-STATE',
}
const NOT_GOOD: Refusal = {
  what: "The identity token is not your provider's, or not for this console. Nobody was signed in.",
  next: 'Open /console and sign in again. Engineering, if it stays so: hub.config.ts → console.issuer and console.clientId',
  code: 'CONSOLE-TOKEN',
}
const TOO_LONG: Refusal = {
  what: 'Your identity token is longer than a cookie may be, mostly for its groups. Nobody was signed in.',
  next: "Whoever runs your sign-in: let the console's client be given only the groups that hub.config.ts → console.roles names.",
  code: 'CONSOLE-TOKEN-SIZE',
}

const refusedBy = (error: string): Refusal => ({
  what: `Your OpenID provider signed nobody in: ${error.slice(0, 60)}.`,
  next: 'Open /console and sign in again, or ask whoever runs your sign-in.',
  code: 'CONSOLE-REFUSED',
})
