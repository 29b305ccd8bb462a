// What Stripe holds: the side that is right. Every object is listed, to the last page, and what the other systems must
// make of an invoice (was it a draft, was it taxed, what was open when it was voided) is told from Stripe's answer alone.
import Stripe from 'stripe'
import {
  type AmountFacts,
  assembleReading,
  type InvoiceFacts,
  type Reading,
  type SubscriptionFacts,
} from './reading.ts'

export interface StripeAccess {
  apiKey: string
  /** Absent: Stripe itself. */
  baseUrl?: string
  /** Absent: Node's own sockets. */
  httpClient?: Stripe.HttpClient
}

export type StripeInvoice = InvoiceFacts & {
  status: string
  untaxed: boolean
  number: string | undefined
  /** No line of it came to anything, so there is nothing to book or to tax. */
  nothingSold: boolean
  /** Stripe's own tax engine, or an app under it, taxes it. */
  taxedByStripe: boolean
  /** It stood as a draft before it was finalized: there was time to tax it. */
  wasDraft: boolean
  /** What was open when it was voided, or marked uncollectible. */
  voidedMinor: bigint | undefined
  writtenOffMinor: bigint | undefined
}

/** A charged invoice that was finalized in the moment of its creation, with no tax decided and none possible. */
export interface NeverDraft {
  id: string
  number: string | undefined
  customer: string | undefined
  currency: string
  totalMinor: bigint
}

export interface StripeReading extends Reading {
  invoices: Map<string, StripeInvoice>
  payments: Map<string, AmountFacts>
  refunds: Map<string, AmountFacts>
  creditNotes: Map<string, AmountFacts>
  customers: Map<string, { state: 'alive' }>
  subscriptions: Map<string, SubscriptionFacts>
  disputes: Map<string, AmountFacts>
  /** By the credit note's id. */
  invoiceOfNote: ReadonlyMap<string, string>
  /** Of every object that a document can stand for, payouts and movements of customer balances among them. */
  ids: ReadonlySet<string>
  /** For a person's policy: voided ones are settled already and left out. */
  neverDraft: NeverDraft[]
}

/** The most that Stripe gives at once. */
const PAGE = { limit: 100 }

export async function readStripe({ apiKey, baseUrl, httpClient }: StripeAccess): Promise<StripeReading> {
  const stripe = new Stripe(apiKey, {
    ...(baseUrl !== undefined && addressOf(baseUrl)),
    ...(httpClient && { httpClient }),
  })
  const customers = await all(stripe.customers.list(PAGE))
  const subscriptions = await all(stripe.subscriptions.list({ ...PAGE, status: 'all' }))
  const payments = await all(stripe.invoicePayments.list({ ...PAGE, status: 'paid' }))
  const refunds = await all(stripe.refunds.list(PAGE))
  const creditNotes = await all(stripe.creditNotes.list(PAGE))
  const invoices = await all(stripe.invoices.list(PAGE))
  const disputes = await all(stripe.disputes.list(PAGE))
  const payouts = await all(stripe.payouts.list(PAGE))
  // Of customers' balances, and of the billing credits that they hold.
  const movements: { id: string }[] = []
  for (const { id } of customers)
    movements.push(...(await all(stripe.customers.listBalanceTransactions(id, PAGE))))
  for (const holder of new Set(
    (await all(stripe.billing.creditGrants.list(PAGE))).map(({ customer }) => idOf(customer)),
  )) {
    const list = holder && stripe.billing.creditBalanceTransactions.list({ ...PAGE, customer: holder })
    if (list) movements.push(...(await all<{ id: string }>(list)))
  }
  for (const invoice of invoices) {
    if (!invoice.lines.has_more) continue
    invoice.lines.data = await all(stripe.invoices.listLineItems(invoice.id, PAGE))
  }

  const paymentsOf = Map.groupBy(payments, ({ invoice }) => idOf(invoice) ?? '')
  const creditNotesOf = Map.groupBy(creditNotes, ({ invoice }) => idOf(invoice) ?? '')
  const customerOf = new Map(invoices.map(({ id, customer }) => [id, idOf(customer)]))
  const invoiceRows = invoices.map((invoice): [string, StripeInvoice] => [
    invoice.id,
    readInvoice(invoice, paymentsOf.get(invoice.id) ?? [], creditNotesOf.get(invoice.id) ?? []),
  ])
  const paymentRows = payments.map((payment): [string, AmountFacts] => {
    const invoice = idOf(payment.invoice)
    return [
      payment.id,
      {
        currency: payment.currency.toUpperCase(),
        amountMinor: BigInt(payment.amount_paid ?? 0),
        invoice,
        customer: customerOf.get(invoice ?? ''),
      },
    ]
  })
  const sourceOf = refundSources(payments)
  const disputeRows = disputes.map((dispute): [string, AmountFacts] => {
    const invoice =
      sourceOf.get(idOf(dispute.payment_intent) ?? '') ?? sourceOf.get(idOf(dispute.charge) ?? '')
    return [
      dispute.id,
      {
        currency: dispute.currency.toUpperCase(),
        amountMinor: BigInt(dispute.amount),
        status: dispute.status,
        customer: customerOf.get(invoice ?? ''),
      },
    ]
  })
  const refundRows = refunds.map((refund): [string, AmountFacts] => {
    const invoice = sourceOf.get(idOf(refund.payment_intent) ?? '') ?? sourceOf.get(idOf(refund.charge) ?? '')
    return [
      refund.id,
      {
        currency: refund.currency.toUpperCase(),
        amountMinor: BigInt(refund.amount),
        status: refund.status ?? 'none',
        invoice,
        customer: customerOf.get(invoice ?? ''),
      },
    ]
  })
  const creditNoteRows = creditNotes.map((note): [string, AmountFacts] => [
    note.id,
    {
      currency: note.currency.toUpperCase(),
      amountMinor: BigInt(note.total),
      taxMinor: sum(note.total_taxes),
      status: note.status,
      invoice: idOf(note.invoice),
      customer: idOf(note.customer),
    },
  ])
  const customerRows = customers.map(({ id }): [string, { state: 'alive' }] => [id, { state: 'alive' }])
  const subscriptionRows = subscriptions.map(({ id, status, customer }): [string, SubscriptionFacts] => [
    id,
    { status, customer: idOf(customer) },
  ])
  return {
    ...assembleReading('stripe', {
      invoices: invoiceRows,
      payments: paymentRows,
      refunds: refundRows,
      creditNotes: creditNoteRows,
      customers: customerRows,
      subscriptions: subscriptionRows,
      disputes: disputeRows,
    }),
    invoices: new Map(invoiceRows),
    payments: new Map(paymentRows),
    refunds: new Map(refundRows),
    creditNotes: new Map(creditNoteRows),
    customers: new Map(customerRows),
    subscriptions: new Map(subscriptionRows),
    disputes: new Map(disputeRows),
    invoiceOfNote: new Map(creditNotes.map(({ id, invoice }) => [id, idOf(invoice) ?? ''])),
    ids: new Set(
      [invoices, payments, refunds, creditNotes, disputes, payouts, movements].flatMap((kind) =>
        kind.map(({ id }) => id),
      ),
    ),
    neverDraft: invoiceRows
      .filter(([, { untaxed, wasDraft, status }]) => untaxed && !wasDraft && status !== 'void')
      .map(([id, { number, customer, currency, totalMinor }]) => ({
        id,
        number,
        customer,
        currency,
        totalMinor,
      })),
  }
}

function addressOf(baseUrl: string): Pick<Stripe.StripeConfig, 'host' | 'port' | 'protocol'> {
  const { hostname, port, protocol } = new URL(baseUrl)
  return { host: hostname, port, protocol: protocol === 'http:' ? 'http' : 'https' }
}

async function all<T>(list: AsyncIterable<T>): Promise<T[]> {
  const objects: T[] = []
  for await (const object of list) objects.push(object)
  return objects
}

/** The id of a field that holds an id or, expanded, the object. */
const idOf = (value: string | { id: string } | null | undefined): string | undefined =>
  typeof value === 'string' ? value : value?.id

const sum = (parts: readonly { amount: number }[] | null | undefined): bigint =>
  (parts ?? []).reduce((total, { amount }) => total + BigInt(amount), 0n)

function readInvoice(
  invoice: Stripe.Invoice,
  payments: readonly Stripe.InvoicePayment[],
  creditNotes: readonly Stripe.CreditNote[],
): StripeInvoice {
  const { finalized_at, voided_at, marked_uncollectible_at } = invoice.status_transitions
  const status = invoice.status ?? 'none'
  const issued = status !== 'draft'
  const charged = invoice.lines.data.filter((line) => chargedMinor(line) !== 0n)
  const taxedByStripe = invoice.automatic_tax.enabled
  // Exempt and reverse-charge customers owe none: Stripe itself says so on the invoice.
  const owesNone = invoice.customer_tax_exempt === 'exempt' || invoice.customer_tax_exempt === 'reverse'
  // Credit used and debts put onto it are no part of the sale: a void gives them back by themselves.
  const balanceMinor = BigInt(invoice.starting_balance - (invoice.ending_balance ?? invoice.starting_balance))
  const openAt = (seconds: number | null, billedMinor: bigint): bigint | undefined => {
    if (seconds === null) return undefined
    let openMinor = billedMinor
    for (const { amount_paid, created, status_transitions } of payments) {
      if ((status_transitions.paid_at ?? created) <= seconds) openMinor -= BigInt(amount_paid ?? 0)
    }
    for (const note of creditNotes) {
      const stood = note.created <= seconds && (note.voided_at === null || note.voided_at > seconds)
      if (stood) openMinor -= BigInt(note.pre_payment_amount)
    }
    return openMinor > 0n ? openMinor : undefined
  }
  return {
    currency: invoice.currency.toUpperCase(),
    totalMinor: BigInt(invoice.total),
    taxMinor: sum(invoice.total_taxes),
    paidMinor: BigInt(invoice.amount_paid),
    creditedMinor:
      BigInt(invoice.pre_payment_credit_notes_amount) + BigInt(invoice.post_payment_credit_notes_amount),
    // Of a draft it moves with the customer balance, and no event tells.
    openMinor: issued ? BigInt(invoice.amount_remaining) : undefined,
    customer: idOf(invoice.customer),
    number: invoice.number ?? undefined,
    status,
    issued,
    nothingSold: charged.length === 0,
    taxedByStripe,
    untaxed: issued && !taxedByStripe && !owesNone && charged.some(({ taxes }) => !taxes?.length),
    // Whole seconds: one that was a draft for less than a second counts as never having been one.
    wasDraft: !issued || (finalized_at ?? invoice.created) > invoice.created,
    voidedMinor: openAt(voided_at, BigInt(invoice.total)),
    writtenOffMinor: openAt(marked_uncollectible_at, BigInt(invoice.total) + balanceMinor),
  }
}

/** After discounts and billing credits; the list of credits repeats the discounts. */
const chargedMinor = (line: Stripe.InvoiceLineItem): bigint =>
  BigInt(line.amount) -
  sum(line.discount_amounts) -
  sum(line.pretax_credit_amounts?.filter(({ type }) => type !== 'discount'))

/** Which invoice a payment intent, or a charge without one, paid; the first, where it paid several. */
function refundSources(payments: readonly Stripe.InvoicePayment[]): Map<string, string> {
  const sources = new Map<string, string>()
  for (const { invoice, payment } of payments) {
    const [paid, by] = [idOf(invoice), idOf(payment.payment_intent) ?? idOf(payment.charge)]
    if (paid !== undefined && by !== undefined && !sources.has(by)) sources.set(by, paid)
  }
  return sources
}
