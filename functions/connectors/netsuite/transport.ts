// One HTTP exchange with NetSuite: signed, bounded in time, never repeated by itself. Built on netsuite-rest for its
// address and its OAuth 1.0a signature; its own transport is left out because it resends with the same nonce, knows
// no time-out, hides the Location header and fails on HTML. What an answer means is client.ts.
import { importPKCS8, SignJWT } from 'jose'
import NetsuiteRest from 'netsuite-rest'
import * as z from 'zod'
import type { Clock } from '../../../shared/clock.ts'
import { credential, isHubError, transient } from '../../../shared/errors.ts'
import type { NetSuiteCredentials } from './config.ts'

/** A Lambda lives 60 s: one call that hangs leaves time to say so in the ledger. */
const TIMEOUT_MS = 25_000
/** NetSuite's access tokens live an hour. A minute early, so that none expires on its way. */
const TOKEN_MARGIN_MS = 60_000
const TOKEN_PATH = 'auth/oauth2/v1/token'

export interface Exchange {
  /** Below /services/rest/, query included. */
  path: string
  method: string
  body?: string
  heads?: Record<string, string>
}

export interface Answer {
  status: number
  /** JSON when it is JSON (NetSuite answers some failures with an HTML page), else the text. */
  data: unknown
  location: string | undefined
  retryAfter: string | undefined
}

const tokenAnswer = z.object({ access_token: z.string(), expires_in: z.coerce.number() })

/** What the token endpoint refused; client.ts makes it a credential error. */
export class TokenRefused extends Error {
  readonly answer: Answer

  constructor(answer: Answer) {
    super(`NetSuite's token endpoint answered ${answer.status}.`)
    this.name = 'TokenRefused'
    this.answer = answer
  }
}

export class NetSuiteTransport extends NetsuiteRest {
  private readonly credentials: NetSuiteCredentials
  private readonly clock: Clock
  private readonly origin: string
  /** Not `token`: netsuite-rest keeps its own under that name. */
  private bearer: Promise<{ accessToken: string; expiresAtMs: number }> | undefined

  constructor(account: string, credentials: NetSuiteCredentials, clock: Clock) {
    // netsuite-rest replaces only the first underscore of an account id in its host name.
    const host = account.toLowerCase().replaceAll('_', '-')
    const origin = credentials.baseUrl ?? `https://${host}.suitetalk.api.netsuite.com`
    const keys = credentials.auth === 'tba' ? credentials : undefined
    super({
      consumer_key: keys?.consumerKey ?? '',
      consumer_secret_key: keys?.consumerSecret ?? '',
      token: keys?.tokenId ?? '',
      token_secret: keys?.tokenSecret ?? '',
      realm: account,
      base_url: origin,
    })
    this.credentials = credentials
    this.clock = clock
    this.origin = origin
  }

  /** The next request gets a new token (OAuth 2.0); with TBA every request has a new nonce anyway. */
  forgetToken(): void {
    this.bearer = undefined
  }

  override async request({ path, method, body, heads }: Exchange): Promise<Answer> {
    const url = `${this.origin}/services/rest/${path}`
    const authorization =
      this.credentials.auth === 'tba'
        ? this.getAuthorizationHeader({ url, method }).Authorization
        : `Bearer ${await this.accessToken()}`
    return exchange(url, {
      method,
      body,
      headers: {
        Accept: 'application/json',
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...heads,
        Authorization: authorization,
      },
    })
  }

  private async accessToken(): Promise<string> {
    const current = this.bearer
    if (current) {
      const { accessToken, expiresAtMs } = await current
      if (expiresAtMs > this.clock.now()) return accessToken
      // Whoever notices first renews; the others take the same new one.
      if (this.bearer === current) this.bearer = undefined
    }
    this.bearer ??= this.requestToken()
    return (await this.bearer).accessToken
  }

  /**
   * Request: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_162755359851.html
   * Assertion: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_162790605110.html
   */
  private async requestToken(): Promise<{ accessToken: string; expiresAtMs: number }> {
    try {
      const answer = await this.exchangeAssertion()
      const parsed = tokenAnswer.safeParse(answer.data)
      if (answer.status !== 200 || !parsed.success) throw new TokenRefused(answer)
      return {
        accessToken: parsed.data.access_token,
        expiresAtMs: this.clock.now() + parsed.data.expires_in * 1_000 - TOKEN_MARGIN_MS,
      }
    } catch (error) {
      this.bearer = undefined
      if (error instanceof TokenRefused || isHubError(error)) throw error
      // Whatever was to be sent with the token was not.
      throw transient("NetSuite's token endpoint did not answer.", { code: 'NS-NETWORK', cause: error })
    }
  }

  private async exchangeAssertion(): Promise<Answer> {
    if (this.credentials.auth !== 'oauth2') throw new TypeError('Token-based authentication needs no token.')
    const { clientId, certificateId, privateKey, algorithm } = this.credentials
    const url = `${this.origin}/services/rest/${TOKEN_PATH}`
    const issuedAt = Math.floor(this.clock.now() / 1_000)
    const assertion = await new SignJWT({ scope: ['rest_webservices'] })
      .setProtectedHeader({ alg: algorithm, typ: 'JWT', kid: certificateId })
      .setIssuer(clientId)
      .setAudience(url)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + 300)
      .sign(await readKey(privateKey, algorithm))
    return exchange(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'application/json' },
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: assertion,
      }).toString(),
    })
  }
}

async function readKey(pem: string, algorithm: 'PS256' | 'ES256') {
  try {
    return await importPKCS8(pem, algorithm)
  } catch (error) {
    throw credential('The private key for NetSuite cannot be read. Nothing was sent.', {
      code: 'NS-CRED',
      hint: `Engineering: store it as PKCS #8 PEM ("BEGIN PRIVATE KEY") for ${algorithm}, then run hub doctor.`,
      cause: error,
    })
  }
}

async function exchange(url: string, init: RequestInit): Promise<Answer> {
  const response = await fetch(url, { ...init, redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) })
  const text = await response.text()
  return {
    status: response.status,
    data: parse(text),
    location: response.headers.get('location') ?? undefined,
    retryAfter: response.headers.get('retry-after') ?? undefined,
  }
}

function parse(text: string): unknown {
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    // An HTML error page, or a body cut short: the status decides, the text is detail.
    return text
  }
}
