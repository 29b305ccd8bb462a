// Stripe's invoices and credit notes as revenue to be recognized, for the waterfall. What cannot be scheduled is on the list.
import type Stripe from 'stripe'
import type { RevenueFacts } from '../../shared/close/deferred.ts'
import { isHubError } from '../../shared/errors.ts'
import type { Books } from '../../shared/recognition/books.ts'
import { billedInvoice, creditOf, type InvoiceContext } from '../../shared/recognition/from-stripe.ts'
import type { RecognitionPolicy } from '../../shared/recognition/policy.ts'
import { recut } from '../../shared/recognition/recut.ts'
import { idOf } from '../../shared/stripe/event.ts'
import type { StripeObjects } from './stripe-objects.ts'

export interface RevenueOptions {
  policy: RecognitionPolicy
  /** Journals that stand, and up to when the books are closed. */
  books: Books
  previousClosing?: Record<string, bigint>
}

/**
 * While no policy is configured: straight-line over every period, everything else at the invoice's date. The tie does not
 * depend on the revenue account, so there is one.
 */
export const plainPolicy = (timeZone: string): RecognitionPolicy => ({
  timeZone,
  revenueKeys: { byProduct: {}, default: 'revenue' },
  oneOffDate: 'invoice',
  oneOffWithPeriod: 'over-period',
  recognizeFrom: 'service',
})

/** The waterfall goes by currency, so one subsidiary stands for all. */
const SUBSIDIARY = 'all'

export function revenueOf(objects: StripeObjects, options: RevenueOptions): RevenueFacts {
  const { policy, books, previousClosing } = options
  const context: InvoiceContext = {
    policy,
    subsidiary: SUBSIDIARY,
    prices: new Map(
      objects.prices.map(({ id, recurring }) => [
        id,
        { recurring: recurring !== null, metered: recurring?.usage_type === 'metered' },
      ]),
    ),
  }
  const notesOf = Map.groupBy(objects.creditNotes, ({ invoice }) => idOf(invoice) ?? '')
  const facts: RevenueFacts = {
    invoices: [],
    books,
    breaks: [],
    refused: [],
    ...(previousClosing && { previousClosing }),
  }
  for (const invoice of objects.invoices) {
    try {
      const billed = billedInvoice(invoice, context)
      if (!billed) continue
      const credits = (notesOf.get(invoice.id) ?? []).map((note) => creditOf(note, context))
      const cut = recut(billed, credits)
      facts.invoices.push(cut.invoice)
      facts.breaks.push(...cut.breaks)
    } catch (error) {
      facts.refused.push(refusalOf(invoice, error))
    }
  }
  return facts
}

function refusalOf(invoice: Stripe.Invoice, error: unknown): RevenueFacts['refused'][number] {
  if (!isHubError(error) || error.hint === undefined) throw error
  return {
    object: `invoice ${invoice.number ?? invoice.id}`,
    why: error.message,
    owner: /^([^:]{1,30}):/.exec(error.hint)?.[1] ?? 'Engineering',
    next: error.hint,
    code: error.code,
  }
}
