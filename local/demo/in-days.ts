// A moment of the month by Stripe's own clock, for what Stripe ends by itself: a trial, a grant of credits.
import type Stripe from 'stripe'

/** Seconds since the epoch, counted from when the customer signed up. */
export async function inDays(stripe: Stripe, customer: string, days: number): Promise<number> {
  const read = await stripe.customers.retrieve(customer)
  if (read.deleted) throw new Error(`${customer} is deleted.`)
  return read.created + days * 86_400
}
