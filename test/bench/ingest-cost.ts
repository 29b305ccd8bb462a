// What ingest itself costs in processor time: the real handler, signature, parsing, routing and compression, over a
// ledger and queues that answer at once. Beside it, what the hub's own ledger and queues add, and what one `send` of the
// real SDK costs.
import { createHash } from 'node:crypto'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { registry } from '../../functions/connectors/registry.ts'
import { createWebhookHandler } from '../../functions/ingest/handler.ts'
import { createIngest } from '../../functions/ingest/ingest.ts'
import { clientConfig } from '../../local/aws/account.ts'
import { ManualClock, nowSeconds } from '../../shared/clock.ts'
import { type AcceptOptions, createAccept } from '../../shared/intake/accept.ts'
import { Ledger } from '../../shared/ledger/ledger.ts'
import { createQueues } from '../../shared/queue/queues.ts'
import { createInvoiceRequests, type InvoiceRequest } from './invoice-events.ts'
import { collectGarbage, cpuMicros, median, progress, type Row, rounded } from './measurement.ts'

const EVENTS = 20_000
const ROUNDS = 3
const WARM_UP = 3_000
const SENDS = 5_000
/** Nothing listens there: a call that is really made fails. */
const NOWHERE = 'http://127.0.0.1:1'
const SECRET = 'whsec_bench'
const SCOPE = { account: 'acct_1Bench', livemode: false }

export async function measureIngest(): Promise<Row[]> {
  const clock = new ManualClock(Date.UTC(2026, 5, 10, 9))
  const signed = createInvoiceRequests({
    count: EVENTS,
    seed: 42,
    secret: SECRET,
    nowSeconds: nowSeconds(clock),
  })
  const requests = signed.map(gatewayEvent)
  const sizes = signed.map(({ body }) => Buffer.byteLength(body))
  const handlers = {
    ports: composeIngest(clock, silentPorts(clock)),
    clients: composeIngest(clock, silentClients(clock)),
  }
  const { send, close } = createSender(signed[0]?.body ?? '')
  await run(handlers.ports, requests.slice(0, WARM_UP))
  await run(handlers.clients, requests.slice(0, WARM_UP))
  await repeat(SENDS / 5, send)
  // In turn, so that whatever else the machine does falls on all three.
  const rounds = { ports: [] as number[], clients: [] as number[], send: [] as number[] }
  for (let round = 0; round < ROUNDS; round += 1) {
    rounds.ports.push(await microsOf(EVENTS, () => run(handlers.ports, requests)))
    rounds.clients.push(await microsOf(EVENTS, () => run(handlers.clients, requests)))
    rounds.send.push(await microsOf(SENDS, () => repeat(SENDS, send)))
  }
  close()
  progress(
    `  an event: ${rounds.ports.map(rounded).join(', ')} µs; a send: ${rounds.send.map(rounded).join(', ')} µs`,
  )
  const perEvent = median(rounds.ports)
  const perSend = median(rounds.send)
  return [
    {
      name: 'Ingest: processor time per event',
      measured: rounded(perEvent),
      unit: 'µs',
      bound: 100,
      note: `median of ${ROUNDS} rounds of ${EVENTS.toLocaleString('en-US')} distinct invoice events of ${Math.min(...sizes)} to ${Math.max(...sizes)} bytes: handler, signature, parsing, routing, zstd, log line; ledger and queues answer at once. ${rounded(perEvent / perSend)} × one SDK send, a ratio that a busy machine moves less`,
    },
    {
      name: '  … with ledger and queues, over silent clients',
      measured: rounded(median(rounds.clients)),
      unit: 'µs',
      bound: null,
      note: 'the same with the rows and the SDK’s command objects made, and only `send` left out',
    },
    {
      name: '  beside it: one SendMessage of the SDK',
      measured: rounded(perSend),
      unit: 'µs',
      bound: null,
      note: 'processor time of the real client with a stubbed request handler',
    },
  ]
}

type WebhookHandler = ReturnType<typeof createWebhookHandler>
type Ports = Pick<AcceptOptions, 'ledger' | 'queues'>

async function microsOf(count: number, work: () => Promise<void>): Promise<number> {
  collectGarbage()
  const before = cpuMicros()
  await work()
  return (cpuMicros() - before) / count
}

async function repeat(count: number, work: () => Promise<void>): Promise<void> {
  for (let index = 0; index < count; index += 1) await work()
}

async function run(handler: WebhookHandler, requests: readonly APIGatewayProxyEventV2[]): Promise<void> {
  for (const request of requests) {
    const answer = await handler(request)
    if (answer.body !== 'accepted') throw new Error(`Ingest answered ${answer.statusCode} ${answer.body}.`)
  }
}

/** As an HTTP API hands JSON over: a text, not base64. */
const gatewayEvent = ({ body, signature }: InvoiceRequest): APIGatewayProxyEventV2 => ({
  version: '2.0',
  routeKey: 'POST /stripe/webhook',
  rawPath: '/stripe/webhook',
  rawQueryString: '',
  headers: { 'content-type': 'application/json; charset=utf-8', 'stripe-signature': signature },
  requestContext: {
    accountId: '000000000000',
    apiId: 'bench',
    domainName: 'bench.example.com',
    domainPrefix: 'bench',
    http: {
      method: 'POST',
      path: '/stripe/webhook',
      protocol: 'HTTP/1.1',
      sourceIp: '192.0.2.1',
      userAgent: 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
    },
    requestId: 'bench',
    routeKey: 'POST /stripe/webhook',
    stage: '$default',
    time: '10/Jun/2026:09:00:00 +0000',
    timeEpoch: 1_781_082_000_000,
  },
  body,
  isBase64Encoded: false,
})

class SilentLedger extends Ledger {
  override async findEvent(): Promise<undefined> {
    return undefined
  }

  override async putEvent(): Promise<'done'> {
    return 'done'
  }
}

function silentPorts(clock: ManualClock): Ports {
  return {
    ledger: new SilentLedger({ db: documentClient(), table: 'bench', clock, scope: SCOPE }),
    queues: {
      send: async () => undefined,
      touch: async () => undefined,
      comeBack: async () => undefined,
    },
  }
}

function silentClients(clock: ManualClock): Ports {
  const db = documentClient()
  Object.assign(db, { send: async () => ({}) })
  const sqs = new SQSClient(clientConfig(NOWHERE))
  Object.assign(sqs, { send: async () => ({ MessageId: 'stubbed' }) })
  const urls = Object.fromEntries(registry.map(({ name }) => [name, `${NOWHERE}/000000000000/${name}`]))
  return {
    ledger: new Ledger({ db, table: 'bench', clock, scope: SCOPE }),
    queues: createQueues(sqs, urls),
  }
}

const documentClient = (): DynamoDBDocumentClient =>
  DynamoDBDocumentClient.from(new DynamoDBClient(clientConfig(NOWHERE)), {
    marshallOptions: { removeUndefinedValues: true },
  })

function composeIngest(clock: ManualClock, ports: Ports): WebhookHandler {
  const accept = createAccept({
    ...ports,
    spill: {
      put: () => Promise.reject(new Error('No event of this bench is too large for SQS.')),
      get: () => Promise.reject(new Error('Ingest does not read the spill bucket.')),
    },
    manifests: registry,
    scope: SCOPE,
    clock,
  })
  return createWebhookHandler(
    createIngest({
      accept,
      secrets: async () => [SECRET],
      clock,
      // The line is made as for CloudWatch; only the write to stdout is left out.
      log: (line) => {
        JSON.stringify(line)
      },
    }),
  )
}

/** The SDK's whole way down to the request handler, and up again from a well-formed answer. */
function createSender(body: string): { send: () => Promise<void>; close: () => void } {
  const answer = Buffer.from(
    JSON.stringify({ MessageId: 'stubbed', MD5OfMessageBody: createHash('md5').update(body).digest('hex') }),
  )
  const headers = { 'content-type': 'application/x-amz-json-1.0' }
  const sqs = new SQSClient({
    ...clientConfig(NOWHERE),
    requestHandler: {
      handle: async () => ({ response: { statusCode: 200, headers, body: answer } }),
      updateHttpClientConfig: () => undefined,
      httpHandlerConfigs: () => ({}),
    },
  })
  const input = { QueueUrl: `${NOWHERE}/000000000000/bench`, MessageBody: body }
  return {
    send: async () => {
      await sqs.send(new SendMessageCommand(input))
    },
    close: () => sqs.destroy(),
  }
}
