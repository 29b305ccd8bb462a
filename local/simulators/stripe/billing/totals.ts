// The sums of an invoice. Lines are discounted, billing credits taken off, then taxed, then added up, always in whole
// minor units, so that total = lines − discounts − credits + exclusive tax + shipping holds by construction. Taxes that
// were written with tax_amounts are kept as written; others follow from tax rates or from Stripe's own engine.
// https://docs.stripe.com/api/invoices/object
import { inclusivePart, percentOf, sum } from '../money.ts'
import type { Invoice, InvoiceLine } from '../wire.ts'
import type { World } from '../world.ts'
import { automaticTaxesOn, isTaxedAutomatically } from './automatic-tax.ts'
import { lineCredit, showCredits, totalPretaxCredits } from './credit-application.ts'
import { discountLines } from './discounts.ts'
import { costShipping, shippingTaxes } from './shipping.ts'

export const lineDiscount = (line: InvoiceLine): number =>
  sum((line.discount_amounts ?? []).map((entry) => entry.amount))

const taxOf = (line: InvoiceLine, behaviour: 'exclusive' | 'inclusive'): number =>
  sum((line.taxes ?? []).filter((tax) => tax.tax_behavior === behaviour).map((tax) => tax.amount))

export function computeTotals(world: World, invoice: Invoice): void {
  const lines = invoice.lines.data
  discountLines(world, lines, invoice.discounts)
  showCredits(world, invoice)
  for (const line of lines) {
    line.subtotal = line.amount
    if (!world.store.hidden.manualTaxes.has(line.id)) line.taxes = taxesFromRates(world, invoice, line)
  }
  const onInvoice = new Set(invoice.discounts)
  const lineLevel = sum(
    lines.flatMap((line) =>
      (line.discount_amounts ?? [])
        .filter((entry) => !onInvoice.has(entry.discount))
        .map((entry) => entry.amount),
    ),
  )
  const discounted = sum(lines.map(lineDiscount))
  const gross = sum(lines.map((line) => line.amount))
  const exclusive = sum(lines.map((line) => taxOf(line, 'exclusive')))
  const inclusive = sum(lines.map((line) => taxOf(line, 'inclusive')))
  const credits = sum(lines.map(lineCredit))
  costShipping(world, invoice)
  const shipping = invoice.shipping_cost
  if (isTaxedAutomatically(world, invoice)) invoice.automatic_tax.status = 'complete'

  invoice.subtotal = gross - lineLevel
  invoice.subtotal_excluding_tax = invoice.subtotal - inclusive
  invoice.total = gross - discounted - credits + exclusive + (shipping?.amount_total ?? 0)
  invoice.total_excluding_tax = gross - discounted - credits - inclusive + (shipping?.amount_subtotal ?? 0)
  invoice.total_discount_amounts = totalByDiscount(lines)
  invoice.total_pretax_credit_amounts = totalPretaxCredits(lines)
  invoice.total_taxes = totalByTax([...lines, { taxes: shippingTaxes(world, shipping) }])
  computeDue(world, invoice)
}

/**
 * What is still to be paid. A draft shows what would be due with the customer's balance as it stands; from
 * finalization on, the balance that was applied is fixed. https://docs.stripe.com/billing/customer/balance
 */
export function computeDue(world: World, invoice: Invoice): void {
  if (invoice.status === 'draft') {
    const customer = world.store.customers.get(invoice.customer ?? '')
    const usable = !customer?.currency || customer.currency === invoice.currency
    invoice.starting_balance = usable ? (customer?.balance ?? 0) : 0
    invoice.amount_due = invoice.total < 0 ? 0 : Math.max(0, invoice.total + invoice.starting_balance)
  }
  invoice.amount_remaining = invoice.amount_due - invoice.amount_paid
}

function taxesFromRates(
  world: World,
  invoice: Invoice,
  line: InvoiceLine,
): NonNullable<InvoiceLine['taxes']> {
  if (isTaxedAutomatically(world, invoice)) {
    const price = world.store.prices.get(line.pricing?.price_details?.price ?? '')
    const net = line.amount - lineDiscount(line) - lineCredit(line)
    return automaticTaxesOn(world, invoice, { amount: net, isInclusive: price?.tax_behavior === 'inclusive' })
  }
  const ids = world.store.hidden.lineTaxRates.get(line.id) ?? invoice.default_tax_rates.map((rate) => rate.id)
  const net = line.amount - lineDiscount(line) - lineCredit(line)
  const rates = ids.flatMap((id) => world.store.taxRates.get(id) ?? [])
  const exempt = invoice.customer_tax_exempt === 'exempt' || invoice.customer_tax_exempt === 'reverse'
  // Several inclusive rates share one gross amount (the reading taken); an exclusive one is computed on what is left
  // without them: https://docs.stripe.com/billing/taxes/tax-rates#discounts
  const inside = rates.filter((rate) => rate.inclusive).map((rate) => rate.percentage)
  const inclusive = new Map(
    rates
      .filter((rate) => rate.inclusive && !exempt)
      .map((rate) => [rate.id, inclusivePart(net, rate.percentage, inside)]),
  )
  const base = net - sum(inclusive.values())
  return rates.map((rate) => {
    const added = exempt || rate.inclusive ? 0 : percentOf(base, rate.percentage)
    return {
      amount: inclusive.get(rate.id) ?? added,
      tax_behavior: rate.inclusive ? ('inclusive' as const) : ('exclusive' as const),
      tax_rate_details: { tax_rate: rate.id },
      taxability_reason:
        invoice.customer_tax_exempt === 'exempt'
          ? 'customer_exempt'
          : invoice.customer_tax_exempt === 'reverse'
            ? 'reverse_charge'
            : rate.percentage === 0
              ? 'zero_rated'
              : 'standard_rated',
      taxable_amount: base,
      type: 'tax_rate_details' as const,
    }
  })
}

function totalByDiscount(lines: readonly InvoiceLine[]): { amount: number; discount: string }[] {
  const totals = new Map<string, number>()
  for (const line of lines) {
    for (const { amount, discount } of line.discount_amounts ?? [])
      totals.set(discount, (totals.get(discount) ?? 0) + amount)
  }
  return [...totals].map(([discount, amount]) => ({ amount, discount }))
}

/** Sums line taxes by rate, behaviour and reason; invoices and credit notes total them alike. */
export function totalByTax<T extends NonNullable<InvoiceLine['taxes']>[number]>(
  lines: readonly { taxes: T[] | null }[],
): T[] {
  const totals = new Map<string, T>()
  for (const tax of lines.flatMap((line) => line.taxes ?? [])) {
    const key = `${tax.tax_rate_details?.tax_rate} ${tax.tax_behavior} ${tax.taxability_reason}`
    const soFar = totals.get(key)
    if (!soFar) totals.set(key, { ...tax })
    else {
      soFar.amount += tax.amount
      soFar.taxable_amount = (soFar.taxable_amount ?? 0) + (tax.taxable_amount ?? 0)
    }
  }
  return [...totals.values()]
}
