// Invoice items: amounts that wait for the customer's next invoice, or go onto a draft at once.
import type Stripe from 'stripe'
import * as z from 'zod'
import { applyDiscounts } from '../billing/discounts.ts'
import { addInvoiceItem } from '../billing/invoice-items.ts'
import { editDraft, requireDraft } from '../billing/invoices.ts'
import { placeInvoiceItem, productName } from '../billing/lines.ts'
import { invalidRequest } from '../errors.ts'
import * as p from '../parameters.ts'
import { page, type Route, route } from '../routing.ts'
import type { InvoiceItem } from '../wire.ts'
import { change, emit, fetchByParameter, fetchByPath, type World } from '../world.ts'
import { priceFromData } from './catalog.ts'
import { taxRatesOf } from './invoices.ts'

const itemFields = {
  amount: p.integer.optional(),
  description: p.text.optional(),
  discountable: p.flag.optional(),
  discounts: p.discountList.optional(),
  metadata: p.metadata.optional(),
  period: z.strictObject({ start: p.timestamp, end: p.timestamp }).optional(),
  price_data: p.priceData.optional(),
  pricing: z.strictObject({ price: p.id.optional() }).optional(),
  quantity: p.count.optional(),
  tax_rates: p.emptyable(z.array(p.id)).optional(),
  unit_amount_decimal: p.decimal.optional(),
}

export function addItem(
  world: World,
  params: z.output<z.ZodObject<typeof itemFields>> & {
    customer: string
    currency?: string | undefined
    subscription?: string | undefined
  },
): InvoiceItem {
  const price = params.price_data
    ? priceFromData(world, params.price_data, 'price_data')
    : params.pricing?.price
      ? fetchByParameter(world.store.prices, 'price', params.pricing.price, 'pricing[price]')
      : undefined
  if (!price && params.amount === undefined && params.unit_amount_decimal === undefined) {
    throw invalidRequest('You must specify one of `amount`, `pricing` or `price_data`.', {
      code: 'parameter_missing',
      param: 'amount',
    })
  }
  const customer = fetchByParameter(world.store.customers, 'customer', params.customer)
  const currency = price?.currency ?? params.currency ?? customer.currency ?? world.settings.defaultCurrency
  return addInvoiceItem(world, {
    customer: customer.id,
    currency,
    quantity: params.quantity ?? 1,
    description: params.description ?? (price ? productName(world, price) : null),
    discountable: params.discountable ?? true,
    discounts: applyDiscounts(world, params.discounts ?? [], { customer: customer.id }, currency),
    metadata: p.mergeMetadata(null, params.metadata),
    taxRates: taxRatesOf(world, params.tax_rates, 'tax_rates'),
    ...(price ? { price } : {}),
    ...(params.amount === undefined ? {} : { amount: params.amount }),
    ...(params.unit_amount_decimal ? { unitDecimal: params.unit_amount_decimal } : {}),
    ...(params.period ? { period: params.period } : {}),
    ...(params.subscription ? { subscription: params.subscription } : {}),
  })
}

export const invoiceItemRoutes: Route[] = [
  route(
    'POST',
    '/v1/invoiceitems',
    p.shape<Stripe.InvoiceItemCreateParams>()({
      ...itemFields,
      customer: p.id,
      currency: p.currency.optional(),
      invoice: p.id.optional(),
      subscription: p.id.optional(),
    }),
    ({ world, params }) => {
      const invoice = params.invoice
        ? fetchByParameter(world.store.invoices, 'invoice', params.invoice)
        : undefined
      if (invoice) requireDraft(invoice)
      const item = addItem(world, { ...params, currency: params.currency ?? invoice?.currency })
      if (invoice) {
        editDraft(world, invoice, (it) => {
          placeInvoiceItem(world, it, item)
        })
      }
      return item
    },
  ),
  route(
    'POST',
    '/v1/invoiceitems/:id',
    p.shape<Stripe.InvoiceItemUpdateParams>()({
      amount: p.integer.optional(),
      description: p.text.optional(),
      metadata: p.metadata.optional(),
    }),
    ({ world, params, path }) => {
      const item = fetchByPath(world.store.invoiceItems, 'invoiceitem', path.id ?? '')
      if (item.invoice)
        throw invalidRequest('An invoice item that is on an invoice is changed there, as a line.')
      change(world, item, 'invoiceitem.updated', (it) => {
        if (params.amount !== undefined) {
          it.amount = params.amount
          it.net_amount = params.amount
          it.quantity = 1
          it.quantity_decimal = '1'
          it.pricing = { type: 'price_details', unit_amount_decimal: String(params.amount) }
        }
        if (params.description !== undefined) it.description = params.description
        it.metadata = p.mergeMetadata(it.metadata, params.metadata)
      })
      return item
    },
  ),
  route(
    'GET',
    '/v1/invoiceitems',
    z.strictObject({
      ...p.paging,
      customer: p.id.optional(),
      invoice: p.id.optional(),
      pending: p.flag.optional(),
      created: p.range.optional(),
    }),
    ({ world, params, url }) => {
      const source = params.customer
        ? world.store.invoiceItems.of(params.customer)
        : world.store.invoiceItems.all()
      return page(
        source.filter(
          (each) =>
            (!params.invoice || each.invoice === params.invoice) &&
            (params.pending === undefined || (each.invoice === null) === params.pending) &&
            p.inRange(each.date, params.created),
        ),
        params,
        url,
      )
    },
  ),
  route('GET', '/v1/invoiceitems/:id', z.strictObject({}), ({ world, path }) =>
    fetchByPath(world.store.invoiceItems, 'invoiceitem', path.id ?? ''),
  ),
  route('DELETE', '/v1/invoiceitems/:id', z.strictObject({}), ({ world, path }) => {
    const item = fetchByPath(world.store.invoiceItems, 'invoiceitem', path.id ?? '')
    const invoice = world.store.invoices.get(item.invoice ?? '')
    if (invoice) {
      requireDraft(invoice)
      editDraft(world, invoice, (it) => {
        it.lines.data = it.lines.data.filter(
          (line) =>
            line.parent?.invoice_item_details?.invoice_item !== item.id &&
            line.parent?.subscription_item_details?.invoice_item !== item.id,
        )
      })
    }
    world.store.hidden.pendingItems.get(item.customer)?.delete(item)
    world.store.invoiceItems.delete(item)
    emit(world, 'invoiceitem.deleted', item)
    return { id: item.id, object: 'invoiceitem', deleted: true }
  }),
]
