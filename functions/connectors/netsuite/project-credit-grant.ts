// Billing credits that were sold and expired unused: nothing is owed for them any more, so the prepaid liability becomes
// breakage, on the day of the expiry. Breakage that is estimated before (ASC 606-10-55-48) is the accountant's own entry;
// then the account named here is the one of the estimate. PURE.
import type Stripe from 'stripe'
import type { RemoteRecord } from '../../../shared/connector/contract.ts'
import { money } from '../../../shared/money/money.ts'
import { type Context, RECORDS } from './books.ts'
import type { NetSuiteConfig } from './config.ts'
import { type Head, mapped } from './document-head.ts'
import { journalRecord, transfer } from './journals.ts'
import { documentName } from './stripe-fields.ts'

type CreditGrantContext = Omit<Extract<Context, { root: 'billing.credit_grant' }>, 'root'>

export function projectCreditGrant(
  grant: Stripe.Billing.CreditGrant,
  context: CreditGrantContext,
  config: NetSuiteConfig,
): RemoteRecord[] {
  const currency = grant.amount.monetary?.currency ?? ''
  return context.expired.map(({ id, atSeconds, amountMinor }) => {
    const amount = money(BigInt(amountMinor), currency)
    const head: Head = {
      record: RECORDS.creditExpired(id),
      document: `Expiry of billing credits ${documentName({ id: grant.id, currency }, amount.amountMinor)}`,
      title: 'Billing credits expired',
      number: grant.name,
      stripeId: grant.id,
      // No receivable moves; and a holder who was never invoiced may have no record here.
      customerId: undefined,
      currency,
      atSeconds,
    }
    const liability = mapped(context.books.creditsLiabilityId, head, {
      code: 'NS-BILLING-CREDITS',
      why: 'they had been sold (field category), and no accounts are mapped for billing credits.',
      where: 'netsuite.billingCredits',
    })
    const breakage = mapped(context.books.breakageId, head, {
      code: 'NS-BREAKAGE',
      why: 'they had been sold and were not used, and no account is mapped for that.',
      where: 'netsuite.billingCredits.breakageAccount',
    })
    const memo = 'Billing credits expired unused'
    return journalRecord(
      head,
      transfer({ account: breakage, memo }, { account: liability, memo }, amount),
      context,
      config,
    )
  })
}
