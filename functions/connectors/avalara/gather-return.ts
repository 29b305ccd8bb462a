// A credit note: the invoice it credits, where that was recorded, and, where its tax was recorded as included, how much of
// that comes back.
import type Stripe from 'stripe'
import { hashJson } from '../../../shared/connector/hash.ts'
import { invariant } from '../../../shared/errors.ts'
import { money, toDecimal } from '../../../shared/money/money.ts'
import { isTaxedByStripe } from '../../../shared/stripe/tax-hold-marker.ts'
import type { TransactionAnswer } from './answer.ts'
import { type DocumentFacts, TAX_INCLUDED, UNTAXED_CREDIT } from './document.ts'
import { keepOf, standingOf, taxCodesOf } from './document-facts.ts'
import { recordFacts } from './gather-record.ts'
import { type Gatherer, type Keep, nothing, type Result } from './gathering.ts'
import {
  type CreditedLine,
  creditedLines,
  isZero,
  keepsTax,
  SHIPPING,
  soldLines,
  taxOf,
  totalOf,
} from './invoice-lines.ts'
import { policyOf } from './never-draft.ts'
import { recordedAddress } from './recorded-address.ts'
import { type IncludedTax, type Shares, sharesOf } from './returned-tax.ts'
import { exactMinor, roundExact } from './rounding.ts'
import { readInvoice, readNotesUpTo } from './stripe-reads.ts'
import { addressOfInvoice, atPlace, type Place, placeSchema } from './tax-address.ts'
import { taxOutcome } from './tax-outcome.ts'
import { documentOf } from './transaction-body.ts'

/** @param recorded the ledger knows that the return stands: nothing of it is chosen anew. */
export async function gatherReturn(
  tools: Gatherer,
  creditNote: Stripe.CreditNote,
  keep: Keep,
  recorded: boolean,
): Promise<Result> {
  const { stripe, config } = tools
  const invoiceId = typeof creditNote.invoice === 'string' ? creditNote.invoice : creditNote.invoice.id
  const invoice = await readInvoice(stripe, invoiceId)
  if (isTaxedByStripe(invoice)) return nothing('automatic_tax')
  const credited = creditedLines(creditNote, invoice)
  if (isZero(credited) && creditNote.total === 0) return nothing('zero_invoice')
  const { sale, place, shipTo } = await whereSold(tools, creditNote.id, invoice, { keep, recorded })
  const shares = keep.taxCodes
    ? (keep.shares ?? {})
    : await sharesFor(tools, creditNote, { invoice, credited, sale })
  const portions = Object.values(shares).flat()
  if (!recorded) tellUntaxed(tools, creditNote, { invoice, lines: credited.filter(({ id }) => !shares[id]) })
  const facts: DocumentFacts = {
    shipTo,
    standing: standingOf(invoice, soldLines(invoice), keep, config),
    taxCodes: await returnedCodes(tools, creditNote, { invoice, credited, shares, keep }),
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

/** What is given back is returned where it was sold, or is going to be. @param id of what gives it back. */
export async function whereSold(
  tools: Gatherer,
  id: string,
  invoice: Stripe.Invoice,
  { keep, recorded }: { keep: Keep; recorded: boolean },
) {
  const sale = recorded ? undefined : await tools.avatax.find(invoice.id, 'SalesInvoice')
  const place = keep.place ?? (recorded ? undefined : await placeOfSale(tools, invoice, sale))
  const snapshot = addressOfInvoice(invoice)
  const shipTo = place ? atPlace(snapshot ?? place, place) : snapshot
  if (!shipTo) throw invariant(`${invoice.id} has no address, and no place was kept for ${id}.`)
  return { sale, place, shipTo }
}

/** Money of a taxed sale goes back and its tax stays: right where the seller meant it so, and somebody must hear of it. */
function tellUntaxed(
  { tell }: Gatherer,
  { id, currency }: Stripe.CreditNote,
  { invoice, lines }: { invoice: Stripe.Invoice; lines: readonly CreditedLine[] },
): void {
  const keeping = lines.filter(keepsTax)
  if (keeping.length === 0 || !soldLines(invoice).some((line) => taxOf(line) !== 0n)) return
  const amount = toDecimal(money(totalOf(keeping), currency))
  tell('UntaxedCredit', { document: id, currency: currency.toUpperCase(), amount, of: invoice.id })
}

/**
 * It is returned where it was sold, or is going to be sold: undefined: where the invoice's own address says.
 * @throws HubError.
 */
async function placeOfSale(
  tools: Gatherer,
  invoice: Stripe.Invoice,
  sale: TransactionAnswer | undefined,
): Promise<Place | undefined> {
  const shipTo = sale ? documentOf(sale, sale.code).shipTo : (await addressToBe(tools, invoice)).shipTo
  if (hashJson(shipTo ?? null) === hashJson({ ...addressOfInvoice(invoice) })) return undefined
  return placeSchema.safeParse(shipTo).data
}

const addressToBe = (tools: Gatherer, invoice: Stripe.Invoice) =>
  recordedAddress(tools, invoice, {
    keep: {},
    recorded: false,
    tried: true,
    taxCodesOf: () =>
      taxCodesOf(tools.catalog, soldLines(invoice), {}, { id: invoice.id, hasShipping: false }),
  })

async function returnedCodes(
  { catalog, config }: Gatherer,
  creditNote: Stripe.CreditNote,
  {
    invoice,
    credited,
    shares,
    keep,
  }: { invoice: Stripe.Invoice; credited: readonly CreditedLine[]; shares: Shares; keep: Keep },
): Promise<Record<string, string>> {
  const portions = Object.values(shares).flat()
  const unshared = credited.filter(({ id }) => !shares[id])
  const codes = await taxCodesOf(
    catalog,
    [...unshared.filter((line) => !keepsTax(line)), ...(portions.length > 0 ? soldLines(invoice) : [])],
    keep,
    {
      id: creditNote.id,
      hasShipping:
        (creditNote.shipping_cost?.amount_total ?? 0) !== 0 || portions.some(({ of }) => of === SHIPPING),
    },
  )
  const untaxed = keep.taxCodes?.[UNTAXED_CREDIT] ?? config.taxCodes.untaxedCredit
  return { ...codes, ...(unshared.some(keepsTax) && { [UNTAXED_CREDIT]: untaxed }) }
}

async function sharesFor(
  tools: Gatherer,
  creditNote: Stripe.CreditNote,
  {
    invoice,
    credited,
    sale,
  }: { invoice: Stripe.Invoice; credited: readonly CreditedLine[]; sale: TransactionAnswer | undefined },
): Promise<Shares> {
  if (credited.every(({ hasTaxEntry }) => hasTaxEntry)) return {}
  const included = await includedTaxOf(tools, invoice, sale)
  if (!included) return {}
  return sharesOf(invoice, await readNotesUpTo(tools.stripe, invoice.id, creditNote), included)
}

/** What the invoice's document says; where there is none yet, what it is going to say. */
export async function includedTaxOf(
  tools: Gatherer,
  invoice: Stripe.Invoice,
  sale: TransactionAnswer | undefined,
): Promise<IncludedTax | undefined> {
  if (taxOutcome({ ...invoice, status: 'open' }) !== 'finalized_untaxed') return undefined
  if (sale) {
    if (sale.referenceCode !== TAX_INCLUDED) return undefined
    return Object.fromEntries(
      (sale.lines ?? []).map(({ lineNumber, tax }) => [
        lineNumber,
        roundExact(exactMinor(tax, invoice.currency)).toString(),
      ]),
    )
  }
  if (policyOf(invoice, {}, tools.config) !== 'record-as-included') return undefined
  return (await recordFacts(tools, invoice, {}, false)).facts.included
}
