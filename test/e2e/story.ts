// What happens in Stripe while the deployed hub looks on: customers of five currencies sign up in two waves, their drafts are
// taxed and released by the hub, and then money moves in the other ways that a billing team sees each day. Everything happens
// now, by the machine's own clock, as the deployed functions have no other.
import type Stripe from 'stripe'
import { type Catalog, createCatalog } from '../../local/demo/catalog.ts'
import { type DemoCustomer, inventCustomers } from '../../local/demo/customers.ts'
import { creditOf } from '../../local/demo/line-credit.ts'
import type { Controls } from '../../local/simulators/stripe/controls.ts'

type Way = 'card' | 'terms' | 'self-serve'

interface Signup {
  customer: string
  way: Way
  profile: DemoCustomer
}

const SEED = 42

export class Story {
  private readonly stripe: Stripe
  private readonly bank: Controls
  private readonly profiles: DemoCustomer[]
  private readonly signups: Signup[] = []
  private catalog: Catalog | undefined

  constructor(stripe: Stripe, bank: Controls, customers: number) {
    this.stripe = stripe
    this.bank = bank
    this.profiles = inventCustomers(SEED, customers)
  }

  async open(): Promise<void> {
    this.catalog = await createCatalog(this.stripe)
  }

  /** @param share of all customers that are invented, from the first who has not signed up yet. */
  async signUp(share: number): Promise<void> {
    const from = this.signups.length
    const count = Math.round(this.profiles.length * share)
    for (const profile of this.profiles.slice(from, from + count)) await this.signUpOne(profile)
  }

  /** After the first invoices have been taxed and released. */
  async moveMoney(): Promise<void> {
    const { stripe, bank } = this
    const open = await this.invoices('open', 'terms')
    const paid = await this.invoices('paid', 'card')
    for (const invoice of [...open.splice(0, 2), ...paid.splice(0, 6)]) await this.credit(invoice)
    for (const { id } of open.splice(0, 2)) await stripe.invoices.voidInvoice(id ?? '')
    for (const { id } of open.splice(0, 2)) await stripe.invoices.markUncollectible(id ?? '')
    for (const { id } of open) await stripe.invoices.pay(id ?? '')
    for (const { customer } of paid.splice(0, 4)) await this.addSeats(String(customer))
    for (const { customer } of paid.splice(0, 4)) await this.cancel(String(customer))
    for (const { customer } of this.signups.slice(0, 20))
      await stripe.customers.update(customer, { phone: '+1 555 0100' })
    const [disputed] = paid
    if (disputed) bank.openDispute(await this.chargeOf(disputed))
    const visitor = await stripe.customers.create({ name: 'Window Shopper', email: 'shopper@example.com' })
    await stripe.customers.del(visitor.id)
  }

  private async signUpOne(profile: DemoCustomer): Promise<void> {
    const { stripe } = this
    const place = this.signups.length
    const way: Way = place % 25 === 24 ? 'self-serve' : place % 5 === 3 ? 'terms' : 'card'
    const { id: customer } = await stripe.customers.create({
      name: profile.name,
      email: profile.email,
      address: profile.address,
      payment_method: 'pm_card_visa',
      invoice_settings: { default_payment_method: 'pm_card_visa' },
      ...(profile.taxExempt && { tax_exempt: profile.taxExempt }),
    })
    if (profile.vatNumber) await stripe.customers.createTaxId(customer, profile.vatNumber)
    this.signups.push({ customer, way, profile })
    const items = [{ price: this.price('team', profile), quantity: 1 + (place % 9) }]
    if (place % 4 === 0) items.push({ price: this.price('support', profile), quantity: 1 })
    if (way === 'self-serve') {
      await stripe.subscriptions.create({ customer, items })
      return
    }
    await stripe.subscriptionSchedules.create({
      customer,
      start_date: 'now',
      end_behavior: 'release',
      default_settings:
        way === 'terms'
          ? { collection_method: 'send_invoice', invoice_settings: { days_until_due: 30 } }
          : { collection_method: 'charge_automatically' },
      phases: [{ items, duration: { interval: 'year', interval_count: 1 } }],
    })
  }

  private price(plan: 'team' | 'support', { currency }: DemoCustomer): string {
    if (!this.catalog) throw new Error('The catalog comes first.')
    return this.catalog.price(plan, currency)
  }

  private async invoices(status: 'open' | 'paid', way: Way): Promise<Stripe.Invoice[]> {
    const customers = new Set(
      this.signups.filter((signup) => signup.way === way).map(({ customer }) => customer),
    )
    const found: Stripe.Invoice[] = []
    for await (const invoice of this.stripe.invoices.list({ status, limit: 100 }))
      if (customers.has(String(invoice.customer))) found.push(invoice)
    return found
  }

  /** The first line whole, with its share of the tax; a paid invoice's money goes back to the card. */
  private async credit({ id, status, lines }: Stripe.Invoice): Promise<void> {
    const line = lines.data.find(({ amount }) => amount > 0)
    if (!line) throw new Error(`${id} has no line to credit.`)
    const credit = creditOf(line, line.amount)
    await this.stripe.creditNotes.create({
      invoice: id ?? '',
      reason: 'order_change',
      lines: [credit.line],
      ...(status === 'paid' && { refund_amount: credit.total }),
    })
  }

  private async addSeats(customer: string): Promise<void> {
    const profile = this.signups.find((signup) => signup.customer === customer)?.profile
    if (!profile) throw new Error(`${customer} did not sign up here.`)
    const subscription = await this.releasedSubscription(customer)
    const item = subscription.items.data[0]
    if (!item) throw new Error(`${subscription.id} has no item.`)
    await this.stripe.subscriptions.update(subscription.id, {
      items: [{ id: item.id, price: this.price('team', profile), quantity: (item.quantity ?? 1) * 2 }],
      proration_behavior: 'create_prorations',
    })
  }

  private async cancel(customer: string): Promise<void> {
    await this.stripe.subscriptions.cancel((await this.releasedSubscription(customer)).id)
  }

  /** What a schedule manages is changed after it lets go. */
  private async releasedSubscription(customer: string): Promise<Stripe.Subscription> {
    const { data } = await this.stripe.subscriptions.list({ customer, limit: 1 })
    const [subscription] = data
    if (!subscription) throw new Error(`${customer} has no subscription.`)
    const { schedule } = subscription
    const id = typeof schedule === 'string' ? schedule : schedule?.id
    if (id) await this.stripe.subscriptionSchedules.release(id)
    return subscription
  }

  private async chargeOf({ id }: Stripe.Invoice): Promise<string> {
    const { data } = await this.stripe.invoicePayments.list({ invoice: id ?? '', limit: 1 })
    const intent = data[0]?.payment.payment_intent
    const { latest_charge: charge } = await this.stripe.paymentIntents.retrieve(
      typeof intent === 'string' ? intent : (intent?.id ?? ''),
    )
    if (!charge) throw new Error(`${id} was paid by no charge.`)
    return typeof charge === 'string' ? charge : charge.id
  }
}
