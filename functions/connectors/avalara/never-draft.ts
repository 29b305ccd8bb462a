// Invoices that nobody could tax before they were finalized: which of the configured policies applies to one, and, where
// its price is taken to contain the tax, how much that is.
import type Stripe from 'stripe'
import { dayOf } from '../../../shared/calendar.ts'
import { toCalculation } from './calculation.ts'
import type { AvalaraConfig } from './config.ts'
import { customerCode, finalizedSeconds } from './document.ts'
import { estimateRequest } from './estimate.ts'
import { isCrossBorderEu } from './eu-countries.ts'
import type { Gatherer, Keep } from './gathering.ts'
import type { SoldLine } from './invoice-lines.ts'
import { estimateAt, type Placed } from './placing.ts'
import { notedRelease } from './release-approval.ts'
import type { IncludedTax } from './returned-tax.ts'
import type { TaxAddress } from './tax-address.ts'
import { taxOutcome } from './tax-outcome.ts'
import type { TaxStanding } from './tax-standing.ts'
import { wireModel } from './wire-model.ts'

/** On the credit note and the new invoice of a reissue: the id of the invoice that was finalized untaxed. */
export const REISSUE_KEY = 'switchyard_reissue_of'

export type NeverDraftPolicy = AvalaraConfig['neverDraft']['policy']

/**
 * undefined: somebody decided about its tax. A release by a person is a decision that no policy undoes, and what is a
 * reissue already is not reissued again.
 */
export function policyOf(
  invoice: Stripe.Invoice,
  keep: Keep,
  { neverDraft, timeZone }: AvalaraConfig,
): NeverDraftPolicy | undefined {
  if (taxOutcome({ ...invoice, status: 'open' }) !== 'finalized_untaxed') return undefined
  if (keep.included) return 'record-as-included'
  if (keep.released || notedRelease(invoice) || invoice.metadata?.[REISSUE_KEY]) return 'report-only'
  if (neverDraft.policy === 'report-only') return 'report-only'
  return dayOf(finalizedSeconds(invoice), timeZone) >= neverDraft.since ? neverDraft.policy : 'report-only'
}

/** The tax that each undecided line contains at the rates of its own date. @throws what the SDK throws. */
export async function calculateIncluded(
  { avatax, config }: Gatherer,
  invoice: Stripe.Invoice,
  asked: {
    sold: readonly SoldLine[]
    shipTo: TaxAddress
    standing: TaxStanding
    taxCodes: Readonly<Record<string, string>>
  },
): Promise<{ included: IncludedTax } & Pick<Placed, 'place' | 'note'>> {
  const { currency } = invoice
  const lines = asked.sold
    .filter((line) => line.baseMinor !== 0n && !line.hasTaxEntry)
    .map(({ id, baseMinor, product }) => ({
      id,
      baseMinor,
      inclusive: true,
      itemCode: product,
      taxCode: asked.taxCodes[product ?? ''] ?? '',
    }))
  const ask = (shipTo: TaxAddress) =>
    wireModel(
      estimateRequest(
        {
          invoiceId: invoice.id,
          customerCode: customerCode(invoice),
          currency,
          date: dayOf(finalizedSeconds(invoice), config.timeZone),
          shipTo,
          standing: asked.standing,
          lines,
        },
        config,
      ),
      currency,
    )
  const { answer, place, note } = await estimateAt(avatax, config, {
    shipTo: asked.shipTo,
    code: invoice.id,
    ask,
  })
  const calculation = toCalculation(answer, lines, {
    currency,
    standing: asked.standing,
    crossBorderEu: isCrossBorderEu(config.sellerAddress.country, asked.shipTo.country),
  })
  const included = Object.fromEntries(
    Object.entries(calculation.lines).map(([id, { taxes }]) => [
      id,
      taxes.reduce((total, { amount }) => total + BigInt(amount), 0n).toString(),
    ]),
  )
  return { included, place, note }
}
