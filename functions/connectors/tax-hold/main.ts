// The hold's composition root on AWS. It needs Stripe and nothing else.
import { awsRuntime } from '../../../shared/runtime/aws.ts'
import { createStripeClient, stripeAddress } from '../../../shared/stripe/client.ts'
import { createProjectionHandler } from '../projection-handler.ts'
import { createTaxHold } from './connector.ts'

const runtime = awsRuntime(process.env)
const stripe = createStripeClient(stripeAddress(await runtime.secret('stripe')))

export const handler = createProjectionHandler(
  runtime,
  createTaxHold({ config: {}, stripe, clock: runtime.clock }),
  stripe,
)
