// Where a finalized invoice is recorded: at its own snapshot, which no later change of the customer moves. A finalized
// invoice cannot be corrected in Stripe, the customer can: so where AvaTax refuses the snapshot, and only there, the
// customer's address is taken. That no answer came is no refusal. What stands in AvaTax decides before all of it, and is
// read there, since the ledger holds no address.
import type Stripe from 'stripe'
import { dayOf } from '../../../shared/calendar.ts'
import { hashJson } from '../../../shared/connector/hash.ts'
import { withoutAddress } from './blocked-draft.ts'
import { customerCode, finalizedSeconds } from './document.ts'
import { standingOf } from './document-facts.ts'
import { estimateRequest } from './estimate.ts'
import { customerIdOf, type Gatherer, type Keep } from './gathering.ts'
import { soldLines } from './invoice-lines.ts'
import { refusesAddress, translateAvaTaxError } from './refusals.ts'
import { addressOfCustomer, addressOfInvoice, type TaxAddress, taxAddressSchema } from './tax-address.ts'
import { documentOf } from './transaction-body.ts'
import { wireModel } from './wire-model.ts'

export interface RecordedAddress {
  shipTo: TaxAddress
  /** Whose address it is: `customer`, too, where what stands is nobody's any more. */
  of: 'invoice' | 'customer'
  /** AvaTax was asked about the snapshot and can place it. */
  accepted?: true
}

/** AvaTax has calculated with the snapshot, or has a document there. */
export const isProven = (keep: Keep, recorded: boolean): boolean =>
  keep.proven === true ||
  (keep.inputs !== undefined && !keep.released) ||
  (recorded && keep.shipToOf === 'invoice')

/**
 * Costs no call where there is nothing to choose: the snapshot is proven or was never tried, or the customer's address is
 * still the same.
 * @param recorded the ledger knows that the document stands.
 * @param tried a write may have been refused, may have been lost, may have arrived.
 * @param taxCodesOf by product; asked for only where AvaTax has to be asked about the snapshot.
 * @throws HubError.
 */
export async function recordedAddress(
  tools: Gatherer,
  invoice: Stripe.Invoice,
  {
    keep,
    recorded,
    tried,
    taxCodesOf,
  }: {
    keep: Keep
    recorded: boolean
    tried: boolean
    taxCodesOf: () => Promise<Readonly<Record<string, string>>>
  },
): Promise<RecordedAddress> {
  const snapshot = addressOfInvoice(invoice)
  if (snapshot && (!tried || isProven(keep, recorded))) return { shipTo: snapshot, of: 'invoice' }
  const customerId = customerIdOf(invoice)
  const today = addressOfCustomer(customerId === undefined ? undefined : await tools.customerOf(customerId))
  const hasChoice = snapshot === undefined || (today !== undefined && !isSame(today, snapshot))
  if (!hasChoice && keep.shipToOf !== 'customer') return { shipTo: snapshot, of: 'invoice' }
  const standing = await standingAddress(tools, invoice)
  if (standing) {
    return { shipTo: standing, of: snapshot && isSame(standing, snapshot) ? 'invoice' : 'customer' }
  }
  if (!hasChoice) return { shipTo: snapshot, of: 'invoice' }
  if (snapshot && (await canPlace(tools, invoice, { snapshot, keep, taxCodes: await taxCodesOf() }))) {
    return { shipTo: snapshot, of: 'invoice', accepted: true }
  }
  if (!today) throw withoutAddress(invoice, customerId)
  return { shipTo: today, of: 'customer' }
}

const isSame = (a: TaxAddress, b: TaxAddress): boolean => hashJson(a) === hashJson(b)

async function standingAddress(
  { avatax }: Gatherer,
  { id }: Stripe.Invoice,
): Promise<TaxAddress | undefined> {
  const answer = await avatax.find(id, 'SalesInvoice')
  return answer && taxAddressSchema.safeParse(documentOf(answer, id).shipTo).data
}

/** Asked with the lines as sold; nothing is recorded. */
async function canPlace(
  { avatax, config }: Gatherer,
  invoice: Stripe.Invoice,
  {
    snapshot,
    keep,
    taxCodes,
  }: { snapshot: TaxAddress; keep: Keep; taxCodes: Readonly<Record<string, string>> },
): Promise<boolean> {
  const sold = soldLines(invoice)
  const request = estimateRequest(
    {
      invoiceId: invoice.id,
      customerCode: customerCode(invoice),
      currency: invoice.currency,
      date: dayOf(finalizedSeconds(invoice), keep.timeZone ?? config.timeZone),
      shipTo: snapshot,
      standing: standingOf(invoice, sold, keep, config),
      lines: sold.map(({ id, baseMinor, product }) => ({
        id,
        baseMinor,
        inclusive: false,
        itemCode: product,
        taxCode: taxCodes[product ?? ''] ?? '',
      })),
    },
    config,
  )
  try {
    await avatax.estimate(wireModel(request, invoice.currency), invoice.id)
    return true
  } catch (error) {
    if (refusesAddress(error)) return false
    throw translateAvaTaxError(error, `ask about the address of ${invoice.id}`, false)
  }
}
