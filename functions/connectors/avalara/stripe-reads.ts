// What the tax connector reads in Stripe beside the object itself, whole, with Stripe's refusals translated.
import type Stripe from 'stripe'
import { isHubError } from '../../../shared/errors.ts'
import { isStripeNotFound, translateStripeError } from '../../../shared/stripe/errors.ts'
import { idOf } from '../../../shared/stripe/event.ts'
import type { LiveCustomer } from './gathering.ts'

const MOST = { limit: 10_000 }

export async function readCustomer(stripe: Stripe, id: string): Promise<LiveCustomer> {
  try {
    const customer = await stripe.customers.retrieve(id, { expand: ['tax_ids'] })
    return customer.deleted ? undefined : customer
  } catch (error) {
    if (isStripeNotFound(error)) return undefined
    throw translateStripeError(error, `read customer ${id}`, false)
  }
}

export async function readInvoice(stripe: Stripe, id: string): Promise<Stripe.Invoice> {
  try {
    const invoice = await stripe.invoices.retrieve(id)
    if (invoice.lines.has_more) {
      invoice.lines.data = await stripe.invoices.listLineItems(id, { limit: 100 }).autoPagingToArray(MOST)
    }
    return invoice
  } catch (error) {
    throw translateStripeError(error, `read invoice ${id}`, false)
  }
}

/** The invoice's credit notes that are not voided, in the order of their creation. */
export async function readStandingNotes(stripe: Stripe, invoiceId: string): Promise<Stripe.CreditNote[]> {
  try {
    const notes = await listNotes(stripe, invoiceId, ({ status }) => status !== 'void')
    return notes.sort(byCreation)
  } catch (error) {
    throw translateStripeError(error, `list the credit notes of ${invoiceId}`, false)
  }
}

/** The invoice's credit notes that came before this one, and this one last. */
export async function readNotesUpTo(
  stripe: Stripe,
  invoiceId: string,
  last: Stripe.CreditNote,
): Promise<Stripe.CreditNote[]> {
  try {
    const before = await listNotes(
      stripe,
      invoiceId,
      (note) => note.id !== last.id && byCreation(note, last) < 0,
    )
    return [...before.sort(byCreation), last]
  } catch (error) {
    throw translateStripeError(error, `list the credit notes of ${invoiceId}`, false)
  }
}

/** What a refund hangs together with, found through its payment. */
export interface RefundSource {
  /** The first that the payment was for: the books take its lines. */
  invoice: Stripe.Invoice
  /** Of all invoices of the payment. */
  notes: Stripe.CreditNote[]
  /** Of the payment, this one among them. */
  refunds: Stripe.Refund[]
}

/** @returns undefined where no invoice knows the payment. */
export async function readRefundSource(
  stripe: Stripe,
  refund: Stripe.Refund,
): Promise<RefundSource | undefined> {
  const intent = idOf(refund.payment_intent)
  if (intent === undefined) return undefined
  try {
    const payments = await stripe.invoicePayments
      .list({ payment: { type: 'payment_intent', payment_intent: intent }, limit: 100 })
      .autoPagingToArray(MOST)
    const invoiceIds = [...new Set(payments.flatMap(({ invoice }) => idOf(invoice) ?? []))]
    const [first] = invoiceIds
    if (first === undefined) return undefined
    const notes: Stripe.CreditNote[] = []
    for (const invoice of invoiceIds)
      notes.push(...(await stripe.creditNotes.list({ invoice, limit: 100 }).autoPagingToArray(MOST)))
    const refunds = await stripe.refunds.list({ payment_intent: intent, limit: 100 }).autoPagingToArray(MOST)
    return { invoice: await readInvoice(stripe, first), notes, refunds }
  } catch (error) {
    if (isHubError(error)) throw error
    throw translateStripeError(error, `read what refund ${refund.id} is of`, false)
  }
}

/** @returns undefined where our key cannot read it, or there is none. */
export async function readBalanceTransaction(
  stripe: Stripe,
  value: string | Stripe.BalanceTransaction | null | undefined,
): Promise<Stripe.BalanceTransaction | undefined> {
  const id = idOf(value)
  if (id === undefined) return undefined
  try {
    return await stripe.balanceTransactions.retrieve(id)
  } catch (error) {
    if (isStripeNotFound(error)) return undefined
    throw translateStripeError(error, `read balance transaction ${id}`, false)
  }
}

/** Every page, and of each wanted note every line. */
async function listNotes(
  stripe: Stripe,
  invoiceId: string,
  isWanted: (note: Stripe.CreditNote) => boolean,
): Promise<Stripe.CreditNote[]> {
  const all = await stripe.creditNotes.list({ invoice: invoiceId, limit: 100 }).autoPagingToArray(MOST)
  const wanted = all.filter(isWanted)
  for (const note of wanted.filter(({ lines }) => lines.has_more)) {
    note.lines.data = await stripe.creditNotes.listLineItems(note.id, { limit: 100 }).autoPagingToArray(MOST)
  }
  return wanted
}

const byCreation = (a: Stripe.CreditNote, b: Stripe.CreditNote): number =>
  a.created - b.created || (a.id < b.id ? -1 : 1)
