// The preview of the first invoice that a schedule or new items would make, or of a subscription's next renewal.
import type Stripe from 'stripe'
import * as z from 'zod'
import { previewInvoice } from '../billing/preview.ts'
import { layPhases } from '../billing/schedules.ts'
import { invalidRequest } from '../errors.ts'
import * as p from '../parameters.ts'
import { type Route, route } from '../routing.ts'
import { fetchByParameter } from '../world.ts'
import { taxRatesOf } from './invoices.ts'
import { phaseOptions, phaseShape, settingsOf } from './schedules.ts'
import { itemOf, itemShape } from './subscription-parameters.ts'

export const previewRoutes: Route[] = [
  route(
    'POST',
    '/v1/invoices/create_preview',
    p.shape<Stripe.InvoiceCreatePreviewParams>()({
      currency: p.currency.optional(),
      customer: p.id.optional(),
      discounts: p.discountList.optional(),
      preview_mode: p.oneOf('next', 'recurring').optional(),
      schedule_details: z
        .strictObject({
          billing_mode: z.strictObject({ type: p.oneOf('flexible') }).optional(),
          end_behavior: p.oneOf('cancel', 'release').optional(),
          phases: z.array(phaseShape).optional(),
          proration_behavior: p.oneOf('always_invoice', 'create_prorations', 'none').optional(),
        })
        .optional(),
      subscription: p.id.optional(),
      subscription_details: z
        .strictObject({
          billing_mode: z.strictObject({ type: p.oneOf('flexible') }).optional(),
          default_tax_rates: p.emptyable(z.array(p.id)).optional(),
          items: z.array(z.strictObject(itemShape)).optional(),
          metadata: p.metadata.optional(),
          start_date: p.timestamp.optional(),
          trial_end: z.union([z.literal('now'), p.timestamp]).optional(),
        })
        .optional(),
    }),
    ({ world, params }) => {
      const phases = params.schedule_details?.phases
      if (params.subscription) {
        if (params.subscription_details?.items)
          throw invalidRequest(
            'The simulator previews the next renewal of a subscription, not a change to one.',
            { param: 'subscription_details[items]' },
          )
        return previewInvoice(world, {
          subscription: fetchByParameter(world.store.subscriptions, 'subscription', params.subscription),
        })
      }
      if (!params.customer)
        throw invalidRequest('Missing required param: customer.', {
          code: 'parameter_missing',
          param: 'customer',
        })
      const customer = fetchByParameter(world.store.customers, 'customer', params.customer)
      const details = params.subscription_details
      const options = phases
        ? phases.map((phase, index) => phaseOptions(world, phase, index))
        : details?.items
          ? [
              {
                items: details.items.map((item, index) =>
                  itemOf(world, item, `subscription_details[items][${index}]`),
                ),
                addInvoiceItems: [],
                discounts: params.discounts,
                trialEnd: typeof details.trial_end === 'number' ? details.trial_end : undefined,
                taxRates: taxRatesOf(
                  world,
                  details.default_tax_rates,
                  'subscription_details[default_tax_rates]',
                ),
              },
            ]
          : undefined
      if (!options)
        throw invalidRequest(
          'Nothing to preview: pass `subscription`, `subscription_details[items]` or `schedule_details[phases]`.',
          { code: 'invoice_upcoming_none' },
        )
      return previewInvoice(world, {
        customer,
        phases: layPhases(details?.start_date ?? world.seconds(), options),
        settings: settingsOf(undefined),
      })
    },
  ),
]
