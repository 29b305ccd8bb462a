// Subscriptions: bought through a schedule (the first invoice is a draft and gets its tax) or straight from a checkout
// (it never was one), changed in mid-term, and ended. Downgrades are left out: their credit can make a negative
// invoice, which the books park.
import type Stripe from 'stripe'
import type { Dice } from '../dice.ts'
import type { Currency } from './people.ts'
import {
  certain,
  customerOf,
  type Deed,
  once,
  type Person,
  type Scene,
  subscriptionsOf,
  unlessRefused,
} from './scene.ts'
import type { PlanName } from './shelf.ts'

const HOUR_MS = 3_600_000

type Way = 'on card' | 'on terms' | 'with a trial' | 'with a coupon'

const bySchedule = (way: Way, weight: number): Deed => ({
  name: `subscription by schedule ${way}`,
  weight,
  events: way === 'with a trial' ? 10 : 14,
  when: 'buying',
  leaves: ['subscription', way === 'on terms' ? 'open invoice' : 'paid invoice'],
  plan(scene, person, dice) {
    const plan = dice.pick<PlanName>(['team', 'business'])
    const quantity = dice.between(1, 12)
    const trialHours = dice.between(2, 3)
    return once(`buys the ${plan} plan ${way}, ${quantity} seats`, async (atMs) => {
      const customer = customerOf(scene, person)
      if (!customer) return false
      const price = await scene.shelf.price(plan, currencyOf(person))
      const discounts = way === 'with a coupon' && { discounts: [{ coupon: await scene.shelf.discount() }] }
      const trial = way === 'with a trial' && {
        trial_end: Math.floor((atMs + trialHours * HOUR_MS) / 1_000),
      }
      await scene.stripe.subscriptionSchedules.create({
        customer,
        start_date: 'now',
        end_behavior: 'release',
        ...(way === 'on terms' && {
          default_settings: {
            collection_method: 'send_invoice',
            invoice_settings: { days_until_due: 30 },
          },
        }),
        phases: [
          {
            items: [{ price, quantity }],
            duration: { interval: 'year', interval_count: 1 },
            ...discounts,
            ...trial,
          },
        ],
      })
      return true
    })
  },
})

const selfServe: Deed = {
  name: 'self-serve subscription',
  weight: 3,
  leaves: ['subscription', 'paid invoice'],
  events: 13,
  when: 'buying',
  plan: (scene, person, dice) => {
    const plan = dice.pick<PlanName>(['team', 'business'])
    const quantity = dice.between(1, 6)
    return once(`subscribes by itself, ${quantity} seats`, async () =>
      subscribe(scene, person, plan, quantity),
    )
  },
}

/** An incomplete subscription: its first invoice stays open until a later payment, or is voided after 23 hours. */
const selfServeDeclined: Deed = {
  name: 'self-serve subscription whose card declines',
  weight: 1,
  leaves: ['subscription', 'paid invoice'],
  events: 18,
  when: 'buying',
  plan: (scene, person, dice) => [
    {
      text: 'subscribes by itself, the card declines',
      async run() {
        const customer = customerOf(scene, person)
        if (!customer) return false
        scene.simulator.failNextPayments(customer, 1)
        return subscribe(scene, person, 'team', 1)
      },
    },
    {
      gapMs: dice.between(1, 90) * 60_000,
      text: 'pays for its new subscription',
      async run() {
        const open = scene.simulator.store.invoices
          .of(customerOf(scene, person))
          .find(({ status, billing_reason }) => status === 'open' && billing_reason === 'subscription_create')
        if (!open) return false
        await unlessRefused(scene, () => scene.stripe.invoices.pay(open.id))
        return true
      },
    },
  ],
}

async function subscribe(scene: Scene, person: Person, plan: PlanName, quantity: number): Promise<boolean> {
  const customer = customerOf(scene, person)
  if (!customer) return false
  const price = await scene.shelf.price(plan, currencyOf(person))
  await scene.stripe.subscriptions.create({ customer, items: [{ price, quantity }] })
  return true
}

/** @param prorated `always_invoice` bills the difference at once, in an invoice that never is a draft. */
const changeItem = (
  name: string,
  prorated: 'create_prorations' | 'always_invoice',
  options: { weight: number; events: number; plan?: PlanName },
): Deed => ({
  name,
  weight: options.weight,
  events: options.events,
  when: 'any',
  needs: 'subscription',
  spares: true,
  plan(scene, person, dice) {
    // A part of a dinar's price need not end in 0, as Stripe wants charges to.
    if (person.profile.currency === 'kwd') return []
    const more = dice.between(1, 9)
    return once(`${name}, ${more} seats more`, async () => {
      const subscription = pickSubscription(scene, person, dice)
      const item = subscription?.items.data[0]
      if (!subscription || !item) return false
      await releaseSchedule(scene, subscription.schedule)
      const price = options.plan && (await scene.shelf.price(options.plan, currencyOf(person)))
      await unlessRefused(scene, () =>
        scene.stripe.subscriptions.update(subscription.id, {
          items: [{ id: item.id, ...(price && { price }), quantity: (item.quantity ?? 1) + more }],
          proration_behavior: prorated,
        }),
      )
      return true
    })
  },
})

const cancel = (name: string, params: 'now' | Stripe.SubscriptionUpdateParams): Deed => ({
  name,
  weight: 3,
  events: 3,
  when: 'later',
  needs: 'subscription',
  plan: (scene, person, dice) =>
    once(name, async () => {
      const subscription = pickSubscription(scene, person, dice)
      if (!subscription) return false
      await releaseSchedule(scene, subscription.schedule)
      await unlessRefused(scene, () =>
        params === 'now'
          ? scene.stripe.subscriptions.cancel(subscription.id)
          : scene.stripe.subscriptions.update(subscription.id, params),
      )
      return true
    }),
})

function pickSubscription(scene: Scene, person: Person, dice: Dice) {
  const running = subscriptionsOf(scene, person)
  return running.length > 0 ? dice.pick(running) : undefined
}

/** A subscription that a schedule manages is changed through the schedule, or after it lets go. */
async function releaseSchedule({ stripe }: Scene, schedule: string | null): Promise<void> {
  if (schedule !== null) await stripe.subscriptionSchedules.release(schedule)
}

function currencyOf({ profile }: Person): Currency {
  return certain(profile.currency === 'chf' ? undefined : profile.currency, 'A currency with prices')
}

export const SUBSCRIPTION_DEEDS: readonly Deed[] = [
  bySchedule('on card', 5),
  bySchedule('on terms', 5),
  bySchedule('with a trial', 2),
  bySchedule('with a coupon', 2),
  selfServe,
  selfServeDeclined,
  changeItem('upgraded, the difference on the next invoice', 'create_prorations', {
    weight: 5,
    events: 6,
    plan: 'business',
  }),
  changeItem('quantity raised, the difference billed at once', 'always_invoice', { weight: 5, events: 14 }),
  cancel('subscription canceled now', 'now'),
  cancel('subscription canceled at the end of its period', { cancel_at_period_end: true }),
]
