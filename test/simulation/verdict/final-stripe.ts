// Stripe as it stands when all is quiet: objects as its API lists them, a hundred a call, in the form in which the engine
// fetches one; and what was deleted on the way, told from the events.
import type Stripe from 'stripe'
import type { StripeSimulator } from '../../../local/simulators/stripe/server.ts'
import type { WireEvent } from '../../../local/simulators/stripe/wire.ts'
import type { JsonObject, Manifest, ObjectReading, ObjectRef } from '../../../shared/connector/contract.ts'
import type { StripeReader } from '../../../shared/stripe/access.ts'

const LISTS: Readonly<Record<string, string>> = {
  customer: '/v1/customers?limit=100',
  product: '/v1/products?limit=100',
  price: '/v1/prices?limit=100',
  subscription: '/v1/subscriptions?limit=100&status=all',
  invoice: '/v1/invoices?limit=100',
  invoice_payment: '/v1/invoice_payments?limit=100',
  credit_note: '/v1/credit_notes?limit=100',
  refund: '/v1/refunds?limit=100',
  'radar.early_fraud_warning': '/v1/radar/early_fraud_warnings?limit=100',
  review: '/v1/reviews?limit=100',
  dispute: '/v1/disputes?limit=100',
  payout: '/v1/payouts?limit=100',
  'billing.credit_grant': '/v1/billing/credit_grants?limit=100',
}

/** A subscription's is a status: it can still be fetched. */
const NO_DELETION = 'customer.subscription.deleted'

export class FinalStripe {
  private readonly simulator: StripeSimulator
  private readonly stripe: Stripe
  private readonly reader: StripeReader
  private readonly lists = new Map<string, Promise<Map<string, JsonObject>>>()

  constructor(simulator: StripeSimulator, stripe: Stripe, reader: StripeReader) {
    this.simulator = simulator
    this.stripe = stripe
    this.reader = reader
  }

  get events(): readonly WireEvent[] {
    return this.simulator.events
  }

  /** Whole, by id. Two connectors that want the same of a type share the answer: nobody may change it. */
  objects(type: string, reading: ObjectReading): Promise<Map<string, JsonObject>> {
    const { expand = [], wholeLists = [] } = reading
    const key = `${type} ${expand.join()} ${wholeLists.join()}`
    const known = this.lists.get(key)
    if (known) return known
    const listing = this.list(type, reading)
    this.lists.set(key, listing)
    return listing
  }

  stands(ref: ObjectRef): boolean {
    return this.simulator.store.find(ref.id)?.object === ref.type
  }

  /** Ids of objects that an event of this connector was about. */
  toldOf({ routes }: Manifest): ReadonlySet<string> {
    const types = new Map<string, string>()
    for (const { events, root, id } of routes)
      if (id === 'id') for (const type of events) types.set(type, root)
    return new Set(
      this.simulator.events.flatMap(({ type, data: { object } }) =>
        types.get(type) === object.object ? [object.id] : [],
      ),
    )
  }

  /** What an event says was deleted, and was not made again under the same id. */
  deleted(): ObjectRef[] {
    const refs = new Map<string, ObjectRef>()
    for (const { type, data } of this.simulator.events) {
      if (!type.endsWith('.deleted') || type === NO_DELETION) continue
      const ref = { type: data.object.object, id: data.object.id }
      if (!this.stands(ref)) refs.set(ref.id, ref)
    }
    return [...refs.values()]
  }

  private async list(type: string, reading: ObjectReading): Promise<Map<string, JsonObject>> {
    const path = LISTS[type]
    if (path === undefined) throw new Error(`Nobody said how ${type} objects are listed.`)
    const expansions = (reading.expand ?? []).map((field) => `&expand[]=data.${field}`).join('')
    const found = new Map<string, JsonObject>()
    for (let last: string | undefined, more = true; more; ) {
      const page: { has_more?: unknown; data?: unknown } = await this.stripe.rawRequest(
        'GET',
        `${path}${expansions}${last === undefined ? '' : `&starting_after=${last}`}`,
      )
      const objects = JSON.parse(JSON.stringify(page.data)) as (JsonObject & { id: string })[]
      for (const object of objects) found.set(object.id, await this.whole(type, object, reading))
      last = objects.at(-1)?.id
      more = page.has_more === true && last !== undefined
    }
    return found
  }

  /** A list in an answer ends after a few: such an object is read by itself, as the engine does. */
  private async whole(
    type: string,
    object: JsonObject & { id: string },
    reading: ObjectReading,
  ): Promise<JsonObject> {
    const cut = (reading.wholeLists ?? []).some((field) => {
      const list = object[field]
      return typeof list === 'object' && list !== null && 'has_more' in list && list.has_more === true
    })
    if (!cut) return object
    const fetched = await this.reader.fetch({ type, id: object.id }, reading)
    if ('object' in fetched) return fetched.object
    throw new Error(`${object.id} is listed and cannot be fetched.`)
  }
}
