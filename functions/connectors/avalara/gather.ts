// Fetches what the projection needs beyond the object: for a draft the customer, the tax codes and AvaTax's estimate;
// for a finalized invoice or a credit note the tax codes, the address and the original. The estimate is asked for
// once per input: its request's hash is kept, so the tax lines' own writing never asks again.
import pLimit from 'p-limit'
import type Stripe from 'stripe'
import * as z from 'zod'
import { dayOf } from '../../../shared/calendar.ts'
import { type Clock, nowSeconds } from '../../../shared/clock.ts'
import type { Gathered, Gathering, JsonObject, ObjectRef } from '../../../shared/connector/contract.ts'
import { hashJson } from '../../../shared/connector/hash.ts'
import { type HubError, invariant, isHubError, permanent } from '../../../shared/errors.ts'
import { money, toDecimal } from '../../../shared/money/money.ts'
import { isStripeNotFound, translateStripeError } from '../../../shared/stripe/errors.ts'
import { formerAutoAdvance, isTaxedByStripe } from '../../../shared/stripe/tax-hold-marker.ts'
import { type Calculation, isCrossBorderEu, toCalculation, zeroCalculation } from './calculation.ts'
import type { Catalog } from './catalog.ts'
import type { AvaTax } from './client.ts'
import type { AvalaraConfig } from './config.ts'
import { customerCode, type DocumentFacts, SHIPPING } from './document.ts'
import { type EstimateLine, estimateRequest } from './estimate.ts'
import { creditedLines, isZero, type SoldLine, soldLines } from './invoice-lines.ts'
import { manifest } from './manifest.ts'
import type { StripeRoot, TaxContext } from './project.ts'
import { refusesAddress, translateAvaTaxError } from './refusals.ts'
import { addressOfCustomer, addressOfInvoice, type TaxAddress } from './tax-address.ts'
import { taxOutcome } from './tax-outcome.ts'
import {
  keepStanding,
  keptStandingSchema,
  standingFromKept,
  standingOfCustomer,
  standingOfInvoice,
  type TaxStanding,
} from './tax-standing.ts'
import { wireModel } from './wire-model.ts'

type Result = Gathered<TaxContext>
type LiveCustomer = Stripe.Customer | undefined

export interface Gatherer {
  stripe: Stripe
  clock: Clock
  config: AvalaraConfig
  catalog: Catalog
  avatax: AvaTax
}

/**
 * What earlier gathers of the same object chose. Every part may be missing. It lies in the ledger, so it names no person:
 * an address is told by where it stands in Stripe, a VAT number by its fingerprint.
 */
const keepSchema = z.object({
  inputs: z.string().optional(),
  calculation: z.custom<Calculation>((value) => typeof value === 'object' && value !== null).optional(),
  standing: keptStandingSchema.optional(),
  taxCodes: z.record(z.string(), z.string()).optional(),
  shipToOf: z.enum(['invoice', 'customer']).optional(),
  /** AvaTax has calculated with this invoice's address, so it will not refuse it later. */
  proven: z.boolean().optional(),
})
type Keep = z.infer<typeof keepSchema>

export async function gatherTax(
  tools: Gatherer,
  objects: readonly Gathering<StripeRoot>[],
): Promise<(Result | HubError)[]> {
  const limit = pLimit(manifest.vendor.parallelCalls)
  const customers = new Map<string, Promise<LiveCustomer>>()
  const customerOf = (id: string) => {
    const known = customers.get(id) ?? readCustomer(tools.stripe, id)
    customers.set(id, known)
    return known
  }
  return Promise.all(
    objects.map((gathering) =>
      limit(async () => {
        try {
          const keep = keepSchema.safeParse(gathering.keep ?? {}).data ?? {}
          const { object } = gathering
          if (object.object === 'credit_note') return await gatherReturn(tools, object, keep)
          if (object.object !== 'invoice') return nothing('no_records')
          if (isTaxedByStripe(object)) return nothing('automatic_tax')
          if (object.status === 'draft') return await gatherDraft(tools, object, keep, customerOf)
          if (isZero(soldLines(object))) return nothing('zero_invoice')
          const recorded = gathering.known[`transaction/${object.id}`]?.remoteId !== undefined
          return await gatherRecord(tools, object, keep, recorded, customerOf)
        } catch (error) {
          if (isHubError(error)) return error
          return invariant(`Gathering ${gathering.ref.id} failed: ${String(error)}`, { cause: error })
        }
      }),
    ),
  )
}

const nothing = (why: 'automatic_tax' | 'zero_invoice' | 'no_records'): Result => ({
  context: { does: 'nothing', why },
  keep: why === 'no_records' ? {} : { leftAlone: why },
})

async function gatherDraft(
  tools: Gatherer,
  invoice: Stripe.Invoice,
  keep: Keep,
  customerOf: (id: string) => Promise<LiveCustomer>,
): Promise<Result> {
  const sold = soldLines(invoice)
  const keptByStripe = await isKeptByStripe(tools, invoice)
  const stays = keptByStripe || formerAutoAdvance(invoice) === 'false'
  if (isZero(sold)) {
    const calculation = zeroCalculation(sold.map((line) => ({ ...line, inclusive: false })))
    return { context: { does: 'tax', calculation, keptByStripe }, keep: {} }
  }
  refuseShipping(invoice)
  const customerId = typeof invoice.customer === 'string' ? invoice.customer : invoice.customer?.id
  const customer = customerId === undefined ? undefined : await customerOf(customerId)
  const shipTo = addressOfCustomer(customer) ?? addressOfInvoice(invoice)
  if (!shipTo) throw withoutAddress(invoice, customerId)
  const { config, catalog } = tools
  const standing = standingOfCustomer(customer, shipTo.country, config.exemption)
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
  const request = estimateRequest(
    {
      invoiceId: invoice.id,
      customerCode: customerCode(invoice),
      currency: invoice.currency,
      date,
      shipTo,
      standing,
      lines,
    },
    config,
  )
  const inputs = hashJson(request)
  const taxCodes = Object.fromEntries(lines.map((line) => [line.itemCode ?? '', line.taxCode]))
  const calculation =
    keep.inputs === inputs && keep.calculation
      ? keep.calculation
      : await calculate(tools, invoice, request, { lines, standing, shipTo, customerId })
  return {
    context: { does: 'tax', calculation, keptByStripe },
    keep: { inputs, calculation, standing: keepStanding(standing), taxCodes },
    // One that goes out at once is a draft no more by the time anything changes.
    ...(stays && { watches: inputsOf(customerId, sold) }),
  }
}

/** What the tax of a draft is calculated from, beyond the draft itself. */
const inputsOf = (customerId: string | undefined, sold: readonly SoldLine[]): ObjectRef[] => [
  ...(customerId === undefined ? [] : [{ type: 'customer', id: customerId }]),
  ...[...new Set(sold.flatMap(({ product }) => product ?? []))].map((id) => ({ type: 'product', id })),
]

async function calculate(
  { avatax, config }: Gatherer,
  invoice: Stripe.Invoice,
  request: JsonObject,
  asked: { lines: EstimateLine[]; standing: TaxStanding; shipTo: TaxAddress; customerId: string | undefined },
): Promise<Calculation> {
  try {
    const answer = await avatax.estimate(wireModel(request, invoice.currency), invoice.id)
    return toCalculation(answer, asked.lines, {
      currency: invoice.currency,
      standing: asked.standing,
      crossBorderEu: isCrossBorderEu(config.sellerAddress.country, asked.shipTo.country),
    })
  } catch (error) {
    if (refusesAddress(error)) throw unknownAddress(invoice, asked.shipTo, asked.customerId, error)
    throw translateAvaTaxError(error, `calculate the tax of ${invoice.id}`, false)
  }
}

async function gatherRecord(
  { catalog, config }: Gatherer,
  invoice: Stripe.Invoice,
  keep: Keep,
  recorded: boolean,
  customerOf: (id: string) => Promise<LiveCustomer>,
): Promise<Result> {
  const sold = soldLines(invoice)
  const { shipTo, of: shipToOf } = await recordedAddress(invoice, keep, recorded, customerOf)
  const facts: DocumentFacts = {
    shipTo,
    standing: standingOf(invoice, sold, keep, config),
    taxCodes: await taxCodesOf(
      catalog,
      sold,
      keep,
      invoice.id,
      (invoice.shipping_cost?.amount_total ?? 0) !== 0,
    ),
    timeZone: config.timeZone,
  }
  const neverDraft = taxOutcome(invoice) === 'finalized_untaxed'
  return {
    context: { does: 'record', facts },
    keep: {
      ...keepOf(facts),
      shipToOf,
      ...(isProven(keep) && { proven: true }),
      ...(neverDraft && { neverDraft: true }),
    },
  }
}

async function gatherReturn(
  { stripe, catalog, config }: Gatherer,
  creditNote: Stripe.CreditNote,
  keep: Keep,
): Promise<Result> {
  const invoiceId = typeof creditNote.invoice === 'string' ? creditNote.invoice : creditNote.invoice.id
  const invoice = await readInvoice(stripe, invoiceId)
  if (isTaxedByStripe(invoice)) return nothing('automatic_tax')
  const credited = creditedLines(creditNote, invoice)
  if (isZero(credited) && creditNote.total === 0) return nothing('zero_invoice')
  const shipTo = addressOfInvoice(invoice)
  if (!shipTo) throw withoutAddress(invoice, undefined)
  const sold = soldLines(invoice)
  const shipping = (creditNote.shipping_cost?.amount_total ?? 0) !== 0
  const facts: DocumentFacts = {
    shipTo,
    standing: standingOf(invoice, sold, keep, config),
    taxCodes: await taxCodesOf(catalog, credited, keep, creditNote.id, shipping),
    timeZone: config.timeZone,
  }
  return { context: { does: 'return', facts, invoice }, keep: keepOf(facts) }
}

const reasonsOf = (lines: readonly SoldLine[]) => lines.flatMap(({ taxabilityReasons }) => taxabilityReasons)

/** As it was when the tax was calculated; a customer's later exemption does not change what was sold. */
const standingOf = (
  invoice: Stripe.Invoice,
  sold: readonly SoldLine[],
  keep: Keep,
  config: AvalaraConfig,
): TaxStanding =>
  keep.standing
    ? standingFromKept(keep.standing, invoice)
    : standingOfInvoice(invoice, reasonsOf(sold), config.exemption)

const keepOf = (facts: DocumentFacts): JsonObject => ({
  standing: keepStanding(facts.standing),
  taxCodes: { ...facts.taxCodes },
})

const isProven = (keep: Keep): boolean => keep.proven === true || keep.inputs !== undefined

/**
 * The invoice's own snapshot. Where AvaTax never calculated with it (the invoice was never a draft), it was tried, and
 * there is no document yet: the customer's address of today. A finalized invoice cannot be corrected in Stripe, the
 * customer can.
 */
async function recordedAddress(
  invoice: Stripe.Invoice,
  keep: Keep,
  recorded: boolean,
  customerOf: (id: string) => Promise<LiveCustomer>,
): Promise<{ shipTo: TaxAddress; of: 'invoice' | 'customer' }> {
  const snapshot = addressOfInvoice(invoice)
  const wasItsOwn = recorded && keep.shipToOf === 'invoice'
  if (snapshot && (wasItsOwn || isProven(keep) || keep.shipToOf === undefined)) {
    return { shipTo: snapshot, of: 'invoice' }
  }
  const customerId = typeof invoice.customer === 'string' ? invoice.customer : invoice.customer?.id
  const customer = customerId === undefined ? undefined : await customerOf(customerId)
  const address = addressOfCustomer(customer) ?? snapshot
  if (!address) throw withoutAddress(invoice, customerId)
  return { shipTo: address, of: 'customer' }
}

/** A product's code is chosen once per document: a later change in Stripe must not rewrite a filed sale. */
async function taxCodesOf(
  catalog: Catalog,
  lines: readonly SoldLine[],
  keep: Keep,
  document: string,
  shipping: boolean,
): Promise<Record<string, string>> {
  const codes: Record<string, string> = {}
  for (const { product } of lines) {
    codes[product ?? ''] ??= keep.taxCodes?.[product ?? ''] ?? (await catalog.taxCode(product, document))
  }
  // Avalara's code for shipping by common carrier. https://taxcode.avatax.avalara.com
  if (shipping) codes[SHIPPING] = 'FR020100'
  return codes
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

async function readCustomer(stripe: Stripe, id: string): Promise<LiveCustomer> {
  try {
    const customer = await stripe.customers.retrieve(id, { expand: ['tax_ids'] })
    return customer.deleted ? undefined : customer
  } catch (error) {
    if (isStripeNotFound(error)) return undefined
    throw translateStripeError(error, `read customer ${id}`, false)
  }
}

async function readInvoice(stripe: Stripe, id: string): Promise<Stripe.Invoice> {
  try {
    const invoice = await stripe.invoices.retrieve(id)
    if (invoice.lines.has_more) {
      const all = stripe.invoices.listLineItems(id, { limit: 100 })
      invoice.lines.data = await all.autoPagingToArray({ limit: 10_000 })
    }
    return invoice
  } catch (error) {
    throw translateStripeError(error, `read invoice ${id}`, false)
  }
}

const nameOf = (invoice: Stripe.Invoice): string =>
  `${invoice.number ?? invoice.id} (${invoice.currency.toUpperCase()} ${toDecimal(money(invoice.total, invoice.currency))})`

const untaxedState = (invoice: Stripe.Invoice): string =>
  invoice.status === 'draft' ? 'is held, untaxed' : 'is not in AvaTax'

const onCustomer = (id: string | undefined) => (id === undefined ? [] : [{ type: 'customer', id }])

/** Stripe takes no tax amounts for shipping_cost, so it would stay untaxed. */
function refuseShipping(invoice: Stripe.Invoice): void {
  if ((invoice.shipping_cost?.amount_total ?? 0) === 0) return
  throw permanent(
    `${nameOf(invoice)} is held, untaxed: Stripe takes no external tax for shipping_cost. Nothing was calculated.`,
    {
      code: 'TAX-SHIPPING',
      hint: 'Billing: replace the shipping cost (field shipping_cost) with an invoice line in Stripe; it resumes alone.',
    },
  )
}

function withoutAddress(invoice: Stripe.Invoice, customerId: string | undefined) {
  return permanent(
    `${nameOf(invoice)} ${untaxedState(invoice)}: customer ${customerId ?? '(none)'} has no address with a country. Nothing was calculated.`,
    {
      code: 'TAX-ADDR',
      hint: 'Support: enter the address in Stripe (field address); it resumes alone.',
      waitsOn: onCustomer(customerId),
    },
  )
}

/** The place only, as finance needs it to recognise the case; no street, no name. */
function unknownAddress(
  invoice: Stripe.Invoice,
  { city, country }: TaxAddress,
  customerId: string | undefined,
  cause: unknown,
) {
  const place = city ? `the address in "${city}", ${country}` : `the address in ${country}`
  return permanent(
    `${nameOf(invoice)} is held, untaxed: AvaTax cannot find ${place}. Nothing was finalized.`,
    {
      code: 'TAX-ADDR',
      hint: 'Support: correct the address in Stripe (field address); it resumes alone.',
      waitsOn: onCustomer(customerId),
      cause,
    },
  )
}
