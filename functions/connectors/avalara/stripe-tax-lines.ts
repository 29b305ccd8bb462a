// The body of a `stripeTax` record: how it goes onto Stripe's lines, and whether a draft is still the one that it was
// calculated for and shows it. Pure; the calls are stripe-tax.ts's.
import type Stripe from 'stripe'
import * as z from 'zod'
import { transient } from '../../../shared/errors.ts'
import { formerAutoAdvance, isTaxedByStripe } from '../../../shared/stripe/tax-hold-marker.ts'
import type { TaxEntry } from './calculation.ts'
import { soldLines } from './invoice-lines.ts'

const rateSchema = z.object({
  name: z.string(),
  percentage: z.string(),
  inclusive: z.boolean(),
  jurisdiction: z.string().optional(),
  level: z.string().optional(),
  country: z.string().optional(),
  state: z.string().optional(),
  type: z.string().optional(),
})
const entrySchema = z.object({
  rate: z.string(),
  amount: z.string(),
  taxable: z.string(),
  reason: z.string(),
})
export const bodySchema = z.object({
  former: z.enum(['true', 'false']),
  release: z.boolean(),
  note: z.string().optional(),
  rates: z.record(z.string(), rateSchema),
  lines: z.record(z.string(), z.object({ base: z.string(), taxes: z.array(entrySchema) })),
})
export type Body = z.infer<typeof bodySchema>

const LEVELS = ['country', 'state', 'county', 'city', 'district', 'multiple']

/** Entries in the order in which the invoice page shows them: country, state, county, city, district. */
export function lineParams(body: Body): Stripe.InvoiceUpdateLinesParams['lines'] {
  const rank = (entry: TaxEntry) => LEVELS.indexOf(body.rates[entry.rate]?.level ?? '')
  return Object.entries(body.lines).map(([id, { taxes }]) => ({
    id,
    tax_amounts:
      taxes.length === 0
        ? ''
        : [...taxes].sort((a, b) => rank(a) - rank(b)).map((entry) => taxAmount(entry, body)),
  }))
}

function taxAmount(entry: TaxEntry, body: Body) {
  const rate = body.rates[entry.rate]
  if (!rate) throw new Error(`The body names rate ${entry.rate} and does not hold it.`)
  return {
    amount: Number(entry.amount),
    taxable_amount: Number(entry.taxable),
    taxability_reason: entry.reason,
    tax_rate_data: {
      display_name: rate.name,
      percentage: Number(rate.percentage),
      inclusive: rate.inclusive,
      ...(rate.jurisdiction && { jurisdiction: rate.jurisdiction }),
      ...(rate.level && { jurisdiction_level: rate.level }),
      ...(rate.country && { country: rate.country }),
      ...(rate.state && { state: rate.state }),
      ...(rate.type && { tax_type: rate.type }),
    },
  }
}

/** Same lines, each at the amount that was calculated with, still ours to tax, and to be released as projected. */
export function requireSameDraft(invoice: Stripe.Invoice, body: Body): void {
  const sold = soldLines(invoice)
  const same =
    !isTaxedByStripe(invoice) &&
    formerAutoAdvance(invoice) === body.former &&
    sold.length === Object.keys(body.lines).length &&
    sold.every((line) => body.lines[line.id]?.base === line.baseMinor.toString())
  if (same) return
  throw transient(`${invoice.id} changed while its tax was calculated; nothing was finalized.`, {
    code: 'TAX-DRAFT-CHANGED',
    hint: 'Do nothing: it is calculated anew.',
    recordOnly: true,
  })
}

export function sameAmounts(invoice: Stripe.Invoice, body: Body): boolean {
  const say = (entries: { amount: string; taxable: string; inclusive: boolean; reason: string }[]) =>
    entries
      .map(({ amount, taxable, inclusive, reason }) => [amount, taxable, inclusive, reason].join(' '))
      .sort()
      .join()
  return invoice.lines.data.every((line) => {
    const standing = (line.taxes ?? []).map((tax) => ({
      amount: String(tax.amount),
      taxable: String(tax.taxable_amount ?? 0),
      inclusive: tax.tax_behavior === 'inclusive',
      reason: tax.taxability_reason,
    }))
    const wanted = (body.lines[line.id]?.taxes ?? []).map((entry) => ({
      ...entry,
      inclusive: body.rates[entry.rate]?.inclusive ?? false,
    }))
    return say(standing) === say(wanted)
  })
}
