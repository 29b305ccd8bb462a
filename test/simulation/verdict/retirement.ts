// How a record that is no longer wanted looks in each vendor: gone, marked, or left alone where there is nothing to take
// away. Written from the vendors' side (a deleted customer is inactive, an item that is not sold is gone) and not taken
// from the connectors.
import type { JsonObject, ReadRecord, RecordKey } from '../../../shared/connector/contract.ts'

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
    // But a customer may be deleted of whose balance there are journals: they stay, as all that is posted.
    'journalEntry/cbtxn': 'untouched',
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

/** @param key '<kind>/<external id>', whose prefix says what the record stands for. */
const formOf = (connector: string, key: RecordKey): Retired | undefined =>
  RETIRED[connector]?.[key.split('_')[0] ?? ''] ?? RETIRED[connector]?.[key.split('/')[0] ?? '']

/** What a retired record looks like, for people. */
export const retiredForm = (connector: string, key: RecordKey): string =>
  JSON.stringify(formOf(connector, key) ?? 'unknown')

/** Nothing at all is always retired enough. */
export function isRetired(connector: string, key: RecordKey, read: ReadRecord | undefined): boolean {
  const form = formOf(connector, key)
  if (form === undefined) throw new Error(`Nobody said how a retired ${key} of ${connector} looks.`)
  if (read === undefined || form === 'untouched') return true
  if (form === 'gone') return false
  return Object.entries(form).every(([field, value]) => read.body[field] === value)
}
