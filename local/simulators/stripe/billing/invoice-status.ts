// The ends an invoice can come to after it is finalized: paid, void, uncollectible (and paid after that).
// https://docs.stripe.com/invoicing/integration/workflow-transitions
import { invalidRequest } from '../errors.ts'
import type { Invoice } from '../wire.ts'
import { change, emit, type World } from '../world.ts'
import { giveCreditsBack } from './credit-application.ts'
import { moveBalance } from './customer-balance.ts'
import { afterInvoicePaid } from './subscription-status.ts'

/** Counts a payment against the invoice; what is beyond the rest goes to the customer's balance. */
export function receive(world: World, invoice: Invoice, amount: number): void {
  const over = Math.max(0, amount - invoice.amount_remaining)
  const closes = invoice.status !== 'paid' && amount >= invoice.amount_remaining
  change(world, invoice, 'invoice.updated', (it) => {
    it.amount_paid += amount - over
    it.amount_remaining -= amount - over
    it.amount_overpaid += over
    it.attempted = true
    if (closes) close(world, it)
  })
  if (over > 0 && invoice.customer) {
    moveBalance(world, invoice.customer, {
      amount: -over,
      currency: invoice.currency,
      type: 'invoice_overpaid',
      invoice: invoice.id,
    })
    emit(world, 'invoice.overpaid', invoice)
  }
  if (closes) announcePaid(world, invoice)
}

/** Marks an invoice paid on which nothing is left to pay. */
export function closeAsPaid(world: World, invoice: Invoice): void {
  change(world, invoice, 'invoice.updated', (it) => {
    it.attempted = true
    close(world, it)
  })
  announcePaid(world, invoice)
}

function close(world: World, invoice: Invoice): void {
  invoice.status = 'paid'
  invoice.auto_advance = false
  invoice.next_payment_attempt = null
  invoice.status_transitions.paid_at = world.seconds()
}

function announcePaid(world: World, invoice: Invoice): void {
  emit(world, 'invoice.paid', invoice)
  emit(world, 'invoice.payment_succeeded', invoice)
  afterInvoicePaid(world, invoice)
}

/**
 * https://docs.stripe.com/api/invoices/void: open or uncollectible only. Customer balance that the invoice had used
 * goes back. The amounts on the invoice stay as they were (the reading taken: a void invoice still shows them).
 */
export function voidInvoice(world: World, invoice: Invoice): void {
  if (invoice.status !== 'open' && invoice.status !== 'uncollectible') {
    throw invalidRequest(`You can only pass in open invoices. This invoice isn't open.`, { param: 'invoice' })
  }
  // "When an invoice has open or paid payments, you can't void or edit the invoice": https://docs.stripe.com/invoicing/partial-payments
  // Reading: not the invoice's own default payment, which an open invoice always has.
  if (invoice.amount_paid > 0 || hasOpenAttached(world, invoice))
    throw invalidRequest('You cannot void an invoice that has payments; issue a credit note.', {
      param: 'invoice',
    })
  const applied = world.store.hidden.balanceApplied.get(invoice.id) ?? 0
  if (applied !== 0 && invoice.customer) {
    world.store.hidden.balanceApplied.delete(invoice.id)
    moveBalance(world, invoice.customer, {
      amount: -applied,
      currency: invoice.currency,
      type: 'unapplied_from_invoice',
      invoice: invoice.id,
    })
  }
  giveCreditsBack(world, invoice)
  cancelPayments(world, invoice, 'void_invoice')
  change(world, invoice, 'invoice.updated', (it) => {
    it.status = 'void'
    it.auto_advance = false
    it.next_payment_attempt = null
    it.status_transitions.voided_at = world.seconds()
  })
  emit(world, 'invoice.voided', invoice)
}

/** A payment that somebody attached, and that is not done: https://docs.stripe.com/invoicing/partial-payments */
export const hasOpenAttached = (world: World, invoice: Invoice): boolean =>
  world.store.invoicePayments
    .of(invoice.id)
    .some((payment) => !payment.is_default && payment.status === 'open')

export function markUncollectible(world: World, invoice: Invoice, reason: string): void {
  if (invoice.status !== 'open') {
    throw invalidRequest(
      `You can only mark open invoices as uncollectible. This invoice is ${invoice.status}.`,
      { param: 'invoice' },
    )
  }
  if (hasOpenAttached(world, invoice))
    throw invalidRequest('You cannot mark an invoice uncollectible that has open payments.', {
      param: 'invoice',
    })
  change(world, invoice, 'invoice.updated', (it) => {
    it.status = 'uncollectible'
    it.auto_advance = false
    it.next_payment_attempt = null
    it.status_transitions.marked_uncollectible_at = world.seconds()
    it.status_details = { uncollectible: { reason } }
  })
  emit(world, 'invoice.marked_uncollectible', invoice)
}

/** The payment intents that wait on an invoice end with it. */
export function cancelPayments(world: World, invoice: Invoice, reason: 'void_invoice' | 'automatic'): void {
  for (const payment of world.store.invoicePayments.of(invoice.id)) {
    if (payment.status !== 'open') continue
    payment.status = 'canceled'
    payment.status_transitions.canceled_at = world.seconds()
    const intent = world.store.paymentIntents.get(payment.payment.payment_intent ?? '')
    if (!intent || intent.status === 'succeeded') continue
    intent.status = 'canceled'
    intent.canceled_at = world.seconds()
    intent.cancellation_reason = reason
    emit(world, 'payment_intent.canceled', intent)
  }
}
