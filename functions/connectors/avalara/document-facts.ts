// What a document says beyond its amounts, chosen once and kept: a filed sale is not rewritten because something changed
// in Stripe's catalog or in hub.config.ts.
import type Stripe from 'stripe'
import type { JsonObject } from '../../../shared/connector/contract.ts'
import type { Catalog } from './catalog.ts'
import type { AvalaraConfig } from './config.ts'
import type { DocumentFacts } from './document.ts'
import type { Keep } from './gathering.ts'
import { SHIPPING, type SoldLine } from './invoice-lines.ts'
import { keepStanding, standingFromKept, standingOfInvoice, type TaxStanding } from './tax-standing.ts'

/** Avalara's code for shipping by common carrier. https://taxcode.avatax.avalara.com */
const SHIPPING_CODE = 'FR020100'

/** As it was when the tax was calculated; a customer's later exemption does not change what was sold. */
export const standingOf = (
  invoice: Stripe.Invoice,
  sold: readonly SoldLine[],
  keep: Keep,
  config: AvalaraConfig,
): TaxStanding =>
  keep.standing
    ? standingFromKept(keep.standing, invoice)
    : standingOfInvoice(
        invoice,
        sold.flatMap(({ taxabilityReasons }) => taxabilityReasons),
        config.exemption,
      )

export async function taxCodesOf(
  catalog: Catalog,
  lines: readonly SoldLine[],
  keep: Keep,
  document: { id: string; hasShipping: boolean },
): Promise<Record<string, string>> {
  const codes: Record<string, string> = {}
  for (const { product } of lines) {
    codes[product ?? ''] ??= keep.taxCodes?.[product ?? ''] ?? (await catalog.taxCode(product, document.id))
  }
  if (document.hasShipping) codes[SHIPPING] = SHIPPING_CODE
  return codes
}

export const keepOf = (facts: DocumentFacts): JsonObject => ({
  standing: keepStanding(facts.standing),
  taxCodes: { ...facts.taxCodes },
  timeZone: facts.timeZone,
})
