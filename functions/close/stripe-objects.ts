// Every object of Stripe's that the close looks at, listed to the last page. Lists go by `created`, and what happens to an
// object can lie years later (a void, a credit, a dispute), so all that was created by the cut-off is read: completeness
// before speed; progress is told.
import type Stripe from 'stripe'
import type { Evidence } from '../../shared/close/check.ts'
import type { Period } from '../../shared/close/period.ts'
import { translateStripeError } from '../../shared/stripe/errors.ts'
import { idOf } from '../../shared/stripe/event.ts'
import {
  PAGE,
  readStripeBalance,
  type StripeBalanceObjects,
  StripeLists,
  type StripeSource,
} from './stripe-balance.ts'

export interface StripeObjects extends StripeBalanceObjects {
  /** Drafts too; with all their lines. */
  invoices: Stripe.Invoice[]
  refunds: Stripe.Refund[]
  creditNotes: Stripe.CreditNote[]
  disputes: Stripe.Dispute[]
  prices: Stripe.Price[]
  taxRates: ReadonlyMap<string, Stripe.TaxRate>
}

/** @throws HubError. */
export async function readStripeObjects(
  source: StripeSource,
  period: Period,
): Promise<{ value: StripeObjects; evidence: Evidence[] }> {
  const { stripe } = source
  const lists = new StripeLists(source)
  const created = { lt: period.untilSeconds }
  const by = `created[lt]=${period.untilSeconds}`
  const invoices = await lists.all(`GET /v1/invoices?${by}`, stripe.invoices.list({ limit: PAGE, created }))
  const creditNotes = await lists.all(
    `GET /v1/credit_notes?${by}`,
    stripe.creditNotes.list({ limit: PAGE, created }),
  )
  for (const { id, lines } of invoices) {
    if (lines.has_more) await completeLines(lines, stripe.invoices.listLineItems(id, { limit: PAGE }))
  }
  for (const { id, lines } of creditNotes) {
    if (lines.has_more) await completeLines(lines, stripe.creditNotes.listLineItems(id, { limit: PAGE }))
  }
  const refunds = await lists.all(`GET /v1/refunds?${by}`, stripe.refunds.list({ limit: PAGE, created }))
  const disputes = await lists.all(`GET /v1/disputes?${by}`, stripe.disputes.list({ limit: PAGE, created }))
  const balance = await readStripeBalance(stripe, lists, period)
  const prices = await lists.all('GET /v1/prices', stripe.prices.list({ limit: PAGE }))
  const taxRates = await readTaxRates(stripe, [...invoices, ...creditNotes])
  return {
    value: { ...balance, invoices, refunds, creditNotes, disputes, prices, taxRates },
    evidence: lists.evidence,
  }
}

async function completeLines<T>(
  lines: { data: T[]; has_more: boolean },
  list: AsyncIterable<T>,
): Promise<void> {
  const data: T[] = []
  try {
    for await (const line of list) data.push(line)
  } catch (error) {
    throw translateStripeError(error, 'list the lines of a document', false)
  }
  lines.data = data
  lines.has_more = false
}

/** Rates of tax amounts are archived and in no list: fetched one by one, each once. */
async function readTaxRates(
  stripe: Stripe,
  documents: readonly (Stripe.Invoice | Stripe.CreditNote)[],
): Promise<Map<string, Stripe.TaxRate>> {
  const rates = new Map<string, Stripe.TaxRate>()
  for (const { total_taxes } of documents) {
    for (const { tax_rate_details } of total_taxes ?? []) {
      const id = idOf(tax_rate_details?.tax_rate)
      if (id === undefined || rates.has(id)) continue
      try {
        rates.set(id, await stripe.taxRates.retrieve(id))
      } catch (error) {
        throw translateStripeError(error, `read tax rate ${id}`, false)
      }
    }
  }
  return rates
}
