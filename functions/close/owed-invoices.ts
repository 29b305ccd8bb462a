// What remains to be paid of every invoice issued by the cut-off, as Stripe has it now. PURE.
import { dayOf } from '../../shared/calendar.ts'
import type { OwedInvoice } from '../../shared/close/facts.ts'
import type { Period } from '../../shared/close/period.ts'
import { idOf } from '../../shared/stripe/event.ts'
import { isNothingSold } from './invoice-amounts.ts'
import { currencyOf, paidWith, paymentsBySource } from './stripe-days.ts'
import type { StripeObjects } from './stripe-objects.ts'

export function owedInvoicesOf(objects: StripeObjects, { timeZone, lastDay }: Period): OwedInvoice[] {
  const bySource = paymentsBySource(objects)
  const disputed = new Set(
    objects.disputes.flatMap((dispute) => paidWith(dispute, bySource)).map(({ invoice }) => idOf(invoice)),
  )
  return objects.invoices.flatMap((invoice) => {
    const { id, number, status, status_transitions: times, total, effective_at } = invoice
    if (status === 'draft' || times.finalized_at === null || total < 0 || isNothingSold(invoice)) return []
    if (dayOf(effective_at ?? times.finalized_at, timeZone) > lastDay) return []
    const ended =
      status === 'void' ? 'void' : times.marked_uncollectible_at === null ? undefined : 'written off'
    return [
      {
        id,
        label: number ?? id,
        currency: currencyOf(invoice),
        remainingMinor: BigInt(invoice.amount_remaining),
        ...(ended && { ended }),
        isDisputed: disputed.has(id),
      },
    ]
  })
}
