// What Stripe has sold and credited: every invoice and credit note with all its lines, and every price. A change of an old
// invoice can be years younger than the invoice, so all of them are listed; progress is told.
import type Stripe from 'stripe'
import { translateStripeError } from '../../shared/stripe/errors.ts'

export interface StripeSales {
  /** Drafts too. */
  invoices: Stripe.Invoice[]
  creditNotes: Stripe.CreditNote[]
  prices: Stripe.Price[]
}

/** Hears how many of what are read. */
export type Progress = (what: string, rows: number) => void

const PAGE = 100
const TELL_EVERY = 1_000

/** @param created as Stripe's lists take it; absent: from the beginning. @throws HubError. */
export async function readStripeSales(
  stripe: Stripe,
  created?: Stripe.RangeQueryParam,
  progress?: Progress,
): Promise<StripeSales> {
  const range = { limit: PAGE, ...(created && { created }) }
  const invoices = await all('invoices', stripe.invoices.list(range), progress)
  const creditNotes = await all('credit notes', stripe.creditNotes.list(range), progress)
  for (const { id, lines } of invoices)
    if (lines.has_more)
      await complete(lines, `lines of ${id}`, stripe.invoices.listLineItems(id, { limit: PAGE }))
  for (const { id, lines } of creditNotes)
    if (lines.has_more)
      await complete(lines, `lines of ${id}`, stripe.creditNotes.listLineItems(id, { limit: PAGE }))
  const prices = await all('prices', stripe.prices.list({ limit: PAGE }), progress)
  return { invoices, creditNotes, prices }
}

async function all<T>(what: string, list: AsyncIterable<T>, progress?: Progress): Promise<T[]> {
  const rows: T[] = []
  try {
    for await (const row of list) {
      rows.push(row)
      if (rows.length % TELL_EVERY === 0) progress?.(`Stripe: ${what}`, rows.length)
    }
  } catch (error) {
    throw translateStripeError(error, `list the ${what}`, false)
  }
  return rows
}

async function complete<T>(
  lines: { data: T[]; has_more: boolean },
  what: string,
  list: AsyncIterable<T>,
): Promise<void> {
  lines.data = await all(what, list)
  lines.has_more = false
}
