// The Avalara connector's composition root on AWS.
import hub from '../../../hub.config.ts'
import { awsRuntime } from '../../../shared/runtime/aws.ts'
import { createStripeClient, stripeAddress } from '../../../shared/stripe/client.ts'
import { createLookHandler } from '../look-handler.ts'
import { createProjectionHandler } from '../projection-handler.ts'
import { avalaraCredentialsSchema } from './config.ts'
import { createAvalara } from './connector.ts'

const runtime = awsRuntime(process.env)
const { connectors, livemode } = hub(runtime.stage)
if (!connectors.avalara)
  throw new Error(`hub.config.ts does not switch avalara on for stage ${runtime.stage}.`)
const stripe = createStripeClient(stripeAddress(await runtime.secret('stripe')))
const connector = createAvalara({
  config: connectors.avalara,
  credentials: avalaraCredentialsSchema.parse(await runtime.secret('avalara')),
  stripe,
  clock: runtime.clock,
  livemode,
  log: runtime.log,
})

export const handler = createProjectionHandler(runtime, connector, stripe)
/** A function of its own, for the console. */
export const look = createLookHandler(runtime.ledger, connector)
