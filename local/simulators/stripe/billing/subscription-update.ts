// Changes to a running subscription: items, quantity, price, discounts, terms, trial, cancellation. What a change
// costs is proration.ts; when it is billed is decided here.
// https://docs.stripe.com/billing/subscriptions/change-price · https://docs.stripe.com/billing/subscriptions/prorations
import { nextBoundary } from '../calendar.ts'
import { invalidRequest } from '../errors.ts'
import { differences } from '../events.ts'
import { copy, type InvoiceItem, type Subscription, type SubscriptionItem } from '../wire.ts'
import { emit, fetchByParameter, type World } from '../world.ts'
import { applyDiscounts, runningDiscounts } from './discounts.ts'
import { addDraft, addForImmediateFinalization, draftForSubscription, finalizeInvoice } from './invoices.ts'
import { placeLine, placePendingItems } from './lines.ts'
import { lineBetween } from './metering.ts'
import { attemptPayment } from './payments.ts'
import { chargeRemaining, creditUnused } from './proration.ts'
import { type AddInvoiceItem, type NewItem, newItem, planOf, recurringOf } from './subscription-objects.ts'
import { endSubscription, hasEnded } from './subscription-status.ts'
import { addOneOffItems, endOnceDiscounts, planSubscription, recordBilled } from './subscriptions.ts'

export interface ItemChange extends Partial<NewItem> {
  id?: string | undefined
  deleted?: boolean | undefined
}

export interface SubscriptionChange {
  items?: ItemChange[] | undefined
  prorationBehavior: string
  prorationDate?: number | undefined
  trialEnd?: number | 'now' | undefined
  resetAnchor?: boolean
  addInvoiceItems?: AddInvoiceItem[]
  /** Everything that has no effect on amounts: metadata, payment method, cancellation and so on. */
  terms?: (subscription: Subscription) => void
  /** A schedule's own changes are billed with a draft; an API call's inside the request. */
  bySchedule?: boolean
}

export function updateSubscription(
  world: World,
  subscription: Subscription,
  wanted: SubscriptionChange,
): void {
  if (hasEnded(subscription)) {
    throw invalidRequest(`A canceled subscription can only update its cancellation_details and metadata.`, {
      code: 'invalid_canceled_subscription_fields',
    })
  }
  const at = world.seconds()
  const from = wanted.prorationDate ?? at
  const before = copy(subscription)
  const prorate = wanted.prorationBehavior !== 'none'
  const endsTrial = subscription.status === 'trialing' && wanted.trialEnd === 'now'
  const changes = (wanted.items ?? []).map((item) => resolveChange(world, subscription, item))
  const removed = changes.filter((each) => each.wanted.deleted).length
  const added = changes.filter((each) => !each.item).length
  if (subscription.items.data.length + added <= removed) {
    throw invalidRequest('A subscription must have at least one active item.', { param: 'items' })
  }
  const resets = wanted.resetAnchor === true || endsTrial || changes.some((each) => changesInterval(each))

  try {
    wanted.terms?.(subscription)
  } catch (error) {
    // A refused request changes nothing. The items are not touched by terms and stay the objects they are.
    const { items: _items, ...terms } = before
    Object.assign(subscription, terms)
    throw error
  }
  if (typeof wanted.trialEnd === 'number') startTrial(subscription, wanted.trialEnd, at)
  for (const each of changes) applyChange(world, subscription, each, { from, prorate, resets })
  if (resets) resetPeriods(world, subscription, changes, { at, prorate, endsTrial })
  addOneOffItems(world, subscription, wanted.addInvoiceItems ?? [])

  const billsNow = resets || wanted.prorationBehavior === 'always_invoice'
  const invoice = billsNow
    ? draftForSubscription(world, subscription, {
        reason: 'subscription_update',
        discounts: resets ? runningDiscounts(world, subscription.discounts, at) : [],
      })
    : undefined
  if (invoice) {
    if (resets) {
      for (const item of subscription.items.data) {
        const former = before.items.data.find((each) => each.id === item.id)
        const ended = { start: former?.current_period_start ?? at, end: at }
        placeLine(invoice, lineBetween(world, subscription, item, ended))
      }
    }
    placePendingItems(world, invoice, { subscription: subscription.id, prorationsOnly: true })
    if (invoice.lines.data.length > 0) subscription.latest_invoice = invoice.id
  }
  const previous = differences(before, subscription)
  if (previous) emit(world, 'customer.subscription.updated', subscription, previous)
  if (invoice && invoice.lines.data.length > 0) {
    const inRequest = !wanted.bySchedule && subscription.collection_method === 'charge_automatically'
    if (inRequest) billNow(world, invoice)
    else addDraft(world, invoice)
    recordBilled(world, invoice)
    endOnceDiscounts(world, subscription, invoice)
  }
  planSubscription(world, subscription)
}

interface Resolved {
  item: SubscriptionItem | undefined
  wanted: ItemChange
}

function resolveChange(world: World, subscription: Subscription, wanted: ItemChange): Resolved {
  if (!wanted.id) {
    if (wanted.price) return { item: undefined, wanted }
    throw invalidRequest('Missing required param: items[0][price].', {
      code: 'parameter_missing',
      param: 'items[0][price]',
    })
  }
  const item = fetchByParameter(world.store.subscriptionItems, 'subscription_item', wanted.id, 'items[0][id]')
  if (item.subscription !== subscription.id) {
    throw invalidRequest(`The item ${item.id} does not belong to this subscription.`, {
      param: 'items[0][id]',
    })
  }
  return { item, wanted }
}

function changesInterval({ item, wanted }: Resolved): boolean {
  if (!item || !wanted.price || wanted.deleted) return false
  const was = recurringOf(item.price)
  const is = recurringOf(wanted.price)
  return was.interval !== is.interval || was.interval_count !== is.interval_count
}

function applyChange(
  world: World,
  subscription: Subscription,
  { item, wanted }: Resolved,
  options: { from: number; prorate: boolean; resets: boolean },
): void {
  const prorate = options.prorate && subscription.status !== 'trialing'
  if (!item) {
    if (!wanted.price) return
    const period = {
      start: world.seconds(),
      end:
        subscription.status === 'trialing' && subscription.trial_end
          ? subscription.trial_end
          : nextBoundary(subscription.billing_cycle_anchor, recurringOf(wanted.price), options.from),
    }
    const added = newItem(
      world,
      subscription.id,
      { ...wanted, price: wanted.price, quantity: wanted.quantity ?? 1 },
      period,
    )
    added.current_period_start = periodStartOf(subscription, added)
    subscription.items.data.push(world.store.subscriptionItems.add(added))
    if (prorate && !options.resets) chargeRemaining(world, subscription, added, options.from)
    return
  }
  if (wanted.metadata) item.metadata = wanted.metadata
  if (wanted.taxRates) item.tax_rates = wanted.taxRates
  if (wanted.discounts !== undefined) {
    item.discounts = applyDiscounts(
      world,
      wanted.discounts ?? [],
      { customer: subscription.customer, subscription: subscription.id, subscription_item: item.id },
      subscription.currency,
    )
  }
  const samePrice = !wanted.price || wanted.price.id === item.price.id
  const sameQuantity = wanted.quantity === undefined || wanted.quantity === item.quantity
  if (samePrice && sameQuantity && !wanted.deleted) return
  if (prorate) creditUnused(world, subscription, item, options.from)
  if (wanted.deleted) {
    subscription.items.data = subscription.items.data.filter((each) => each.id !== item.id)
    world.store.subscriptionItems.delete(item)
    world.store.hidden.billed.delete(item.id)
    return
  }
  if (wanted.price) {
    item.price = wanted.price
    item.plan = planOf(wanted.price)
  }
  if (wanted.quantity !== undefined) item.quantity = wanted.quantity
  if (prorate && !options.resets) chargeRemaining(world, subscription, item, options.from)
}

/** A new item shares the period of its neighbours with the same interval, so that a part of it is what is charged. */
function periodStartOf(subscription: Subscription, added: SubscriptionItem): number {
  const neighbour = subscription.items.data.find(
    (item) => item.current_period_end === added.current_period_end,
  )
  return neighbour?.current_period_start ?? added.current_period_start
}

/** The billing cycle starts again now: unused time is credited, whole new periods are billed at once. */
function resetPeriods(
  world: World,
  subscription: Subscription,
  changes: readonly Resolved[],
  options: { at: number; prorate: boolean; endsTrial: boolean },
): void {
  const { at } = options
  const changed = new Set(changes.map((each) => each.item?.id))
  for (const item of subscription.items.data) {
    if (options.prorate && !options.endsTrial && !changed.has(item.id))
      creditUnused(world, subscription, item, at)
  }
  subscription.billing_cycle_anchor = at
  if (options.endsTrial) {
    subscription.status = 'active'
    subscription.trial_end = at
  }
  for (const item of subscription.items.data) {
    item.current_period_start = at
    item.current_period_end = nextBoundary(at, recurringOf(item.price), at)
  }
}

function startTrial(subscription: Subscription, trialEnd: number, at: number): void {
  if (trialEnd <= at) throw invalidRequest('The trial end must be in the future.', { param: 'trial_end' })
  subscription.status = 'trialing'
  subscription.trial_start = subscription.trial_start ?? at
  subscription.trial_end = trialEnd
  subscription.billing_cycle_anchor = trialEnd
  for (const item of subscription.items.data) item.current_period_end = trialEnd
}

function billNow(world: World, invoice: ReturnType<typeof draftForSubscription>): void {
  addForImmediateFinalization(world, invoice)
  finalizeInvoice(world, invoice, { autoAdvance: true, collect: 'by caller' })
  if (invoice.status === 'open') attemptPayment(world, invoice, { automatic: true })
}

/** DELETE /v1/subscriptions/{id}. https://docs.stripe.com/api/subscriptions/cancel */
export function cancelSubscription(
  world: World,
  subscription: Subscription,
  options: { prorate: boolean; invoiceNow: boolean; details?: { comment?: string; feedback?: string } },
): void {
  if (hasEnded(subscription))
    throw invalidRequest(`No such subscription: '${subscription.id}'`, {
      code: 'resource_missing',
      param: 'id',
    })
  const credits: (InvoiceItem | undefined)[] = options.prorate
    ? subscription.items.data.map((item) => creditUnused(world, subscription, item, world.seconds()))
    : []
  if (options.invoiceNow || credits.some(Boolean)) {
    const invoice = options.invoiceNow
      ? draftForSubscription(world, subscription, { reason: 'subscription_update', discounts: [] })
      : undefined
    if (
      invoice &&
      placePendingItems(world, invoice, { subscription: subscription.id, prorationsOnly: true }) > 0
    ) {
      subscription.latest_invoice = invoice.id
      billNow(world, invoice)
    }
  }
  endSubscription(world, subscription, {
    reason: 'cancellation_requested',
    ...(options.details ? { details: options.details } : {}),
  })
}
