// The tax that Stripe charged and took back, by jurisdiction: a document's total by tax rate, and the rate says whose it is.
// A void takes back what the credit notes had left of it: an invoice with a payment on it cannot be voided
// (https://docs.stripe.com/invoicing/partial-payments), and balances that paid a part are given back. PURE.
import type Stripe from 'stripe'
import { dayOf } from '../../shared/calendar.ts'
import type { Jurisdiction, TaxShare } from '../../shared/close/facts.ts'
import type { ChargedTax } from '../../shared/close/tax-liability.ts'
import { idOf } from '../../shared/stripe/event.ts'
import { sumOf } from '../../shared/stripe/invoice-part.ts'
import { isTaxedByStripe } from '../../shared/stripe/tax-hold-marker.ts'
import { isNothingSold } from './invoice-amounts.ts'
import type { RefundedPart } from './refunded-parts.ts'
import { currencyOf } from './stripe-days.ts'
import type { StripeObjects } from './stripe-objects.ts'

type Rates = ReadonlyMap<string, Stripe.TaxRate>

export const placeOf = (rate: Stripe.TaxRate | undefined): Jurisdiction => ({
  country: rate?.country ?? '',
  region: rate?.state ?? '',
  // Small ones that were put together have no jurisdiction of their own.
  name: rate?.jurisdiction_level === 'multiple' ? '' : (rate?.jurisdiction ?? rate?.display_name ?? ''),
})

/** @param refunds those that no credit note explains, where they take tax back. */
export function stripeTaxOf(
  objects: StripeObjects,
  timeZone: string,
  refunds: readonly RefundedPart[] = [],
): ChargedTax[] {
  const invoices = new Map(objects.invoices.map((invoice) => [invoice.id, invoice]))
  const notesOf = Map.groupBy(objects.creditNotes, ({ invoice }) => idOf(invoice) ?? '')
  return [
    ...objects.invoices.flatMap((invoice) =>
      ofInvoice(invoice, notesOf.get(invoice.id) ?? [], objects, timeZone),
    ),
    ...objects.creditNotes.flatMap((note) =>
      ofCreditNote(note, invoices.get(idOf(note.invoice) ?? ''), objects.taxRates, timeZone),
    ),
    ...refunds.map((part) => ofRefund(part, objects.taxRates)),
  ]
}

function ofInvoice(
  invoice: Stripe.Invoice,
  notes: readonly Stripe.CreditNote[],
  objects: StripeObjects,
  timeZone: string,
): ChargedTax[] {
  const { id, number, status, status_transitions: times } = invoice
  if (status === 'draft' || times.finalized_at === null || isNothingSold(invoice)) return []
  const at = {
    root: id,
    label: `invoice ${number ?? id}`,
    currency: currencyOf(invoice),
    isVoid: status === 'void',
    byStripe: isTaxedByStripe(invoice),
  }
  const shares = sharesOf(invoice, objects.taxRates)
  const grossMinor = BigInt(invoice.total)
  const taxes = [dated(at, dayOf(invoice.effective_at ?? times.finalized_at, timeZone), grossMinor, shares)]
  if (times.voided_at !== null) {
    const back = shares.map((share) => ({ ...share, amountMinor: -share.amountMinor }))
    const standing = notes.filter((note) => note.status !== 'void')
    const credited = standing.flatMap((note) => sharesOf(note, objects.taxRates))
    const leftMinor = standing.reduce((rest, { total }) => rest - BigInt(total), grossMinor)
    taxes.push(dated(at, dayOf(times.voided_at, timeZone), -leftMinor, byPlace([...back, ...credited])))
  }
  return taxes
}

/** One share a place, none of nothing. */
const byPlace = (shares: readonly TaxShare[]): TaxShare[] =>
  [
    ...Map.groupBy(shares, ({ country, region, name }) => JSON.stringify([country, region, name])).values(),
  ].flatMap((group) => {
    const [place] = group
    const amountMinor = group.reduce((total, share) => total + share.amountMinor, 0n)
    return place && amountMinor !== 0n ? [{ ...place, amountMinor }] : []
  })

function ofCreditNote(
  note: Stripe.CreditNote,
  invoice: Stripe.Invoice | undefined,
  rates: Rates,
  timeZone: string,
): ChargedTax[] {
  if (note.total === 0) return []
  const at = {
    root: note.id,
    label: `credit note ${note.number}`,
    currency: currencyOf(note),
    isVoid: note.status === 'void',
    byStripe: invoice !== undefined && isTaxedByStripe(invoice),
    of: idOf(note.invoice),
  }
  const shares = sharesOf(note, rates)
  const back = shares.map((share) => ({ ...share, amountMinor: -share.amountMinor }))
  const grossMinor = BigInt(note.total)
  const issued = dated(at, dayOf(note.effective_at ?? note.created, timeZone), -grossMinor, back)
  if (note.voided_at === null) return [issued]
  return [issued, dated(at, dayOf(note.voided_at, timeZone), grossMinor, shares)]
}

function ofRefund({ refund, invoice, day, lines }: RefundedPart, rates: Rates): ChargedTax {
  const at = {
    root: refund.id,
    label: `refund ${refund.id}`,
    currency: currencyOf(refund),
    isVoid: false,
    byStripe: isTaxedByStripe(invoice),
    of: invoice.id,
  }
  const taxes = lines.flatMap((line) => line.taxes).filter(({ amountMinor }) => amountMinor !== 0n)
  return dated(
    at,
    day,
    -sumOf(lines),
    byPlace(
      taxes.map(({ rateId, amountMinor }) => ({
        ...placeOf(rates.get(rateId ?? '')),
        amountMinor: -amountMinor,
      })),
    ),
  )
}

const dated = (
  at: Omit<ChargedTax, 'day' | 'grossMinor' | 'shares' | 'taxMinor'>,
  day: string,
  grossMinor: bigint,
  shares: TaxShare[],
): ChargedTax => ({
  ...at,
  day,
  grossMinor,
  shares,
  taxMinor: shares.reduce((total, { amountMinor }) => total + amountMinor, 0n),
})

const sharesOf = ({ total_taxes }: Stripe.Invoice | Stripe.CreditNote, rates: Rates): TaxShare[] =>
  (total_taxes ?? [])
    .filter(({ amount }) => amount !== 0)
    .map(({ amount, tax_rate_details }) => ({
      ...placeOf(rates.get(idOf(tax_rate_details?.tax_rate) ?? '')),
      amountMinor: BigInt(amount),
    }))
