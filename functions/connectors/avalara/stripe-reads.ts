// What the tax connector reads in Stripe beside the object itself, whole, with Stripe's refusals translated.
import type Stripe from 'stripe'
import { isStripeNotFound, translateStripeError } from '../../../shared/stripe/errors.ts'
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
