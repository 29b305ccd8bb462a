// How the fate of an invoice moves its subscription, and how a subscription ends.
// https://docs.stripe.com/billing/subscriptions/overview#subscription-statuses
import type { Invoice, Subscription } from '../wire.ts'
import { change, emit, type World } from '../world.ts'

export const subscriptionIdOf = (invoice: Invoice): string | undefined =>
  invoice.parent?.subscription_details?.subscription

export const subscriptionOf = (world: World, invoice: Invoice): Subscription | undefined =>
  world.store.subscriptions.get(subscriptionIdOf(invoice) ?? '')

export const hasEnded = (subscription: Subscription): boolean =>
  subscription.status === 'canceled' || subscription.status === 'incomplete_expired'

/** The latest turn of any of the customer's invoices: https://docs.stripe.com/api/customers/object#customer_object-delinquent */
export function setDelinquent(world: World, invoice: Invoice, delinquent: boolean): void {
  const customer = world.store.customers.get(invoice.customer ?? '')
  if (!customer) return
  change(world, customer, 'customer.updated', (it) => {
    it.delinquent = delinquent
  })
}

/** Paying the latest invoice makes an incomplete, overdue or unpaid subscription active. */
export function afterInvoicePaid(world: World, invoice: Invoice): void {
  setDelinquent(world, invoice, false)
  const subscription = subscriptionOf(world, invoice)
  if (!subscription || subscription.latest_invoice !== invoice.id) return
  if (!['incomplete', 'past_due', 'unpaid'].includes(subscription.status)) return
  change(world, subscription, 'customer.subscription.updated', (it) => {
    it.status = 'active'
  })
}

export function afterPaymentFailed(world: World, invoice: Invoice): void {
  setDelinquent(world, invoice, true)
  const subscription = subscriptionOf(world, invoice)
  if (subscription?.status !== 'active') return
  change(world, subscription, 'customer.subscription.updated', (it) => {
    it.status = 'past_due'
  })
}

/**
 * Ends a subscription at once. Automatic collection of its finalized invoices stops; what is already owed stays owed.
 * https://docs.stripe.com/billing/subscriptions/cancel
 */
export function endSubscription(
  world: World,
  subscription: Subscription,
  options: { reason: string; requestedAt?: number; details?: { comment?: string; feedback?: string } },
): void {
  const at = world.seconds()
  subscription.status = 'canceled'
  subscription.canceled_at = subscription.canceled_at ?? options.requestedAt ?? at
  subscription.ended_at = at
  subscription.cancel_at_period_end = false
  subscription.cancellation_details = {
    comment: options.details?.comment ?? subscription.cancellation_details?.comment ?? null,
    feedback: options.details?.feedback ?? subscription.cancellation_details?.feedback ?? null,
    feedback_option: null,
    reason: subscription.cancellation_details?.reason ?? options.reason,
  }
  for (const invoice of world.store.invoices.of(subscription.id, 1)) {
    if (invoice.status !== 'open' || !invoice.auto_advance) continue
    change(world, invoice, 'invoice.updated', (it) => {
      it.auto_advance = false
      it.next_payment_attempt = null
    })
  }
  emit(world, 'customer.subscription.deleted', subscription)
  const schedule = world.store.schedules.get(subscription.schedule ?? '')
  if (schedule && (schedule.status === 'active' || schedule.status === 'not_started')) {
    schedule.status = 'canceled'
    schedule.canceled_at = at
    schedule.current_phase = null
    emit(world, 'subscription_schedule.canceled', schedule)
  }
}
