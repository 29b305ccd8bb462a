// Short names for Stripe's ids, as an accountant counts: the first invoice of a case is in_1, its first payment inpay_1.
// Objects of a kind are numbered in the order in which Stripe made them.
import type { StripeSimulator } from '../../local/simulators/stripe/server.ts'

/** A Stripe id wherever it stands in a text; `-void` and the like behind it stay. */
const STRIPE_ID = /\b(?:in|inpay|cn|re|pyr|du|po|txn|cbtxn|cus|prod|ch|py|pi|ii|il|sub|si)_[A-Za-z0-9]{10,}/g

/** @returns what writes a text with short names. */
export function namesOf({ store }: Pick<StripeSimulator, 'store'>): (text: string) => string {
  const names = new Map<string, string>()
  const kinds = [
    store.customers,
    store.invoices,
    store.invoicePayments,
    store.creditNotes,
    store.refunds,
    store.disputes,
    store.payouts,
    store.balanceTransactions,
    store.customerBalanceTransactions,
  ]
  for (const kind of kinds) {
    for (const [index, { id }] of kind.all().entries()) names.set(id, `${id.split('_')[0]}_${index + 1}`)
  }
  return (text) => text.replace(STRIPE_ID, (id) => names.get(id) ?? id)
}
