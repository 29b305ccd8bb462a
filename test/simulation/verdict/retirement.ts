// How a record that is no longer wanted looks in each vendor: gone, marked, or left alone where there is nothing to take
// away. Written from the vendors' side (a deleted customer is inactive, an item that is not sold is gone) and not taken
// from the connectors.
import type { JsonObject, ReadRecord } from '../../../shared/connector/contract.ts'

type Retired = 'gone' | 'untouched' | JsonObject

const RETIRED: Readonly<Record<string, Readonly<Record<string, Retired>>>> = {
  'tax-hold': { hold: { held: false } },
  avalara: { stripeTax: 'untouched', transaction: { status: 'Cancelled' } },
  netsuite: {
    customer: { isInactive: true },
    // Books are append-only: what was posted can never become unwanted.
    invoice: 'gone',
    customerPayment: 'gone',
    creditMemo: 'gone',
    customerRefund: 'gone',
    journalEntry: 'gone',
  },
  salesforce: {
    Account: 'untouched',
    Stripe_Customer__c: { Deleted__c: true },
    Product2: { IsActive: false },
    Stripe_Price__c: { Active__c: false, Deleted__c: true },
    Stripe_Subscription__c: 'untouched',
    Stripe_Subscription_Item__c: 'gone',
    Stripe_Invoice__c: { Deleted__c: true },
    Stripe_Payment__c: { Status__c: 'canceled' },
    Stripe_Credit_Note__c: 'untouched',
    Stripe_Refund__c: 'untouched',
    Stripe_Dispute__c: 'untouched',
    Case: 'untouched',
  },
}

/** What a retired record of the kind looks like, for people. */
export const retiredForm = (connector: string, kind: string): string =>
  JSON.stringify(RETIRED[connector]?.[kind] ?? 'unknown')

/** Nothing at all is always retired enough. */
export function isRetired(connector: string, kind: string, read: ReadRecord | undefined): boolean {
  const form = RETIRED[connector]?.[kind]
  if (form === undefined) throw new Error(`Nobody said how a retired ${kind} of ${connector} looks.`)
  if (read === undefined || form === 'untouched') return true
  if (form === 'gone') return false
  return Object.entries(form).every(([field, value]) => read.body[field] === value)
}
