// The committed AvaTax document of a finalized invoice or a credit note: what Stripe charged, never a recalculation.
// Pure. Every line overrides AvaTax's tax with the charged amount, so the document is the same whenever it is
// written: rates that change between estimate and commit, or between commit and a repair, move nothing.
import type Stripe from 'stripe'
import { dayOf } from '../../../shared/calendar.ts'
import type { JsonObject } from '../../../shared/connector/contract.ts'
import { permanent } from '../../../shared/errors.ts'
import { money, toDecimal } from '../../../shared/money/money.ts'
import { creditedLines, netOf, type SoldLine, soldLines, taxOf, totalOf } from './invoice-lines.ts'
import type { TaxAddress } from './tax-address.ts'
import { taxOutcome } from './tax-outcome.ts'
import type { TaxStanding } from './tax-standing.ts'

/** In the document's referenceCode: the invoice was never a draft, and nobody decided about its tax. */
export const FINALIZED_UNTAXED = 'FINALIZED_UNTAXED'

export interface DocumentFacts {
  shipTo: TaxAddress
  standing: TaxStanding
  /** AvaTax tax code by product id; `''` is for lines without a product. */
  taxCodes: Readonly<Record<string, string>>
  timeZone: string
}

export function invoiceDocument(invoice: Stripe.Invoice, facts: DocumentFacts): JsonObject {
  const lines = soldLines(invoice)
  const shipping = shippingLine(invoice.shipping_cost)
  const all = shipping ? [...lines, shipping] : lines
  requireTotal(all, invoice.total, invoice.id, invoice.currency)
  const untaxed = taxOutcome({ ...invoice, status: 'open' }) === 'finalized_untaxed'
  return {
    ...header(invoice, facts),
    type: 'SalesInvoice',
    code: invoice.id,
    status: invoice.status === 'void' ? 'Cancelled' : 'Committed',
    date: dayOf(finalizedSeconds(invoice), facts.timeZone),
    referenceCode: untaxed ? FINALIZED_UNTAXED : (invoice.number ?? invoice.id),
    lines: documentLines(all, invoice.currency, facts, 1n),
  }
}

/** A return gives back the charged tax, at the original's tax date, in the period of the credit note. */
export function creditNoteDocument(
  creditNote: Stripe.CreditNote,
  invoice: Stripe.Invoice,
  facts: DocumentFacts,
): JsonObject {
  const lines = creditedLines(creditNote, invoice)
  const shipping = shippingLine(creditNote.shipping_cost)
  const all = shipping ? [...lines, shipping] : lines
  requireTotal(all, creditNote.total, creditNote.id, creditNote.currency)
  return {
    ...header(invoice, facts),
    type: 'ReturnInvoice',
    code: creditNote.id,
    status: creditNote.status === 'void' ? 'Cancelled' : 'Committed',
    date: dayOf(creditNote.effective_at ?? creditNote.created, facts.timeZone),
    taxDate: dayOf(finalizedSeconds(invoice), facts.timeZone),
    referenceCode: creditNote.number,
    lines: documentLines(all, creditNote.currency, facts, -1n),
  }
}

export const customerCode = (
  invoice: Pick<Stripe.Invoice, 'customer' | 'customer_account' | 'id'>,
): string => {
  const { customer } = invoice
  return (typeof customer === 'string' ? customer : customer?.id) ?? invoice.customer_account ?? invoice.id
}

const finalizedSeconds = (invoice: Stripe.Invoice): number =>
  invoice.effective_at ?? invoice.status_transitions.finalized_at ?? invoice.created

function header(invoice: Stripe.Invoice, facts: DocumentFacts): JsonObject {
  const { why: _, ...standing } = facts.standing
  return {
    currency: invoice.currency.toUpperCase(),
    customerCode: customerCode(invoice),
    ...standing,
    shipTo: { ...facts.shipTo },
  }
}

function documentLines(lines: readonly SoldLine[], currency: string, facts: DocumentFacts, sign: 1n | -1n) {
  return lines
    .map((line) => ({
      number: line.id,
      ...(line.product && { itemCode: line.product.slice(0, 50) }),
      taxCode: facts.taxCodes[line.id === SHIPPING ? SHIPPING : (line.product ?? '')] ?? '',
      amount: toDecimal(money(sign * netOf(line), currency)),
      tax: toDecimal(money(sign * taxOf(line), currency)),
    }))
    .sort((a, b) => (a.number < b.number ? -1 : 1))
}

export const SHIPPING = 'shipping'

function shippingLine(cost: Stripe.Invoice['shipping_cost']): SoldLine | undefined {
  if (!cost || cost.amount_total === 0) return undefined
  const tax = BigInt(cost.amount_tax)
  return {
    id: SHIPPING,
    product: undefined,
    price: undefined,
    baseMinor: BigInt(cost.amount_total) - tax,
    inclusiveTaxMinor: 0n,
    exclusiveTaxMinor: tax,
    hasTaxEntry: true,
    taxabilityReasons: [],
  }
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
