// Fetches what the projection needs beyond each object, over a whole batch: Accounts with a few queries, and from
// Stripe only where the object itself says that something is missing (a discount, a failed payment, a refund).
import pLimit from 'p-limit'
import type Stripe from 'stripe'
import type { Gathered, Gathering, RecordKey } from '../../../shared/connector/contract.ts'
import { type HubError, invariant, isHubError } from '../../../shared/errors.ts'
import { isStripeNotFound, translateStripeError } from '../../../shared/stripe/errors.ts'
import { idOf } from '../../../shared/stripe/event.ts'
import { chooseAccounts, keepOf } from './accounts.ts'
import type { SalesforceClient } from './client.ts'
import type { SalesforceConfig } from './config.ts'
import { type Context, type DiscountTerms, emptyContext, type Root } from './context.ts'
import { findCases } from './find-cases.ts'
import { KINDS, type KindName } from './kinds.ts'
import { manifest } from './manifest.ts'
import type { Mappings } from './mapping.ts'
import { intentOf } from './matters.ts'
import { LIST_LIMIT, onlyOf, readPaid } from './paid-invoices.ts'
import { inList, splitForQuery } from './soql.ts'

/** Coupons remembered at once; their percentage can never change. */
const COUPONS_KEPT = 1000

export function createGather(options: {
  config: SalesforceConfig
  mappings: Mappings
  client: SalesforceClient
  stripe: Stripe
}): (objects: readonly Gathering<Root>[]) => Promise<(Gathered<Context> | HubError)[]> {
  const { config, mappings, client, stripe } = options
  const coupons = new Map<string, Promise<DiscountTerms | undefined>>()

  return async (objects) => {
    const customers = objects.filter(isCustomer)
    const accounts = await chooseAccounts(customers, config, client)
    const cases = await findCases(objects, config, client)
    const existing = await findExisting(objects, mappings, client)
    const limit = pLimit(manifest.vendor.parallelCalls)
    return Promise.all(
      objects.map((gathering) =>
        limit(async (): Promise<Gathered<Context> | HubError> => {
          const choice = accounts.get(gathering.ref.id)
          if (isHubError(choice)) return choice
          try {
            const found = cases.get(gathering.ref.id)
            const context = {
              ...emptyContext,
              ...(choice && { account: choice }),
              ...(found && { case: found.choice }),
              ...(await readFromStripe(gathering.object, found !== undefined)),
              existing: [
                ...recordsOf(gathering.object)
                  .map(([kind, id]): RecordKey => `${kind}/${id}`)
                  .filter((key) => existing.has(key)),
                ...(found?.choice.how === 'standing' ? [`Case/${gathering.ref.id}` as const] : []),
              ],
            }
            const keep = choice ? keepOf(choice) : found?.keep
            return { context, ...(keep && { keep }) }
          } catch (error) {
            return isHubError(error)
              ? error
              : translateStripeError(error, `reading what belongs to ${gathering.ref.id}`, false)
          }
        }),
      ),
    )
  }

  /** @param hasCase a warning or a review is written as a Case or not at all. */
  async function readFromStripe(object: Root, hasCase: boolean): Promise<Partial<Context>> {
    switch (object.object) {
      case 'customer':
        return readSubscriptions(object.subscriptions?.data ?? [])
      case 'subscription':
        return readSubscriptions([object])
      case 'invoice':
        return { lastPaymentError: await readPaymentError(object) }
      case 'refund':
        return { refundOf: await readRefundOf(object) }
      case 'dispute':
        return readPaidInvoice(intentOf(object))
      case 'radar.early_fraud_warning':
      case 'review':
        return hasCase ? readPaidInvoice(intentOf(object)) : {}
      default:
        return {}
    }
  }

  async function readSubscriptions(subscriptions: readonly Stripe.Subscription[]): Promise<Partial<Context>> {
    const discounts: Record<string, DiscountTerms> = {}
    const items: Record<string, readonly Stripe.SubscriptionItem[]> = {}
    for (const subscription of subscriptions) {
      if (subscription.items.has_more) {
        items[subscription.id] = await stripe.subscriptionItems
          .list({ subscription: subscription.id, limit: 100 })
          .autoPagingToArray(LIST_LIMIT)
      }
      for (const discount of await readDiscounts(subscription)) {
        const terms = await readTerms(discount)
        if (terms) discounts[discount.id] = terms
      }
    }
    return { discounts, items }
  }

  /** An event carries ids of discounts only, and a discount cannot be read by its id. */
  async function readDiscounts(subscription: Stripe.Subscription): Promise<Stripe.Discount[]> {
    const discounts = discountsOf(subscription)
    if (!discounts.some((discount) => typeof discount === 'string')) return discounts.filter(isExpanded)
    const whole = await stripe.subscriptions.retrieve(subscription.id, {
      expand: ['discounts', 'items.data.discounts'],
    })
    return discountsOf(whole).filter(isExpanded)
  }

  function readTerms({ source }: Stripe.Discount): Promise<DiscountTerms | undefined> {
    const id = idOf(source.coupon)
    if (!id) return Promise.resolve(undefined)
    const known = coupons.get(id)
    if (known) return known
    if (coupons.size >= COUPONS_KEPT) coupons.clear()
    const reading = readCoupon(id, typeof source.coupon === 'object' ? source.coupon : null)
    coupons.set(id, reading)
    reading.catch(() => coupons.delete(id))
    return reading
  }

  async function readCoupon(id: string, copy: Stripe.Coupon | null): Promise<DiscountTerms | undefined> {
    let coupon = copy
    try {
      coupon = await stripe.coupons.retrieve(id, { expand: ['applies_to'] })
    } catch (error) {
      // A deleted coupon goes on discounting; without a copy of its terms it is left out (README).
      if (!isStripeNotFound(error)) throw error
    }
    // A once-only discount is no part of what recurs; an amount off belongs to an invoice, not to a month.
    if (!coupon || coupon.percent_off === null || coupon.duration === 'once') return undefined
    const products = coupon.applies_to?.products
    return { percentOff: String(coupon.percent_off), ...(products && { products }) }
  }

  /** A code such as "card_declined (insufficient_funds)" while the invoice waits for another attempt. */
  async function readPaymentError(invoice: Stripe.Invoice): Promise<string | null> {
    const failing = invoice.status === 'open' || invoice.status === 'uncollectible'
    if (!failing || invoice.attempt_count === 0) return null
    const payments = await stripe.invoicePayments
      .list({ invoice: invoice.id, limit: 100, expand: ['data.payment.payment_intent'] })
      .autoPagingToArray(LIST_LIMIT)
    const payment = payments.find(({ is_default }) => is_default) ?? payments.at(-1)
    const intent = payment?.payment.payment_intent
    const failure = typeof intent === 'object' ? intent.last_payment_error : null
    if (!failure?.code) return null
    return failure.decline_code ? `${failure.code} (${failure.decline_code})` : failure.code
  }

  /** A refund names its payment; the invoice and the credit note are found through it. */
  async function readRefundOf(refund: Stripe.Refund): Promise<Context['refundOf']> {
    const paid = await readPaid(stripe, idOf(refund.payment_intent))
    const customer = paid.customer ?? idOf(refund.customer)
    for (const invoice of paid.invoices) {
      const notes = await stripe.creditNotes.list({ invoice, limit: 100 }).autoPagingToArray(LIST_LIMIT)
      const note = notes.find(({ refunds }) => refunds.some((part) => idOf(part.refund) === refund.id))
      if (note) return { ...(customer && { customer }), invoice, creditNote: note.id }
    }
    const invoice = onlyOf(paid)
    return { ...(customer && { customer }), ...(invoice && { invoice }) }
  }

  async function readPaidInvoice(intent: string | undefined): Promise<Partial<Context>> {
    return { paidInvoice: onlyOf(await readPaid(stripe, intent)) ?? null }
  }
}

const isCustomer = (gathering: Gathering<Root>): gathering is Gathering<Stripe.Customer> =>
  gathering.object.object === 'customer'

const isExpanded = (discount: string | Stripe.Discount): discount is Stripe.Discount =>
  typeof discount === 'object'

const discountsOf = (subscription: Stripe.Subscription): (string | Stripe.Discount)[] => [
  ...(subscription.discounts ?? []),
  ...subscription.items.data.flatMap(({ discounts }) => discounts ?? []),
]

/** The records of a root, but for Accounts and Cases (whose choice says whether they stand). */
function recordsOf(root: Root): [KindName, string][] {
  const kind = KIND_OF_ROOT[root.object]
  if (kind === 'Case') return []
  if (!kind) throw invariant(`${root.object} is no root of the Salesforce connector.`)
  const items = root.object === 'subscription' ? root.items.data : []
  return [[kind, root.id], ...items.map(({ id }): [KindName, string] => ['Stripe_Subscription_Item__c', id])]
}

const KIND_OF_ROOT: Readonly<Record<string, KindName>> = {
  customer: 'Stripe_Customer__c',
  product: 'Product2',
  price: 'Stripe_Price__c',
  subscription: 'Stripe_Subscription__c',
  invoice: 'Stripe_Invoice__c',
  invoice_payment: 'Stripe_Payment__c',
  credit_note: 'Stripe_Credit_Note__c',
  refund: 'Stripe_Refund__c',
  dispute: 'Stripe_Dispute__c',
  'radar.early_fraud_warning': 'Case',
  review: 'Case',
}

/**
 * Which records stand already; asked only for objects with create-only fields, and of Salesforce only where the
 * ledger does not know (after a rebuild).
 */
async function findExisting(
  objects: readonly Gathering<Root>[],
  mappings: Mappings,
  client: SalesforceClient,
): Promise<Set<RecordKey>> {
  const existing = new Set<RecordKey>()
  const unknown = new Map<KindName, string[]>()
  for (const { object, known } of objects) {
    for (const [kind, id] of recordsOf(object)) {
      if (mappings[kind].createOnly.size === 0) continue
      const record = known[`${kind}/${id}`]
      if (record?.remoteId !== undefined && !record.retired) existing.add(`${kind}/${id}`)
      else unknown.set(kind, [...(unknown.get(kind) ?? []), id])
    }
  }
  for (const [kind, ids] of unknown) {
    const { externalId } = KINDS[kind]
    for (const part of splitForQuery(ids)) {
      const rows = await client.query(
        `SELECT ${externalId} FROM ${kind} WHERE ${inList(externalId, part)}`,
        `looking for existing ${kind}`,
      )
      for (const row of rows) existing.add(`${kind}/${String(row[externalId])}`)
    }
  }
  return existing
}
