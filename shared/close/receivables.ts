// Check (d): what is open on an invoice in NetSuite is what Stripe says remains of it, unless it was written off, voided or is
// disputed. Both systems say only what is open NOW, so this is judged as of the reading, for invoices issued by the cut-off.
import {
  type Break,
  type Check,
  check,
  type Explained,
  Figures,
  type Finding,
  type Reading,
  spoken,
} from './check.ts'
import type { OpenItem, OwedInvoice } from './facts.ts'

export interface ReceivableInputs {
  /** Every invoice issued before the cut-off. */
  invoices: Reading<OwedInvoice[]>
  open: Reading<OpenItem[]>
}

export const checkReceivables = ({ invoices, open }: ReceivableInputs): Check =>
  check('receivables', 'Open receivables: NetSuite = what remains in Stripe', [invoices, open], judge)

function judge(invoices: readonly OwedInvoice[], items: readonly OpenItem[]): Finding {
  const figures = new Figures(['stripe', 'netsuite'])
  const breaks: Break[] = []
  const explained: Explained[] = []
  const openOf = Map.groupBy(items, ({ invoice }) => invoice)
  const known = new Map(invoices.map((invoice) => [invoice.id, invoice]))
  for (const invoice of invoices) {
    const { id, label, currency, remainingMinor, ended, isDisputed } = invoice
    const openMinor = (openOf.get(id) ?? []).reduce((total, item) => total + item.openMinor, 0n)
    const expected = ended === undefined ? remainingMinor : 0n
    if (expected === 0n && openMinor === 0n) continue
    figures.add(currency, 'open', 'stripe', expected)
    figures.add(currency, 'open', 'netsuite', openMinor)
    const amountMinor = openMinor - expected
    if (amountMinor === 0n) continue
    if (isDisputed) {
      explained.push({ object: `invoice ${label}`, currency, amountMinor, why: 'its payment is disputed' })
      continue
    }
    breaks.push({
      object: `invoice ${label}`,
      currency,
      amountMinor,
      cause: 'open-differs',
      why: `${spoken(openMinor, currency)} is open on it in NetSuite; in Stripe ${ended === undefined ? `${spoken(remainingMinor, currency)} remains` : `it is ${ended}`}.`,
      owner: 'Billing',
      next: `hub trace ${id} says what is missing: a payment, a credit note or the customer's balance.`,
    })
  }
  for (const [invoice, group] of openOf) {
    if (known.has(invoice)) continue
    const [{ currency }] = group as [OpenItem]
    const amountMinor = group.reduce((total, item) => total + item.openMinor, 0n)
    if (amountMinor === 0n) continue
    figures.add(currency, 'open', 'netsuite', amountMinor)
    breaks.push({
      object: invoice,
      currency,
      amountMinor,
      cause: 'open-unknown',
      why: `${spoken(amountMinor, currency)} is open on ${invoice} in NetSuite, and Stripe has issued no such invoice by the cut-off.`,
      owner: 'Accounting',
      next: 'Compare its date and external id with Stripe.',
    })
  }
  return { figures: figures.list(), breaks, explained }
}
