// Payments that somebody attaches to an invoice beside its default one: several for one invoice, one for several, made
// before or after they are attached, or made outside of Stripe. The default payment asks for what is left.
// https://docs.stripe.com/invoicing/partial-payments · https://docs.stripe.com/api/invoices/attach_payment
import { invalidRequest, Refusal } from '../errors.ts'
import type { Invoice, InvoicePayment, PaymentIntent, PaymentMethod, PaymentRecord } from '../wire.ts'
import { change, emit, type World } from '../world.ts'
import { declineCharge, processDebit, succeedCharge } from './charge-outcomes.ts'
import { receive } from './invoice-status.ts'
import { newCharge, newInvoicePayment } from './payment-objects.ts'
import { openPaymentOf, predictOutcome, settleInvoicePayment, takeScriptedDecline } from './payments.ts'

export function attachIntent(world: World, invoice: Invoice, intent: PaymentIntent): void {
  requirePayable(invoice)
  if (intent.currency !== invoice.currency)
    throw invalidRequest(
      `The PaymentIntent is in ${intent.currency}; the invoice is in ${invoice.currency}.`,
      { param: 'payment_intent' },
    )
  if (intent.customer !== invoice.customer)
    throw invalidRequest('The PaymentIntent must have the same customer as the invoice.', {
      param: 'payment_intent',
    })
  if (intent.status === 'canceled')
    throw invalidRequest('A canceled PaymentIntent cannot be attached.', { param: 'payment_intent' })
  // "any amount up to the amount remaining on the invoice"
  if (intent.amount > invoice.amount_remaining)
    throw invalidRequest(
      `The amount of the PaymentIntent (${intent.amount}) is more than the amount remaining (${invoice.amount_remaining}).`,
      { param: 'payment_intent' },
    )
  const attached = world.store.invoicePayments.of(intent.id, 1)
  if (attached.some((payment) => payment.invoice === invoice.id && payment.status !== 'canceled'))
    throw invalidRequest('This PaymentIntent is attached to the invoice already.', {
      param: 'payment_intent',
    })
  const payment = world.store.invoicePayments.add(
    newInvoicePayment(
      world,
      invoice,
      { type: 'payment_intent', payment_intent: intent.id },
      intent.amount,
      false,
    ),
  )
  if (intent.status === 'succeeded') creditInvoice(world, payment, unspentOf(world, intent))
}

/** What was paid outside may be more than what is left: the rest is overpaid. The reading taken. */
export function attachRecord(world: World, invoice: Invoice, record: PaymentRecord): void {
  requirePayable(invoice)
  if (record.amount.currency !== invoice.currency)
    throw invalidRequest('The PaymentRecord must have the currency of the invoice.', {
      param: 'payment_record',
    })
  if (record.amount_guaranteed.value === 0)
    throw invalidRequest('Only a PaymentRecord that is guaranteed can be attached.', {
      param: 'payment_record',
    })
  if (world.store.invoicePayments.of(record.id, 1).length > 0)
    throw invalidRequest('This PaymentRecord is attached to an invoice already.', { param: 'payment_record' })
  const amount = record.amount_guaranteed.value
  const payment = world.store.invoicePayments.add(
    newInvoicePayment(world, invoice, { type: 'payment_record', payment_record: record.id }, amount, false),
  )
  invoice.amount_paid_off_stripe =
    (invoice.amount_paid_off_stripe ?? 0) + Math.min(amount, invoice.amount_remaining)
  creditInvoice(world, payment, amount)
}

function requirePayable(invoice: Invoice): void {
  if (invoice.status !== 'open')
    throw invalidRequest(`You can only attach payments to open invoices; this one is ${invoice.status}.`, {
      param: 'invoice',
    })
  if (invoice.parent?.subscription_details && invoice.collection_method === 'charge_automatically')
    throw invalidRequest(
      "Partial payments aren't supported for subscription invoices that are charged automatically.",
      { param: 'invoice' },
    )
}

/** POST /v1/payment_intents/{id}/confirm. A decline is a 402, and what it did stays done. */
export function confirmIntent(world: World, intent: PaymentIntent, method: PaymentMethod): void {
  const customer = intent.customer ?? ''
  const behaviour = predictOutcome(world, customer, method)
  if (behaviour === 'declines') {
    takeScriptedDecline(world, customer)
    declineCharge(world, intent, method)
    throw new Refusal(402, {
      type: 'card_error',
      code: 'card_declined',
      decline_code: 'generic_decline',
      message: 'Your card was declined.',
      ...(intent.latest_charge ? { charge: intent.latest_charge } : {}),
    })
  }
  const charge = world.store.charges.add(newCharge(world, intent, method))
  const paid = (): void => {
    succeedCharge(world, intent, charge)
    creditAttached(world, intent)
  }
  if (behaviour === 'succeeds') paid()
  else {
    processDebit(world, intent, charge, method, {
      fails: () => behaviour === 'fails_later' || takeScriptedDecline(world, customer),
      paid,
      failed: () => undefined,
    })
  }
}

/**
 * In the order they were attached; `amount_paid` can be less than `amount_requested` "if the PaymentIntent's amount_received is
 * not sufficient to pay all of the invoices that it is attached to" (https://docs.stripe.com/api/invoice-payment/object).
 * Reading: what one of them does not need any more is left for the next; only what none needs is overpaid.
 */
function creditAttached(world: World, intent: PaymentIntent): void {
  const waiting = world.store.invoicePayments.of(intent.id, 1).filter(({ status }) => status === 'open')
  for (const [index, payment] of waiting.entries()) {
    const isLast = index === waiting.length - 1
    const needed = world.store.invoices.get(payment.invoice)?.amount_remaining ?? 0
    const unspent = unspentOf(world, intent)
    creditInvoice(world, payment, isLast ? unspent : Math.min(unspent, needed))
  }
}

const unspentOf = (world: World, intent: PaymentIntent): number =>
  intent.amount_received -
  world.store.invoicePayments
    .of(intent.id, 1)
    .reduce((spent, payment) => spent + (payment.amount_paid ?? 0), 0)

function creditInvoice(world: World, payment: InvoicePayment, available: number): void {
  const invoice = world.store.invoices.get(payment.invoice)
  const amount = Math.min(payment.amount_requested, available)
  if (!invoice || amount <= 0) {
    payment.status = 'canceled'
    payment.status_transitions.canceled_at = world.seconds()
    return
  }
  settleInvoicePayment(world, payment, amount)
  keepDefaultInStep(world, invoice, amount)
  receive(world, invoice, amount)
}

/**
 * "Stripe … keeps it synchronized with the invoice's amount_remaining": the definition of `is_default`. A bank debit
 * that is on its way cannot be called back; what it brings is overpaid.
 */
function keepDefaultInStep(world: World, invoice: Invoice, paid: number): void {
  const payment = openPaymentOf(world, invoice)
  const intent = world.store.paymentIntents.get(payment?.payment.payment_intent ?? '')
  if (!payment || !intent || intent.status === 'processing') return
  const left = Math.max(0, invoice.amount_remaining - paid)
  if (left > 0) {
    payment.amount_requested = left
    intent.amount = left
    return
  }
  payment.status = 'canceled'
  payment.status_transitions.canceled_at = world.seconds()
  cancelIntent(world, intent, 'automatic')
}

export function cancelIntent(
  world: World,
  intent: PaymentIntent,
  reason: PaymentIntent['cancellation_reason'],
): void {
  intent.status = 'canceled'
  intent.canceled_at = world.seconds()
  intent.cancellation_reason = reason
  emit(world, 'payment_intent.canceled', intent)
}

/** https://docs.stripe.com/api/payment_intents/cancel; the one an invoice made for itself ends with the invoice. */
export function cancelByCaller(world: World, intent: PaymentIntent, reason: string | undefined): void {
  const payments = world.store.invoicePayments.of(intent.id, 1)
  if (payments.some((payment) => payment.is_default))
    throw invalidRequest(
      "The PaymentIntent associated with the default payment of an invoice can't be canceled directly.",
      { param: 'intent' },
    )
  if (intent.status === 'succeeded' || intent.status === 'canceled' || intent.status === 'processing')
    throw invalidRequest(
      `You cannot cancel this PaymentIntent because it has a status of ${intent.status}.`,
      { code: 'payment_intent_unexpected_state', param: 'intent' },
    )
  for (const payment of payments) {
    if (payment.status !== 'open') continue
    payment.status = 'canceled'
    payment.status_transitions.canceled_at = world.seconds()
  }
  cancelIntent(world, intent, reason ?? null)
}

/** Changes what an intent asks for, and what the invoices it is attached to may expect of it. */
export function changeAmount(world: World, intent: PaymentIntent, amount: number): void {
  change(world, intent, null, (it) => {
    it.amount = amount
  })
  for (const payment of world.store.invoicePayments.of(intent.id, 1)) {
    if (payment.status === 'open') payment.amount_requested = amount
  }
}
