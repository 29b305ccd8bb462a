// The hold's composition root on AWS. It needs Stripe and the ledger, and no other vendor.
import type Stripe from 'stripe'
import hub from '../../../hub.config.ts'
import { TrafficMeter } from '../../../shared/connector/traffic.ts'
import { awsRuntime } from '../../../shared/runtime/aws.ts'
import { createStripeClient, stripeAddress } from '../../../shared/stripe/client.ts'
import { createProjectionHandler } from '../projection-handler.ts'
import { createTaxHold } from './connector.ts'

const runtime = awsRuntime(process.env)
const stripe = createStripeClient(stripeAddress(await runtime.secret('stripe')))
const meter = new TrafficMeter()
stripe.on('response', ({ status }: Stripe.ResponseEvent) => meter.answered({ throttled: status === 429 }))

export const handler = createProjectionHandler(
  runtime,
  createTaxHold({
    config: hub(runtime.stage).connectors.avalara?.fallback ?? {},
    stripe,
    clock: runtime.clock,
    ledger: runtime.ledger,
    log: runtime.log,
    traffic: () => meter.take(),
  }),
  stripe,
)
