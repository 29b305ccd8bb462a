// An invoice's whole life as dated documents: the invoice, a payment for each paid InvoicePayment, and the credit
// memo that takes away what a void or a write-off left open. PURE; what happened when is invoice-history.ts.
import type Stripe from 'stripe'
import { dayOf } from '../../../shared/calendar.ts'
import { type JsonObject, type RemoteRecord, recordRef } from '../../../shared/connector/contract.ts'
import { type Money, money, toDecimal } from '../../../shared/money/money.ts'
import { idOf } from '../../../shared/stripe/event.ts'
import { type DocumentChoices, RECORDS } from './books.ts'
import type { NetSuiteConfig } from './config.ts'
import { type Head, headFields, mapped } from './document-head.ts'
import { type InvoiceHistory, type PaymentFact, readHistory } from './invoice-history.ts'
import { itemFields, singleItemField } from './item-lines.ts'
import { parked } from './parked.ts'
import { scaleLines } from './scale-lines.ts'
import { documentName, invoiceLines } from './stripe-fields.ts'

const PURCHASE_ORDER_MAX = 45

interface Issued {
  invoice: Stripe.Invoice
  customerId: string
  history: InvoiceHistory
  choices: DocumentChoices
  config: NetSuiteConfig
}

export function projectInvoice(
  invoice: Stripe.Invoice,
  context: DocumentChoices & { creditNotes: readonly Stripe.CreditNote[] },
  config: NetSuiteConfig,
): RemoteRecord[] {
  const history = readHistory(invoice, context.creditNotes)
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
  const issued: Issued = { invoice, customerId, history, choices: context, config }
  return [
    invoiceRecord(issued),
    ...history.payments.map((payment) => paymentRecord(payment, issued)),
    ...voidRecords(issued),
    ...writeOffRecords(issued),
  ]
}

/** The dates of the documents that `projectInvoice` makes, for the choice of their posting periods. */
export function invoiceDocumentDates(
  invoice: Stripe.Invoice,
  history: InvoiceHistory,
): [Head['record'], number][] {
  return [
    [RECORDS.invoice(invoice.id), history.issuedAtSeconds],
    ...history.payments.map((payment): [Head['record'], number] => [
      RECORDS.payment(payment.id),
      payment.atSeconds,
    ]),
    ...(history.void
      ? [[RECORDS.voidMemo(invoice.id), history.void.atSeconds] as [Head['record'], number]]
      : []),
    ...(history.writeOff
      ? [[RECORDS.writeOffMemo(invoice.id), history.writeOff.atSeconds] as [Head['record'], number]]
      : []),
  ]
}

function head(record: Head['record'], title: string, atSeconds: number, amount: Money, issued: Issued): Head {
  const { invoice, customerId } = issued
  const name = documentName(invoice, amount.amountMinor)
  return {
    record,
    document: title === 'Invoice' ? name : `${title} of ${name}`,
    title,
    number: invoice.number,
    stripeId: record.kind === 'customerPayment' ? record.externalId : invoice.id,
    customerId,
    currency: invoice.currency,
    atSeconds,
  }
}

const posted = (record: Head['record'], body: JsonObject, customerId: string): RemoteRecord => ({
  ...record,
  body,
  requires: [{ type: 'customer', id: customerId }],
  frozen: true,
})

function invoiceRecord(issued: Issued): RemoteRecord {
  const { invoice, customerId, history, choices, config } = issued
  const total = money(invoice.total, invoice.currency)
  const top = head(RECORDS.invoice(invoice.id), 'Invoice', history.issuedAtSeconds, total, issued)
  return posted(
    top.record,
    {
      ...headFields(top, choices, config),
      // Always said: left out, NetSuite would compute one from the customer's terms.
      dueDate: dayOf(invoice.due_date ?? history.issuedAtSeconds, config.timeZone),
      ...purchaseOrder(invoice, top, config),
      ...itemFields(
        { document: top.document, lines: invoiceLines(invoice), total, books: choices.books },
        config,
      ),
    },
    customerId,
  )
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

function paymentRecord(payment: PaymentFact, issued: Issued): RemoteRecord {
  const { invoice, customerId, choices, config } = issued
  const amount: Money = { amountMinor: payment.amountMinor, currency: invoice.currency.toUpperCase() }
  const top = head(RECORDS.payment(payment.id), 'Payment', payment.atSeconds, amount, issued)
  const account = payment.outOfBand
    ? mapped(choices.books.outOfBandId, top, {
        code: 'NS-OUT-OF-BAND',
        why: `it was paid out of band (field payment_record), and no account is mapped for that in ${amount.currency}. This is not covered without one; with one, a payment is posted to it.`,
        where: `netsuite.outOfBandAccounts.${amount.currency}`,
      })
    : mapped(choices.books.clearingId, top, {
        code: 'NS-CLEARING',
        why: `there is no Stripe clearing account for ${amount.currency} (field currency).`,
        where: `netsuite.clearingAccounts.${amount.currency}`,
      })
  return posted(
    top.record,
    {
      ...headFields(top, choices, config),
      account: { id: account },
      payment: toDecimal(amount),
      apply: applyTo(RECORDS.invoice(invoice.id), amount),
    },
    customerId,
  )
}

/** The invoice's own lines reversed; in proportion, when payments or credit notes had taken a part before. */
function voidRecords(issued: Issued): RemoteRecord[] {
  const { invoice, customerId, history, choices, config } = issued
  if (!history.void) return []
  const amount: Money = { amountMinor: history.void.amountMinor, currency: invoice.currency.toUpperCase() }
  const top = head(RECORDS.voidMemo(invoice.id), 'Void', history.void.atSeconds, amount, issued)
  const lines = scaleLines(invoiceLines(invoice), amount)
  return [
    posted(
      top.record,
      {
        ...headFields(top, choices, config),
        ...itemFields({ document: top.document, lines, total: amount, books: choices.books }, config),
        apply: applyTo(RECORDS.invoice(invoice.id), amount),
      },
      customerId,
    ),
  ]
}

function writeOffRecords(issued: Issued): RemoteRecord[] {
  const { invoice, customerId, history, choices, config } = issued
  if (!history.writeOff) return []
  const amount: Money = {
    amountMinor: history.writeOff.amountMinor,
    currency: invoice.currency.toUpperCase(),
  }
  const top = head(RECORDS.writeOffMemo(invoice.id), 'Write-off', history.writeOff.atSeconds, amount, issued)
  const itemId = mapped(choices.books.writeOffItemId, top, {
    code: 'NS-WRITE-OFF-ITEM',
    why: 'it was marked uncollectible, and there is no write-off item.',
    where: 'netsuite.writeOffItem (an item whose account is bad debt)',
  })
  return [
    posted(
      top.record,
      {
        ...headFields(top, choices, config),
        ...singleItemField(itemId, `Write-off ${invoice.number ?? invoice.id}`, amount, config),
        apply: applyTo(RECORDS.invoice(invoice.id), amount),
      },
      customerId,
    ),
  ]
}

export function applyTo(record: { kind: string; externalId: string }, amount: Money): JsonObject {
  return {
    items: [{ doc: recordRef(record.kind, record.externalId), apply: true, amount: toDecimal(amount) }],
  }
}
