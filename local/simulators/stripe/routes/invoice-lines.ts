// The lines of an invoice: read, added, removed, and written with taxes computed elsewhere. Only drafts can change.
// https://docs.stripe.com/api/invoices/update_lines
import type Stripe from 'stripe'
import * as z from 'zod'
import { applyDiscounts } from '../billing/discounts.ts'
import { editDraft, requireDraft } from '../billing/invoices.ts'
import { placeInvoiceItem } from '../billing/lines.ts'
import { invalidRequest } from '../errors.ts'
import { proportion } from '../money.ts'
import * as p from '../parameters.ts'
import { page, type Route, route } from '../routing.ts'
import type { Invoice, TaxRate } from '../wire.ts'
import { fetchByParameter, type World } from '../world.ts'
import { priceFromData } from './catalog.ts'
import { addItem } from './invoice-items.ts'
import { invoiceAt, taxRatesOf } from './invoices.ts'

const taxAmounts = p.emptyable(
  z
    .array(
      z.strictObject({
        amount: p.integer,
        taxable_amount: p.integer,
        taxability_reason: p
          .oneOf(
            'customer_exempt',
            'not_collecting',
            'not_subject_to_tax',
            'not_supported',
            'portion_product_exempt',
            'portion_reduced_rated',
            'portion_standard_rated',
            'product_exempt',
            'product_exempt_holiday',
            'proportionally_rated',
            'reduced_rated',
            'reverse_charge',
            'standard_rated',
            'taxable_basis_reduced',
            'zero_rated',
          )
          .optional(),
        tax_rate_data: z.strictObject({
          country: p.text.optional(),
          description: p.text.optional(),
          display_name: p.text,
          inclusive: p.flag,
          jurisdiction: p.text.max(200).optional(),
          jurisdiction_level: p
            .oneOf('city', 'country', 'county', 'district', 'multiple', 'state')
            .optional(),
          percentage: p.percentage,
          state: p.text.optional(),
          tax_type: p.text.optional(),
        }),
      }),
    )
    .max(20),
)
type TaxAmounts = z.output<typeof taxAmounts>

const lineFields = {
  amount: p.integer.optional(),
  description: p.text.optional(),
  discountable: p.flag.optional(),
  discounts: p.discountList.optional(),
  metadata: p.metadata.optional(),
  period: z.strictObject({ start: p.timestamp, end: p.timestamp }).optional(),
  price_data: p.priceData.optional(),
  pricing: z.strictObject({ price: p.id.optional() }).optional(),
  quantity: p.count.optional(),
  tax_amounts: taxAmounts.optional(),
  tax_rates: p.emptyable(z.array(p.id)).optional(),
}
type LineFields = z.output<z.ZodObject<typeof lineFields>>

/** https://docs.stripe.com/api/invoices/update_lines: drafts only, and never beside automatic tax or tax rates. */
function requireTaxable(invoice: Invoice, line: LineFields, param: string): void {
  if (line.tax_amounts === undefined) return
  if (line.tax_rates !== undefined)
    throw invalidRequest('You may only specify one of these parameters: tax_amounts, tax_rates.', {
      code: 'parameters_exclusive',
      param,
    })
  if (invoice.automatic_tax.enabled)
    throw invalidRequest('You cannot set tax_amounts on an invoice with automatic tax enabled.', { param })
}

/** Rates named in tax_rate_data are made when first seen and used again when equal; they are not active and unlisted. */
function adHocRate(world: World, data: NonNullable<TaxAmounts>[number]['tax_rate_data']): TaxRate {
  const key = JSON.stringify(Object.entries(data).sort())
  const known = world.store.hidden.adHocTaxRates.get(key)
  if (known) return known
  const rate = world.store.taxRates.add({
    id: world.ids.next('txr'),
    object: 'tax_rate',
    active: false,
    country: data.country ?? null,
    created: world.seconds(),
    description: data.description ?? null,
    display_name: data.display_name,
    effective_percentage: data.percentage,
    flat_amount: null,
    inclusive: data.inclusive,
    jurisdiction: data.jurisdiction ?? null,
    jurisdiction_level: data.jurisdiction_level ?? null,
    livemode: world.settings.livemode,
    metadata: {},
    percentage: data.percentage,
    rate_type: 'percentage',
    state: data.state ?? null,
    tax_type: data.tax_type ?? null,
  })
  world.store.hidden.adHocTaxRates.set(key, rate)
  return rate
}

function writeLine(world: World, invoice: Invoice, lineId: string, fields: LineFields, param: string): void {
  const line = invoice.lines.data.find((each) => each.id === lineId)
  if (!line)
    throw invalidRequest(`No such invoice line item: '${lineId}'`, {
      code: 'resource_missing',
      param: `${param}[id]`,
    })
  requireTaxable(invoice, fields, `${param}[tax_amounts]`)
  if (fields.price_data || fields.pricing?.price) {
    const price = fields.price_data
      ? priceFromData(world, fields.price_data, `${param}[price_data]`)
      : fetchByParameter(world.store.prices, 'price', fields.pricing?.price ?? '', `${param}[pricing][price]`)
    line.pricing = {
      price_details: { price: price.id, product: price.product },
      type: 'price_details',
      unit_amount_decimal: price.unit_amount_decimal,
    }
    line.amount = proportion(price.unit_amount ?? 0, fields.quantity ?? line.quantity ?? 1, 1)
  } else if (fields.quantity !== undefined && line.quantity)
    line.amount = proportion(line.amount, fields.quantity, line.quantity)
  if (fields.quantity !== undefined) {
    line.quantity = fields.quantity
    line.quantity_decimal = String(fields.quantity)
  }
  if (fields.amount !== undefined) line.amount = fields.amount
  if (fields.description !== undefined) line.description = fields.description
  if (fields.discountable !== undefined) line.discountable = fields.discountable
  if (fields.period) line.period = fields.period
  if (fields.metadata !== undefined) line.metadata = p.mergeMetadata(line.metadata, fields.metadata)
  if (fields.discounts !== undefined)
    line.discounts = applyDiscounts(
      world,
      fields.discounts ?? [],
      { customer: invoice.customer, invoice: invoice.id },
      invoice.currency,
    )
  if (fields.tax_rates !== undefined) {
    world.store.hidden.manualTaxes.delete(line.id)
    world.store.hidden.lineTaxRates.set(
      line.id,
      taxRatesOf(world, fields.tax_rates, `${param}[tax_rates]`).map((rate) => rate.id),
    )
  }
  if (fields.tax_amounts !== undefined) {
    if (fields.tax_amounts === null) world.store.hidden.manualTaxes.delete(line.id)
    else world.store.hidden.manualTaxes.add(line.id)
    line.taxes = (fields.tax_amounts ?? []).map((tax) => ({
      amount: tax.amount,
      tax_behavior: tax.tax_rate_data.inclusive ? 'inclusive' : 'exclusive',
      tax_rate_details: { tax_rate: adHocRate(world, tax.tax_rate_data).id },
      taxability_reason: tax.taxability_reason ?? 'not_available',
      taxable_amount: tax.taxable_amount,
      type: 'tax_rate_details',
    }))
  }
}

export const invoiceLineRoutes: Route[] = [
  route(
    'POST',
    '/v1/invoices/:id/update_lines',
    p.shape<Stripe.InvoiceUpdateLinesParams>()({
      lines: z.array(z.strictObject({ ...lineFields, id: p.id })),
      invoice_metadata: p.metadata.optional(),
    }),
    ({ world, params, path }) => {
      const invoice = invoiceAt(world, path.id)
      requireDraft(invoice)
      for (const [index, line] of params.lines.entries()) {
        if (!invoice.lines.data.some((each) => each.id === line.id)) {
          throw invalidRequest(`No such invoice line item: '${line.id}'`, {
            code: 'resource_missing',
            param: `lines[${index}][id]`,
          })
        }
        requireTaxable(invoice, line, `lines[${index}][tax_amounts]`)
      }
      editDraft(world, invoice, (it) => {
        for (const [index, { id, ...fields }] of params.lines.entries())
          writeLine(world, it, id, fields, `lines[${index}]`)
        it.metadata = p.mergeMetadata(it.metadata, params.invoice_metadata)
      })
      return invoice
    },
  ),
  route(
    'POST',
    '/v1/invoices/:id/lines/:line',
    p.shape<Stripe.InvoiceUpdateLineItemParams>()(lineFields),
    ({ world, params, path }) => {
      const invoice = invoiceAt(world, path.id)
      requireDraft(invoice)
      editDraft(world, invoice, (it) => writeLine(world, it, path.line ?? '', params, 'line'))
      return invoice.lines.data.find((line) => line.id === path.line) ?? invoice
    },
  ),
  route(
    'POST',
    '/v1/invoices/:id/add_lines',
    p.shape<Stripe.InvoiceAddLinesParams>()({
      lines: z.array(z.strictObject({ ...lineFields, invoice_item: p.id.optional() })),
      invoice_metadata: p.metadata.optional(),
    }),
    ({ world, params, path }) => {
      const invoice = invoiceAt(world, path.id)
      requireDraft(invoice)
      editDraft(world, invoice, (it) => {
        for (const [index, { invoice_item: existing, ...fields }] of params.lines.entries()) {
          const item = existing
            ? fetchByParameter(
                world.store.invoiceItems,
                'invoiceitem',
                existing,
                `lines[${index}][invoice_item]`,
              )
            : addItem(world, { ...fields, customer: it.customer ?? '', currency: it.currency })
          const line = placeInvoiceItem(world, it, item)
          if (fields.tax_amounts !== undefined)
            writeLine(world, it, line.id, { tax_amounts: fields.tax_amounts }, `lines[${index}]`)
        }
        it.metadata = p.mergeMetadata(it.metadata, params.invoice_metadata)
      })
      return invoice
    },
  ),
  route(
    'POST',
    '/v1/invoices/:id/remove_lines',
    p.shape<Stripe.InvoiceRemoveLinesParams>()({
      lines: z.array(z.strictObject({ id: p.id, behavior: p.oneOf('delete', 'unassign') })),
      invoice_metadata: p.metadata.optional(),
    }),
    ({ world, params, path }) => {
      const invoice = invoiceAt(world, path.id)
      requireDraft(invoice)
      editDraft(world, invoice, (it) => {
        it.lines.data = it.lines.data.filter((line) => !params.lines.some((wanted) => wanted.id === line.id))
      })
      return invoice
    },
  ),
  route('GET', '/v1/invoices/:id/lines', z.strictObject(p.paging), ({ world, params, path, url }) =>
    page(invoiceAt(world, path.id).lines.data, params, url, 'as given'),
  ),
]
