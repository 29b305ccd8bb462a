// The console of the local hub: the same pages and the same acting as in the cloud. Nobody signs in: who reaches the loopback
// is the machine's user, and the front door lets no other site's page through.
import { randomBytes } from 'node:crypto'
import type { LambdaClient } from '@aws-sdk/client-lambda'
import type { SQSClient } from '@aws-sdk/client-sqs'
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type Stripe from 'stripe'
import { type HubConfig, sellerZone } from '../../functions/connectors/hub.ts'
import { createLookHandler } from '../../functions/connectors/look-handler.ts'
import { createAmounts } from '../../functions/console/amounts.ts'
import { lookByFunction, queueBacklog } from '../../functions/console/aws-looks.ts'
import { createConsole } from '../../functions/console/console.ts'
import { createDescribe } from '../../functions/console/describe.ts'
import { createAct } from '../../functions/replay/act.ts'
import { createNote } from '../../functions/replay/note.ts'
import type { Clock } from '../../shared/clock.ts'
import type { Connector, Manifest } from '../../shared/connector/contract.ts'
import type { Ledger } from '../../shared/ledger/ledger.ts'
import { Notes } from '../../shared/ledger/notes.ts'
import { Plans } from '../../shared/ledger/plans.ts'
import type { Log } from '../../shared/log.ts'
import type { Queues } from '../../shared/queue/queues.ts'
import type { Authenticate } from '../../shared/sign-in/session.ts'
import { createStripeReader } from '../../shared/stripe/access.ts'
import { invoiceOfNumber } from '../../shared/trace/invoice-number.ts'
import type { EmbeddedAws } from '../aws/embedded-aws.ts'
import { LEDGER_TABLE, STAGE } from './names.ts'

export interface LocalConsoleOptions {
  config: HubConfig
  manifests: readonly Manifest[]
  aws: EmbeddedAws
  lambda: LambdaClient
  sqs: SQSClient
  db: DynamoDBDocumentClient
  ledger: Ledger
  queues: Queues
  queueUrls: Readonly<Record<string, string>>
  stripe: Stripe
  /** Of those whose systems can be looked into. */
  connectors: readonly Connector[]
  clock: Clock
  log: Log
}

const FUNCTION_SECONDS = 60
const ACTOR = 'local'

const everybody: Authenticate = async () => ({ actor: ACTOR, roles: new Set(['view', 'replay']) })

/** @returns pages by path, for the front door. */
export function createLocalConsole(
  options: LocalConsoleOptions,
): Record<string, (request: Request) => Promise<Response>> {
  const { config, manifests, aws, lambda, sqs, db, ledger, queueUrls, stripe, connectors, clock } = options
  const looks = Object.fromEntries(connectors.map(({ manifest: { name } }) => [name, `${name}-look`]))
  for (const connector of connectors) {
    aws.lambda.registerFunction({
      functionName: `${connector.manifest.name}-look`,
      handler: createLookHandler(ledger, connector) as never,
      timeoutSeconds: FUNCTION_SECONDS,
    })
  }
  const shared = {
    ...options,
    hub: { stage: STAGE, isLive: config.livemode },
    timeZone: sellerZone(config),
    plans: new Plans({ db, table: LEDGER_TABLE, clock }),
    notes: new Notes({ db, table: LEDGER_TABLE }),
    authenticate: everybody,
    hasClose: true,
  }
  const pages = createConsole({
    ...shared,
    invoiceOfNumber: invoiceOfNumber(stripe),
    describe: createDescribe({ reader: createStripeReader(stripe), clock }),
    amounts: createAmounts({
      stripe,
      manifests: manifests.filter(({ name }) => name in looks),
      look: lookByFunction(lambda, looks),
      clock,
    }),
    backlog: queueBacklog(sqs, queueUrls),
    nonce: () => randomBytes(16).toString('base64url'),
  })
  return {
    '/console': pages,
    '/console/replay': createAct({ ...shared, signsIn: false }),
    '/console/note': createNote({ ...shared, signsIn: false }),
    '/console/:page': pages,
  }
}
