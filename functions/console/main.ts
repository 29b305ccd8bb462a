// The reading console's composition root on AWS: the pages, and how a browser signs in to see them.
import { randomBytes } from 'node:crypto'
import process from 'node:process'
import { LambdaClient } from '@aws-sdk/client-lambda'
import { SQSClient } from '@aws-sdk/client-sqs'
import * as z from 'zod'
import hub from '../../hub.config.ts'
import { Notes } from '../../shared/ledger/notes.ts'
import { Plans } from '../../shared/ledger/plans.ts'
import { awsRuntime } from '../../shared/runtime/aws.ts'
import { createHttpHandler } from '../../shared/runtime/http.ts'
import { createAuthenticate } from '../../shared/sign-in/authenticate.ts'
import { createProvider } from '../../shared/sign-in/provider.ts'
import { createStripeReader } from '../../shared/stripe/access.ts'
import { createStripeClient, stripeAddress } from '../../shared/stripe/client.ts'
import { invoiceOfNumber } from '../../shared/trace/invoice-number.ts'
import { sellerZone } from '../connectors/hub.ts'
import { manifestsOf } from '../connectors/registry.ts'
import { createAmounts } from './amounts.ts'
import { lookByFunction, queueBacklog } from './aws-looks.ts'
import { createConsole } from './console.ts'
import { createDescribe } from './describe.ts'
import { createSignIn, SIGN_IN_PATHS } from './sign-in.ts'

const runtime = awsRuntime(process.env)
const { clock, log, ledger, stage, livemode } = runtime
const config = hub(stage)
if (!config.console) throw new Error(`hub.config.ts has no console for stage ${stage}.`)
const manifests = manifestsOf(runtime.connectors)
const stripe = createStripeClient(stripeAddress(await runtime.secret('stripe')))
const provider = createProvider(config.console, clock)
/** Name of the looking function by connector, as cdk/console.ts sets it. */
const looks = z.record(z.string(), z.string()).parse(JSON.parse(process.env.HUB_LOOKS ?? '{}'))
const queueUrls = z.record(z.string(), z.string()).parse(JSON.parse(process.env.HUB_QUEUES ?? '{}'))
const clientSchema = z.object({ clientSecret: z.string().optional() })
const where = { stage, isLive: livemode }

const pages = createConsole({
  hub: where,
  timeZone: sellerZone(config),
  ledger,
  plans: new Plans(runtime),
  notes: new Notes(runtime),
  manifests,
  invoiceOfNumber: invoiceOfNumber(stripe),
  describe: createDescribe({ reader: createStripeReader(stripe), clock }),
  amounts: createAmounts({
    stripe,
    manifests: manifests.filter(({ name }) => name in looks),
    look: lookByFunction(new LambdaClient({}), looks),
    clock,
  }),
  backlog: queueBacklog(new SQSClient({}), queueUrls),
  authenticate: createAuthenticate(provider, config.console),
  signIn: '/console/sign-in',
  hasClose: false,
  nonce: () => randomBytes(16).toString('base64url'),
  clock,
  log,
})
const signIn = createSignIn({
  hub: where,
  provider,
  config: config.console,
  clientSecret: async () => clientSchema.parse(await runtime.secret('console')).clientSecret,
  clock,
})

export const handler = createHttpHandler(
  (request) => (SIGN_IN_PATHS.includes(new URL(request.url).pathname) ? signIn(request) : pages(request)),
  config.console.address,
)
