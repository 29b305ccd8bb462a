// A Stripe subscription becomes Stripe_Subscription__c and one Stripe_Subscription_Item__c per item. An item removed
// in Stripe is no longer projected, so the engine retires its record. Pure.
import type Stripe from 'stripe'
import { type ObjectRef, recordRef } from '../../../shared/connector/contract.ts'
import { invariant } from '../../../shared/errors.ts'
import { idOf } from '../../../shared/stripe/event.ts'
import { amount, datetime } from './body.ts'
import type { Context, Draft } from './context.ts'
import { subscriptionMrrMinor } from './mrr.ts'

export function projectSubscription(subscription: Stripe.Subscription, context: Context): Draft[] {
  const customer = idOf(subscription.customer)
  if (!customer) throw invariant(`${subscription.id} has no customer.`)
  const items = context.items[subscription.id] ?? subscription.items.data
  const prices = new Set(items.map(({ price }) => price.id))
  const requires: ObjectRef[] = [
    { type: 'customer', id: customer },
    ...[...prices].map((id) => ({ type: 'price', id })),
  ]
  // In flexible billing mode items can have periods of their own: the one that ends first is what is billed next.
  const next = items.reduce<Stripe.SubscriptionItem | undefined>(
    (first, item) => (first && first.current_period_end <= item.current_period_end ? first : item),
    undefined,
  )
  return [
    {
      kind: 'Stripe_Subscription__c',
      externalId: subscription.id,
      body: {
        Name: subscription.id,
        Customer__c: recordRef('Stripe_Customer__c', customer),
        Status__c: subscription.status,
        Currency__c: subscription.currency.toUpperCase(),
        Start_Date__c: datetime(subscription.start_date),
        Trial_End__c: datetime(subscription.trial_end),
        Current_Period_Start__c: datetime(next?.current_period_start),
        Current_Period_End__c: datetime(next?.current_period_end),
        Cancel_At__c: datetime(subscription.cancel_at),
        Canceled_At__c: datetime(subscription.canceled_at),
        Ended_At__c: datetime(subscription.ended_at),
        Collection_Method__c: subscription.collection_method,
        MRR__c: amount(subscriptionMrrMinor(subscription, items, context.discounts), subscription.currency),
      },
      requires,
      source: subscription,
    },
    ...items.map(
      (item): Draft => ({
        kind: 'Stripe_Subscription_Item__c',
        externalId: item.id,
        body: {
          Name: item.id,
          Subscription__c: recordRef('Stripe_Subscription__c', subscription.id),
          Price__c: recordRef('Stripe_Price__c', item.price.id),
          Quantity__c: item.quantity ?? null,
        },
        requires,
        source: item,
      }),
    ),
  ]
}
