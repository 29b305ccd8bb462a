// Meters and the usage that is reported to them. https://docs.stripe.com/api/billing/meter-event
import type Stripe from 'stripe'
import * as z from 'zod'
import { DAY } from '../calendar.ts'
import { invalidRequest } from '../errors.ts'
import * as p from '../parameters.ts'
import { page, type Route, route } from '../routing.ts'
import type { Meter } from '../wire.ts'
import { emit, fetchByParameter, fetchByPath } from '../world.ts'

/** "Within the past 35 calendar days or up to 5 minutes in the future". */
const OLDEST = 35 * DAY
const NEWEST = 300

export const meterRoutes: Route[] = [
  route(
    'POST',
    '/v1/billing/meters',
    p.shape<Stripe.Billing.MeterCreateParams>()({
      customer_mapping: z.strictObject({ event_payload_key: p.text, type: p.oneOf('by_id') }).optional(),
      default_aggregation: z.strictObject({ formula: p.oneOf('count', 'last', 'sum') }),
      display_name: p.text,
      event_name: p.text.max(100),
      value_settings: z.strictObject({ event_payload_key: p.text }).optional(),
    }),
    ({ world, params }) => {
      if (world.store.meters.all().some((each) => each.event_name === params.event_name))
        throw invalidRequest(`There is a meter for the event name ${params.event_name} already.`, {
          param: 'event_name',
        })
      const meter: Meter = {
        id: world.ids.next('mtr'),
        object: 'billing.meter',
        created: world.seconds(),
        customer_mapping: params.customer_mapping ?? {
          event_payload_key: 'stripe_customer_id',
          type: 'by_id',
        },
        default_aggregation: params.default_aggregation,
        display_name: params.display_name,
        event_name: params.event_name,
        event_time_window: null,
        livemode: world.settings.livemode,
        status: 'active',
        status_transitions: { deactivated_at: null },
        updated: world.seconds(),
        value_settings: params.value_settings ?? { event_payload_key: 'value' },
      }
      world.store.meters.add(meter)
      emit(world, 'billing.meter.created', meter)
      return meter
    },
  ),
  route(
    'GET',
    '/v1/billing/meters',
    p.shape<Stripe.Billing.MeterListParams>()({
      ...p.paging,
      status: p.oneOf('active', 'inactive').optional(),
    }),
    ({ world, params, url }) =>
      page(
        world.store.meters.all().filter((each) => !params.status || each.status === params.status),
        params,
        url,
      ),
  ),
  route('GET', '/v1/billing/meters/:id', z.strictObject({}), ({ world, path }) =>
    fetchByPath(world.store.meters, 'billing_meter', path.id ?? ''),
  ),
  route(
    'POST',
    '/v1/billing/meter_events',
    p.shape<Stripe.Billing.MeterEventCreateParams>()({
      event_name: p.text.max(100),
      identifier: p.text.max(100).optional(),
      payload: z.record(z.string(), z.string()),
      timestamp: p.timestamp.optional(),
    }),
    ({ world, params }) => {
      const at = world.seconds()
      const timestamp = params.timestamp ?? at
      const meter = world.store.meters.all().find((each) => each.event_name === params.event_name)
      if (!meter)
        throw invalidRequest(`No active meter found for event name ${params.event_name}.`, {
          code: 'resource_missing',
          param: 'event_name',
        })
      if (timestamp < at - OLDEST || timestamp > at + NEWEST)
        throw invalidRequest(
          'The timestamp must be within the past 35 calendar days or up to 5 minutes in the future.',
          { param: 'timestamp' },
        )
      const customer = params.payload[meter.customer_mapping.event_payload_key] ?? ''
      fetchByParameter(world.store.customers, 'customer', customer, 'payload')
      const value = params.payload[meter.value_settings.event_payload_key]
      // Fractions are allowed by Stripe; here only whole units are, so that no amount passes through one.
      if (meter.default_aggregation.formula !== 'count' && !/^\d+$/.test(value ?? ''))
        throw invalidRequest('The value of the event must be a whole number.', { param: 'payload' })
      const identifier = params.identifier ?? world.ids.characters('meter event', 24)
      if (world.store.hidden.usage.some((each) => each.identifier === identifier))
        throw invalidRequest(`An event already exists with identifier ${identifier}.`, {
          param: 'identifier',
        })
      world.store.hidden.usage.push({
        identifier,
        eventName: params.event_name,
        payload: params.payload,
        timestamp,
      })
      return {
        object: 'billing.meter_event',
        created: at,
        event_name: params.event_name,
        identifier,
        livemode: world.settings.livemode,
        payload: params.payload,
        timestamp,
      }
    },
  ),
]
