// Collecting an invoice: its payment intent, each charge attempt and what becomes of it, the retry schedule, and
// payments that come from outside. How an attempt ends is decided by the payment method (pm_card_visa and the other
// test methods, https://docs.stripe.com/testing) and by declines scripted for the customer.

import { PRIORITY } from '../agenda.ts'
import { DAY } from '../calendar.ts'
import { invalidRequest, Refusal } from '../errors.ts'
import type { PaymentBehaviour } from '../store.ts'
import type { Charge, Invoice, InvoicePayment, PaymentIntent, PaymentMethod } from '../wire.ts'
import { change, emit, type World } from '../world.ts'
import { declineCharge, processDebit, succeedCharge } from './charge-outcomes.ts'
import { cancelPayments, hasOpenAttached, markUncollectible, receive, voidInvoice } from './invoice-status.ts'
import { intentForInvoice, newCharge, newInvoicePayment, newPaymentIntent } from './payment-objects.ts'
import { outOfBandRecord } from './payment-records.ts'
import { afterPaymentFailed, endSubscription, hasEnded, subscriptionOf } from './subscription-status.ts'

export type Outcome = 'paid' | 'failed' | 'processing' | 'no_method'

/** Finalization makes the payment intent that collects the invoice and ties it to the invoice. */
export function openPayment(world: World, invoice: Invoice): void {
  const intent = world.store.paymentIntents.add(
    newPaymentIntent(world, intentForInvoice(invoice, invoice.amount_remaining)),
  )
  world.store.invoicePayments.add(
    newInvoicePayment(
      world,
      invoice,
      { type: 'payment_intent', payment_intent: intent.id },
      invoice.amount_remaining,
      true,
    ),
  )
  emit(world, 'payment_intent.created', intent)
}

/** The method an invoice is charged to: its own, its subscription's, its customer's. */
export function paymentMethodFor(world: World, invoice: Invoice): PaymentMethod | undefined {
  const customer = world.store.customers.get(invoice.customer ?? '')
  const id =
    invoice.default_payment_method ??
    subscriptionOf(world, invoice)?.default_payment_method ??
    customer?.invoice_settings.default_payment_method
  return world.store.paymentMethods.get(id ?? '')
}

export function predictOutcome(
  world: World,
  customer: string,
  method: PaymentMethod | undefined,
): PaymentBehaviour | 'no_method' {
  if (!method) return 'no_method'
  const behaviour = world.store.hidden.behaviour.get(method.id) ?? 'succeeds'
  const later = behaviour === 'settles_later' || behaviour === 'fails_later'
  if (!later && (world.store.hidden.declines.get(customer) ?? 0) > 0) return 'declines'
  return behaviour
}

export function takeScriptedDecline(world: World, customer: string): boolean {
  const left = world.store.hidden.declines.get(customer) ?? 0
  if (left > 0) world.store.hidden.declines.set(customer, left - 1)
  return left > 0
}

/** One attempt to charge what is left on an open (or written-off) invoice. */
export function attemptPayment(
  world: World,
  invoice: Invoice,
  options: { method?: PaymentMethod | undefined; automatic: boolean; uncounted?: boolean },
): Outcome {
  const customer = invoice.customer ?? ''
  const method = options.method ?? paymentMethodFor(world, invoice)
  const payment = openPaymentOf(world, invoice)
  const intent = world.store.paymentIntents.get(payment?.payment.payment_intent ?? '')
  if (!payment || !intent || !method) {
    failAttempt(world, invoice, options.automatic)
    return 'no_method'
  }
  const behaviour = predictOutcome(world, customer, method)
  if (behaviour === 'declines') {
    takeScriptedDecline(world, customer)
    declineCharge(world, intent, method)
    failAttempt(world, invoice, options.automatic)
    return 'failed'
  }
  const charge = world.store.charges.add(newCharge(world, intent, method))
  if (!options.uncounted && (options.automatic || invoice.attempt_count === 0)) invoice.attempt_count += 1
  if (behaviour === 'settles_later' || behaviour === 'fails_later') {
    processDebit(world, intent, charge, method, {
      fails: () => behaviour === 'fails_later' || takeScriptedDecline(world, customer),
      paid: () => succeed(world, invoice, payment, intent, charge),
      failed: () => scheduleRetry(world, invoice),
    })
    change(world, invoice, 'invoice.updated', (it) => {
      it.attempted = true
      it.next_payment_attempt = null
    })
    return 'processing'
  }
  succeed(world, invoice, payment, intent, charge)
  return 'paid'
}

export const openPaymentOf = (world: World, invoice: Invoice): InvoicePayment | undefined =>
  world.store.invoicePayments
    .of(invoice.id)
    .find((payment) => payment.is_default && payment.status === 'open')

function succeed(
  world: World,
  invoice: Invoice,
  payment: InvoicePayment,
  intent: PaymentIntent,
  charge: Charge,
): void {
  succeedCharge(world, intent, charge)
  settleInvoicePayment(world, payment, charge.amount)
  receive(world, invoice, charge.amount)
}

export function settleInvoicePayment(world: World, payment: InvoicePayment, amount: number): void {
  payment.amount_paid = amount
  payment.status = 'paid'
  payment.status_transitions.paid_at = world.seconds()
  emit(world, 'invoice_payment.paid', payment)
}

/** Any first attempt counts, later ones only when automatic: the definition of `attempt_count`. */
function failAttempt(world: World, invoice: Invoice, automatic: boolean): void {
  const counted = automatic || invoice.attempt_count === 0
  if (counted) {
    invoice.attempt_count += 1
    scheduleRetry(world, invoice)
    return
  }
  change(world, invoice, 'invoice.updated', (it) => {
    it.attempted = true
  })
  emit(world, 'invoice.payment_failed', invoice)
  afterPaymentFailed(world, invoice)
}

/** https://docs.stripe.com/billing/revenue-recovery/smart-retries#custom-retry-schedule */
function scheduleRetry(world: World, invoice: Invoice): void {
  const days = invoice.auto_advance
    ? world.settings.dunning.retryAfterDays[invoice.attempt_count - 1]
    : undefined
  const next = days === undefined ? null : world.seconds() + days * DAY
  const exhausted = invoice.auto_advance && next === null
  change(world, invoice, 'invoice.updated', (it) => {
    it.attempted = true
    it.next_payment_attempt = next
    if (exhausted) it.auto_advance = false
  })
  emit(world, 'invoice.payment_failed', invoice)
  afterPaymentFailed(world, invoice)
  if (next !== null) collectAt(world, invoice, next)
  if (exhausted) giveUp(world, invoice)
}

export function collectAt(world: World, invoice: Invoice, at: number): void {
  world.agenda.add(at, PRIORITY.collect, () => {
    if (invoice.status !== 'open' || !invoice.auto_advance || invoice.next_payment_attempt !== at) return
    attemptPayment(world, invoice, { automatic: true })
  })
}

function giveUp(world: World, invoice: Invoice): void {
  const { subscriptionThen, invoiceThen } = world.settings.dunning
  const subscription = subscriptionOf(world, invoice)
  if (subscription && !hasEnded(subscription) && subscription.status !== 'incomplete') {
    if (subscriptionThen === 'cancel') endSubscription(world, subscription, { reason: 'payment_failed' })
    if (subscriptionThen === 'unpaid') {
      change(world, subscription, 'customer.subscription.updated', (it) => {
        it.status = 'unpaid'
      })
    }
  }
  if (hasOpenAttached(world, invoice)) return
  if (invoiceThen === 'uncollectible') markUncollectible(world, invoice, 'max_payment_attempts')
  if (invoiceThen === 'void') voidInvoice(world, invoice)
}

/** POST /v1/invoices/{id}/pay. A decline is a 402, and what it did stays done. */
export function payNow(
  world: World,
  invoice: Invoice,
  params: { method?: PaymentMethod | undefined; outOfBand?: boolean },
): void {
  if (invoice.status === 'paid')
    throw invalidRequest('Invoice is already paid', { code: 'invoice_already_paid' })
  if (invoice.status !== 'open' && invoice.status !== 'uncollectible') {
    throw invalidRequest(`Invoices with status ${invoice.status} cannot be paid.`, {
      code: 'invoice_not_payable',
    })
  }
  if (params.outOfBand) {
    payOutOfBand(world, invoice)
    return
  }
  if (!params.method && !paymentMethodFor(world, invoice)) {
    throw invalidRequest(
      'There is no `default_payment_method` set on this Customer or Invoice. Please set a `default_payment_method`.',
      { code: 'resource_missing' },
    )
  }
  const outcome = attemptPayment(world, invoice, {
    automatic: false,
    ...(params.method ? { method: params.method } : {}),
  })
  if (outcome === 'failed') throw declined(world, invoice)
}

export function declined(world: World, invoice: Invoice): Refusal {
  const intent = world.store.paymentIntents.get(openPaymentOf(world, invoice)?.payment.payment_intent ?? '')
  return new Refusal(402, {
    type: 'card_error',
    code: 'card_declined',
    decline_code: 'generic_decline',
    message: 'Your card was declined.',
    ...(intent?.latest_charge ? { charge: intent.latest_charge } : {}),
  })
}

/**
 * Paid outside Stripe: no payment intent, a payment record instead (the reading taken of `payment.type =
 * payment_record`, https://docs.stripe.com/api/invoice-payment/object); `amount_paid_off_stripe` says how much.
 * A record that was reported first and then attached is attached-payments.ts.
 */
function payOutOfBand(world: World, invoice: Invoice): void {
  const amount = invoice.amount_remaining
  cancelPayments(world, invoice, 'automatic')
  const payment = newInvoicePayment(
    world,
    invoice,
    { type: 'payment_record', payment_record: outOfBandRecord(world, invoice, amount).id },
    amount,
    false,
  )
  world.store.invoicePayments.add(payment)
  settleInvoicePayment(world, payment, amount)
  invoice.amount_paid_off_stripe = (invoice.amount_paid_off_stripe ?? 0) + amount
  receive(world, invoice, amount)
}

/**
 * Money that arrives for an invoice by itself, such as a bank transfer: less than the rest pays a part, more than the
 * rest overpays. https://docs.stripe.com/invoicing/partial-payments
 */
export function receiveTransfer(
  world: World,
  invoice: Invoice,
  amount: number,
  method: PaymentMethod | undefined,
): void {
  if (invoice.status !== 'open' && invoice.status !== 'uncollectible') {
    throw invalidRequest(`Invoices with status ${invoice.status} take no payment.`)
  }
  if (amount < invoice.amount_remaining) {
    const waiting = openPaymentOf(world, invoice)
    if (waiting) {
      waiting.amount_requested -= amount
      const waitingIntent = world.store.paymentIntents.get(waiting.payment.payment_intent ?? '')
      if (waitingIntent) waitingIntent.amount -= amount
    }
  } else {
    cancelPayments(world, invoice, 'automatic')
  }
  const intent = world.store.paymentIntents.add(newPaymentIntent(world, intentForInvoice(invoice, amount)))
  emit(world, 'payment_intent.created', intent)
  const payment = world.store.invoicePayments.add(
    newInvoicePayment(world, invoice, { type: 'payment_intent', payment_intent: intent.id }, amount, false),
  )
  succeed(world, invoice, payment, intent, world.store.charges.add(newCharge(world, intent, method)))
}
