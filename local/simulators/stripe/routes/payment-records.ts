// Payment records: reported, found. https://docs.stripe.com/api/payment-record
import type Stripe from 'stripe'
import * as z from 'zod'
import { addPaymentRecord } from '../billing/payment-records.ts'
import { invalidParameter } from '../errors.ts'
import * as p from '../parameters.ts'
import { page, type Route, route } from '../routing.ts'
import { fetchByParameter, fetchByPath } from '../world.ts'

export const paymentRecordRoutes: Route[] = [
  route(
    'POST',
    '/v1/payment_records/report_payment',
    p.shape<Stripe.PaymentRecordReportPaymentParams>()({
      amount_requested: z.strictObject({ currency: p.currency, value: p.count }),
      canceled: z.strictObject({ canceled_at: p.timestamp }).optional(),
      customer_details: z.strictObject({ customer: p.id.optional() }).optional(),
      description: p.text.optional(),
      failed: z.strictObject({ failed_at: p.timestamp }).optional(),
      guaranteed: z.strictObject({ guaranteed_at: p.timestamp }).optional(),
      initiated_at: p.timestamp,
      metadata: p.metadata.optional(),
      outcome: p.oneOf('canceled', 'failed', 'guaranteed').optional(),
      payment_method_details: z.strictObject({
        custom: z.strictObject({ display_name: p.text.optional(), type: p.text.optional() }).optional(),
        type: p.oneOf('custom').optional(),
      }),
      processor_details: z
        .strictObject({
          custom: z.strictObject({ payment_reference: p.text }).optional(),
          type: p.oneOf('custom'),
        })
        .optional(),
    }),
    ({ world, params }) => {
      const { outcome } = params
      if (outcome && params[outcome] === undefined)
        throw invalidParameter(`Missing required param: ${outcome}.`, 'parameter_missing', outcome)
      const customer = params.customer_details?.customer
      return addPaymentRecord(world, {
        amount: params.amount_requested.value,
        currency: params.amount_requested.currency,
        customer: customer
          ? fetchByParameter(world.store.customers, 'customer', customer, 'customer_details[customer]').id
          : null,
        guaranteed: outcome === 'guaranteed',
        failed: outcome === 'failed',
        canceled: outcome === 'canceled',
        description: params.description ?? null,
        metadata: p.mergeMetadata(null, params.metadata),
        methodName: params.payment_method_details.custom?.display_name ?? null,
        methodType: params.payment_method_details.custom?.type ?? null,
        reference: params.processor_details?.custom?.payment_reference ?? null,
      })
    },
  ),
  route('GET', '/v1/payment_records', z.strictObject(p.paging), ({ world, params, url }) =>
    page(world.store.paymentRecords.all(), params, url),
  ),
  route('GET', '/v1/payment_records/:id', z.strictObject({}), ({ world, path }) =>
    fetchByPath(world.store.paymentRecords, 'payment_record', path.id ?? ''),
  ),
]
