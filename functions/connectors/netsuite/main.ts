// The NetSuite connector's composition root on AWS.
import hub from '../../../hub.config.ts'
import { awsRuntime } from '../../../shared/runtime/aws.ts'
import { withCurrentSecrets } from '../../../shared/runtime/current-secrets.ts'
import { createStripeClient, stripeAddress } from '../../../shared/stripe/client.ts'
import { createProjectionHandler } from '../projection-handler.ts'
import { netsuiteCredentials } from './config.ts'
import { createNetSuite } from './connector.ts'

const runtime = awsRuntime(process.env)
const { connectors, livemode } = hub(runtime.stage)
if (!connectors.netsuite)
  throw new Error(`hub.config.ts does not switch netsuite on for stage ${runtime.stage}.`)
const config = connectors.netsuite

export const handler = await withCurrentSecrets(runtime, ['stripe', 'netsuite'], (address, secret) => {
  const stripe = createStripeClient(stripeAddress(address))
  const credentials = netsuiteCredentials.parse(secret)
  const { clock } = runtime
  return createProjectionHandler(
    runtime,
    createNetSuite({ config, credentials, stripe, clock, livemode }),
    stripe,
  )
})
