// Composes the Lambda handler of any projecting connector: engine, Stripe reader, SQS translation.
import type Stripe from 'stripe'
import type { Connector } from '../../shared/connector/contract.ts'
import { Delivery } from '../../shared/delivery/delivery.ts'
import { createConnectorHandler } from '../../shared/delivery/handler.ts'
import type { Runtime } from '../../shared/runtime/runtime.ts'
import { createStripeReader } from '../../shared/stripe/access.ts'

export function createProjectionHandler(runtime: Runtime, connector: Connector, stripe: Stripe) {
  const delivery = new Delivery({ ...runtime, connector, reader: createStripeReader(stripe) })
  return createConnectorHandler({
    ...runtime,
    connector,
    deliver: (batch, deadlineMs) => delivery.deliver(batch, deadlineMs),
  })
}
