// Customers with their tax ids and payment methods. The transactions of their balance are customer-balance.ts.
import type Stripe from 'stripe'
import * as z from 'zod'
import { PRIORITY } from '../agenda.ts'
import { moveBalance, recordInitialBalance } from '../billing/customer-balance.ts'
import { refreshDrafts } from '../billing/invoices.ts'
import { cancelSchedule } from '../billing/schedules.ts'
import { endSubscription, hasEnded } from '../billing/subscription-status.ts'
import { invalidRequest } from '../errors.ts'
import * as p from '../parameters.ts'
import { page, type Route, route } from '../routing.ts'
import type { Customer, TaxId } from '../wire.ts'
import { change, emit, fetchByParameter, fetchByPath, type World } from '../world.ts'
import { getOrDeleted } from './deleted.ts'
import { attachMethod } from './payment-methods.ts'
import { search } from './search.ts'

const taxIdData = z.strictObject({ type: p.text, value: p.text })
const shipping = z.strictObject({
  address: p.address.optional(),
  name: p.text.optional(),
  phone: p.text.optional(),
})
const fields = {
  address: p.emptyable(p.address).optional(),
  balance: p.integer.optional(),
  description: p.emptyable(p.text).optional(),
  email: p.emptyable(p.text).optional(),
  invoice_prefix: z
    .string()
    .regex(/^[A-Z0-9]{3,12}$/)
    .optional(),
  invoice_settings: z
    .strictObject({
      custom_fields: p.emptyable(z.array(z.strictObject({ name: p.text, value: p.text }))).optional(),
      default_payment_method: p.emptyable(p.id).optional(),
      footer: p.emptyable(p.text).optional(),
    })
    .optional(),
  metadata: p.metadata.optional(),
  name: p.emptyable(p.text).optional(),
  phone: p.emptyable(p.text).optional(),
  preferred_locales: z.array(p.text).optional(),
  shipping: p.emptyable(shipping).optional(),
  tax_exempt: p.emptyable(p.oneOf('none', 'exempt', 'reverse')).optional(),
}
type Fields = z.output<z.ZodObject<typeof fields>>

const fullAddress = (address: z.output<typeof p.address>): NonNullable<Customer['address']> => ({
  city: address.city ?? null,
  country: address.country ?? null,
  line1: address.line1 ?? null,
  line2: address.line2 ?? null,
  postal_code: address.postal_code ?? null,
  state: address.state ?? null,
})

function assign(world: World, customer: Customer, params: Fields): void {
  if (params.address !== undefined) customer.address = params.address && fullAddress(params.address)
  if (params.description !== undefined) customer.description = params.description
  if (params.email !== undefined) customer.email = params.email
  if (params.invoice_prefix !== undefined) customer.invoice_prefix = params.invoice_prefix
  if (params.name !== undefined) customer.name = params.name
  if (params.phone !== undefined) customer.phone = params.phone
  if (params.preferred_locales !== undefined) customer.preferred_locales = params.preferred_locales
  if (params.tax_exempt !== undefined) customer.tax_exempt = params.tax_exempt ?? 'none'
  if (params.shipping !== undefined) {
    customer.shipping = params.shipping && {
      ...(params.shipping.address ? { address: fullAddress(params.shipping.address) } : {}),
      ...(params.shipping.name ? { name: params.shipping.name } : {}),
      phone: params.shipping.phone ?? null,
    }
  }
  const settings = params.invoice_settings
  if (settings?.custom_fields !== undefined) customer.invoice_settings.custom_fields = settings.custom_fields
  if (settings?.footer !== undefined) customer.invoice_settings.footer = settings.footer
  if (settings?.default_payment_method !== undefined) {
    customer.invoice_settings.default_payment_method =
      settings.default_payment_method && usableMethod(world, customer, settings.default_payment_method)
  }
  customer.metadata = p.mergeMetadata(customer.metadata, params.metadata)
}

/** A test id (pm_card_visa) means the method that was attached from it; another id must be the customer's own. */
function usableMethod(world: World, customer: Customer, id: string): string {
  const own = world.store.paymentMethods.of(customer.id)
  const fromTestId = own.findLast((method) => method.metadata?.simulated_from === id)
  const method = fromTestId ?? own.find((each) => each.id === id)
  if (!method) {
    throw invalidRequest(
      `The customer does not have a payment method with the ID ${id}. The payment method must be attached to the customer.`,
      { code: 'resource_missing', param: 'invoice_settings[default_payment_method]' },
    )
  }
  return method.id
}

const customerRoutes: Route[] = [
  route(
    'POST',
    '/v1/customers',
    p.shape<Stripe.CustomerCreateParams>()({
      ...fields,
      next_invoice_sequence: p.count.optional(),
      payment_method: p.id.optional(),
      tax_id_data: z.array(taxIdData).optional(),
    }),
    ({ world, params }) => {
      const id = world.ids.next('cus')
      const customer: Customer = {
        id,
        object: 'customer',
        address: null,
        balance: 0,
        created: world.seconds(),
        currency: null,
        customer_account: null,
        default_source: null,
        delinquent: false,
        description: null,
        discount: null,
        email: null,
        invoice_prefix: world.ids.characters('invoice prefix', 8, 'ABCDEF0123456789').toUpperCase(),
        invoice_settings: {
          custom_fields: null,
          default_payment_method: null,
          footer: null,
          rendering_options: null,
        },
        livemode: world.settings.livemode,
        metadata: {},
        name: null,
        next_invoice_sequence: params.next_invoice_sequence ?? 1,
        phone: null,
        preferred_locales: [],
        shipping: null,
        tax_exempt: 'none',
        test_clock: null,
      }
      const method = params.payment_method ? attachMethod(world, params.payment_method, id) : undefined
      assign(world, customer, { ...params, invoice_settings: undefined })
      world.store.customers.add(customer)
      if (params.invoice_settings) assign(world, customer, { invoice_settings: params.invoice_settings })
      customer.balance = params.balance ?? 0
      if (customer.balance !== 0) recordInitialBalance(world, customer)
      emit(world, 'customer.created', customer)
      if (method) emit(world, 'payment_method.attached', method)
      for (const data of params.tax_id_data ?? []) addTaxId(world, customer, data)
      return customer
    },
  ),
  route(
    'POST',
    '/v1/customers/:id',
    p.shape<Stripe.CustomerUpdateParams>()(fields),
    ({ world, params, path }) => {
      const customer = fetchByPath(world.store.customers, 'customer', path.id ?? '')
      change(world, customer, 'customer.updated', (it) => assign(world, it, params))
      refreshDrafts(world, customer)
      if (params.balance !== undefined && params.balance !== customer.balance) {
        moveBalance(world, customer.id, {
          amount: params.balance - customer.balance,
          currency: customer.currency ?? world.settings.defaultCurrency,
          type: 'adjustment',
        })
      }
      return customer
    },
  ),
  route(
    'GET',
    '/v1/customers/search',
    z.strictObject({ query: p.text, limit: p.integer.optional(), page: p.text.optional() }),
    ({ world, params, url }) => search(world.store.customers.all(), params, url),
  ),
  route(
    'GET',
    '/v1/customers',
    z.strictObject({ ...p.paging, created: p.range.optional(), email: p.text.optional() }),
    ({ world, params, url }) =>
      page(
        world.store.customers
          .all()
          .filter(
            (each) =>
              p.inRange(each.created, params.created) && (!params.email || each.email === params.email),
          ),
        params,
        url,
      ),
  ),
  route('GET', '/v1/customers/:id', z.strictObject({}), ({ world, path }) =>
    getOrDeleted(world, world.store.customers, 'customer', path.id ?? ''),
  ),
  route('DELETE', '/v1/customers/:id', z.strictObject({}), ({ world, path }) => {
    const customer = fetchByPath(world.store.customers, 'customer', path.id ?? '')
    for (const subscription of world.store.subscriptions.of(customer.id)) {
      if (!hasEnded(subscription)) endSubscription(world, subscription, { reason: 'cancellation_requested' })
    }
    for (const schedule of world.store.schedules.of(customer.id)) {
      if (schedule.status === 'not_started') cancelSchedule(world, schedule)
    }
    for (const invoice of world.store.invoices.of(customer.id)) {
      if (invoice.status !== 'draft') continue
      world.store.invoices.delete(invoice)
      emit(world, 'invoice.deleted', invoice)
    }
    world.store.customers.delete(customer)
    world.store.deleted.set(customer.id, 'customer')
    emit(world, 'customer.deleted', customer)
    return { id: customer.id, object: 'customer', deleted: true }
  }),
]

/** Types whose numbers Stripe checks with the authority; others are `unavailable`. https://docs.stripe.com/billing/customer/tax-ids */
const VERIFIED_TYPES = new Set(['eu_vat', 'gb_vat', 'au_abn'])

function addTaxId(world: World, customer: Customer, data: { type: string; value: string }): TaxId {
  const verifiable = VERIFIED_TYPES.has(data.type)
  const taxId: TaxId = {
    id: world.ids.next('txi'),
    object: 'tax_id',
    country:
      data.type === 'gb_vat' ? 'GB' : data.type === 'au_abn' ? 'AU' : data.value.slice(0, 2).toUpperCase(),
    created: world.seconds(),
    customer: customer.id,
    customer_account: null,
    livemode: world.settings.livemode,
    owner: { customer: customer.id, customer_account: null, type: 'customer' },
    type: data.type,
    value: data.value,
    verification: {
      status: verifiable ? 'pending' : 'unavailable',
      verified_address: null,
      verified_name: null,
    },
  }
  world.store.taxIds.add(taxId)
  refreshDrafts(world, customer)
  emit(world, 'customer.tax_id.created', taxId)
  // The test values of https://docs.stripe.com/billing/customer/tax-ids#test: …111111111 fails, …222222222 stays pending.
  if (verifiable && !data.value.endsWith('222222222')) {
    world.agenda.add(world.seconds() + 60, PRIORITY.other, () => {
      if (world.store.taxIds.get(taxId.id) !== taxId) return
      const good = !data.value.endsWith('111111111')
      change(world, taxId, 'customer.tax_id.updated', (it) => {
        it.verification = {
          status: good ? 'verified' : 'unverified',
          verified_address: null,
          verified_name: good ? (customer.name ?? null) : null,
        }
      })
    })
  }
  return taxId
}

const taxIdRoutes: Route[] = [
  route('POST', '/v1/customers/:id/tax_ids', taxIdData, ({ world, params, path }) =>
    addTaxId(world, fetchByPath(world.store.customers, 'customer', path.id ?? ''), params),
  ),
  route('GET', '/v1/customers/:id/tax_ids', z.strictObject(p.paging), ({ world, params, path, url }) => {
    fetchByPath(world.store.customers, 'customer', path.id ?? '')
    return page(world.store.taxIds.of(path.id), params, url)
  }),
  route('GET', '/v1/customers/:id/tax_ids/:tax_id', z.strictObject({}), ({ world, path }) =>
    fetchByPath(world.store.taxIds, 'tax_id', path.tax_id ?? ''),
  ),
  route('DELETE', '/v1/customers/:id/tax_ids/:tax_id', z.strictObject({}), ({ world, path }) => {
    const taxId = fetchByPath(world.store.taxIds, 'tax_id', path.tax_id ?? '')
    world.store.taxIds.delete(taxId)
    const customer = world.store.customers.get(taxId.customer ?? '')
    if (customer) refreshDrafts(world, customer)
    emit(world, 'customer.tax_id.deleted', taxId)
    return { id: taxId.id, object: 'tax_id', deleted: true }
  }),
]

const methodRoutes: Route[] = [
  route(
    'POST',
    '/v1/payment_methods/:id/attach',
    z.strictObject({ customer: p.id }),
    ({ world, params, path }) => {
      fetchByParameter(world.store.customers, 'customer', params.customer)
      const method = attachMethod(world, path.id ?? '', params.customer)
      emit(world, 'payment_method.attached', method)
      return method
    },
  ),
  route(
    'GET',
    '/v1/payment_methods',
    z.strictObject({ ...p.paging, customer: p.id.optional(), type: p.text.optional() }),
    ({ world, params, url }) =>
      page(
        (params.customer
          ? world.store.paymentMethods.of(params.customer)
          : world.store.paymentMethods.all()
        ).filter((each) => !params.type || each.type === params.type),
        params,
        url,
      ),
  ),
  route(
    'GET',
    '/v1/customers/:id/payment_methods',
    z.strictObject({ ...p.paging, type: p.text.optional() }),
    ({ world, params, path, url }) =>
      page(
        world.store.paymentMethods.of(path.id).filter((each) => !params.type || each.type === params.type),
        params,
        url,
      ),
  ),
  route('GET', '/v1/payment_methods/:id', z.strictObject({}), ({ world, path }) =>
    fetchByPath(world.store.paymentMethods, 'payment_method', path.id ?? ''),
  ),
]

export const customersRoutes: Route[] = [...customerRoutes, ...taxIdRoutes, ...methodRoutes]
