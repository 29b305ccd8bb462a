import { generateKeyPairSync, sign } from 'node:crypto'
import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { addCustomer, assertion, NOW_MS, startAccount, tokenForm } from './account.fixture.ts'
import { createNetSuiteSimulator } from './netsuite.ts'
import { TOKEN_PATH } from './oauth.ts'

interface RestAnswer {
  statusCode: number
  rawHeaders: string[]
  data: unknown
}
interface RestClient {
  request(options: {
    path: string
    method?: string
    body?: string
    heads?: Record<string, string>
  }): Promise<RestAnswer>
  getAuthorizationHeader(options: { url: string; method: string }): { Authorization: string }
}
const NetsuiteRest = createRequire(import.meta.url)('netsuite-rest') as new (options: object) => RestClient

const tba = { consumerKey: 'ck', consumerSecret: 'cs & co', tokenId: 'tk', tokenSecret: 'ts/1' }

async function startWithTba() {
  const simulator = createNetSuiteSimulator({ now: () => Date.now(), clients: { tba: [tba] } })
  const { url, close } = await simulator.listen()
  const client = (overrides: object = {}) =>
    new NetsuiteRest({
      consumer_key: tba.consumerKey,
      consumer_secret_key: tba.consumerSecret,
      token: tba.tokenId,
      token_secret: tba.tokenSecret,
      realm: 'TSTDRV1',
      base_url: url,
      ...overrides,
    })
  return { simulator, url, client, [Symbol.asyncDispose]: close }
}

describe('token-based authentication, with the real netsuite-rest', () => {
  it('lets a signed request with a query string in and answers Location on a write', async () => {
    await using account = await startWithTba()
    const answer = await account.client().request({
      path: 'record/v1/customer/eid:cus_1?replace=addressBook,currencyList',
      method: 'PUT',
      body: JSON.stringify({ companyName: 'Acme', subsidiary: { id: '1' } }),
      heads: { 'content-type': 'application/json' },
    })
    expect(answer.statusCode).toBe(204)
    const location = answer.rawHeaders[answer.rawHeaders.indexOf('Location') + 1]
    expect(location).toBe(`${account.url}/services/rest/record/v1/customer/5001`)
    expect(account.simulator.find('customer', 'cus_1')?.companyName).toBe('Acme')
  })

  it('reads SuiteQL pages', async () => {
    await using account = await startWithTba()
    const answer = await account.client().request({
      path: 'query/v1/suiteql?limit=1&offset=1',
      method: 'POST',
      body: JSON.stringify({ q: 'SELECT symbol FROM currency ORDER BY id' }),
      heads: { 'content-type': 'application/json' },
    })
    expect(answer.data).toMatchObject({
      items: [{ symbol: 'EUR' }],
      hasMore: true,
      totalResults: 5,
      offset: 1,
    })
  })

  it('refuses a wrong secret, a wrong realm and an unknown consumer', async () => {
    await using account = await startWithTba()
    for (const wrong of [{ token_secret: 'other' }, { realm: 'TSTDRV2' }, { consumer_key: 'nobody' }]) {
      const refused = account.client(wrong).request({ path: 'record/v1/customer' })
      await expect(refused).rejects.toMatchObject({ response: { statusCode: 401 } })
    }
  })

  it('refuses the same nonce and timestamp a second time, and a signature for another method', async () => {
    await using account = await startWithTba()
    const url = `${account.url}/services/rest/record/v1/customer`
    const headers = account.client().getAuthorizationHeader({ url, method: 'GET' })
    const asObject = { ...headers }
    expect((await fetch(url, { headers: asObject })).status).toBe(200)
    const again = await fetch(url, { headers: asObject })
    expect(again.status).toBe(401)
    expect(again.headers.get('www-authenticate')).toBe(
      'OAuth realm="TSTDRV1", error="token_rejected", error_description="Invalid login attempt."',
    )
    const forPost = { ...account.client().getAuthorizationHeader({ url, method: 'POST' }) }
    expect((await fetch(url, { headers: forPost })).status).toBe(401)
  })
})

describe('OAuth 2.0 client credentials', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })

  async function exchange(jwt: string, options: Parameters<typeof startAccount>[0] = {}) {
    await using account = await startAccount(options)
    const response = await fetch(`${account.url}${TOKEN_PATH}`, { method: 'POST', body: tokenForm(jwt) })
    return { status: response.status, body: (await response.json()) as Record<string, string> }
  }

  it('gives a token for an hour against a signed assertion (ES256)', async () => {
    const { status, body } = await exchange(assertion())
    expect(status).toBe(200)
    expect(body).toMatchObject({ expires_in: '3600', token_type: 'bearer' })
  })

  it('verifies PS256 with the registered RSA key', async () => {
    const [head, claims] = assertion({ header: { alg: 'PS256', kid: 'cert-rsa' } }).split('.')
    const signature = sign('sha256', Buffer.from(`${head}.${claims}`), {
      key: rsa.privateKey,
      padding: 6,
      saltLength: 32,
    })
    const jwt = `${head}.${claims}.${signature.toString('base64url')}`
    const pem = rsa.publicKey.export({ type: 'spki', format: 'pem' })
    const clients = { m2m: [{ clientId: 'client-1', certificateId: 'cert-rsa', publicKey: String(pem) }] }
    expect((await exchange(jwt, { clients })).status).toBe(200)
  })

  it.each([
    [
      'another key',
      { key: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey },
      401,
      'invalid_client',
    ],
    ['an unknown kid', { header: { kid: 'cert-2' } }, 401, 'invalid_client'],
    ['an unknown client', { claims: { iss: 'client-2' } }, 401, 'invalid_client'],
    ['another audience', { claims: { aud: 'https://example.com/token' } }, 401, 'invalid_client'],
    [
      'an expired assertion',
      { claims: { iat: NOW_MS / 1000 - 900, exp: NOW_MS / 1000 - 300 } },
      401,
      'invalid_client',
    ],
    ['a life of more than an hour', { claims: { exp: NOW_MS / 1000 + 3601 } }, 401, 'invalid_client'],
    ['no REST scope', { claims: { scope: 'restlets' } }, 400, 'invalid_scope'],
  ])('refuses %s', async (_what, parts, status, error) => {
    expect(await exchange(assertion(parts))).toEqual({ status, body: { error } })
  })

  it('ends a token after 3,600 seconds and on revocation, in the documented words', async () => {
    await using account = await startAccount()
    account.clock.nowMs = NOW_MS + 3599_000
    expect((await account.call('GET', '/customer')).status).toBe(200)
    account.clock.nowMs = NOW_MS + 3600_000
    const late = await account.call('GET', '/customer')
    expect(late.status).toBe(401)
    expect(late.error['o:errorCode']).toBe('INVALID_LOGIN')
    expect(late.headers.get('www-authenticate')).toContain('Bearer realm="TSTDRV1", error="invalid_token"')
    account.clock.nowMs = NOW_MS
    account.simulator.revokeTokens()
    expect((await account.call('GET', '/customer')).status).toBe(401)
  })

  it('lets nobody in without a header, and the write does not happen', async () => {
    await using account = await startAccount()
    await addCustomer(account)
    const path = `${account.url}/services/rest/record/v1/customer/eid:cus_1`
    const response = await fetch(path, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: '{"companyName":"Mallory"}',
    })
    expect(response.status).toBe(401)
    expect(account.simulator.find('customer', 'cus_1')?.companyName).toBe('Acme')
  })
})
