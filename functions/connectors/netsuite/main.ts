// The NetSuite connector's composition root on AWS.
import hub from '../../../hub.config.ts'
import { awsRuntime } from '../../../shared/runtime/aws.ts'
import { createStripeClient, stripeAddress } from '../../../shared/stripe/client.ts'
import { createLookHandler } from '../look-handler.ts'
import { createProjectionHandler } from '../projection-handler.ts'
import { netsuiteCredentials } from './config.ts'
import { createNetSuite } from './connector.ts'

const runtime = awsRuntime(process.env)
const { connectors, livemode } = hub(runtime.stage)
if (!connectors.netsuite)
  throw new Error(`hub.config.ts does not switch netsuite on for stage ${runtime.stage}.`)
const stripe = createStripeClient(stripeAddress(await runtime.secret('stripe')))
const connector = createNetSuite({
  config: connectors.netsuite,
  credentials: netsuiteCredentials.parse(await runtime.secret('netsuite')),
  stripe,
  clock: runtime.clock,
  livemode,
})

export const handler = createProjectionHandler(runtime, connector, stripe)
/** A function of its own, for the console. */
export const look = createLookHandler(runtime.ledger, connector)
