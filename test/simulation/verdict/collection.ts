// Promise: a hold ends with the draft. An invoice that advanced before the hub held it is collected once it is open:
// with auto_advance off, Stripe would neither charge it nor remind anybody.
import type { StripeSimulator } from '../../../local/simulators/stripe/server.ts'
import { idOf } from '../../../shared/stripe/event.ts'
import type { Finding } from '../result.ts'

/** What a hold writes into the invoice's metadata: what auto_advance was. */
const MARKER = 'switchyard_hold'

/**
 * Stripe itself gives up: once charged in vain, and when the customer is deleted or the subscription canceled.
 * https://docs.stripe.com/billing/subscriptions/cancel
 */
export function checkCollection({ store }: StripeSimulator): Finding[] {
  return store.invoices
    .all()
    .filter(({ status, metadata }) => status === 'open' && metadata?.[MARKER] === 'true')
    .filter(({ attempt_count, auto_advance }) => attempt_count === 0 && !auto_advance)
    .filter(({ customer, parent }) => {
      const subscription = store.subscriptions.get(idOf(parent?.subscription_details?.subscription) ?? '')
      return store.find(idOf(customer) ?? '') !== undefined && subscription?.status !== 'canceled'
    })
    .map(({ id }) => ({
      promise: 'collection',
      system: 'stripe',
      object: `invoice ${id}`,
      expected: 'auto_advance: true, as before the hold',
      actual: 'auto_advance: false on an open invoice: nobody is charged, nobody is reminded',
    }))
}
