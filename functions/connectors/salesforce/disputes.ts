// A Stripe dispute becomes Stripe_Dispute__c: what is disputed, in the payment's currency, and what the bank took, gave
// back and charged, in the currency in which Stripe settles. Returned bank debits are disputes too. Pure.
import type Stripe from 'stripe'
import type { JsonObject } from '../../../shared/connector/contract.ts'
import { idOf } from '../../../shared/stripe/event.ts'
import { reference, requiring } from './billing.ts'
import { amount, datetime, text } from './body.ts'
import type { Context, Draft } from './context.ts'
import { chargeOf, customerOf, intentOf, isAtRisk } from './matters.ts'

export function projectDispute(dispute: Stripe.Dispute, { paidInvoice }: Context): Draft {
  const { currency } = dispute
  const charge = chargeOf(dispute)
  const customer = customerOf(dispute)
  const invoice = paidInvoice ?? undefined
  return {
    kind: 'Stripe_Dispute__c',
    externalId: dispute.id,
    body: {
      Name: dispute.id,
      Customer__c: reference('Stripe_Customer__c', customer),
      Invoice__c: reference('Stripe_Invoice__c', invoice),
      Amount__c: amount(dispute.amount, currency),
      Currency__c: currency.toUpperCase(),
      // What may still be lost, be it withdrawn already or only asked about.
      Exposure__c: amount(isAtRisk(dispute) ? dispute.amount : 0, currency),
      Status__c: dispute.status,
      Reason__c: text(dispute.reason),
      Network_Reason__c: text(dispute.network_reason_code),
      Method__c: text(charge?.payment_method_details?.type),
      Created_At__c: datetime(dispute.created),
      // 0: the bank takes no answer.
      Evidence_Due_At__c: datetime(dispute.evidence_details.due_by || null),
      Evidence_Submitted__c: dispute.evidence_details.submission_count > 0,
      ...movedFunds(dispute.balance_transactions),
      Charge__c: idOf(dispute.charge) ?? null,
      Payment_Intent__c: intentOf(dispute) ?? null,
    },
    requires: requiring(['customer', customer], ['invoice', invoice]),
    source: dispute,
  }
}

/** Empty before anything moved, and where it moved in two currencies: no one figure would be true. */
function movedFunds(movements: readonly Stripe.BalanceTransaction[]): JsonObject {
  const [currency, another] = new Set(movements.map((movement) => movement.currency))
  if (currency === undefined || another !== undefined) {
    return {
      Settlement_Currency__c: null,
      Funds_Withdrawn__c: null,
      Funds_Reinstated__c: null,
      Fee__c: null,
    }
  }
  const sum = (of: (movement: Stripe.BalanceTransaction) => number) =>
    amount(
      movements.reduce((total, movement) => total + of(movement), 0),
      currency,
    )
  return {
    Settlement_Currency__c: currency.toUpperCase(),
    Funds_Withdrawn__c: sum((movement) => Math.max(0, -movement.amount)),
    Funds_Reinstated__c: sum((movement) => Math.max(0, movement.amount)),
    Fee__c: sum(({ fee }) => fee),
  }
}
