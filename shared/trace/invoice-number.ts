// An invoice's id by its number, asked of Stripe's search when somebody looks for one: a row of its own in the ledger would
// cost a write for each invoice, for something that a person asks a few times a day. Stripe finds a number within a
// minute of its invoice's finalization: https://docs.stripe.com/search#data-freshness. Not offered to accounts in India.
import type Stripe from 'stripe'
import { translateStripeError } from '../stripe/errors.ts'

/** @throws HubError. */
export const invoiceOfNumber =
  (stripe: Stripe) =>
  async (number: string): Promise<string | undefined> => {
    // https://docs.stripe.com/search#search-query-language: a quote within the value is escaped by a backslash.
    const query = `number:"${number.replaceAll('\\', '').replaceAll('"', '\\"')}"`
    const { data } = await stripe.invoices.search({ query, limit: 1 }).catch((error: unknown) => {
      throw translateStripeError(error, `looking for invoice number ${number}`, false)
    })
    return data[0]?.id
  }
