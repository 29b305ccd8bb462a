// The Salesforce objects the hub writes: their external id, every field with its type and the Stripe field it comes
// from, and what becomes of a record whose Stripe object is gone. Pure data, shared by projection, writing, reading
// and error hints, so that they cannot disagree.

/**
 * How a field stands in a record's body, and on Salesforce's wire:
 * money: decimal string with the decimals of the body's Currency__c ↔ JSON number · decimal: shortest decimal string
 * ↔ JSON number · integer, checkbox: as they are · datetime: Salesforce's own form · reference: `recordRef` ↔ look-up
 * by external id · account: `recordRef` of an Account the hub made, else the id of one it found.
 */
type FieldType =
  | 'text'
  | 'multiline'
  | 'money'
  | 'decimal'
  | 'integer'
  | 'checkbox'
  | 'datetime'
  | 'reference'
  | 'account'

export interface Field {
  type: FieldType
  /** Where the value comes from, in Stripe's words: people mend it there. */
  from: string
  refersTo?: KindName
  /** A person may give this field to Salesforce (see `fields` in config.ts). */
  owner?: 'any' | 'stripe-or-create-only'
}

interface Kind {
  externalId: 'Stripe_Id__c' | 'Stripe_Key__c'
  fields: Readonly<Record<string, Field>>
  /** What `retire` does: delete, leave as it is, or set these fields. */
  whenGone: 'delete' | 'leave' | Readonly<Record<string, boolean | number | string>>
}

export type KindName =
  | 'Account'
  | 'Stripe_Customer__c'
  | 'Product2'
  | 'Stripe_Price__c'
  | 'Stripe_Subscription__c'
  | 'Stripe_Subscription_Item__c'
  | 'Stripe_Invoice__c'
  | 'Stripe_Payment__c'
  | 'Stripe_Credit_Note__c'
  | 'Stripe_Refund__c'

const text = (from: string): Field => ({ type: 'text', from })
const money = (from: string): Field => ({ type: 'money', from })
const datetime = (from: string): Field => ({ type: 'datetime', from })
const checkbox = (from: string): Field => ({ type: 'checkbox', from })
const integer = (from: string): Field => ({ type: 'integer', from })
const reference = (from: string, refersTo: KindName): Field => ({ type: 'reference', from, refersTo })
const yours = (field: Field): Field => ({ ...field, owner: 'any' })

export const KINDS: Readonly<Record<KindName, Kind>> = {
  // Standard fields of an Account are written once, when the hub makes it, and are its people's from then on.
  Account: {
    externalId: 'Stripe_Key__c',
    fields: {
      Name: text('name'),
      LastName: text('name'),
      RecordTypeId: text('hub.config.ts'),
      PersonEmail: text('email'),
      Phone: text('phone'),
      BillingStreet: { type: 'multiline', from: 'address.line1' },
      BillingCity: text('address.city'),
      BillingState: text('address.state'),
      BillingPostalCode: text('address.postal_code'),
      BillingCountry: text('address.country'),
    },
    whenGone: 'leave',
  },
  Stripe_Customer__c: {
    externalId: 'Stripe_Id__c',
    fields: {
      Name: { ...text('name'), owner: 'stripe-or-create-only' },
      Account__c: { type: 'account', from: 'metadata', refersTo: 'Account' },
      Email__c: yours(text('email')),
      Currency__c: text('currency'),
      Description__c: yours({ type: 'multiline', from: 'description' }),
      Balance__c: money('balance'),
      Delinquent__c: checkbox('delinquent'),
      Deleted__c: checkbox('deleted'),
      Tax_Exempt__c: text('tax_exempt'),
      Tax_Ids__c: text('tax_ids'),
      MRR__c: money('subscriptions'),
      Country__c: yours(text('address.country')),
      Livemode__c: checkbox('livemode'),
    },
    // Other records refer to it; a deleted customer has no recurring revenue.
    whenGone: { Deleted__c: true, MRR__c: 0 },
  },
  Product2: {
    externalId: 'Stripe_Id__c',
    fields: {
      Name: { ...text('name'), owner: 'stripe-or-create-only' },
      Description: yours({ type: 'multiline', from: 'description' }),
      IsActive: yours(checkbox('active')),
    },
    whenGone: { IsActive: false },
  },
  Stripe_Price__c: {
    externalId: 'Stripe_Id__c',
    fields: {
      Name: text('nickname'),
      Product__c: reference('product', 'Product2'),
      Nickname__c: yours(text('nickname')),
      Currency__c: text('currency'),
      Unit_Amount__c: { type: 'decimal', from: 'unit_amount_decimal' },
      Interval__c: text('recurring.interval'),
      Interval_Count__c: integer('recurring.interval_count'),
      Type__c: text('type'),
      Active__c: checkbox('active'),
      Deleted__c: checkbox('deleted'),
    },
    whenGone: { Active__c: false, Deleted__c: true },
  },
  Stripe_Subscription__c: {
    externalId: 'Stripe_Id__c',
    fields: {
      Name: text('id'),
      Customer__c: reference('customer', 'Stripe_Customer__c'),
      Status__c: text('status'),
      Currency__c: text('currency'),
      Start_Date__c: datetime('start_date'),
      Trial_End__c: datetime('trial_end'),
      Current_Period_Start__c: datetime('items.data.current_period_start'),
      Current_Period_End__c: datetime('items.data.current_period_end'),
      Cancel_At__c: datetime('cancel_at'),
      Canceled_At__c: datetime('canceled_at'),
      Ended_At__c: datetime('ended_at'),
      Collection_Method__c: text('collection_method'),
      MRR__c: money('items.data.price.unit_amount_decimal'),
    },
    // Stripe never deletes a subscription: cancelling is a status.
    whenGone: 'leave',
  },
  Stripe_Subscription_Item__c: {
    externalId: 'Stripe_Id__c',
    fields: {
      Name: text('id'),
      Subscription__c: reference('subscription', 'Stripe_Subscription__c'),
      Price__c: reference('price', 'Stripe_Price__c'),
      Quantity__c: integer('quantity'),
    },
    // An item removed in Stripe is no longer sold; nothing refers to it.
    whenGone: 'delete',
  },
  Stripe_Invoice__c: {
    externalId: 'Stripe_Id__c',
    fields: {
      Name: text('number'),
      Customer__c: reference('customer', 'Stripe_Customer__c'),
      Subscription__c: reference('parent.subscription_details.subscription', 'Stripe_Subscription__c'),
      Number__c: text('number'),
      Status__c: text('status'),
      Currency__c: text('currency'),
      Subtotal__c: money('subtotal'),
      Discount__c: money('total_discount_amounts'),
      Tax__c: money('total_taxes'),
      Total__c: money('total'),
      Amount_Due__c: money('amount_due'),
      Amount_Paid__c: money('amount_paid'),
      Amount_Remaining__c: money('amount_remaining'),
      Credited__c: money('pre_payment_credit_notes_amount + post_payment_credit_notes_amount'),
      Created_At__c: datetime('created'),
      Finalized_At__c: datetime('status_transitions.finalized_at'),
      Due_Date__c: datetime('due_date'),
      Paid_At__c: datetime('status_transitions.paid_at'),
      Voided_At__c: datetime('status_transitions.voided_at'),
      Uncollectible_At__c: datetime('status_transitions.marked_uncollectible_at'),
      Attempt_Count__c: integer('attempt_count'),
      Next_Payment_Attempt__c: datetime('next_payment_attempt'),
      Last_Payment_Error__c: text('payments.data.payment.payment_intent.last_payment_error.code'),
      Hosted_Url__c: text('hosted_invoice_url'),
      Billing_Reason__c: text('billing_reason'),
      Deleted__c: checkbox('deleted'),
    },
    // Only a draft can be deleted. It is marked, not deleted: tasks and notes that people hung on it stay.
    whenGone: { Deleted__c: true },
  },
  Stripe_Payment__c: {
    externalId: 'Stripe_Id__c',
    fields: {
      Name: text('id'),
      Invoice__c: reference('invoice', 'Stripe_Invoice__c'),
      Customer__c: reference('invoice.customer', 'Stripe_Customer__c'),
      Amount__c: money('amount_paid'),
      Currency__c: text('currency'),
      Status__c: text('status'),
      Paid_At__c: datetime('status_transitions.paid_at'),
      Payment_Intent__c: text('payment.payment_intent'),
      Charge__c: text('payment.payment_intent.latest_charge'),
      Method__c: text('payment.payment_intent.latest_charge.payment_method_details.type'),
    },
    whenGone: { Status__c: 'canceled' },
  },
  Stripe_Credit_Note__c: {
    externalId: 'Stripe_Id__c',
    fields: {
      Name: text('number'),
      Invoice__c: reference('invoice', 'Stripe_Invoice__c'),
      Customer__c: reference('customer', 'Stripe_Customer__c'),
      Number__c: text('number'),
      Status__c: text('status'),
      Currency__c: text('currency'),
      Subtotal__c: money('subtotal'),
      Tax__c: money('total_taxes'),
      Total__c: money('total'),
      Refunded__c: money('refunds'),
      Balance_Credited__c: money('customer_balance_transaction'),
      Out_Of_Band__c: money('out_of_band_amount'),
      Reason__c: text('reason'),
      Created_At__c: datetime('created'),
      Voided_At__c: datetime('voided_at'),
    },
    // Never deleted in Stripe: voiding is a status.
    whenGone: 'leave',
  },
  Stripe_Refund__c: {
    externalId: 'Stripe_Id__c',
    fields: {
      Name: text('id'),
      Customer__c: reference('customer', 'Stripe_Customer__c'),
      Invoice__c: reference('payment_intent', 'Stripe_Invoice__c'),
      Credit_Note__c: reference('payment_intent', 'Stripe_Credit_Note__c'),
      Amount__c: money('amount'),
      Currency__c: text('currency'),
      Status__c: text('status'),
      Reason__c: text('reason'),
      Failure_Reason__c: text('failure_reason'),
      Created_At__c: datetime('created'),
      Charge__c: text('charge'),
    },
    // Never deleted in Stripe: a failed refund is a status.
    whenGone: 'leave',
  },
}

export const isKindName = (name: string): name is KindName => Object.hasOwn(KINDS, name)

/** A custom look-up `Customer__c` is followed as `Customer__r`. */
export const relationshipOf = (field: string): string => field.replace(/__c$/, '__r')
