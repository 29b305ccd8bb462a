// Invoices: the draft and what may be changed on it, the verbs that end a draft, and how invoices are found. Lines are
// invoice-lines.ts, invoice items invoice-items.ts.
import type Stripe from 'stripe'
import * as z from 'zod'
import { attachIntent, attachRecord } from '../billing/attached-payments.ts'
import { applyDiscounts } from '../billing/discounts.ts'
import { markUncollectible, voidInvoice } from '../billing/invoice-status.ts'
import {
  addDraft,
  draftInvoice,
  editDraft,
  finalizeAt,
  finalizeInvoice,
  planFinalization,
  sendInvoice,
} from '../billing/invoices.ts'
import { placePendingItems } from '../billing/lines.ts'
import { payNow } from '../billing/payments.ts'
import { shippingCostOf } from '../billing/shipping.ts'
import { DAY, HOUR } from '../calendar.ts'
import { invalidRequest } from '../errors.ts'
import * as p from '../parameters.ts'
import { page, type Route, route } from '../routing.ts'
import type { Invoice, TaxRate } from '../wire.ts'
import { change, emit, fetchByParameter, fetchByPath, type World } from '../world.ts'
import { search } from './search.ts'
import { shippingCost } from './shipping-rates.ts'

const collection = p.oneOf('charge_automatically', 'send_invoice')
const draftFields = {
  auto_advance: p.flag.optional(),
  automatic_tax: z.strictObject({ enabled: p.flag }).optional(),
  automatically_finalizes_at: p.timestamp.optional(),
  collection_method: collection.optional(),
  custom_fields: p.emptyable(z.array(z.strictObject({ name: p.text, value: p.text }))).optional(),
  days_until_due: p.count.optional(),
  default_payment_method: p.id.optional(),
  default_tax_rates: p.emptyable(z.array(p.id)).optional(),
  description: p.emptyable(p.text).optional(),
  discounts: p.discountList.optional(),
  due_date: p.timestamp.optional(),
  effective_at: p.emptyable(p.timestamp).optional(),
  footer: p.emptyable(p.text).optional(),
  metadata: p.metadata.optional(),
  number: p.emptyable(p.text.max(26)).optional(),
  payment_settings: z
    .strictObject({ payment_method_types: p.emptyable(z.array(p.text)).optional() })
    .optional(),
}

const updateFields = { ...draftFields, shipping_cost: p.emptyable(shippingCost).optional() }

export const taxRatesOf = (
  world: World,
  ids: readonly string[] | null | undefined,
  param: string,
): TaxRate[] => (ids ?? []).map((id) => fetchByParameter(world.store.taxRates, 'tax_rate', id, param))

export const invoiceAt = (world: World, id: string | undefined): Invoice =>
  fetchByPath(world.store.invoices, 'invoice', id ?? '')

const draftRoutes: Route[] = [
  route(
    'POST',
    '/v1/invoices',
    p.shape<Stripe.InvoiceCreateParams>()({
      ...draftFields,
      customer: p.id,
      currency: p.currency.optional(),
      pending_invoice_items_behavior: p.oneOf('include', 'exclude').optional(),
      shipping_cost: shippingCost.optional(),
      subscription: p.id.optional(),
    }),
    ({ world, params }) => {
      const customer = fetchByParameter(world.store.customers, 'customer', params.customer)
      const subscription = params.subscription
        ? fetchByParameter(world.store.subscriptions, 'subscription', params.subscription)
        : undefined
      const method = params.collection_method ?? 'charge_automatically'
      if (
        method === 'charge_automatically' &&
        (params.days_until_due !== undefined || params.due_date !== undefined)
      ) {
        throw invalidRequest(
          '`due_date` and `days_until_due` are only for invoices with `collection_method=send_invoice`.',
          { param: 'days_until_due' },
        )
      }
      const currency =
        params.currency ?? subscription?.currency ?? customer.currency ?? world.settings.defaultCurrency
      const invoice = draftInvoice(world, {
        customer,
        currency,
        reason: 'manual',
        collectionMethod: method,
        // The reference does not name the default; false is the reading taken (a one-off invoice waits for its maker).
        autoAdvance: params.auto_advance ?? false,
        ...(subscription ? { subscription } : {}),
        daysUntilDue: params.days_until_due ?? null,
        dueDate: params.due_date ?? null,
        defaultTaxRates: taxRatesOf(world, params.default_tax_rates, 'default_tax_rates'),
        defaultPaymentMethod: params.default_payment_method ?? null,
        description: params.description ?? null,
        footer: params.footer ?? null,
        customFields: params.custom_fields ?? null,
        metadata: p.mergeMetadata(null, params.metadata),
        automaticTax: params.automatic_tax?.enabled ?? false,
        paymentMethodTypes: params.payment_settings?.payment_method_types ?? null,
      })
      invoice.discounts = applyDiscounts(
        world,
        params.discounts ?? [],
        { customer: customer.id, invoice: invoice.id },
        currency,
      )
      invoice.shipping_cost = shippingCostOf(world, params.shipping_cost, currency)
      invoice.number = params.number ?? null
      invoice.effective_at = params.effective_at ?? null
      if (params.pending_invoice_items_behavior === 'include') {
        placePendingItems(world, invoice, subscription ? { subscription: subscription.id } : {})
      }
      addDraft(world, invoice)
      if (params.automatically_finalizes_at !== undefined)
        planAt(world, invoice, params.automatically_finalizes_at)
      return invoice
    },
  ),
  route(
    'POST',
    '/v1/invoices/:id',
    p.shape<Stripe.InvoiceUpdateParams>()(updateFields),
    ({ world, params, path }) => {
      const invoice = invoiceAt(world, path.id)
      updateInvoice(world, invoice, params)
      return invoice
    },
  ),
  route('DELETE', '/v1/invoices/:id', z.strictObject({}), ({ world, path }) => {
    const invoice = invoiceAt(world, path.id)
    if (invoice.status !== 'draft')
      throw invalidRequest(`You can only delete draft invoices; this one is ${invoice.status}.`, {
        code: 'invoice_not_editable',
      })
    if (invoice.billing_reason !== 'manual')
      throw invalidRequest('You cannot delete invoices created by subscriptions.')
    world.store.invoices.delete(invoice)
    emit(world, 'invoice.deleted', invoice)
    return { id: invoice.id, object: 'invoice', deleted: true }
  }),
]

/**
 * On an open invoice only what does not change what was billed; once it has ended, its metadata.
 * https://docs.stripe.com/api/invoices/update
 */
const EDITABLE_WHILE_OPEN = new Set([
  'auto_advance',
  'metadata',
  'default_payment_method',
  'payment_settings',
  'collection_method',
  'days_until_due',
  'due_date',
])

function updateInvoice(
  world: World,
  invoice: Invoice,
  params: z.output<z.ZodObject<typeof updateFields>>,
): void {
  const named = Object.keys(params)
  if (invoice.status !== 'draft') {
    const ended = invoice.status === 'paid' || invoice.status === 'void'
    const refused = named.find((name) => (ended ? name !== 'metadata' : !EDITABLE_WHILE_OPEN.has(name)))
    if (refused)
      throw invalidRequest(
        `You cannot change '${refused}': finalized invoices can't be updated in this way.`,
        { code: 'invoice_not_editable', param: refused },
      )
  }
  const wasAdvancing = invoice.auto_advance
  const edit = (it: Invoice): void => {
    if (params.auto_advance !== undefined) it.auto_advance = params.auto_advance
    if (params.automatic_tax)
      it.automatic_tax = { ...it.automatic_tax, enabled: params.automatic_tax.enabled }
    if (params.collection_method) it.collection_method = params.collection_method
    if (params.custom_fields !== undefined) it.custom_fields = params.custom_fields
    if (params.default_payment_method !== undefined) it.default_payment_method = params.default_payment_method
    if (params.default_tax_rates !== undefined)
      it.default_tax_rates = taxRatesOf(world, params.default_tax_rates, 'default_tax_rates')
    if (params.description !== undefined) it.description = params.description
    if (params.effective_at !== undefined) it.effective_at = params.effective_at
    if (params.footer !== undefined) it.footer = params.footer
    if (params.number !== undefined) it.number = params.number
    if (params.shipping_cost !== undefined)
      it.shipping_cost = shippingCostOf(world, params.shipping_cost, it.currency)
    if (params.due_date !== undefined) it.due_date = params.due_date
    if (params.days_until_due !== undefined) {
      world.store.hidden.daysUntilDue.set(it.id, params.days_until_due)
      it.due_date = it.created + params.days_until_due * DAY
    }
    if (params.payment_settings?.payment_method_types !== undefined)
      it.payment_settings.payment_method_types = params.payment_settings.payment_method_types
    if (params.discounts !== undefined)
      it.discounts = applyDiscounts(
        world,
        params.discounts ?? [],
        { customer: it.customer, invoice: it.id },
        it.currency,
      )
    it.metadata = p.mergeMetadata(it.metadata, params.metadata)
    if (it.status === 'draft' && it.auto_advance !== wasAdvancing)
      planFinalization(world, it, nextFinalization(world, it))
    if (it.status !== 'draft' && !it.auto_advance) it.next_payment_attempt = null
    if (params.automatically_finalizes_at !== undefined) {
      it.automatically_finalizes_at = params.automatically_finalizes_at
      finalizeAt(world, it, params.automatically_finalizes_at)
    }
  }
  if (invoice.status === 'draft') editDraft(world, invoice, edit)
  else change(world, invoice, 'invoice.updated', edit)
}

/** A draft whose hour has passed and that is set to advance again finalizes an hour from now: the reading taken. */
const nextFinalization = (world: World, invoice: Invoice): number =>
  invoice.created + HOUR > world.seconds() ? invoice.created + HOUR : world.seconds() + HOUR

function planAt(world: World, invoice: Invoice, at: number): void {
  invoice.automatically_finalizes_at = at
  finalizeAt(world, invoice, at)
}

const verbRoutes: Route[] = [
  route(
    'POST',
    '/v1/invoices/:id/finalize',
    p.shape<Stripe.InvoiceFinalizeInvoiceParams>()({ auto_advance: p.flag.optional() }),
    ({ world, params, path }) => {
      const invoice = invoiceAt(world, path.id)
      finalizeInvoice(world, invoice, { autoAdvance: params.auto_advance, collect: 'later' })
      return invoice
    },
  ),
  route(
    'POST',
    '/v1/invoices/:id/pay',
    p.shape<Stripe.InvoicePayParams>()({
      forgive: p.flag.optional(),
      off_session: p.flag.optional(),
      paid_out_of_band: p.flag.optional(),
      payment_method: p.id.optional(),
    }),
    ({ world, params, path }) => {
      const invoice = invoiceAt(world, path.id)
      if (invoice.status === 'draft') finalizeInvoice(world, invoice, { collect: 'by caller' })
      if (invoice.status === 'paid' && invoice.amount_due === 0) return invoice
      const method = params.payment_method
        ? fetchByParameter(world.store.paymentMethods, 'payment_method', params.payment_method)
        : undefined
      payNow(world, invoice, { method, outOfBand: params.paid_out_of_band ?? false })
      return invoice
    },
  ),
  route(
    'POST',
    '/v1/invoices/:id/attach_payment',
    p.shape<Stripe.InvoiceAttachPaymentParams>()({
      payment_intent: p.id.optional(),
      payment_record: p.id.optional(),
    }),
    ({ world, params, path }) => {
      const invoice = invoiceAt(world, path.id)
      const { paymentIntents, paymentRecords } = world.store
      if ((params.payment_intent === undefined) === (params.payment_record === undefined))
        throw invalidRequest('You must provide exactly one of payment_intent or payment_record.')
      if (params.payment_intent)
        attachIntent(
          world,
          invoice,
          fetchByParameter(paymentIntents, 'payment_intent', params.payment_intent),
        )
      if (params.payment_record)
        attachRecord(
          world,
          invoice,
          fetchByParameter(paymentRecords, 'payment_record', params.payment_record),
        )
      return invoice
    },
  ),
  route('POST', '/v1/invoices/:id/void', z.strictObject({}), ({ world, path }) => {
    const invoice = invoiceAt(world, path.id)
    voidInvoice(world, invoice)
    return invoice
  }),
  route('POST', '/v1/invoices/:id/mark_uncollectible', z.strictObject({}), ({ world, path }) => {
    const invoice = invoiceAt(world, path.id)
    markUncollectible(world, invoice, 'user_forgiven')
    return invoice
  }),
  route('POST', '/v1/invoices/:id/send', z.strictObject({}), ({ world, path }) => {
    const invoice = invoiceAt(world, path.id)
    if (invoice.collection_method !== 'send_invoice')
      throw invalidRequest(
        "You can only manually send an invoice if its collection method is 'send_invoice'.",
      )
    if (invoice.status === 'draft')
      finalizeInvoice(world, invoice, { autoAdvance: false, collect: 'by caller' })
    if (invoice.status !== 'open')
      throw invalidRequest(`You can only send open invoices; this one is ${invoice.status}.`)
    sendInvoice(world, invoice)
    return invoice
  }),
]

const readRoutes: Route[] = [
  route(
    'GET',
    '/v1/invoices/search',
    z.strictObject({ query: p.text, limit: p.integer.optional(), page: p.text.optional() }),
    ({ world, params, url }) => search(world.store.invoices.all(), params, url),
  ),
  route(
    'GET',
    '/v1/invoices',
    p.shape<Stripe.InvoiceListParams>()({
      ...p.paging,
      collection_method: collection.optional(),
      created: p.range.optional(),
      customer: p.id.optional(),
      due_date: p.range.optional(),
      status: p.oneOf('draft', 'open', 'paid', 'uncollectible', 'void').optional(),
      subscription: p.id.optional(),
    }),
    ({ world, params, url }) => {
      const source = params.subscription
        ? world.store.invoices.of(params.subscription, 1)
        : params.customer
          ? world.store.invoices.of(params.customer)
          : world.store.invoices.all()
      const found = source.filter(
        (each) =>
          (!params.customer || each.customer === params.customer) &&
          (!params.status || each.status === params.status) &&
          (!params.collection_method || each.collection_method === params.collection_method) &&
          p.inRange(each.created, params.created) &&
          p.inRange(each.due_date, params.due_date),
      )
      return page(found, params, url)
    },
  ),
  route('GET', '/v1/invoices/:id', z.strictObject({}), ({ world, path }) => invoiceAt(world, path.id)),
]

export const invoiceRoutes: Route[] = [...draftRoutes, ...verbRoutes, ...readRoutes]
