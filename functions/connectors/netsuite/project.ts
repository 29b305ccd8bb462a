// What should stand in NetSuite for a Stripe object. PURE: same object, same context, same records. One file per
// root beside this one; this one only tells them apart. Imports no SDK.
import type Stripe from 'stripe'
import type { ObjectRef, RemoteRecord } from '../../../shared/connector/contract.ts'
import { type Context, subsidiaryByRule } from './books.ts'
import type { NetSuiteConfig } from './config.ts'
import { adjustmentRecords } from './customer-balance.ts'
import { projectCreditGrant } from './project-credit-grant.ts'
import { projectCreditNote } from './project-credit-note.ts'
import { projectCustomer } from './project-customer.ts'
import { projectDispute } from './project-dispute.ts'
import { projectInvoice } from './project-invoice.ts'
import { projectPayout } from './project-payout.ts'
import { projectRefund } from './project-refund.ts'
import { expanded } from './stripe-fields.ts'

export type Root =
  | Stripe.Customer
  | Stripe.Invoice
  | Stripe.CreditNote
  | Stripe.Refund
  | Stripe.Dispute
  | Stripe.Payout
  | Stripe.Billing.CreditGrant
  | Stripe.Product

/** @throws permanent, with a hint that names the field, for what cannot be mapped or is not covered. */
export function project(object: Root, context: Context, config: NetSuiteConfig): RemoteRecord[] {
  if (context.root === 'customer' && object.object === 'customer') {
    if (context.waitsForCurrency) return []
    return [
      projectCustomer(liveCustomer(object), context.subsidiaryName, config),
      ...(context.adjustments ? adjustmentRecords(object.id, context.adjustments, config) : []),
    ]
  }
  if (context.root === 'invoice' && object.object === 'invoice')
    return projectInvoice(object, context, config)
  if (context.root === 'credit_note' && object.object === 'credit_note')
    return projectCreditNote(object, context, config)
  if (context.root === 'refund' && object.object === 'refund') return projectRefund(object, context, config)
  if (context.root === 'dispute' && object.object === 'dispute')
    return projectDispute(object, context, config)
  if (context.root === 'payout' && object.object === 'payout') return projectPayout(object, context, config)
  if (context.root === 'billing.credit_grant' && object.object === 'billing.credit_grant')
    return projectCreditGrant(object, context, config)
  if (context.root === 'product' && object.object === 'product') return []
  throw new TypeError(
    `NetSuite has no projection for a ${object.object} with the context of a ${context.root}.`,
  )
}

const liveCustomer = (customer: Stripe.Customer) => ({
  id: customer.id,
  name: customer.name ?? null,
  email: customer.email,
  address: customer.address ?? null,
  isInactive: false,
})

/**
 * A deleted customer that NetSuite never had, from its invoice's or its charge's copy: inactive from the start, as it would
 * be now.
 */
export function standInCustomer(missing: ObjectRef, dependent: Root, config: NetSuiteConfig): RemoteRecord[] {
  const copy = copyOfCustomer(dependent)
  if (missing.type !== 'customer' || !copy) return []
  const { name, email, address, currency } = copy
  const subsidiaryName =
    subsidiaryByRule({ country: address?.country, currency }, config) ?? config.customerSubsidiary.default
  return [projectCustomer({ id: missing.id, name, email, address, isInactive: true }, subsidiaryName, config)]
}

function copyOfCustomer(dependent: Root) {
  if (dependent.object === 'dispute') {
    const charge = expanded<Stripe.Charge>(dependent.charge)
    if (!charge) return undefined
    const { name, email, address } = charge.billing_details
    return { name, email, address, currency: charge.currency }
  }
  const invoice =
    dependent.object === 'invoice'
      ? dependent
      : dependent.object === 'credit_note'
        ? expanded(dependent.invoice)
        : undefined
  return (
    invoice && {
      name: invoice.customer_name,
      email: invoice.customer_email,
      address: invoice.customer_address,
      currency: invoice.currency,
    }
  )
}
