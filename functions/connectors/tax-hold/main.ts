// The hold's composition root on AWS. It needs Stripe and the ledger, and no other vendor.
import type Stripe from 'stripe'
import hub from '../../../hub.config.ts'
import { TrafficMeter } from '../../../shared/connector/traffic.ts'
import { awsRuntime } from '../../../shared/runtime/aws.ts'
import { withCurrentSecrets } from '../../../shared/runtime/current-secrets.ts'
import { createStripeClient, stripeAddress } from '../../../shared/stripe/client.ts'
import { createProjectionHandler } from '../projection-handler.ts'
import { createTaxHold } from './connector.ts'

const runtime = awsRuntime(process.env)
const config = hub(runtime.stage).connectors.avalara?.fallback ?? {}

export const handler = await withCurrentSecrets(runtime, ['stripe'], (address) => {
  const stripe = createStripeClient(stripeAddress(address))
  const meter = new TrafficMeter()
  stripe.on('response', ({ status }: Stripe.ResponseEvent) => meter.answered({ throttled: status === 429 }))
  const { clock, ledger, log } = runtime
  const traffic = () => meter.take()
  return createProjectionHandler(
    runtime,
    createTaxHold({ config, stripe, clock, ledger, log, traffic }),
    stripe,
  )
})
