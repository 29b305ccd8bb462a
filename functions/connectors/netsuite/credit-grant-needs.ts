// What a credit grant needs to know: what of it expired unused, and whose it is. Credits that were given away were never a
// liability, and are not looked at. Expiry is a transaction of the grant's own ledger; a grant can have several: credits that
// a voided invoice gives back after the expiry expire at once.
// https://docs.stripe.com/api/billing/credit-balance-transaction/list
import type Stripe from 'stripe'
import { money } from '../../../shared/money/money.ts'
import { idOf } from '../../../shared/stripe/event.ts'
import { type BasicNeeds, type NeedsSources, NOTHING } from './basic-needs.ts'
import { type ExpiredCredit, RECORDS } from './books.ts'
import { expanded } from './stripe-fields.ts'

export interface CreditGrantNeeds {
  root: 'billing.credit_grant'
  expired: ExpiredCredit[]
}

export async function needsOfCreditGrant(
  grant: Stripe.Billing.CreditGrant,
  { reads }: NeedsSources,
): Promise<BasicNeeds & CreditGrantNeeds> {
  const customer = expanded<Stripe.Customer | Stripe.DeletedCustomer>(grant.customer)
  const customerId = idOf(grant.customer)
  const transactions =
    grant.category === 'promotional' ? [] : await reads.creditTransactionsOf(grant.id, customerId)
  const expired = transactions.flatMap(({ id, effective_at, debit }): ExpiredCredit[] => {
    const { monetary } = debit?.amount ?? {}
    if (debit?.type !== 'credits_expired' || !monetary) return []
    const { amountMinor } = money(monetary.value, monetary.currency)
    return [{ id, atSeconds: effective_at, amountMinor: amountMinor.toString() }]
  })
  return {
    root: 'billing.credit_grant',
    expired,
    customerId,
    customerFacts:
      customer && !customer.deleted
        ? { metadata: customer.metadata, country: customer.address?.country, currency: customer.currency }
        : {},
    currency: grant.amount.monetary?.currency ?? '',
    ...NOTHING,
    documents: expired.map(({ id, atSeconds }) => [RECORDS.creditExpired(id), atSeconds]),
  }
}
