// A billing month, played through Stripe's own API: who signs up when, and what then goes well and wrong. Everything
// is chosen by the seed. What the hub makes of it is not this file's business.
import type Stripe from 'stripe'
import type { Controls } from '../simulators/stripe/controls.ts'
import { CaseHand } from './case-hand.ts'
import { CASES } from './casebook.ts'
import { type Catalog, createCatalog } from './catalog.ts'
import { type DemoCustomer, inventCustomers } from './customers.ts'
import { inDays } from './in-days.ts'
import { creditOf } from './line-credit.ts'
import { createDice, type Dice } from './random.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

export interface Act {
  atMs: number
  /** For the progress line. */
  what: string
  run(): Promise<void>
}

export interface MonthOptions {
  stripe: Stripe
  seed: number
  customers: number
  startMs: number
  /** What banks, card networks and Stripe itself do. */
  bank: Controls
}

interface Signup {
  index: number
  profile: DemoCustomer
  customer: string
}

type Way =
  /** Through a schedule: its first invoice is a draft and gets its tax. */
  | 'card'
  | 'annual'
  | 'terms'
  | 'trial'
  | 'promotion'
  /** Straight from a self-serve checkout: its first invoice never was a draft. */
  | 'self-serve'

const WAYS: readonly Way[] = [
  'card',
  'card',
  'annual',
  'terms',
  'card',
  'promotion',
  'card',
  'trial',
  'card',
  'terms',
]

/** The acts of the month, in order of time. Later acts find their objects by asking Stripe, as a person would. */
export function planMonth(options: MonthOptions): Act[] {
  const { stripe, bank, seed, startMs } = options
  const dice = createDice(seed + 1)
  const profiles = inventCustomers(seed, options.customers)
  const signups: Signup[] = []
  let catalog: Catalog | undefined
  const at = (day: number, hour = 0) => startMs + day * DAY_MS + hour * HOUR_MS
  const acts: Act[] = []
  const act = (atMs: number, what: string, run: () => Promise<void>) => acts.push({ atMs, what, run })
  const theCatalog = () => {
    if (!catalog) throw new Error('The catalog comes first.')
    return catalog
  }
  const some = (way: Way, count: number, skip = 0) =>
    signups.filter(({ index }) => wayOf(index) === way).slice(skip, skip + count)

  act(at(0), 'the catalog', async () => {
    catalog = await createCatalog(stripe)
    bank.setPayoutSchedule('daily')
    bank.settleCurrency('jpy', { into: 'usd', rate: '0.006543' })
    // Where Stripe's own tax engine is left to tax an invoice; everywhere else it is the hub.
    bank.registerForTax({ country: 'DE', percentage: 19, displayName: 'VAT', taxType: 'vat' })
  })
  for (const story of CASES) {
    let hand: CaseHand | undefined
    act(at(0, 1), 'customers sign up', async () => {
      hand = await CaseHand.open(stripe, bank, story)
    })
    for (const [day, deed] of Object.entries(story.days)) {
      act(at(Number(day), 12), story.name, async () => {
        if (!hand) throw new Error(`${story.name} comes before it signed up.`)
        await deed(hand)
      })
    }
  }
  profiles.forEach((profile, index) => {
    // In waves, as after a newsletter: many events in one second.
    act(at(dice.below(3), 2 + 4 * dice.below(5)), 'customers sign up', async () => {
      const customer = await createCustomer(stripe, profile)
      const signup = { index, profile, customer: customer.id }
      signups.push(signup)
      // One in fifteen has too little on the card the first time.
      if (wayOf(index) === 'card' && index % 15 === 0) bank.failNextPayments(customer.id, 1)
      await subscribe(stripe, theCatalog(), signup, dice)
    })
  })
  act(at(4), 'a customer who never bought is deleted', async () => {
    const visitor = await stripe.customers.create({ name: 'Window Shopper', email: 'shopper@example.com' })
    await stripe.customers.del(visitor.id)
  })
  act(at(6, 7), 'Stripe takes a fee of its own', async () => {
    bank.chargeStripeFee({ amount: 1_250, currency: 'usd', description: 'Radar for Fraud Teams' })
  })
  act(at(19, 15), 'the bank sends a payout back', async () => {
    const { data } = await stripe.payouts.list({ status: 'paid' })
    const sent = data.find(({ amount }) => amount > 0)
    if (sent) bank.failPayout(sent.id)
  })
  act(at(20, 23), 'payouts are made by hand for some days', async () => {
    bank.setPayoutSchedule('manual')
  })
  act(at(24, 12), 'a payout by hand', async () => {
    const { available } = await stripe.balance.retrieve()
    const dollars = available.find(({ currency }) => currency === 'usd')?.amount ?? 0
    if (dollars > 1) await stripe.payouts.create({ currency: 'usd', amount: Math.floor(dollars / 2) })
    bank.setPayoutSchedule('daily')
  })
  act(at(9, 10), 'a consulting project is billed, 45 lines', async () => {
    const [client] = some('terms', 1)
    if (client) await billProject(stripe, client, 45)
  })
  act(at(12, 9), 'upgrades in mid-term', async () => {
    for (const signup of some('card', 14, 2)) await upgrade(stripe, theCatalog(), signup)
  })
  act(at(14, 15), 'open invoices are credited in part, voided and written off', async () => {
    const open = []
    for (const signup of some('terms', 9, 1)) {
      const { data } = await stripe.invoices.list({ customer: signup.customer, status: 'open', limit: 1 })
      if (data[0]) open.push(data[0])
    }
    for (const invoice of open.slice(0, 3)) await creditFirstLine(stripe, invoice, 'open')
    for (const invoice of open.slice(3, 6)) await stripe.invoices.voidInvoice(invoice.id ?? '')
    for (const invoice of open.slice(6, 9)) await stripe.invoices.markUncollectible(invoice.id ?? '')
  })
  act(at(16, 11), 'refunds with a credit note', async () => {
    for (const signup of [...some('card', 8, 20), ...some('annual', 2, 1)]) {
      const { data } = await stripe.invoices.list({ customer: signup.customer, status: 'paid', limit: 1 })
      if (data[0]) await creditFirstLine(stripe, data[0], 'paid')
    }
  })
  act(at(18, 8), 'customers correct their details', async () => {
    for (const { customer, index } of signups.slice(0, 20)) {
      await stripe.customers.update(customer, { description: `account ${index}`, phone: '+1 555 0100' })
    }
  })
  act(at(20, 13), 'cancellations', async () => {
    for (const [nth, signup] of some('card', 10, 40).entries()) {
      const { data } = await stripe.subscriptions.list({ customer: signup.customer, limit: 1 })
      const [subscription] = data
      if (!subscription) continue
      await releaseSchedule(stripe, subscription)
      if (nth % 2 === 0) await stripe.subscriptions.cancel(subscription.id)
      else await stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true })
    }
  })
  act(at(26, 16), 'customers on terms pay', async () => {
    for (const signup of some('terms', 100, 12)) {
      const { data } = await stripe.invoices.list({ customer: signup.customer, status: 'open' })
      for (const invoice of data) await stripe.invoices.pay(invoice.id ?? '')
    }
  })
  return acts.sort((a, b) => a.atMs - b.atMs)
}

/** Five in two hundred come through a checkout page of their own. */
const wayOf = (index: number): Way =>
  index % 41 === 40 ? 'self-serve' : (WAYS[index % WAYS.length] ?? 'card')

async function createCustomer(stripe: Stripe, profile: DemoCustomer): Promise<Stripe.Customer> {
  const customer = await stripe.customers.create({
    name: profile.name,
    email: profile.email,
    address: profile.address,
    payment_method: 'pm_card_visa',
    invoice_settings: { default_payment_method: 'pm_card_visa' },
    ...(profile.taxExempt && { tax_exempt: profile.taxExempt }),
  })
  if (profile.vatNumber) await stripe.customers.createTaxId(customer.id, profile.vatNumber)
  return customer
}

async function subscribe(
  stripe: Stripe,
  catalog: Catalog,
  { index, profile, customer }: Signup,
  dice: Dice,
): Promise<void> {
  const { currency } = profile
  const way = wayOf(index)
  const plan = way === 'annual' ? 'business_year' : way === 'terms' ? 'business' : 'team'
  const items: { price: string; quantity: number }[] = [
    { price: catalog.price(plan, currency), quantity: 1 + dice.below(24) },
  ]
  if (plan === 'team' && index % 7 === 0)
    items.push({ price: catalog.price('support', currency), quantity: 1 })
  if (way === 'self-serve') {
    await stripe.subscriptions.create({ customer, items })
    return
  }
  const onTerms = way === 'terms'
  await stripe.subscriptionSchedules.create({
    customer,
    start_date: 'now',
    end_behavior: 'release',
    default_settings: {
      collection_method: onTerms ? 'send_invoice' : 'charge_automatically',
      ...(onTerms && { invoice_settings: { days_until_due: 30 } }),
    },
    phases: [
      {
        items,
        duration: { interval: 'year', interval_count: 1 },
        ...(way === 'promotion' && { discounts: [{ promotion_code: catalog.promotionCode }] }),
        ...(way === 'trial' && { trial_end: await inDays(stripe, customer, 14) }),
      },
    ],
  })
}

async function billProject(stripe: Stripe, { customer, profile }: Signup, lines: number): Promise<void> {
  const invoice = await stripe.invoices.create({
    customer,
    currency: profile.currency,
    collection_method: 'send_invoice',
    days_until_due: 30,
    auto_advance: true,
    pending_invoice_items_behavior: 'exclude',
  })
  for (let line = 1; line <= lines; line += 1) {
    await stripe.invoiceItems.create({
      customer,
      invoice: invoice.id ?? '',
      description: `Workshop ${line}`,
      quantity: 1,
      price_data: { currency: profile.currency, product: 'prod_onboarding', unit_amount: 10_000 + line * 10 },
    })
  }
}

/** Twice the seats from today; the difference to the end of the term is on the next invoice. */
async function upgrade(stripe: Stripe, catalog: Catalog, { customer, profile }: Signup): Promise<void> {
  const { data } = await stripe.subscriptions.list({ customer, limit: 1 })
  const [subscription] = data
  const item = subscription?.items.data[0]
  if (!subscription || !item) return
  await releaseSchedule(stripe, subscription)
  await stripe.subscriptions.update(subscription.id, {
    items: [
      { id: item.id, price: catalog.price('business', profile.currency), quantity: (item.quantity ?? 1) * 2 },
    ],
    proration_behavior: 'create_prorations',
  })
}

/** A subscription that a schedule manages is changed through the schedule, or after it lets go. */
async function releaseSchedule(stripe: Stripe, subscription: Stripe.Subscription): Promise<void> {
  const { schedule } = subscription
  const id = typeof schedule === 'string' ? schedule : schedule?.id
  if (id) await stripe.subscriptionSchedules.release(id)
}

/** Credits the first line whole, with its share of the tax; a paid invoice's money goes back to the card. */
async function creditFirstLine(
  stripe: Stripe,
  invoice: Stripe.Invoice,
  state: 'open' | 'paid',
): Promise<void> {
  const first = invoice.lines.data.find(
    ({ amount, discount_amounts }) => amount > 0 && !discount_amounts?.length,
  )
  if (!first) return
  const { line, total } = creditOf(first, first.amount)
  await stripe.creditNotes.create({
    invoice: invoice.id ?? '',
    reason: 'order_change',
    lines: [line],
    ...(state === 'paid' && { refund_amount: total }),
  })
}
