// What a payment paid: since basil neither a charge nor a payment intent names its invoice, so invoice payments are
// listed by payment intent, all pages.
import type Stripe from 'stripe'
import { idOf } from '../../../shared/stripe/event.ts'

/** Lists here are short; a thousand is a limit on a mistake, not on the data. */
export const LIST_LIMIT = { limit: 1000 }

export interface Paid {
  /** Each once. */
  invoices: string[]
  customer: string | undefined
}

export async function readPaid(stripe: Stripe, intent: string | undefined): Promise<Paid> {
  if (!intent) return { invoices: [], customer: undefined }
  const listed = await stripe.invoicePayments
    .list({
      payment: { type: 'payment_intent', payment_intent: intent },
      limit: 100,
      expand: ['data.invoice'],
    })
    .autoPagingToArray(LIST_LIMIT)
  // Attached to several invoices, a payment may end before it reaches the last: that one it did not pay.
  const payments = listed.filter(({ status }) => status !== 'canceled')
  const paid = payments.map(({ invoice }) => invoice).find((invoice) => typeof invoice === 'object')
  return {
    invoices: [...new Set(payments.flatMap(({ invoice }) => idOf(invoice) ?? []))],
    customer: paid && 'customer' in paid ? idOf(paid.customer) : undefined,
  }
}

/** One payment over several invoices: which of them it is about cannot be told. */
export const onlyOf = ({ invoices }: Paid): string | undefined =>
  invoices.length === 1 ? invoices[0] : undefined
