// A refund that no credit note explains, where the policy takes its part out of the sale: how much of it is that, and what its
// return says beyond its amounts. One that pays back what an earlier refund left when it failed takes nothing more out.
import type Stripe from 'stripe'
import { dayOf } from '../../../shared/calendar.ts'
import { pricedLines, sumOf } from '../../../shared/stripe/invoice-part.ts'
import { hasFailed, partsOf, pastRefund } from '../../../shared/stripe/refund-parts.ts'
import { isTaxedByStripe } from '../../../shared/stripe/tax-hold-marker.ts'
import type { DocumentFacts } from './document.ts'
import { keepOf, standingOf, taxCodesOf } from './document-facts.ts'
import { includedTaxOf, whereSold } from './gather-return.ts'
import { type Gatherer, type Keep, nothing, type Result } from './gathering.ts'
import { soldLines } from './invoice-lines.ts'
import { type RefundSource, readBalanceTransaction, readRefundSource } from './stripe-reads.ts'

/** @param recorded its return stands: a refund that fails after that leaves it, as the books leave their memo. */
export async function gatherRefund(
  tools: Gatherer,
  refund: Stripe.Refund,
  keep: Keep,
  recorded: boolean,
): Promise<Result> {
  if (!recorded && !isReturned(tools, refund)) return nothing('no_records')
  const source = await readRefundSource(tools.stripe, refund)
  if (!source) return nothing('no_records')
  const { invoice } = source
  if (isTaxedByStripe(invoice)) return nothing('automatic_tax')
  const restMinor = await restOf(tools, refund, source)
  // More than the invoice has no lines to come from: the books park it.
  if (restMinor <= 0n || restMinor > sumOf(pricedLines(invoice))) return nothing('no_records')
  const { sale, place, shipTo } = await whereSold(tools, refund.id, invoice, { keep, recorded })
  const included = recorded ? keep.included : await includedTaxOf(tools, invoice, sale)
  const facts: DocumentFacts = {
    shipTo,
    standing: standingOf(invoice, soldLines(invoice), keep, tools.config),
    taxCodes: await taxCodesOf(tools.catalog, soldLines(invoice), keep, {
      id: refund.id,
      hasShipping: (invoice.shipping_cost?.amount_total ?? 0) !== 0,
    }),
    timeZone: keep.timeZone ?? tools.config.timeZone,
    included,
  }
  return {
    context: { does: 'give-back', facts, invoice, restMinor },
    keep: { ...keepOf(facts), ...(place && { place }), ...(included && { included: { ...included } }) },
  }
}

function isReturned({ config }: Gatherer, { created, status }: Stripe.Refund): boolean {
  const rule = config.refundsWithoutCreditNote
  return rule.policy === 'return' && status === 'succeeded' && dayOf(created, config.timeZone) >= rule.since
}

/** What neither a credit note nor the failure of an earlier refund explains. */
async function restOf(
  { avatax, stripe }: Gatherer,
  refund: Stripe.Refund,
  { notes, refunds }: RefundSource,
): Promise<bigint> {
  const past = await Promise.all(
    refunds.map(async (each) => {
      if (!hasFailed(each) || each.id === refund.id) return pastRefund(each, notes, { isPosted: true })
      const back = await readBalanceTransaction(stripe, each.failure_balance_transaction)
      const isPosted = (await avatax.find(each.id, 'ReturnInvoice'))?.status === 'Committed'
      return pastRefund(each, notes, { back, isPosted })
    }),
  )
  return partsOf(past).get(refund.id)?.restMinor ?? 0n
}
