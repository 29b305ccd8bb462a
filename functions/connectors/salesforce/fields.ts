// What a field of a Salesforce record is: its form, where its value comes from in Stripe, and whose it may be. Pure
// data types and their short forms; the objects themselves are in kinds.ts.

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
  /** Of money: the field of the same record that says in which currency it is. Absent: Currency__c. */
  currency?: 'Settlement_Currency__c'
  /** Where the value comes from, in Stripe's words: people mend it there. */
  from: string
  refersTo?: KindName
  /** Written with a new record and its people's from then on. */
  once?: true
  /** To whom a person may give this field (see `fields` in config.ts). Absent: it stays as it is. */
  owner?: 'any' | 'stripe-or-create-only' | 'create-only-or-salesforce'
}

export interface Kind {
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
  | 'Stripe_Dispute__c'
  | 'Case'

export const text = (from: string): Field => ({ type: 'text', from })
export const money = (from: string): Field => ({ type: 'money', from })
export const datetime = (from: string): Field => ({ type: 'datetime', from })
export const checkbox = (from: string): Field => ({ type: 'checkbox', from })
export const integer = (from: string): Field => ({ type: 'integer', from })
export const reference = (from: string, refersTo: KindName): Field => ({ type: 'reference', from, refersTo })
export const yours = (field: Field): Field => ({ ...field, owner: 'any' })
export const settled = (from: string): Field => ({ type: 'money', from, currency: 'Settlement_Currency__c' })
export const once = (field: Field): Field => ({ ...field, once: true })
/** Written once by the hub, or never: its people's to decide. */
export const theirs = (field: Field): Field => ({ ...once(field), owner: 'create-only-or-salesforce' })
