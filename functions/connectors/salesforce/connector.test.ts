import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createSalesforceSimulator } from '../../../local/simulators/salesforce/server.ts'
import type { Listening } from '../../../local/simulators/simulator.ts'
import type {
  Gathered,
  Gathering,
  RemoteRecord,
  Retiring,
  Writing,
} from '../../../shared/connector/contract.ts'
import { type HubError, isHubError } from '../../../shared/errors.ts'
import { createStripeClient } from '../../../shared/stripe/client.ts'
import { type SalesforceConfigInput, salesforceConfig } from './config.ts'
import { createSalesforce } from './connector.ts'
import { type Context, emptyContext, type Root } from './context.ts'
import * as stripe from './fixtures.ts'
import { manifest } from './manifest.ts'

const START_MS = stripe.NOVEMBER * 1000
let nowMs: number
let simulator: ReturnType<typeof createSalesforceSimulator>
let salesforce: Listening

beforeEach(async () => {
  nowMs = START_MS
  await start({})
})
afterEach(() => salesforce.close())

async function start(options: { dailyLimit?: number }) {
  simulator = createSalesforceSimulator({
    now: () => nowMs,
    clientId: 'id',
    clientSecret: 'secret',
    ...options,
  })
  salesforce = await simulator.listen()
}

function connect(input: Partial<SalesforceConfigInput> = {}, clientSecret = 'secret') {
  return createSalesforce({
    config: salesforceConfig.parse({ createAccounts: 'business', ...input }),
    credentials: { loginUrl: salesforce.url, clientId: 'id', clientSecret },
    // Nothing in these tests may ask Stripe: a call would fail at this address.
    stripe: createStripeClient({ apiKey: 'sk_test_none', baseUrl: 'http://127.0.0.1:1' }),
    clock: { now: () => nowMs },
    livemode: false,
  })
}

const writing = (record: RemoteRecord): Writing => ({ record, references: {}, known: undefined })

/** Projects a root and writes its records in the order of their kinds, as the engine would. */
async function deliver(connector: ReturnType<typeof connect>, root: Root, context: Partial<Context> = {}) {
  const records = connector.project(root, { ...emptyContext, ...context })
  for (const kind of manifest.kinds) {
    const ofKind = records.filter((record) => record.kind === kind)
    if (ofKind.length === 0) continue
    for (const outcome of await connector.write(kind, ofKind.map(writing)))
      if (isHubError(outcome)) throw outcome
  }
  return records
}

/** Customer, product, price, subscription and invoice, each on what it requires. */
async function deliverBasics(connector: ReturnType<typeof connect>) {
  return [
    ...(await deliver(connector, stripe.customer())),
    ...(await deliver(connector, stripe.product())),
    ...(await deliver(connector, stripe.price())),
    ...(await deliver(connector, stripe.subscription())),
    ...(await deliver(connector, stripe.invoice())),
  ]
}

async function refusalOf(action: Promise<unknown>): Promise<HubError> {
  const outcome = await action.then(
    (value) => (Array.isArray(value) ? value[0] : value),
    (error: unknown) => error,
  )
  if (!isHubError(outcome)) throw new Error(`It was expected to be refused: ${JSON.stringify(outcome)}`)
  return outcome
}

const invoiceRecord = (connector: ReturnType<typeof connect>, fields: object = {}) => {
  const [record] = connector.project(stripe.invoice(fields), emptyContext)
  if (!record) throw new Error('An invoice projects one record.')
  return record
}

const customerRecord = (connector: ReturnType<typeof connect>, fields: object = {}) => {
  const record = connector.project(stripe.customer(fields), emptyContext).at(-1)
  if (!record) throw new Error('A customer projects a record.')
  return record
}

describe('write and read', () => {
  it('reads back every kind exactly as projected', async () => {
    const connector = connect()
    const records = [
      ...(await deliverBasics(connector)),
      ...(await deliver(connector, stripe.invoicePayment())),
      ...(await deliver(connector, stripe.creditNote())),
      ...(await deliver(connector, stripe.refund(), {
        refundOf: { customer: 'cus_1', invoice: 'in_1', creditNote: 'cn_1' },
      })),
    ]
    expect(new Set(records.map(({ kind }) => kind)).size).toBe(9)
    for (const record of records) {
      const [read] = await connector.read(record.kind, [record.externalId])
      expect(read?.body, record.kind).toEqual(record.body)
    }
  })

  it('keeps amounts of yen, dinars and a million euros to the last digit', async () => {
    const connector = connect()
    await deliverBasics(connector)
    const records = [
      invoiceRecord(connector, { id: 'in_jpy', currency: 'jpy', total: 12_345_678 }),
      invoiceRecord(connector, { id: 'in_kwd', currency: 'kwd', total: 1_234_560 }),
      invoiceRecord(connector, { id: 'in_eur', total: 100_000_000_010 }),
    ]
    await connector.write('Stripe_Invoice__c', records.map(writing))
    const read = await connector.read('Stripe_Invoice__c', ['in_eur', 'in_none', 'in_kwd', 'in_jpy'])
    expect(read.map((record) => record?.body.Total__c)).toEqual([
      '1000000000.10',
      undefined,
      '1234.560',
      '12345678',
    ])
    expect(read.map((record) => record?.body)).toEqual([
      records[2]?.body,
      undefined,
      records[1]?.body,
      records[0]?.body,
    ])
  })

  it('leaves one record when it is written twice, and clears what became empty', async () => {
    const connector = connect()
    await deliver(connector, stripe.customer())
    await deliver(connector, stripe.customer({ email: null, name: 'Acme SE' }))
    expect(simulator.records('Stripe_Customer__c')).toMatchObject([{ Name: 'Acme SE', Email__c: null }])
  })

  it('puts an external id that comes twice into a call of its own', async () => {
    const connector = connect()
    const outcomes = await connector.write('Stripe_Customer__c', [
      writing(customerRecord(connector, { name: 'Old' })),
      writing(customerRecord(connector, { id: 'cus_2' })),
      writing(customerRecord(connector, { name: 'New' })),
    ])
    expect(outcomes.filter(isHubError)).toEqual([])
    expect(simulator.records('Stripe_Customer__c').map(({ Name }) => Name)).toEqual(['New', 'Acme GmbH'])
  })

  it('writes and reads 200 records with one API call each', async () => {
    const connector = connect()
    await deliverBasics(connector)
    const ids = Array.from(
      { length: 200 },
      (_, index) => `in_1QabcdEFGHijklMNOPq${String(index).padStart(6, '0')}`,
    )
    const before = simulator.usedToday()
    const outcomes = await connector.write(
      'Stripe_Invoice__c',
      ids.map((id) => writing(invoiceRecord(connector, { id }))),
    )
    expect(outcomes.filter(isHubError)).toEqual([])
    expect(simulator.usedToday() - before).toBe(1)
    const read = await connector.read('Stripe_Invoice__c', ids)
    expect(read.filter((record) => record?.body.Total__c === '1130.50')).toHaveLength(200)
    expect(simulator.usedToday() - before).toBe(2)
  })
})

describe('API calls', () => {
  it('brings a billing run of 1,000 objects in step within 25 calls, Accounts made included', async () => {
    const connector = connect()
    await deliver(connector, stripe.product())
    await deliver(connector, stripe.price())
    await connector.probe()
    const before = simulator.usedToday()
    const roots = Array.from({ length: 200 }, (_, n): Root[] => {
      const subscription_details = { subscription: `sub_${n}` }
      const invoice = stripe.invoice({
        id: `in_${n}`,
        customer: `cus_${n}`,
        parent: { subscription_details },
      })
      return [
        stripe.customer({ id: `cus_${n}` }),
        stripe.subscription({ id: `sub_${n}`, customer: `cus_${n}` }, [stripe.item({ id: `si_${n}` })]),
        invoice,
        stripe.invoicePayment({ id: `inpay_${n}`, invoice }),
        stripe.creditNote({ id: `cn_${n}`, invoice: `in_${n}`, customer: `cus_${n}` }),
      ]
    }).flat()
    const gathered = await connector.gather(
      roots.map((object) => ({
        ref: { type: object.object, id: object.id },
        object,
        keep: undefined,
        known: {},
      })),
    )
    const records = roots.flatMap((root, index) => {
      const outcome = gathered[index]
      if (!outcome || isHubError(outcome)) throw outcome
      return connector.project(root, outcome.context)
    })
    expect(records).toHaveLength(1400)
    for (const kind of manifest.kinds) {
      const writings = records.filter((record) => record.kind === kind).map(writing)
      if (writings.length === 0) continue
      expect((await connector.write(kind, writings)).filter(isHubError), kind).toEqual([])
    }
    expect(simulator.usedToday() - before).toBe(10)
  })
})

describe('Accounts', () => {
  const gathering = (root: Root, rest: Partial<Gathering<Root>> = {}): Gathering<Root> => ({
    ref: { type: root.object, id: root.id },
    object: root,
    keep: undefined,
    known: {},
    ...rest,
  })

  async function choose(connector: ReturnType<typeof connect>, customers: Gathering<Root>[]) {
    return (await connector.gather(customers)).map((outcome) =>
      isHubError(outcome) ? outcome.code : (outcome as Gathered<Context>).context.account,
    )
  }

  /** Makes an Account as a person in Salesforce would. */
  async function makeAccount(fields: Record<string, string>): Promise<string> {
    const token = await fetch(`${salesforce.url}/services/oauth2/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: 'id',
        client_secret: 'secret',
      }),
    }).then((response) => response.json() as Promise<{ access_token: string }>)
    const made = await fetch(`${salesforce.url}/services/data/v65.0/sobjects/Account`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token.access_token}`, 'content-type': 'application/json' },
      body: JSON.stringify(fields),
    }).then((response) => response.json() as Promise<{ id: string }>)
    return made.id
  }

  it('makes one under the customer’s id, and never writes it again', async () => {
    const connector = connect()
    const [first] = await connector.gather([gathering(stripe.customer())])
    expect(first).toMatchObject({
      context: { account: { how: 'own', exists: false } },
      keep: { account: 'own' },
    })
    await deliver(connector, stripe.customer(), { account: { how: 'own', exists: false } })
    // The same, resent under an unknown outcome, with another name by now.
    await deliver(connector, stripe.customer({ name: 'Renamed' }), { account: { how: 'own', exists: false } })
    expect(simulator.records('Account')).toMatchObject([{ Name: 'Acme GmbH', Stripe_Key__c: 'cus_1' }])
    const [account] = simulator.records('Account')
    expect(simulator.records('Stripe_Customer__c')).toMatchObject([
      { Name: 'Renamed', Account__c: account?.Id },
    ])
    expect(await choose(connector, [gathering(stripe.customer())])).toEqual([{ how: 'own', exists: true }])
    const later = connector.project(stripe.customer(), {
      ...emptyContext,
      account: { how: 'own', exists: true },
    })
    for (const record of later) {
      if (record.kind === 'Account') {
        expect((await connector.read('Account', ['cus_1']))[0]).toEqual({ remoteId: account?.Id, body: {} })
      }
    }
    await deliver(connector, stripe.customer(), { account: { how: 'own', exists: true } })
    expect((await connector.read('Stripe_Customer__c', ['cus_1']))[0]?.body.Account__c).toEqual({
      $record: 'Account/cus_1',
    })
  })

  it('takes the id in the metadata, in either of its forms, and writes nothing else of that Account', async () => {
    const connector = connect()
    const id = await makeAccount({ Name: 'Sales calls it Acme' })
    const metadata = { salesforce_account_id: id.slice(0, 15) }
    const root = stripe.customer({ metadata })
    expect(await choose(connector, [gathering(root)])).toEqual([{ how: 'existing', id }])
    await deliver(connector, root, { account: { how: 'existing', id } })
    expect(simulator.records('Account')).toMatchObject([{ Name: 'Sales calls it Acme', Stripe_Key__c: null }])
    expect((await connector.read('Stripe_Customer__c', ['cus_1']))[0]?.body.Account__c).toBe(id)
  })

  it('parks an id that no Account has, and one that is no id, without failing the others', async () => {
    const connector = connect()
    const customers = [
      stripe.customer({ id: 'cus_1', metadata: { salesforce_account_id: '001Hu0000099999' } }),
      stripe.customer({ id: 'cus_2', metadata: { salesforce_account_id: "' OR Name != '" } }),
      stripe.customer({ id: 'cus_3' }),
    ].map((root) => gathering(root))
    expect(await choose(connector, customers)).toEqual([
      'SF-ACCOUNT-ID',
      'SF-ACCOUNT-ID',
      { how: 'own', exists: false },
    ])
    const error = await refusalOf(connector.gather(customers))
    expect(error.hint).toContain('Field metadata.salesforce_account_id.')
  })

  it('follows a link that people set, before the choice it kept', async () => {
    const connector = connect()
    const first = await makeAccount({ Name: 'First' })
    const second = await makeAccount({ Name: 'Second' })
    await deliver(connector, stripe.customer(), { account: { how: 'existing', id: second } })
    expect(await choose(connector, [gathering(stripe.customer(), { keep: { account: first } })])).toEqual([
      { how: 'existing', id: second },
    ])
    expect(
      await choose(connector, [gathering(stripe.customer({ id: 'cus_2' }), { keep: { account: first } })]),
    ).toEqual([{ how: 'existing', id: first }])
  })

  it('matches one by website, sends several to the review list, and passes over shared domains', async () => {
    const connector = connect({ match: { field: 'Website', from: 'email_domain' }, createAccounts: 'never' })
    const acme = await makeAccount({ Name: 'Acme', Website: 'https://www.acme.example' })
    const twins = [
      await makeAccount({ Name: 'Twin', Website: 'twin.example' }),
      await makeAccount({ Name: 'Twin', Website: 'http://twin.example' }),
    ]
    await makeAccount({ Name: 'Google', Website: 'gmail.com' })
    const customers = [
      stripe.customer({ id: 'cus_1' }),
      stripe.customer({ id: 'cus_2', email: 'a@twin.example' }),
      stripe.customer({ id: 'cus_3', email: 'b@gmail.com' }),
    ].map((root) => gathering(root))
    expect(await choose(connector, customers)).toEqual([
      { how: 'existing', id: acme },
      'SF-ACCOUNT-AMBIGUOUS',
      { how: 'none' },
    ])
    const error = (await connector.gather(customers))[1]
    if (!isHubError(error)) throw new Error('It was expected to be ambiguous.')
    for (const id of twins) expect(error.message).toContain(id)
    expect(error.kind).toBe('permanent')
  })

  it('does not make an Account again that people deleted', async () => {
    const connector = connect()
    const known = { 'Account/cus_1': { remoteId: '001Hu00000000zzAAA', hash: 'h' } } as const
    expect(
      await choose(connector, [gathering(stripe.customer(), { keep: { account: 'own' }, known })]),
    ).toEqual([{ how: 'none' }])
  })

  it('asks Salesforce a few times for a whole batch, not once a customer', async () => {
    const connector = connect({ match: { field: 'Website', from: 'email_domain' } })
    const customers = Array.from({ length: 200 }, (_, index) =>
      gathering(stripe.customer({ id: `cus_${index}`, email: `pay@company-${index}.example` })),
    )
    const outcomes = await connector.gather(customers)
    expect(outcomes.filter(isHubError)).toEqual([])
    // Links, own Accounts, and 1,600 spellings of websites in URLs of limited length.
    expect(simulator.usedToday()).toBeLessThanOrEqual(12)
    const others = [stripe.invoice(), stripe.price(), stripe.creditNote()].map((root) => gathering(root))
    const before = simulator.usedToday()
    await connector.gather(others)
    expect(simulator.usedToday()).toBe(before)
  })
})

describe('retire', () => {
  async function retiring(
    kind: string,
    externalId: string,
    connector: ReturnType<typeof connect>,
  ): Promise<Retiring> {
    const [read] = await connector.read(kind, [externalId])
    return {
      kind,
      externalId,
      key: `${kind}/${externalId}`,
      remoteId: read?.remoteId ?? '',
      ref: { type: 'any', id: externalId },
    }
  }

  it('marks what others refer to, deletes removed items, and leaves Accounts alone', async () => {
    const connector = connect()
    await deliverBasics(connector)
    await deliver(connector, stripe.customer(), { account: { how: 'own', exists: false } })
    for (const [kind, id] of [
      ['Account', 'cus_1'],
      ['Stripe_Customer__c', 'cus_1'],
      ['Product2', 'prod_1'],
      ['Stripe_Price__c', 'price_1'],
      ['Stripe_Invoice__c', 'in_1'],
      ['Stripe_Subscription_Item__c', 'si_1'],
    ] as const) {
      const record = await retiring(kind, id, connector)
      expect(await connector.retire(kind, [record]), kind).toEqual([{ remoteId: record.remoteId }])
      // Once more: what is gone already counts as gone.
      expect(await connector.retire(kind, [record]), kind).toEqual([{ remoteId: record.remoteId }])
    }
    expect(simulator.records('Account')).toMatchObject([{ Name: 'Acme GmbH' }])
    expect(simulator.records('Stripe_Customer__c')).toMatchObject([{ Deleted__c: true, MRR__c: 0 }])
    expect(simulator.records('Product2')).toMatchObject([{ IsActive: false }])
    expect(simulator.records('Stripe_Price__c')).toMatchObject([{ Deleted__c: true, Active__c: false }])
    expect(simulator.records('Stripe_Invoice__c')).toMatchObject([
      { Deleted__c: true, Number__c: 'INV-0042' },
    ])
    expect(simulator.records('Stripe_Subscription_Item__c')).toEqual([])
  })
})

describe('refusals of one record', () => {
  const writeOne = (connector: ReturnType<typeof connect>, record: RemoteRecord) =>
    connector.write(record.kind, [writing(record)])

  it('parks only the record that was refused, naming the field in both systems', async () => {
    const connector = connect()
    const good = customerRecord(connector)
    const bad = customerRecord(connector, { id: 'cus_2', email: 'no address' })
    const [first, second] = await connector.write('Stripe_Customer__c', [writing(good), writing(bad)])
    expect(isHubError(first)).toBe(false)
    expect(second).toMatchObject({
      kind: 'permanent',
      code: 'SF-INVALID-EMAIL-ADDRESS',
    })
    if (!isHubError(second)) return
    expect(second.hint).toContain('Field Email__c (in Stripe: email).')
    expect(`${second.message}${second.hint}${second.detail}`).not.toContain('no address')
    expect(simulator.records('Stripe_Customer__c').map(({ Stripe_Id__c }) => Stripe_Id__c)).toEqual(['cus_1'])
  })

  it('waits on what it refers to when that is not there', async () => {
    const connector = connect()
    const error = await refusalOf(writeOne(connector, invoiceRecord(connector)))
    expect(error).toMatchObject({
      kind: 'permanent',
      code: 'SF-INVALID-FIELD',
      waitsOn: [
        { type: 'customer', id: 'cus_1' },
        { type: 'subscription', id: 'sub_1' },
      ],
    })
    expect(error.message).toContain('Stripe_Invoice__c in_1 (INV-0042, EUR 1130.50) is not in Salesforce')
  })

  it('comes back after a record lock', async () => {
    const connector = connect()
    simulator.refuseRecords({ statusCode: 'UNABLE_TO_LOCK_ROW', times: 1 })
    expect(await refusalOf(writeOne(connector, customerRecord(connector)))).toMatchObject({
      kind: 'transient',
      code: 'SF-LOCK',
    })
    expect(isHubError((await writeOne(connector, customerRecord(connector)))[0])).toBe(false)
  })

  it('parks at a duplicate rule, unless alerts may be passed', async () => {
    simulator.refuseRecords({ statusCode: 'DUPLICATES_DETECTED', object: 'Stripe_Customer__c' })
    const strict = connect()
    expect(await refusalOf(writeOne(strict, customerRecord(strict)))).toMatchObject({
      kind: 'permanent',
      code: 'SF-DUPLICATES-DETECTED',
    })
    const lenient = connect({ allowDuplicateAlerts: true })
    expect(isHubError((await writeOne(lenient, customerRecord(lenient)))[0])).toBe(false)
  })

  it('parks at a field the org has not, or that the hub’s user may not write', async () => {
    const mapped = connect({
      fields: { Stripe_Customer__c: { Region__c: { from: 'metadata.region', owner: 'stripe' } } },
    })
    const missing = await refusalOf(
      writeOne(mapped, customerRecord(mapped, { metadata: { region: 'EMEA' } })),
    )
    expect(missing).toMatchObject({ kind: 'permanent', code: 'SF-INVALID-FIELD' })
    expect(missing.detail).toContain('Region__c')
    const field = simulator.schema
      .find(({ name }) => name === 'Stripe_Customer__c')
      ?.fields.find(({ name }) => name === 'Description__c')
    if (!field) throw new Error('The simulated org has lost a field.')
    field.updateable = false
    const connector = connect()
    const readOnly = await refusalOf(writeOne(connector, customerRecord(connector, { description: 'x' })))
    expect(readOnly).toMatchObject({ kind: 'permanent', code: 'SF-INVALID-FIELD-FOR-INSERT-UPDATE' })
    expect(readOnly.hint).toContain('Field Description__c')
  })
})

describe('refusals of a call', () => {
  const data = '/services/data/.*'

  it('calls a lost or failed write ambiguous, and a lost read transient', async () => {
    const connector = connect()
    const record = writing(customerRecord(connector))
    simulator.faults.add({ effect: 'reset_after', path: data, times: 1 })
    expect(await refusalOf(connector.write('Stripe_Customer__c', [record]))).toMatchObject({
      kind: 'ambiguous',
    })
    expect(simulator.records('Stripe_Customer__c')).toHaveLength(1)
    simulator.faults.add({ effect: 'server_error', path: data, times: 1 })
    expect(await refusalOf(connector.write('Stripe_Customer__c', [record]))).toMatchObject({
      kind: 'ambiguous',
      code: 'SF-5XX',
    })
    simulator.faults.add({ effect: 'reset_before', path: data, times: 1 })
    expect(await refusalOf(connector.read('Stripe_Customer__c', ['cus_1']))).toMatchObject({
      kind: 'transient',
    })
    simulator.faults.add({ effect: 'server_error', path: data, times: 1 })
    expect(await refusalOf(connector.probe())).toMatchObject({ kind: 'transient', code: 'SF-5XX' })
    expect(isHubError((await connector.write('Stripe_Customer__c', [record]))[0])).toBe(false)
    expect(simulator.records('Stripe_Customer__c')).toHaveLength(1)
  })

  it('honours Retry-After, and never repeats a call by itself', async () => {
    const connector = connect()
    await connector.probe()
    const before = simulator.calls.total
    simulator.faults.add({ effect: 'unavailable', path: data, retryAfterSeconds: 7 })
    expect(await refusalOf(connector.probe())).toMatchObject({ kind: 'transient', retryAfterSeconds: 7 })
    expect(simulator.calls.total).toBe(before + 1)
  })

  it('waits seconds when too many requests run, an hour when the day is used up', async () => {
    const connector = connect()
    simulator.faults.add({ effect: 'rate_limited', path: data, times: 1 })
    expect(await refusalOf(connector.probe())).toMatchObject({
      kind: 'transient',
      code: 'SF-BUSY',
      retryAfterSeconds: 15,
    })
    await salesforce.close()
    await start({ dailyLimit: 1 })
    const limited = connect()
    await limited.probe()
    expect(await refusalOf(limited.probe())).toMatchObject({
      kind: 'transient',
      code: 'SF-DAILY-LIMIT',
      retryAfterSeconds: 3600,
    })
  })

  it('renews an expired session once, silently, for all calls that meet it', async () => {
    const connector = connect()
    await connector.probe()
    nowMs += 3 * 3600 * 1000
    await Promise.all([connector.probe(), connector.probe(), connector.probe()])
    expect(simulator.calls.byRoute.get('POST /services/oauth2/token')).toBe(2)
  })

  it('is a credential matter when the renewed session is refused too, or the secret is wrong', async () => {
    const connector = connect()
    await connector.probe()
    simulator.faults.add({ effect: 'expired_credential', path: data })
    expect(await refusalOf(connector.probe())).toMatchObject({ kind: 'credential', code: 'SF-CRED' })
    simulator.faults.clear()
    await connector.probe()
    const stranger = connect({}, 'rotated')
    expect(await refusalOf(stranger.probe())).toMatchObject({ kind: 'credential', code: 'SF-CRED' })
    expect(
      await refusalOf(stranger.write('Stripe_Customer__c', [writing(customerRecord(stranger))])),
    ).toMatchObject({
      kind: 'credential',
    })
  })

  it('refuses another org than the stage is bound to, and the wrong mode', async () => {
    const elsewhere = connect({ organization: { id: '00D000000000001AAA', mode: 'test' } })
    expect(await refusalOf(elsewhere.probe())).toMatchObject({ kind: 'credential', code: 'SF-ORG' })
    expect(() => connect({ organization: { id: '00D000000000001AAA', mode: 'live' } })).toThrow('live mode')
  })
})
