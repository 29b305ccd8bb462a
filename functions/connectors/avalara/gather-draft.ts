// A draft: the customer, the tax codes and AvaTax's estimate, asked for once per input. What blocks it is told in
// blocked-draft.ts's words, unless the configuration has a way on.
import type Stripe from 'stripe'
import { dayOf } from '../../../shared/calendar.ts'
import { nowSeconds } from '../../../shared/clock.ts'
import type { ObjectRef } from '../../../shared/connector/contract.ts'
import { hashJson } from '../../../shared/connector/hash.ts'
import { isHubError } from '../../../shared/errors.ts'
import { isStripeNotFound, translateStripeError } from '../../../shared/stripe/errors.ts'
import { formerAutoAdvance } from '../../../shared/stripe/tax-hold-marker.ts'
import { refuseShipping, unknownAddress, vatPending, withoutAddress } from './blocked-draft.ts'
import { type Calculation, toCalculation, zeroCalculation } from './calculation.ts'
import { customerCode } from './document.ts'
import { type EstimateLine, estimateRequest } from './estimate.ts'
import { isCrossBorderEu } from './eu-countries.ts'
import {
  customerIdOf,
  type Gatherer,
  type Keep,
  type LiveCustomer,
  onCustomer,
  type Result,
} from './gathering.ts'
import { isZero, type SoldLine, soldLines } from './invoice-lines.ts'
import { estimateAt, type Placed } from './placing.ts'
import { refusesAddress, translateAvaTaxError } from './refusals.ts'
import { releaseNote, releaseOf } from './release-approval.ts'
import { addressOfCustomer, addressOfInvoice, type TaxAddress } from './tax-address.ts'
import { isVatPending, keepStanding, standingOfCustomer, type TaxStanding } from './tax-standing.ts'
import { wireModel } from './wire-model.ts'

export async function gatherDraft(tools: Gatherer, invoice: Stripe.Invoice, keep: Keep): Promise<Result> {
  const sold = soldLines(invoice)
  const keptByStripe = await isKeptByStripe(tools, invoice)
  if (isZero(sold)) {
    return {
      context: { does: 'tax', calculation: untaxed(sold), keptByStripe },
      keep: { leftAlone: 'zero_invoice' },
    }
  }
  try {
    return await taxDraft(tools, invoice, keep, { sold, keptByStripe })
  } catch (error) {
    if (!isHubError(error)) throw error
    const released = releaseOf(invoice, error, { config: tools.config.fallback, clock: tools.clock })
    return {
      context: { does: 'tax', calculation: untaxed(sold), keptByStripe, note: releaseNote(released) },
      keep: { released: { ...released } },
    }
  }
}

const untaxed = (sold: readonly SoldLine[]): Calculation =>
  zeroCalculation(sold.map((line) => ({ ...line, inclusive: false })))

async function taxDraft(
  tools: Gatherer,
  invoice: Stripe.Invoice,
  keep: Keep,
  { sold, keptByStripe }: { sold: readonly SoldLine[]; keptByStripe: boolean },
): Promise<Result> {
  const stays = keptByStripe || formerAutoAdvance(invoice) === 'false'
  refuseShipping(invoice)
  const customerId = customerIdOf(invoice)
  const customer = customerId === undefined ? undefined : await tools.customerOf(customerId)
  const shipTo = addressOfCustomer(customer) ?? addressOfInvoice(invoice)
  if (!shipTo) throw withoutAddress(invoice, customerId)
  const { config, catalog } = tools
  const standing = standingOfCustomer(customer, shipTo.country, config.exemption)
  if (!stays) waitForVat(tools, invoice, { customer, standing, country: shipTo.country })
  const lines: EstimateLine[] = await Promise.all(
    sold.map(async (line) => ({
      id: line.id,
      baseMinor: line.baseMinor,
      inclusive: await catalog.isInclusive(line.price),
      itemCode: line.product,
      taxCode: await catalog.taxCode(line.product, invoice.id),
    })),
  )
  // The draft's own date, not today's: a retry after midnight must ask the same question.
  const date = dayOf(invoice.effective_at ?? invoice.created, config.timeZone)
  const requestAt = (at: TaxAddress) =>
    estimateRequest(
      {
        invoiceId: invoice.id,
        customerCode: customerCode(invoice),
        currency: invoice.currency,
        date,
        shipTo: at,
        standing,
        lines,
      },
      config,
    )
  const inputs = hashJson(requestAt(shipTo))
  const taxCodes = Object.fromEntries(lines.map((line) => [line.itemCode ?? '', line.taxCode]))
  const { currency } = invoice
  const { calculation, place, note } =
    keep.inputs === inputs && keep.calculation
      ? { calculation: keep.calculation, place: keep.place, note: keep.note }
      : await placedCalculation(tools, invoice, {
          shipTo,
          customerId,
          ask: (at) => wireModel(requestAt(at), currency),
          toResult: (answer) =>
            toCalculation(answer, lines, {
              currency,
              standing,
              crossBorderEu: isCrossBorderEu(config.sellerAddress.country, shipTo.country),
            }),
        })
  return {
    context: { does: 'tax', calculation, keptByStripe, ...(note && { note }) },
    keep: {
      inputs,
      calculation,
      standing: keepStanding(standing),
      taxCodes,
      ...(place && { place }),
      ...(note && { note }),
    },
    // One that goes out at once is a draft no more by the time anything changes.
    ...(stays && { watches: inputsOf(customerId, sold) }),
  }
}

/** Only where the number would move the tax to the buyer. @throws transient. */
function waitForVat(
  { config, clock }: Gatherer,
  invoice: Stripe.Invoice,
  { customer, standing, country }: { customer: LiveCustomer; standing: TaxStanding; country: string },
): void {
  const matters =
    standing.why === 'ordinary' &&
    standing.businessIdentificationNo === undefined &&
    isCrossBorderEu(config.sellerAddress.country, country)
  const untilSeconds = invoice.created + config.pendingVatMinutes * 60
  const leftMinutes = Math.ceil((untilSeconds - nowSeconds(clock)) / 60)
  if (matters && isVatPending(customer) && leftMinutes > 0) {
    throw vatPending(invoice, customerIdOf(invoice), leftMinutes)
  }
}

/** What the tax of a draft is calculated from, beyond the draft itself. */
const inputsOf = (customerId: string | undefined, sold: readonly SoldLine[]): ObjectRef[] => [
  ...onCustomer(customerId),
  ...[...new Set(sold.flatMap(({ product }) => product ?? []))].map((id) => ({ type: 'product', id })),
]

async function placedCalculation(
  { avatax, config }: Gatherer,
  invoice: Stripe.Invoice,
  asked: {
    shipTo: TaxAddress
    customerId: string | undefined
    ask: (at: TaxAddress) => ReturnType<typeof wireModel>
    toResult: (answer: Placed['answer']) => Calculation
  },
): Promise<{ calculation: Calculation } & Pick<Placed, 'place' | 'note'>> {
  const { shipTo, ask } = asked
  try {
    const { answer, place, note } = await estimateAt(avatax, config, { shipTo, code: invoice.id, ask })
    return { calculation: asked.toResult(answer), place, note }
  } catch (error) {
    if (refusesAddress(error)) throw unknownAddress(invoice, shipTo, asked.customerId, error)
    throw translateAvaTaxError(error, `calculate the tax of ${invoice.id}`, false)
  }
}

/**
 * Stripe creates the drafts of a paused or unpaid subscription with auto_advance false, so those are never released
 * anyway. The subscription itself matters only when we have held a draft past the hour in which Stripe would have
 * finalized it: it may have been paused meanwhile.
 */
async function isKeptByStripe({ stripe, clock }: Gatherer, invoice: Stripe.Invoice): Promise<boolean> {
  const parent = invoice.parent?.subscription_details?.subscription
  const heldSeconds = nowSeconds(clock) - invoice.created
  if (parent == null || formerAutoAdvance(invoice) === 'false' || heldSeconds <= 3600) return false
  const id = typeof parent === 'string' ? parent : parent.id
  try {
    const subscription = await stripe.subscriptions.retrieve(id)
    return subscription.pause_collection?.behavior === 'keep_as_draft' || subscription.status === 'unpaid'
  } catch (error) {
    if (isStripeNotFound(error)) return false
    throw translateStripeError(error, `read subscription ${id}`, false)
  }
}
