// What one object needs to know before it can be projected: its customer's facts, products, tax rates, the dates of
// its documents, and the Stripe objects it hangs together with (a refund's invoice and credit notes).
import type { LimitFunction } from 'p-limit'
import type Stripe from 'stripe'
import { idOf } from '../../../shared/stripe/event.ts'
import { type CustomerFacts, RECORDS, type RefundSource } from './books.ts'
import { needsCreditNotes, readHistory } from './invoice-history.ts'
import type { Root } from './project.ts'
import { creditNoteDate } from './project-credit-note.ts'
import { invoiceDocumentDates } from './project-invoice.ts'
import type { BookLine } from './stripe-fields.ts'
import { creditNoteLines, expanded, invoiceLines } from './stripe-fields.ts'

interface Common {
  customerId: string | undefined
  customerFacts: CustomerFacts | undefined
  currency: string
  productIds: string[]
  taxRateIds: string[]
  /** Records to be dated, with their dates in seconds. */
  documents: [record: { kind: string; externalId: string }, atSeconds: number][]
}

export type Needs = Common &
  (
    | { root: 'customer' }
    | { root: 'product' }
    | { root: 'invoice'; creditNotes: Stripe.CreditNote[] }
    | { root: 'credit_note'; invoice: Stripe.Invoice }
    | { root: 'refund'; source: RefundSource | undefined }
  )

/** Stripe's own maximum for a page. */
const PAGE = 100
const NOTHING: Pick<Common, 'productIds' | 'taxRateIds' | 'documents'> = {
  productIds: [],
  taxRateIds: [],
  documents: [],
}

/** @throws permanent for what the projections do not cover; the SDK's errors for Stripe's. */
export async function needsOf(object: Root, stripe: Stripe, limit: LimitFunction): Promise<Needs> {
  switch (object.object) {
    case 'customer':
      return {
        root: 'customer',
        customerId: object.id,
        customerFacts: {
          metadata: object.metadata,
          country: object.address?.country,
          currency: object.currency,
        },
        currency: object.currency ?? '',
        ...NOTHING,
      }
    case 'invoice':
      return needsOfInvoice(object, stripe, limit)
    case 'credit_note':
      return needsOfCreditNote(object, stripe, limit)
    case 'refund':
      return needsOfRefund(object, stripe, limit)
    case 'product':
      return { root: 'product', customerId: undefined, customerFacts: undefined, currency: '', ...NOTHING }
  }
}

async function needsOfInvoice(invoice: Stripe.Invoice, stripe: Stripe, limit: LimitFunction): Promise<Needs> {
  const creditNotes = needsCreditNotes(invoice) ? await creditNotesOf(invoice.id, stripe, limit) : []
  const history = readHistory(invoice, creditNotes)
  return {
    root: 'invoice',
    creditNotes,
    ...ofInvoice(invoice),
    // A draft has no documents: nothing is looked up for it.
    ...(history
      ? { ...ofLines(invoiceLines(invoice)), documents: invoiceDocumentDates(invoice, history) }
      : { ...NOTHING, customerFacts: undefined }),
  }
}

async function needsOfCreditNote(
  note: Stripe.CreditNote,
  stripe: Stripe,
  limit: LimitFunction,
): Promise<Needs> {
  const invoice = await wholeInvoice(note.invoice, stripe, limit)
  return {
    root: 'credit_note',
    invoice,
    ...ofInvoice(invoice),
    ...ofLines(creditNoteLines(note, invoice)),
    documents: [[RECORDS.creditMemo(note.id), creditNoteDate(note)]],
  }
}

/** From the refund to its credit notes: payment → invoice payments → invoice → the credit notes that name it. */
async function needsOfRefund(refund: Stripe.Refund, stripe: Stripe, limit: LimitFunction): Promise<Needs> {
  const common = {
    customerId: idOf(refund.customer),
    customerFacts: undefined,
    currency: refund.currency,
    ...NOTHING,
  }
  const paymentIntentId = idOf(refund.payment_intent)
  if (refund.status !== 'succeeded' || paymentIntentId === undefined)
    return { root: 'refund', source: undefined, ...common }
  const payments = await limit(() =>
    stripe.invoicePayments
      .list({ payment: { type: 'payment_intent', payment_intent: paymentIntentId }, limit: PAGE })
      .autoPagingToArray({ limit: 1_000 }),
  )
  const invoiceIds = [...new Set(payments.flatMap((payment) => idOf(payment.invoice) ?? []))]
  const first = invoiceIds[0]
  if (first === undefined) return { root: 'refund', source: undefined, ...common }
  const creditNotes: RefundSource['creditNotes'] = []
  for (const invoiceId of invoiceIds) {
    for (const note of await creditNotesOf(invoiceId, stripe, limit)) {
      if (note.status === 'void') continue
      const amountRefunded = note.refunds
        .filter((part) => idOf(part.refund) === refund.id)
        .reduce((sum, part) => sum + part.amount_refunded, 0)
      if (amountRefunded > 0) creditNotes.push({ id: note.id, amountRefunded })
    }
  }
  const invoice = await limit(() => stripe.invoices.retrieve(first, { expand: ['customer'] }))
  return {
    root: 'refund',
    ...ofInvoice(invoice),
    ...NOTHING,
    source: { invoiceId: first, customerId: idOf(invoice.customer) ?? idOf(refund.customer), creditNotes },
    documents: [[RECORDS.refund(refund.id), refund.created]],
  }
}

const creditNotesOf = (
  invoiceId: string,
  stripe: Stripe,
  limit: LimitFunction,
): Promise<Stripe.CreditNote[]> =>
  limit(() =>
    stripe.creditNotes.list({ invoice: invoiceId, limit: PAGE }).autoPagingToArray({ limit: 10_000 }),
  )

/** The credit note's invoice with all of its lines: they name the products. */
async function wholeInvoice(
  value: string | Stripe.Invoice,
  stripe: Stripe,
  limit: LimitFunction,
): Promise<Stripe.Invoice> {
  const given = expanded<Stripe.Invoice>(value)
  const invoice =
    given ?? (await limit(() => stripe.invoices.retrieve(idOf(value) ?? '', { expand: ['customer'] })))
  if (!invoice.lines.has_more) return invoice
  const data = await limit(() =>
    stripe.invoices.listLineItems(invoice.id, { limit: PAGE }).autoPagingToArray({ limit: 10_000 }),
  )
  return { ...invoice, lines: { ...invoice.lines, data, has_more: false } }
}

function ofInvoice(invoice: Stripe.Invoice): Pick<Common, 'customerId' | 'customerFacts' | 'currency'> {
  return {
    customerId: idOf(invoice.customer),
    customerFacts: customerFactsOf(invoice),
    currency: invoice.currency,
  }
}

function ofLines(lines: readonly BookLine[]): Pick<Common, 'productIds' | 'taxRateIds'> {
  return {
    productIds: [...new Set(lines.flatMap((line) => line.productId ?? []))],
    taxRateIds: [...new Set(lines.flatMap((line) => line.taxes.flatMap((tax) => tax.rateId ?? [])))],
  }
}

/** The customer's facts from its expanded object, or from the invoice's copy when it is deleted or not expanded. */
function customerFactsOf(invoice: Stripe.Invoice): CustomerFacts {
  const customer = expanded<Stripe.Customer | Stripe.DeletedCustomer>(invoice.customer)
  if (!customer || customer.deleted) {
    return { country: invoice.customer_address?.country, currency: invoice.currency }
  }
  return {
    metadata: customer.metadata,
    country: customer.address?.country,
    currency: customer.currency ?? invoice.currency,
  }
}
