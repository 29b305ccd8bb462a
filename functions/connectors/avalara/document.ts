// The committed AvaTax document of a finalized invoice or a credit note: what Stripe charged, never a recalculation.
// Pure. Every line overrides AvaTax's tax with the charged amount, so the document is the same whenever it is
// written: rates that change between estimate and commit, or between commit and a repair, move nothing.
import type Stripe from 'stripe'
import { dayOf } from '../../../shared/calendar.ts'
import type { JsonObject } from '../../../shared/connector/contract.ts'
import { invariant, permanent } from '../../../shared/errors.ts'
import { money, toDecimal } from '../../../shared/money/money.ts'
import {
  type CreditedLine,
  creditedLines,
  keepsTax,
  netOf,
  SHIPPING,
  type SoldLine,
  shippingLine,
  soldLines,
  taxOf,
  totalOf,
} from './invoice-lines.ts'
import type { IncludedTax, Shares } from './returned-tax.ts'
import type { TaxAddress } from './tax-address.ts'
import { taxOutcome } from './tax-outcome.ts'
import type { TaxStanding } from './tax-standing.ts'

/**
 * How the document's referenceCode begins when the invoice was finalized without anybody having decided about its tax.
 * Alone: recorded as charged. What follows says what was done about it.
 */
export const FINALIZED_UNTAXED = 'FINALIZED_UNTAXED'
export const TAX_INCLUDED = `${FINALIZED_UNTAXED} TAX_INCLUDED`
export const RELEASED_BY = `${FINALIZED_UNTAXED} RELEASED_BY`

/** Key of the tax code under which money is given back without any of its tax. */
export const UNTAXED_CREDIT = 'untaxed_credit'

export interface DocumentFacts {
  shipTo: TaxAddress
  standing: TaxStanding
  /** AvaTax tax code by product id; `''` is for lines without a product. */
  taxCodes: Readonly<Record<string, string>>
  timeZone: string
  /** Of an invoice that was never taxed, by policy: the tax that its lines are taken to contain. */
  included?: IncludedTax | undefined
  /** Who released it untaxed. */
  releasedBy?: string | undefined
}

/** Positive, as Stripe has it: the sign of a return comes with the document. */
export interface Posted {
  number: string
  /** Of a return: the sold line that it takes from; absent: none, it gives money back and leaves the sale's lines alone. */
  of?: string | undefined
  product: string | undefined
  /** Key in the facts' tax codes. */
  taxCodeOf: string
  netMinor: bigint
  taxMinor: bigint
}

/** @param isTakenBack a document of its own takes back what is left of it (void-document.ts). */
export function invoiceDocument(
  invoice: Stripe.Invoice,
  facts: DocumentFacts,
  isTakenBack = false,
): JsonObject {
  return {
    ...header(invoice, facts),
    type: 'SalesInvoice',
    code: invoice.id,
    status: invoice.status === 'void' && !isTakenBack ? 'Cancelled' : 'Committed',
    date: dayOf(finalizedSeconds(invoice), facts.timeZone),
    referenceCode: saleReference(invoice, facts),
    lines: documentLines(chargedLines(invoice, facts), invoice.currency, facts, 1n),
  }
}

/** What each line was sold for. @throws permanent TAX-SUM. */
export function chargedLines(invoice: Stripe.Invoice, { included }: DocumentFacts): Posted[] {
  const lines = soldLines(invoice)
  const shipping = shippingLine(invoice.shipping_cost)
  const all = shipping ? [...lines, shipping] : lines
  requireTotal(all, invoice.total, invoice.id, invoice.currency)
  return all.map((line) => {
    const includedMinor = BigInt(included?.[line.id] ?? 0)
    return {
      ...identityOf(line),
      netMinor: netOf(line) - includedMinor,
      taxMinor: taxOf(line) + includedMinor,
    }
  })
}

/** A return gives back the charged tax, at the original's tax date, in the period of the credit note. */
export function creditNoteDocument(
  creditNote: Stripe.CreditNote,
  invoice: Stripe.Invoice,
  facts: DocumentFacts,
  shares: Shares = {},
): JsonObject {
  return {
    ...header(invoice, facts),
    type: 'ReturnInvoice',
    code: creditNote.id,
    status: creditNote.status === 'void' ? 'Cancelled' : 'Committed',
    date: dayOf(creditNote.effective_at ?? creditNote.created, facts.timeZone),
    taxDate: dayOf(finalizedSeconds(invoice), facts.timeZone),
    referenceCode: creditNote.number,
    lines: documentLines(returnedLines(creditNote, invoice, shares), creditNote.currency, facts, -1n),
  }
}

/** What each line of the note gives back. @throws permanent TAX-SUM. */
export function returnedLines(
  creditNote: Stripe.CreditNote,
  invoice: Stripe.Invoice,
  shares: Shares = {},
): Posted[] {
  const lines = creditedLines(creditNote, invoice)
  const shipping = shippingLine(creditNote.shipping_cost)
  const all = shipping ? [...lines, shipping] : lines
  requireTotal(all, creditNote.total, creditNote.id, creditNote.currency)
  const products = new Map(soldLines(invoice).map(({ id, product }) => [id, product]))
  return all.flatMap((line) => returned(line, shares, products))
}

/** A line as it states itself, or its shares of the lines that were sold, which keep their own product and tax code. */
function returned(
  line: CreditedLine,
  shares: Shares,
  products: ReadonlyMap<string, string | undefined>,
): Posted[] {
  const portions = shares[line.id]
  if (!portions) {
    const identity = {
      ...identityOf(line),
      ...(keepsTax(line) ? { taxCodeOf: UNTAXED_CREDIT } : { of: line.of }),
    }
    return [{ ...identity, netMinor: netOf(line), taxMinor: taxOf(line) }]
  }
  const shared = portions.reduce((total, { gross }) => total + BigInt(gross), 0n)
  if (shared !== line.baseMinor) throw invariant(`${line.id} is ${line.baseMinor}, its shares ${shared}.`)
  return portions.map(({ of, gross, tax }, index) => ({
    ...identityOf({ id: of, product: products.get(of) }),
    number: portionNumber(line.id, index, portions.length),
    of,
    netMinor: BigInt(gross) - BigInt(tax),
    taxMinor: BigInt(tax),
  }))
}

export const portionNumber = (lineId: string, index: number, of: number): string =>
  of === 1 ? lineId : `${lineId}.${index + 1}`

export const identityOf = ({ id, product }: Pick<SoldLine, 'id' | 'product'>) => ({
  number: id,
  product,
  taxCodeOf: id === SHIPPING ? SHIPPING : (product ?? ''),
})

export const customerCode = (
  invoice: Pick<Stripe.Invoice, 'customer' | 'customer_account' | 'id'>,
): string => {
  const { customer } = invoice
  return (typeof customer === 'string' ? customer : customer?.id) ?? invoice.customer_account ?? invoice.id
}

export const finalizedSeconds = (invoice: Stripe.Invoice): number =>
  invoice.effective_at ?? invoice.status_transitions.finalized_at ?? invoice.created

export const saleReference = (invoice: Stripe.Invoice, facts: DocumentFacts): string =>
  taxOutcome({ ...invoice, status: 'open' }) === 'finalized_untaxed'
    ? untaxedReference(facts)
    : (invoice.number ?? invoice.id)

/** AvaTax takes 1,024 characters; a configured name has 60 at most. */
const untaxedReference = ({ included, releasedBy }: DocumentFacts): string =>
  included ? TAX_INCLUDED : releasedBy ? `${RELEASED_BY} ${releasedBy}` : FINALIZED_UNTAXED

export function header(invoice: Stripe.Invoice, facts: DocumentFacts): JsonObject {
  const { why: _, ...standing } = facts.standing
  return {
    currency: invoice.currency.toUpperCase(),
    customerCode: customerCode(invoice),
    ...standing,
    shipTo: { ...facts.shipTo },
  }
}

export function documentLines(
  lines: readonly Posted[],
  currency: string,
  facts: DocumentFacts,
  sign: 1n | -1n,
) {
  return lines
    .map(({ number, product, taxCodeOf, netMinor, taxMinor }) => ({
      number,
      ...(product && { itemCode: product.slice(0, 50) }),
      taxCode: facts.taxCodes[taxCodeOf] ?? '',
      amount: toDecimal(money(sign * netMinor, currency)),
      tax: toDecimal(money(sign * taxMinor, currency)),
    }))
    .sort((a, b) => (a.number < b.number ? -1 : 1))
}

function requireTotal(lines: readonly SoldLine[], total: number, id: string, currency: string): void {
  const lineTotal = totalOf(lines)
  if (lineTotal === BigInt(total)) return
  const say = (amountMinor: bigint) => `${currency.toUpperCase()} ${toDecimal(money(amountMinor, currency))}`
  throw permanent(
    `${id} is not in AvaTax: its lines come to ${say(lineTotal)}, Stripe's total is ${say(BigInt(total))}. Nothing was recorded.`,
    {
      code: 'TAX-SUM',
      hint: 'Engineering: an amount of the invoice stands outside its lines (field total). Look at it in Stripe, then replay.',
    },
  )
}
