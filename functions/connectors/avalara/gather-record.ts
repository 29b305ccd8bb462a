// A finalized invoice: what its document says beyond its amounts, and what becomes of one that was never taxed.
import type Stripe from 'stripe'
import type { HubError } from '../../../shared/errors.ts'
import { unknownAddress, withoutAddress } from './blocked-draft.ts'
import type { DocumentFacts } from './document.ts'
import { keepOf, standingOf, taxCodesOf } from './document-facts.ts'
import { codesBeside, gatherVoid } from './gather-void.ts'
import { customerIdOf, type Gatherer, type Keep, type Result } from './gathering.ts'
import { type SoldLine, soldLines } from './invoice-lines.ts'
import { calculateIncluded, type NeverDraftPolicy, policyOf } from './never-draft.ts'
import { isProven, recordedAddress } from './recorded-address.ts'
import { refusesAddress, translateAvaTaxError } from './refusals.ts'
import { notedRelease } from './release-approval.ts'
import { addressOfCustomer, addressOfInvoice, atPlace } from './tax-address.ts'
import { standingOfCustomer } from './tax-standing.ts'

export async function gatherRecord(
  tools: Gatherer,
  invoice: Stripe.Invoice,
  before: Keep,
  recorded: boolean,
): Promise<Result> {
  const released = before.released ?? notedRelease(invoice)
  const keep: Keep = { ...before, ...(released && { released }) }
  const { shipToOf, proven, policy, place, note, ...chosen } = await recordFacts(
    tools,
    invoice,
    keep,
    recorded,
  )
  const takenBack = invoice.status === 'void' ? await gatherVoid(tools, invoice, chosen.facts) : undefined
  const facts: DocumentFacts = takenBack
    ? {
        ...chosen.facts,
        taxCodes: {
          ...chosen.facts.taxCodes,
          ...(await codesBeside(tools, invoice, takenBack, keep)),
        },
      }
    : chosen.facts
  return {
    context: {
      does: 'record',
      facts,
      ...(takenBack && { takenBack }),
      ...(policy === 'credit-and-reissue' && invoice.status !== 'void' && { reissue: true }),
    },
    keep: {
      ...keepOf(facts),
      shipToOf,
      ...(proven && { proven: true }),
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
  /** AvaTax will not refuse the invoice's own address later. */
  proven: boolean
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
  const taxCodes = await taxCodesOf(catalog, sold, keep, {
    id: invoice.id,
    hasShipping: (invoice.shipping_cost?.amount_total ?? 0) !== 0,
  })
  const common = { taxCodes, timeZone: keep.timeZone ?? config.timeZone, releasedBy: keep.released?.by }
  if (policy === 'record-as-included' && !keep.included) {
    return { ...(await includedFacts(tools, invoice, { sold, common })), policy }
  }
  const { shipTo, of, accepted } = await recordedAddress(tools, invoice, {
    keep,
    recorded,
    tried: keep.shipToOf !== undefined,
    taxCodesOf: async () => taxCodes,
  })
  const facts: DocumentFacts = {
    ...common,
    shipTo: keep.place ? atPlace(shipTo, keep.place) : shipTo,
    standing: standingOf(invoice, sold, keep, config),
    included: keep.included,
  }
  const proven = accepted === true || isProven(keep, recorded)
  return { facts, shipToOf: of, proven, policy, place: keep.place, note: keep.note }
}

/** Asked for at the address of the invoice, and where AvaTax does not know that, at the customer's of today. */
async function includedFacts(
  tools: Gatherer,
  invoice: Stripe.Invoice,
  { sold, common }: { sold: readonly SoldLine[]; common: Pick<DocumentFacts, 'taxCodes' | 'timeZone'> },
): Promise<Omit<RecordFacts, 'policy'>> {
  const customerId = customerIdOf(invoice)
  const customer = customerId === undefined ? undefined : await tools.customerOf(customerId)
  const addresses = [
    { shipTo: addressOfInvoice(invoice), of: 'invoice' as const },
    { shipTo: addressOfCustomer(customer), of: 'customer' as const },
  ]
  let unknown: HubError | undefined
  for (const { shipTo, of } of addresses) {
    if (!shipTo) continue
    const standing = standingOfCustomer(customer, shipTo.country, tools.config.exemption)
    try {
      const { included, place, note } = await calculateIncluded(tools, invoice, {
        sold,
        shipTo,
        standing,
        taxCodes: common.taxCodes,
      })
      const facts = { ...common, shipTo: place ? atPlace(shipTo, place) : shipTo, standing, included }
      return { facts, shipToOf: of, proven: of === 'invoice', place, note }
    } catch (error) {
      if (!refusesAddress(error)) {
        throw translateAvaTaxError(error, `calculate the tax that ${invoice.id} contains`, false)
      }
      unknown ??= unknownAddress(invoice, shipTo, customerId, error)
    }
  }
  throw unknown ?? withoutAddress(invoice, customerId)
}
