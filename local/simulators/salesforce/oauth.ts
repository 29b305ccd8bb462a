// POST /services/oauth2/token: client credentials and JWT bearer, and the tokens they give out. A token ends by the
// simulated clock.
// https://help.salesforce.com/s/articleView?id=sf.remoteaccess_oauth_client_credentials_flow.htm
// https://help.salesforce.com/s/articleView?id=sf.remoteaccess_oauth_jwt_flow.htm
//
// Reading taken: a session ends a fixed time after it began; in Salesforce the time-out counts from the last use.
import { createHash, createPublicKey, verify } from 'node:crypto'
import type { Context } from 'hono'
import { ORGANIZATION_ID, USER_ID } from './identifiers.ts'
import { asObject, type JsonObject } from './json.ts'

export interface OAuthOptions {
  now: () => number
  clientId: string
  clientSecret: string
  accessTokenSeconds: number
  /** PEM; when set, the signature of a JWT assertion (RS256) is checked. */
  jwtPublicKey?: string
}

class TokenRefused extends Error {
  readonly error: string

  constructor(error: string, description: string) {
    super(description)
    this.error = error
  }
}

export class OAuth {
  private readonly options: OAuthOptions
  private readonly expiryMs = new Map<string, number>()
  private serial = 0

  constructor(options: OAuthOptions) {
    this.options = options
  }

  isValid(authorization: string | undefined): boolean {
    const expiry = this.expiryMs.get(/^(?:Bearer|OAuth) (.+)$/.exec(authorization ?? '')?.[1] ?? '')
    return expiry !== undefined && this.options.now() < expiry
  }

  /** Ends every session, as an administrator can. */
  expireAll(): void {
    this.expiryMs.clear()
  }

  async handleToken(context: Context): Promise<Response> {
    try {
      const parameters = new URLSearchParams(await context.req.text())
      this.authenticate(parameters)
      const origin = new URL(context.req.url).origin
      return context.json(this.issue(origin))
    } catch (error) {
      if (!(error instanceof TokenRefused)) throw error
      return context.json({ error: error.error, error_description: error.message }, 400)
    }
  }

  private authenticate(parameters: URLSearchParams): void {
    switch (parameters.get('grant_type')) {
      case 'client_credentials':
        if (parameters.get('client_id') !== this.options.clientId) {
          throw new TokenRefused('invalid_client_id', 'client identifier invalid')
        }
        if (parameters.get('client_secret') !== this.options.clientSecret) {
          throw new TokenRefused('invalid_client', 'invalid client credentials')
        }
        return
      case 'urn:ietf:params:oauth:grant-type:jwt-bearer':
        this.checkAssertion(parameters.get('assertion') ?? '')
        return
      default:
        throw new TokenRefused('unsupported_grant_type', 'grant type not supported')
    }
  }

  private checkAssertion(assertion: string): void {
    const [header = '', payload = '', signature = ''] = assertion.split('.')
    const claims = decodeClaims(payload)
    if (!claims) throw new TokenRefused('invalid_grant', 'invalid assertion')
    if (claims.iss !== this.options.clientId) {
      throw new TokenRefused('invalid_client_id', 'client identifier invalid')
    }
    if (typeof claims.sub !== 'string') throw new TokenRefused('invalid_grant', 'invalid assertion')
    if (typeof claims.aud !== 'string' && !Array.isArray(claims.aud)) {
      throw new TokenRefused('invalid_grant', 'audience is invalid')
    }
    if (typeof claims.exp !== 'number' || claims.exp * 1000 <= this.options.now()) {
      throw new TokenRefused('invalid_grant', 'assertion is expired')
    }
    const { jwtPublicKey } = this.options
    if (
      jwtPublicKey !== undefined &&
      !verify(
        'RSA-SHA256',
        Buffer.from(`${header}.${payload}`),
        createPublicKey(jwtPublicKey),
        Buffer.from(signature, 'base64url'),
      )
    ) {
      throw new TokenRefused('invalid_grant', 'invalid assertion')
    }
  }

  private issue(origin: string): JsonObject {
    this.serial += 1
    const digest = createHash('sha256')
      .update(`${this.serial}/${this.options.clientSecret}`)
      .digest('base64url')
    const token = `${ORGANIZATION_ID.slice(0, 15)}!AQ${digest}`
    const issuedMs = this.options.now()
    this.expiryMs.set(token, issuedMs + this.options.accessTokenSeconds * 1000)
    return {
      access_token: token,
      signature: createHash('sha256').update(token).digest('base64'),
      scope: 'api',
      instance_url: origin,
      id: `${origin}/id/${ORGANIZATION_ID}/${USER_ID}`,
      token_type: 'Bearer',
      issued_at: String(issuedMs),
    }
  }
}

const decodeClaims = (payload: string): JsonObject | undefined => {
  try {
    return asObject(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')))
  } catch {
    return undefined
  }
}
