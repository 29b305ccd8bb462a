// Which records should stand in Salesforce for a Stripe object. Pure: sync, backfill, comparison and repair all come
// from here. What it needs beyond the object is in the context (context.ts), which `gather` fetched.
import type { ObjectRef, RemoteRecord } from '../../../shared/connector/contract.ts'
import { projectCreditNote, projectInvoice, projectPayment, projectRefund } from './billing.ts'
import { projectCase } from './cases.ts'
import { projectPrice, projectProduct, standInPrice, standInProduct } from './catalog.ts'
import type { SalesforceConfig } from './config.ts'
import { type Context, type Draft, finish, type Root } from './context.ts'
import { projectCustomer, standInCustomer } from './customers.ts'
import { projectDispute } from './disputes.ts'
import type { Mappings } from './mapping.ts'
import { projectSubscription } from './subscriptions.ts'

/** Raise when the built-in mapping changes: records written before are then known to be of the former one. */
export const PROJECTION_VERSION = 2

export function project(
  root: Root,
  context: Context,
  config: SalesforceConfig,
  mappings: Mappings,
): RemoteRecord[] {
  return draft(root, context, config).map((record) => finish(record, mappings, context.existing))
}

function draft(root: Root, context: Context, config: SalesforceConfig): Draft[] {
  switch (root.object) {
    case 'customer':
      return projectCustomer(root, context, config)
    case 'product':
      return projectProduct(root)
    case 'price':
      return projectPrice(root)
    case 'subscription':
      return projectSubscription(root, context)
    case 'invoice':
      return projectInvoice(root, context)
    case 'invoice_payment':
      return projectPayment(root)
    case 'credit_note':
      return projectCreditNote(root)
    case 'refund':
      return projectRefund(root, context)
    case 'dispute':
      return [projectDispute(root, context), ...projectCase(root, context, config)]
    case 'radar.early_fraud_warning':
    case 'review':
      return projectCase(root, context, config)
  }
}

/** Records for a required object that Stripe no longer has: customers, products and prices can be deleted there. */
export function standIn(missing: ObjectRef, dependent: object, mappings: Mappings): RemoteRecord[] {
  const records: (Draft | undefined)[] = []
  if (missing.type === 'customer') records.push(standInCustomer(missing.id, dependent))
  if (missing.type === 'product') records.push(standInProduct(missing.id))
  if (missing.type === 'price') records.push(standInPrice(missing.id, dependent))
  return records.flatMap((record) => (record ? [finish(record, mappings, [])] : []))
}
