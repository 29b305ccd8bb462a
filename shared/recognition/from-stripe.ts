// A Stripe invoice and credit note (API version of shared/stripe/version.ts) as this module's own types. PURE; plain JSON
// of a webhook and the SDK's objects alike: only whole-number amounts are read, never a Decimal. What it refuses, it
// refuses with a sentence: a product without a revenue key, an unknown price, lines cut off.
import type Stripe from 'stripe'
import { dayOf } from '../calendar.ts'
import { invariant, permanent } from '../errors.ts'
import { money, toDecimal } from '../money/money.ts'
import { type Day, type Month, monthOf } from './day.ts'
import type { PriceTerms, RecognitionPolicy } from './policy.ts'
import type { BilledInvoice, BilledLine, Credit, Timing } from './revenue-line.ts'
import { oneDay, type Service, serviceDates, serviceOf } from './service.ts'

export interface InvoiceContext {
  policy: RecognitionPolicy
  subsidiary: string
  /** By price id; every price on the lines. */
  prices: ReadonlyMap<string, PriceTerms>
  /**
   * Accounting months of documents that were posted to a later one than their date's, by Stripe id; a document's
   * voiding is found under its id with ':void'.
   */
  bookedIn?: ReadonlyMap<string, Month>
}

/** Undefined for a draft: nothing was billed yet. @throws permanent with a hint when a mapping is missing. */
export function billedInvoice(invoice: Stripe.Invoice, context: InvoiceContext): BilledInvoice | undefined {
  const { finalized_at, voided_at } = invoice.status_transitions
  if (invoice.status === 'draft' || !finalized_at) return undefined
  refuseCut(invoice.id, invoice.lines.has_more)
  const { policy, subsidiary } = context
  const currency = invoice.currency.toUpperCase()
  const invoicedOn = dayOf(invoice.effective_at ?? finalized_at, policy.timeZone)
  const head = { invoicedOn, bookedIn: bookedMonth(invoice.id, invoicedOn, context), invoice, context }
  const lines = invoice.lines.data.map((line) => billedLine(line, head))
  const shipping = invoice.shipping_cost
  if (shipping && shipping.amount_total !== shipping.amount_tax) lines.push(shippingLine(shipping, head))
  const voidedOn = voided_at ? dayOf(voided_at, policy.timeZone) : undefined
  return {
    invoiceId: invoice.id,
    number: invoice.number ?? invoice.id,
    currency,
    subsidiary,
    invoicedOn,
    bookedIn: head.bookedIn,
    totalNetMinor: untaxed(invoice),
    lines,
    ...(voidedOn && {
      voided: { on: voidedOn, bookedIn: bookedMonth(`${invoice.id}:void`, voidedOn, context) },
    }),
  }
}

/** A credit note without lines, or the part of it that names no line of the invoice, is spread over the invoice. */
export function creditOf(
  note: Stripe.CreditNote,
  context: Pick<InvoiceContext, 'policy' | 'bookedIn'>,
): Credit {
  refuseCut(note.id, note.lines.has_more)
  const { timeZone } = context.policy
  const on = dayOf(note.effective_at ?? note.created, timeZone)
  const parts = note.lines.data.flatMap((line) =>
    line.invoice_line_item ? [{ lineId: line.invoice_line_item, netMinor: netOf(line, note.currency) }] : [],
  )
  const shipping = note.shipping_cost
  if (shipping) {
    const netMinor = minor(shipping.amount_total - shipping.amount_tax, note.currency)
    parts.push({ lineId: shippingLineId(idOf(note.invoice)), netMinor })
  }
  const named = parts.reduce((sum, part) => sum + part.netMinor, 0n)
  if (note.status === 'void' && !note.voided_at) throw invariant(`${note.id} is void without a date.`)
  const voidedOn = note.voided_at ? dayOf(note.voided_at, timeZone) : undefined
  return {
    creditId: note.id,
    on,
    bookedIn: bookedMonth(note.id, on, context),
    parts: parts.filter((part) => part.netMinor !== 0n),
    spreadMinor: untaxed(note) - named,
    ...(voidedOn && {
      voided: { on: voidedOn, bookedIn: bookedMonth(`${note.id}:void`, voidedOn, context) },
    }),
  }
}

interface Head {
  invoice: Stripe.Invoice
  invoicedOn: Day
  bookedIn: Month
  context: InvoiceContext
}

function billedLine(line: Stripe.InvoiceLineItem, head: Head): BilledLine {
  const { policy } = head.context
  const timing = timingOf(line, head)
  return {
    lineId: line.id,
    netMinor: netOf(line, line.currency),
    revenueKey: revenueKeyOf(line, head),
    timing,
    service: daysOf(line.period, timing, head),
    ...(policy.recognizeFrom === 'invoice' && { earliest: head.bookedIn }),
  }
}

function timingOf(line: Stripe.InvoiceLineItem, head: Head): Timing {
  const { policy } = head.context
  const terms = termsOf(line, head)
  if (terms?.metered) return 'usage'
  if (line.period.end <= line.period.start) return 'delivery'
  const proration =
    line.parent?.subscription_item_details?.proration ?? line.parent?.invoice_item_details?.proration ?? false
  if (proration || terms?.recurring) return 'over-period'
  const product = line.pricing?.price_details?.product ?? ''
  const rule = policy.oneOffWithPeriodByProduct?.[product] ?? policy.oneOffWithPeriod
  return rule === 'over-period' ? 'over-period' : 'delivery'
}

function daysOf(period: { start: number; end: number }, timing: Timing, head: Head): Service {
  const { policy } = head.context
  if (timing === 'delivery')
    return oneDay(policy.oneOffDate === 'line' ? dayOf(period.start, policy.timeZone) : head.invoicedOn)
  const service = serviceOf(period, policy.timeZone)
  return timing === 'usage' ? oneDay(serviceDates(service).last) : service
}

function termsOf(line: Stripe.InvoiceLineItem, head: Head): PriceTerms | undefined {
  const price = line.pricing?.price_details?.price
  if (price === undefined) return undefined
  if (typeof price !== 'string') {
    return { recurring: price.recurring !== null, metered: price.recurring?.usage_type === 'metered' }
  }
  const terms = head.context.prices.get(price)
  if (terms) return terms
  throw refused(head.invoice, {
    code: 'REVREC-PRICE',
    why: `the terms of price ${price} are not known (field pricing.price_details.price).`,
    hint: `Stripe admin: is price ${price} in this account? Then: hub recognize`,
  })
}

function revenueKeyOf(line: Stripe.InvoiceLineItem, head: Head): string {
  const { revenueKeys } = head.context.policy
  const product = line.pricing?.price_details?.product
  const key = (product !== undefined ? revenueKeys.byProduct[product] : undefined) ?? revenueKeys.default
  if (key !== undefined) return key
  throw refused(head.invoice, {
    code: 'REVREC-KEY',
    why: product
      ? `product ${product} has no revenue key (field pricing.price_details.product).`
      : `its line ${line.id} has no product, and there is no default revenue key.`,
    hint: product
      ? `Engineering: hub.config.ts → netsuite.revenue.products: add ${product} with its revenue key. Then: hub recognize`
      : 'Engineering: hub.config.ts → netsuite.revenue.defaultKey: the revenue key of lines without a product. Then: hub recognize',
  })
}

/** Stripe gives shipping no line: it has this module's own id, and is delivered with the invoice. */
const shippingLineId = (invoiceId: string): string => `${invoiceId}:shipping`

function shippingLine(shipping: Stripe.Invoice.ShippingCost, head: Head): BilledLine {
  const key = head.context.policy.revenueKeys.shipping ?? head.context.policy.revenueKeys.default
  if (key === undefined) {
    throw refused(head.invoice, {
      code: 'REVREC-KEY',
      why: 'it has a shipping cost, and shipping has no revenue key (field shipping_cost).',
      hint: 'Engineering: hub.config.ts → netsuite.revenue.shippingKey: the revenue key of shipping. Then: hub recognize',
    })
  }
  return {
    lineId: shippingLineId(head.invoice.id),
    netMinor: minor(shipping.amount_total - shipping.amount_tax, head.invoice.currency),
    revenueKey: key,
    timing: 'delivery',
    service: oneDay(head.invoicedOn),
  }
}

interface Priced {
  amount: number
  discount_amounts: readonly { amount: number }[] | null
  pretax_credit_amounts: readonly { amount: number; type: string }[] | null
  taxes: readonly { amount: number; tax_behavior: string }[] | null
}

/**
 * `amount` is before discounts and, where tax is inclusive, with it. `pretax_credit_amounts` repeats the discounts, so
 * of those only billing credits count: they lower what is invoiced.
 */
function netOf(line: Priced, currency: string): bigint {
  let net = minor(line.amount, currency)
  for (const discount of line.discount_amounts ?? []) net -= minor(discount.amount, currency)
  for (const credit of line.pretax_credit_amounts ?? []) {
    if (credit.type === 'credit_balance_transaction') net -= minor(credit.amount, currency)
  }
  for (const tax of line.taxes ?? []) {
    if (tax.tax_behavior === 'inclusive') net -= minor(tax.amount, currency)
  }
  return net
}

/** The document's own total less all its tax, inclusive or not. */
function untaxed(document: {
  total: number
  total_taxes: readonly { amount: number }[] | null
  currency: string
}): bigint {
  let net = minor(document.total, document.currency)
  for (const tax of document.total_taxes ?? []) net -= minor(tax.amount, document.currency)
  return net
}

const minor = (amount: number, currency: string): bigint => money(amount, currency).amountMinor

const idOf = (value: string | { id: string }): string => (typeof value === 'string' ? value : value.id)

const bookedMonth = (key: string, day: Day, { bookedIn }: Pick<InvoiceContext, 'bookedIn'>): Month =>
  bookedIn?.get(key) ?? monthOf(day)

function refuseCut(id: string, hasMore: boolean): void {
  if (hasMore) throw invariant(`${id} has more lines than were fetched; fetch all pages first.`)
}

function refused(invoice: Stripe.Invoice, { code, why, hint }: { code: string; why: string; hint: string }) {
  const currency = invoice.currency.toUpperCase()
  const total = toDecimal(money(invoice.total, currency))
  return permanent(
    `The revenue of ${invoice.number ?? invoice.id} (${currency} ${total}) cannot be scheduled: ${why} Nothing was recognized for it.`,
    { code, hint },
  )
}
