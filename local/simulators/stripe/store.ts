// Everything the simulated account holds, by kind, in the order it was made, with an index wherever a list is asked
// by owner. Facts that Stripe keeps but never shows (how a payment method behaves, what an item was last billed)
// stand in `hidden`.
import type * as wire from './wire.ts'
import type { Identified } from './wire.ts'

type KeyOf<T> = (object: T) => string | null | undefined

export class Collection<T extends Identified> {
  private readonly objects = new Map<string, T>()
  private readonly indexes: { key: KeyOf<T>; entries: Map<string, Set<T>> }[]
  private readonly registry: Map<string, Identified>

  constructor(registry: Map<string, Identified>, ...keys: KeyOf<T>[]) {
    this.registry = registry
    this.indexes = keys.map((key) => ({ key, entries: new Map() }))
  }

  add(object: T): T {
    this.objects.set(object.id, object)
    this.registry.set(object.id, object)
    for (const index of this.indexes) {
      const key = index.key(object)
      if (!key) continue
      const entries = index.entries.get(key)
      if (entries) entries.add(object)
      else index.entries.set(key, new Set([object]))
    }
    return object
  }

  get(id: string): T | undefined {
    return this.objects.get(id)
  }

  /** Objects of one owner, oldest first; which owner is meant is the n-th key given to the constructor. */
  of(owner: string | null | undefined, index = 0): T[] {
    if (!owner) return []
    return [...(this.indexes[index]?.entries.get(owner) ?? [])]
  }

  all(): T[] {
    return [...this.objects.values()]
  }

  get size(): number {
    return this.objects.size
  }

  delete(object: T): void {
    this.objects.delete(object.id)
    this.registry.delete(object.id)
    for (const index of this.indexes) index.entries.get(index.key(object) ?? '')?.delete(object)
  }
}

export type PaymentBehaviour = 'succeeds' | 'declines' | 'settles_later' | 'fails_later'

/** What a subscription item was last billed for the period it is in: the basis of a credit. */
export interface Billed {
  /** Net of discounts, before tax, for `from` to `to`. */
  amount: number
  from: number
  to: number
  invoice: string | null
  line: string | null
  invoiceItem: string | null
}

/** One event that was reported to a meter. */
export interface Usage {
  identifier: string
  eventName: string
  payload: Record<string, string>
  timestamp: number
}

export class Store {
  private readonly registry = new Map<string, Identified>()

  readonly customers = new Collection<wire.Customer>(this.registry)
  readonly taxIds = new Collection<wire.TaxId>(this.registry, (o) => o.customer)
  readonly paymentMethods = new Collection<wire.PaymentMethod>(this.registry, (o) => o.customer)
  readonly products = new Collection<wire.Product>(this.registry)
  readonly prices = new Collection<wire.Price>(this.registry, (o) => o.product)
  readonly coupons = new Collection<wire.Coupon>(this.registry)
  readonly promotionCodes = new Collection<wire.PromotionCode>(this.registry)
  readonly discounts = new Collection<wire.Discount>(this.registry)
  readonly taxRates = new Collection<wire.TaxRate>(this.registry)
  readonly shippingRates = new Collection<wire.ShippingRate>(this.registry)
  readonly subscriptions = new Collection<wire.Subscription>(this.registry, (o) => o.customer)
  readonly subscriptionItems = new Collection<wire.SubscriptionItem>(this.registry, (o) => o.subscription)
  readonly schedules = new Collection<wire.SubscriptionSchedule>(this.registry, (o) => o.customer)
  readonly invoices = new Collection<wire.Invoice>(
    this.registry,
    (o) => o.customer,
    (o) => o.parent?.subscription_details?.subscription,
  )
  readonly invoiceItems = new Collection<wire.InvoiceItem>(this.registry, (o) => o.customer)
  readonly invoicePayments = new Collection<wire.InvoicePayment>(
    this.registry,
    (o) => o.invoice,
    (o) => o.payment.payment_intent ?? o.payment.payment_record,
  )
  readonly paymentIntents = new Collection<wire.PaymentIntent>(this.registry, (o) => o.customer)
  readonly charges = new Collection<wire.Charge>(
    this.registry,
    (o) => o.customer,
    (o) => o.payment_intent,
  )
  readonly refunds = new Collection<wire.Refund>(
    this.registry,
    (o) => o.charge,
    (o) => o.payment_intent,
  )
  readonly creditNotes = new Collection<wire.CreditNote>(
    this.registry,
    (o) => o.invoice,
    (o) => o.customer,
  )
  readonly customerBalanceTransactions = new Collection<wire.CustomerBalanceTransaction>(
    this.registry,
    (o) => o.customer,
  )
  readonly balanceTransactions = new Collection<wire.BalanceTransaction>(this.registry, (o) => o.source)
  readonly disputes = new Collection<wire.Dispute>(this.registry, (o) => o.charge)
  readonly payouts = new Collection<wire.Payout>(this.registry)
  readonly earlyFraudWarnings = new Collection<wire.EarlyFraudWarning>(
    this.registry,
    (o) => o.charge,
    (o) => o.payment_intent,
  )
  readonly reviews = new Collection<wire.Review>(this.registry, (o) => o.charge)
  readonly paymentRecords = new Collection<wire.PaymentRecord>(this.registry)
  readonly meters = new Collection<wire.Meter>(this.registry)
  readonly creditGrants = new Collection<wire.CreditGrant>(this.registry, (o) => o.customer)
  readonly creditBalanceTransactions = new Collection<wire.CreditBalanceTransaction>(
    this.registry,
    (o) => o.credit_grant,
  )
  readonly webhookEndpoints = new Collection<wire.WebhookEndpoint>(this.registry)
  /** Objects of kinds the simulator has no rules for; a fetch still finds them. */
  readonly others = new Collection<Identified>(this.registry)

  /** Ids that were deleted, with the kind they had. */
  readonly deleted = new Map<string, string>()

  readonly hidden = {
    /** How each attached payment method behaves when charged. */
    behaviour: new Map<string, PaymentBehaviour>(),
    /** Why a debit of a payment method comes back as soon as it has succeeded. */
    returns: new Map<string, string>(),
    /** How many of a customer's next charge attempts decline. */
    declines: new Map<string, number>(),
    billed: new Map<string, Billed>(),
    /** Invoice lines whose taxes were written with tax_amounts, and are not computed any more. */
    manualTaxes: new Set<string>(),
    /** Tax rates put on one invoice line. */
    lineTaxRates: new Map<string, string[]>(),
    daysUntilDue: new Map<string, number>(),
    /** Invoice items that wait for an invoice, by customer. */
    pendingItems: new Map<string, Set<wire.InvoiceItem>>(),
    /** Discounts that end with the first invoice that uses them. */
    onceUsed: new Set<string>(),
    /** Balance transactions that a payout has taken. */
    paidOut: new Map<string, string>(),
    /** How much customer balance each invoice used, to be given back when it is voided. */
    balanceApplied: new Map<string, number>(),
    /** Counts the plans of daily payouts; only the latest one goes on. */
    payoutPlan: 0,
    /** What was reported to meters, in the order it came. */
    usage: [] as Usage[],
    adHocTaxRates: new Map<string, wire.TaxRate>(),
    /** Where Stripe's own tax engine collects, one rate a place. */
    taxRegistrations: [] as wire.TaxRate[],
  }

  find(id: string): Identified | undefined {
    return this.registry.get(id)
  }
}
