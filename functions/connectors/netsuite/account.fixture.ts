// For this folder's tests: the simulated NetSuite account over HTTP, the connector signed in to it as a real one
// would be, and a few lines that stand in for Stripe's read API.
import { generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  createNetSuiteSimulator,
  type NetSuiteSimulator,
  type NetSuiteSimulatorOptions,
} from '../../../local/simulators/netsuite/netsuite.ts'
import { ManualClock } from '../../../shared/clock.ts'
import type { Connector, Json, RecordKey, RemoteRecord, Written } from '../../../shared/connector/contract.ts'
import { recordKey } from '../../../shared/connector/contract.ts'
import { type HubError, isHubError } from '../../../shared/errors.ts'
import { createStripeClient } from '../../../shared/stripe/client.ts'
import type { Context } from './books.ts'
import { createNetSuiteClient } from './client.ts'
import type { NetSuiteConfigInput, NetSuiteCredentials } from './config.ts'
import { createNetSuite } from './connector.ts'
import { configOf } from './objects.fixture.ts'
import type { Root } from './project.ts'

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })

const pem = (pair: typeof rsa): string => pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

export const TBA = { consumerKey: 'ck', consumerSecret: 'cs', tokenId: 'tk', tokenSecret: 'ts' }

export interface TestAccount extends AsyncDisposable {
  simulator: NetSuiteSimulator
  clock: ManualClock
  connector: Connector<Root, Context>
  /** Another worker or configuration on the same account. */
  connect(changes?: {
    config?: Partial<NetSuiteConfigInput>
    auth?: 'PS256' | 'ES256' | 'tba'
    /** Of a simulated Stripe, instead of the answers below. */
    stripeUrl?: string
  }): Connector<Root, Context>
  /** Writes in the order of kinds, with references resolved as the engine does. */
  write(records: readonly RemoteRecord[], by?: Connector<Root, Context>): Promise<(Written | HubError)[]>
  /** What a person of the account does in NetSuite. */
  byHand(method: 'PATCH' | 'DELETE', path: string, body?: Json): Promise<void>
  /** Internal ids of what was written, by key. */
  remoteIds: Record<RecordKey, string>
  /** Stripe's answers by path; a list is wrapped. */
  stripe: Map<string, unknown>
  stripeCalls: string[]
}

export async function startAccount(
  options: Partial<NetSuiteSimulatorOptions> = {},
  startMs = Date.parse('2026-11-21T12:00:00Z'),
): Promise<TestAccount> {
  const clock = new ManualClock(startMs)
  const simulator = createNetSuiteSimulator({
    now: () => clock.now(),
    clients: {
      m2m: [
        { clientId: 'client-rsa', certificateId: 'cert-rsa', publicKey: rsa.publicKey },
        { clientId: 'client-ec', certificateId: 'cert-ec', publicKey: ec.publicKey },
      ],
      tba: [TBA],
    },
    ...options,
  })
  const netsuite = await simulator.listen()
  const stripe = new Map<string, unknown>()
  const stripeCalls: string[] = []
  const stripeServer = createServer((request, response) => {
    const path = new URL(request.url ?? '', 'http://stripe').pathname
    stripeCalls.push(path)
    const known = stripe.get(path)
    response.writeHead(known === undefined ? 404 : 200, { 'content-type': 'application/json' })
    const missing = {
      error: { type: 'invalid_request_error', code: 'resource_missing', message: 'No such object' },
    }
    const list = { object: 'list', has_more: false, url: path, data: known }
    response.end(JSON.stringify(known === undefined ? missing : Array.isArray(known) ? list : known))
  })
  await new Promise<void>((listening) => stripeServer.listen(0, '127.0.0.1', listening))
  const { port } = stripeServer.address() as AddressInfo

  const credentials = (auth: 'PS256' | 'ES256' | 'tba'): NetSuiteCredentials => {
    if (auth === 'tba') return { auth: 'tba', ...TBA, baseUrl: netsuite.url }
    const kind = auth === 'PS256' ? 'rsa' : 'ec'
    return {
      auth: 'oauth2',
      clientId: `client-${kind}`,
      certificateId: `cert-${kind}`,
      privateKey:
        kind === 'rsa' ? pem(rsa) : ec.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      algorithm: auth,
      baseUrl: netsuite.url,
    }
  }
  const ownUrl = `http://127.0.0.1:${port}`
  const connect: TestAccount['connect'] = ({ config, auth = 'PS256', stripeUrl = ownUrl } = {}) =>
    createNetSuite({
      config: configOf(config),
      credentials: credentials(auth),
      stripe: createStripeClient({ apiKey: 'sk_test_1', baseUrl: stripeUrl }),
      clock,
      livemode: false,
    })
  const connector = connect()
  const remoteIds: Record<RecordKey, string> = {}

  return {
    simulator,
    clock,
    connector,
    connect,
    byHand: async (method, path, body) => {
      const client = createNetSuiteClient('TSTDRV1', credentials('ES256'), clock)
      await client.call({ method, path, body, what: 'a change by hand', changes: true })
    },
    remoteIds,
    stripe,
    stripeCalls,
    async write(records, by = connector) {
      const outcomes: (Written | HubError)[] = []
      for (const kind of by.manifest.kinds) {
        const ofKind = records.filter((record) => record.kind === kind)
        if (ofKind.length === 0) continue
        const written = await by.write(
          kind,
          ofKind.map((record) => ({ record, references: { ...remoteIds }, known: undefined })),
        )
        ofKind.forEach((record, index) => {
          const outcome = written[index]
          if (outcome && !isHubError(outcome)) remoteIds[recordKey(record)] = outcome.remoteId
        })
        outcomes.push(...written)
      }
      return outcomes
    },
    async [Symbol.asyncDispose]() {
      stripeServer.closeAllConnections()
      await new Promise((closed) => stripeServer.close(closed))
      await netsuite.close()
    },
  }
}
