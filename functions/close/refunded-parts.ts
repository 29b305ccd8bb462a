// Refunds that no credit note explains, where they take tax back by policy: which part of the invoice each takes. As the
// promise in Avalara's README says: from a day on, whole lines in proportion, and once only, however often a refund that failed
// is made again. PURE.
import type Stripe from 'stripe'
import { dayOf } from '../../shared/calendar.ts'
import type { Day } from '../../shared/recognition/day.ts'
import { idOf } from '../../shared/stripe/event.ts'
import { inProportion, type PricedLine, pricedLines, sumOf } from '../../shared/stripe/invoice-part.ts'
import { hasFailed, partsOf, pastRefund } from '../../shared/stripe/refund-parts.ts'
import { paidWith, paymentsBySource, transactionsById } from './stripe-days.ts'
import type { StripeObjects } from './stripe-objects.ts'

export interface RefundedPart {
  refund: Stripe.Refund
  invoice: Stripe.Invoice
  day: Day
  lines: PricedLine[]
}

export function refundedParts(
  objects: StripeObjects,
  timeZone: string,
  { since, neverPosted }: { since: Day | undefined; neverPosted: ReadonlySet<string> },
): RefundedPart[] {
  if (since === undefined) return []
  const bySource = paymentsBySource(objects)
  const transactions = transactionsById(objects)
  const invoices = new Map(objects.invoices.map((invoice) => [invoice.id, invoice]))
  const ofPayment = Map.groupBy(objects.refunds, ({ payment_intent }) => idOf(payment_intent) ?? '')
  ofPayment.delete('')
  return [...ofPayment.values()].flatMap((refunds) => {
    const [first] = refunds
    const paid = new Set(first ? paidWith(first, bySource).map(({ invoice }) => idOf(invoice) ?? '') : [])
    const invoice = invoices.get([...paid][0] ?? '')
    if (!invoice) return []
    const notes = objects.creditNotes.filter((note) => paid.has(idOf(note.invoice) ?? ''))
    const parts = partsOf(
      refunds.map((refund) =>
        pastRefund(refund, notes, {
          back: transactions.get(idOf(refund.failure_balance_transaction) ?? ''),
          isPosted: !neverPosted.has(refund.id),
        }),
      ),
    )
    const sold = pricedLines(invoice)
    return refunds.flatMap((refund): RefundedPart[] => {
      const restMinor = parts.get(refund.id)?.restMinor ?? 0n
      const day = dayOf(refund.created, timeZone)
      const stands = hasFailed(refund) ? !neverPosted.has(refund.id) : refund.status === 'succeeded'
      const isWanted = stands && day >= since && restMinor > 0n && restMinor <= sumOf(sold)
      return isWanted ? [{ refund, invoice, day, lines: inProportion(sold, restMinor) }] : []
    })
  })
}
