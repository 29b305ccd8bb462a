// Signing in, whole: a browser's cookies, a strict OpenID provider on loopback (RFC 6749 and 7636: a code is good once, for its
// client, address and verifier), and what the console then makes of the token that came back.
import { createHash } from 'node:crypto'
import { type ServerType, serve } from '@hono/node-server'
import { Hono } from 'hono'
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { ManualClock } from '../../shared/clock.ts'
import { createAuthenticate } from '../../shared/sign-in/authenticate.ts'
import { consoleConfig } from '../../shared/sign-in/config.ts'
import { createProvider } from '../../shared/sign-in/provider.ts'
import { createSignIn } from './sign-in.ts'

const NOW_MS = Date.UTC(2026, 9, 6, 12)
const SITE = 'https://hub.example'
const CLIENT = { clientId: 'switchyard-console', clientSecret: 'a-secret-of-the-client' }

interface Asked {
  challenge: string
  nonce: string
  redirectUri: string
}

let server: ServerType
let issuer: string
type Key = Awaited<ReturnType<typeof generateKeyPair>>['privateKey']
let privateKey: Key
let strangersKey: Key
/** What the provider puts into its next token beside the usual. */
let claims: JWTPayload
let areKeysOut = false
const codes = new Map<string, Asked>()

const sign = (payload: JWTPayload, key: Key = privateKey, header = { alg: 'ES256', kid: 'one' }) =>
  new SignJWT(payload).setProtectedHeader(header).sign(key)

const standard = (): JWTPayload => ({
  iss: issuer,
  aud: CLIENT.clientId,
  sub: 'person-7',
  email: 'rosa@example.com',
  groups: ['operations'],
  iat: NOW_MS / 1000,
  exp: NOW_MS / 1000 + 3_600,
})

beforeAll(async () => {
  const keys = await generateKeyPair('ES256', { extractable: true })
  privateKey = keys.privateKey
  strangersKey = (await generateKeyPair('ES256')).privateKey
  const jwk = await exportJWK(keys.publicKey)
  const app = new Hono()
  app.get('/.well-known/openid-configuration', (context) =>
    context.json({
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/keys`,
    }),
  )
  app.get('/keys', (context) =>
    areKeysOut
      ? context.text('down', 503)
      : context.json({ keys: [{ ...jwk, kid: 'one', alg: 'ES256', use: 'sig' }] }),
  )
  app.post('/token', async (context) => {
    const form = new URLSearchParams(await context.req.text())
    const asked = codes.get(form.get('code') ?? '')
    codes.delete(form.get('code') ?? '')
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    const isGood =
      asked &&
      form.get('grant_type') === 'authorization_code' &&
      form.get('client_id') === CLIENT.clientId &&
      form.get('client_secret') === CLIENT.clientSecret &&
      form.get('redirect_uri') === asked.redirectUri &&
      challenge === asked.challenge
    if (!isGood) return context.json({ error: 'invalid_grant' }, 400)
    return context.json({ id_token: await sign({ nonce: asked.nonce, ...claims }), token_type: 'Bearer' })
  })
  await new Promise<void>((resolve) => {
    server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, ({ port }) => {
      issuer = `http://127.0.0.1:${port}`
      resolve()
    })
  })
})
afterAll(() => new Promise((resolve) => server.close(resolve)))
beforeEach(() => {
  claims = standard()
})

function hubOf(more: Partial<{ issuer: string }> = {}) {
  const config = consoleConfig.parse({
    issuer: more.issuer ?? issuer,
    clientId: CLIENT.clientId,
    roles: { view: ['support'], replay: ['operations'] },
  })
  const clock = new ManualClock(NOW_MS)
  const provider = createProvider(config, clock)
  return {
    clock,
    authenticate: createAuthenticate(provider, config),
    signIn: createSignIn({
      hub: { stage: 'staging', isLive: false },
      provider,
      config,
      clientSecret: async () => CLIENT.clientSecret,
      clock,
    }),
  }
}

/** A browser: keeps cookies by name, and sends them all. */
class Browser {
  readonly cookies = new Map<string, string>()

  async open(answerer: (request: Request) => Promise<Response>, path: string): Promise<Response> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await answerer(new Request(SITE + path, { headers: { cookie } }))
    for (const set of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? []
      if (set.includes('Max-Age=0')) this.cookies.delete(name)
      else this.cookies.set(name, value)
    }
    return answer
  }

  headers = (): Headers =>
    new Headers({ cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ') })
}

/** What the provider would do once the person has said yes. */
function agree(answer: Response, code: string): string {
  const address = new URL(answer.headers.get('location') ?? '')
  const of = (name: string) => address.searchParams.get(name) ?? ''
  expect([
    address.origin + address.pathname,
    of('response_type'),
    of('code_challenge_method'),
    of('client_id'),
  ]).toEqual([`${issuer}/authorize`, 'code', 'S256', CLIENT.clientId])
  codes.set(code, { challenge: of('code_challenge'), nonce: of('nonce'), redirectUri: of('redirect_uri') })
  return `/console/signed-in?code=${code}&state=${of('state')}`
}

it('a person signs in and is back where they wanted to go, with a cookie that no script reads', async () => {
  const { signIn, authenticate } = hubOf()
  const browser = new Browser()
  const left = await browser.open(signIn, '/console/sign-in?to=%2Fconsole%2Ftimeline%3Fid%3DINV-1')
  const back = await browser.open(signIn, agree(left, 'code-1'))
  expect([back.status, back.headers.get('location')]).toEqual([303, '/console/timeline?id=INV-1'])
  const set = back.headers.getSetCookie().find((each) => each.startsWith('__Host-switchyard='))
  expect(set).toMatch(/; Path=\/; Secure; HttpOnly; SameSite=Lax; Max-Age=3600$/)
  expect([...browser.cookies.keys()]).toEqual(['__Host-switchyard'])
  const session = await authenticate(browser.headers())
  expect([session?.actor, [...(session?.roles ?? [])]]).toEqual([
    'rosa@example.com (person-7)',
    ['view', 'replay'],
  ])
})

it('signing out forgets the token', async () => {
  const { signIn, authenticate } = hubOf()
  const browser = new Browser()
  await browser.open(signIn, agree(await browser.open(signIn, '/console/sign-in'), 'code-2'))
  await browser.open(signIn, '/console/sign-out')
  expect(await authenticate(browser.headers())).toBeUndefined()
})

it('comes back nowhere but to the console', async () => {
  const { signIn } = hubOf()
  for (const to of ['https://evil.example/', '//evil.example', '/console@evil.example', '/\\evil.example']) {
    const browser = new Browser()
    const left = await browser.open(signIn, `/console/sign-in?to=${encodeURIComponent(to)}`)
    const back = await browser.open(signIn, agree(left, `code-${to}`.replace(/\W/g, '')))
    expect(back.headers.get('location')).toBe('/console')
  }
})

it('a sign-in begun in another browser, or with another state, is refused', async () => {
  const { signIn } = hubOf()
  const browser = new Browser()
  const path = agree(await browser.open(signIn, '/console/sign-in'), 'code-3')
  expect((await new Browser().open(signIn, path)).status).toBe(400)
  expect((await browser.open(signIn, path.replace(/state=.*/, 'state=another'))).status).toBe(400)
})

it.each([
  ['a nonce of another sign-in', { nonce: 'another' }],
  ['another audience', { aud: 'another-client' }],
  ['another issuer', { iss: 'https://login.evil.example' }],
  ['a time that is over', { exp: NOW_MS / 1000 - 60 }],
])('a token with %s signs nobody in', async (_, wrong) => {
  claims = { ...claims, ...wrong }
  const { signIn } = hubOf()
  const browser = new Browser()
  const back = await browser.open(signIn, agree(await browser.open(signIn, '/console/sign-in'), 'code-4'))
  expect(back.status).toBe(403)
  expect(await back.text()).toContain('CONSOLE-TOKEN')
  expect(browser.cookies.has('__Host-switchyard')).toBe(false)
})

it('who is in no group may nothing; who may view may not replay; a program sends its token in the header', async () => {
  const { authenticate } = hubOf()
  const rolesOf = async (groups: unknown) => {
    const token = await sign({ ...standard(), groups } as JWTPayload)
    const session = await authenticate(new Headers({ authorization: `Bearer ${token}` }))
    return [...(session?.roles ?? ['nobody'])]
  }
  expect(await rolesOf(['support', 'sales'])).toEqual(['view'])
  expect(await rolesOf('operations')).toEqual(['view', 'replay'])
  expect(await rolesOf(['sales'])).toEqual([])
  expect(await rolesOf(undefined)).toEqual([])
})

it('a token of a stranger, unsigned, or signed with the public key as a secret, is nobody', async () => {
  const { authenticate } = hubOf()
  const unsigned = [{ alg: 'none' }, standard()]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  const symmetric = await new SignJWT(standard())
    .setProtectedHeader({ alg: 'HS256', kid: 'one' })
    .sign(new TextEncoder().encode('the public key would stand here, as everybody knows it'))
  for (const token of [await sign(standard(), strangersKey), `${unsigned}.`, symmetric, 'no token'])
    expect(await authenticate(new Headers({ cookie: `__Host-switchyard=${token}` }))).toBeUndefined()
})

it('a session ends when its token ends', async () => {
  const { authenticate, clock } = hubOf()
  const headers = new Headers({ cookie: `__Host-switchyard=${await sign(standard())}` })
  expect((await authenticate(headers))?.actor).toBe('rosa@example.com (person-7)')
  clock.advance(3_600_000 + 31_000)
  expect(await authenticate(headers)).toBeUndefined()
})

it('a provider whose keys cannot be had says nothing of a token: that is no sign-in, and no refusal', async () => {
  const { authenticate } = hubOf()
  areKeysOut = true
  const headers = new Headers({ cookie: `__Host-switchyard=${await sign(standard())}` })
  await expect(authenticate(headers)).rejects.toMatchObject({ kind: 'transient', code: 'CONSOLE-PROVIDER' })
  areKeysOut = false
})

it('a provider in the clear is refused when the configuration is read', () => {
  const roles = { view: ['support'], replay: ['operations'] }
  const parsed = consoleConfig.safeParse({ issuer: 'http://login.example.com/', clientId: 'c', roles })
  expect(parsed.error?.issues[0]?.message).toBe('the https address of your OpenID provider')
})

it('a provider that says it is another one, or does not answer, is a page with what to do', async () => {
  const other = hubOf({ issuer: `${issuer}/` })
  const answer = await new Browser().open(other.signIn, '/console/sign-in')
  expect(answer.status).toBe(502)
  expect(await answer.text()).toContain(`write it exactly as the provider does, ${issuer}`)
  const silent = hubOf({ issuer: 'http://127.0.0.1:9' })
  const nobody = await new Browser().open(silent.signIn, '/console/sign-in')
  expect([nobody.status, (await nobody.text()).includes('Nobody was signed in.')]).toEqual([502, true])
})
