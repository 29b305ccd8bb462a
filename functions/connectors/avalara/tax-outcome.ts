// What became of an invoice's tax, told from the Stripe invoice alone. Used by the projection to flag documents,
// and by reports that must count invoices that were never a draft and so were finalized without tax.
import type Stripe from 'stripe'
import { isTaxedByStripe } from '../../../shared/stripe/tax-hold-marker.ts'
import { isZero, soldLines, taxOf } from './invoice-lines.ts'

export type TaxOutcome =
  | 'automatic_tax' // Stripe's own engine, or an app under it, taxes it: left alone
  | 'draft' // not finalized yet
  | 'zero_invoice' // nothing was sold for money
  | 'taxed'
  | 'zero_with_reason' // exempt, reverse charge, no nexus, …: said on every line, or of the customer
  | 'finalized_untaxed' // a line was charged and nobody decided about its tax

/**
 * A line counts as decided when Stripe shows any tax entry on it, or when the customer was exempt or under reverse
 * charge at finalization. One undecided line is enough: that revenue is untaxed.
 */
export function taxOutcome(invoice: Stripe.Invoice): TaxOutcome {
  if (isTaxedByStripe(invoice)) return 'automatic_tax'
  if (invoice.status === 'draft') return 'draft'
  const lines = soldLines(invoice)
  if (isZero(lines)) return 'zero_invoice'
  const exempt = invoice.customer_tax_exempt === 'exempt' || invoice.customer_tax_exempt === 'reverse'
  const undecided = lines.some((line) => line.baseMinor !== 0n && !line.hasTaxEntry)
  if (undecided && !exempt) return 'finalized_untaxed'
  return lines.some((line) => taxOf(line) !== 0n) ? 'taxed' : 'zero_with_reason'
}

/** Finalized without anybody having decided about its tax, and still owed or paid: needs a person's policy. */
export const wasNeverTaxed = (invoice: Stripe.Invoice): boolean =>
  invoice.status !== 'void' && taxOutcome(invoice) === 'finalized_untaxed'
