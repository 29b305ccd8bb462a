// Puts given objects into the store as they are (recorded ones, or ones a test has built), so that fetches, lists and
// expansions find them. No rule is run and no event is emitted.
import type { Collection, Store } from './store.ts'
import { copy, type Identified } from './wire.ts'

const into =
  <T extends Identified>(collection: Collection<T>) =>
  (object: Identified): void => {
    const existing = collection.get(object.id)
    if (existing) collection.delete(existing)
    collection.add(object as T)
  }

export function seedObjects(store: Store, objects: readonly Identified[]): void {
  const places: Record<string, (object: Identified) => void> = {
    'billing.credit_balance_transaction': into(store.creditBalanceTransactions),
    'billing.credit_grant': into(store.creditGrants),
    'billing.meter': into(store.meters),
    balance_transaction: into(store.balanceTransactions),
    charge: into(store.charges),
    coupon: into(store.coupons),
    credit_note: into(store.creditNotes),
    customer: into(store.customers),
    customer_balance_transaction: into(store.customerBalanceTransactions),
    discount: into(store.discounts),
    dispute: into(store.disputes),
    invoice: into(store.invoices),
    invoice_payment: into(store.invoicePayments),
    invoiceitem: into(store.invoiceItems),
    payment_intent: into(store.paymentIntents),
    payment_method: into(store.paymentMethods),
    payment_record: into(store.paymentRecords),
    payout: into(store.payouts),
    price: into(store.prices),
    product: into(store.products),
    promotion_code: into(store.promotionCodes),
    'radar.early_fraud_warning': into(store.earlyFraudWarnings),
    refund: into(store.refunds),
    review: into(store.reviews),
    subscription: into(store.subscriptions),
    subscription_item: into(store.subscriptionItems),
    subscription_schedule: into(store.schedules),
    tax_id: into(store.taxIds),
    tax_rate: into(store.taxRates),
  }
  for (const given of objects) {
    const object = copy(given)
    const place = places[object.object] ?? into(store.others)
    place(object)
    if (object.object === 'subscription') {
      for (const item of store.subscriptions.get(object.id)?.items.data ?? [])
        store.subscriptionItems.add(item)
    }
  }
}
