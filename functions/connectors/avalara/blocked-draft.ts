// Why a draft's tax cannot be calculated, in the words of whoever has to mend it. All of it is parked on the invoice, and
// nothing is finalized meanwhile.
import type Stripe from 'stripe'
import { permanent, transient } from '../../../shared/errors.ts'
import { money, toDecimal } from '../../../shared/money/money.ts'
import { onCustomer } from './gathering.ts'
import type { TaxAddress } from './tax-address.ts'

const amountOf = (invoice: Stripe.Invoice, minor: number): string =>
  `${invoice.currency.toUpperCase()} ${toDecimal(money(minor, invoice.currency))}`

export const nameOf = (invoice: Stripe.Invoice): string =>
  `${invoice.number ?? invoice.id} (${amountOf(invoice, invoice.total)})`

const untaxedState = (invoice: Stripe.Invoice): string =>
  invoice.status === 'draft' ? 'is held, untaxed' : 'is not in AvaTax'

/** Stripe's update_lines writes tax onto lines; shipping_cost is none, so it would stay untaxed. */
export function refuseShipping(invoice: Stripe.Invoice): void {
  const shipping = invoice.shipping_cost?.amount_total ?? 0
  if (shipping === 0) return
  throw permanent(
    `${nameOf(invoice)} is held, untaxed: ${amountOf(invoice, shipping)} of it is a shipping cost, and Stripe takes no tax from outside for that. Nothing was calculated.`,
    {
      code: 'TAX-SHIPPING',
      hint: `Billing: in Stripe, remove the shipping cost (field shipping_cost) and add a line over ${amountOf(invoice, shipping)} for a product whose metadata avatax_tax_code is FR020100; it resumes alone.`,
    },
  )
}

export function withoutAddress(invoice: Stripe.Invoice, customerId: string | undefined) {
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
export function unknownAddress(
  invoice: Stripe.Invoice,
  { city, country }: TaxAddress,
  customerId: string | undefined,
  cause: unknown,
) {
  const place = city ? `the address in "${city}", ${country}` : `the address in ${country}`
  const outcome = invoice.status === 'draft' ? 'Nothing was finalized.' : 'Nothing was recorded.'
  return permanent(`${nameOf(invoice)} ${untaxedState(invoice)}: AvaTax cannot find ${place}. ${outcome}`, {
    code: 'TAX-ADDR',
    hint: 'Support: correct the address in Stripe (field address); it resumes alone.',
    waitsOn: onCustomer(customerId),
    cause,
  })
}

export const vatPending = (invoice: Stripe.Invoice, customerId: string | undefined, leftMinutes: number) =>
  transient(
    `${nameOf(invoice)} is held, untaxed: the VAT number of customer ${customerId ?? '(none)'} is still being verified. VAT is charged if it is not verified in ${leftMinutes} min.`,
    {
      code: 'TAX-VAT-PENDING',
      hint: 'Do nothing: it is looked at again. Support: a wrong number is corrected in Stripe (tax ids of the customer).',
      recordOnly: true,
      retryAfterSeconds: 60,
    },
  )

/** Tax rates that somebody put on single lines exclude tax amounts there. */
export function ratesOnLines(invoiceId: string, cause: unknown) {
  return permanent(
    `${invoiceId} is held, untaxed: lines of it carry tax rates set by hand, and Stripe takes no calculated tax beside them. Nothing was finalized.`,
    {
      code: 'TAX-RATES',
      hint: 'Billing: take the tax rates off the lines in Stripe (field tax_rates of the lines, or of the subscription items they come from); it resumes alone.',
      cause,
    },
  )
}
