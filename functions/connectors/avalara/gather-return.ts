// A credit note: the invoice it credits, and how much of the charged tax it gives back where it states none itself.
import type Stripe from 'stripe'
import { hashJson } from '../../../shared/connector/hash.ts'
import { isTaxedByStripe } from '../../../shared/stripe/tax-hold-marker.ts'
import type { TransactionAnswer } from './answer.ts'
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
import { addressOfInvoice, atPlace, type Place, placeSchema, type TaxAddress } from './tax-address.ts'
import { taxOutcome } from './tax-outcome.ts'
import { documentOf } from './transaction-body.ts'

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
  const snapshot = addressOfInvoice(invoice)
  // What the invoice's document says is looked up once; what follows from it is kept.
  const recorded = keep.taxCodes ? undefined : await tools.avatax.find(invoice.id, 'SalesInvoice')
  const place = keep.place ?? placeOfRecorded(recorded, snapshot)
  if (!snapshot) throw withoutAddress(invoice, undefined)
  const sold = soldLines(invoice)
  const shares = keep.taxCodes
    ? (keep.shares ?? {})
    : await sharesFor(tools, creditNote, { invoice, recorded })
  const portions = Object.values(shares).flat()
  const facts: DocumentFacts = {
    shipTo: place ? atPlace(snapshot, place) : snapshot,
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
    keep: {
      ...keepOf(facts),
      ...(place && { place }),
      ...(portions.length > 0 && { shares: { ...shares } }),
    },
  }
}

/** The sale was recorded elsewhere than its address says: where AvaTax could calculate it. It is returned there. */
function placeOfRecorded(
  recorded: TransactionAnswer | undefined,
  snapshot: TaxAddress | undefined,
): Place | undefined {
  if (!recorded) return undefined
  const shipTo = documentOf(recorded, recorded.code).shipTo ?? null
  if (hashJson(shipTo) === hashJson({ ...snapshot })) return undefined
  return placeSchema.safeParse(shipTo).data
}

async function sharesFor(
  tools: Gatherer,
  creditNote: Stripe.CreditNote,
  { invoice, recorded }: { invoice: Stripe.Invoice; recorded: TransactionAnswer | undefined },
): Promise<Shares> {
  const credited = creditedLines(creditNote, invoice)
  const included = await includedTaxOf(tools, invoice, recorded)
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
async function includedTaxOf(
  tools: Gatherer,
  invoice: Stripe.Invoice,
  recorded: TransactionAnswer | undefined,
): Promise<IncludedTax | undefined> {
  if (taxOutcome({ ...invoice, status: 'open' }) !== 'finalized_untaxed') return undefined
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
