// The tax estimate's composition root on AWS.
import hub from '../../hub.config.ts'
import { EDGE_SECRET, edgeOnly } from '../../shared/edge/edge-only.ts'
import { awsRuntime } from '../../shared/runtime/aws.ts'
import { createStripeClient, stripeAddress } from '../../shared/stripe/client.ts'
import { avalaraCredentialsSchema } from '../connectors/avalara/config.ts'
import { callersSchema } from './authorize.ts'
import { composeTaxEstimate } from './compose.ts'

const runtime = awsRuntime(process.env)
const { connectors, livemode } = hub(runtime.stage)
if (!connectors.avalara)
  throw new Error(`hub.config.ts does not switch avalara on for stage ${runtime.stage}.`)

const estimate = composeTaxEstimate({
  config: connectors.avalara,
  credentials: avalaraCredentialsSchema.parse(await runtime.secret('avalara')),
  stripe: createStripeClient(stripeAddress(await runtime.secret('stripe'))),
  callers: async () => callersSchema.parse(await runtime.secret('tax-estimate')),
  clock: runtime.clock,
  log: runtime.log,
  livemode,
})

export const handler = edgeOnly(estimate, runtime.optionalSecret(EDGE_SECRET))
