// A credit note: the invoice it credits, and how much of the charged tax it gives back where it states none itself.
import type Stripe from 'stripe'
import { isTaxedByStripe } from '../../../shared/stripe/tax-hold-marker.ts'
import { withoutAddress } from './blocked-draft.ts'
import { type DocumentFacts, TAX_INCLUDED } from './document.ts'
import { keepOf, standingOf, taxCodesOf } from './document-facts.ts'
import { recordFacts } from './gather-record.ts'
import { type Gatherer, type Keep, nothing, type Result } from './gathering.ts'
import { creditedLines, isZero, SHIPPING, soldLines } from './invoice-lines.ts'
import { policyOf } from './never-draft.ts'
import { type IncludedTax, type Shares, sharesOf } from './returned-tax.ts'
import { exactMinor, roundExact } from './rounding.ts'
import { readInvoice, readNotesUpTo } from './stripe-reads.ts'
import { addressOfInvoice } from './tax-address.ts'
import { taxOutcome } from './tax-outcome.ts'

export async function gatherReturn(
  tools: Gatherer,
  creditNote: Stripe.CreditNote,
  keep: Keep,
): Promise<Result> {
  const { stripe, catalog, config } = tools
  const invoiceId = typeof creditNote.invoice === 'string' ? creditNote.invoice : creditNote.invoice.id
  const invoice = await readInvoice(stripe, invoiceId)
  if (isTaxedByStripe(invoice)) return nothing('automatic_tax')
  const credited = creditedLines(creditNote, invoice)
  if (isZero(credited) && creditNote.total === 0) return nothing('zero_invoice')
  const shipTo = addressOfInvoice(invoice)
  if (!shipTo) throw withoutAddress(invoice, undefined)
  const sold = soldLines(invoice)
  const shares = keep.shares ?? (await sharesFor(tools, creditNote, invoice))
  const portions = Object.values(shares).flat()
  const facts: DocumentFacts = {
    shipTo,
    standing: standingOf(invoice, sold, keep, config),
    taxCodes: await taxCodesOf(catalog, portions.length > 0 ? [...credited, ...sold] : credited, keep, {
      id: creditNote.id,
      hasShipping:
        (creditNote.shipping_cost?.amount_total ?? 0) !== 0 || portions.some(({ of }) => of === SHIPPING),
    }),
    timeZone: keep.timeZone ?? config.timeZone,
  }
  return {
    context: { does: 'return', facts, invoice, ...(portions.length > 0 && { shares }) },
    keep: { ...keepOf(facts), ...(portions.length > 0 && { shares: { ...shares } }) },
  }
}

async function sharesFor(
  tools: Gatherer,
  creditNote: Stripe.CreditNote,
  invoice: Stripe.Invoice,
): Promise<Shares> {
  const credited = creditedLines(creditNote, invoice)
  const included = await includedTaxOf(tools, invoice)
  const sharesAmounts = tools.config.untaxedCredits === 'share'
  const unstated = credited.some(({ hasTaxEntry, of }) =>
    hasTaxEntry ? false : of === undefined ? sharesAmounts : included !== undefined,
  )
  if (!unstated) return {}
  return sharesOf(invoice, await readNotesUpTo(tools.stripe, invoice.id, creditNote), {
    included,
    sharesAmounts,
  })
}

/** What the invoice's document says; where there is none yet, what it is going to say. */
async function includedTaxOf(tools: Gatherer, invoice: Stripe.Invoice): Promise<IncludedTax | undefined> {
  if (taxOutcome({ ...invoice, status: 'open' }) !== 'finalized_untaxed') return undefined
  const recorded = await tools.avatax.find(invoice.id, 'SalesInvoice')
  if (recorded) {
    if (recorded.referenceCode !== TAX_INCLUDED) return undefined
    return Object.fromEntries(
      (recorded.lines ?? []).map(({ lineNumber, tax }) => [
        lineNumber,
        roundExact(exactMinor(tax, invoice.currency)).toString(),
      ]),
    )
  }
  if (policyOf(invoice, {}, tools.config) !== 'record-as-included') return undefined
  return (await recordFacts(tools, invoice, {}, false)).facts.included
}
