// The hold's composition root on AWS. It needs Stripe and the ledger, and no other vendor.
import hub from '../../../hub.config.ts'
import { awsRuntime } from '../../../shared/runtime/aws.ts'
import { withCurrentSecrets } from '../../../shared/runtime/current-secrets.ts'
import { createStripeClient, stripeAddress } from '../../../shared/stripe/client.ts'
import { createProjectionHandler } from '../projection-handler.ts'
import { createTaxHold } from './connector.ts'

const runtime = awsRuntime(process.env)
const config = hub(runtime.stage).connectors.avalara?.fallback ?? {}

export const handler = await withCurrentSecrets(runtime, ['stripe'], (address) => {
  const stripe = createStripeClient(stripeAddress(address))
  const { clock, ledger, log } = runtime
  return createProjectionHandler(runtime, createTaxHold({ config, stripe, clock, ledger, log }), stripe)
})
