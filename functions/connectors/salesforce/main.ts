// The Salesforce connector's composition root on AWS.
import hub from '../../../hub.config.ts'
import { awsRuntime } from '../../../shared/runtime/aws.ts'
import { withCurrentSecrets } from '../../../shared/runtime/current-secrets.ts'
import { createStripeClient, stripeAddress } from '../../../shared/stripe/client.ts'
import { createProjectionHandler } from '../projection-handler.ts'
import { salesforceCredentials } from './config.ts'
import { createSalesforce } from './connector.ts'

const runtime = awsRuntime(process.env)
const { connectors, livemode } = hub(runtime.stage)
if (!connectors.salesforce)
  throw new Error(`hub.config.ts does not switch salesforce on for stage ${runtime.stage}.`)
const config = connectors.salesforce

export const handler = await withCurrentSecrets(runtime, ['stripe', 'salesforce'], (address, secret) => {
  const stripe = createStripeClient(stripeAddress(address))
  const credentials = salesforceCredentials.parse(secret)
  const { clock } = runtime
  return createProjectionHandler(
    runtime,
    createSalesforce({ config, credentials, stripe, clock, livemode }),
    stripe,
  )
})
