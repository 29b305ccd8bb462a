// Subscription schedules: made, changed, released, found. What phases do is billing/schedules.ts.
import type Stripe from 'stripe'
import * as z from 'zod'
import {
  addSchedule,
  cancelSchedule,
  layPhases,
  type PhaseOptions,
  releaseSchedule,
  replacePhases,
} from '../billing/schedules.ts'
import { invalidRequest } from '../errors.ts'
import * as p from '../parameters.ts'
import { page, type Route, route } from '../routing.ts'
import type { Subscription, SubscriptionSchedule } from '../wire.ts'
import { change, fetchByParameter, fetchByPath, type World } from '../world.ts'
import { taxRatesOf } from './invoices.ts'
import { additionOf, additionShape, itemOf, itemShape } from './subscription-parameters.ts'

const collectionMethod = p.oneOf('charge_automatically', 'send_invoice')
const invoiceSettings = z.strictObject({ days_until_due: p.count.optional() })
export const phaseShape = z.strictObject({
  add_invoice_items: z
    .array(
      z.strictObject({
        ...additionShape,
        period: z
          .strictObject({
            start: z.strictObject({
              type: p.oneOf('max_item_period_start', 'phase_start', 'timestamp'),
              timestamp: p.timestamp.optional(),
            }),
            end: z.strictObject({
              type: p.oneOf('min_item_period_end', 'phase_end', 'timestamp'),
              timestamp: p.timestamp.optional(),
            }),
          })
          .optional(),
      }),
    )
    .optional(),
  billing_cycle_anchor: p.oneOf('automatic', 'phase_start').optional(),
  collection_method: collectionMethod.optional(),
  currency: p.currency.optional(),
  default_payment_method: p.id.optional(),
  default_tax_rates: p.emptyable(z.array(p.id)).optional(),
  description: p.emptyable(p.text).optional(),
  discounts: p.discountList.optional(),
  duration: z
    .strictObject({ interval: p.oneOf('day', 'week', 'month', 'year'), interval_count: p.count.optional() })
    .optional(),
  end_date: p.timestamp.optional(),
  invoice_settings: invoiceSettings.optional(),
  items: z.array(z.strictObject(itemShape)).max(20),
  metadata: p.metadata.optional(),
  proration_behavior: p.oneOf('always_invoice', 'create_prorations', 'none').optional(),
  start_date: z.union([z.literal('now'), p.timestamp]).optional(),
  trial: p.flag.optional(),
  trial_end: p.timestamp.optional(),
})

export function phaseOptions(world: World, phase: z.output<typeof phaseShape>, index: number): PhaseOptions {
  return {
    items: phase.items.map((item, position) => itemOf(world, item, `phases[${index}][items][${position}]`)),
    addInvoiceItems: (phase.add_invoice_items ?? []).map(({ period, ...item }, position) => {
      const { period: _resolved, ...addition } = additionOf(
        world,
        item,
        `phases[${index}][add_invoice_items][${position}]`,
      )
      return { ...addition, ...(period ? { period } : {}) }
    }),
    endDate: phase.end_date,
    duration: phase.duration
      ? { interval: phase.duration.interval, interval_count: phase.duration.interval_count ?? 1 }
      : undefined,
    metadata: p.mergeMetadata(null, phase.metadata),
    discounts: phase.discounts,
    collectionMethod: phase.collection_method,
    daysUntilDue: phase.invoice_settings?.days_until_due,
    defaultPaymentMethod: phase.default_payment_method,
    description: phase.description,
    prorationBehavior: phase.proration_behavior,
    billingCycleAnchor: phase.billing_cycle_anchor,
    trial: phase.trial,
    trialEnd: phase.trial_end,
    taxRates: taxRatesOf(world, phase.default_tax_rates, `phases[${index}][default_tax_rates]`),
  }
}

const defaultSettings = z.strictObject({
  billing_cycle_anchor: p.oneOf('automatic', 'phase_start').optional(),
  collection_method: collectionMethod.optional(),
  default_payment_method: p.id.optional(),
  description: p.emptyable(p.text).optional(),
  invoice_settings: invoiceSettings.optional(),
})

export function settingsOf(
  params: z.output<typeof defaultSettings> | undefined,
): SubscriptionSchedule['default_settings'] {
  return {
    application_fee_percent: null,
    billing_cycle_anchor: params?.billing_cycle_anchor ?? 'automatic',
    billing_thresholds: null,
    collection_method: params?.collection_method ?? 'charge_automatically',
    default_payment_method: params?.default_payment_method ?? null,
    description: params?.description ?? null,
    invoice_settings: {
      account_tax_ids: null,
      custom_fields: null,
      days_until_due: params?.invoice_settings?.days_until_due ?? null,
      description: null,
      footer: null,
      issuer: { type: 'self' },
    },
    on_behalf_of: null,
    transfer_data: null,
  }
}

function newSchedule(
  world: World,
  customer: string,
  phases: SubscriptionSchedule['phases'],
  settings: SubscriptionSchedule['default_settings'],
): SubscriptionSchedule {
  return {
    id: world.ids.next('sub_sched'),
    object: 'subscription_schedule',
    application: null,
    billing_mode: { flexible: { proration_discounts: 'included' }, type: 'flexible' },
    canceled_at: null,
    completed_at: null,
    created: world.seconds(),
    current_phase: null,
    customer,
    customer_account: null,
    default_settings: settings,
    end_behavior: 'release',
    livemode: world.settings.livemode,
    metadata: {},
    pause_schedules: [],
    phases,
    released_at: null,
    released_subscription: null,
    status: 'not_started',
    subscription: null,
    test_clock: null,
  }
}

/** A schedule made from a running subscription has one phase: the period it is in, with its present items. */
function phaseFromSubscription(subscription: Subscription): PhaseOptions {
  return {
    items: subscription.items.data.map((item) => ({
      price: item.price,
      quantity: item.quantity ?? 1,
      metadata: item.metadata,
    })),
    addInvoiceItems: [],
    endDate: Math.min(...subscription.items.data.map((item) => item.current_period_end)),
    metadata: subscription.metadata,
    collectionMethod: subscription.collection_method,
    ...(subscription.days_until_due === null ? {} : { daysUntilDue: subscription.days_until_due }),
    trialEnd: subscription.trial_end ?? undefined,
  }
}

const scheduleAt = (world: World, id: string | undefined): SubscriptionSchedule =>
  fetchByPath(world.store.schedules, 'subscription_schedule', id ?? '')

const writeRoutes: Route[] = [
  route(
    'POST',
    '/v1/subscription_schedules',
    p.shape<Stripe.SubscriptionScheduleCreateParams>()({
      billing_mode: z.strictObject({ type: p.oneOf('flexible') }).optional(),
      customer: p.id.optional(),
      default_settings: defaultSettings.optional(),
      end_behavior: p.oneOf('cancel', 'release').optional(),
      from_subscription: p.id.optional(),
      metadata: p.metadata.optional(),
      phases: z.array(phaseShape).optional(),
      start_date: z.union([z.literal('now'), p.timestamp]).optional(),
    }),
    ({ world, params }) => {
      if (params.from_subscription) {
        const subscription = fetchByParameter(
          world.store.subscriptions,
          'subscription',
          params.from_subscription,
          'from_subscription',
        )
        if (subscription.schedule)
          throw invalidRequest('You cannot migrate a subscription that is already attached to a schedule.', {
            param: 'from_subscription',
          })
        const start = Math.min(...subscription.items.data.map((item) => item.current_period_start))
        const phases = layPhases(start, [phaseFromSubscription(subscription)])
        const schedule = newSchedule(
          world,
          subscription.customer,
          phases,
          settingsOf({
            collection_method:
              subscription.collection_method === 'send_invoice' ? 'send_invoice' : 'charge_automatically',
          }),
        )
        const first = phases[0]
        schedule.subscription = subscription.id
        schedule.status = 'active'
        schedule.current_phase = first ? { end_date: first.end_date, start_date: first.start_date } : null
        return addSchedule(world, schedule)
      }
      if (!params.customer)
        throw invalidRequest('Missing required param: customer.', {
          code: 'parameter_missing',
          param: 'customer',
        })
      if (!params.phases?.length)
        throw invalidRequest('Missing required param: phases.', {
          code: 'parameter_missing',
          param: 'phases',
        })
      const customer = fetchByParameter(world.store.customers, 'customer', params.customer)
      const start = typeof params.start_date === 'number' ? params.start_date : world.seconds()
      const phases = layPhases(
        start,
        params.phases.map((phase, index) => phaseOptions(world, phase, index)),
      )
      const settings = settingsOf(params.default_settings)
      const sends = phases.some(
        (phase) =>
          (phase.collection_method ?? settings.collection_method) === 'send_invoice' &&
          (phase.invoice_settings?.days_until_due ?? settings.invoice_settings.days_until_due) === null,
      )
      if (sends)
        throw invalidRequest(
          'If `collection_method` is `send_invoice`, `invoice_settings[days_until_due]` must be set.',
          { code: 'parameter_missing', param: 'default_settings[invoice_settings][days_until_due]' },
        )
      const schedule = newSchedule(world, customer.id, phases, settings)
      schedule.end_behavior = params.end_behavior ?? 'release'
      schedule.metadata = p.mergeMetadata(null, params.metadata)
      return addSchedule(world, schedule)
    },
  ),
  route(
    'POST',
    '/v1/subscription_schedules/:id',
    p.shape<Stripe.SubscriptionScheduleUpdateParams>()({
      default_settings: defaultSettings.optional(),
      end_behavior: p.oneOf('cancel', 'release').optional(),
      metadata: p.metadata.optional(),
      phases: z.array(phaseShape).optional(),
      proration_behavior: p.oneOf('always_invoice', 'create_prorations', 'none').optional(),
    }),
    ({ world, params, path }) => {
      const schedule = scheduleAt(world, path.id)
      if (schedule.status !== 'active' && schedule.status !== 'not_started') {
        throw invalidRequest(
          `You cannot update a subscription schedule that is currently in the \`${schedule.status}\` status.`,
        )
      }
      change(world, schedule, 'subscription_schedule.updated', (it) => {
        if (params.end_behavior) it.end_behavior = params.end_behavior
        if (params.default_settings) it.default_settings = settingsOf(params.default_settings)
        it.metadata = p.mergeMetadata(it.metadata, params.metadata)
        if (!params.phases) return
        const named = params.phases[0]?.start_date
        const start = typeof named === 'number' ? named : (it.phases[0]?.start_date ?? world.seconds())
        replacePhases(
          world,
          it,
          layPhases(
            start,
            params.phases.map((phase, index) => phaseOptions(world, phase, index)),
          ),
          params.proration_behavior,
        )
      })
      return schedule
    },
  ),
  route(
    'POST',
    '/v1/subscription_schedules/:id/cancel',
    z.strictObject({ invoice_now: p.flag.optional(), prorate: p.flag.optional() }),
    ({ world, path }) => {
      const schedule = scheduleAt(world, path.id)
      cancelSchedule(world, schedule)
      return schedule
    },
  ),
  route(
    'POST',
    '/v1/subscription_schedules/:id/release',
    z.strictObject({ preserve_cancel_date: p.flag.optional() }),
    ({ world, path }) => {
      const schedule = scheduleAt(world, path.id)
      releaseSchedule(world, schedule)
      return schedule
    },
  ),
]

const readRoutes: Route[] = [
  route(
    'GET',
    '/v1/subscription_schedules',
    z.strictObject({
      ...p.paging,
      customer: p.id.optional(),
      created: p.range.optional(),
      scheduled: p.flag.optional(),
    }),
    ({ world, params, url }) => {
      const source = params.customer ? world.store.schedules.of(params.customer) : world.store.schedules.all()
      return page(
        source.filter(
          (each) =>
            p.inRange(each.created, params.created) && (!params.scheduled || each.status === 'not_started'),
        ),
        params,
        url,
      )
    },
  ),
  route('GET', '/v1/subscription_schedules/:id', z.strictObject({}), ({ world, path }) =>
    scheduleAt(world, path.id),
  ),
]

export const scheduleRoutes: Route[] = [...writeRoutes, ...readRoutes]
