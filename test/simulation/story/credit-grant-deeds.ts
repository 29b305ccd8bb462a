// Billing credits: sold or given, drawn by usage that is billed when its subscription ends, and what is left of them
// expired or taken back, or come again because the invoice was voided.
import { billAtOnce } from './invoice-deeds.ts'
import { customerOf, type Deed, type Step, unlessRefused } from './scene.ts'

const MINUTE_MS = 60_000

/** How it ends with the credits. */
type Ending = 'kept' | 'expired' | 'voided' | 'invoice voided'

export const billingCredits: Deed = {
  name: 'billing credits drawn by usage',
  weight: 3,
  events: 16,
  when: 'buying',
  plan(scene, person, dice) {
    const category = dice.pick(['paid', 'paid', 'promotional'] as const)
    const ending = dice.pick<Ending>(['kept', 'expired', 'voided', 'invoice voided'])
    // Minor units that end in 0; the calls cost 10 each, so that some invoices are drawn whole and some in part.
    const value = dice.between(5, 90) * 10
    const calls = dice.between(1, 120)
    const made: { grant?: string; subscription?: string; meter?: string; invoice?: string | undefined } = {}
    const granting: Step = {
      text: `is ${category === 'paid' ? 'sold' : 'given'} billing credits`,
      async run() {
        const customer = customerOf(scene, person)
        if (!customer) return false
        if (category === 'paid')
          await billAtOnce(scene, person, [{ unit: value, quantity: 1 }], 'prod_credits')
        const { id } = await scene.stripe.billing.creditGrants.create({
          customer,
          category,
          amount: { type: 'monetary', monetary: { currency: person.profile.currency, value } },
          applicability_config: { scope: { price_type: 'metered' } },
        })
        made.grant = id
        return true
      },
    }
    const subscribing: Step = {
      text: 'subscribes to usage',
      async run() {
        const customer = customerOf(scene, person)
        if (!customer) return false
        const { meter, price } = await scene.shelf.metered(person.index, person.profile.currency)
        const { id } = await scene.stripe.subscriptions.create({
          customer,
          items: [{ price }],
          collection_method: 'send_invoice',
          days_until_due: 30,
        })
        made.subscription = id
        made.meter = meter
        return true
      },
    }
    const using: Step = {
      gapMs: dice.between(1, 20) * MINUTE_MS,
      text: `makes ${calls} calls`,
      async run() {
        const customer = customerOf(scene, person)
        if (!customer || !made.meter) return false
        await scene.stripe.billing.meterEvents.create({
          event_name: made.meter,
          payload: { stripe_customer_id: customer, value: String(calls) },
        })
        return true
      },
    }
    const leaving: Step = {
      gapMs: dice.between(21, 40) * MINUTE_MS,
      text: 'ends it, and is billed for the calls',
      async run() {
        if (!made.subscription || !customerOf(scene, person)) return false
        const ended = await unlessRefused(scene, () =>
          scene.stripe.subscriptions.cancel(made.subscription ?? '', { invoice_now: true }),
        )
        const invoice = ended?.latest_invoice
        made.invoice = typeof invoice === 'string' ? invoice : invoice?.id
        return ended !== undefined
      },
    }
    const end: Step = {
      // An hour and more after the bill: it is open by now.
      gapMs: dice.between(120, 150) * MINUTE_MS,
      leastMs: 120 * MINUTE_MS,
      text: `the credits are ${ending === 'invoice voided' ? 'back, as the invoice is voided' : ending}`,
      async run() {
        const grant = scene.simulator.store.creditGrants.get(made.grant ?? '')
        if (!grant || !customerOf(scene, person)) return false
        if (ending === 'expired') await scene.stripe.billing.creditGrants.expire(grant.id)
        if (ending === 'voided' && !isUsed(grant.id))
          await scene.stripe.billing.creditGrants.voidGrant(grant.id)
        const invoice = scene.simulator.store.invoices.get(made.invoice ?? '')
        if (ending === 'invoice voided' && invoice?.status === 'open')
          await scene.stripe.invoices.voidInvoice(invoice.id)
        return true
      },
    }
    const isUsed = (grant: string): boolean =>
      scene.simulator.store.creditBalanceTransactions
        .of(grant)
        .some(({ debit }) => debit?.type === 'credits_applied')
    const steps = [granting, subscribing, using, leaving]
    return ending === 'kept' ? steps : [...steps, end]
  },
}
