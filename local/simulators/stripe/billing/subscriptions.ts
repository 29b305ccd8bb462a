// Subscriptions from their first invoice through each renewal to their end.
// https://docs.stripe.com/billing/subscriptions/overview · https://docs.stripe.com/billing/invoices/subscription
import { PRIORITY } from '../agenda.ts'
import { addIntervals, DAY, HOUR, nextBoundary } from '../calendar.ts'
import { invalidRequest, Refusal } from '../errors.ts'
import { proportion } from '../money.ts'
import type { Invoice, InvoiceLine, Subscription, SubscriptionItem } from '../wire.ts'
import { change, emit, type World } from '../world.ts'
import { applyDiscounts, runningDiscounts, useOnceDiscounts } from './discounts.ts'
import { addInvoiceItem } from './invoice-items.ts'
import { voidInvoice } from './invoice-status.ts'
import { addDraft, addForImmediateFinalization, draftForSubscription, finalizeInvoice } from './invoices.ts'
import { lineForItem, placeLine, placePendingItems, priceAmount, productName } from './lines.ts'
import { isMetered, lineBetween, usageLine } from './metering.ts'
import { attemptPayment, paymentMethodFor, predictOutcome } from './payments.ts'
import { type AddInvoiceItem, newSubscription, recurringOf, type Terms } from './subscription-objects.ts'
import { endSubscription, hasEnded } from './subscription-status.ts'
import { lineDiscount } from './totals.ts'

/**
 * Makes a subscription and bills its first period. With automatic collection the first invoice is finalized and paid
 * inside the request; with send_invoice, or when a schedule makes the subscription, it stays a draft for an hour.
 * https://docs.stripe.com/billing/subscriptions/subscription-schedules ("the first invoice … is always a draft")
 */
export function createSubscription(
  world: World,
  terms: Terms,
  options: { paymentBehavior?: string | undefined; bySchedule?: boolean } = {},
): Subscription {
  const behaviour = options.paymentBehavior ?? 'allow_incomplete'
  const subscription = newSubscription(world, terms)
  requireOneCurrency(world, terms, subscription.currency)
  const immediate = !options.bySchedule && subscription.collection_method === 'charge_automatically'
  if (immediate && behaviour !== 'default_incomplete') requirePayable(world, terms, subscription, behaviour)

  takeDiscounts(world, subscription, terms)
  world.store.subscriptions.add(subscription)
  for (const item of subscription.items.data) world.store.subscriptionItems.add(item)
  addOneOffItems(world, subscription, terms.addInvoiceItems)

  const invoice = draftForSubscription(world, subscription, {
    reason: 'subscription_create',
    discounts: runningDiscounts(world, subscription.discounts, world.seconds()),
  })
  for (const line of firstLines(world, subscription, terms.prorationBehavior)) placeLine(invoice, line)
  placePendingItems(world, invoice, { subscription: subscription.id })
  subscription.latest_invoice = invoice.id
  if (immediate) collectFirstInvoice(world, subscription, invoice, behaviour)
  else addDraft(world, invoice)
  recordBilled(world, invoice)
  emit(world, 'customer.subscription.created', subscription)
  endOnceDiscounts(world, subscription, invoice)
  planSubscription(world, subscription)
  return subscription
}

function takeDiscounts(world: World, subscription: Subscription, terms: Terms): void {
  const owner = { customer: subscription.customer, subscription: subscription.id }
  subscription.discounts = applyDiscounts(world, terms.discounts ?? [], owner, subscription.currency)
  subscription.items.data.forEach((item, index) => {
    item.discounts = applyDiscounts(
      world,
      terms.items[index]?.discounts ?? [],
      { ...owner, subscription_item: item.id },
      subscription.currency,
    )
  })
}

function requireOneCurrency(world: World, terms: Terms, currency: string): void {
  const running = world.store.subscriptions.of(terms.customer.id).find((each) => !hasEnded(each))
  if (running && running.currency !== currency) {
    throw invalidRequest(
      `You cannot combine currencies on a single customer. This customer has an active subscription with currency ${running.currency}.`,
    )
  }
}

function requirePayable(world: World, terms: Terms, subscription: Subscription, behaviour: string): void {
  if (subscription.status === 'trialing') return
  const method = world.store.paymentMethods.get(
    terms.defaultPaymentMethod ?? terms.customer.invoice_settings.default_payment_method ?? '',
  )
  const outcome = predictOutcome(world, terms.customer.id, method)
  const owed = terms.items.some(
    (item) => !isMetered(item.price) && priceAmount(item.price, item.quantity) > 0,
  )
  if (outcome === 'no_method' && owed) {
    throw invalidRequest(
      'This customer has no attached payment source or default payment method. Please consider adding a default payment method.',
      { code: 'resource_missing' },
    )
  }
  if (outcome === 'declines' && behaviour === 'error_if_incomplete') {
    throw new Refusal(402, {
      type: 'card_error',
      code: 'card_declined',
      decline_code: 'generic_decline',
      message: 'Your card was declined.',
    })
  }
}

function collectFirstInvoice(
  world: World,
  subscription: Subscription,
  invoice: Invoice,
  behaviour: string,
): void {
  invoice.auto_advance = false
  addForImmediateFinalization(world, invoice)
  finalizeInvoice(world, invoice, { collect: 'by caller' })
  if (invoice.status === 'paid') return
  if (behaviour !== 'default_incomplete') {
    // Not active for a moment: what the decline brings about finds it incomplete.
    const method = paymentMethodFor(world, invoice)
    if (predictOutcome(world, invoice.customer ?? '', method) === 'declines')
      subscription.status = 'incomplete'
    const outcome = attemptPayment(world, invoice, { automatic: false, uncounted: true })
    if (outcome === 'paid' || outcome === 'processing') return
  }
  subscription.status = 'incomplete'
  // https://docs.stripe.com/billing/subscriptions/overview#subscription-statuses: 23 hours to pay.
  world.agenda.add(world.seconds() + 23 * HOUR, PRIORITY.other, () => {
    if (subscription.status !== 'incomplete') return
    change(world, subscription, 'customer.subscription.updated', (it) => {
      it.status = 'incomplete_expired'
      it.ended_at = world.seconds()
    })
    if (invoice.status === 'open') voidInvoice(world, invoice)
  })
}

/** Full periods, the stub up to an anchor that lies ahead, or the zero lines of a trial. */
export function firstLines(
  world: World,
  subscription: Subscription,
  prorationBehavior: string,
): InvoiceLine[] {
  return subscription.items.data.flatMap((item) => {
    const period = { start: item.current_period_start, end: item.current_period_end }
    if (subscription.status === 'trialing') {
      return [
        lineForItem(world, subscription, item, {
          ...period,
          amount: 0,
          description: `Trial period for ${productName(world, item.price)}`,
        }),
      ]
    }
    // Nothing is used yet: a line of nothing, as Stripe shows it.
    if (isMetered(item.price))
      return [lineForItem(world, subscription, item, { ...period, quantity: 0, amount: 0 })]
    const recurring = recurringOf(item.price)
    const fullStart =
      subscription.billing_cycle_anchor > period.start
        ? addIntervals(period.end, recurring.interval, -recurring.interval_count)
        : period.start
    if (fullStart >= period.start) return [lineForItem(world, subscription, item, period)]
    if (prorationBehavior === 'none') return []
    const full = priceAmount(item.price, item.quantity ?? 1)
    const amount = proportion(full, period.end - period.start, period.end - fullStart)
    return [lineForItem(world, subscription, item, { ...period, amount, proration: true })]
  })
}

export function addOneOffItems(
  world: World,
  subscription: Subscription,
  additions: readonly AddInvoiceItem[],
): void {
  for (const addition of additions) {
    addInvoiceItem(world, {
      customer: subscription.customer,
      currency: addition.price.currency,
      quantity: addition.quantity,
      price: addition.price,
      description: productName(world, addition.price),
      subscription: subscription.id,
      metadata: addition.metadata ?? {},
      discountable: addition.discountable ?? true,
      discounts: applyDiscounts(
        world,
        addition.discounts ?? [],
        { customer: subscription.customer },
        addition.price.currency,
      ),
      taxRates: addition.taxRates ?? [],
      ...(addition.period ? { period: addition.period } : {}),
    })
  }
}

/** Remembers what each item was billed, as the basis of later credits. */
export function recordBilled(world: World, invoice: Invoice): void {
  for (const line of invoice.lines.data) {
    const details = line.parent?.subscription_item_details
    if (!details || details.invoice_item) continue
    world.store.hidden.billed.set(details.subscription_item, {
      amount: line.amount - lineDiscount(line),
      from: line.period.start,
      to: line.period.end,
      invoice: invoice.id,
      line: line.id,
      invoiceItem: null,
    })
  }
}

/** A coupon for one invoice leaves the subscription with the first invoice it took something off. */
export function endOnceDiscounts(world: World, subscription: Subscription, invoice: Invoice): void {
  const used = (invoice.total_discount_amounts ?? [])
    .filter((entry) => entry.amount > 0)
    .map((entry) => entry.discount)
  useOnceDiscounts(world, used)
  dropEndedDiscounts(world, subscription)
}

function dropEndedDiscounts(world: World, subscription: Subscription): void {
  const kept = runningDiscounts(world, subscription.discounts, world.seconds())
  if (kept.length === subscription.discounts.length) return
  const ended = subscription.discounts.filter((id) => !kept.includes(id))
  change(world, subscription, 'customer.subscription.updated', (it) => {
    it.discounts = kept
  })
  tellEndedDiscounts(world, ended)
}

function tellEndedDiscounts(world: World, ended: readonly string[]): void {
  for (const id of ended) {
    const discount = world.store.discounts.get(id)
    if (discount) emit(world, 'customer.discount.deleted', discount)
  }
}

const earliestEnd = (subscription: Subscription): number =>
  Math.min(...subscription.items.data.map((item) => item.current_period_end))

/** Puts the next things this subscription will do on the agenda. */
export function planSubscription(world: World, subscription: Subscription): void {
  const next = earliestEnd(subscription)
  world.agenda.add(next, PRIORITY.renew, () => {
    if (hasEnded(subscription) || earliestEnd(subscription) !== next) return
    if (subscription.status === 'incomplete') return
    renew(world, subscription, next)
  })
  planCancellation(world, subscription)
  const trialEnd = subscription.trial_end
  if (subscription.status !== 'trialing' || trialEnd === null) return
  // https://docs.stripe.com/billing/subscriptions/trials: three days before, or at once for a shorter trial.
  world.agenda.add(Math.max(trialEnd - 3 * DAY, world.seconds()), PRIORITY.other, () => {
    if (subscription.status === 'trialing' && subscription.trial_end === trialEnd)
      emit(world, 'customer.subscription.trial_will_end', subscription)
  })
}

/** A cancellation within a period ends the subscription then, without a credit (Stripe can prorate it; not here). */
export function planCancellation(world: World, subscription: Subscription): void {
  const at = subscription.cancel_at
  if (at === null) return
  world.agenda.add(at, PRIORITY.plan, () => {
    if (hasEnded(subscription) || subscription.cancel_at !== at) return
    billLeftovers(world, subscription)
    endSubscription(world, subscription, { reason: 'cancellation_requested' })
  })
}

/** Invoice items that still wait when a subscription ends, and what was used, go onto a last invoice. */
function billLeftovers(world: World, subscription: Subscription): void {
  const waiting = [...(world.store.hidden.pendingItems.get(subscription.customer) ?? [])]
  const at = world.seconds()
  const used = subscription.items.data
    .filter((item) => isMetered(item.price))
    .map((item) => usageLine(world, subscription, item, { start: item.current_period_start, end: at }))
    .filter((line) => line.amount !== 0)
  const hasItems = waiting.some((item) => item.parent?.subscription_details?.subscription === subscription.id)
  if (used.length === 0 && !hasItems) return
  const invoice = draftForSubscription(world, subscription, { reason: 'subscription_cycle', discounts: [] })
  for (const line of used) placeLine(invoice, line)
  placePendingItems(world, invoice, { subscription: subscription.id, prorationsOnly: true })
  subscription.latest_invoice = invoice.id
  addDraft(world, invoice)
}

/** A period ends: the items move on, and a draft invoice bills the next period in advance. */
function renew(world: World, subscription: Subscription, at: number): void {
  const due = subscription.items.data.filter((item) => item.current_period_end === at)
  const began = new Map(due.map((item) => [item.id, item.current_period_start]))
  const periodStart = Math.min(...began.values())
  const discounts = runningDiscounts(world, subscription.discounts, at)
  const ended = subscription.discounts.filter((id) => !discounts.includes(id))
  const invoice = draftForSubscription(world, subscription, {
    reason: 'subscription_cycle',
    discounts,
    periodStart,
  })
  change(world, subscription, 'customer.subscription.updated', (it) => {
    for (const item of due) advance(it, item, at)
    if (it.status === 'trialing') it.status = 'active'
    it.latest_invoice = invoice.id
    it.discounts = discounts
  })
  tellEndedDiscounts(world, ended)
  for (const item of due) {
    placeLine(
      invoice,
      lineBetween(world, subscription, item, { start: began.get(item.id) ?? periodStart, end: at }),
    )
  }
  placePendingItems(world, invoice, { subscription: subscription.id })
  addDraft(world, invoice)
  recordBilled(world, invoice)
  endOnceDiscounts(world, subscription, invoice)
  planSubscription(world, subscription)
}

export function advance(subscription: Subscription, item: SubscriptionItem, at: number): void {
  item.current_period_start = at
  item.current_period_end = nextBoundary(subscription.billing_cycle_anchor, recurringOf(item.price), at)
}
