// Payment intents: the ones that invoices make for themselves, and the ones a caller makes to attach them to invoices.
// https://docs.stripe.com/api/payment_intents
import type Stripe from 'stripe'
import * as z from 'zod'
import { cancelByCaller, changeAmount, confirmIntent } from '../billing/attached-payments.ts'
import { newPaymentIntent } from '../billing/payment-objects.ts'
import { invalidParameter, invalidRequest } from '../errors.ts'
import * as p from '../parameters.ts'
import { listRoute, type Route, route } from '../routing.ts'
import type { PaymentIntent, PaymentMethod } from '../wire.ts'
import { change, emit, fetchByParameter, fetchByPath, type World } from '../world.ts'

const intentAt = (world: World, id: string | undefined): PaymentIntent =>
  fetchByPath(world.store.paymentIntents, 'payment_intent', id ?? '')

/** A test id means the method that the customer has of it. */
function methodFor(world: World, intent: PaymentIntent, id: string | undefined): PaymentMethod {
  const wanted = id ?? intent.payment_method ?? undefined
  const own = world.store.paymentMethods.of(intent.customer)
  const method =
    own.findLast((each) => each.metadata?.simulated_from === wanted) ??
    (wanted ? fetchByParameter(world.store.paymentMethods, 'PaymentMethod', wanted, 'payment_method') : null)
  if (!method) {
    throw invalidRequest(
      'You cannot confirm this PaymentIntent because it\u2019s missing a payment method. Update the PaymentIntent with a payment method and then confirm it again.',
      { code: 'payment_intent_unexpected_state' },
    )
  }
  if (method.customer !== intent.customer)
    throw invalidRequest('The payment method does not belong to the customer of this PaymentIntent.', {
      param: 'payment_method',
    })
  return method
}

function confirm(world: World, intent: PaymentIntent, method: string | undefined): PaymentIntent {
  const payments = world.store.invoicePayments.of(intent.id, 1)
  if (payments.some((payment) => payment.is_default))
    throw invalidRequest('This PaymentIntent belongs to an invoice; pay the invoice.', { param: 'intent' })
  if (intent.status !== 'requires_payment_method' && intent.status !== 'requires_confirmation')
    throw invalidRequest(
      `You cannot confirm this PaymentIntent because it has a status of ${intent.status}.`,
      { code: 'payment_intent_unexpected_state' },
    )
  confirmIntent(world, intent, methodFor(world, intent, method))
  return intent
}

function requirePositive(amount: number): void {
  if (amount < 1)
    throw invalidParameter(
      'This value must be greater than or equal to 1.',
      'parameter_invalid_integer',
      'amount',
    )
}

export const paymentIntentRoutes: Route[] = [
  route(
    'POST',
    '/v1/payment_intents',
    p.shape<Stripe.PaymentIntentCreateParams>()({
      amount: p.integer,
      automatic_payment_methods: z
        .strictObject({ allow_redirects: p.oneOf('always', 'never').optional(), enabled: p.flag })
        .optional(),
      confirm: p.flag.optional(),
      currency: p.currency,
      customer: p.id.optional(),
      description: p.text.optional(),
      metadata: p.metadata.optional(),
      off_session: p.flag.optional(),
      payment_method: p.id.optional(),
    }),
    ({ world, params }) => {
      requirePositive(params.amount)
      const customer = params.customer
        ? fetchByParameter(world.store.customers, 'customer', params.customer)
        : undefined
      const intent = newPaymentIntent(world, {
        amount: params.amount,
        currency: params.currency,
        customer: customer?.id ?? null,
        description: params.description ?? null,
        metadata: p.mergeMetadata(null, params.metadata),
      })
      if (params.payment_method) {
        intent.payment_method = methodFor(world, intent, params.payment_method).id
        intent.status = 'requires_confirmation'
      }
      world.store.paymentIntents.add(intent)
      emit(world, 'payment_intent.created', intent)
      return params.confirm ? confirm(world, intent, undefined) : intent
    },
  ),
  listRoute('/v1/payment_intents', ({ paymentIntents }) => paymentIntents, { customer: 0 }),
  route('GET', '/v1/payment_intents/:id', z.strictObject({}), ({ world, path }) => intentAt(world, path.id)),
  route(
    'POST',
    '/v1/payment_intents/:id',
    p.shape<Stripe.PaymentIntentUpdateParams>()({
      amount: p.integer.optional(),
      description: p.text.optional(),
      metadata: p.metadata.optional(),
    }),
    ({ world, params, path }) => {
      const intent = intentAt(world, path.id)
      if (params.amount !== undefined) {
        requirePositive(params.amount)
        const byInvoice = world.store.invoicePayments.of(intent.id, 1).some((each) => each.is_default)
        if (byInvoice)
          throw invalidRequest("You can't directly edit the PaymentIntent of an invoice's default payment.", {
            param: 'amount',
          })
        if (!intent.status.startsWith('requires_'))
          throw invalidRequest(
            `This PaymentIntent's amount could not be updated because it has a status of ${intent.status}.`,
            { code: 'payment_intent_unexpected_state', param: 'amount' },
          )
        changeAmount(world, intent, params.amount)
      }
      change(world, intent, null, (it) => {
        if (params.description !== undefined) it.description = params.description
        it.metadata = p.mergeMetadata(it.metadata, params.metadata)
      })
      return intent
    },
  ),
  route(
    'POST',
    '/v1/payment_intents/:id/confirm',
    p.shape<Stripe.PaymentIntentConfirmParams>()({
      off_session: p.flag.optional(),
      payment_method: p.id.optional(),
      return_url: p.text.optional(),
    }),
    ({ world, params, path }) => confirm(world, intentAt(world, path.id), params.payment_method),
  ),
  route(
    'POST',
    '/v1/payment_intents/:id/cancel',
    p.shape<Stripe.PaymentIntentCancelParams>()({
      cancellation_reason: p
        .oneOf('abandoned', 'duplicate', 'fraudulent', 'requested_by_customer')
        .optional(),
    }),
    ({ world, params, path }) => {
      const intent = intentAt(world, path.id)
      cancelByCaller(world, intent, params.cancellation_reason)
      return intent
    },
  ),
]
