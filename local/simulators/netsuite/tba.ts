// Token-based authentication: OAuth 1.0a with HMAC-SHA256, checked from the request as it arrived. A nonce works
// once. M2M (OAuth 2.0) is in oauth.ts.
//
// Signature: RFC 5849, 3.4. Refusals by name (NonceUsed, InvalidTimestamp, …):
// https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/subsect_156935170194.html
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Now } from '../simulator.ts'

export interface TbaClient {
  consumerKey: string
  consumerSecret: string
  tokenId: string
  tokenSecret: string
}

/** Why a signature was refused, in the words of NetSuite's Login Audit Trail; 'ok' when it was not. */
type TbaVerdict =
  | 'ok'
  | 'MissingTokenPassportRequiredFields'
  | 'consumer_key_unknown'
  | 'token_rejected'
  | 'nonce_rejected'
  | 'NonceUsed'
  | 'InvalidTimestamp'
  | 'InvalidSignature'

const TIMESTAMP_TOLERANCE_SECONDS = 300
const MIN_NONCE_LENGTH = 6

export class TbaSignatures {
  private readonly account: string
  private readonly clients: TbaClient[]
  private readonly now: Now
  private readonly usedNonces = new Set<string>()

  constructor(account: string, clients: TbaClient[], now: Now) {
    this.account = account
    this.clients = clients
    this.now = now
  }

  check(method: string, url: URL, authorization: string): TbaVerdict {
    const params = headerParams(authorization)
    const value = (name: string): string => params.get(name) ?? ''
    const client = this.clients.find(({ consumerKey }) => consumerKey === value('oauth_consumer_key'))
    if (
      ['realm', 'oauth_token', 'oauth_nonce', 'oauth_timestamp', 'oauth_signature'].some(
        (name) => !value(name),
      )
    ) {
      return 'MissingTokenPassportRequiredFields'
    }
    if (!client) return 'consumer_key_unknown'
    if (client.tokenId !== value('oauth_token') || value('realm') !== this.account) return 'token_rejected'
    if (value('oauth_signature_method') !== 'HMAC-SHA256') return 'InvalidSignature'
    if (value('oauth_nonce').length < MIN_NONCE_LENGTH) return 'nonce_rejected'
    const ageSeconds = Math.abs(Math.floor(this.now() / 1000) - Number(value('oauth_timestamp')))
    if (!(ageSeconds <= TIMESTAMP_TOLERANCE_SECONDS)) return 'InvalidTimestamp'
    if (!sameText(value('oauth_signature'), signature(method, url, params, client))) return 'InvalidSignature'
    const use = `${client.tokenId} ${value('oauth_timestamp')} ${value('oauth_nonce')}`
    if (this.usedNonces.has(use)) return 'NonceUsed'
    this.usedNonces.add(use)
    return 'ok'
  }
}

function signature(method: string, url: URL, params: Map<string, string>, client: TbaClient): string {
  const pairs: [string, string][] = [...url.searchParams].map(([name, value]) => [
    encode(name),
    encode(value),
  ])
  for (const [name, value] of params) {
    if (name !== 'realm' && name !== 'oauth_signature') pairs.push([encode(name), encode(value)])
  }
  const normalized = pairs
    .map(([name, value]) => `${name}=${value}`)
    .sort((left, right) => (left < right ? -1 : 1))
    .join('&')
  const base = [method.toUpperCase(), encode(`${url.origin}${url.pathname}`), encode(normalized)].join('&')
  return createHmac('sha256', `${encode(client.consumerSecret)}&${encode(client.tokenSecret)}`)
    .update(base)
    .digest('base64')
}

function headerParams(authorization: string): Map<string, string> {
  const params = new Map<string, string>()
  for (const [, name = '', value = ''] of authorization.matchAll(/(\w+)="([^"]*)"/g)) {
    params.set(name, name === 'realm' ? value : decodeURIComponent(value))
  }
  return params
}

const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!*'()]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)

function sameText(left: string, right: string): boolean {
  const a = Buffer.from(left)
  const b = Buffer.from(right)
  return a.length === b.length && timingSafeEqual(a, b)
}
