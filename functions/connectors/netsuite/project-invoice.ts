// An invoice's whole life as dated documents: the invoice (a credit memo when its total is negative), what the
// customer's balance settled of it, its payments (project-payment.ts) and what ended it (project-ending.ts). PURE; what
// happened when is invoice-history.ts, what settles what receivable.ts.
import type Stripe from 'stripe'
import { dayOf } from '../../../shared/calendar.ts'
import type { JsonObject, RemoteRecord } from '../../../shared/connector/contract.ts'
import { type Money, money } from '../../../shared/money/money.ts'
import { idOf } from '../../../shared/stripe/event.ts'
import { applyField, applyTo } from './apply.ts'
import { type Context, type DocumentName, RECORDS } from './books.ts'
import type { NetSuiteConfig } from './config.ts'
import { balanceItem, refuseWithoutBalance, toBalanceJournal } from './customer-balance.ts'
import { type Head, headFields } from './document-head.ts'
import { movesBalance, readHistory } from './invoice-history.ts'
import { type Issued, issuedHead, posted } from './issued.ts'
import { itemFields, singleItemField } from './item-lines.ts'
import { parked } from './parked.ts'
import { creditsRecords } from './project-credits.ts'
import { endingDates, endingRecords } from './project-ending.ts'
import { paymentDates, paymentRecords } from './project-payment.ts'
import { refuseUnexplained, settle } from './receivable.ts'
import { documentName, drawnCredits, invoiceLines, negated, sellsNothing } from './stripe-fields.ts'

const PURCHASE_ORDER_MAX = 45

type InvoiceContext = Omit<Extract<Context, { root: 'invoice' }>, 'root'>

export function projectInvoice(
  invoice: Stripe.Invoice,
  context: InvoiceContext,
  config: NetSuiteConfig,
): RemoteRecord[] {
  const history = readHistory(invoice, context)
  if (!history) return []
  const customerId = idOf(invoice.customer)
  if (customerId === undefined) {
    throw parked({
      code: 'NS-CUSTOMER',
      document: documentName(invoice, invoice.total),
      why: 'it names no customer (field customer).',
      hint: 'Engineering: invoices of customer accounts without a customer are not mapped; enter it by hand.',
    })
  }
  if (movesBalance(invoice)) refuseWithoutBalance(documentName(invoice, invoice.total), context.books)
  const receivable = settle(invoice, history, context.reversals ?? {})
  refuseUnexplained(invoice, history, receivable)
  const { creditNotes } = context
  const issued: Issued = { invoice, customerId, history, receivable, creditNotes, choices: context, config }
  return [
    ...soldRecords(issued),
    ...balanceRecords(issued),
    ...creditsRecords(issued, context.soldCreditsMinor),
    ...paymentRecords(issued, context.settlements ?? {}, context.fees ?? {}),
    ...endingRecords(issued),
  ]
}

/** The dates of the documents that `projectInvoice` makes, for the choice of their posting periods. */
export function invoiceDocumentDates({
  invoice,
  history,
  receivable,
}: Pick<Issued, 'invoice' | 'history' | 'receivable'>): [DocumentName, number][] {
  const { finalizedAtSeconds, voidedAtSeconds } = history
  const isNegative = history.totalMinor < 0n
  const top = isNegative ? RECORDS.negativeInvoice(invoice.id) : RECORDS.invoice(invoice.id)
  const dates: [DocumentName, number][] = [
    ...(sellsNothing(invoice) ? [] : [[top, history.issuedAtSeconds] satisfies [DocumentName, number]]),
    ...paymentDates(receivable),
    ...endingDates(invoice.id, receivable),
  ]
  if (history.balanceMinor !== 0n) dates.push([balanceName(invoice.id, history), finalizedAtSeconds])
  if (drawnCredits(invoice).size > 0) {
    dates.push([RECORDS.credits(invoice.id), finalizedAtSeconds])
    if (voidedAtSeconds !== undefined) dates.push([RECORDS.creditsVoid(invoice.id), voidedAtSeconds])
  }
  return dates
}

/** The document between the invoice and the customer's balance. */
function balanceName(invoiceId: string, { balanceMinor, totalMinor }: Issued['history']): DocumentName {
  if (balanceMinor > 0n) return RECORDS.balanceMemo(invoiceId)
  return totalMinor < 0n ? RECORDS.toBalance(invoiceId) : RECORDS.owed(invoiceId)
}

function soldRecords(issued: Issued): RemoteRecord[] {
  if (sellsNothing(issued.invoice)) return []
  return [issued.history.totalMinor < 0n ? negativeInvoiceRecord(issued) : invoiceRecord(issued)]
}

function invoiceRecord(issued: Issued): RemoteRecord {
  const { invoice, history, choices, config } = issued
  const total = money(invoice.total, invoice.currency)
  const top = issuedHead(RECORDS.invoice(invoice.id), 'Invoice', history.issuedAtSeconds, total, issued)
  return posted(top, {
    ...headFields(top, choices, config),
    // Always said: left out, NetSuite would compute one from the customer's terms.
    dueDate: dayOf(invoice.due_date ?? history.issuedAtSeconds, config.timeZone),
    ...purchaseOrder(invoice, top, config),
    ...itemFields(
      { document: top.document, lines: invoiceLines(invoice), total, books: choices.books },
      config,
    ),
  })
}

/** NetSuite takes no negative invoice: a memo over it, applied to the journal that gives it to the customer's balance. */
function negativeInvoiceRecord(issued: Issued): RemoteRecord {
  const { invoice, history, choices, config } = issued
  const total: Money = { amountMinor: -history.totalMinor, currency: invoice.currency.toUpperCase() }
  const top = issuedHead(
    RECORDS.negativeInvoice(invoice.id),
    'Negative invoice',
    history.issuedAtSeconds,
    total,
    issued,
  )
  if (history.balanceMinor !== history.totalMinor) {
    throw parked({
      code: 'NS-NEGATIVE',
      document: documentName(invoice, invoice.total),
      why: "its total is negative, and Stripe did not credit just that to the customer's balance (fields total, starting_balance, ending_balance).",
      hint: 'Accounting: enter a credit memo over the amount and settle it as Stripe did. Engineering: report the invoice.',
    })
  }
  return posted(top, {
    ...headFields(top, choices, config),
    ...itemFields(
      { document: top.document, lines: negated(invoiceLines(invoice)), total, books: choices.books },
      config,
    ),
    apply: applyTo(RECORDS.toBalance(invoice.id), total),
  })
}

/**
 * The customer's balance at finalization. Credit that was used: a memo that takes it off the liability. Debt that was
 * put onto the invoice, or what a negative invoice gives: a journal between the balance and receivables.
 */
function balanceRecords(issued: Issued): RemoteRecord[] {
  const { invoice, history, receivable, choices, config } = issued
  const { balanceMinor, finalizedAtSeconds } = history
  if (balanceMinor === 0n) return []
  const currency = invoice.currency.toUpperCase()
  const name = balanceName(invoice.id, history)
  if (balanceMinor > 0n) {
    const amount: Money = { amountMinor: balanceMinor, currency }
    const top = issuedHead(name, 'Customer balance applied', finalizedAtSeconds, amount, issued)
    const description = `Customer balance applied to ${invoice.number ?? invoice.id}`
    return [
      posted(top, {
        ...headFields(top, choices, config),
        ...singleItemField(balanceItem(top, choices.books), description, amount, config),
        ...applyField(receivable.balance, currency),
      }),
    ]
  }
  const amount: Money = { amountMinor: -balanceMinor, currency }
  const isNegative = history.totalMinor < 0n
  const title = isNegative ? 'Credited to customer balance' : 'Debt from customer balance'
  const top = issuedHead(name, title, finalizedAtSeconds, amount, issued)
  return [toBalanceJournal(top, amount, choices, config)]
}

function purchaseOrder(invoice: Stripe.Invoice, top: Head, config: NetSuiteConfig): JsonObject {
  const field = invoice.custom_fields?.find(({ name }) => name === config.purchaseOrderField)
  if (!field?.value) return {}
  if (field.value.length > PURCHASE_ORDER_MAX) {
    throw parked({
      code: 'NS-PO',
      document: top.document,
      why: `its purchase order number has ${field.value.length} characters (field custom_fields "${field.name}"), and NetSuite takes ${PURCHASE_ORDER_MAX}.`,
      hint: 'Accounting: enter the invoice by hand; billing: shorten the number for the next one.',
    })
  }
  return { otherRefNum: field.value }
}
