// What every object needs to know before its documents can be made: its customer's facts, currency, products, tax rates,
// and the dates of its documents; and from where needs are read.
import type Stripe from 'stripe'
import { idOf } from '../../../shared/stripe/event.ts'
import type { CustomerFacts, DocumentName, When } from './books.ts'
import type { NetSuiteConfig } from './config.ts'
import type { FailedRefunds } from './failed-refunds.ts'
import type { Reversals } from './reversals.ts'
import { type BookLine, expanded } from './stripe-fields.ts'
import type { StripeReads } from './stripe-reads.ts'

export interface BasicNeeds {
  customerId: string | undefined
  customerFacts: CustomerFacts | undefined
  currency: string
  productIds: string[]
  taxRateIds: string[]
  /** Records to be dated, with their dates. */
  documents: [record: DocumentName, when: When][]
  /** Currencies beside the object's own in which Stripe settled money of it. */
  settledIn: string[]
}

export interface NeedsSources {
  config: NetSuiteConfig
  reads: StripeReads
  reversals: Reversals
  failedRefunds: FailedRefunds
  /** What is open in NetSuite on invoices that something may have to be settled on. */
  openAmounts: ReadonlyMap<string, string>
  nowSeconds: number
}

export const NOTHING: Pick<BasicNeeds, 'productIds' | 'taxRateIds' | 'documents' | 'settledIn'> = {
  productIds: [],
  taxRateIds: [],
  documents: [],
  settledIn: [],
}

export function ofInvoice(
  invoice: Stripe.Invoice,
): Pick<BasicNeeds, 'customerId' | 'customerFacts' | 'currency'> {
  return {
    customerId: idOf(invoice.customer),
    customerFacts: customerFactsOf(invoice),
    currency: invoice.currency,
  }
}

export function ofLines(lines: readonly BookLine[]): Pick<BasicNeeds, 'productIds' | 'taxRateIds'> {
  return {
    productIds: [...new Set(lines.flatMap((line) => line.productId ?? []))],
    taxRateIds: [...new Set(lines.flatMap((line) => line.taxes.flatMap((tax) => tax.rateId ?? [])))],
  }
}

/** The customer's facts from its expanded object, or from the invoice's copy when it is deleted or not expanded. */
function customerFactsOf(invoice: Stripe.Invoice): CustomerFacts {
  const customer = expanded<Stripe.Customer | Stripe.DeletedCustomer>(invoice.customer)
  if (!customer || customer.deleted) {
    return { country: invoice.customer_address?.country, currency: invoice.currency }
  }
  return {
    metadata: customer.metadata,
    country: customer.address?.country,
    currency: customer.currency ?? invoice.currency,
  }
}
