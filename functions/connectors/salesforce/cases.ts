// The Case of a dispute, an early fraud warning or a review. The hub opens it once; what people do to it afterwards stays.
// Written again are only the look-ups and Stripe_State__c, and the closing Status as long as nobody moved it. Pure;
// which Cases stand is told by find-cases.ts.
import type { JsonObject } from '../../../shared/connector/contract.ts'
import { reference, requiring } from './billing.ts'
import { clipped } from './body.ts'
import type { SalesforceConfig } from './config.ts'
import type { Context, Draft } from './context.ts'
import { adviceOf, customerOf, isOver, type Matter, stateOf, subjectOf, switchOf } from './matters.ts'

/** https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_case.htm */
const SUBJECT_LENGTH = 255

export function projectCase(matter: Matter, context: Context, config: SalesforceConfig): Draft[] {
  const choice = context.case
  if (choice.how === 'none') return []
  const customer = customerOf(matter)
  const invoice = context.paidInvoice ?? undefined
  const closes = choice.how === 'standing' && choice.untouched && isOver(matter)
  const opening: JsonObject =
    choice.how === 'new' ? openingOf(matter, config) : closes ? { Status: config.cases.closedStatus } : {}
  return [
    {
      kind: 'Case',
      externalId: matter.id,
      body: {
        ...opening,
        ...(choice.accountId && { AccountId: choice.accountId }),
        Stripe_State__c: stateOf(matter),
        Stripe_Customer__c: reference('Stripe_Customer__c', customer),
        Stripe_Invoice__c: reference('Stripe_Invoice__c', invoice),
        Stripe_Dispute__c: reference(
          'Stripe_Dispute__c',
          matter.object === 'dispute' ? matter.id : undefined,
        ),
      },
      requires: requiring(['customer', customer], ['invoice', invoice]),
      source: matter,
      again: ['Status', 'AccountId'],
    },
  ]
}

function openingOf(matter: Matter, { cases }: SalesforceConfig): JsonObject {
  return {
    Subject: clipped(subjectOf(matter), SUBJECT_LENGTH),
    Description: adviceOf(matter),
    Origin: cases.origin,
    Priority: cases.priorities[switchOf(matter)],
    Status: cases.openStatus,
    ...(cases.recordTypeId && { RecordTypeId: cases.recordTypeId }),
    Stripe_Opened__c: true,
  }
}
