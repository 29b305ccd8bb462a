// The controls over HTTP, under /_simulator, for whoever drives a running simulator from outside of its process.
import type { Context, Hono } from 'hono'
import * as z from 'zod'
import { RETURN_REASONS } from './billing/bank-returns.ts'
import { FRAUD_TYPES } from './billing/radar.ts'
import { REFUND_FAILURES } from './billing/refund-failure.ts'
import type { Controls } from './controls.ts'
import { Refusal } from './errors.ts'
import type { World } from './world.ts'

const anyObject = z.looseObject({ id: z.string(), object: z.string() })

export function controlRoutes(app: Hono, world: World, controls: Controls): void {
  const control = <S extends z.ZodType>(
    path: string,
    schema: S,
    act: (body: z.output<S>, id: string) => unknown,
  ): void => {
    app.post(`/_simulator/${path}`, async (context: Context) => {
      const text = await context.req.text()
      const body = schema.safeParse(text === '' ? {} : JSON.parse(text))
      if (!body.success) return context.json({ error: z.prettifyError(body.error) }, 400)
      try {
        world.runDue()
        return context.json(act(body.data, context.req.param('id') ?? '') ?? {})
      } catch (error) {
        if (error instanceof Refusal) return context.json({ error: error.body }, 400)
        throw error
      }
    })
  }
  control('run-due', z.object({}), () => ({ events: world.events.log.length }))
  control('customers/:id/payments', z.object({ fail: z.int().min(0) }), ({ fail }, id) =>
    controls.failNextPayments(id, fail),
  )
  control('invoices/:id/payments', z.object({ amount: z.int().positive() }), ({ amount }, id) =>
    controls.receiveTransfer(id, amount),
  )
  control(
    'charges/:id/dispute',
    z.object({
      reason: z.string().optional(),
      amount: z.int().positive().optional(),
      inquiry: z.boolean().optional(),
    }),
    (options, id) => controls.openDispute(id, options),
  )
  control('disputes/:id/close', z.object({ outcome: z.enum(['won', 'lost']) }), ({ outcome }, id) =>
    controls.closeDispute(id, outcome),
  )
  control('disputes/:id/escalate', z.object({}), (_body, id) => controls.escalateInquiry(id))
  control('disputes/:id/close_inquiry', z.object({}), (_body, id) => controls.closeInquiry(id))
  control(
    'charges/:id/return',
    z.object({ reason: z.enum(RETURN_REASONS), after_days: z.int().min(0).optional() }),
    ({ reason, after_days }, id) => controls.returnDebit(id, reason, after_days),
  )
  control('refunds/:id/fail', z.object({ reason: z.enum(REFUND_FAILURES).optional() }), ({ reason }, id) =>
    controls.failRefund(id, reason),
  )
  control('payouts/:id/fail', z.object({ code: z.string().optional() }), ({ code }, id) =>
    controls.failPayout(id, code),
  )
  control('payout_schedule', z.object({ schedule: z.enum(['daily', 'manual']) }), ({ schedule }) =>
    controls.setPayoutSchedule(schedule),
  )
  const rule = z.object({ into: z.string(), rate: z.string(), feePercent: z.string().optional() })
  control('settlement/:id', z.object({ rule: rule.nullable() }), ({ rule: given }, currency) =>
    controls.settleCurrency(currency, given),
  )
  control(
    'tax_registrations',
    z.object({
      country: z.string().length(2),
      state: z.string().optional(),
      percentage: z.number().min(0),
      display_name: z.string(),
      tax_type: z.string().optional(),
    }),
    ({ display_name: displayName, tax_type: taxType, ...registration }) =>
      controls.registerForTax({ ...registration, displayName, taxType }),
  )
  control(
    'stripe_fees',
    z.object({ amount: z.int().positive(), currency: z.string(), description: z.string() }),
    (fee) => controls.chargeStripeFee(fee),
  )
  control(
    'charges/:id/fraud_warning',
    z.object({ fraud_type: z.enum(FRAUD_TYPES).optional() }),
    ({ fraud_type }, id) => controls.warnOfFraud(id, fraud_type),
  )
  control(
    'charges/:id/review',
    z.object({ reason: z.enum(['manual', 'rule']).optional() }),
    ({ reason }, id) => controls.openReview(id, reason),
  )
  control(
    'reviews/:id/close',
    z.object({
      reason: z.enum(['acknowledged', 'approved', 'canceled', 'payment_never_settled', 'redacted']),
    }),
    ({ reason }, id) => controls.closeReview(id, reason),
  )
  control('payouts', z.object({ currency: z.string() }), ({ currency }) => controls.payOut(currency))
  control('bank_debits', z.object({ currency: z.string() }), ({ currency }) => controls.debitBank(currency))
  control('objects', z.object({ objects: z.array(anyObject) }), ({ objects }) =>
    controls.seedObjects(objects),
  )
  control(
    'events',
    z.object({
      type: z.string(),
      object: anyObject,
      previous_attributes: z.record(z.string(), z.unknown()).optional(),
    }),
    ({ type, object, previous_attributes }) => controls.emitEvent(type, object, previous_attributes),
  )
}
