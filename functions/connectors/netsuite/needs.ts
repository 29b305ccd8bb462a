// What one object needs to know before it can be projected, beside basic-needs.ts: what hangs together with it in Stripe (a
// refund's invoice and credit notes, an invoice's payments in the Stripe balance), and whether credit notes that were
// voided had been posted, which only NetSuite knows.
import type Stripe from 'stripe'
import { type Gathering, recordKey } from '../../../shared/connector/contract.ts'
import { idOf } from '../../../shared/stripe/event.ts'
import { type BasicNeeds, type NeedsSources, NOTHING, ofInvoice, ofLines } from './basic-needs.ts'
import { type DocumentName, type Fees, type KeptChoices, RECORDS, type Settlement } from './books.ts'
import { type CreditGrantNeeds, needsOfCreditGrant } from './credit-grant-needs.ts'
import { type CreditNoteNeeds, needsOfCreditNote } from './credit-note-needs.ts'
import { adjustmentDates, isAdjustment } from './customer-balance.ts'
import { type DisputeNeeds, needsOfDispute } from './dispute-needs.ts'
import { movesBalance, needsCreditNotes, readHistory } from './invoice-history.ts'
import { isPosted } from './known-records.ts'
import { needsOfPayout, type PayoutNeeds } from './payout-needs.ts'
import type { Root } from './project.ts'
import { invoiceDocumentDates } from './project-invoice.ts'
import { settle } from './receivable.ts'
import { needsOfRefund, type RefundNeeds } from './refund-needs.ts'
import { isNoteMissing } from './reversals.ts'
import { feeDates, settledPayments } from './settled-payments.ts'
import { drawnCredits, invoiceLines } from './stripe-fields.ts'
import type { StripeReads } from './stripe-reads.ts'

interface InvoiceNeeds {
  root: 'invoice'
  creditNotes: Stripe.CreditNote[]
  balance: Stripe.CustomerBalanceTransaction[] | undefined
  settlements: Record<string, Settlement>
  fees: Record<string, Fees>
  reversals: Record<string, DocumentName>
  soldCreditsMinor: string | undefined
}

export type Needs = BasicNeeds &
  (
    | { root: 'customer'; adjustments: Stripe.CustomerBalanceTransaction[] | undefined }
    | { root: 'product' }
    | InvoiceNeeds
    | CreditNoteNeeds
    | RefundNeeds
    | DisputeNeeds
    | CreditGrantNeeds
    | PayoutNeeds
  )

/** @throws permanent for what the projections cannot make sense of; the SDK's errors for Stripe's. */
export async function needsOf(
  gathering: Gathering<Root>,
  kept: KeptChoices,
  sources: NeedsSources,
): Promise<Needs> {
  const { object } = gathering
  switch (object.object) {
    case 'customer':
      return needsOfCustomer(object, sources)
    case 'invoice':
      return needsOfInvoice(object, gathering, kept, sources)
    case 'credit_note':
      return needsOfCreditNote(object, sources)
    case 'refund':
      return needsOfRefund(object, gathering, kept, sources)
    case 'dispute':
      return needsOfDispute(object, kept, sources)
    case 'billing.credit_grant':
      return needsOfCreditGrant(object, sources)
    case 'payout':
      return needsOfPayout(object, kept, sources)
    case 'product':
      return { root: 'product', customerId: undefined, customerFacts: undefined, currency: '', ...NOTHING }
  }
}

async function needsOfCustomer(customer: Stripe.Customer, { config, reads }: NeedsSources): Promise<Needs> {
  // Asked only where adjustments have an account: without one they are not posted, and the customer must stand.
  const isWanted = config.customerBalance?.adjustmentAccount !== undefined
  const moved = isWanted ? await reads.balanceOf(customer.id) : undefined
  const adjustments = moved?.filter(isAdjustment)
  return {
    root: 'customer',
    customerId: customer.id,
    customerFacts: {
      metadata: customer.metadata,
      country: customer.address?.country,
      currency: customer.currency,
    },
    currency: adjustments?.[0]?.currency ?? customer.currency ?? '',
    ...NOTHING,
    adjustments: adjustments?.length ? adjustments : undefined,
    documents: adjustmentDates(adjustments ?? []),
  }
}

async function needsOfInvoice(
  invoice: Stripe.Invoice,
  gathering: Gathering<Root>,
  kept: KeptChoices,
  sources: NeedsSources,
): Promise<Needs> {
  const { reads } = sources
  // What a posted payment settled beside the invoice, it settled for good.
  const asksNotes = needsCreditNotes(invoice) || kept.isNoteReversed === true
  let creditNotes = asksNotes ? await reads.creditNotesOf(invoice.id) : []
  const customerId = idOf(invoice.customer)
  const balance =
    movesBalance(invoice) && customerId !== undefined
      ? await reads.balanceOf(customerId, invoice.id)
      : undefined
  const isUnapplied = isPosted(gathering, recordKey(RECORDS.unapplied(invoice.id)))
  const history = readHistory(invoice, { creditNotes, balance, isUnapplied })
  if (!history) {
    // A draft has no documents: nothing is looked up for it.
    const nothing = {
      creditNotes,
      balance,
      settlements: {},
      fees: {},
      reversals: {},
      soldCreditsMinor: undefined,
    }
    return { root: 'invoice', ...nothing, ...ofInvoice(invoice), ...NOTHING, customerFacts: undefined }
  }
  let receivable = settle(invoice, history, {})
  if (isNoteMissing(invoice, receivable, gathering, sources.openAmounts.get(invoice.id)))
    creditNotes = await reads.creditNotesOf(invoice.id)
  const reversals = await sources.reversals.of(creditNotes, undefined)
  if (creditNotes.length > 0) {
    const whole = readHistory(invoice, { creditNotes, balance, isUnapplied })
    if (whole) receivable = settle(invoice, whole, reversals)
  }
  const { settlements, fees } = await settledPayments(invoice, history.payments, gathering, kept, sources)
  return {
    root: 'invoice',
    creditNotes,
    balance,
    settlements,
    fees,
    reversals,
    soldCreditsMinor: await soldCredits(invoice, reads),
    ...ofInvoice(invoice),
    ...ofLines(invoiceLines(invoice)),
    documents: [
      ...invoiceDocumentDates({ invoice, history, receivable }),
      ...feeDates(history.payments, fees),
    ],
    settledIn: [...Object.values(settlements), ...Object.values(fees)].map(({ currency }) => currency),
  }
}

async function soldCredits(invoice: Stripe.Invoice, reads: StripeReads): Promise<string | undefined> {
  let soldMinor = 0n
  for (const [id, drawnMinor] of drawnCredits(invoice)) {
    if (await reads.isSoldCredit(id)) soldMinor += drawnMinor
  }
  return soldMinor === 0n ? undefined : soldMinor.toString()
}
