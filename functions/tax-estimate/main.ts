// The tax estimate's composition root on AWS.
import hub from '../../hub.config.ts'
import { EDGE_SECRET, edgeOnly } from '../../shared/edge/edge-only.ts'
import { awsRuntime } from '../../shared/runtime/aws.ts'
import { withCurrentSecrets } from '../../shared/runtime/current-secrets.ts'
import { createStripeClient, stripeAddress } from '../../shared/stripe/client.ts'
import { avalaraCredentialsSchema } from '../connectors/avalara/config.ts'
import { callersSchema } from './authorize.ts'
import { composeTaxEstimate } from './compose.ts'

const runtime = awsRuntime(process.env)
const { connectors, livemode } = hub(runtime.stage)
if (!connectors.avalara)
  throw new Error(`hub.config.ts does not switch avalara on for stage ${runtime.stage}.`)

const config = connectors.avalara
const estimate = await withCurrentSecrets(runtime, ['stripe', 'avalara'], (address, secret) =>
  composeTaxEstimate({
    config,
    credentials: avalaraCredentialsSchema.parse(secret),
    stripe: createStripeClient(stripeAddress(address)),
    callers: async () => callersSchema.parse(await runtime.secret('tax-estimate')),
    clock: runtime.clock,
    log: runtime.log,
    livemode,
  }),
)

export const handler = edgeOnly(estimate, runtime.optionalSecret(EDGE_SECRET))
