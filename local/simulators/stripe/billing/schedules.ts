// Subscription schedules: phases with a start and an end, each putting its items and terms onto the subscription when
// it begins. The first phase makes the subscription, whose first invoice starts as a draft.
// https://docs.stripe.com/billing/subscriptions/subscription-schedules
import { PRIORITY } from '../agenda.ts'
import { addIntervals, DAY } from '../calendar.ts'
import { invalidRequest } from '../errors.ts'
import type { DiscountParams } from '../parameters.ts'
import type { Customer, Subscription, SubscriptionSchedule } from '../wire.ts'
import { change, emit, fetchByParameter, type World } from '../world.ts'
import { applyDiscounts } from './discounts.ts'
import type { AddInvoiceItem, NewItem, Terms } from './subscription-objects.ts'
import { recurringOf } from './subscription-objects.ts'
import { endSubscription, hasEnded } from './subscription-status.ts'
import { updateSubscription } from './subscription-update.ts'
import { createSubscription } from './subscriptions.ts'

type Phase = SubscriptionSchedule['phases'][number]

export interface PhaseOptions {
  items: NewItem[]
  addInvoiceItems: {
    price: NewItem['price']
    quantity: number
    metadata?: Record<string, string>
    discounts?: DiscountParams | undefined
    discountable?: boolean | undefined
    period?: Phase['add_invoice_items'][number]['period']
  }[]
  startDate?: number | undefined
  endDate?: number | undefined
  duration?: { interval: string; interval_count: number } | undefined
  metadata?: Record<string, string> | undefined
  discounts?: DiscountParams | undefined
  collectionMethod?: string | undefined
  daysUntilDue?: number | undefined
  defaultPaymentMethod?: string | undefined
  description?: string | null | undefined
  prorationBehavior?: string | undefined
  billingCycleAnchor?: string | undefined
  trial?: boolean | undefined
  trialEnd?: number | undefined
  taxRates?: Phase['default_tax_rates']
}

/** Lays phases end to end from a start; one without end or duration lasts one interval of its first price. */
export function layPhases(start: number, phases: readonly PhaseOptions[]): Phase[] {
  if (phases.length > 10)
    throw invalidRequest('A schedule can have at most 10 current and future phases.', { param: 'phases' })
  let cursor = start
  return phases.map((options) => {
    const first = options.items[0]
    if (!first)
      throw invalidRequest('Missing required param: phases[0][items].', {
        code: 'parameter_missing',
        param: 'phases[0][items]',
      })
    const span = options.duration ?? recurringOf(first.price)
    const end = options.endDate ?? addIntervals(cursor, span.interval, span.interval_count)
    if (end <= cursor)
      throw invalidRequest('The end of a phase must come after its start.', { param: 'phases[0][end_date]' })
    const phase = phaseOf(options, first.price.currency, cursor, end)
    cursor = end
    return phase
  })
}

function phaseOf(options: PhaseOptions, currency: string, start: number, end: number): Phase {
  return {
    add_invoice_items: options.addInvoiceItems.map((item) => ({
      discountable: item.discountable ?? null,
      discounts: discountsOf(item.discounts),
      metadata: item.metadata ?? {},
      period: item.period ?? {
        end: { type: 'min_item_period_end' },
        start: { type: 'max_item_period_start' },
      },
      price: item.price.id,
      quantity: item.quantity,
      tax_rates: [],
    })),
    application_fee_percent: null,
    billing_cycle_anchor: options.billingCycleAnchor ?? null,
    billing_thresholds: null,
    collection_method: options.collectionMethod ?? null,
    currency,
    default_payment_method: options.defaultPaymentMethod ?? null,
    default_tax_rates: options.taxRates ?? [],
    description: options.description ?? null,
    discounts: discountsOf(options.discounts),
    end_date: end,
    invoice_settings:
      options.daysUntilDue === undefined
        ? null
        : {
            account_tax_ids: null,
            custom_fields: null,
            days_until_due: options.daysUntilDue,
            description: null,
            footer: null,
            issuer: null,
          },
    items: options.items.map((item) => ({
      billing_thresholds: null,
      discounts: discountsOf(item.discounts),
      metadata: item.metadata ?? {},
      plan: item.price.id,
      price: item.price.id,
      quantity: item.quantity,
      tax_rates: item.taxRates ?? [],
    })),
    metadata: options.metadata ?? {},
    on_behalf_of: null,
    proration_behavior: options.prorationBehavior ?? 'create_prorations',
    start_date: start,
    transfer_data: null,
    trial_end: options.trial ? end : (options.trialEnd ?? null),
  }
}

const discountsOf = (
  params: DiscountParams | undefined,
): { coupon: string | null; discount: string | null; promotion_code: string | null }[] =>
  (params ?? []).map((param) => ({
    coupon: param.coupon ?? null,
    discount: param.discount ?? null,
    promotion_code: param.promotion_code ?? null,
  }))

const discountParamsOf = (stored: ReturnType<typeof discountsOf>): NonNullable<DiscountParams> =>
  stored.map(({ coupon, discount, promotion_code }) => ({
    ...(coupon ? { coupon } : {}),
    ...(discount ? { discount } : {}),
    ...(promotion_code ? { promotion_code } : {}),
  }))

export function addSchedule(world: World, schedule: SubscriptionSchedule): SubscriptionSchedule {
  world.store.schedules.add(schedule)
  const first = schedule.phases[0]
  const subscription = world.store.subscriptions.get(schedule.subscription ?? '')
  if (subscription) {
    change(world, subscription, 'customer.subscription.updated', (it) => {
      it.schedule = schedule.id
    })
    planPhaseEnd(world, schedule)
  } else if (first && first.start_date <= world.seconds()) enterPhase(world, schedule, first)
  else if (first) planStart(world, schedule, first)
  emit(world, 'subscription_schedule.created', schedule)
  return schedule
}

function planStart(world: World, schedule: SubscriptionSchedule, phase: Phase): void {
  world.agenda.add(phase.start_date, PRIORITY.plan, () => {
    if (schedule.status !== 'not_started' || schedule.phases[0] !== phase) return
    change(world, schedule, 'subscription_schedule.updated', () => enterPhase(world, schedule, phase))
  })
}

/** Re-plans a schedule whose phases were replaced, and brings its subscription to the phase that runs now. */
export function replacePhases(
  world: World,
  schedule: SubscriptionSchedule,
  phases: Phase[],
  prorationBehavior: string | undefined,
): void {
  const at = world.seconds()
  const current = phases.find((phase) => phase.start_date <= at && at < phase.end_date)
  schedule.phases = phases
  if (schedule.status === 'not_started') {
    const first = phases[0]
    if (first && first.start_date <= at) enterPhase(world, schedule, first)
    else if (first) planStart(world, schedule, first)
    return
  }
  if (!current) throw invalidRequest('The phases must include the one that is current.', { param: 'phases' })
  schedule.current_phase = { end_date: current.end_date, start_date: current.start_date }
  const subscription = world.store.subscriptions.get(schedule.subscription ?? '')
  if (subscription)
    moveToPhase(world, subscription, current, {
      prorationBehavior: prorationBehavior ?? current.proration_behavior,
      entering: false,
    })
  planPhaseEnd(world, schedule)
}

function enterPhase(world: World, schedule: SubscriptionSchedule, phase: Phase): void {
  schedule.current_phase = { end_date: phase.end_date, start_date: phase.start_date }
  schedule.status = 'active'
  const subscription = world.store.subscriptions.get(schedule.subscription ?? '')
  if (subscription)
    moveToPhase(world, subscription, phase, { prorationBehavior: phase.proration_behavior, entering: true })
  else
    schedule.subscription = createSubscription(world, termsOf(world, schedule, phase), {
      bySchedule: true,
    }).id
  planPhaseEnd(world, schedule)
}

function planPhaseEnd(world: World, schedule: SubscriptionSchedule): void {
  const end = schedule.current_phase?.end_date
  if (end === undefined) return
  const last = schedule.phases.at(-1)?.end_date === end
  // https://docs.stripe.com/api/events/types#event_types-subscription_schedule.expiring: seven days before the end.
  if (last && end - 7 * DAY > world.seconds()) {
    world.agenda.add(end - 7 * DAY, PRIORITY.other, () => {
      if (schedule.status === 'active' && schedule.current_phase?.end_date === end)
        emit(world, 'subscription_schedule.expiring', schedule)
    })
  }
  world.agenda.add(end, PRIORITY.plan, () => {
    if (schedule.status !== 'active' || schedule.current_phase?.end_date !== end) return
    const next = schedule.phases.find((phase) => phase.start_date === end)
    if (next)
      change(world, schedule, 'subscription_schedule.updated', () => enterPhase(world, schedule, next))
    else finishSchedule(world, schedule)
  })
}

/** https://docs.stripe.com/api/subscription_schedules/object: `release` lets the subscription run on, `cancel` ends it. */
function finishSchedule(world: World, schedule: SubscriptionSchedule): void {
  if (schedule.end_behavior !== 'cancel') {
    releaseSchedule(world, schedule)
    return
  }
  schedule.status = 'completed'
  schedule.completed_at = world.seconds()
  schedule.current_phase = null
  emit(world, 'subscription_schedule.completed', schedule)
  const subscription = world.store.subscriptions.get(schedule.subscription ?? '')
  if (subscription && !hasEnded(subscription))
    endSubscription(world, subscription, { reason: 'cancellation_requested' })
}

export function releaseSchedule(world: World, schedule: SubscriptionSchedule): void {
  requireLive(schedule)
  const subscription = world.store.subscriptions.get(schedule.subscription ?? '')
  schedule.status = 'released'
  schedule.released_at = world.seconds()
  schedule.released_subscription = schedule.subscription
  schedule.subscription = null
  schedule.current_phase = null
  emit(world, 'subscription_schedule.released', schedule)
  if (!subscription) return
  change(world, subscription, 'customer.subscription.updated', (it) => {
    it.schedule = null
  })
}

export function cancelSchedule(world: World, schedule: SubscriptionSchedule): void {
  requireLive(schedule)
  const subscription = world.store.subscriptions.get(schedule.subscription ?? '')
  schedule.status = 'canceled'
  schedule.canceled_at = world.seconds()
  schedule.current_phase = null
  emit(world, 'subscription_schedule.canceled', schedule)
  if (subscription && !hasEnded(subscription))
    endSubscription(world, subscription, { reason: 'cancellation_requested' })
}

function requireLive(schedule: SubscriptionSchedule): void {
  if (schedule.status === 'active' || schedule.status === 'not_started') return
  throw invalidRequest(
    `You cannot change a subscription schedule that is currently in the \`${schedule.status}\` status.`,
  )
}

export function termsOf(
  world: World,
  schedule: Pick<SubscriptionSchedule, 'default_settings' | 'customer'> & { id?: string },
  phase: Phase,
): Terms {
  const defaults = schedule.default_settings
  const customer = world.store.customers.get(schedule.customer)
  if (!customer)
    throw invalidRequest(`No such customer: '${schedule.customer}'`, {
      code: 'resource_missing',
      param: 'customer',
    })
  return {
    customer,
    items: itemsOf(world, phase),
    collectionMethod: phase.collection_method ?? defaults.collection_method ?? 'charge_automatically',
    daysUntilDue: phase.invoice_settings?.days_until_due ?? defaults.invoice_settings.days_until_due,
    trialEnd: phase.trial_end,
    discounts: discountParamsOf(phase.discounts),
    defaultPaymentMethod: phase.default_payment_method ?? defaults.default_payment_method,
    defaultTaxRates: phase.default_tax_rates ?? [],
    metadata: { ...phase.metadata },
    description: phase.description ?? defaults.description,
    automaticTax: false,
    paymentMethodTypes: null,
    addInvoiceItems: additionsOf(world, phase),
    prorationBehavior: phase.proration_behavior,
    ...(schedule.id ? { schedule: schedule.id } : {}),
  }
}

const itemsOf = (world: World, phase: Phase): NewItem[] =>
  phase.items.map((item) => ({
    price: fetchByParameter(world.store.prices, 'price', item.price, 'phases[0][items][0][price]'),
    quantity: item.quantity ?? 1,
    metadata: { ...item.metadata },
    discounts: discountParamsOf(item.discounts),
    taxRates: item.tax_rates ?? [],
  }))

function additionsOf(world: World, phase: Phase): AddInvoiceItem[] {
  return phase.add_invoice_items.map((item) => {
    const { start, end } = item.period
    return {
      price: fetchByParameter(
        world.store.prices,
        'price',
        item.price,
        'phases[0][add_invoice_items][0][price]',
      ),
      quantity: item.quantity ?? 1,
      metadata: { ...item.metadata },
      discounts: discountParamsOf(item.discounts),
      discountable: item.discountable ?? undefined,
      period: {
        start: start.type === 'timestamp' ? (start.timestamp ?? phase.start_date) : phase.start_date,
        end: end.type === 'timestamp' ? (end.timestamp ?? phase.end_date) : phase.end_date,
      },
    }
  })
}

/** Puts a phase onto the running subscription: items are matched by price, the rest is added or taken away. */
function moveToPhase(
  world: World,
  subscription: Subscription,
  phase: Phase,
  options: { prorationBehavior: string; entering: boolean },
): void {
  if (hasEnded(subscription)) return
  const wanted = itemsOf(world, phase)
  const left = [...subscription.items.data]
  const items = wanted.map((item) => {
    const index = left.findIndex((each) => each.price.id === item.price.id)
    const match =
      index >= 0
        ? left.splice(index, 1)[0]
        : wanted.length === 1 && subscription.items.data.length === 1
          ? left.shift()
          : undefined
    return {
      ...item,
      discounts: item.discounts?.length ? item.discounts : undefined,
      ...(match ? { id: match.id } : {}),
    }
  })
  const customer: Pick<Customer, 'id'> = { id: subscription.customer }
  updateSubscription(world, subscription, {
    items: [...items, ...left.map((item) => ({ id: item.id, deleted: true }))],
    prorationBehavior: options.prorationBehavior,
    resetAnchor:
      options.entering &&
      phase.billing_cycle_anchor === 'phase_start' &&
      subscription.billing_cycle_anchor !== phase.start_date &&
      subscription.trial_end !== phase.start_date,
    trialEnd:
      options.entering && phase.trial_end !== null && phase.trial_end > world.seconds()
        ? phase.trial_end
        : undefined,
    addInvoiceItems: options.entering ? additionsOf(world, phase) : [],
    bySchedule: true,
    terms: (it) => {
      it.metadata = { ...it.metadata, ...phase.metadata }
      if (phase.collection_method) it.collection_method = phase.collection_method
      if (phase.invoice_settings?.days_until_due != null)
        it.days_until_due = phase.invoice_settings.days_until_due
      if (phase.default_payment_method) it.default_payment_method = phase.default_payment_method
      if (phase.description) it.description = phase.description
      const had = new Set(it.discounts.map((id) => world.store.discounts.get(id)?.source.coupon))
      const fresh = discountParamsOf(phase.discounts).filter((param) => !had.has(param.coupon))
      if (options.entering && phase.discounts.length === 0) it.discounts = []
      it.discounts = [
        ...it.discounts,
        ...applyDiscounts(world, fresh, { customer: customer.id, subscription: it.id }, it.currency),
      ]
    },
  })
}
