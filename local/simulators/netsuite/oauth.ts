// The door: OAuth 2.0 client credentials with a signed assertion (M2M), and the sign-in check of every request.
// Signatures are really verified, with node:crypto, so that a wrong key, audience or clock fails here as it would
// there. Token-based authentication (OAuth 1.0a) is in tba.ts.
//
// Assertion: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_162790605110.html
// Token:     https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_162755359851.html
import { constants, createPublicKey, type KeyObject, randomBytes, verify } from 'node:crypto'
import * as z from 'zod'
import type { Now } from '../simulator.ts'

export interface M2mClient {
  /** The integration record's client id: the assertion's `iss`. */
  clientId: string
  /** The id NetSuite gave the uploaded certificate: the assertion's `kid`. */
  certificateId: string
  /** PEM text (public key or certificate) or a key object; RSA or EC. */
  publicKey: string | KeyObject
}

/** What the token endpoint answers: RFC 6749 fields, not NetSuite's error shape. */
type TokenAnswer =
  | { status: 200; body: { access_token: string; expires_in: '3600'; token_type: 'bearer' } }
  | { status: 400 | 401; body: { error: string } }

export const TOKEN_PATH = '/services/rest/auth/oauth2/v1/token'
const TOKEN_LIFETIME_MS = 3600_000
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
/** How far the client's clock may run ahead. Reading: the same five minutes as TBA's timestamps. */
const CLOCK_SKEW_SECONDS = 300

const HASHES: Record<string, { hash: string; saltLength?: number }> = {
  PS256: { hash: 'sha256', saltLength: 32 },
  PS384: { hash: 'sha384', saltLength: 48 },
  PS512: { hash: 'sha512', saltLength: 64 },
  ES256: { hash: 'sha256' },
  ES384: { hash: 'sha384' },
  ES512: { hash: 'sha512' },
}

const assertionHeader = z.object({ typ: z.literal('JWT'), alg: z.string(), kid: z.string() })
const assertionClaims = z.object({
  iss: z.string(),
  scope: z.union([z.string(), z.array(z.string())]),
  aud: z.union([z.string(), z.array(z.string())]),
  exp: z.number().int(),
  iat: z.number().int(),
})

/** `1234567_SB1` is served from `1234567-sb1.suitetalk.api.netsuite.com`. */
const accountHost = (account: string): string =>
  `${account.toLowerCase().replaceAll('_', '-')}.suitetalk.api.netsuite.com`

export class M2mTokens {
  private readonly clients: M2mClient[]
  private readonly account: string
  private readonly now: Now
  private readonly expiryMsByToken = new Map<string, number>()

  constructor(account: string, clients: M2mClient[], now: Now) {
    this.account = account
    this.clients = clients
    this.now = now
  }

  /** Every token given out so far stops working, as when an administrator revokes the mapping. */
  revokeAll(): void {
    this.expiryMsByToken.clear()
  }

  isValid(token: string): boolean {
    const expiryMs = this.expiryMsByToken.get(token)
    return expiryMs !== undefined && this.now() < expiryMs
  }

  /**
   * Reading: a missing or wrong parameter is `invalid_request`, an assertion that does not prove the client is
   * `invalid_client`, a scope without rest_webservices is `invalid_scope` (RFC 6749, 5.2; Oracle's own table names
   * the Login Audit Trail's words, not the wire's).
   */
  exchange(form: URLSearchParams, origin: string): TokenAnswer {
    const assertion = form.get('client_assertion')
    if (
      form.get('grant_type') !== 'client_credentials' ||
      form.get('client_assertion_type') !== ASSERTION_TYPE ||
      !assertion
    ) {
      return { status: 400, body: { error: 'invalid_request' } }
    }
    const claims = this.verifiedClaims(assertion)
    if (!claims || !this.isTimely(claims) || !this.isForUs(claims.aud, origin)) {
      return { status: 401, body: { error: 'invalid_client' } }
    }
    const scopes = Array.isArray(claims.scope) ? claims.scope : claims.scope.split(/[\s,]+/)
    if (!scopes.includes('rest_webservices')) return { status: 400, body: { error: 'invalid_scope' } }
    const token = `eyJ0eXAiOiJKV1QifQ.${randomBytes(24).toString('base64url')}.${randomBytes(32).toString('base64url')}`
    this.expiryMsByToken.set(token, this.now() + TOKEN_LIFETIME_MS)
    return { status: 200, body: { access_token: token, expires_in: '3600', token_type: 'bearer' } }
  }

  private verifiedClaims(assertion: string): z.infer<typeof assertionClaims> | undefined {
    const [head = '', payload = '', signature = '', extra] = assertion.split('.')
    const header = assertionHeader.safeParse(parseSegment(head))
    const claims = assertionClaims.safeParse(parseSegment(payload))
    if (extra !== undefined || !header.success || !claims.success) return undefined
    const client = this.clients.find(
      ({ clientId, certificateId }) => clientId === claims.data.iss && certificateId === header.data.kid,
    )
    if (!client) return undefined
    const signed = signatureHolds(header.data.alg, client.publicKey, `${head}.${payload}`, signature)
    return signed ? claims.data : undefined
  }

  /** `exp` at most an hour after `iat`; not expired; not from the future. */
  private isTimely({ iat, exp }: { iat: number; exp: number }): boolean {
    const nowSeconds = Math.floor(this.now() / 1000)
    return exp > nowSeconds && exp - iat <= 3600 && exp > iat && iat <= nowSeconds + CLOCK_SKEW_SECONDS
  }

  /** The audience is the token endpoint: the account's real one, or this simulator's own address. */
  private isForUs(aud: string | string[], origin: string): boolean {
    const endpoints = [`https://${accountHost(this.account)}${TOKEN_PATH}`, `${origin}${TOKEN_PATH}`]
    return (Array.isArray(aud) ? aud : [aud]).some((audience) => endpoints.includes(audience))
  }
}

function signatureHolds(
  alg: string,
  publicKey: string | KeyObject,
  signed: string,
  signature: string,
): boolean {
  const algorithm = HASHES[alg]
  if (!algorithm) return false
  const key = typeof publicKey === 'string' ? createPublicKey(publicKey) : publicKey
  const rsa = algorithm.saltLength !== undefined
  if (rsa !== (key.asymmetricKeyType === 'rsa')) return false
  const bytes = Buffer.from(signature, 'base64url')
  return rsa
    ? verify(
        algorithm.hash,
        Buffer.from(signed),
        { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: algorithm.saltLength },
        bytes,
      )
    : verify(algorithm.hash, Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' }, bytes)
}

function parseSegment(segment: string): unknown {
  try {
    return JSON.parse(Buffer.from(segment, 'base64url').toString('utf8'))
  } catch {
    return undefined
  }
}
