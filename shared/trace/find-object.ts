// Which Stripe object a person means: by Stripe's id, an event's id, or an invoice's number. Where a number is looked up is
// its caller's affair: Stripe's own search (invoice-number.ts), or the lake that a run left behind.
import type { ObjectRef } from '../connector/contract.ts'
import type { Ledger } from '../ledger/ledger.ts'

/** https://docs.stripe.com/api: what an id's prefix says about its type. */
const PREFIXES: Readonly<Record<string, string>> = {
  cus: 'customer',
  in: 'invoice',
  inpay: 'invoice_payment',
  sub: 'subscription',
  re: 'refund',
  pyr: 'refund',
  cn: 'credit_note',
  du: 'dispute',
  dp: 'dispute',
  po: 'payout',
  credgr: 'billing.credit_grant',
  prod: 'product',
  price: 'price',
}

/** What to give instead. */
export const NOTHING_KNOWN = (id: string): string =>
  `Nothing is known about ${id}. Give an event id (evt_…), a Stripe object id (in_…, cus_…, sub_…, cn_…, re_…) or an invoice number.`

export interface ObjectFinder {
  ledger: Pick<Ledger, 'findEvent'>
  /** @returns the invoice's id. */
  invoiceOfNumber(number: string): Promise<string | undefined>
}

/** Whether the object exists is not asked: an id that says its type is taken at its word. */
export async function findObject(
  id: string,
  { ledger, invoiceOfNumber }: ObjectFinder,
): Promise<ObjectRef | undefined> {
  if (id.startsWith('evt_')) return (await ledger.findEvent(id))?.object
  const type = /^[a-z]+_/.test(id) ? PREFIXES[id.slice(0, id.indexOf('_'))] : undefined
  if (type) return { type, id }
  const invoice = await invoiceOfNumber(id)
  return invoice === undefined ? undefined : { type: 'invoice', id: invoice }
}
