// What an invoice's record in Salesforce says, as people compare it with Stripe. Payments and credit notes are on it already. PURE.
import type { JsonObject } from '../../../shared/connector/contract.ts'
import type { AmountLabel, RecordAmounts } from '../../../shared/connector/look.ts'

const FIELDS: Readonly<Record<AmountLabel, string>> = {
  invoiced: 'Total__c',
  tax: 'Tax__c',
  paid: 'Amount_Paid__c',
  credited: 'Credited__c',
  open: 'Amount_Remaining__c',
}

export function amountsOf({ kind, body }: { kind: string; body: JsonObject }): RecordAmounts | undefined {
  if (kind !== 'Stripe_Invoice__c') return undefined
  return {
    currency: String(body.Currency__c),
    amounts: Object.fromEntries(
      Object.entries(FIELDS).flatMap(([label, field]) =>
        typeof body[field] === 'string' ? [[label, body[field]]] : [],
      ),
    ),
    ...(body.Deleted__c === true && { note: 'marked as deleted' }),
  }
}
