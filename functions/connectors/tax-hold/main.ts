// The hold's composition root on AWS. It needs Stripe and the ledger, and no other vendor.
import hub from '../../../hub.config.ts'
import { awsRuntime } from '../../../shared/runtime/aws.ts'
import { createStripeClient, stripeAddress } from '../../../shared/stripe/client.ts'
import { createProjectionHandler } from '../projection-handler.ts'
import { createTaxHold } from './connector.ts'

const runtime = awsRuntime(process.env)
const stripe = createStripeClient(stripeAddress(await runtime.secret('stripe')))

export const handler = createProjectionHandler(
  runtime,
  createTaxHold({
    config: hub(runtime.stage).connectors.avalara?.fallback ?? {},
    stripe,
    clock: runtime.clock,
    ledger: runtime.ledger,
    log: runtime.log,
  }),
  stripe,
)
