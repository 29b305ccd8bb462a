// The real jsforce against the simulator over HTTP: sessions, limits, single records, and refusals on command.
import { generateKeyPairSync, sign } from 'node:crypto'
import { Connection } from 'jsforce/lib/core.js'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { customer, logIn, type Org, openOrg, outcomes, upsert, withoutRefresh } from './org.fixture.ts'

let org: Org

beforeEach(async () => {
  org = await openOrg()
})

afterEach(() => org.server.close())

const raw = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`${org.server.url}/services/data/v65.0/${path}`, {
    ...init,
    headers: { authorization: `Bearer ${org.connection.accessToken}`, 'content-type': 'application/json' },
  })

const firstError = async (response: Response): Promise<Record<string, unknown>> => {
  const body: unknown = await response.json()
  return Array.isArray(body) ? body[0] : {}
}

describe('sessions', () => {
  it('refuses a wrong secret', async () => {
    await expect(logIn(org.server, 'wrong')).rejects.toMatchObject({
      name: 'invalid_client',
    })
  })

  it('ends a session by the clock', async () => {
    org.clock.ms += 7200 * 1000
    await expect(withoutRefresh(org).describeGlobal()).rejects.toMatchObject({
      errorCode: 'INVALID_SESSION_ID',
    })
    org.connection = await logIn(org.server)
    expect((await org.connection.describeGlobal()).sobjects).toHaveLength(21)
  })

  it('checks the issuer, the expiry and the signature of a JWT assertion', async () => {
    await org.server.close()
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    org = await openOrg({ jwtPublicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString() })
    const assertion = (claims: object, key = privateKey): string => {
      const head = Buffer.from('{"alg":"RS256"}').toString('base64url')
      const input = `${head}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`
      return `${input}.${sign('RSA-SHA256', Buffer.from(input), key).toString('base64url')}`
    }
    const exp = org.clock.ms / 1000 + 180
    const claims = { iss: 'hub', sub: 'hub@example.com', aud: org.server.url, exp }
    const ask = (jwt: string) =>
      new Connection({ version: '65.0', oauth2: { loginUrl: org.server.url } }).authorize({
        grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
        assertion: jwt,
      })
    await expect(ask(assertion(claims))).resolves.toMatchObject({ organizationId: '00DHu000000SimAMAS' })
    await expect(ask(assertion({ ...claims, iss: 'other' }))).rejects.toThrow('client identifier invalid')
    await expect(ask(assertion({ ...claims, exp: exp - 181 }))).rejects.toThrow('assertion is expired')
    const { privateKey: otherKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    await expect(ask(assertion(claims, otherKey))).rejects.toThrow('invalid assertion')
  })
})

describe('limits', () => {
  it('reports the usage of the day and refuses calls above it until the next day', async () => {
    await org.server.close()
    org = await openOrg({ dailyLimit: 2 })
    await org.connection.describeGlobal()
    await org.connection.describeGlobal()
    expect(org.connection.limitInfo.apiUsage).toEqual({ used: 2, limit: 2 })
    await expect(upsert(org.connection, 'Stripe_Customer__c', [customer('cus_1')])).rejects.toMatchObject({
      errorCode: 'REQUEST_LIMIT_EXCEEDED',
    })
    expect((await raw('limits')).status).toBe(403)
    org.clock.ms += 86_400_000
    org.connection = await logIn(org.server)
    expect(outcomes(await upsert(org.connection, 'Stripe_Customer__c', [customer('cus_1')]))).toEqual(['ok'])
  })

  it('counts a long-running request against the requests at once', async () => {
    await org.server.close()
    org = await openOrg({ concurrencyLimit: 1 })
    org.simulator.faults.add({ effect: 'timeout_before', path: 'limits$', times: 1 })
    const hanging = new AbortController()
    const held = raw('limits', { signal: hanging.signal }).catch(() => 'gone')
    while (org.simulator.faults.hits.timeout_before === undefined) await new Promise(setImmediate)
    const refused = await raw('sobjects')
    expect(refused.status).toBe(403)
    expect(await firstError(refused)).toMatchObject({ errorCode: 'REQUEST_LIMIT_EXCEEDED' })
    hanging.abort()
    expect(await held).toBe('gone')
  })

  it('refuses a query that is too long for a URL', async () => {
    const ids = Array.from({ length: 900 }, (_, index) => `'cus_${String(index).padStart(14, '0')}'`)
    const query = `SELECT Id FROM Stripe_Customer__c WHERE Stripe_Id__c IN (${ids.join(',')})`
    expect((await raw(`query?q=${encodeURIComponent(query)}`)).status).toBe(431)
  })

  it('answers no version before 65', async () => {
    const old = new Connection({ instanceUrl: org.server.url, accessToken: org.connection.accessToken ?? '' })
    await expect(old.describeGlobal()).rejects.toMatchObject({ errorCode: 'NOT_FOUND' })
  })
})

describe('one record', () => {
  it('creates, reads, changes and deletes', async () => {
    const account = org.connection.sobject('Account')
    const { id = '' } = await account.create({ Name: 'Acme', BillingCountry: 'DE' })
    expect(id).toMatch(/^001[0-9A-Za-z]{15}$/)
    org.clock.ms += 60_000
    await account.update({ Id: id, Phone: '+49 30 1' })
    expect(await account.retrieve(id)).toMatchObject({
      Name: 'Acme',
      Phone: '+49 30 1',
      CreatedDate: '2026-05-01T10:30:00.000+0000',
      SystemModstamp: '2026-05-01T10:31:00.000+0000',
      Industry: null,
    })
    expect(await account.retrieve(id.slice(0, 15))).toMatchObject({ Id: id })
    await account.destroy(id)
    await expect(account.destroy(id)).rejects.toMatchObject({ errorCode: 'ENTITY_IS_DELETED' })
    expect(org.simulator.records('Account')).toEqual([])
  })

  it('upserts by external id, saying whether it created', async () => {
    const first = await org.connection.sobject('Stripe_Customer__c').upsert(customer('cus_1'), 'Stripe_Id__c')
    const second = await org.connection
      .sobject('Stripe_Customer__c')
      .upsert(customer('cus_1'), 'Stripe_Id__c')
    expect([Reflect.get(first, 'created'), Reflect.get(second, 'created')]).toEqual([true, false])
    expect(second.id).toBe(first.id)
    expect(
      await firstError(
        await raw('sobjects/Stripe_Customer__c/Stripe_Id__c/cus_1', {
          method: 'PATCH',
          body: JSON.stringify(customer('cus_1')),
        }),
      ),
    ).toMatchObject({ errorCode: 'INVALID_FIELD' })
  })

  it('keeps Stripe ids apart by case, and refuses a second holder of a unique value', async () => {
    await upsert(org.connection, 'Stripe_Customer__c', [customer('cus_a'), customer('cus_A')])
    expect(org.simulator.records('Stripe_Customer__c')).toHaveLength(2)
    await expect(org.connection.sobject('Stripe_Customer__c').create(customer('cus_a'))).rejects.toThrow(
      /^duplicate value found: Stripe_Id__c duplicates value on record with id: a00/,
    )
  })

  it('describes types, keys, picklists and what may be written', async () => {
    const { fields } = await org.connection.describe('Stripe_Invoice__c')
    const byName = new Map(fields.map((field) => [field.name, field]))
    expect(byName.get('Stripe_Id__c')).toMatchObject({ externalId: true, unique: true, nillable: false })
    expect(byName.get('Customer__c')).toMatchObject({
      type: 'reference',
      referenceTo: ['Stripe_Customer__c'],
      relationshipName: 'Customer__r',
    })
    expect(byName.get('Total__c')).toMatchObject({ type: 'double', precision: 18, scale: 3 })
    expect(byName.get('SystemModstamp')).toMatchObject({ updateable: false, createable: false })
    expect(byName.get('Status__c')?.picklistValues?.map(({ value }) => value)).toEqual([
      'draft',
      'open',
      'paid',
      'void',
      'uncollectible',
    ])
  })

  it('keeps amounts exact and times in whole seconds', async () => {
    await upsert(org.connection, 'Stripe_Customer__c', [customer('cus_1')])
    await upsert(org.connection, 'Stripe_Invoice__c', [
      {
        Stripe_Id__c: 'in_1',
        Customer__r: { Stripe_Id__c: 'cus_1' },
        Total__c: '1234567890.125',
        Tax__c: 0.1,
        Paid_At__c: '2026-05-01T12:30:00.900+02:00',
      },
    ])
    expect(org.simulator.records('Stripe_Invoice__c')).toMatchObject([
      {
        Total__c: 1234567890.125,
        Tax__c: 0.1,
        Paid_At__c: '2026-05-01T10:30:00.000+0000',
        Deleted__c: false,
      },
    ])
  })
})

describe('on command', () => {
  it('locks a record once', async () => {
    org.simulator.refuseRecords({ statusCode: 'UNABLE_TO_LOCK_ROW', key: 'cus_2', times: 1 })
    const rows = [customer('cus_1'), customer('cus_2')]
    expect(outcomes(await upsert(org.connection, 'Stripe_Customer__c', rows))).toEqual([
      'ok',
      'UNABLE_TO_LOCK_ROW',
    ])
    expect(outcomes(await upsert(org.connection, 'Stripe_Customer__c', rows))).toEqual(['ok', 'ok'])
  })

  it('lets allowSave pass an alerting duplicate rule, and not a blocking one', async () => {
    const headers = { 'Sforce-Duplicate-Rule-Header': 'allowSave=true' }
    const save = (options: object) => org.connection.sobject('Account').create([{ Name: 'Acme' }], options)
    org.simulator.refuseRecords({ statusCode: 'DUPLICATES_DETECTED', object: 'Account' })
    expect(outcomes(await save({}))).toEqual(['DUPLICATES_DETECTED'])
    expect(outcomes(await save({ headers }))).toEqual(['ok'])
    org.simulator.clearRecordRefusals()
    org.simulator.refuseRecords({ statusCode: 'DUPLICATES_DETECTED', object: 'Account', blocking: true })
    expect(outcomes(await save({ headers }))).toEqual(['DUPLICATES_DETECTED'])
  })

  it('does the work and then cuts the org.connection', async () => {
    org.simulator.faults.add({ effect: 'reset_after', method: 'PATCH', times: 1 })
    await expect(upsert(org.connection, 'Stripe_Customer__c', [customer('cus_1')])).rejects.toThrow()
    expect(org.simulator.records('Stripe_Customer__c')).toHaveLength(1)
  })

  it.each([
    ['rate_limited', 'REQUEST_LIMIT_EXCEEDED'],
    ['server_error', 'UNKNOWN_EXCEPTION'],
    ['unavailable', 'SERVER_UNAVAILABLE'],
    ['expired_credential', 'INVALID_SESSION_ID'],
  ] as const)('words %s as %s', async (effect, errorCode) => {
    org.connection = withoutRefresh(org)
    org.simulator.faults.add({ effect, method: 'PATCH', times: 1 })
    await expect(upsert(org.connection, 'Stripe_Customer__c', [customer('cus_1')])).rejects.toMatchObject({
      errorCode,
    })
    expect(org.simulator.records('Stripe_Customer__c')).toEqual([])
  })
})
