// The local hub: the same Lambda handlers as in the cloud, in one process, around an embedded AWS and simulated
// vendors. Only addresses, the clock and who invokes the schedules differ.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { LambdaClient } from '@aws-sdk/client-lambda'
import { S3Client } from '@aws-sdk/client-s3'
import { SQSClient } from '@aws-sdk/client-sqs'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type Stripe from 'stripe'
import { awsLanes, type LaneAddresses } from '../../functions/breaker/aws-lanes.ts'
import { type Lane, runBreaker } from '../../functions/breaker/breaker.ts'
import { connectorNames, type HubConfig, sellerZone } from '../../functions/connectors/hub.ts'
import { manifestsOf } from '../../functions/connectors/registry.ts'
import { createWebhookHandler } from '../../functions/ingest/handler.ts'
import { createIngest } from '../../functions/ingest/ingest.ts'
import { createIntakeHandler } from '../../functions/intake/handler.ts'
import { runSweep, type SweepReport } from '../../functions/reconcile/sweep.ts'
import { composeTaxEstimate } from '../../functions/tax-estimate/compose.ts'
import hubConfig from '../../hub.config.ts'
import type { Clock } from '../../shared/clock.ts'
import type { Manifest } from '../../shared/connector/contract.ts'
import { createAccept } from '../../shared/intake/accept.ts'
import { Ledger } from '../../shared/ledger/ledger.ts'
import { ledgerTable } from '../../shared/ledger/table.ts'
import type { Log } from '../../shared/log.ts'
import { createQueues, type Queues } from '../../shared/queue/queues.ts'
import type { Runtime } from '../../shared/runtime/runtime.ts'
import { createSpillBucket } from '../../shared/runtime/spill-bucket.ts'
import { createStripeClient } from '../../shared/stripe/client.ts'
import { type EmbeddedAws, startEmbeddedAws } from '../aws/embedded-aws.ts'
import { seededRandom } from '../seeded-random.ts'
import type { Chart } from '../simulators/netsuite/chart.ts'
import { ClosePages } from './close-pages.ts'
import { startCloseThread } from './close-thread.ts'
import { avalaraCredentials, createLocalConnector } from './connectors.ts'
import { createLocalConsole } from './console.ts'
import { STRIPE_API_KEY, TAX_ESTIMATE } from './credentials.ts'
import { type FrontDoor, openFrontDoor } from './front-door.ts'
import { createLaneHandler } from './lane-handler.ts'
import { createLaneQueues } from './lane-queues.ts'
import { BUCKETS_FOLDER, LAKE_BUCKET, LEDGER_TABLE, STAGE, TABLES_FOLDER } from './names.ts'
import { localEndpoint, noteEndpoint, signingSecretsOf, storeSecrets } from './secrets.ts'
import { startVendors, type VendorPorts, type Vendors } from './vendors.ts'

export interface LocalHubOptions {
  clock: Clock
  seed: number
  /** Lake files, spilled bodies and the log lie here. */
  folder: string
  ports?: VendorPorts & { hub?: number }
  /** Hears every line that the hub logs. */
  log?: Log
  /** Instead of hub.config.ts's, and the simulated NetSuite that it fits. */
  company?: { config: HubConfig; chart: Chart } | undefined
  /** Given: Stripe itself is read instead of the simulator. */
  stripeApiKey?: string
  /** Accepted besides the local ones: the secret that `stripe listen` prints. */
  signingSecret?: string
}

export interface LocalHub {
  config: HubConfig
  manifests: Manifest[]
  aws: EmbeddedAws
  vendors: Vendors
  stripe: Stripe
  ledger: Ledger
  queues: Queues
  /** By connector. */
  queueUrls: Record<string, string>
  frontDoor: FrontDoor
  /** Where signed events are posted. */
  webhookUrl: string
  lanes: Lane[]
  /** The bucket's folder: `events/dt=…/*.parquet`. */
  lakeFolder: string
  /** What EventBridge Scheduler calls every minute. */
  runBreaker(): Promise<void>
  /** What EventBridge Scheduler calls every few minutes. */
  runSweep(): Promise<SweepReport>
  close(): Promise<void>
}

const FUNCTION_SECONDS = 60
/** Keeps no records of its own to look at. */
const LAKE = 'lake'

export async function startLocalHub(options: LocalHubOptions): Promise<LocalHub> {
  const { clock, seed, folder, log = () => undefined } = options
  const config = options.company?.config ?? hubConfig(STAGE)
  const manifests = manifestsOf(connectorNames(config))
  mkdirSync(folder, { recursive: true })
  const [aws, vendors] = await Promise.all([
    startEmbeddedAws({
      clock,
      lakeRoot: join(folder, BUCKETS_FOLDER),
      tablesPath: join(folder, TABLES_FOLDER),
    }),
    startVendors({
      clock,
      seed,
      stripeAccount: config.stripe.account,
      netsuiteAccount: config.connectors.netsuite?.account ?? 'TSTDRV1',
      companyCode: config.connectors.avalara?.companyCode ?? 'DEFAULT',
      netsuiteChart: options.company?.chart,
      ports: options.ports,
    }),
  ])
  await Promise.all([aws.dynamoDb.createTable(ledgerTable(LEDGER_TABLE)), aws.s3.createBucket(LAKE_BUCKET)])
  const s3 = new S3Client(aws.clients.s3)
  const scope = { account: config.stripe.account, livemode: config.livemode }
  const db = DynamoDBDocumentClient.from(new DynamoDBClient(aws.clients.dynamoDb), {
    marshallOptions: { removeUndefinedValues: true },
  })
  const ledger = new Ledger({ db, table: LEDGER_TABLE, clock, scope })
  const queueUrls = createLaneQueues(aws.sqs, manifests)
  const sqs = new SQSClient(aws.clients.sqs)
  const queues = createQueues(sqs, queueUrls)
  let workers = 0
  const runtime = (): Runtime => {
    workers += 1
    return {
      stage: STAGE,
      clock,
      random: seededRandom(seed + workers),
      log,
      ledger,
      queues,
      spill: createSpillBucket(s3, LAKE_BUCKET),
      workerId: `local-${workers}`,
    }
  }
  const stripe = options.stripeApiKey
    ? createStripeClient({ apiKey: options.stripeApiKey })
    : createStripeClient({ apiKey: STRIPE_API_KEY, baseUrl: vendors.urls.stripe })
  const { livemode } = scope
  const handlers = Object.fromEntries(
    manifests.map(({ name }) => {
      const own = runtime()
      const connector = () => createLocalConnector(name, { ...own, config, vendors, stripe, livemode })
      return [name, createLaneHandler(name, { runtime: own, stripe, s3, livemode, connector })]
    }),
  )
  const looking = connectorNames(config)
    .filter((name) => name !== LAKE)
    .map((name) => createLocalConnector(name, { config, vendors, stripe, clock, livemode }))
  const addresses = connectLanes(aws, manifests, handlers)
  const lambda = new LambdaClient(aws.clients.lambda)
  const lanes = awsLanes(lambda, manifests, addresses)

  const edge = { ...runtime(), manifests, scope }
  const accept = createAccept(edge)
  storeSecrets(aws.secrets, vendors, options)
  const secrets = async () => signingSecretsOf(aws.secrets)
  const webhook = createWebhookHandler(createIngest({ ...edge, accept, secrets }))
  connectIntake(aws, createIntakeHandler({ ...edge, accept }))
  const estimate =
    config.connectors.avalara &&
    composeTaxEstimate({
      config: config.connectors.avalara,
      credentials: avalaraCredentials(vendors),
      stripe,
      callers: async () => TAX_ESTIMATE,
      clock,
      log,
      livemode,
    })
  const routes = { '/stripe/webhook': webhook, ...(estimate && { '/tax/estimate': estimate }) }
  const closePages = new ClosePages({
    hub: { stage: STAGE, isLive: config.livemode },
    timeZone: sellerZone(config),
    clock,
    run: (month, progress) =>
      startCloseThread(
        {
          month,
          folder,
          hub: {
            dynamoDb: aws.dynamoDb.endpoint,
            vendors: vendors.urls,
            netsuitePrivateKey: vendors.netsuitePrivateKey,
          },
          startMs: clock.now(),
          config,
          ...(options.stripeApiKey && { stripeApiKey: options.stripeApiKey }),
        },
        progress,
      ),
  })
  const shown = { config, manifests, aws, lambda, sqs, db, ledger, queues, queueUrls, stripe, clock, log }
  const frontDoor = await openFrontDoor(
    {
      routes,
      pages: {
        '/close': (request) => closePages.handle(request),
        ...createLocalConsole({ ...shown, connectors: looking }),
      },
      maxBodyBytes: FRONT_DOOR_BYTES,
    },
    options.ports?.hub,
  )
  const webhookUrl = `${frontDoor.url}/stripe/webhook`
  noteEndpoint(aws.secrets, vendors.stripe.addEndpoint(localEndpoint(webhookUrl, manifests)).id)
  return {
    config,
    manifests,
    aws,
    vendors,
    stripe,
    ledger,
    queues,
    queueUrls,
    frontDoor,
    webhookUrl,
    lanes,
    lakeFolder: join(folder, BUCKETS_FOLDER, LAKE_BUCKET),
    runBreaker: () => runBreaker({ lanes, ledger, clock, log }),
    runSweep: () => runSweep({ ...edge, stripe, accept }),
    async close() {
      await frontDoor.close()
      await closePages.close()
      await aws.close()
      await vendors.close()
    },
  }
}

/** API Gateway's own limit; Lambda's is 6 MB and answered by ingest. */
const FRONT_DOOR_BYTES = 10 * 1024 * 1024

type Handler = (event: never, context: never) => Promise<unknown>

/** Where EventBridge puts Stripe's events when the partner source is used instead of, or beside, the webhook. */
function connectIntake(aws: EmbeddedAws, handler: ReturnType<typeof createIntakeHandler>): void {
  const queue = aws.sqs.createQueue('intake', { MaximumMessageSize: '1048576', VisibilityTimeout: '360' })
  aws.lambda.addEventSource({
    functionName: 'intake',
    handler,
    timeoutSeconds: FUNCTION_SECONDS,
    queue,
    batchSize: 10,
    windowSeconds: 0,
  })
}

function connectLanes(
  aws: EmbeddedAws,
  manifests: readonly Manifest[],
  handlers: Readonly<Record<string, Handler>>,
): LaneAddresses {
  return Object.fromEntries(
    manifests.map(({ name, queue }) => {
      const handler = handlers[name]
      const source = aws.sqs.queue(name)
      if (!handler || !source)
        throw new Error(`The local hub does not know how to run the connector ${name}.`)
      const lambda = { functionName: name, handler: handler as never, timeoutSeconds: FUNCTION_SECONDS }
      aws.lambda.registerFunction(lambda)
      const mapping = aws.lambda.addEventSource({
        ...lambda,
        queue: source,
        batchSize: queue.batchSize,
        windowSeconds: queue.batchWindowSeconds,
        maximumConcurrency: queue.maximumConcurrency,
      })
      return [name, { eventSource: mapping.uuid, functionName: name }]
    }),
  )
}
