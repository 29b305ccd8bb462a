// What a dispute needs to know: whether the books have its payment, whose it is, and when it was lost.
import type Stripe from 'stripe'
import { idOf } from '../../../shared/stripe/event.ts'
import type { BasicNeeds, NeedsSources } from './basic-needs.ts'
import type { KeptChoices } from './books.ts'
import { disputeDates } from './project-dispute.ts'
import { expanded } from './stripe-fields.ts'

export interface DisputeNeeds {
  root: 'dispute'
  /** Undefined: a payment that no invoice knows, which is not in these books. */
  invoiceId: string | undefined
  /** Chosen once: Stripe's dispute does not say when it was closed. */
  lostAtSeconds: number | undefined
}

export async function needsOfDispute(
  dispute: Stripe.Dispute,
  kept: KeptChoices,
  { reads, nowSeconds }: NeedsSources,
): Promise<BasicNeeds & DisputeNeeds> {
  const charge = expanded<Stripe.Charge>(dispute.charge)
  const customer = expanded<Stripe.Customer | Stripe.DeletedCustomer>(charge?.customer)
  const paymentIntentId = idOf(dispute.payment_intent) ?? idOf(charge?.payment_intent)
  const payments = paymentIntentId === undefined ? [] : await reads.invoicePaymentsOf(paymentIntentId)
  const invoiceId = payments.map(({ invoice }) => idOf(invoice)).find((id) => id !== undefined)
  const lostAtSeconds =
    kept.lostAtSeconds ??
    (dispute.status === 'lost' ? ((await reads.disputeClosedAt(dispute)) ?? nowSeconds) : undefined)
  const settled = dispute.balance_transactions[0]?.currency ?? dispute.currency
  return {
    root: 'dispute',
    invoiceId,
    lostAtSeconds,
    customerId: idOf(charge?.customer),
    customerFacts:
      customer && !customer.deleted
        ? { metadata: customer.metadata, country: customer.address?.country, currency: customer.currency }
        : { country: charge?.billing_details?.address?.country, currency: dispute.currency },
    currency: settled,
    productIds: [],
    taxRateIds: [],
    settledIn: [],
    documents: invoiceId === undefined ? [] : disputeDates(dispute, lostAtSeconds),
  }
}
