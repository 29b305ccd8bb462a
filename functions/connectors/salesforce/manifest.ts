// What the Salesforce connector listens to and how its queue and API calls are sized. Pure data: ingest and the CDK
// app read it without loading jsforce. What is written from these roots stands in project.ts.
import type { Manifest } from '../../../shared/connector/contract.ts'

export const manifest: Manifest = {
  name: 'salesforce',
  title: 'Salesforce',
  style: 'projection',
  routes: [
    { events: ['customer.created', 'customer.updated', 'customer.deleted'], root: 'customer', id: 'id' },
    {
      events: ['customer.tax_id.created', 'customer.tax_id.updated', 'customer.tax_id.deleted'],
      root: 'customer',
      id: 'customer',
    },
    { events: ['product.created', 'product.updated', 'product.deleted'], root: 'product', id: 'id' },
    { events: ['price.created', 'price.updated', 'price.deleted'], root: 'price', id: 'id' },
    // A subscription is a root of its own, and moves its customer's MRR.
    ...(['id', 'customer'] as const).map((id) => ({
      events: [
        'customer.subscription.created',
        'customer.subscription.updated',
        'customer.subscription.deleted',
        'customer.subscription.paused',
        'customer.subscription.resumed',
      ],
      root: id === 'id' ? 'subscription' : 'customer',
      id,
    })),
    {
      // invoice.payment_succeeded, invoice.sent, invoice.overdue and the like change nothing that is written here.
      events: [
        'invoice.created',
        'invoice.updated',
        'invoice.deleted',
        'invoice.finalized',
        'invoice.paid',
        'invoice.overpaid',
        'invoice.payment_failed',
        'invoice.voided',
        'invoice.marked_uncollectible',
      ],
      root: 'invoice',
      id: 'id',
    },
    { events: ['invoice_payment.paid'], root: 'invoice_payment', id: 'id' },
    { events: ['refund.created', 'refund.updated', 'refund.failed'], root: 'refund', id: 'id' },
    // A credit note is a root, changes what its invoice has credited, and gives its refunds their look-up.
    ...(['id', 'invoice', 'refunds[].refund'] as const).map((id) => ({
      events: ['credit_note.created', 'credit_note.updated', 'credit_note.voided'],
      root: id === 'id' ? 'credit_note' : id === 'invoice' ? 'invoice' : 'refund',
      id,
    })),
    {
      // ACH and SEPA debits that come back after they succeeded arrive as disputes as well. No event of a dispute names
      // the customer, and disputes cannot be listed by customer: what is at risk stands on the dispute.
      events: [
        'charge.dispute.created',
        'charge.dispute.updated',
        'charge.dispute.funds_withdrawn',
        'charge.dispute.funds_reinstated',
        'charge.dispute.closed',
      ],
      root: 'dispute',
      id: 'id',
    },
    {
      events: ['radar.early_fraud_warning.created', 'radar.early_fraud_warning.updated'],
      root: 'radar.early_fraud_warning',
      id: 'id',
    },
    { events: ['review.opened', 'review.closed'], root: 'review', id: 'id' },
  ],
  objects: {
    // Tax ids and subscriptions are never part of the event; the discounts save a read per discounted subscription.
    customer: {
      alwaysFetch: true,
      expand: ['tax_ids', 'subscriptions', 'subscriptions.data.discounts'],
      wholeLists: ['tax_ids', 'subscriptions'],
      deletable: true,
    },
    product: { deletable: true, reusableId: true },
    // A price made through the older plans API has an id of the caller's choice.
    price: { deletable: true, reusableId: true },
    subscription: { expand: ['discounts', 'items.data.discounts'], wholeLists: ['items'] },
    invoice: { deletable: true },
    // The event names neither the customer nor the charge.
    invoice_payment: { alwaysFetch: true, expand: ['invoice', 'payment.payment_intent.latest_charge'] },
    refund: {},
    credit_note: {},
    // The charge tells whose it is, and is only an id in the event.
    dispute: { alwaysFetch: true, expand: ['charge'] },
    'radar.early_fraud_warning': { alwaysFetch: true, expand: ['charge'] },
    review: { alwaysFetch: true, expand: ['charge'] },
  },
  kinds: [
    'Account',
    'Stripe_Customer__c',
    'Product2',
    'Stripe_Price__c',
    'Stripe_Subscription__c',
    'Stripe_Subscription_Item__c',
    'Stripe_Invoice__c',
    'Stripe_Payment__c',
    'Stripe_Credit_Note__c',
    'Stripe_Refund__c',
    'Stripe_Dispute__c',
    'Case',
  ],
  resumeOrder: 30,
  pausable: true,
  queue: { batchSize: 1000, batchWindowSeconds: 30, maximumConcurrency: 2 },
  vendor: {
    // https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_composite_sobjects_collections.htm
    recordsPerCall: 200,
    parallelCalls: 2,
    // Long-running requests at once: 25 in production, 5 in a developer edition or trial org; the smaller one holds.
    // https://developer.salesforce.com/docs/atlas.en-us.salesforce_app_limits_cheatsheet.meta/salesforce_app_limits_cheatsheet/salesforce_app_limits_platform_api.htm
    accountConcurrency: 5,
    // https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/headers_api_usage.htm
    tellsQuota: true,
  },
  // An upsert under the same external id is safe to repeat.
  afterUnknownOutcome: 'resend',
}
