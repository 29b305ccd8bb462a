// For this folder's tests: a running simulator, a signed-in client, and a first customer. It signs with its own few
// lines of node:crypto, so that no client library stands between the test and the wire.
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { createNetSuiteSimulator, type NetSuiteSimulator, type NetSuiteSimulatorOptions } from './netsuite.ts'
import { TOKEN_PATH } from './oauth.ts'
import type { Json } from './render.ts'

export const NOW_MS = Date.parse('2026-11-21T12:00:00Z')
const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const RECORDS = '/services/rest/record/v1'

export interface Answer {
  status: number
  headers: Headers
  body: { [name: string]: Json }
  /** The first o:errorDetails entry. */
  error: { detail?: string; 'o:errorCode'?: string; 'o:errorPath'?: string }
  /** The internal id at the end of Location. */
  id: string
}

export interface TestAccount extends AsyncDisposable {
  simulator: NetSuiteSimulator
  url: string
  clock: { nowMs: number }
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  /** A call that must answer 204; returns the internal id. */
  done(method: string, path: string, body: unknown): Promise<string>
  get(path: string): Promise<{ [name: string]: Json }>
  query(q: string): Promise<Answer>
}

export interface AssertionParts {
  header?: Record<string, unknown>
  claims?: Record<string, unknown>
  key?: KeyObject
}

/** A client assertion as Oracle describes it, with any part replaced. */
export function assertion(parts: AssertionParts = {}): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const header = { typ: 'JWT', alg: 'ES256', kid: 'cert-1', ...parts.header }
  const seconds = NOW_MS / 1000
  const claims = {
    iss: 'client-1',
    scope: ['rest_webservices'],
    aud: 'https://tstdrv1.suitetalk.api.netsuite.com/services/rest/auth/oauth2/v1/token',
    iat: seconds,
    exp: seconds + 600,
    ...parts.claims,
  }
  const signed = `${part(header)}.${part(claims)}`
  const signature = sign('sha256', Buffer.from(signed), {
    key: parts.key ?? keys.privateKey,
    dsaEncoding: 'ieee-p1363',
  })
  return `${signed}.${signature.toString('base64url')}`
}

export const tokenForm = (jwt: string): URLSearchParams =>
  new URLSearchParams({
    grant_type: 'client_credentials',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: jwt,
  })

export async function startAccount(options: Partial<NetSuiteSimulatorOptions> = {}): Promise<TestAccount> {
  const clock = { nowMs: NOW_MS }
  const simulator = createNetSuiteSimulator({
    now: () => clock.nowMs,
    clients: { m2m: [{ clientId: 'client-1', certificateId: 'cert-1', publicKey: keys.publicKey }] },
    ...options,
  })
  const { url, close } = await simulator.listen()
  const granted = await fetch(`${url}${TOKEN_PATH}`, { method: 'POST', body: tokenForm(assertion()) })
  const { access_token: token } = (await granted.json()) as { access_token: string }

  const send = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return readAnswer(response)
  }
  const account: TestAccount = {
    simulator,
    url,
    clock,
    call: (method, path, body, headers) => send(method, `${RECORDS}${path}`, body, headers),
    async done(method, path, body) {
      const answer = await account.call(method, path, body, { 'X-NetSuite-PropertyNameValidation': 'Error' })
      if (answer.status !== 204)
        throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
      return answer.id
    },
    async get(path) {
      const joint = path.includes('?') ? '&' : '?'
      return (await account.call('GET', `${path}${joint}expandSubResources=true`)).body
    },
    query: (q) => send('POST', '/services/rest/query/v1/suiteql', { q }, { prefer: 'transient' }),
    [Symbol.asyncDispose]: close,
  }
  return account
}

async function readAnswer(response: Response): Promise<Answer> {
  const text = await response.text()
  const json = response.headers.get('content-type')?.includes('json') ?? false
  const body = (json && text !== '' ? JSON.parse(text) : {}) as Answer['body']
  const [error] = (body['o:errorDetails'] ?? []) as Answer['error'][]
  return {
    status: response.status,
    headers: response.headers,
    body,
    error: error ?? {},
    id: response.headers.get('location')?.split('/').at(-1) ?? '',
  }
}

/** Acme: US, USD, also billed in EUR and JPY. Returns its internal id. */
export const addCustomer = (account: TestAccount, fields: Record<string, unknown> = {}): Promise<string> =>
  account.done('PUT', '/customer/eid:cus_1', {
    companyName: 'Acme',
    subsidiary: { id: '1' },
    currency: { id: '1' },
    currencyList: {
      items: [{ currency: { id: '2' } }, { currency: { id: '4' } }, { currency: { id: '5' } }],
    },
    ...fields,
  })

export const itemLine = (amount: number, item = '801'): { [name: string]: unknown } => ({
  item: { id: item },
  amount,
})

/** An invoice over item lines; returns its internal id. */
export const addInvoice = (
  account: TestAccount,
  externalId: string,
  amounts: number[],
  fields: Record<string, unknown> = {},
): Promise<string> =>
  account.done('PUT', `/invoice/eid:${externalId}?replace=item`, {
    entity: { externalId: 'cus_1' },
    item: { items: amounts.map((amount) => itemLine(amount)) },
    ...fields,
  })

/** One apply line for a document: an amount, or as much as fits; not ticked, it unapplies. */
export const apply = (doc: string, amount?: number, ticked = true) => ({
  items: [{ doc: { id: doc }, apply: ticked, ...(amount === undefined ? {} : { amount }) }],
})

/** A payment of cus_1 into the dollar clearing account. */
export const pay = (
  account: TestAccount,
  externalId: string,
  payment: number,
  fields: Record<string, unknown> = {},
): Promise<Answer> =>
  account.call('PUT', `/customerPayment/eid:${externalId}`, {
    customer: { externalId: 'cus_1' },
    account: { id: '121' },
    payment,
    ...fields,
  })

/** A credit memo of cus_1 over one line. */
export const memo = (
  account: TestAccount,
  externalId: string,
  amount: number,
  fields: Record<string, unknown> = {},
): Promise<Answer> =>
  account.call('PUT', `/creditMemo/eid:${externalId}?replace=item`, {
    entity: { externalId: 'cus_1' },
    item: { items: [itemLine(amount)] },
    ...fields,
  })

/** The rows of a query that must be answered. */
export async function rows(account: TestAccount, q: string): Promise<Record<string, unknown>[]> {
  const answer = await account.query(q)
  if (answer.status !== 200) throw new Error(answer.error.detail)
  return (answer.body.items as Record<string, unknown>[]).map(({ links, ...row }) => row)
}

/** Account, debit and credit of each line that a document posts. */
export const posted = (account: TestAccount, id: string): string[] =>
  account.simulator
    .ledger(id)
    .map((line) => `${line.account} ${line.debit === '' ? `-${line.credit}` : line.debit}`)
