// The return of a refund that no credit note explains: its part of every line that was sold, and of its tax, as the books take
// it back. Dated as the refund, at the sale's tax date. Pure.
import type Stripe from 'stripe'
import { dayOf } from '../../../shared/calendar.ts'
import type { JsonObject } from '../../../shared/connector/contract.ts'
import { inProportion, pricedLines } from '../../../shared/stripe/invoice-part.ts'
import {
  type DocumentFacts,
  documentLines,
  finalizedSeconds,
  header,
  identityOf,
  type Posted,
} from './document.ts'
import { soldLines } from './invoice-lines.ts'

export function refundDocument(
  refund: Stripe.Refund,
  invoice: Stripe.Invoice,
  facts: DocumentFacts,
  restMinor: bigint,
): JsonObject {
  return {
    ...header(invoice, facts),
    type: 'ReturnInvoice',
    code: refund.id,
    status: 'Committed',
    date: dayOf(refund.created, facts.timeZone),
    taxDate: dayOf(finalizedSeconds(invoice), facts.timeZone),
    referenceCode: invoice.number ?? invoice.id,
    lines: documentLines(givenBack(invoice, facts, restMinor), refund.currency, facts, -1n),
  }
}

function givenBack(invoice: Stripe.Invoice, { included }: DocumentFacts, restMinor: bigint): Posted[] {
  const products = new Map(soldLines(invoice).map(({ id, product }) => [id, product]))
  const sold = pricedLines(invoice)
  return inProportion(sold, restMinor)
    .map(({ id, netMinor, taxes }, index): Posted => {
      const wholeMinor = sold[index]?.netMinor ?? 0n
      // A tax that was recorded as included in the price is in the net amount, and comes back with its part of that.
      const includedMinor = wholeMinor === 0n ? 0n : (BigInt(included?.[id] ?? 0) * netMinor) / wholeMinor
      return {
        ...identityOf({ id, product: products.get(id) }),
        of: id,
        netMinor: netMinor - includedMinor,
        taxMinor: taxes.reduce((sum, { amountMinor }) => sum + amountMinor, includedMinor),
      }
    })
    .filter(({ netMinor, taxMinor }) => netMinor !== 0n || taxMinor !== 0n)
}
