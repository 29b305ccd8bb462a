// Custom fields that an administrator deploys for quotes: what the hub writes back, and terms that sales fills in.
import { amount, bool, date, dateTime, longText, number, restrictedPicklist, text } from './field-builders.ts'
import type { FieldSchema } from './schema.ts'

const whole = (name: string) => number(name, 4, 0)

/** On a quote, its Opportunity and its Account. */
export const quoteResultFields = (): FieldSchema[] => [
  text('Stripe_Status__c', 40),
  text('Stripe_Customer_Id__c', 255),
  text('Stripe_Subscription_Id__c', 255),
  text('Stripe_Schedule_Id__c', 255),
  text('Stripe_First_Invoice_Id__c', 255),
  text('Stripe_Currency__c', 3),
  amount('Stripe_MRR__c'),
  amount('Stripe_TCV__c'),
  longText('Stripe_Last_Error__c', 4000),
  text('Stripe_Error_Code__c', 40),
  dateTime('Stripe_Last_Synced__c'),
]

/** On a quote of either kind. */
export const quoteTermFields = (): FieldSchema[] => [
  whole('Stripe_Billing_Day__c'),
  restrictedPicklist('Stripe_Payment_Method__c', 'Card', 'ACH', 'SEPA', 'Invoice'),
  text('Stripe_PO_Number__c', 80),
  bool('Stripe_Auto_Renew__c'),
  whole('Stripe_Trial_Days__c'),
]

/** On the standard quote, which has no field of its own for them. */
export const standardTermFields = (): FieldSchema[] => [
  date('Stripe_Start_Date__c'),
  whole('Stripe_Term_Months__c'),
  restrictedPicklist('Stripe_Billing_Frequency__c', 'Monthly', 'Quarterly', 'Semiannual', 'Annual'),
  whole('Stripe_Net_Days__c'),
]

export const standardLineTermFields = (): FieldSchema[] => [
  restrictedPicklist('Stripe_Charge_Type__c', 'Recurring', 'One-Time', 'Usage'),
  date('Stripe_Start_Date__c'),
  date('Stripe_End_Date__c'),
]
