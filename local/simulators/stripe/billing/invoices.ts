// The life of an invoice from draft to finalized: how it is made, when it finalizes by itself, what finalization does
// (number, customer balance, payment). https://docs.stripe.com/invoicing/integration/workflow-transitions
import { PRIORITY } from '../agenda.ts'
import { DAY, HOUR } from '../calendar.ts'
import { invalidRequest } from '../errors.ts'
import type { Customer, Invoice, Subscription, TaxRate } from '../wire.ts'
import { change, emit, type World } from '../world.ts'
import { takeCredits } from './credit-application.ts'
import { moveBalance } from './customer-balance.ts'
import { closeAsPaid, markUncollectible, voidInvoice } from './invoice-status.ts'
import { attemptPayment, collectAt, openPayment } from './payments.ts'
import { subscriptionOf } from './subscription-status.ts'
import { computeTotals } from './totals.ts'

export interface InvoiceOptions {
  customer: Customer
  currency: string
  reason: string
  collectionMethod: string
  autoAdvance: boolean
  subscription?: Subscription
  daysUntilDue?: number | null
  dueDate?: number | null
  discounts?: string[]
  defaultTaxRates?: TaxRate[]
  defaultPaymentMethod?: string | null
  description?: string | null
  footer?: string | null
  customFields?: Invoice['custom_fields']
  metadata?: Record<string, string>
  periodStart?: number
  periodEnd?: number
  automaticTax?: boolean
  paymentMethodTypes?: string[] | null
  id?: string
}

/** A draft with no lines yet; nothing is stored and nobody is told. */
export function draftInvoice(world: World, options: InvoiceOptions): Invoice {
  const { customer, subscription } = options
  const at = world.seconds()
  const id = options.id ?? world.ids.next('in')
  if (options.daysUntilDue != null) world.store.hidden.daysUntilDue.set(id, options.daysUntilDue)
  return {
    id,
    object: 'invoice',
    account_country: world.settings.accountCountry,
    account_name: world.settings.accountName,
    account_tax_ids: null,
    amount_due: 0,
    amount_overpaid: 0,
    amount_paid: 0,
    amount_remaining: 0,
    amount_shipping: 0,
    application: null,
    attempt_count: 0,
    attempted: false,
    auto_advance: options.autoAdvance,
    automatic_tax: {
      disabled_reason: null,
      enabled: options.automaticTax ?? false,
      liability: options.automaticTax ? { type: 'self' } : null,
      provider: options.automaticTax ? 'stripe' : null,
      status: null,
    },
    automatically_finalizes_at: null,
    billing_reason: options.reason,
    collection_method: options.collectionMethod,
    created: at,
    currency: options.currency,
    custom_fields: options.customFields ?? customer.invoice_settings.custom_fields,
    customer: customer.id,
    customer_account: null,
    ...customerFields(world, customer),
    default_payment_method: options.defaultPaymentMethod ?? null,
    default_source: null,
    default_tax_rates: options.defaultTaxRates ?? [],
    description: options.description ?? null,
    discounts: options.discounts ?? [],
    due_date:
      options.collectionMethod === 'send_invoice'
        ? (options.dueDate ?? at + (options.daysUntilDue ?? 30) * DAY)
        : null,
    effective_at: null,
    ending_balance: null,
    footer: options.footer ?? customer.invoice_settings.footer,
    from_invoice: null,
    hosted_invoice_url: null,
    invoice_pdf: null,
    issuer: { type: 'self' },
    last_finalization_error: null,
    latest_revision: null,
    lines: { object: 'list', data: [], has_more: false, url: `/v1/invoices/${id}/lines` },
    livemode: world.settings.livemode,
    metadata: options.metadata ?? {},
    next_payment_attempt: null,
    number: null,
    on_behalf_of: null,
    parent: subscription
      ? {
          quote_details: null,
          subscription_details: { metadata: { ...subscription.metadata }, subscription: subscription.id },
          type: 'subscription_details',
        }
      : null,
    payment_settings: {
      default_mandate: null,
      payment_method_options: null,
      payment_method_types: options.paymentMethodTypes ?? null,
    },
    period_end: options.periodEnd ?? at,
    period_start: options.periodStart ?? at,
    post_payment_credit_notes_amount: 0,
    pre_payment_credit_notes_amount: 0,
    receipt_number: null,
    rendering: null,
    shipping_cost: null,
    shipping_details: null,
    starting_balance: 0,
    statement_descriptor: null,
    status: 'draft',
    status_transitions: { finalized_at: null, marked_uncollectible_at: null, paid_at: null, voided_at: null },
    subtotal: 0,
    subtotal_excluding_tax: 0,
    test_clock: null,
    total: 0,
    total_discount_amounts: [],
    total_excluding_tax: 0,
    total_pretax_credit_amounts: [],
    total_taxes: [],
    webhooks_delivered_at: null,
  }
}

/** Until it is finalized an invoice shows its customer as the customer is now: https://docs.stripe.com/api/invoices/object */
export function refreshDrafts(world: World, customer: Customer): void {
  for (const invoice of world.store.invoices.of(customer.id)) {
    if (invoice.status !== 'draft') continue
    Object.assign(invoice, customerFields(world, customer))
    computeTotals(world, invoice)
  }
}

function customerFields(world: World, customer: Customer) {
  return {
    customer_address: customer.address ?? null,
    customer_email: customer.email,
    customer_name: customer.name ?? null,
    customer_phone: customer.phone ?? null,
    customer_shipping: customer.shipping,
    customer_tax_exempt: customer.tax_exempt ?? 'none',
    customer_tax_ids: world.store.taxIds.of(customer.id).map(({ type, value }) => ({ type, value })),
  } satisfies Partial<Invoice>
}

/** An invoice for a subscription takes the subscription's terms. */
export function draftForSubscription(
  world: World,
  subscription: Subscription,
  options: { reason: string; autoAdvance?: boolean; discounts: string[]; periodStart?: number; id?: string },
): Invoice {
  const customer = world.store.customers.get(subscription.customer)
  if (!customer)
    throw invalidRequest(`No such customer: '${subscription.customer}'`, { code: 'resource_missing' })
  const keepsDrafts =
    subscription.status === 'unpaid' || subscription.pause_collection?.behavior === 'keep_as_draft'
  return draftInvoice(world, {
    customer,
    currency: subscription.currency,
    reason: options.reason,
    collectionMethod: subscription.collection_method,
    autoAdvance: options.autoAdvance ?? !keepsDrafts,
    subscription,
    daysUntilDue: subscription.days_until_due,
    discounts: options.discounts,
    defaultTaxRates: subscription.default_tax_rates ?? [],
    defaultPaymentMethod: subscription.default_payment_method,
    description: subscription.invoice_settings.description,
    footer: subscription.invoice_settings.footer,
    customFields: subscription.invoice_settings.custom_fields,
    automaticTax: subscription.automatic_tax.enabled,
    paymentMethodTypes: subscription.payment_settings?.payment_method_types ?? null,
    ...(options.periodStart === undefined ? {} : { periodStart: options.periodStart }),
    ...(options.id ? { id: options.id } : {}),
  })
}

/**
 * Stores a draft and tells of it. A draft that advances by itself finalizes an hour after it was made. Stripe counts
 * that hour from a successful delivery of invoice.created and waits up to 72 hours for one; the shorter reading is
 * taken here, the harder one for whoever wants to hold a draft.
 * https://docs.stripe.com/invoicing/integration/automatic-advancement-collection
 */
export function addDraft(world: World, invoice: Invoice): Invoice {
  computeTotals(world, invoice)
  planFinalization(world, invoice, invoice.created + HOUR)
  world.store.invoices.add(invoice)
  emit(world, 'invoice.created', invoice)
  return invoice
}

/** An invoice that is finalized inside the request that makes it. Its invoice.created still shows the draft. */
export function addForImmediateFinalization(world: World, invoice: Invoice): Invoice {
  computeTotals(world, invoice)
  world.store.invoices.add(invoice)
  emit(world, 'invoice.created', invoice)
  return invoice
}

export function planFinalization(world: World, invoice: Invoice, at: number): void {
  const finalizesAt = Math.max(at, world.seconds())
  invoice.automatically_finalizes_at = invoice.auto_advance ? finalizesAt : null
  invoice.next_payment_attempt =
    invoice.auto_advance && invoice.collection_method === 'charge_automatically' ? finalizesAt : null
  if (invoice.auto_advance) finalizeAt(world, invoice, finalizesAt)
}

export function finalizeAt(world: World, invoice: Invoice, at: number): void {
  world.agenda.add(at, PRIORITY.finalize, () => {
    if (invoice.status !== 'draft' || invoice.automatically_finalizes_at !== at) return
    if (world.store.invoices.get(invoice.id) !== invoice) return
    finalizeInvoice(world, invoice, { collect: 'now' })
  })
}

/** https://docs.stripe.com/api/invoices/finalize */
export function finalizeInvoice(
  world: World,
  invoice: Invoice,
  options: { autoAdvance?: boolean | undefined; collect: 'now' | 'later' | 'by caller' },
): void {
  if (invoice.status !== 'draft') {
    throw invalidRequest("This invoice is already finalized, you can't re-finalize a non-draft invoice.", {
      code: 'invoice_not_editable',
    })
  }
  const at = world.seconds()
  const customer = world.store.customers.get(invoice.customer ?? '')
  if (!customer)
    throw invalidRequest('The customer of this invoice is deleted.', {
      code: 'resource_missing',
      param: 'customer',
    })
  if (world.store.creditGrants.of(customer.id).length > 0) {
    // The credits as they are at this moment, which the draft need not have shown.
    change(world, invoice, 'invoice.updated', (it) => {
      computeTotals(world, it)
      takeCredits(world, it)
    })
  }
  const sameCurrency = !customer.currency || customer.currency === invoice.currency
  const startingBalance = sameCurrency ? customer.balance : 0
  const owed = invoice.total < 0 ? 0 : Math.max(0, invoice.total + startingBalance)
  const tooSmall = owed > 0 && owed < (world.settings.minimumCharge.get(invoice.currency) ?? 0)
  const due = tooSmall ? 0 : owed
  const moved = invoice.total - owed
  const move = (amount: number, type: string): void => {
    moveBalance(world, customer.id, { amount, currency: invoice.currency, type, invoice: invoice.id })
  }
  if (moved !== 0) {
    world.store.hidden.balanceApplied.set(invoice.id, moved)
    move(moved, 'applied_to_invoice')
  } else if (!customer.currency) {
    change(world, customer, 'customer.updated', (it) => {
      it.currency = invoice.currency
    })
  }
  // Too little to be charged: the customer owes it on the next invoice. https://docs.stripe.com/billing/customer/balance
  if (tooSmall) move(owed, 'invoice_too_small')
  change(world, invoice, 'invoice.updated', (it) => {
    it.status = 'open'
    it.auto_advance = options.autoAdvance ?? it.auto_advance
    it.automatically_finalizes_at = null
    it.number = it.number ?? nextNumber(world, customer)
    it.starting_balance = startingBalance
    it.ending_balance = startingBalance + moved + (tooSmall ? owed : 0)
    it.amount_due = due
    it.amount_remaining = due
    it.effective_at = it.effective_at ?? at
    it.status_transitions.finalized_at = at
    it.hosted_invoice_url = `https://invoice.stripe.com/i/${world.settings.accountId}/test_${it.id}`
    it.invoice_pdf = `https://pay.stripe.com/invoice/${world.settings.accountId}/test_${it.id}/pdf`
    const days = world.store.hidden.daysUntilDue.get(it.id)
    if (it.collection_method === 'send_invoice' && days !== undefined) it.due_date = at + days * DAY
    it.next_payment_attempt = firstAttempt(world, it, options.collect)
  })
  emit(world, 'invoice.finalized', invoice)
  if (invoice.amount_due === 0) {
    closeAsPaid(world, invoice)
    return
  }
  openPayment(world, invoice)
  if (endPausedCollection(world, invoice)) return
  if (invoice.collection_method === 'send_invoice') {
    if (invoice.auto_advance) sendInvoice(world, invoice)
    return
  }
  if (!invoice.auto_advance || options.collect === 'by caller') return
  if (options.collect === 'now') attemptPayment(world, invoice, { automatic: true })
  else if (invoice.next_payment_attempt !== null) collectAt(world, invoice, invoice.next_payment_attempt)
}

function firstAttempt(world: World, invoice: Invoice, collect: 'now' | 'later' | 'by caller'): number | null {
  if (
    !invoice.auto_advance ||
    invoice.collection_method !== 'charge_automatically' ||
    collect === 'by caller'
  )
    return null
  return world.seconds() + (collect === 'later' ? world.settings.collectAfterSeconds : 0)
}

/** https://docs.stripe.com/billing/subscriptions/pause-payment */
function endPausedCollection(world: World, invoice: Invoice): boolean {
  const behaviour = subscriptionOf(world, invoice)?.pause_collection?.behavior
  if (behaviour === 'mark_uncollectible') markUncollectible(world, invoice, 'subscription_paused')
  else if (behaviour === 'void') voidInvoice(world, invoice)
  else return false
  return true
}

/** Mails the invoice. One that is still open at its due date makes its subscription past due. */
export function sendInvoice(world: World, invoice: Invoice): void {
  emit(world, 'invoice.sent', invoice)
  const due = invoice.due_date
  if (due === null) return
  world.agenda.add(due, PRIORITY.other, () => {
    if (invoice.status !== 'open' || invoice.due_date !== due) return
    emit(world, 'invoice.overdue', invoice)
    const subscription = subscriptionOf(world, invoice)
    if (subscription?.status !== 'active') return
    change(world, subscription, 'customer.subscription.updated', (it) => {
      it.status = 'past_due'
    })
  })
}

/** https://docs.stripe.com/invoicing/customize#configure-invoice-numbering-prefix */
function nextNumber(world: World, customer: Customer): string {
  const prefix = world.settings.invoiceNumberPrefix
  if (prefix !== undefined) {
    world.invoiceSequence += 1
    return `${prefix}-${String(world.invoiceSequence).padStart(4, '0')}`
  }
  const sequence = customer.next_invoice_sequence ?? 1
  customer.next_invoice_sequence = sequence + 1
  return `${customer.invoice_prefix}-${String(sequence).padStart(4, '0')}`
}

/** A draft was edited: its sums are made new and the change is told. */
export function editDraft(world: World, invoice: Invoice, edit: (invoice: Invoice) => void): void {
  change(world, invoice, 'invoice.updated', (it) => {
    edit(it)
    computeTotals(world, it)
  })
}

export function requireDraft(invoice: Invoice): void {
  if (invoice.status !== 'draft') {
    throw invalidRequest(`This invoice is no longer editable (its status is ${invoice.status}).`, {
      code: 'invoice_not_editable',
      param: 'invoice',
    })
  }
}
