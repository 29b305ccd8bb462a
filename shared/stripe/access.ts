// Reads one Stripe object whole: at the pinned version, with the expansions a connector asks for and every page of
// its lists, and says at which of Stripe's own seconds that was.
import type Stripe from 'stripe'
import type { JsonObject, ObjectReading, ObjectRef, StripeObjectType } from '../connector/contract.ts'
import { invariant, transient } from '../errors.ts'
import { isStripeNotFound, translateStripeError } from './errors.ts'
import { isObject } from './event.ts'

/** Where each type is read. A type that is not here cannot be a root. https://docs.stripe.com/api */
const PATHS: Readonly<Record<StripeObjectType, string>> = {
  'billing.credit_grant': '/v1/billing/credit_grants',
  charge: '/v1/charges',
  credit_note: '/v1/credit_notes',
  customer: '/v1/customers',
  dispute: '/v1/disputes',
  invoice: '/v1/invoices',
  invoice_payment: '/v1/invoice_payments',
  invoiceitem: '/v1/invoiceitems',
  payment_intent: '/v1/payment_intents',
  payout: '/v1/payouts',
  price: '/v1/prices',
  product: '/v1/products',
  'radar.early_fraud_warning': '/v1/radar/early_fraud_warnings',
  refund: '/v1/refunds',
  review: '/v1/reviews',
  subscription: '/v1/subscriptions',
  subscription_schedule: '/v1/subscription_schedules',
  coupon: '/v1/coupons',
  plan: '/v1/plans',
  tax_id: '/v1/tax_ids',
}

export type Fetched =
  /** `asOfSeconds`: Stripe's `Date` plus one second, since a change in that very second may be missing. */
  { object: JsonObject; asOfSeconds: number } | { gone: 'deleted' | 'not-found'; asOfSeconds: number }

export interface StripeReader {
  canRead(type: StripeObjectType): boolean
  /** @throws HubError transient | credential | permanent, never `ambiguous`: it only reads. */
  fetch(ref: ObjectRef, reading?: ObjectReading): Promise<Fetched>
}

export function createStripeReader(stripe: Stripe): StripeReader {
  const get = async (path: string): Promise<{ body: JsonObject; dateSeconds: number }> => {
    // rawRequest leaves decimals as the strings they are on the wire, the same form that events carry.
    const response: { lastResponse: { headers: RawHeaders } } = await stripe.rawRequest('GET', path)
    const dateMs = Date.parse(dateOf(response.lastResponse.headers) ?? '')
    if (Number.isNaN(dateMs)) {
      throw transient(`Stripe's answer to ${path} carries no Date.`, { code: 'STRIPE-DATE' })
    }
    return {
      body: JSON.parse(JSON.stringify(response)) as JsonObject,
      dateSeconds: Math.floor(dateMs / 1000),
    }
  }

  const completeList = async (list: JsonObject, expand: readonly string[]): Promise<void> => {
    const data = list.data
    if (!Array.isArray(data) || typeof list.url !== 'string') return
    while (list.has_more === true) {
      const last = data.at(-1)
      const after = isObject(last) && typeof last.id === 'string' ? `&starting_after=${last.id}` : ''
      const separator = list.url.includes('?') ? '&' : '?'
      const { body } = await get(`${list.url}${separator}limit=100${after}${queryOf(expand)}`)
      if (!Array.isArray(body.data)) throw invariant(`${list.url} answered no list.`)
      data.push(...body.data)
      list.has_more = body.has_more === true && body.data.length > 0
    }
  }

  return {
    canRead: (type) => type in PATHS,
    async fetch(ref, reading) {
      const root = PATHS[ref.type]
      if (!root) throw invariant(`Stripe objects of type ${ref.type} are not read by the hub.`)
      const what = `reading ${ref.type} ${ref.id}`
      try {
        const { body, dateSeconds } = await get(
          `${root}/${encodeURIComponent(ref.id)}?${queryOf(reading?.expand ?? [])}`,
        )
        const asOfSeconds = dateSeconds + 1
        if (body.deleted === true) return { gone: 'deleted', asOfSeconds }
        for (const field of reading?.wholeLists ?? []) {
          const list = body[field]
          if (isObject(list)) await completeList(list, within(reading?.expand ?? [], field))
        }
        return { object: body, asOfSeconds }
      } catch (error) {
        if (isStripeNotFound(error)) {
          // A 404's Date cannot be read from the SDK's error; zero means "no claim about time".
          return { gone: 'not-found', asOfSeconds: 0 }
        }
        if (error instanceof Error && error.name === 'HubError') throw error
        throw translateStripeError(error, what, false)
      }
    },
  }
}

/** The SDK hands on what its transport has: Node's own object, or that of fetch. */
type RawHeaders = Headers | { date?: string }

const dateOf = (headers: RawHeaders): string | null | undefined =>
  headers instanceof Headers ? headers.get('date') : headers.date

const queryOf = (expand: readonly string[]): string =>
  expand.map((field) => `&expand[]=${encodeURIComponent(field)}`).join('')

/** A page is a list of its own: what is `subscriptions.data.discounts` in the object is `data.discounts` there. */
const within = (expand: readonly string[], field: string): string[] =>
  expand.filter((path) => path.startsWith(`${field}.`)).map((path) => path.slice(field.length + 1))

/** Whether an event's payload holds everything: no list is cut, and an invoice's lines sum to its subtotal. */
export function isWhole(object: JsonObject, reading: ObjectReading | undefined): boolean {
  for (const field of reading?.wholeLists ?? []) {
    const list = object[field]
    if (!isObject(list) || !Array.isArray(list.data) || list.has_more !== false) return false
    if (field === 'lines' && object.object === 'invoice') {
      const sum = list.data.reduce<number>(
        (total, line) =>
          total + (isObject(line) && typeof line.amount === 'number' ? line.amount : Number.NaN),
        0,
      )
      if (sum !== object.subtotal) return false
    }
  }
  return true
}
