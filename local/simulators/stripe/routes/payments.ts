// How invoices are paid and credited: invoice payments, charges, credit notes. Payment intents are payment-intents.ts,
// refunds refunds.ts, the account's balance balance.ts.
import type Stripe from 'stripe'
import * as z from 'zod'
import {
  type CreditLineOptions,
  type CreditNoteOptions,
  draftCreditNote,
  issueCreditNote,
  voidCreditNote,
} from '../billing/credit-notes.ts'
import * as p from '../parameters.ts'
import { listRoute, page, type Route, route } from '../routing.ts'
import { change, fetchByParameter, fetchByPath, type World } from '../world.ts'

const none = z.strictObject({})

const paymentRoutes: Route[] = [
  route(
    'GET',
    '/v1/invoice_payments',
    p.shape<Stripe.InvoicePaymentListParams>()({
      ...p.paging,
      created: p.range.optional(),
      invoice: p.id.optional(),
      payment: z
        .strictObject({
          type: p.oneOf('payment_intent', 'payment_record'),
          payment_intent: p.id.optional(),
          payment_record: p.id.optional(),
        })
        .optional(),
      status: p.oneOf('canceled', 'open', 'paid').optional(),
    }),
    ({ world, params, url }) => {
      const payment = params.payment?.payment_intent ?? params.payment?.payment_record
      const source = params.invoice
        ? world.store.invoicePayments.of(params.invoice)
        : payment
          ? world.store.invoicePayments.of(payment, 1)
          : world.store.invoicePayments.all()
      const found = source.filter(
        (each) =>
          (!params.status || each.status === params.status) &&
          (!payment || each.payment.payment_intent === payment || each.payment.payment_record === payment) &&
          p.inRange(each.created, params.created),
      )
      return page(found, params, url)
    },
  ),
  route('GET', '/v1/invoice_payments/:id', none, ({ world, path }) =>
    fetchByPath(world.store.invoicePayments, 'invoice_payment', path.id ?? ''),
  ),
  listRoute('/v1/charges', ({ charges }) => charges, { payment_intent: 1, customer: 0 }),
  route('GET', '/v1/charges/:id', none, ({ world, path }) =>
    fetchByPath(world.store.charges, 'charge', path.id ?? ''),
  ),
]

const creditNoteShape = {
  amount: p.count.optional(),
  credit_amount: p.count.optional(),
  effective_at: p.timestamp.optional(),
  email_type: p.oneOf('credit_note', 'none').optional(),
  invoice: p.id,
  lines: z
    .array(
      z.strictObject({
        amount: p.count.optional(),
        description: p.text.optional(),
        invoice_line_item: p.id.optional(),
        metadata: p.metadata.optional(),
        quantity: p.count.optional(),
        tax_amounts: p
          .emptyable(
            z.array(z.strictObject({ amount: p.integer, tax_rate: p.id, taxable_amount: p.integer })).max(20),
          )
          .optional(),
        type: p.oneOf('custom_line_item', 'invoice_line_item'),
        unit_amount: p.integer.optional(),
        unit_amount_decimal: p.decimal.optional(),
      }),
    )
    .optional(),
  memo: p.text.optional(),
  metadata: p.metadata.optional(),
  out_of_band_amount: p.count.optional(),
  reason: p.oneOf('duplicate', 'fraudulent', 'order_change', 'product_unsatisfactory').optional(),
  refund_amount: p.count.optional(),
  refunds: z
    .array(
      z.strictObject({
        type: p.oneOf('refund').optional(),
        refund: p.id,
        amount_refunded: p.count.optional(),
      }),
    )
    .optional(),
  shipping_cost: z.strictObject({ shipping_rate: p.id }).optional(),
}

function creditNoteOptions(
  world: World,
  params: z.output<z.ZodObject<typeof creditNoteShape>>,
): CreditNoteOptions {
  return {
    invoice: fetchByParameter(world.store.invoices, 'invoice', params.invoice),
    amount: params.amount,
    lines: params.lines?.map(
      (line): CreditLineOptions => ({
        type: line.type,
        invoiceLineItem: line.invoice_line_item,
        amount: line.amount,
        quantity: line.quantity,
        unitAmount: line.unit_amount,
        unitAmountDecimal: line.unit_amount_decimal,
        description: line.description,
        metadata: p.mergeMetadata(null, line.metadata),
        taxAmounts: line.tax_amounts,
      }),
    ),
    shippingRate: params.shipping_cost?.shipping_rate,
    refundAmount: params.refund_amount,
    creditAmount: params.credit_amount,
    outOfBandAmount: params.out_of_band_amount,
    refunds: (params.refunds ?? []).map((each, index) => {
      const refund = fetchByParameter(world.store.refunds, 'refund', each.refund, `refunds[${index}][refund]`)
      return { refund, amount: each.amount_refunded ?? refund.amount }
    }),
    reason: params.reason,
    memo: params.memo,
    effectiveAt: params.effective_at,
    metadata: p.mergeMetadata(null, params.metadata),
  }
}

const creditNoteRoutes: Route[] = [
  route(
    'POST',
    '/v1/credit_notes',
    p.shape<Stripe.CreditNoteCreateParams>()(creditNoteShape),
    ({ world, params }) => issueCreditNote(world, creditNoteOptions(world, params)),
  ),
  route(
    'GET',
    '/v1/credit_notes/preview',
    p.shape<Stripe.CreditNotePreviewParams>()(creditNoteShape),
    ({ world, params }) => draftCreditNote(world, creditNoteOptions(world, params)),
  ),
  route(
    'POST',
    '/v1/credit_notes/:id',
    p.shape<Stripe.CreditNoteUpdateParams>()({ memo: p.text.optional(), metadata: p.metadata.optional() }),
    ({ world, params, path }) => {
      const note = fetchByPath(world.store.creditNotes, 'credit_note', path.id ?? '')
      change(world, note, 'credit_note.updated', (it) => {
        if (params.memo !== undefined) it.memo = params.memo
        it.metadata = p.mergeMetadata(it.metadata, params.metadata)
      })
      return note
    },
  ),
  route('POST', '/v1/credit_notes/:id/void', none, ({ world, path }) => {
    const note = fetchByPath(world.store.creditNotes, 'credit_note', path.id ?? '')
    voidCreditNote(world, note)
    return note
  }),
  listRoute('/v1/credit_notes', ({ creditNotes }) => creditNotes, { invoice: 0, customer: 1 }),
  route('GET', '/v1/credit_notes/:id/lines', z.strictObject(p.paging), ({ world, params, path, url }) =>
    page(
      fetchByPath(world.store.creditNotes, 'credit_note', path.id ?? '').lines.data,
      params,
      url,
      'as given',
    ),
  ),
  route('GET', '/v1/credit_notes/:id', none, ({ world, path }) =>
    fetchByPath(world.store.creditNotes, 'credit_note', path.id ?? ''),
  ),
]

export const paymentsRoutes: Route[] = [...paymentRoutes, ...creditNoteRoutes]
