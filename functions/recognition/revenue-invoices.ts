// Stripe's invoices and credit notes as revenue to be recognized, one reading for the journals and for the close. What
// cannot be scheduled, or is not in NetSuite yet, is on a list with who mends it, and hides no other. PURE.
import type Stripe from 'stripe'
import type { RevenueFacts } from '../../shared/close/deferred.ts'
import { isHubError } from '../../shared/errors.ts'
import { money, toDecimal } from '../../shared/money/money.ts'
import type { Month } from '../../shared/recognition/day.ts'
import { billedInvoice, creditOf, type InvoiceContext } from '../../shared/recognition/from-stripe.ts'
import type { RecognitionPolicy } from '../../shared/recognition/policy.ts'
import { recut } from '../../shared/recognition/recut.ts'
import type { BilledInvoice, Break, Credit, RevenueInvoice } from '../../shared/recognition/revenue-line.ts'
import { finalNet } from '../../shared/recognition/schedule.ts'
import { idOf } from '../../shared/stripe/event.ts'
import type { PostedSales } from './posted-sales.ts'
import type { StripeSales } from './stripe-sales.ts'

export type Refusal = RevenueFacts['refused'][number]

export interface RevenueInvoices {
  invoices: RevenueInvoice[]
  /** What of credit notes and voids could not be cut in. */
  breaks: Break[]
  refused: Refusal[]
}

export interface RevenueReading {
  policy: RecognitionPolicy
  /** @throws permanent where no rule gives one. */
  subsidiaryOf(invoice: Stripe.Invoice): string
  /** Given: only what stands in the books counts, from their first month on; `through`: up to when it is missed. */
  books?: { posted: PostedSales; firstMonth: Month; through: Month }
}

export function revenueInvoices(sales: StripeSales, reading: RevenueReading): RevenueInvoices {
  const { policy, subsidiaryOf, books } = reading
  const prices: InvoiceContext['prices'] = new Map(
    sales.prices.map(({ id, recurring }) => [
      id,
      { recurring: recurring !== null, metered: recurring?.usage_type === 'metered' },
    ]),
  )
  const bookedIn = books && { bookedIn: books.posted.bookedIn }
  const notesOf = Map.groupBy(sales.creditNotes, ({ invoice }) => idOf(invoice) ?? '')
  const found: RevenueInvoices = { invoices: [], breaks: [], refused: [] }
  for (const invoice of sales.invoices) {
    try {
      if (invoice.status === 'draft') continue
      const context = { policy, subsidiary: subsidiaryOf(invoice), prices, ...bookedIn }
      const billed = billedInvoice(invoice, context)
      if (!billed) continue
      if (books && isMissing(billed, books)) {
        found.refused.push(...unpostedInvoice(invoice, billed, books.through))
        continue
      }
      const credits = (notesOf.get(invoice.id) ?? []).flatMap((note) => {
        const standing = books ? asPosted(note, invoice, books, policy, found.refused) : note
        return standing ? [creditOf(standing, { policy, ...bookedIn })] : []
      })
      const cut = recut(
        books ? withPostedVoid(billed, credits, invoice, books, found.refused) : billed,
        credits,
      )
      found.invoices.push(cut.invoice)
      found.breaks.push(...cut.breaks)
    } catch (error) {
      found.refused.push(refusalOf(invoice, error))
    }
  }
  return found
}

type Posting = NonNullable<RevenueReading['books']>

/** Of before the hub's first month it need not stand: another system may have posted it. Nothing is posted of nothing. */
const isMissing = (billed: BilledInvoice, { posted, firstMonth }: Posting): boolean =>
  !posted.bookedIn.has(billed.invoiceId) &&
  billed.bookedIn >= firstMonth &&
  billed.lines.some(({ netMinor }) => netMinor !== 0n)

function unpostedInvoice(invoice: Stripe.Invoice, billed: BilledInvoice, through: Month): Refusal[] {
  const starts = billed.lines.map((line) => line.earliest ?? line.service.from.slice(0, 7))
  if (starts.every((month) => month > through)) return []
  return [unposted('invoice', invoice, `The revenue of ${named(invoice)}`, 'the invoice')]
}

/** The credit note as far as NetSuite has it; undefined while it does not. */
function asPosted(
  note: Stripe.CreditNote,
  invoice: Stripe.Invoice,
  { posted, firstMonth, through }: Posting,
  policy: RecognitionPolicy,
  refused: Refusal[],
): Stripe.CreditNote | undefined {
  const { bookedIn: month, parts, spreadMinor } = creditOf(note, { policy })
  if (month < firstMonth || (parts.length === 0 && spreadMinor === 0n)) return note
  const isVoid = note.status === 'void'
  const what = `Credit note ${note.number} (${amountOf(note)}) of ${named(invoice)}`
  if (!posted.bookedIn.has(note.id)) {
    // Voided before it was posted: it never was.
    if (!isVoid && month <= through) refused.push(unposted('credit note', note, what, 'its memo'))
    return undefined
  }
  if (!isVoid || posted.bookedIn.has(`${note.id}:void`)) return note
  refused.push(
    unposted('credit note', note, `The voiding of ${what.replace('Credit', 'credit')}`, 'its reversal'),
  )
  return { ...note, status: 'issued', voided_at: null }
}

/** The invoice without its void while NetSuite lacks the memo; where credit notes left nothing there is none to lack. */
function withPostedVoid(
  billed: BilledInvoice,
  credits: readonly Credit[],
  invoice: Stripe.Invoice,
  { posted, firstMonth, through }: Posting,
  refused: Refusal[],
): BilledInvoice {
  const { voided, ...standing } = billed
  const isLacking =
    voided !== undefined &&
    voided.bookedIn >= firstMonth &&
    posted.bookedIn.has(billed.invoiceId) &&
    !posted.bookedIn.has(`${billed.invoiceId}:void`) &&
    recut(standing, credits).invoice.lines.some((line) => finalNet(line) !== 0n)
  if (!isLacking) return billed
  if (voided.bookedIn <= through)
    refused.push(unposted('invoice', invoice, `The void of ${named(invoice)}`, 'its memo'))
  return standing
}

interface Document {
  id: string
  number: string | null
  total: number
  currency: string
}

const amountOf = ({ total, currency }: Document): string =>
  `${currency.toUpperCase()} ${toDecimal(money(total, currency))}`
const named = (document: Document): string => `${document.number ?? document.id} (${amountOf(document)})`

function unposted(kind: string, document: Document, what: string, missing: string): Refusal {
  const name = document.number ?? document.id
  return {
    object: `${kind} ${name}`,
    why: `${what} is not recognized: ${missing} is not in NetSuite. Nothing was journaled for it.`,
    owner: 'Accounting',
    next: `hub trace ${document.id} says why it is not posted and who mends it. Then: hub recognize`,
    code: 'REVREC-UNPOSTED',
  }
}

function refusalOf(invoice: Stripe.Invoice, error: unknown): Refusal {
  if (!isHubError(error) || error.hint === undefined) throw error
  return {
    object: `invoice ${invoice.number ?? invoice.id}`,
    why: error.message,
    owner: /^([^:]{1,30}):/.exec(error.hint)?.[1] ?? 'Engineering',
    next: error.hint,
    code: error.code,
  }
}
