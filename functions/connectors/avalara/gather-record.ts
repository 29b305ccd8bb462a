// A finalized invoice: what its document says beyond its amounts, and what becomes of one that was never taxed.
import type Stripe from 'stripe'
import { unknownAddress, withoutAddress } from './blocked-draft.ts'
import type { DocumentFacts } from './document.ts'
import { keepOf, standingOf, taxCodesOf } from './document-facts.ts'
import { customerIdOf, type Gatherer, type Keep, type Result } from './gathering.ts'
import { type SoldLine, soldLines } from './invoice-lines.ts'
import { calculateIncluded, type NeverDraftPolicy, policyOf } from './never-draft.ts'
import { refusesAddress, translateAvaTaxError } from './refusals.ts'
import { addressOfCustomer, addressOfInvoice, atPlace, type TaxAddress } from './tax-address.ts'
import { standingOfCustomer } from './tax-standing.ts'

export async function gatherRecord(
  tools: Gatherer,
  invoice: Stripe.Invoice,
  keep: Keep,
  recorded: boolean,
): Promise<Result> {
  const { facts, shipToOf, policy, place, note } = await recordFacts(tools, invoice, keep, recorded)
  return {
    context: {
      does: 'record',
      facts,
      ...(policy === 'credit-and-reissue' && invoice.status !== 'void' && { reissue: true }),
    },
    keep: {
      ...keepOf(facts),
      shipToOf,
      ...(isProven(keep) && { proven: true }),
      ...(policy && { neverDraft: true, policy }),
      ...(facts.included && { included: { ...facts.included } }),
      ...(keep.released && { released: keep.released }),
      ...(place && { place }),
      ...(note && { note }),
    },
  }
}

interface RecordFacts {
  facts: DocumentFacts
  shipToOf: 'invoice' | 'customer'
  policy: NeverDraftPolicy | undefined
  place: Keep['place']
  note: string | undefined
}

export async function recordFacts(
  tools: Gatherer,
  invoice: Stripe.Invoice,
  keep: Keep,
  recorded: boolean,
): Promise<RecordFacts> {
  const { catalog, config } = tools
  const sold = soldLines(invoice)
  const policy = policyOf(invoice, keep, config)
  const addresses = await recordedAddresses(tools, invoice, keep, recorded)
  const taxCodes = await taxCodesOf(catalog, sold, keep, {
    id: invoice.id,
    hasShipping: (invoice.shipping_cost?.amount_total ?? 0) !== 0,
  })
  const common = { taxCodes, timeZone: keep.timeZone ?? config.timeZone, releasedBy: keep.released?.by }
  if (policy === 'record-as-included' && !keep.included) {
    return { ...(await includedFacts(tools, invoice, { sold, addresses, common })), policy }
  }
  const [{ shipTo, of }] = addresses
  const facts: DocumentFacts = {
    ...common,
    shipTo: keep.place ? atPlace(shipTo, keep.place) : shipTo,
    standing: standingOf(invoice, sold, keep, config),
    included: keep.included,
  }
  return { facts, shipToOf: of, policy, place: keep.place, note: keep.note }
}

/** Asked for at the address of the invoice, and where AvaTax does not know that, at the customer's of today. */
async function includedFacts(
  tools: Gatherer,
  invoice: Stripe.Invoice,
  {
    sold,
    addresses,
    common,
  }: {
    sold: readonly SoldLine[]
    addresses: Addresses
    common: Pick<DocumentFacts, 'taxCodes' | 'timeZone'>
  },
): Promise<Omit<RecordFacts, 'policy'>> {
  const customerId = customerIdOf(invoice)
  const customer = customerId === undefined ? undefined : await tools.customerOf(customerId)
  const today = addressOfCustomer(customer)
  const candidates = [...addresses, ...(today ? [{ shipTo: today, of: 'customer' as const }] : [])]
  let refusal: unknown
  for (const { shipTo, of } of candidates) {
    const standing = standingOfCustomer(customer, shipTo.country, tools.config.exemption)
    try {
      const { included, place, note } = await calculateIncluded(tools, invoice, {
        sold,
        shipTo,
        standing,
        taxCodes: common.taxCodes,
      })
      const facts = { ...common, shipTo: place ? atPlace(shipTo, place) : shipTo, standing, included }
      return { facts, shipToOf: of, place, note }
    } catch (error) {
      if (!refusesAddress(error)) {
        throw translateAvaTaxError(error, `calculate the tax that ${invoice.id} contains`, false)
      }
      refusal ??= error
    }
  }
  throw unknownAddress(invoice, addresses[0].shipTo, customerId, refusal)
}

type Address = { shipTo: TaxAddress; of: 'invoice' | 'customer' }
type Addresses = readonly [Address, ...Address[]]

const isProven = (keep: Keep): boolean =>
  keep.proven === true || (keep.inputs !== undefined && !keep.released)

/**
 * The invoice's own snapshot. Where AvaTax never calculated with it (the invoice was never a draft), it was tried, and
 * there is no document yet: the customer's address of today. A finalized invoice cannot be corrected in Stripe, the
 * customer can.
 */
async function recordedAddresses(
  { customerOf }: Gatherer,
  invoice: Stripe.Invoice,
  keep: Keep,
  recorded: boolean,
): Promise<Addresses> {
  const snapshot = addressOfInvoice(invoice)
  const wasItsOwn = recorded && keep.shipToOf === 'invoice'
  if (snapshot && (wasItsOwn || isProven(keep) || keep.shipToOf === undefined)) {
    return [{ shipTo: snapshot, of: 'invoice' }]
  }
  const customerId = customerIdOf(invoice)
  const customer = customerId === undefined ? undefined : await customerOf(customerId)
  const address = addressOfCustomer(customer) ?? snapshot
  if (!address) throw withoutAddress(invoice, customerId)
  return [{ shipTo: address, of: 'customer' }]
}
