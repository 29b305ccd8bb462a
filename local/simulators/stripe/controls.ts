// What a person or a test can make happen in the simulated account that no API call makes happen: declines, a bank
// transfer, a dispute, a payout, an event of any kind. Over HTTP under /_simulator, and as functions.
import type { Context, Hono } from 'hono'
import * as z from 'zod'
import { closeDispute, openDispute, payOut } from './billing/balance.ts'
import { receiveTransfer } from './billing/payments.ts'
import { failRefund } from './billing/refunds.ts'
import { Refusal } from './errors.ts'
import { attachMethod } from './routes/payment-methods.ts'
import { seedObjects } from './seed.ts'
import type { Dispute, Identified, Invoice, Payout, Refund, WireEvent } from './wire.ts'
import { fetchByPath, type World } from './world.ts'

export interface Controls {
  /** The next `count` charge attempts of this customer decline; attempts after that go by the payment method. */
  failNextPayments(customer: string, count: number): void
  /** Money arrives for an open invoice by bank transfer: a part of it, all of it, or more. */
  receiveTransfer(invoice: string, amountMinor: number): Invoice
  openDispute(charge: string, reason?: string): Dispute
  closeDispute(dispute: string, outcome: 'won' | 'lost'): Dispute
  failRefund(refund: string): Refund
  /** Pays out all of a currency: payout.created, payout.paid, payout.reconciliation_completed. */
  payOut(currency: string): Payout
  /** Emits an event of any type about any object, which a fetch then finds. */
  emitEvent(type: string, object: Identified, previousAttributes?: Record<string, unknown>): WireEvent
  seedObjects(objects: readonly Identified[]): void
}

export function createControls(world: World): Controls {
  return {
    failNextPayments: (customer, count) => {
      world.store.hidden.declines.set(customer, count)
    },
    receiveTransfer: (id, amountMinor) => {
      const invoice = fetchByPath(world.store.invoices, 'invoice', id)
      const method =
        world.store.paymentMethods.of(invoice.customer)[0] ??
        attachMethod(world, 'pm_usBankAccount', invoice.customer ?? '')
      receiveTransfer(world, invoice, amountMinor, method)
      return invoice
    },
    openDispute: (charge, reason = 'fraudulent') => openDispute(world, charge, reason),
    closeDispute: (dispute, outcome) => closeDispute(world, dispute, outcome),
    failRefund: (refund) => failRefund(world, fetchByPath(world.store.refunds, 'refund', refund)),
    payOut: (currency) => payOut(world, currency),
    emitEvent: (type, object, previousAttributes) => {
      if (!world.store.find(object.id)) seedObjects(world.store, [object])
      return world.events.emit(type, object, world.seconds(), null, previousAttributes)
    },
    seedObjects: (objects) => seedObjects(world.store, objects),
  }
}

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
  control('charges/:id/dispute', z.object({ reason: z.string().optional() }), ({ reason }, id) =>
    controls.openDispute(id, reason),
  )
  control('disputes/:id/close', z.object({ outcome: z.enum(['won', 'lost']) }), ({ outcome }, id) =>
    controls.closeDispute(id, outcome),
  )
  control('refunds/:id/fail', z.object({}), (_body, id) => controls.failRefund(id))
  control('payouts', z.object({ currency: z.string() }), ({ currency }) => controls.payOut(currency))
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
