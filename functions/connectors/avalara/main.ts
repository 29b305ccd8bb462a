// The Avalara connector's composition root on AWS.
import hub from '../../../hub.config.ts'
import { awsRuntime } from '../../../shared/runtime/aws.ts'
import { withCurrentSecrets } from '../../../shared/runtime/current-secrets.ts'
import { createStripeClient, stripeAddress } from '../../../shared/stripe/client.ts'
import { createLookHandler } from '../look-handler.ts'
import { createProjectionHandler } from '../projection-handler.ts'
import { avalaraCredentialsSchema } from './config.ts'
import { createAvalara } from './connector.ts'

const runtime = awsRuntime(process.env)
const { connectors, livemode } = hub(runtime.stage)
if (!connectors.avalara)
  throw new Error(`hub.config.ts does not switch avalara on for stage ${runtime.stage}.`)
const config = connectors.avalara

const names = ['stripe', 'avalara']

function compose(address: unknown, secret: unknown) {
  const stripe = createStripeClient(stripeAddress(address))
  const credentials = avalaraCredentialsSchema.parse(secret)
  const { clock, log } = runtime
  return { stripe, connector: createAvalara({ config, credentials, stripe, clock, log, livemode }) }
}

export const handler = await withCurrentSecrets(runtime, names, (address, secret) => {
  const { stripe, connector } = compose(address, secret)
  return createProjectionHandler(runtime, connector, stripe)
})

/** A function of its own, for the console. */
export const look = await withCurrentSecrets(runtime, names, (address, secret) =>
  createLookHandler(runtime.ledger, compose(address, secret).connector),
)
